from django.urls import path

from interlock.web.institutions import exchange, views

app_name = "institutions"
urlpatterns = [
    *exchange.addresses,
    path("", views.register, name="register"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.page, name="page"),
    path("<slug:slug>/edit/", views.edit, name="edit"),
    path("<slug:slug>/people/", views.people, name="people"),
]
