from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class WaysConfig(AppConfig):
    name = "interlock.web.ways"
    label = "ways"

    def ready(self) -> None:
        """Join the lists of the rooms below: navigation, doors, record, desk, institutions."""
        from interlock.web.institutions.queries import exports, panels
        from interlock.web.institutions.rules import bonds
        from interlock.web.look.navigation import Door, Download, Place, doors, downloads, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences
        from interlock.web.ways import queries, rules

        places.append(
            Place(
                "ways",
                _("Ways to interlock"),
                lambda: reverse("ways:ways"),
                39,
                under="institutions",
            )
        )
        doors.append(
            Door(
                "link",
                _("Connect co-ops and public money"),
                _("Twelve ways with their evidence, and proposals that both sides sign."),
                lambda: reverse("ways:ways"),
                40,
            )
        )
        downloads.append(
            Download(
                _("Joint proposals"),
                _("What institutions agreed on, as they signed it; and the twelve ways to do so."),
                (
                    (_("API: proposals"), lambda: reverse("api:joint_proposals")),
                    (_("API: ways"), lambda: reverse("api:ways")),
                ),
                40,
            )
        )
        panels.append(queries.panel)
        exports["proposals"] = queries.export
        bonds.append(rules.bond)
        waiting.append(queries.waiting)
        sentences.update(SENTENCES)


SENTENCES = {
    "proposal.begun": _("%(institution)s began the joint proposal “%(title)s”."),
    "proposal.invited": _("%(by)s invited %(institution)s to the joint proposal “%(title)s”."),
    "proposal.taken_back": _(
        "The invitation of %(institution)s to the joint proposal “%(title)s” was taken back."
    ),
    "proposal.accepted": _("%(institution)s takes part in the joint proposal “%(title)s”."),
    "proposal.declined": _("%(institution)s declined to take part in “%(title)s”."),
    "proposal.written": _("%(institution)s wrote version %(version)s of “%(title)s”."),
    "proposal.signed": _(
        "%(institution)s signed version %(version)s of “%(title)s”. SHA-256: %(sha256)s."
    ),
    "proposal.left": _("%(institution)s left the draft “%(title)s”."),
    "proposal.agreed": _(
        "%(parties)s agreed on the joint proposal “%(title)s”. SHA-256 of the signed text: "
        "%(sha256)s."
    ),
    "proposal.in_the_works": _("%(institution)s says that “%(title)s” is in the works."),
    "proposal.done": _("%(institution)s says that “%(title)s” is done."),
    "proposal.given_up": _("%(institution)s says that “%(title)s” was given up."),
    "proposal.ended": _("%(institution)s withdrew from “%(title)s”, which ends it."),
}
