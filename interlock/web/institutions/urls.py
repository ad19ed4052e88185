from django.urls import path

from interlock.web.institutions import exchange, profiles, views

app_name = "institutions"
urlpatterns = [
    *exchange.addresses,
    *profiles.addresses,
    path("", views.register, name="register"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/", views.page, name="page"),
    path("<slug:slug>/edit/", views.edit, name="edit"),
    path("<slug:slug>/picture/", views.picture, name="picture"),
    path("<slug:slug>/people/", views.people, name="people"),
    path("<slug:slug>/people/<int:number>/", views.answer, name="answer"),
    path("<slug:slug>/claim/", views.claim, name="claim"),
    path("<slug:slug>/claim/code/", views.send_code, name="send_code"),
    path("<slug:slug>/claim/ask/", views.ask, name="ask"),
    path("<slug:slug>/claim/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:slug>/roles/<int:number>/", views.give_back, name="give_back"),
    path("<slug:slug>/roles/<int:number>/accept/", views.accept_role, name="accept_role"),
    path("<slug:slug>/leave/", views.leave, name="leave"),
    path("<slug:slug>/leave/stay/", views.stay, name="stay"),
    path("<slug:slug>/everything.zip", views.everything, name="everything"),
]
