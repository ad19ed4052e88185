from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "interlock.web.institutions"
    label = "institutions"

    def ready(self) -> None:
        from interlock.web.look.navigation import Door, Place, doors, places
        from interlock.web.record.wording import sentences

        register = reverse_lazy("institutions:register")
        places.append(Place("institutions", _("Institutions"), lambda: str(register), 30))
        doors.append(
            Door(
                "co-op",
                _("Run our co-op"),
                _("Enter your co-op in the register and name it as delivery partner of a project."),
                lambda: str(register) + "?kind=worker_coop",
                30,
            )
        )
        doors.append(
            Door(
                "link",
                _("Connect co-ops and public money"),
                _("Who decides public money here, and which co-ops carry projects out."),
                lambda: str(register),
                40,
            )
        )
        sentences["institution.registered"] = _("%(name)s entered the register.")
