from django.urls import URLPattern, path

from interlock.web.coops.views import decisions, home, register

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
