"""Fields that several forms of this room have: words in each language, a document's fingerprint."""

import hashlib
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput

Label = str | Promise


def line(label: Label, help_text: Label = "", *, required: bool = True) -> I18nFormField:
    return I18nFormField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=200,
        widget=I18nTextInput,
        require_all_fields=False,
    )


def text(label: Label, help_text: Label = "", *, required: bool = True) -> I18nFormField:
    return I18nFormField(
        label=label,
        help_text=help_text,
        required=required,
        widget=I18nTextarea,
        widget_kwargs={"attrs": {"rows": 4}},
        require_all_fields=False,
    )


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DocumentField(forms.FileField):
    """A document of which only the SHA-256 is kept, in hexadecimal digits."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "help_text",
            _(
                "The file is not kept, only its fingerprint (SHA-256): whoever has the file can show "
                "later that it is this one."
            ),
        )
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> str:
        file = super().clean(data, initial)
        return hashlib.file_digest(file, "sha256").hexdigest() if file else ""
