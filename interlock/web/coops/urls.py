from django.urls import URLPattern, path

from interlock.web.coops.views import home, register, rounds

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
ROUNDS = [
    path(f"{INSIDE}rounds/", rounds.rounds, name="rounds"),
    path(f"{INSIDE}rounds/new/", rounds.new, name="new_round"),
    path(f"{INSIDE}rounds/<int:number>/", rounds.round_, name="round"),
    path(f"{INSIDE}rounds/<int:number>/projects/new/", rounds.project, name="new_round_project"),
    path(f"{INSIDE}rounds/<int:number>/projects/<str:ref>/", rounds.project, name="round_project"),
    path(f"{INSIDE}rounds/<int:number>/open/", rounds.open_, name="open_round"),
    path(f"{INSIDE}rounds/<int:number>/pledges/", rounds.pledges, name="pledges"),
    path(f"{INSIDE}rounds/<int:number>/result/", rounds.result, name="round_result"),
    path(f"{INSIDE}rounds/<int:number>/publish/", rounds.publish, name="publish_round"),
    path(f"{INSIDE}rounds/<int:number>/count/", rounds.count_again, name="count_round"),
    path(f"{INSIDE}rounds/<int:number>/end/", rounds.end, name="end_round"),
]
urlpatterns = [*HOME, *MEMBERS, *DECISIONS, *YEARS, *ROUNDS]
