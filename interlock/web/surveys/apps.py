from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "interlock.web.surveys"
    label = "surveys"

    def ready(self) -> None:
        from interlock.web.look.navigation import Door, Place, doors, places
        from interlock.web.record.wording import sentences

        home = reverse_lazy("surveys:home")
        places.append(Place("surveys", _("Surveys"), lambda: str(home), 50))
        for position, which, title in (
            (50, "cooperators", _("The survey for cooperators")),
            (51, "pbers", _("The survey for PBers")),
        ):
            url = reverse_lazy("surveys:door", args=[which])
            text = _("Three minutes, no name asked. Maybe you are both: you answer once.")
            doors.append(Door("survey", title, text, url.__str__, position))

        sentences["survey.launched"] = _("%(name)s prepares a survey: %(title)s.")
        sentences["survey.version"] = _(
            "%(name)s published version %(number)s of the questions of this survey: %(title)s."
        )
        sentences["survey.opened"] = _("%(name)s opened a survey: %(title)s.")
        sentences["survey.closed"] = _("%(name)s closed a survey: %(title)s.")
        sentences["survey.seeds"] = _(
            "%(name)s began new chains of this survey, %(number)s of them: %(title)s."
        )
        sentences["survey.retained"] = _(
            "What was promised to be destroyed of this survey was destroyed: %(title)s."
        )
