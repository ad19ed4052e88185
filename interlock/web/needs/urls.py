from django.urls import path

from interlock.web.needs import views

app_name = "needs"
urlpatterns = [
    path("", views.listings, name="listings"),
    path("new/", views.new, name="new"),
    path("process/", views.process, name="process"),
    path("around/<slug:slug>/", views.around, name="around"),
    path("murmurations.json", views.profiles, name="profiles"),
    path("<int:number>/", views.listing, name="listing"),
    path("<int:number>/edit/", views.edit, name="edit"),
    path("<int:number>/renew/", views.renew, name="renew"),
    path("<int:number>/close/", views.close, name="close"),
    path("<int:number>/ask/", views.ask, name="ask"),
    path("<int:number>/murmurations.json", views.profile, name="profile"),
    path("introductions/<int:number>/", views.introduction, name="introduction"),
    path("introductions/<int:number>/answer/", views.answer, name="answer"),
    path("introductions/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("introductions/<int:number>/<slug:slug>/", views.conclude, name="conclude"),
]
