from django.apps import AppConfig
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _


class ExploreConfig(AppConfig):
    name = "interlock.web.explore"
    label = "explore"

    def ready(self) -> None:
        from interlock.web.explore import joining
        from interlock.web.institutions.queries import panels, views
        from interlock.web.look.navigation import Download, Place, downloads, places

        downloads.append(
            Download(
                _("The map"),
                _("How many are where. The link under any map gives what that map draws."),
                (("CSV", lambda: reverse("explore:map_csv")),),
                15,
            )
        )
        panels.append(joining.panel)
        views.append(joining.on_the_map)
        address = reverse_lazy("explore:map")
        places.append(
            Place(
                "explore",
                _("Map"),
                lambda: str(address),
                34,
                under="institutions",
                beside=_("Map"),
            )
        )
