from django.apps import AppConfig
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


class NeedsConfig(AppConfig):
    name = "interlock.web.needs"
    label = "needs"

    def ready(self) -> None:
        from interlock.web.institutions import leaving
        from interlock.web.institutions import queries as institutions
        from interlock.web.look.navigation import Door, Download, Place, doors, downloads, places
        from interlock.web.needs import actions, queries
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences

        institutions.panels.append(queries.panel)
        institutions.exports["needs"] = queries.export
        leaving.endings.append(actions.close_all)
        waiting.append(queries.waiting)

        url = reverse_lazy("needs:listings")
        places.append(
            Place("needs", _("Needs and offers"), lambda: str(url), 32, under="institutions")
        )
        doors.append(
            Door(
                "exchange",
                _("Offer or find help"),
                _("What budgets and co-ops around here need, and what they can do for each other."),
                lambda: str(url),
                45,
            )
        )
        downloads.append(
            Download(
                _("Needs and offers"),
                _("What is open, with its tags, its reach and where it is."),
                (
                    (_("Murmurations profiles"), lambda: reverse("needs:profiles")),
                    ("API", lambda: reverse("api:listings")),
                ),
                30,
            )
        )
        sentences["listing.posted"] = _("%(name)s posted: %(title)s.")
        sentences["listing.changed"] = _("%(name)s corrected: %(title)s.")
        sentences["listing.renewed"] = _("%(name)s renewed: %(title)s.")
        sentences["listing.closed"] = _("%(name)s closed: %(title)s.")
        asked = _("%(asker)s asked to be introduced to %(asked)s: %(title)s.")
        sentences["introduction.asked"] = asked
        sentences["introduction.accepted"] = _("%(asked)s and %(asker)s are introduced: %(title)s.")
        sentences["introduction.declined"] = _(
            "%(asked)s declined to be introduced to %(asker)s: %(title)s."
        )
        sentences["introduction.withdrawn"] = _("%(asker)s asks no longer: %(title)s.")
        sentences["introduction.led"] = _("%(side)s says that it led somewhere: %(title)s.")
        sentences["introduction.nothing"] = _("%(side)s says that it led nowhere: %(title)s.")
        sentences["introduction.talking"] = _("%(side)s says that they are talking: %(title)s.")
