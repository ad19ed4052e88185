from django.urls import URLPattern, path

from interlock.web.coops.views import decisions as views
from interlock.web.coops.views import home, register

app_name = "coops"
INSIDE = "<slug:slug>/"
#: Where one begins, and the first page inside.
HOME = [path(INSIDE, home.coop, name="coop")]
#: Members, candidates, bylaws.
MEMBERS: list[URLPattern] = [
    path(INSIDE + "invitation/", register.invitation, name="invitation"),
    path(INSIDE + "members/<int:number>/", register.member, name="member"),
]
_ONE = INSIDE + "decisions/<uuid:ref>/"
DECISIONS = [
    path(INSIDE + "decisions/", views.listed, name="decisions"),
    path(_ONE, views.one, name="decision"),
    path(_ONE + "ballot", views.ballot, name="ballot"),
    path(_ONE + "minutes", views.minutes, name="minutes"),
]
#: Hours, years, policies, accounts.
YEARS: list[URLPattern] = []
ROUNDS: list[URLPattern] = []
urlpatterns = [*HOME, *MEMBERS, *DECISIONS, *YEARS, *ROUNDS]
