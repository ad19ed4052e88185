from django.urls import path

from interlock.web.observatory import views

app_name = "observatory"
urlpatterns = [
    path("", views.home, name="home"),
]
