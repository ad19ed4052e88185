"""Forms as the style sheet draws them: label, help, error, control; and the fields that many have:
amounts as people type them, days, hours, and words in each language."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput

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


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MomentField(forms.DateTimeField):
    """A day and an hour, on the clock that the form says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **options: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(input_formats=formats, **options)


def line(label: str | Promise, help_text: str | Promise = "", **options: Any) -> I18nFormField:
    """A line in each language, of which one is enough."""
    return I18nFormField(
        label=label,
        help_text=help_text,
        widget=I18nTextInput,
        require_all_fields=False,
        **{"max_length": 200, **options},
    )


def text(
    label: str | Promise, help_text: str | Promise = "", *, rows: int = 4, **options: Any
) -> I18nFormField:
    """A few lines in each language, of which one is enough."""
    return I18nFormField(
        label=label,
        help_text=help_text,
        widget=I18nTextarea,
        widget_kwargs={"attrs": {"rows": rows}},
        require_all_fields=False,
        **options,
    )
