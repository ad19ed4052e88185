from django.apps import AppConfig
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    name = "interlock.web.observatory"
    label = "observatory"

    def ready(self) -> None:
        from interlock.web.look.navigation import Place, places

        home = reverse_lazy("observatory:home")
        places.append(Place("observatory", _("Observatory"), lambda: str(home), 60))
