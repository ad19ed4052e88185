from django.urls import URLPattern, path

from interlock.methods.surplus import PRESETS
from interlock.web.coops.views import accounts, home, hours, policies, years

app_name = "coops"
INSIDE = "<slug:slug>/"
#: Where one begins, and the first page inside.
HOME = [path(INSIDE, home.coop, name="coop")]
#: Members, candidates, bylaws.
MEMBERS: list[URLPattern] = []
DECISIONS: list[URLPattern] = []
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
ROUNDS: list[URLPattern] = []
urlpatterns = [*HOME, *MEMBERS, *DECISIONS, *YEARS, *ROUNDS]
