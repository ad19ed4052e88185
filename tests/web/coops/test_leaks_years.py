"""Nobody outside learns a name, an hour or an amount of the books, and members only their own."""

from datetime import date

import pytest

from interlock.web.coops.actions.owing import leave, pay_in
from tests.web.coops.spokes import NOW, spokes
from tests.web.coops.test_pages_years import PAGES
from tests.web.coops.test_permissions_years import client_of, ready
from tests.web.coops.test_years import enter

pytestmark = pytest.mark.django_db

#: Names, hours and amounts of the members, as they stand in pages and in files.
SECRETS = (
    "Ana Ortiz", "Ben Yusuf", "Chi Okafor", "Dee Park", "2,000", "700.5", "10,300.46", "1030046",
    "5,150.23", "515023", "25,000", "100,000", "10000000",
)  # fmt: skip
OUTSIDE = ("anonymous", "officer", "other steward", "delegate", "former")


@pytest.mark.parametrize("who", OUTSIDE)
def test_outsider_finds_nothing(who: str):
    one = spokes()
    known = ready(one)
    client = client_of(one, who)
    paths = [f"/coops/{one.slug}/{page.format(**known)}" for page in PAGES]
    paths += [
        f"/coops/{one.slug}/",
        f"/institutions/{one.slug}/",
        "/record/",
        "/institutions/institutions.csv",
    ]
    for path in paths:
        body = client.get(path).getvalue().decode()
        assert [secret for secret in SECRETS if secret in body] == [], path


def test_former_member_sees_their_own_account_and_nothing_of_others():
    one = spokes()
    known = ready(one)
    answer = client_of(one, "former").get(f"/coops/{one.slug}/accounts/{known['eva']}/")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert [secret for secret in SECRETS if secret in body] == []


def test_sum_of_one_or_two_is_nobodys_to_read():
    one = spokes()
    enter(
        one,
        "member,from,to,hours\n3,2026-07-10,2026-07-31,123.25\n4,2026-10,2026-10,61.75\n"
        "1,2026-05,2026-05,100\n2,2026-05,2026-05,101\n5,2026-05,2026-05,102\n",
    )
    pay_in(member=one.eva, amount=1_234_56, on=NOW.date(), by=one.sol, at=NOW)
    leave(member=one.eva, due_on=date(2032, 3, 1), on=NOW.date(), by=one.sol, at=NOW)
    for who, told in (("member", False), ("candidate", False), ("treasurer", True)):
        client = client_of(one, who)
        hours = client.get(f"/coops/{one.slug}/hours/").content.decode()
        accounts = client.get(f"/coops/{one.slug}/accounts/").content.decode()
        assert ("123.25" in hours, "61.75" in hours and who != "candidate") == (told, told), who
        assert "303" in hours
        assert ("1,234.56" in accounts) == told, who


@pytest.mark.parametrize("who", ["member", "candidate"])
def test_member_sees_no_amount_of_another(who: str):
    one = spokes()
    known = ready(one)
    client = client_of(one, who)
    for page in PAGES:
        body = client.get(f"/coops/{one.slug}/{page.format(**known)}").content.decode()
        for secret in ("Chi Okafor", "10,300.46", "1030046", "5,150.23", "515023"):
            assert secret not in body, page
