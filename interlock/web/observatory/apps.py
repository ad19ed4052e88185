from django.apps import AppConfig
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    name = "interlock.web.observatory"
    label = "observatory"

    def ready(self) -> None:
        from interlock.web.institutions.queries import panels
        from interlock.web.look.navigation import Door, Download, Place, doors, downloads, places
        from interlock.web.observatory import portraits, queries
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences

        home = reverse_lazy("observatory:home")
        places.append(Place("observatory", _("Observatory"), lambda: str(home), 60))
        doors.append(
            Door(
                "evidence",
                _("See the evidence"),
                _("Do the two worlds meet? Four measures and a map, doubts included."),
                lambda: str(home),
                60,
            )
        )
        waiting.append(queries.waiting)
        panels.append(portraits.panel)
        downloads.append(
            Download(
                _("Policies"),
                _("Passages of policies, each coded by two people, with their reasons."),
                (
                    ("CSV", lambda: reverse("observatory:policies_csv")),
                    ("JSON", lambda: reverse("observatory:policies_json")),
                    ("API", lambda: reverse("api:policies")),
                ),
                60,
            )
        )
        sentences.update(SENTENCES)


SENTENCES = {
    "policy.proposed": _("A policy of %(place)s was proposed: “%(title)s”."),
    "policy.confirmed": _("A policy of %(place)s was entered: “%(title)s”."),
    "policy.corrected": _("The entry of “%(title)s”, %(place)s, was corrected."),
    "policy.withdrawn": _("The entry of “%(title)s”, %(place)s, was withdrawn: %(reason)s"),
    "policy.coded_once": _("One of two coded “%(title)s”, %(place)s."),
    "policy.coded_alike": _("Two coded “%(title)s”, %(place)s, and say the same."),
    "policy.coded_apart": _("Two coded “%(title)s”, %(place)s, and do not say the same."),
    "policy.coded_settled": _("A third settled how “%(title)s”, %(place)s, is coded."),
}
