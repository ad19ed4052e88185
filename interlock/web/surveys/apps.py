from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "interlock.web.surveys"
    label = "surveys"

    def ready(self) -> None:
        from interlock.web.record.wording import sentences

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
