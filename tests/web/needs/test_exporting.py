"""Needs and offers for other programs."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.methods.formats.murmurations import OFFERS_WANTS, read_offer
from interlock.web.needs.models import Contact, Item, Listing, Transaction
from tests.methods.formats.murmurations_facts import FACTS, wrong
from tests.web.needs.conftest import Town

pytestmark = pytest.mark.django_db
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def now(town: Town) -> Town:
    at = timezone.now()
    Listing.objects.update(posted_at=at, expires_at=at + timedelta(days=90))
    return town


def test_profile_keeps_to_the_schema_and_is_read_again(now: Town) -> None:
    answer = Client().get(f"/needs/{now.need.pk}/murmurations.json")
    told = answer.json()
    assert wrong(told, FACTS[OFFERS_WANTS]) == []
    assert (told["exchange_type"], told["title"], told["tags"], told["contact_details"]) == (
        "want", "Translation of the ballot", ["translation", "Spanish"],
        {"email": "budget@riverbend.example", "contact_form": f"{SITE}/needs/{now.need.pk}/ask/"},
    )  # fmt: skip
    offer, _notes = read_offer(answer.content)
    assert (offer.geographic_scope, offer.latitude, offer.tags) == (
        "local", 40.5, ("translation", "Spanish"),
    )  # fmt: skip


@pytest.mark.parametrize("item", Item)
@pytest.mark.parametrize("contact", Contact)
def test_every_profile_keeps_to_the_schema(now: Town, item: str, contact: str) -> None:
    Listing.objects.update(
        item_type=item, contact=contact, transaction_types=Transaction.values, tags=[], text="",
        latitude=None, longitude=None,
    )  # fmt: skip
    for listing in (now.need, now.offer):
        told = Client().get(f"/needs/{listing.pk}/murmurations.json").json()
        assert wrong(told, FACTS[OFFERS_WANTS]) == []
        assert ("email" in told["contact_details"]) is (
            contact == "published" and listing == now.need
        )


def test_addresses_of_all_that_is_open(now: Town) -> None:
    Listing.objects.filter(pk=now.offer.pk).update(expires_at=timezone.now() + timedelta(seconds=-1),
                                                   posted_at=timezone.now() - timedelta(days=2))  # fmt: skip
    answer = Client().get("/needs/murmurations.json")
    told = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert told == {"profiles": [f"{SITE}/needs/{now.need.pk}/murmurations.json"]}


def test_api_tells_a_listing_and_its_matches_with_reasons(now: Town) -> None:
    client = Client()
    told = client.get(f"/api/listings/{now.need.pk}").json()
    assert (told["institution"], told["title"]["es"], told["email"], told["of_process"]) == (
        "city-of-riverbend", "Traducción de la papeleta", "budget@riverbend.example", True,
    )  # fmt: skip
    (match,) = client.get(f"/api/listings/{now.need.pk}/matches").json()
    assert (match["listing"]["id"], match["reasons"][0], match["sentences"][0]) == (
        now.offer.pk, {"code": "tags", "words": {"": ["Spanish", "translation"]}},
        "Both are tagged: Spanish, translation",
    )  # fmt: skip
    assert "strength" not in match
    spanish = client.get(
        f"/api/listings/{now.need.pk}/matches", headers={"accept-language": "es"}
    ).json()
    assert len(spanish[0]["sentences"]) == 3


def test_api_lists_as_the_page_does(now: Town) -> None:
    client = Client()
    asked = [client.get(f"/api/listings{query}").json() for query in
             ("", "?exchange=want", "?q=lengua", "?tag=spanish&offset=1", "?offset=-5")]  # fmt: skip
    assert [[one["id"] for one in some] for some in asked] == [
        [now.offer.pk, now.need.pk], [now.need.pk], [now.offer.pk], [now.need.pk],
        [now.offer.pk, now.need.pk],
    ]  # fmt: skip
