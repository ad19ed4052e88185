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
        from interlock.web.delivery.actions.sums import forget_kept
        from interlock.web.delivery.queries import sums
        from interlock.web.delivery.queries.calls import why_calls_bind
        from interlock.web.delivery.queries.waiting import waiting as waits
        from interlock.web.institutions import queries as institutions
        from interlock.web.institutions.actions import reserved
        from interlock.web.institutions.leaving import endings
        from interlock.web.institutions.rules import bonds
        from interlock.web.look.navigation import Download, Place, doors, downloads, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences

        following.append(joining.begin)
        further.append(joining.further)
        reserved.update(joining.OWN_WORDS)
        institutions.deeds.append(joining.deeds)
        institutions.exports["kept"] = sums.export
        bonds.extend((joining.bond, why_calls_bind))
        endings.append(forget_kept)
        waiting.append(waits)
        sentences.update(joining.SENTENCES)
        places.append(Place("delivery", _("Delivery"), lambda: reverse("delivery:deliveries"), 25))
        doors.extend((joining.CALLS_DOOR, joining.STORIES_DOOR))
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
                    (_("API: deliveries"), lambda: reverse("api:deliveries")),
                ),
                55,
            )
        )
