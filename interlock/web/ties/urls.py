from django.urls import path

from interlock.web.ties import views

app_name = "ties"
urlpatterns = [
    path("<int:number>/", views.tie, name="tie"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("mail/<str:signed>/", views.mail, name="mail"),
]
