"""What people say of a tie."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Institution
from interlock.web.look import amounts
from interlock.web.look.forms import DayField, MoneyField
from interlock.web.ties.models import LONGEST_REASON, TERMS, Predicate, Standing, Terms
from interlock.web.ties.queries import Wanted
from interlock.web.ties.rules import why_not_terms

INVERSE = "-inverse"


class TermsForm(forms.Form):
    """Since when, until when, how much, and where one can check it; all of it may stay empty."""

    since = DayField(
        label=gettext_lazy("Since"),
        required=False,
        help_text=gettext_lazy("Empty when nobody knows."),
    )
    until = DayField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Empty while it lasts."),
    )
    amount = forms.CharField(required=False)
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=[(code, code) for code in amounts.CURRENCIES],
        initial="USD",
        required=False,
    )
    evidence = forms.URLField(
        label=gettext_lazy("Where one can check it"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("A web address: a contract, a report, a page of news."),
    )
    note = forms.CharField(
        label=gettext_lazy("In a sentence"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Everybody reads it. Name no persons."),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, stored: Terms | None = None, **options: Any
    ) -> None:
        initial = {**(stored.terms if stored else {}), **options.pop("initial", {})}
        initial = {name: value for name, value in initial.items() if value not in ("", None)}
        super().__init__(data, initial=initial, **options)
        # An amount is read in its currency, which has cents or none.
        known = initial.get("currency") or self.fields["currency"].initial
        asked = (data.get("currency") if data else "") or known
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)
        if known not in amounts.CURRENCIES:
            currency.choices = [*currency.choices, (known, known)]  # type: ignore[misc]
        read_as = asked if amounts.is_currency(str(asked)) else known
        self.fields["amount"] = OptionalMoney(
            currency=str(read_as),
            label=_("Amount"),
            help_text=_("Money in all, if it is about money and may be public."),
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("amount") is None:
            told["currency"] = ""
        if not self.errors and (reason := why_not_terms(self.terms)):
            self.add_error(None, reason)
        return told

    @property
    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in TERMS}


class OptionalMoney(MoneyField):
    """An amount, or nothing: not said is not nought."""

    def clean(self, value: object) -> int | None:  # type: ignore[override]
        return super().clean(value) if str(value or "").strip() else None


class TieForm(TermsForm):
    """What one institution does for another, read from either side."""

    does = forms.ChoiceField(label=gettext_lazy("Does what"))

    field_order = ["does", "since", "until", "amount", "currency", "evidence", "note"]

    def __init__(
        self,
        one: Institution,
        other: Institution,
        data: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.ends = one, other
        does = self.fields["does"]
        assert isinstance(does, forms.ChoiceField)
        does.label = _("%(name)s …") % {"name": one}
        does.choices = [("", _("Choose what it does")), *_deeds(other)]
        self.order_fields(self.field_order)

    @property
    def tie(self) -> dict[str, Any]:
        """Who does what for whom, in the direction that the word has."""
        chosen = self.cleaned_data["does"]
        subject, object = self.ends
        if chosen.endswith(INVERSE):
            subject, object = object, subject
        return {
            "subject": subject,
            "predicate": chosen.removesuffix(INVERSE),
            "object": object,
        }


def _deeds(other: Institution) -> list[tuple[str, str]]:
    told = []
    for one in Predicate:
        told.append((one.value, f"… {one.label} {other}"))
        if not one.is_mutual:
            told.append((f"{one.value}{INVERSE}", f"… {one.inverse} {other}"))
    return told


class ReasonForm(forms.Form):
    """What is wrong with what another says."""

    reason = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("In a sentence or two. Everybody reads it."),
    )


class FilterForm(forms.Form):
    """What a list of ties can be narrowed by; what it is sent is read by `queries.wanted`."""

    q = forms.CharField(label=gettext_lazy("Name or town"), required=False)
    predicate = forms.ChoiceField(
        label=gettext_lazy("Does what"),
        required=False,
        choices=[("", gettext_lazy("Anything")), *Predicate.choices],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("How it stands"),
        required=False,
        choices=[("", gettext_lazy("Any way")), *Standing.choices],
    )

    def __init__(self, wanted: Wanted) -> None:
        told = {"q": wanted.words, "predicate": wanted.predicate, "state": wanted.standing}
        super().__init__(initial=told)
