"""What a steward says to open the inside of a co-op, and of what it shows."""

from collections.abc import Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interlock.web.budgets.forms import zones
from interlock.web.coops.models import Coop
from interlock.web.look.amounts import CURRENCIES
from interlock.web.look.forms import DayField

PRESETS: Mapping[str, str | Promise] = {
    "selc": _(
        "Consensus; if most of a quorum want it, three quarters decide. Members after 650 hours and 6 "
        "months (SELC and Arizmendi, California)"
    ),
    "codehook": _(
        "Consensus, or three quarters of those present; all else by a majority of all members "
        "(Code Hook, after the Democracy at Work Institute)"
    ),
    "colab": _(
        "Consensus in a ballot of seven days, no quorum; members after a year and 600 hours (CoLab)"
    ),
    "hypha": _(
        "Simple majority in a secret ballot, 60 % have to take part; a new member takes all votes "
        "(Hypha, Ontario)"
    ),
}


class BeginningForm(forms.Form):
    """What all years and amounts rest on."""

    first_year_begins_on = DayField(
        label=_("First day of the first year to keep here"),
        help_text=_(
            "The year that you close first: often last year, mostly from the first of January. "
            "Each later year begins on the same day."
        ),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="USD"
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="America/Chicago")


class OpenForm(BeginningForm):
    """Four things, each with a sensible answer already in it."""

    preset = forms.ChoiceField(
        label=_("Bylaws to begin with"),
        choices=list(PRESETS.items()),
        widget=forms.RadioSelect,
        initial="selc",
        help_text=_(
            "Four that are in use, as numbers: who decides, how many, how soon. Take the nearest; "
            "every number can be changed afterwards."
        ),
    )
    field_order = ("preset",)


class ShowForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the public page tells of the inside."""

    class Meta:
        model = Coop
        fields = ["shows_size", "shows_commons"]
