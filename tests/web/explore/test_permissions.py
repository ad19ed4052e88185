"""Exploring is for everybody; nobody changes anything by it, and who left is not found by it."""

from collections.abc import Callable

import pytest
from django.test import Client

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.web.explore.register import put, tie
from tests.world import START, World

PATHS = {
    "/explore/map/": 200,
    "/explore/map/?state=17": 200,
    "/explore/map.csv": 200,
    "/explore/map.geojson": 200,
    "/explore/outlines.json?state=17": 200,
    "/explore/around/mill/": 200,
    "/explore/around/gone/": 404,
    "/explore/around/nobody/": 404,
    "/explore/paths/?from=mill&to=barn": 200,
    "/explore/paths/?from=mill&to=gone": 422,
    "/explore/deliver/?at=mill": 200,
    "/explore/deliver/?at=gone": 422,
    "/api/explore/around/mill": 200,
    "/api/explore/around/gone": 404,
    "/api/explore/paths/mill/barn": 200,
    "/api/explore/paths/mill/gone": 404,
    "/api/explore/deliver?at=mill": 200,
    "/api/explore/deliver?at=gone": 422,
}


@pytest.mark.parametrize("who", ["anonymous", "bob", "alice"])
def test_everybody_sees_the_same_and_changes_nothing(
    world: World, signed_in: Callable[[Person], Client], who: str
) -> None:
    place = {"latitude": 40.7, "longitude": -89.6, "county": "17143"}
    mill, barn, gone = put("mill", **place), put("barn", **place), put("gone", **place)
    tie(mill, "funds", barn)
    tie(mill, "funds", gone)
    tie(gone, "funds", barn)
    Institution.objects.filter(pk=gone.pk).update(left_at=START, name="Tombstone")
    client = Client() if who == "anonymous" else signed_in(getattr(world, who))
    before = Entry.objects.count()
    told = {}
    for path in PATHS:
        answer = client.get(path)
        told[path] = answer.status_code
        assert b"Tombstone" not in answer.getvalue()
        assert b"/institutions/gone/" not in answer.getvalue()
    assert told == PATHS
    assert Entry.objects.count() == before
    for path in PATHS:
        assert client.post(path).status_code in (200, 403, 404, 405, 422)
    assert Entry.objects.count() == before
