"""What organisers type: shape and wording. Rules and constraints are elsewhere."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nForm

from interlock.web.budgets.models import Area, FundType, Pot, Process, Project, WhatIf
from interlock.web.budgets.queries import has_amounts
from interlock.web.budgets.rules import RULES, rule_in_words, rules_for
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import looked_after_by
from interlock.web.look.amounts import CURRENCIES
from interlock.web.look.forms import MomentField, MoneyField, line, text
from interlock.web.people.models import Person


@cache
def zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name]


class ProcessForm(I18nForm):  # type: ignore[misc]
    institution = forms.ModelChoiceField(Institution.objects.none(), label=_("Who runs it"))
    title = line(_("Title"), _("As on the poster: what is decided, and how much."))
    summary = text(
        _("What it is about"),
        _("Two sentences. They stand on the front page."),
        rows=3,
        required=False,
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="USD"
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="America/Chicago")
    closes_at = MomentField(
        label=_("Voting closes"),
        required=False,
        help_text=_("Day and hour in that time zone. You can set it later."),
    )
    rule = forms.ChoiceField(
        label=_("Counting rule"),
        choices=list(RULES.items()),
        help_text=_(
            "How the ballots become funded projects. Equal shares, raised, is recommended: it "
            "reaches the most voters. The rule is explained to them."
        ),
    )
    contact = line(
        _("Who helps voters, and how"),
        _("A telephone number or a desk: “555-0142, or the library”."),
        required=False,
    )

    def __init__(
        self, *args: object, person: Person, process: Process | None = None, **more: object
    ) -> None:
        initial = {}
        if process:
            initial = {name: getattr(process, name) for name in self.base_fields}
            initial["direct_up_to"] = process.direct_up_to
            initial["has_custodians"] = process.has_custodians
            if process.closes_at:
                local = process.closes_at.astimezone(ZoneInfo(process.zone))
                initial["closes_at"] = local.replace(tzinfo=None)
        super().__init__(*args, initial=initial, **more)
        self.fields["institution"].queryset = looked_after_by(person)
        mine = list(looked_after_by(person)[:2])
        if not process and len(mine) == 1:
            self.fields["institution"].initial = mine[0]
        if process:
            self.fields["direct_up_to"] = MoneyField(
                currency=process.currency,
                required=False,
                label=_("Awards without a call up to, in %(currency)s")
                % {"currency": process.currency},
                help_text=_(
                    "Of each funded project, up to so much may be awarded directly or as a grant. "
                    "Left empty, everything is called for."
                ),
            )
            self.fields["has_custodians"] = forms.BooleanField(
                required=False,
                label=_("Two custodians hold the key to bids"),
                help_text=_(
                    "In each call for what is funded, no bid is opened without the codes of both."
                ),
            )
        if process and has_amounts(process):
            # Amounts are kept in the currency's minor units; another currency would change them.
            self.fields["currency"].disabled = True

    def clean(self) -> dict[str, object]:
        """The closing time was typed on the clock of the process's own zone."""
        cleaned = super().clean()
        typed = cleaned.get("closes_at")
        if isinstance(typed, datetime):
            cleaned["closes_at"] = typed.replace(tzinfo=ZoneInfo(cleaned.get("zone", "UTC")))
        return dict(cleaned)


class PotForm(I18nForm):  # type: ignore[misc]
    name = line(_("Name"), _("“Capital budget 2027”."))
    source = forms.ModelChoiceField(
        Institution.objects.none(),
        label=_("Where the money comes from"),
        help_text=_("One of the institutions you look after; others confirm ties themselves."),
    )
    fund_type = forms.ChoiceField(label=_("Fund type"), choices=FundType.choices)

    def __init__(
        self,
        *args: object,
        process: Process,
        person: Person,
        pot: Pot | None = None,
        **more: object,
    ) -> None:
        initial: dict[str, object] = {"source": process.institution}
        if pot:
            initial = {
                name: getattr(pot, name) for name in ("name", "source", "fund_type", "amount")
            }
        super().__init__(*args, initial=initial, **more)
        self.fields["source"].queryset = looked_after_by(person)
        self.fields["amount"] = MoneyField(
            currency=process.currency,
            least=1,
            label=_("Amount, in %(currency)s") % {"currency": process.currency},
        )


class AreaForm(I18nForm):  # type: ignore[misc]
    name = line(_("Name"), _("A district, a theme, or “City-wide”."))
    max_choices = forms.IntegerField(
        label=_("How many projects one voter may tick"), min_value=1, max_value=1000, initial=5
    )

    def __init__(
        self, *args: object, process: Process, area: Area | None = None, **more: object
    ) -> None:
        given = {a.pot_id: a.amount for a in area.allocations.all()} if area else {}
        self.pots = list(process.pots.all())
        initial: dict[str, object] = {}
        if area:
            initial = {"name": area.name, "max_choices": area.max_choices}
        super().__init__(*args, initial=initial, **more)
        for pot in self.pots:
            self.fields[f"pot_{pot.pk}"] = MoneyField(
                currency=process.currency,
                required=False,
                initial=given.get(pot.pk, pot.unallocated),
                label=_("From “%(pot)s”") % {"pot": pot.name},
            )

    @property
    def allocations(self) -> dict[Pot, int]:
        return {pot: self.cleaned_data[f"pot_{pot.pk}"] for pot in self.pots}


class ProjectForm(I18nForm):  # type: ignore[misc]
    title = line(_("Title"))
    description = text(
        _("Description"), _("What changes for people. Markdown works."), rows=3, required=False
    )
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    delivery_partner = forms.ModelChoiceField(
        Institution.objects.all(),
        label=_("Delivery partner"),
        required=False,
        help_text=_("Who carries it out, if that is known: a worker co-op, for example."),
    )

    def __init__(
        self, *args: object, process: Process, project: Project | None = None, **more: object
    ) -> None:
        names = ("title", "description", "area", "delivery_partner", "cost")
        initial = {name: getattr(project, name) for name in names} if project else {}
        super().__init__(*args, initial=initial, **more)
        areas = process.areas.all()
        self.fields["area"].queryset = areas
        if not project and len(areas) == 1:
            self.fields["area"].initial = areas[0]
        self.fields["cost"] = MoneyField(
            currency=process.currency,
            least=1,
            label=_("Cost, in %(currency)s") % {"currency": process.currency},
        )


class CodesForm(forms.Form):
    letters = forms.IntegerField(
        label=_("How many codes"),
        min_value=1,
        max_value=200_000,
        help_text=_("One for each resident who may vote. They are shown once, in a file."),
    )


class VotingCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Voting code"),
        max_length=40,
        help_text=_("Fourteen letters and digits on your letter, capitals or not."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the code from your letter.")},
    )


class WhatIfForm(forms.Form):
    """Other terms for one area: a rule, a budget, one project's cost."""

    def __init__(
        self, *args: object, area: Area, rule: str = "", asked: WhatIf | None = None
    ) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        ballot = area.count.ballot
        currency = area.process.currency
        projects = list(area.projects.all())
        changed = next(iter(asked.costs.items()), ("", None)) if asked else ("", None)
        self.fields["rule"] = forms.ChoiceField(
            label=_("Counting rule"),
            initial=asked.rule if asked else rule or area.process.rule,
            choices=[
                (name, rule_in_words(name, ballot)) for name in rules_for(ballot, area.process.rule)
            ],
        )
        self.fields["budget"] = MoneyField(
            currency=currency,
            label=_("Budget, in %(currency)s") % {"currency": currency},
            initial=asked.budget if asked else area.budget,
        )
        self.fields["project"] = forms.ChoiceField(
            label=_("A project at another cost"),
            required=False,
            initial=changed[0],
            choices=[("", _("none")), *((one.ref, str(one.title)) for one in projects)],
        )
        self.fields["cost"] = MoneyField(
            currency=currency,
            required=False,
            initial=changed[1],
            label=_("Its cost then, in %(currency)s") % {"currency": currency},
        )

    def clean(self) -> dict[str, object]:
        """The terms as `ask_what_if` takes them."""
        cleaned = super().clean() or self.cleaned_data
        project, cost = cleaned.pop("project", ""), cleaned.pop("cost", 0)
        if project and not self.data.get("cost"):
            self.add_error("cost", _("Say what it would cost."))
        cleaned["costs"] = {project: cost} if project else {}
        return dict(cleaned)
