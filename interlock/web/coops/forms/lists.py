"""A list of members."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("The list, as CSV"),
        help_text=_(
            "A row of headings, then a person a row: name, status, since; more if you like."
        ),
    )


class HeldForm(forms.Form):
    """A list that was looked at, carried by the page until it is entered."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    name = forms.CharField(widget=forms.HiddenInput, max_length=200)
