from django.urls import URLPattern, path

from interlock.web.coops.views import bylaws, decisions, home, lists, opening, register

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
_ONE = INSIDE + "decisions/<uuid:ref>/"
DECISIONS = [
    path(INSIDE + "decisions/", decisions.listed, name="decisions"),
    path(INSIDE + "decisions/new", decisions.new, name="new_decision"),
    path(_ONE, decisions.one, name="decision"),
    path(_ONE + "edit", decisions.edit, name="edit_decision"),
    path(_ONE + "discard", decisions.discard, name="discard_decision"),
    path(_ONE + "announce", decisions.announce, name="announce"),
    path(_ONE + "cancel", decisions.cancel, name="cancel_decision"),
    path(_ONE + "vote", decisions.vote, name="vote"),
    path(_ONE + "ballot", decisions.ballot, name="ballot"),
    path(_ONE + "meeting", decisions.meeting, name="meeting"),
    path(_ONE + "minutes", decisions.minutes, name="minutes"),
    path(_ONE + "record", decisions.record, name="decision_record"),
    path(_ONE + "record.pdf", decisions.record_pdf, name="decision_pdf"),
    path(_ONE + "record.json", decisions.record_json, name="decision_json"),
    path(_ONE + "do/<slug:verb>", decisions.act, name="decide"),
]
#: Hours, years, policies, accounts.
YEARS: list[URLPattern] = []
ROUNDS: list[URLPattern] = []
urlpatterns = [*HOME, *MEMBERS, *DECISIONS, *YEARS, *ROUNDS]
