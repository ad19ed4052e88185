"""Pages ask the database as often for many as for few."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.web.coops.actions.owing import enter_balances
from interlock.web.coops.actions.years import begin_year
from interlock.web.coops.models import Member
from tests.web.coops.spokes import NOW, spokes
from tests.web.coops.test_pages_years import filled, signed_in
from tests.web.coops.test_years import adopt, enter

pytestmark = pytest.mark.django_db
#: Session and person of every page.
SIGN_IN = 2
MOST = 8


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_years_and_hours_lists_are_constant():
    one = spokes()
    ana = signed_in(one.ana.person)
    adopt(one)
    enter(one, "member,from,hours\n1,2026-01,5\n")
    begin_year(coop=one.coop, number=1, by=one.sol, at=NOW)
    few = [asked(ana, f"/coops/{one.slug}/{page}/") for page in ("years", "hours")]
    enter(one, "member,from,hours\n1,2026-02,5\n2,2026-03,5\n")
    begin_year(coop=one.coop, number=2, by=one.sol, at=NOW)
    many = [asked(ana, f"/coops/{one.slug}/{page}/") for page in ("years", "hours")]
    assert few == many
    assert max(many) <= SIGN_IN + MOST


def test_accounts_of_500_members_are_asked_for_at_once():
    one = spokes()
    ana = signed_in(one.ana.person)
    path = f"/coops/{one.slug}/accounts/"
    few = asked(ana, path)
    Member.objects.bulk_create(
        Member(coop=one.coop, number=f"x{number}", name=f"Member {number}") for number in range(500)
    )
    lines = "".join(f"x{number},100\n" for number in range(500))
    enter_balances(
        coop=one.coop, data=f"member,contribution\n{lines}".encode(), name="b.csv",
        total=50_000_00, on=date(2027, 1, 1), by=one.sol, at=NOW,
    )  # fmt: skip
    # One more counts the pages.
    assert asked(ana, path) <= few + 1
    assert few + 1 <= SIGN_IN + MOST


def test_account_and_year_are_constant():
    one = spokes()
    ana = signed_in(one.ana.person)
    known = filled(one)
    year = f"/coops/{one.slug}/years/1/"
    account = f"/coops/{one.slug}/accounts/{known['ben']}/"
    assert asked(ana, year) <= SIGN_IN + MOST
    assert asked(ana, account) <= SIGN_IN + MOST + 1
