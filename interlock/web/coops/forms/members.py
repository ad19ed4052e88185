"""What the secretary says of members, candidates and other workers."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from interlock.methods import deciding
from interlock.web.coops.models import (
    Coop,
    Decision,
    Member,
    OfficeKind,
    Standing,
    Status,
)
from interlock.web.coops.queries.progress import BOARD_MEETING
from interlock.web.coops.rules.members import ADMITTING, EXPELLING, steps_from
from interlock.web.look.forms import DayField, MoneyField


class DetailsForm(forms.Form):
    """How somebody is called and reached, and what they are to pay in."""

    name = forms.CharField(label=_("Name"), max_length=120)
    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        help_text=_("By which your lists of hours know them. Left empty, it is the next one."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only you, and they, see it. With it they can be asked to come in."),
    )

    def __init__(self, *given: Any, coop: Coop, member: Member | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self.coop, self.member = coop, member
        self.fields["buy_in"] = MoneyField(
            currency=coop.currency,
            label=_("Buy-in"),
            required=False,
            help_text=_("What they are to pay in, in %(currency)s.") % {"currency": coop.currency},
        )
        if member is not None:
            self.fields["number"].required = True
            self.fields["number"].help_text = _("By which your lists of hours know them.")

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        others = self.coop.members.filter(number=number)
        if self.member is not None:
            others = others.exclude(pk=self.member.pk)
        if number and others.exists():
            raise forms.ValidationError(_now("Somebody else has this number."))
        return number


class AddForm(DetailsForm):
    """Somebody new to the register, as what they are and since when."""

    status = forms.ChoiceField(label=_("What they are"), choices=Status, initial=Status.MEMBER)
    since = DayField(label=_("Since"))
    is_me = forms.BooleanField(label=_("This is me"), required=False)

    def __init__(self, *given: Any, may_be_me: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        if not may_be_me:
            del self.fields["is_me"]
        self.order_fields(["name", "is_me", "status", "since", "email", "number", "buy_in"])

    def clean_status(self) -> Status:
        return Status(self.cleaned_data["status"])


class StatusForm(forms.Form):
    """A step of somebody."""

    status = forms.ChoiceField(label=_("What they become"))
    on = DayField(label=_("From this day on"))
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Only they, and whoever keeps the register, read it."),
    )

    def __init__(
        self,
        *given: Any,
        standing: Standing,
        bylaws: deciding.Bylaws | None,
        today: date,
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self.fields["on"].initial = today
        before = Status(standing.status)
        steps = steps_from(before, bylaws)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in steps]
        about = Decision.objects.filter(
            subject=standing.member, is_carried=True, kind__in=[*ADMITTING, *EXPELLING]
        )
        if about:
            self.fields["decision"] = forms.ModelChoiceField(
                about,
                label=_("The decision it rests on"),
                required=False,
                empty_label=_("None"),
            )
        if before in (Status.MEMBER, Status.INACTIVE):
            self.fields["own_will"] = forms.BooleanField(
                label=_("They leave of their own will, or died"), required=False
            )

    def clean_status(self) -> Status:
        return Status(self.cleaned_data["status"])


class TrainingForm(forms.Form):
    """Something that somebody attended."""

    kind = forms.ChoiceField(
        label=_("What they attended"),
        choices=[("training", _("A training")), (BOARD_MEETING, _("A meeting of the board"))],
        widget=forms.RadioSelect,
        initial="training",
    )
    name = forms.CharField(label=_("Which training"), max_length=120, required=False)
    on = DayField(label=_("When"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") == "training" and not said.get("name"):
            self.add_error("name", _now("Say which training it was."))
        return said

    def called(self) -> str:
        """What it is entered as."""
        said = self.cleaned_data
        return BOARD_MEETING if said["kind"] == BOARD_MEETING else str(said["name"])


class OfficeForm(forms.Form):
    """An office that a member takes on."""

    kind = forms.ChoiceField(label=_("Office"), choices=OfficeKind)
    since = DayField(label=_("Since"))

    def clean_kind(self) -> OfficeKind:
        return OfficeKind(self.cleaned_data["kind"])
