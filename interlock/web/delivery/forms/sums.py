"""What a co-op's people type about a year."""

from django import forms
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models import Kept
from interlock.web.look.forms import MoneyField


class KeptForm(forms.Form):
    """Three parts of what was paid, in its currency."""

    def __init__(self, data: object, *, currency: str, said: Kept | None) -> None:
        parts = {
            "wages": (
                _("Wages of members"),
                _("What members earned with this work, before their taxes."),
            ),
            "patronage": (
                _("Patronage to members"),
                _("Their part of the surplus of this work, in cash or in their member accounts."),
            ),
            "collective": (
                _("Kept by the co-op for all"),
                _("Reserves and funds that belong to nobody alone."),
            ),
        }
        initial = {name: getattr(said, name) for name in parts} if said else {}
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        for name, (label, told) in parts.items():
            self.fields[name] = MoneyField(
                currency=currency, label=label, help_text=told, required=False
            )
