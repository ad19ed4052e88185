from django.urls import URLPattern, path

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
DECISIONS: list[URLPattern] = []
#: Hours, years, policies, accounts.
YEARS: list[URLPattern] = []
ROUNDS: list[URLPattern] = []
urlpatterns = [*HOME, *MEMBERS, *DECISIONS, *YEARS, *ROUNDS]
