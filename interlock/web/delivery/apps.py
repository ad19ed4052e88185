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
        further.append(joining.further)
        deeds.append(joining.deeds)
        bonds.append(joining.bond)
        waiting.append(waits)
        waiting.append(calls.waiting)
        bonds.append(calls.why_calls_bind)
        doors.append(joining.CALLS_DOOR)
        sentences.update(joining.MONEY_SENTENCES | joining.CALL_SENTENCES)
