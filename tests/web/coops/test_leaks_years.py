"""Nobody outside learns a name, an hour or an amount of the books, and members only their own."""

import pytest

from tests.web.coops.spokes import spokes
from tests.web.coops.test_pages_years import PAGES
from tests.web.coops.test_permissions_years import client_of, ready

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


@pytest.mark.parametrize("who", ["member", "candidate"])
def test_member_sees_no_amount_of_another(who: str):
    one = spokes()
    known = ready(one)
    client = client_of(one, who)
    for page in PAGES:
        body = client.get(f"/coops/{one.slug}/{page.format(**known)}").content.decode()
        for secret in ("Chi Okafor", "10,300.46", "1030046", "5,150.23", "515023"):
            assert secret not in body, page
