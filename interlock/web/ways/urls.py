from django.urls import path

from interlock.web.ways import views

app_name = "ways"
urlpatterns = [
    path("", views.ways, name="ways"),
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/", views.new, name="new"),
    path("proposals/<int:number>/", views.proposal, name="proposal"),
    path("proposals/<int:number>/answer/<int:party>/", views.answer, name="answer"),
    path("proposals/<int:number>/sign/", views.sign, name="sign"),
    path("proposals/<int:number>/say/", views.say, name="say"),
    path("proposals/<int:number>/invite/", views.invite, name="invite"),
    path("proposals/<int:number>/take-back/<int:party>/", views.take_back, name="take_back"),
    path("proposals/<int:number>/write/", views.write, name="write"),
    path("proposals/<int:number>/versions/", views.versions, name="versions"),
    path("proposals/<int:number>/versions/<int:version>/", views.version, name="version"),
    path("proposals/<int:number>/move/", views.move, name="move"),
    path("proposals/<int:number>/leave/", views.leave, name="leave"),
    path("proposals/<int:number>/text.md", views.text, name="text"),
    path("<slug:slug>/", views.way, name="way"),
]
