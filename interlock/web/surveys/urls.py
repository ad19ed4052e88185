"""Three lists: what respondents open, what those who ask open, and what everybody may read."""

from django.urls import path, re_path

from interlock.web.surveys import answering, desk, naming, passing, results, views

app_name = "surveys"
owners = [*desk.addresses]
respondents = [
    path("", views.home, name="home"),
    re_path("^(?P<which>cooperators|pbers)/$", views.door, name="door"),
    path("s/", views.arrived, name="arrived"),
    path("s/<str:code>/", views.arrive, name="arrive"),
    path("s/<path:code>", views.arrive),  # with a full stop, say: an error would write it to a log
    path("mine/", answering.mine, name="mine"),
    path("mine/code/", passing.code, name="code"),
    path("mine/thanks/", passing.thanks, name="thanks"),
    path("mine/cards/", passing.cards, name="cards"),
    path("mine/cards.pdf", passing.cards, {"paper": True}, name="cards_paper"),
    path("mine/leave/", passing.leave, name="leave"),
    path("resume/", views.resume, name="resume"),
    path("withdraw/", views.withdraw, name="withdraw"),
    path("name/", naming.name, name="name"),
    path("updates/", naming.updates, name="updates"),
    path("<slug:slug>/", views.study, name="study"),
    path("<slug:slug>/leaflet/", passing.leaflet, name="leaflet"),
    path("<slug:slug>/leaflet.pdf", passing.leaflet, {"paper": True}, name="leaflet_paper"),
]
urlpatterns = [*owners, *results.addresses, *respondents]
