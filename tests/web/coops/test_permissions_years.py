"""Who may do what with hours, policies, years and accounts: everybody, every act."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from django.test import Client

from interlock.web.coops.actions.years import begin_year, put_to_members, work_on_year
from interlock.web.coops.models import AccountKind, Hours, Transfer, Year
from interlock.web.people.models import Person
from tests.web.coops.spokes import Spokes, delegate, officer, other_steward, spokes
from tests.web.coops.test_pages_years import filled, signed_in
from tests.web.coops.test_years import carried, enter

pytestmark = pytest.mark.django_db

#: Everybody there is. Those outside find no page; who left finds their own account only.
PEOPLE = (
    "anonymous", "officer", "other steward", "delegate", "former", "candidate", "member",
    "treasurer", "steward",
)  # fmt: skip
OUT = ("sign in", 404, 404, 404, 404)
ALL = (*OUT, 200, 200, 200, 200)
KEEPERS = (*OUT, 403, 403, 200, 200)
ACT = (*OUT, 403, 403, 302, 302)


@dataclass(frozen=True)
class Act:
    """A page, or what one posts to it; `{…}` are numbers of the co-op below."""

    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


DAY = "2027-03-01"
POLICY = {
    "adopted_on": "2026-06-01", "collective": "25", "commons": "5", "commons_of": "remainder",
    "by": "hours", "least_hours": "0", "cash_rate": "50", "regime": "T", "collective_years": "2",
    "loss_share": "25", "reason": "A pot.",
}  # fmt: skip
LIST = {"text": "member,from,hours\n1,2027-01,5\n"}
ACTS = {
    "hours": Act("hours/", ALL),
    "template": Act("hours/template.csv", KEEPERS),
    "look a list over": Act("hours/", KEEPERS, LIST),
    "enter a list": Act("hours/", ACT, {**LIST, "enter": "1"}),
    "everybody's hours": Act("hours/2026-01-01/2026-12-31/", KEEPERS),
    "a line": Act("hours/{line}/", KEEPERS),
    "correct a line": Act("hours/{later}/", ACT, {"hours": "7", "wages": "0"}),
    "take a line out": Act("hours/{later}/take-out/", ACT, {}),
    "policies": Act("policies/", ALL),
    "a policy's form": Act("policies/selc/", KEEPERS),
    "adopt": Act("policies/selc/", ACT, POLICY),
    "years": Act("years/", ALL),
    "a year": Act("years/1/", ALL),
    # Who has no share in the year is told so.
    "one's own share": Act("years/1/mine/", (*OUT, 404, 200, 200, 404)),
    "begin a year": Act("years/2/begin/", ACT, {}),
    "a year's form": Act("years/2/edit/", (*OUT, 403, 403, 200, 200)),
    "work on a year": Act("years/2/edit/", ACT, {"net": "5", "policy": "{policy}"}),
    "put to the members": Act("years/2/put/", ACT, {}),
    "take back": Act("years/3/take-back/", ACT, {}),
    "post": Act("years/1/post/", ACT, {}),
    "reverse": Act("years/1/reverse/", ACT, {"why": "A mistake."}),
    "year.json": Act("years/1/year.json", ALL),
    "journal": Act("years/1/journal.csv", KEEPERS),
    "1099-PATR": Act("years/1/patr.csv", KEEPERS),
    "accounts": Act("accounts/", ALL),
    "redeem": Act("accounts/redeem/", KEEPERS),
    "redeem it": Act("accounts/redeem/", ACT, {"amount": "5", "on": DAY, "redeem": "1"}),
    "interest": Act("accounts/interest/", KEEPERS),
    "owe interest": Act("accounts/interest/", ACT, {"percent": "3", "on": DAY}),
    "opening": Act("accounts/opening/", KEEPERS),
    "opening template": Act("accounts/opening/template.csv", KEEPERS),
    "enter balances": Act(
        "accounts/opening/",
        ACT,
        {"text": "member,contribution\n2,5\n", "total": "5", "on": DAY},
    ),
    "an entry": Act("accounts/entries/{entry}/reverse/", KEEPERS),
    "reverse an entry": Act("accounts/entries/{entry}/reverse/", ACT, {"why": "Twice."}),
    # Of an account of somebody else, members do not even learn that it is there.
    "Ben's account": Act("accounts/{ben}/", (*OUT, 404, 200, 200, 200)),
    "Ben's statement": Act("accounts/{ben}/statement.pdf", (*OUT, 404, 200, 200, 200)),
    "Eva's account": Act("accounts/{eva}/", ("sign in", 404, 404, 404, 200, 404, 404, 200, 200)),
    "pay in": Act(
        "accounts/{ben}/pay-in/", (*OUT, 404, 403, 302, 302), {"in-amount": "5", "in-on": DAY}
    ),
    "plan": Act(
        "accounts/{ben}/plan/",
        (*OUT, 404, 403, 302, 302),
        {"plan-amount": "5", "plan-parts": "2", "plan-first_on": DAY},
    ),
    "pay out": Act(
        "accounts/{ben}/pay-out/",
        (*OUT, 404, 403, 302, 302),
        {"account": "{owed}", "out-amount": "5", "out-on": DAY},
    ),
    "leave": Act(
        "accounts/{eva}/leave/",
        ("sign in", 404, 404, 404, 403, 404, 404, 302, 302),
        {"due_on": DAY},
    ),
}


def client_of(one: Spokes, who: str) -> Client:
    if who == "anonymous":
        return Client()
    people: dict[str, Person | None] = {
        "former": one.eva.person,
        "candidate": one.dee.person,
        "member": one.ben.person,
        "treasurer": one.ana.person,
        "steward": one.sol,
    }
    if who == "delegate":
        return signed_in(delegate(one))
    if who in people:
        return signed_in(people[who])
    return signed_in(officer() if who == "officer" else other_steward())


def ready(one: Spokes) -> dict[str, int]:
    """A posted year, one that is worked on, and one that the members did not approve."""

    known = filled(one)
    enter(one, "member,from,to,hours\n1,2027-01,2027-01,100\n2,2027-01,2027-01,90\n")
    known["later"] = Hours.objects.get(member=one.ana, begins_on=date(2027, 1, 1)).pk
    later = datetime(2028, 6, 1, tzinfo=UTC)
    for number in (2, 3):
        year = begin_year(coop=one.coop, number=number, by=one.sol, at=later)
        assert year.policy
        year = work_on_year(year=year, by=one.sol, at=later, net=900_00, policy=year.policy)
    carried(put_to_members(year=year, by=one.sol, at=later), is_carried=False)
    known |= {
        "policy": one.coop.policies.get().pk,
        "eva": one.eva.pk,
        "owed": one.ben.accounts.get(kind=AccountKind.PAYABLE).pk,
    }
    return known


@pytest.mark.parametrize("name", ACTS)
def test_act_is_open_to(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("interlock.web.look.printing.pressed", lambda *_: (None, "missing"))
    one = spokes()
    known = ready(one)
    clients = {who: client_of(one, who) for who in PEOPLE}
    told = {}
    for who, client in clients.items():
        with transaction.atomic():
            told[who] = done(client, f"/coops/{one.slug}/", ACTS[name], known)
            transaction.set_rollback(True)
    assert told == dict(zip(PEOPLE, ACTS[name].told, strict=True))


def done(client: Client, home: str, act: Act, known: dict[str, int]) -> object:
    """What somebody is answered; whoever may not do it has changed nothing."""
    before = Transfer.objects.count(), Hours.objects.count(), Year.objects.count()
    path = home + act.path.format(**known)
    if act.posted is None:
        answer = client.get(path)
    else:
        answer = client.post(path, {key: said.format(**known) for key, said in act.posted.items()})
    if answer.status_code == 302 and answer["Location"].startswith("/account/"):
        return "sign in"
    if answer.status_code not in (200, 302):
        after = Transfer.objects.count(), Hours.objects.count(), Year.objects.count()
        assert after == before
    return answer.status_code
