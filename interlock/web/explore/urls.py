from django.urls import path
from django.views.generic import RedirectView

from interlock.web.explore import views

app_name = "explore"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="explore:map")),
    path("map/", views.map_page, name="map"),
    path("map.csv", views.map_csv, name="map_csv"),
    path("map.geojson", views.points, name="points"),
    path("outlines.json", views.outlines, name="outlines"),
    path("around/<slug:slug>/", views.around, name="around"),
    path("paths/", views.paths, name="paths"),
    path("deliver/", views.deliver, name="deliver"),
]
