from django.apps import AppConfig
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


class TiesConfig(AppConfig):
    name = "interlock.web.ties"
    label = "ties"

    def ready(self) -> None:
        from interlock.web.institutions.exporting import relationships
        from interlock.web.institutions.queries import exports, panels
        from interlock.web.look.navigation import Download, Place, downloads, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences
        from interlock.web.ties import queries

        ties = reverse_lazy("ties:ties")
        places.append(Place("ties", _("Ties"), lambda: str(ties), 32, under="institutions"))
        downloads.append(
            Download(
                _("Ties"),
                _("Who does what for whom, since when, by whose word, confirmed or disputed."),
                (
                    ("CSV", lambda: reverse("ties:csv")),
                    ("GraphML", lambda: reverse("ties:graphml")),
                    ("API", lambda: reverse("api:ties")),
                ),
                20,
            )
        )
        panels.append(queries.panel)
        exports["ties"] = queries.export
        relationships.append(queries.relationships)
        waiting.append(queries.waiting)
        sentences["tie.named"] = _("Somebody named this after a survey: %(tie)s.")
        sentences["tie.said"] = _("%(name)s says: %(tie)s.")
        sentences["tie.confirmed"] = _("%(name)s confirms: %(tie)s.")
        sentences["tie.disputed"] = _("%(name)s disputes: %(tie)s.")
        sentences["tie.withdrawn"] = _("%(name)s took its word back on this: %(tie)s.")
        sentences["tie.changed"] = _("%(name)s changed what it says of this: %(tie)s.")
        sentences["tie.proposed"] = _("%(name)s proposed a change of this: %(tie)s.")
        sentences["tie.agreed"] = _("%(name)s agreed to the change of this: %(tie)s.")
        sentences["tie.declined"] = _("%(name)s did not agree to the change of this: %(tie)s.")
        sentences["tie.dropped"] = _("%(name)s took back its change of this: %(tie)s.")
