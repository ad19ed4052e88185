"""Exploring by machine says what the pages say."""

import pytest
from django.test import Client

from tests.web.explore.register import put, tie

pytestmark = pytest.mark.django_db


def test_ties_around_an_institution_are_told() -> None:
    city, mill = put("city"), put("mill")
    tie(mill, "supplies", city, standing="said")
    assert Client().get("/api/explore/around/city").json() == {
        "institution": "city",
        "ties": [
            {
                "subject": "mill",
                "predicate": "supplies",
                "object": "city",
                "standing": "said",
                "synthetic": False,
            }
        ],
        "number_of_ties": 1,
    }


def test_paths_are_told_with_their_ties() -> None:
    city, mill, barn = put("city"), put("mill"), put("barn")
    tie(city, "funds", mill)
    tie(barn, "federated_in", mill, standing="said")
    told = Client().get("/api/explore/paths/city/barn").json()
    assert (told["steps"], told["more"], told["read_all"]) == (2, False, True)
    ((first, second),) = told["chains"]
    assert first["told"] == "City funds Mill."
    assert second["ties"] == [
        {
            "subject": "barn",
            "predicate": "federated_in",
            "object": "mill",
            "standing": "said",
            "synthetic": False,
        }
    ]
    assert Client().get("/api/explore/paths/city/barn?confirmed=true").json()["chains"] == []
    assert Client().get("/api/explore/paths/city/city").status_code == 422


def test_who_could_deliver_is_told_with_reasons() -> None:
    put("spokes", activity="AM120", latitude=40.70, longitude=-89.60)
    told = Client().get("/api/explore/deliver?q=repair&where=Peoria, IL&far=10").json()
    assert (told["around"], told["words"], told["number"], told["km"]) == (
        "Peoria, IL",
        ["repair"],
        1,
        16.09344,
    )
    assert told["candidates"][0]["institution"] == "spokes"
    assert Client().get("/api/explore/deliver").status_code == 422
    refused = Client().get("/api/explore/deliver?where=Xanadu by the Sea")
    assert refused.status_code == 422
    assert refused.json()["reason"].startswith("No such place is known here.")
