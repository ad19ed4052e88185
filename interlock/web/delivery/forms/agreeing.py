"""What is typed to agree: milestones, an advance, what is held back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.actions.agreeing import Part, Terms
from interlock.web.delivery.rules.agreeing import MOST_MILESTONES, WHOLE
from interlock.web.look.forms import DayField, MoneyField, line, text


class MilestoneForm(forms.Form):
    """One milestone; a row that is left empty is none."""

    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)
    due_on = DayField(label=_("Done by"))

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"] = line(_("What is done then"))
        self.fields["amount"] = MoneyField(currency=currency, least=1, label=_("Amount"))
        self.order_fields(["title", "due_on", "amount"])


class TermsForm(forms.Form):
    retainage = forms.DecimalField(
        label=_("Held back until the end, in per cent"),
        min_value=0,
        max_value=99,
        decimal_places=2,
        initial=0,
        help_text=_("Of each amount that is accepted. Paid once all is accepted."),
    )

    def __init__(self, *args: Any, currency: str, is_change: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["advance"] = MoneyField(
            currency=currency,
            label=_("Advance payment"),
            initial=0,
            help_text=_("Paid before anything is accepted. The first milestones earn it."),
        )
        self.order_fields(["advance", "retainage"])
        if is_change:
            self.fields["reason"] = text(_("Reason for the change"))


Milestones = forms.formset_factory(
    MilestoneForm, extra=0, max_num=MOST_MILESTONES, validate_max=True
)


def terms_of(form: TermsForm, milestones: Any, used: Iterable[str]) -> Terms:
    """What two valid forms say. A new milestone gets the next code that was never used."""
    rows = [one.cleaned_data for one in milestones if one.cleaned_data]
    following = max((int(code[1:]) for code in used), default=0)
    parts = []
    for row in rows:
        code = row["code"]
        if not code:
            following += 1
            code = f"M{following}"
        parts.append(Part(code, row["title"], row["due_on"], row["amount"]))
    return Terms(
        parts,
        advance=form.cleaned_data["advance"],
        retainage=int(form.cleaned_data["retainage"] * WHOLE / 100),
    )
