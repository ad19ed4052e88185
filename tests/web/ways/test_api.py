"""The ways and the agreed proposals by machine."""

from django.test import Client

from interlock.web.ways import actions
from interlock.web.ways.models import State
from tests.web.ways.stages import DAY, agreed, written
from tests.world import START, World


def test_agreed_proposal_is_told_with_text_and_signatures(world: World) -> None:
    sides = agreed(world)
    sides.move(State.IN_THE_WORKS, START + DAY)
    text = sides.latest()
    told = Client().get(f"/api/joint-proposals/{sides.number}").json()
    at = "2027-05-03T15:00:00Z"
    assert told == {
        "number": sides.number,
        "title": {"en": "Bread", "es": "Pan"},
        "way": "fair-bids",
        "state": "in_the_works",
        "agreed_at": at,
        "parties": ["city-of-riverbend", "mill"],
        "synthetic": False,
        "version": 3,
        "text": text.document,
        "sha256": text.fingerprint,
        "signatures": [
            {"institution": "city-of-riverbend", "signed_at": at, "withdrew_at": None},
            {"institution": "mill", "signed_at": at, "withdrew_at": None},
        ],
        "steps": [
            {
                "state": "in_the_works",
                "sentence": "So it stands.",
                "institution": "city-of-riverbend",
                "at": "2027-05-04T15:00:00Z",
            }
        ],
    }
    assert [one["number"] for one in Client().get("/api/joint-proposals").json()] == [sides.number]
    assert Client().get("/api/joint-proposals?offset=1").json() == []


def test_one_that_withdrew_stays_among_those_who_signed(world: World) -> None:
    sides = agreed(world)
    actions.leave(
        proposal=sides.proposal, acting=sides.mill, by=sides.mia, at=START + DAY, reason="Fire"
    )
    told = Client().get(f"/api/joint-proposals/{sides.number}").json()
    assert (told["state"], told["parties"]) == ("ended", ["city-of-riverbend", "mill"])
    assert [one["withdrew_at"] for one in told["signatures"]] == [None, "2027-05-04T15:00:00Z"]


def test_draft_is_told_to_nobody(world: World) -> None:
    sides = written(world)
    assert Client().get(f"/api/joint-proposals/{sides.number}").status_code == 404
    assert Client().get("/api/joint-proposals").json() == []


def test_ways_are_told_in_the_language_that_is_asked_for(world: World) -> None:
    agreed(world)
    ways = Client().get("/api/ways").json()
    assert [(one["number"], one["agreed"]) for one in ways] == [
        (number, 1 if one["slug"] == "fair-bids" else 0) for number, one in enumerate(ways, start=1)
    ]
    one = Client().get("/api/ways/fair-bids", headers={"accept-language": "es"}).json()
    assert one["title"] == "Compras en las que cuenta de quién es la empresa"
    assert [each["basis"] for each in one["evidence"]] == ["read"] * 3
    assert Client().get("/api/ways/none").status_code == 404
