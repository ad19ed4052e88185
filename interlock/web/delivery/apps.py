from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "interlock.web.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Join the lists of the rooms below: navigation, results, record, desk, institutions."""
        from interlock.web.budgets.actions import following
        from interlock.web.budgets.queries import further
        from interlock.web.delivery import joining
        from interlock.web.delivery.queries import calls
        from interlock.web.delivery.queries.waiting import waiting as waits
        from interlock.web.institutions.actions import reserved
        from interlock.web.institutions.queries import deeds
        from interlock.web.institutions.rules import bonds
        from interlock.web.look.navigation import Download, Place, doors, downloads, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences

        places.append(Place("delivery", _("Delivery"), lambda: reverse("delivery:deliveries"), 25))
        downloads.append(
            Download(
                _("Deliveries"),
                _(
                    "What became of each funded project: its story, awards, agreements and payments."
                ),
                ((_("API: deliveries"), lambda: reverse("api:deliveries")),),
                55,
            )
        )
        following.append(joining.begin)
        reserved.update(joining.OWN_WORDS)
        further.append(joining.further)
        deeds.append(joining.deeds)
        bonds.append(joining.bond)
        waiting.append(waits)
        waiting.append(calls.waiting)
        bonds.append(calls.why_calls_bind)
        doors.append(joining.CALLS_DOOR)
        sentences.update(joining.MONEY_SENTENCES | joining.CALL_SENTENCES)
        self._join_sums()

    def _join_sums(self) -> None:
        """What it adds up to, and all that may be taken away of it."""
        from interlock.web.delivery import joining
        from interlock.web.delivery.actions.sums import forget_kept
        from interlock.web.delivery.queries.sums import export
        from interlock.web.institutions.leaving import endings
        from interlock.web.institutions.queries import exports
        from interlock.web.look.navigation import Download, downloads
        from interlock.web.record.wording import sentences

        exports["kept"] = export
        endings.append(forget_kept)
        sentences.update(joining.SUMS_SENTENCES)
        downloads.append(
            Download(
                _("What became of it"),
                _(
                    "Calls, awards, agreements and payments for what residents chose. Beside each "
                    "process: OCDS releases and records, and grants as 360Giving has them."
                ),
                (
                    (_("What it adds up to"), lambda: reverse("delivery:sums")),
                    (_("What it adds up to (CSV)"), lambda: reverse("delivery:sums_csv")),
                    (
                        _("Contracts with worker co-ops by year (CSV)"),
                        lambda: reverse("delivery:coop_contracts"),
                    ),
                ),
                55,
            )
        )
