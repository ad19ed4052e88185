"""The pages of ties."""

from collections.abc import Callable

import pytest
from django.test import Client

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.ties.actions import confirm
from interlock.web.ties.models import Standing, Tie
from tests.web.ties.conftest import LATER
from tests.world import World

SignIn = Callable[[Person], Client]


def test_tie_is_recorded_and_the_other_side_confirms_it(
    world: World, mill: Institution, signed_in: SignIn
) -> None:
    alice, bob = signed_in(world.alice), signed_in(world.bob)
    page = alice.get("/ties/new/?q=mill").content.decode()
    assert "with=mill" in page
    url = "/ties/new/?as=city-of-riverbend&with=mill"
    assert alice.get(url).status_code == 200
    said = {"does": "funds", "since": "2026-01-01", "amount": "1,200.50", "currency": "USD"}
    answer = alice.post(url, said)
    tie = Tie.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/ties/{tie.pk}/")
    assert (tie.amount, tie.currency, tie.standing) == (120_050, "USD", Standing.SAID)
    page = alice.get(answer["Location"]).content.decode()
    assert "Said by City of Riverbend, not confirmed by Mill yet" in page
    assert "Yes, it is so" not in page
    assert "Is this so? City of Riverbend funds Mill" in bob.get("/desk/").content.decode()
    page = bob.get(f"/ties/{tie.pk}/").content.decode()
    assert "Yes, it is so" in page
    read = tie.fingerprint
    answer = bob.post(f"/ties/{tie.pk}/act/", {"speaker": "mill", "act": "confirm", "read": read})
    assert answer.status_code == 302
    page = Client().get(f"/ties/{tie.pk}/").content.decode()
    assert ("Confirmed by both." in page, "$1,200.50" in page) == (True, True)


@pytest.mark.parametrize(
    "url",
    [
        "/ties/",
        "/ties/of/mill/",
        "/ties/words/",
        "/institutions/mill/",
        "/ties/?q=mill&predicate=funds&state=said",
        "/ties/?state=disputed",
    ],
)
def test_pages_are_for_everybody(funds: Tie, url: str) -> None:
    assert Client().get(url).status_code == 200


def test_institutions_page_tells_ties_from_its_side(funds: Tie, world: World) -> None:
    page = Client().get("/institutions/mill/").content.decode()
    assert "Is funded by" in page
    assert "Not confirmed yet" in page
    page = Client().get(world.city.get_absolute_url()).content.decode()
    assert "<h3>Funds</h3>" in page


def test_change_waits_for_the_other_side(
    funds: Tie, world: World, mill: Institution, signed_in: SignIn
) -> None:
    confirm(tie=funds, speaker=mill, by=world.bob, at=LATER)
    alice, bob = signed_in(world.alice), signed_in(world.bob)
    url = f"/ties/{funds.pk}/change/"
    page = alice.get(url).content.decode()
    assert 'value="12,000.50"' in page
    answer = alice.post(
        url,
        {
            "amount": "9,000",
            "currency": "USD",
            "until": "2027-01-01",
            "speaker": "city-of-riverbend",
        },
    )
    assert answer.status_code == 302
    funds.refresh_from_db()
    assert (funds.amount, funds.standing) == (1_200_050, Standing.CONFIRMED)
    page = bob.get(f"/ties/{funds.pk}/").content.decode()
    assert ("Yes, change it" in page, "$9,000" in page) == (True, True)
    read = funds.change.fingerprint
    bob.post(f"/ties/{funds.pk}/act/", {"speaker": "mill", "act": "agree", "read": read})
    funds.refresh_from_db()
    assert (funds.amount, funds.standing) == (900_000, Standing.CONFIRMED)
