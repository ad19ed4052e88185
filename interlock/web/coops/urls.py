from django.urls import URLPattern, path

from interlock.web.coops.views import bylaws, home, lists, opening, register

app_name = "coops"
INSIDE = "<slug:slug>/"
#: Where one begins, and the first page inside.
HOME = [
    path("", opening.start, name="start"),
    path("new/<slug:slug>/", opening.new, name="new"),
    path(INSIDE, home.coop, name="coop"),
    path(INSIDE + "shown/", opening.show, name="show"),
]
#: Members, candidates, bylaws.
MEMBERS: list[URLPattern] = [
    path(INSIDE + "invitation/", register.invitation, name="invitation"),
    path(INSIDE + "members/", register.register, name="register"),
    path(INSIDE + "members/new/", register.add, name="add_member"),
    path(INSIDE + "members/list/", lists.look, name="import_members"),
    path(INSIDE + "members/list/enter/", lists.enter, name="enter_members"),
    path(INSIDE + "members/template.csv", lists.template, name="members_template"),
    path(INSIDE + "members/members.csv", lists.members_csv, name="members_csv"),
    path(INSIDE + "members/<int:number>/", register.member, name="member"),
    path(INSIDE + "members/<int:number>/edit/", register.edit, name="edit_member"),
    path(INSIDE + "members/<int:number>/status/", register.status, name="change_status"),
    path(INSIDE + "members/<int:number>/training/", register.training, name="note_training"),
    path(INSIDE + "members/<int:number>/office/", register.office, name="give_office"),
    path(INSIDE + "members/<int:number>/invite/", register.invite, name="invite_member"),
    path(INSIDE + "offices/<int:number>/end/", register.end_office, name="end_office"),
    path(INSIDE + "bylaws/", bylaws.bylaws, name="bylaws"),
    path(INSIDE + "bylaws/<int:number>/", bylaws.bylaws, name="bylaws_version"),
    path(INSIDE + "bylaws/change/<slug:part>/", bylaws.change, name="change_bylaws"),
]
DECISIONS: list[URLPattern] = []
#: Hours, years, policies, accounts.
YEARS: list[URLPattern] = []
ROUNDS: list[URLPattern] = []
urlpatterns = [*HOME, *MEMBERS, *DECISIONS, *YEARS, *ROUNDS]
