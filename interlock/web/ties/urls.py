from django.urls import path

from interlock.web.ties import exchange, views

app_name = "ties"
urlpatterns = [
    path("", views.ties, name="ties"),
    path("words/", views.words, name="words"),
    path("new/", views.new, name="new"),
    path("ties.csv", exchange.csv, name="csv"),
    path("ties.graphml", exchange.graphml, name="graphml"),
    path("of/<slug:slug>/", views.of, name="of"),
    path("<int:number>/", views.tie, name="tie"),
    path("<int:number>/act/", views.act, name="act"),
    path("<int:number>/change/", views.change, name="change"),
    path("answer/<str:token>/", views.answer, name="answer"),
    path("mail/<str:signed>/", views.mail, name="mail"),
]
