from django.urls import path

from interlock.web.front import views

app_name = "front"
urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("data/", views.data, name="data"),
    path("help/", views.help_, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("health", views.health, name="health"),
]
