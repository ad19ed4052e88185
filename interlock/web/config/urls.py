"""Every address of the site, a room a line."""

from django.urls import include, path

from interlock.web.config.api import api

urlpatterns = [
    path("", include("interlock.web.front.urls")),
    path("", include("interlock.web.voting.urls")),
    path("budgets/", include("interlock.web.budgets.urls")),
    path("institutions/", include("interlock.web.institutions.urls")),
    path("ties/", include("interlock.web.ties.urls")),
    path("needs/", include("interlock.web.needs.urls")),
    path("ways/", include("interlock.web.ways.urls")),
    path("explore/", include("interlock.web.explore.urls")),
    path("delivery/", include("interlock.web.delivery.urls")),
    path("coops/", include("interlock.web.coops.urls")),
    path("surveys/", include("interlock.web.surveys.urls")),
    path("observatory/", include("interlock.web.observatory.urls")),
    path("files/", include("interlock.web.files.urls")),
    path("record/", include("interlock.web.record.urls")),
    path("account/", include("interlock.web.people.urls")),
    path("api/", api.urls),
]

handler404 = "interlock.web.look.views.not_found"
handler500 = "interlock.web.look.views.server_error"
