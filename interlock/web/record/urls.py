from django.urls import path

from interlock.web.record import views

app_name = "record"
urlpatterns = [path("", views.entries, name="entries")]
