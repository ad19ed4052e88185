from django.urls import path

from interlock.web.explore import views

app_name = "explore"
urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map.csv", views.map_csv, name="map_csv"),
    path("around/<slug:slug>/", views.around, name="around"),
    path("paths/", views.paths, name="paths"),
    path("deliver/", views.deliver, name="deliver"),
]
