"""What this room tells the lists of the rooms below it of years and accounts: no name, no amount."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "coop.policy_adopted": _("A policy for the years of the co-op was adopted."),
    "coop.hours_entered": _("Hours were entered."),
    "coop.hours_corrected": _("Hours were corrected."),
    "coop.year_put": _("The year %(year)s was put to the members."),
    "coop.year_posted": _("The year %(year)s was posted."),
    "coop.year_reversed": _("The year %(year)s was reversed."),
    "coop.balances_entered": _("Opening balances were entered."),
    "coop.buy_in_planned": _("A buy-in was planned."),
    "coop.notices_redeemed": _("Written notices were redeemed."),
    "coop.interest_owed": _("Interest was added to accounts."),
    "coop.account_left": _("An account became a debt to somebody who left."),
}
