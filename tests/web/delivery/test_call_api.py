"""Calls by machine: the same as on the pages, and no more before the opening."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.delivery.calling import COST, Fair
from tests.world import DOLLARS


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def test_a_call_is_read_with_its_terms_and_no_bid(fair: Fair, now: datetime) -> None:
    fair.call(now)
    call = fair.published(now)
    fair.both_bid(call, now)
    (told,) = Client().get("/api/calls").json()
    assert (told["id"], told["stage"], told["budget"]) == (call.pk, "open", COST)
    whole = Client().get(f"/api/calls/{call.pk}").json()
    assert (whole["terms"], whole["offers"]) == (call.terms, [])
    assert Client().get(f"/api/calls/{call.pk}/ranking").status_code == 409


def test_drafts_are_nowhere(fair: Fair, now: datetime) -> None:
    call = fair.call(now)
    assert Client().get("/api/calls").json() == []
    assert Client().get(f"/api/calls/{call.pk}").status_code == 404


def test_offers_and_ranking_are_read_once_they_are_there(fair: Fair, now: datetime) -> None:
    call = fair.preferring(now)
    fair.both_bid(call, now)
    fair.ranked(call, now + timedelta(days=31))
    whole = Client().get(f"/api/calls/{call.pk}").json()
    assert whole["offers"] == [
        {"bidders": ["green-ltd"], "lot": 1, "price": 43_000 * DOLLARS, "excluded_for": ""},
        {
            "bidders": ["spokes-cooperative"],
            "lot": 1,
            "price": 45_000 * DOLLARS,
            "excluded_for": "",
        },
    ]
    (lot,) = Client().get(f"/api/calls/{call.pk}/ranking").json()["lots"]
    assert [one["offer"] for one in lot["ranking"]] == ["spokes-cooperative", "green-ltd"]
    assert [one["id"] for one in Client().get("/api/calls?state=past").json()] == [call.pk]
