from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "interlock.web.surveys"
    label = "surveys"

    def ready(self) -> None:
        from interlock.web.institutions import queries as institutions
        from interlock.web.institutions.rules import bonds
        from interlock.web.look.navigation import Door, Place, doors, places
        from interlock.web.people.waiting import waiting
        from interlock.web.record.wording import sentences
        from interlock.web.surveys import joining, researching

        institutions.panels.append(joining.panel)
        institutions.exports["surveys"] = joining.export
        bonds.append(joining.bond)
        waiting.append(researching.waiting)

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
        sentences["survey.results"] = _("%(name)s published results of this survey: %(title)s.")
        sentences["survey.seeds"] = _(
            "%(name)s began new chains of this survey, %(number)s of them: %(title)s."
        )
        sentences["survey.retained"] = _(
            "What was promised to be destroyed of this survey was destroyed: %(title)s."
        )
        sentences["survey.extended"] = _("%(name)s lets a survey last until %(until)s: %(title)s.")
        sentences["survey.access_given"] = _(
            "%(name)s gave a researcher leave to read single answers until %(until)s: %(title)s."
        )
        sentences["survey.access_declined"] = _(
            "%(name)s declined to let somebody read single answers: %(title)s."
        )
        sentences["survey.access_ended"] = _(
            "A researcher’s leave to read single answers ended: %(title)s."
        )
