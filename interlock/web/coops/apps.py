from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoopsConfig(AppConfig):
    name = "interlock.web.coops"
    label = "coops"

    def ready(self) -> None:
        """Join the lists of the rooms below."""
        from interlock.web.record.wording import sentences

        sentences["coop.policy_adopted"] = _("A policy for the years of the co-op was adopted.")
        sentences["coop.hours_entered"] = _("Hours were entered.")
        sentences["coop.hours_corrected"] = _("Hours were corrected.")
        sentences["coop.year_put"] = _("The year %(year)s was put to the members.")
        sentences["coop.year_posted"] = _("The year %(year)s was posted.")
        sentences["coop.year_reversed"] = _("The year %(year)s was reversed.")
        sentences["coop.balances_entered"] = _("Opening balances were entered.")
        sentences["coop.buy_in_planned"] = _("A buy-in was planned.")
        sentences["coop.notices_redeemed"] = _("Written notices were redeemed.")
        sentences["coop.interest_owed"] = _("Interest was added to accounts.")
        sentences["coop.account_left"] = _("An account became a debt to somebody who left.")
