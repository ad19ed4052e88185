from django.urls import URLPattern, path

from interlock.methods.surplus import PRESETS
from interlock.web.coops.views import (
    accounts,
    bylaws,
    decisions,
    home,
    hours,
    lists,
    opening,
    policies,
    records,
    register,
    rounds,
    years,
)

app_name = "coops"
INSIDE = "<slug:slug>/"
#: Where one begins, and the first page inside.
HOME = [
    path("", opening.start, name="start"),
    path("new/<slug:slug>/", opening.new, name="new"),
    path(INSIDE, home.coop, name="coop"),
    path(INSIDE + "shown/", opening.show, name="show"),
    path(INSIDE + "beginning/", opening.beginning, name="beginning"),
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
    path(INSIDE + "members/invite/", register.invite_all, name="invite_all"),
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
    path(INSIDE + "decisions/new/", decisions.new, name="new_decision"),
    path(_ONE, decisions.one, name="decision"),
    path(_ONE + "edit/", decisions.edit, name="edit_decision"),
    path(_ONE + "discard/", decisions.discard, name="discard_decision"),
    path(_ONE + "announce/", decisions.announce, name="announce"),
    path(_ONE + "cancel/", decisions.cancel, name="cancel_decision"),
    path(_ONE + "vote/", decisions.vote, name="vote"),
    path(_ONE + "ballot/", decisions.ballot, name="ballot"),
    path(_ONE + "meeting/", decisions.meeting, name="meeting"),
    path(_ONE + "minutes/", records.minutes, name="minutes"),
    path(_ONE + "record/", records.record, name="decision_record"),
    path(_ONE + "record.pdf", records.record_pdf, name="decision_pdf"),
    path(_ONE + "record.json", records.record_json, name="decision_json"),
    path(_ONE + "do/<slug:verb>/", decisions.act, name="decide"),
]
#: Hours, years, policies, accounts.
YEARS = [
    path(f"{INSIDE}hours/", hours.hours, name="hours"),
    path(f"{INSIDE}hours/template.csv", hours.template, name="hours_template"),
    path(f"{INSIDE}hours/<int:pk>/", hours.line, name="hours_line"),
    path(f"{INSIDE}hours/<int:pk>/take-out/", hours.take_out, name="hours_take_out"),
    path(f"{INSIDE}hours/<str:begins>/<str:ends>/", hours.of_days, name="hours_of_days"),
    path(f"{INSIDE}policies/", policies.policies, name="policies"),
    *(
        path(
            f"{INSIDE}policies/{preset}/",
            policies.adopt,
            {"preset": preset},
            name=f"policy_{preset}",
        )
        for preset in PRESETS
    ),
    path(f"{INSIDE}years/", years.years, name="years"),
    path(f"{INSIDE}years/<int:number>/", years.year, name="year"),
    path(f"{INSIDE}years/<int:number>/begin/", years.begin, name="year_begin"),
    path(f"{INSIDE}years/<int:number>/edit/", years.edit, name="year_edit"),
    path(f"{INSIDE}years/<int:number>/mine/", years.mine, name="year_mine"),
    path(f"{INSIDE}years/<int:number>/put/", years.put, name="year_put"),
    path(f"{INSIDE}years/<int:number>/take-back/", years.take_back, name="year_take_back"),
    path(f"{INSIDE}years/<int:number>/post/", years.post, name="year_post"),
    path(f"{INSIDE}years/<int:number>/reverse/", years.reverse, name="year_reverse"),
    path(f"{INSIDE}years/<int:number>/year.json", years.year_json, name="year_json"),
    path(f"{INSIDE}years/<int:number>/journal.csv", years.journal_csv, name="year_journal"),
    path(f"{INSIDE}years/<int:number>/patr.csv", years.patr_csv, name="year_patr"),
    path(f"{INSIDE}accounts/", accounts.accounts, name="accounts"),
    path(f"{INSIDE}accounts/redeem/", accounts.redeem, name="redeem"),
    path(f"{INSIDE}accounts/interest/", accounts.interest, name="interest"),
    path(f"{INSIDE}accounts/opening/", accounts.opening, name="opening"),
    path(
        f"{INSIDE}accounts/opening/template.csv", accounts.opening_template, name="opening_template"
    ),
    path(f"{INSIDE}accounts/entries/<int:pk>/reverse/", accounts.reverse, name="reverse"),
    path(f"{INSIDE}accounts/<int:pk>/", accounts.account, name="account"),
    path(f"{INSIDE}accounts/<int:pk>/statement.pdf", accounts.statement, name="statement"),
    *(
        path(
            f"{INSIDE}accounts/<int:pk>/{what}/",
            accounts.act,
            {"what": what},
            name=f"account_{what.replace('-', '_')}",
        )
        for what in ("pay-in", "plan", "pay-out", "leave")
    ),
]
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
