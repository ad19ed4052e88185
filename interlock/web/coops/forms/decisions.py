"""What is typed of a decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.methods import deciding
from interlock.web.coops.actions.decisions import OptionSaid
from interlock.web.coops.models import Choice, Decision, DecisionForm, Elector, Member, Option
from interlock.web.coops.rules.decisions import CHOICES, ELECTION
from interlock.web.look.forms import DayField, MomentField

#: The bylaws' own words for what is decided.
KINDS = {
    "ordinary": gettext_lazy("Ordinary decision"),
    "admission": gettext_lazy("Admission of a candidate"),
    "expulsion": gettext_lazy("Expulsion of a member"),
    "termination": gettext_lazy("End of a candidacy"),
    "readmission": gettext_lazy("Readmission"),
    "bylaws": gettext_lazy("Change of the bylaws"),
    "election": gettext_lazy("Election"),
    "removal": gettext_lazy("Removal from office"),
    "board": gettext_lazy("Decision of the board"),
}
#: Kinds that are about somebody.
ABOUT = {"admission", "expulsion", "termination", "readmission", "removal"}

ANSWERS = {
    Choice.YES: gettext_lazy("Yes"),
    Choice.NO: gettext_lazy("No"),
    Choice.ABSTAIN: gettext_lazy("Abstain"),
    Choice.BLANK: gettext_lazy("Blank ballot"),
}
CONSENTS = {
    Choice.YES: gettext_lazy("I consent"),
    Choice.STAND_ASIDE: gettext_lazy("I stand aside: not for me, but go ahead"),
    Choice.ABSTAIN: gettext_lazy("I abstain"),
    Choice.OBJECT: gettext_lazy("I object, for the reason below"),
}
SEATS = 20


class DraftForm(forms.Form):
    """What is put to the members, under a kind of decision that was chosen before."""

    title = forms.CharField(
        label=gettext_lazy("What is decided"),
        max_length=200,
        help_text=gettext_lazy(
            "As a sentence that can be answered with yes: “We buy a second van.”"
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Why, and what it means"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("How members answer"),
        choices=[
            (DecisionForm.PROPOSAL, gettext_lazy("Vote: yes, no, abstain, blank")),
            (
                DecisionForm.CONSENT,
                gettext_lazy("Consent: yes, stand aside, or an objection with its reason"),
            ),
        ],
    )
    subject = forms.ModelChoiceField(
        label=gettext_lazy("Whom it is about"), queryset=Member.objects.none(), required=False
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=SEATS, initial=1)
    candidates = forms.CharField(
        label=gettext_lazy("Who stands"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=gettext_lazy(
            "One on each line. After a colon, what they say for themselves: “Ana Ruiz: I keep the books.”"
        ),
    )
    is_secret = forms.BooleanField(
        label=gettext_lazy("By secret ballot, although the bylaws do not ask for it"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        rule: deciding.Rule,
        members: Any,
        decision: Decision | None = None,
        **more: Any,
    ) -> None:
        more.setdefault("initial", _initial(decision))
        super().__init__(*args, **more)
        self.kind = kind
        is_election = kind == ELECTION
        unwanted = {"form"} if is_election else {"seats", "candidates"}
        if is_election:
            self.fields["title"].label = _("What is elected")
            self.fields["title"].help_text = _("The office, and from when: “The board of 2027”.")
        if kind in ABOUT:
            field = self.fields["subject"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset, field.required = members, True
        else:
            unwanted.add("subject")
        if rule.is_secret:
            unwanted |= {"is_secret", "form"}
        for name in unwanted:
            del self.fields[name]

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        typed = given.pop("candidates", None)
        usual = DecisionForm.ELECTION if self.kind == ELECTION else DecisionForm.PROPOSAL
        told = {"kind": self.kind, "form": usual, **given}
        if typed is not None:
            told["options"] = _options(typed)
        return told


def _initial(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {}
    names = ("title", "text", "form", "subject", "seats", "is_secret")
    lines = [
        f"{one.name}: {one.statement}" if one.statement else one.name
        for one in decision.options.all()
    ]
    return {name: getattr(decision, name) for name in names} | {"candidates": "\n".join(lines)}


def _options(typed: str) -> list[OptionSaid]:
    lines = [line.partition(":") for line in typed.splitlines() if line.strip()]
    return [
        OptionSaid(name=" ".join(name.split())[:120], statement=statement.strip())
        for name, _colon, statement in lines
    ]


class PlanForm(forms.Form):
    """When it is decided, on the co-op's clock."""

    meets_at = MomentField(
        label=gettext_lazy("At a meeting"),
        required=False,
        help_text=gettext_lazy("Leave it empty to decide by a ballot without a meeting."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where the meeting is"), max_length=200, required=False
    )
    opens_at = MomentField(
        label=gettext_lazy("Without a meeting: votes from"),
        required=False,
        help_text=gettext_lazy("Empty: at once."),
    )
    closes_at = MomentField(label=gettext_lazy("Without a meeting: votes until"), required=False)
    record_on = DayField(
        label=gettext_lazy("Record date"),
        help_text=gettext_lazy("Who is entitled is what the register says of this day."),
    )

    def __init__(self, *args: Any, zone: str, **more: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(*args, **more)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        for name in ("meets_at", "opens_at", "closes_at"):
            if isinstance(cleaned.get(name), datetime):
                cleaned[name] = cleaned[name].replace(tzinfo=self.zone)
        if cleaned.get("meets_at") and (cleaned.get("closes_at") or cleaned.get("opens_at")):
            self.add_error(
                "meets_at", _("Either at a meeting, or by a ballot without one: leave one empty.")
            )
        return cleaned


class VoteForm(forms.Form):
    """One vote: an answer, or in an election whom one approves of or in which order."""

    def __init__(
        self,
        *args: Any,
        decision: Decision,
        options: Sequence[Option] = (),
        needs_code: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.decision = decision
        self.options = [one for one in options if one.withdrawn_at is None]
        if decision.form == DecisionForm.ELECTION:
            self._put_options()
        else:
            words = CONSENTS if decision.form == DecisionForm.CONSENT else ANSWERS
            choices = [(one, words[one]) for one in CHOICES[DecisionForm(decision.form)]]
            self.fields["choice"] = forms.ChoiceField(
                label=_("Your answer"), choices=choices, widget=forms.RadioSelect
            )
        if decision.form == DecisionForm.CONSENT:
            self.fields["text"] = forms.CharField(
                label=_("Your reason, if you object"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("The other members read it, with your name."),
            )
        if needs_code:
            self.fields["code"] = forms.CharField(
                label=_("Your voting code"),
                max_length=40,
                help_text=_("Fourteen letters and digits, from the mail you got for this ballot."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    def _put_options(self) -> None:
        for one in self.options:
            name = f"option_{one.position}"
            if self.decision.method == "approval":
                self.fields[name] = forms.BooleanField(label=one.name, required=False)
            else:
                self.fields[name] = forms.IntegerField(
                    label=one.name,
                    required=False,
                    min_value=1,
                    max_value=len(self.options),
                    widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
                )
            self.fields[name].help_text = one.statement
        self.fields["blank"] = forms.BooleanField(
            label=_("A blank ballot: I choose nobody"), required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if self.decision.form == DecisionForm.ELECTION:
            self._clean_ranks(cleaned)
        elif cleaned.get("choice") == Choice.OBJECT and not cleaned.get("text", "").strip():
            self.add_error("text", _("Say what you object to: an objection needs its reason."))
        return cleaned

    def _clean_ranks(self, cleaned: dict[str, Any]) -> None:
        given = {one.position: cleaned.get(f"option_{one.position}") for one in self.options}
        chosen = {place: value for place, value in given.items() if value}
        if self.decision.method != "approval" and len(set(chosen.values())) < len(chosen):
            self.add_error(None, _("Two have the same number. Give each number once."))
        if bool(chosen) == bool(cleaned.get("blank")) and not self.errors:
            self.add_error(None, _("Choose at least one, or tick the blank ballot, and not both."))
        # Sorted by the number given; approvals, all alike, in the order of the ballot.
        cleaned["ranks"] = sorted(chosen, key=lambda place: (int(chosen[place]), place))

    def said(self) -> dict[str, Any]:
        if self.decision.form != DecisionForm.ELECTION:
            return {"choice": self.cleaned_data["choice"]}
        if self.cleaned_data["blank"]:
            return {"choice": Choice.BLANK}
        return {"ranks": self.cleaned_data["ranks"]}


def vote_initial(elector: Elector | None, decision: Decision) -> dict[str, Any]:
    """What somebody answered before."""
    if elector is None or not hasattr(elector, "vote"):
        return {}
    vote = elector.vote
    if decision.form != DecisionForm.ELECTION:
        return {"choice": vote.choice}
    if vote.choice:
        return {"blank": True}
    approves = decision.method == "approval"
    return {
        f"option_{place}": True if approves else number
        for number, place in enumerate(vote.ranks, 1)
    }


class ReasonForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("The reason"),
        max_length=300,
        help_text=gettext_lazy("The members read it."),
    )


class ResolutionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("How it is met"), widget=forms.Textarea(attrs={"rows": 3})
    )


class InsteadForm(forms.Form):
    choice = forms.ChoiceField(
        label=gettext_lazy("What you answer now"),
        choices=[(one, words) for one, words in CONSENTS.items() if one != Choice.OBJECT],
    )


class HandsForm(forms.Form):
    """Hands, as they were counted in the room."""

    yes = forms.IntegerField(label=gettext_lazy("Yes"), min_value=0, initial=0)
    no = forms.IntegerField(label=gettext_lazy("No"), min_value=0, initial=0)
    abstain = forms.IntegerField(label=gettext_lazy("Abstentions"), min_value=0, initial=0)
    blank = forms.IntegerField(label=gettext_lazy("Blank"), min_value=0, initial=0)


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Minutes"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("Who led the meeting, what was said, what was agreed."),
    )


class SignatureForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Your name, as a signature"), max_length=120)
