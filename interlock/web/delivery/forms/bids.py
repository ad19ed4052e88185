"""What is typed of a bid, a step at a time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models import Call
from interlock.web.delivery.rules.bids import LONGEST_TEXT, why_not_price
from interlock.web.institutions.models import Institution
from interlock.web.look.amounts import money
from interlock.web.look.forms import MoneyField


def _text(label: object, help_text: object, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=help_text,  # type: ignore[arg-type]
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, "lang": ""}),  # whatever they write in
        **options,
    )


class PriceForm(forms.Form):
    """The price of each lot; a lot left empty is not bid for."""

    def __init__(self, *args: Any, call: Call, draft: dict[str, Any], **more: Any):
        super().__init__(*args, **more)
        self.lots, self.currency = list(call.lots.all()), call.currency
        for lot in self.lots:
            self.fields[f"lot_{lot.position}"] = MoneyField(
                currency=call.currency,
                required=False,
                initial=draft["prices"].get(str(lot.position)),
                label=_("Your price for %(lot)s, in %(currency)s")
                % {"lot": lot, "currency": call.currency},
                help_text=_("At most %(most)s. All that you will be paid, taxes included.")
                % {"most": money(lot.budget, call.currency)},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        for lot in self.lots:
            name = f"lot_{lot.position}"
            if reason := why_not_price(lot, cleaned.get(name) or 0, self.currency):
                self.add_error(name, reason)
        return cleaned

    def said(self) -> dict[str, Any]:
        prices = {
            str(lot.position): self.cleaned_data[f"lot_{lot.position}"]
            for lot in self.lots
            if self.cleaned_data[f"lot_{lot.position}"]
        }
        return {"prices": prices}


class PlanForm(forms.Form):
    plan = _text(
        _("How you would do it"),
        _("What you do first, what then, until when. Look at what earns points."),
        10,
    )
    team = _text(_("Who does it"), _("Who works on it, and what they have done before."), 5)
    subcontractors = _text(
        _("Who works for you on it"),
        _("Other co-ops or firms that you would pay for a part, a line each. Empty if none."),
        3,
    )

    def __init__(self, *args: Any, call: Call, draft: dict[str, Any], **more: Any):
        super().__init__(*args, **more)
        self.initial = draft

    def said(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PartnerForm(forms.Form):
    """One of those that were found by name."""

    institution = forms.SlugField(
        error_messages={"required": _("Search for a name, and choose who it is.")}
    )

    def clean_institution(self) -> Institution:
        found = Institution.objects.filter(slug=self.cleaned_data["institution"], left_at=None)
        one = found.first()
        if one is None:
            raise forms.ValidationError(_("There is no such institution in the register."))
        return one


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("A PDF"),
        help_text=_("At most 5 megabytes, and 5 of them. They are sealed with the bid."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )


class ConflictForm(forms.Form):
    has_conflict = forms.ChoiceField(
        label=_("Conflict of interest"),
        choices=[
            ("no", _("None of us decides for, works for, or is family of who calls")),
            ("yes", _("There is one, and this is it:")),
        ],
        widget=forms.RadioSelect,
    )
    conflict = _text(_("What it is"), "", 2)

    def __init__(self, *args: Any, call: Call, draft: dict[str, Any], **more: Any):
        known = {None: None, True: "yes", False: "no"}[draft["has_conflict"]]
        super().__init__(*args, **more)
        self.initial = {"has_conflict": known, "conflict": draft["conflict"]}

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if cleaned.get("has_conflict") == "yes" and not cleaned.get("conflict", "").strip():
            self.add_error("conflict", _("Say what the conflict of interest is."))
        return cleaned

    def said(self) -> dict[str, Any]:
        has_conflict = self.cleaned_data["has_conflict"] == "yes"
        return {
            "has_conflict": has_conflict,
            "conflict": self.cleaned_data["conflict"] if has_conflict else "",
        }
