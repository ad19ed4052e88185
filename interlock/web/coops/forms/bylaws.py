"""The main parameters of bylaws as a form, one part at a time."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from interlock.methods import deciding
from interlock.methods.deciding.reasons import BASES, STATUSES
from interlock.web.coops.forms.opening import PRESETS
from interlock.web.coops.models import Bylaws
from interlock.web.coops.queries.bylaws import to_enter
from interlock.web.coops.rules.bylaws import asks_decision
from interlock.web.look.forms import DayField

_SHARE = re.compile(r"([0-9]{1,4})\s*/\s*([1-9][0-9]{0,3})|([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*%?")


class ShareField(forms.CharField):
    """A share of a whole as people write it: 2/3, or 60 %."""

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, Fraction):
            return value
        percent = value * 100
        return f"{percent} %" if percent.denominator == 1 else str(value)

    def clean(self, value: object) -> Fraction:
        text = str(super().clean(value) or "0").strip()
        found = _SHARE.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_now("Write a share such as 2/3, or 60 %."))
        if found[3]:
            share = Fraction(found[3].replace(",", ".")) / 100
        else:
            share = Fraction(int(found[1]), int(found[2]))
        if share > 1:
            raise forms.ValidationError(_now("Nothing is more than all: use a smaller share."))
        return share


class VersionForm(forms.Form):
    """What every new version says of itself."""

    effective_on = DayField(label=_("In force from"))
    reason = forms.CharField(label=_("What changed and why"), max_length=500)

    def __init__(self, *given: Any, latest: Bylaws, **named: Any) -> None:
        super().__init__(*given, **named)
        self.latest = latest
        waiting = to_enter(latest.coop)
        if waiting or asks_decision(latest.coop):
            self.fields["decision"] = forms.ModelChoiceField(
                waiting,
                label=_("The decision it rests on"),
                required=asks_decision(latest.coop),
                help_text=_("One on the bylaws, that was carried."),
            )

    def version(self) -> dict[str, Any]:
        """What the verb takes besides the bylaws."""
        return {
            name: self.cleaned_data[name]
            for name in ("effective_on", "reason", "decision")
            if name in self.cleaned_data
        }


class ModelForm(VersionForm):
    """One of the four models instead of all that there is."""

    preset = forms.ChoiceField(
        label=_("Model"), choices=list(PRESETS.items()), widget=forms.RadioSelect
    )
    field_order = ("preset",)

    def bylaws(self) -> deciding.Bylaws:
        return deciding.PRESETS[self.cleaned_data["preset"]]

    def version(self) -> dict[str, Any]:
        return {**super().version(), "preset": self.cleaned_data["preset"]}


class MembershipForm(VersionForm):
    """What it takes to become a member, and to stay one."""

    hours = forms.IntegerField(label=_("Hours of work as a candidate"), min_value=0)
    months = forms.IntegerField(label=_("Months as a candidate"), min_value=0)
    recent_hours = forms.IntegerField(label=_("Hours of these in the last months"), min_value=0)
    recent_months = forms.IntegerField(
        label=_("How many months that is"), min_value=0, max_value=60
    )
    has_buy_in = forms.BooleanField(label=_("The buy-in has to be paid"), required=False)
    has_trainings = forms.BooleanField(label=_("A training is asked"), required=False)
    has_board_meeting = forms.BooleanField(
        label=_("A meeting of the board has to be attended"), required=False
    )
    keep_hours = forms.IntegerField(label=_("Hours a year to stay a member"), min_value=0)
    has_inactive = forms.BooleanField(
        label=_("Members can be inactive: without a vote, and not counted for a quorum"),
        required=False,
    )
    NUMBERS = ("hours", "months", "recent_hours", "recent_months", "keep_hours")
    FLAGS = ("has_trainings", "has_board_meeting", "has_inactive")
    field_order = ("hours", "months", "recent_hours", "recent_months", "has_buy_in", *FLAGS[:2])

    def __init__(self, *given: Any, terms: deciding.Bylaws, **named: Any) -> None:
        self.terms = terms
        one = terms.membership
        initial = {name: getattr(one, name) for name in (*self.NUMBERS, *self.FLAGS)}
        initial["has_buy_in"] = one.buy_in is not None
        super().__init__(*given, initial={**named.pop("initial", {}), **initial}, **named)
        self.order_fields([*self.field_order, "keep_hours", "has_inactive"])

    def bylaws(self) -> deciding.Bylaws:
        said, before = self.cleaned_data, self.terms.membership
        numbers = {name: said[name] for name in (*self.NUMBERS, *self.FLAGS)}
        buy_in = (before.buy_in or 0) if said["has_buy_in"] else None
        return replace(self.terms, membership=replace(before, buy_in=buy_in, **numbers))


class RuleForm(VersionForm):
    """The rule of one kind of decision."""

    how = forms.ChoiceField(
        label=_("Carried when"),
        choices=[
            ("threshold", _("enough say yes")),
            ("unanimity", _("all say yes, or all but a few")),
            ("objections", _("not too many oppose it")),
        ],
        widget=forms.RadioSelect,
    )
    share = ShareField(
        label=_("What share that is"),
        required=False,
        help_text=_(
            "Where enough say yes: 1/2, 2/3, 75 %. Where not too many oppose it: the share that may, "
            "if it is a share."
        ),
    )
    is_strict = forms.BooleanField(
        label=_("More than that share, not just as much"), required=False
    )
    base = forms.ChoiceField(
        label=_("Counted from"),
        choices=[(code, _(words)) for code, words in BASES.items()],
        widget=forms.RadioSelect,
        help_text=_("Say it even where your bylaws do not: abstentions decide many a vote."),
    )
    number = forms.IntegerField(
        label=_("How many"),
        min_value=0,
        required=False,
        help_text=_(
            "Where all but a few say yes: these few. Where few may oppose it: how many may."
        ),
    )
    quorum = ShareField(
        label=_("Quorum: the share of those entitled that has to take part"),
        required=False,
        help_text=_("0 where whoever takes part decides."),
    )
    quorum_is_strict = forms.BooleanField(label=_("More than that share"), required=False)
    statuses = forms.MultipleChoiceField(
        label=_("Who may vote"),
        choices=[(code, _(words)) for code, words in STATUSES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    least_days = forms.IntegerField(
        label=_("Since how many days, at the record date"), min_value=0, max_value=3650
    )
    notice_days = forms.IntegerField(label=_("Days of notice"), min_value=0, max_value=365)
    ballot_days = forms.IntegerField(label=_("Days to vote"), min_value=0, max_value=365)
    hearing_days = forms.IntegerField(
        label=_("Days from a hearing to the vote"), min_value=0, max_value=365
    )
    is_secret = forms.BooleanField(label=_("The ballot is secret"), required=False)
    may_change = forms.BooleanField(
        label=_("A vote can be changed until voting ends"), required=False
    )
    may_appeal = forms.BooleanField(label=_("Whom it concerns may appeal"), required=False)
    PLAIN = ("notice_days", "ballot_days", "hearing_days", "is_secret", "may_change", "may_appeal")

    def __init__(self, *given: Any, terms: deciding.Bylaws, kind: str, **named: Any) -> None:
        self.terms, self.kind = terms, kind
        initial = {**named.pop("initial", {}), **_said(terms.rule(kind))}
        super().__init__(*given, initial=initial, **named)
        if terms.rule(kind).alternative:
            self.fields["keeps_other"] = forms.BooleanField(
                label=_("Keep the other way to decide, as the page of the bylaws tells it"),
                required=False,
                initial=True,
            )
        self.order_fields([one for one in self.fields if one not in VersionForm.base_fields])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors:
            try:
                said["rule"] = self._rule()
            except deciding.DecidingError as error:
                raise forms.ValidationError(
                    [deciding.sentence(one, _now) for one in error.faults]
                ) from error
        return said

    def _rule(self) -> deciding.Rule:
        said, before = self.cleaned_data, self.terms.rule(self.kind)
        passing: deciding.Passing
        if said["how"] == "threshold":
            passing = deciding.Threshold(said["share"], said["base"], said["is_strict"])
        elif said["how"] == "unanimity":
            passing = deciding.Unanimity(said["base"], said["number"] or 0)
        else:
            limit = deciding.Level(said["number"] or 0, said["share"])
            passing = deciding.Objections(limit, said["base"])
        level = replace(before.quorum.level, share=said["quorum"])
        return replace(
            before,
            passing=passing,
            quorum=deciding.Quorum(level, said["quorum_is_strict"]),
            electorate=deciding.Electorate(tuple(said["statuses"]), said["least_days"]),
            alternative=before.alternative if said.get("keeps_other") else None,
            **{name: said[name] for name in self.PLAIN},
        )

    def bylaws(self) -> deciding.Bylaws:
        rules = {**self.terms.decisions, self.kind: self.cleaned_data["rule"]}
        return replace(self.terms, decisions=rules)


def _said(rule: deciding.Rule) -> dict[str, Any]:
    """A rule as the form has it."""
    passing = rule.passing
    said: dict[str, Any] = {
        "base": passing.base,
        "quorum": rule.quorum.level.share,
        "quorum_is_strict": rule.quorum.is_strict,
        "statuses": list(rule.electorate.statuses),
        "least_days": rule.electorate.least_days,
        **{name: getattr(rule, name) for name in RuleForm.PLAIN},
    }
    if isinstance(passing, deciding.Threshold):
        told = {"how": "threshold", "share": passing.share, "is_strict": passing.is_strict}
    elif isinstance(passing, deciding.Unanimity):
        told = {"how": "unanimity", "number": passing.less}
    else:
        limit = passing.limit
        told = {"how": "objections", "share": limit.share, "number": limit.count}
    return {**said, **told}
