from django.urls import path

from interlock.web.institutions import views

app_name = "institutions"
urlpatterns = [
    path("", views.register, name="register"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.page, name="page"),
]
