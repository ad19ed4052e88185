"""The API: its description is a promise, kept as a file."""

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.world import World

SNAPSHOT = Path(__file__).with_name("openapi.json")


@pytest.mark.django_db
def test_description_is_the_one_that_was_promised() -> None:
    """A deliberate change is made here too: write the answer of /api/openapi.json to the file."""
    told = Client().get("/api/openapi.json").json()
    told["info"].pop("version")
    assert told == json.loads(SNAPSHOT.read_text())


def test_api_says_why_where_the_framework_refuses(world: World) -> None:
    """A session without its CSRF token, and a body that cannot be read."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.alice, backend="django.contrib.auth.backends.ModelBackend")
    body = {"content_type": "application/json"}
    told = client.post("/api/ties", {}, **body)
    assert (told.status_code, sorted(told.json())) == (403, ["reason", "remedy"])
    assert "CSRF token" in told.json()["reason"]
    client = Client()
    client.force_login(world.alice, backend="django.contrib.auth.backends.ModelBackend")
    told = client.post("/api/ties", "{", **body)
    assert (told.status_code, sorted(told.json())) == (400, ["reason", "remedy"])


def test_process_is_told_with_its_projects(world: World) -> None:
    client, url = Client(), f"/api/processes/{world.process.slug}"
    assert client.get(url).status_code == 404
    world.open()
    told = client.get(url).json()
    assert (told["phase"], told["money_minor_units"], told["institution"]) == (
        "open",
        20_000_000,
        "city-of-riverbend",
    )
    assert [(one["ref"], one["area"], one["delivery_partner"]) for one in told["projects"]] == [
        ("1", "city-wide", None),
        ("2", "city-wide", None),
        ("3", "harbor", "wheelhouse-cooperative"),
        ("4", "harbor", None),
    ]
    assert [one["slug"] for one in client.get("/api/processes").json()] == [world.process.slug]


def test_result_is_told_when_it_is_published(world: World) -> None:
    client, url = Client(), f"/api/processes/{world.process.slug}/result"
    world.open().cast_many(40).close().count()
    refused = client.get(url)
    assert (refused.status_code, "not published yet" in refused.json()["reason"]) == (409, True)
    world.publish()
    told = client.get(url).json()
    assert [(area["ref"], area["funded"], area["votes"]) for area in told["areas"]] == [
        ("city-wide", ["1"], {"1": 20, "2": 20}),
        ("harbor", ["3"], {"3": 40, "4": 0}),
    ]
    assert (told["ballots"], told["fingerprint"]) == (40, world.process.fingerprint)
