"""What is typed for a round: shape and wording. Rules and constraints are elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nForm

from interlock.web.budgets.models import Project
from interlock.web.coops.models import Account, Coop, Goal, Member, Round
from interlock.web.coops.queries.rounds import Line, source_in_words, sources
from interlock.web.coops.rules.access import today
from interlock.web.look.amounts import money
from interlock.web.look.forms import DayField, MomentField, MoneyField, line, text

#: How long members have, unless somebody says otherwise.
USUAL = timedelta(days=14)


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A fund or commons pot, with what it holds."""

    def label_from_instance(self, obj: Account) -> str:
        return f"{source_in_words(obj)}: {money(obj.balance, obj.coop.currency)}"


class BeginForm(I18nForm):  # type: ignore[misc]
    title = line(_("Title"), _("What the members decide: “What do we do with our commons pot?”"))
    summary = text(_("What it is about"), rows=2, required=False)
    source = SourceField(
        Account.objects.none(),
        label=_("Where the money comes from"),
        empty_label=None,
        help_text=_("It moves to an account of the round; what is not spent goes back."),
    )
    way = forms.ChoiceField(
        label=_("How the members decide"),
        choices=[
            ("vote", _("By a secret vote, counted by equal shares")),
            ("pledges", _("By pledges: each member has an amount of their own to give")),
        ],
        initial="vote",
        widget=forms.RadioSelect,
    )
    with_candidates = forms.BooleanField(label=_("Candidates take part as well"), required=False)

    def __init__(self, *args: object, coop: Coop, **more: object) -> None:
        super().__init__(*args, **more)
        found = sources(coop)
        self.fields["source"].queryset = Account.objects.filter(
            pk__in=[one.pk for one in found]
        ).select_related("coop")
        self.fields["amount"] = MoneyField(
            currency=coop.currency,
            least=1,
            initial=found[0].balance if len(found) == 1 else None,
            label=_("Amount, in %(currency)s") % {"currency": coop.currency},
        )
        self.order_fields(["title", "summary", "source", "amount", "way", "with_candidates"])

    def clean(self) -> dict[str, object]:
        cleaned = dict(super().clean())
        cleaned["is_pledged"] = cleaned.pop("way", "") == "pledges"
        return cleaned


class IdeaForm(I18nForm):  # type: ignore[misc]
    """A project of a round; in a pledged one with what it needs at least and takes at most."""

    title = line(_("Title"))
    description = text(
        _("Description"), _("What changes, and for whom. Markdown works."), rows=3, required=False
    )

    def __init__(
        self, *args: object, held: Round, goal: Goal | None = None, **more: object
    ) -> None:
        initial: dict[str, object] = {}
        if goal:
            initial = {
                "title": goal.project.title,
                "description": goal.project.description,
                "minimum": goal.minimum,
                "target": goal.target,
            }
        super().__init__(*args, initial=initial, **more)
        told = {"currency": held.coop.currency}
        cost = (
            _("Needs at least, in %(currency)s") if held.is_pledged else _("Cost, in %(currency)s")
        )
        self.fields["minimum"] = MoneyField(currency=held.coop.currency, least=1, label=cost % told)
        if held.is_pledged:
            self.fields["target"] = MoneyField(
                currency=held.coop.currency,
                required=False,
                label=_("Takes at most, in %(currency)s") % told,
                help_text=_("Leave it empty where more would not help."),
            )

    def clean(self) -> dict[str, object]:
        cleaned = dict(super().clean())
        if not cleaned.get("target"):
            cleaned["target"] = cleaned.get("minimum")
        return cleaned


class OpenForm(forms.Form):
    record_on = DayField(
        label=_("Record date"),
        help_text=_("Whoever is in the register on this day takes part: today, or a day before."),
    )
    closes_at = MomentField(
        label=_("It ends"), help_text=_("Day and hour where the co-op is. It ends by itself.")
    )

    def __init__(self, data: Mapping[str, object] | None, *, held: Round, at: datetime) -> None:
        zone = ZoneInfo(held.coop.zone)
        end = (at + USUAL).astimezone(zone).replace(hour=18, minute=0, second=0, microsecond=0)
        initial = {"record_on": today(held.coop, at), "closes_at": end.replace(tzinfo=None)}
        super().__init__(data, initial=initial)
        self.zone = zone

    def clean_closes_at(self) -> datetime:
        """It was typed on the clock of the co-op."""
        typed: datetime = self.cleaned_data["closes_at"]
        return typed.replace(tzinfo=self.zone)


class AllowancesForm(OpenForm):
    """The same for a pledged round: the same amount for each, or what is typed."""

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        held: Round,
        at: datetime,
        electors: Sequence[Member],
    ) -> None:
        super().__init__(data, held=held, at=at)
        self.electors = electors
        equal = held.amount // len(electors) if electors else 0
        for one in electors:
            self.fields[f"member_{one.pk}"] = MoneyField(
                currency=held.coop.currency, required=False, initial=equal, label=one.name
            )

    @property
    def given(self) -> dict[int, int]:
        return {one.pk: self.cleaned_data[f"member_{one.pk}"] for one in self.electors}


def _needs(one: Line, currency: str) -> str:
    told = {
        "least": money(one.goal.minimum, currency),
        "most": money(one.goal.target, currency),
        "sum": money(one.pledged, currency),
    }
    if one.goal.minimum == one.goal.target:
        return gettext("Needs %(least)s. Pledged so far: %(sum)s.") % told
    return gettext("Needs %(least)s, takes at most %(most)s. Pledged so far: %(sum)s.") % told


class PledgeForm(forms.Form):
    """One amount for each project."""

    def __init__(self, *args: object, held: Round, lines: Sequence[Line]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.lines = lines
        for one in lines:
            self.fields[f"project_{one.project.pk}"] = MoneyField(
                currency=held.coop.currency,
                required=False,
                initial=one.mine or None,
                label=str(one.project.title),
                help_text=_needs(one, held.coop.currency),
            )

    @property
    def amounts(self) -> dict[Project, int]:
        return {one.project: self.cleaned_data[f"project_{one.project.pk}"] for one in self.lines}


class EndForm(forms.Form):
    why = forms.CharField(
        label=_("Why it ends"), max_length=300, help_text=_("All members read it.")
    )
