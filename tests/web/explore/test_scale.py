"""Ten times the institutions and ties: not one question more on any page."""

from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.explore.register import KINGS, fill, put

pytestmark = pytest.mark.django_db

PAGES: Mapping[str, str] = {
    "map": "/explore/map/",
    "map, state": "/explore/map/?state=17",
    "map, county": f"/explore/map/?county={KINGS}",
    "map, part": "/explore/map/?country=US&box=-90.0,40.0,-89.0,41.0",
    "map, narrowed": "/explore/map/?q=garden&kind=worker_coop&activity=AM60",
    "map, file": "/explore/map.csv",
    "map, points": "/explore/map.geojson?state=17&q=garden",
    "map, outlines": "/explore/outlines.json?state=17",
    "around": "/explore/around/hub/",
    "around, two steps": "/explore/around/hub/?steps=2",
    "paths, choosing": "/explore/paths/?from=garden&to=repair",
    "deliver": "/explore/deliver/?q=garden+repair&where=Peoria,+IL",
    "deliver, around one": "/explore/deliver/?at=hub",
    "register": "/institutions/",
    "register, part of the map": "/institutions/?state=17&q=garden",
    "institution": "/institutions/hub/",
}
MOST = 8
#: The register's page, which other rooms' panels stand on as well.
MORE = {"institution": 15}


def questions(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = Client().get(path)
        assert answer.getvalue()
    assert answer.status_code == 200
    return len(captured)


def test_pages_ask_no_more_with_ten_times_as_much() -> None:
    put("hub", latitude=40.7, longitude=-89.6, county="17143", place="Peoria")
    fill(300, 1_200)
    before = {name: questions(path) for name, path in PAGES.items()}
    fill(2_700, 10_800, seed=2)
    after = {name: questions(path) for name, path in PAGES.items()}
    # A crowded map names nobody who stands alone, and asks once less.
    assert {name for name in PAGES if after[name] > before[name]} == set()
    over = {name: number for name, number in after.items() if number > MORE.get(name, MOST)}
    assert over == {}


def test_paths_ask_twice_a_level_however_much_there_is() -> None:
    put("hub")
    fill(300, 1_200)
    put("alone")
    few = (
        questions("/explore/paths/?from=hub&to=alone"),
        questions("/explore/paths/?from=one-9&to=one-200"),
    )
    fill(2_700, 10_800, seed=2)
    many = (
        questions("/explore/paths/?from=hub&to=alone"),
        questions("/explore/paths/?from=one-9&to=one-200"),
    )
    assert max(*few, *many) <= 2 * 6 + 3
