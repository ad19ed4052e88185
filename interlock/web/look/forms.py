"""Forms as the style sheet draws them: label, help, error, control; and amounts as people type them."""

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _

from interlock.web.look import amounts


class Renderer(TemplatesSetting):
    """Every field is drawn by `look/field.html`, every form by `look/form.html`."""

    form_template_name = "look/form.html"
    field_template_name = "look/field.html"


class MoneyField(forms.CharField):
    """An amount typed in a currency, cleaned to its minor units."""

    def __init__(self, *, currency: str, least: int = 0, **options: object) -> None:
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **options,  # type: ignore[arg-type]
        )
        self.currency = currency
        self.least = least

    def prepare_value(self, value: object) -> object:
        """An amount that comes from the database is shown as one would type it."""
        if isinstance(value, int):
            return amounts.number_text(value, self.currency)
        return value

    def clean(self, value: object) -> int:
        text = str(super().clean(value) or "0")
        try:
            minor = amounts.minor_units(text, self.currency)
        except ValueError:
            raise forms.ValidationError(
                _("This is not an amount. Write it like %(example)s.")
                % {
                    "example": amounts.number_text(
                        1250 * 10 ** amounts.precision(self.currency), self.currency
                    )
                }
            ) from None
        if minor < self.least:
            raise forms.ValidationError(
                _("It must be at least %(least)s.")
                % {"least": amounts.money(self.least, self.currency)}
            )
        return minor
