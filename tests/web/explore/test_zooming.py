"""What the map that can be zoomed is drawn from: the same search, the same frame, the same areas."""

import gzip
import json
import re
from typing import Any

import pytest
from django.test import Client

from interlock.methods.places.projection import albers_usa
from interlock.web.explore import zooming
from interlock.web.explore.mapping import look
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.queries import wanted
from tests.web.explore.register import KINGS, PEORIA, fill, put
from tests.world import START

pytestmark = pytest.mark.django_db


def told(address: str, **asked: str) -> dict[str, Any]:
    answer = Client().get(address, asked)
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.getvalue())
    return found


def test_points_are_those_of_the_search_where_the_map_draws_them() -> None:
    put("city", Kind.PUBLIC_BODY, county=PEORIA, latitude=40.7, longitude=-89.59)
    put("mill", county=PEORIA, latitude=40.85, longitude=-89.75, placed_by="town")
    put("pier", "firm", county=KINGS)
    put("road", region="Illinois")
    put("gone", latitude=40.7, longitude=-89.6, left_at=START)
    file = told("/explore/map.geojson")
    assert "GeoNames" in file["attribution"]
    city, mill, pier, road = file["features"]
    assert city["id"].endswith("/institutions/city/")
    assert city["geometry"] == {"type": "Point", "coordinates": [-89.59, 40.7]}
    drawn = albers_usa(40.7, -89.59)
    assert drawn
    assert city["properties"] == {
        "name": "City",
        "kind": str(Kind.objects.get(pk=Kind.PUBLIC_BODY)),
        "sign": "public",
        "at": [round(one, 3) for one in drawn],
        "rough": False,
    }
    assert (mill["properties"]["sign"], mill["properties"]["rough"]) == ("co-op", True)
    # One that says its county alone is at the middle of it; one that says its state alone nowhere.
    assert (pier["properties"]["sign"], pier["properties"]["rough"]) == ("other", True)
    assert pier["geometry"] is None
    assert "at" not in road["properties"]
    narrowed = told("/explore/map.geojson", state="17", kind=Kind.WORKER_COOP, q="mill")
    assert [one["properties"]["name"] for one in narrowed["features"]] == ["Mill"]


def test_points_of_another_country_lie_in_its_frame() -> None:
    put("north", country="GB", latitude=55.0, longitude=-3.0)
    put("south", country="GB", latitude=51.0, longitude=-1.0)
    north, south = told("/explore/map.geojson", country="GB")["features"]
    ground = look(wanted({"country": "GB"})).ground
    at = ground.project(55.0, -3.0)
    assert at
    assert north["properties"]["at"] == [round(one, 3) for one in at]
    assert north["properties"]["at"][1] < south["properties"]["at"][1]


def test_most_points_are_a_bound_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two", "three"):
        put(name, latitude=40.7, longitude=-89.6)
    monkeypatch.setattr(zooming, "MOST_POINTS", 2)
    found = told("/explore/map.geojson")["features"]
    assert [one["properties"]["name"] for one in found] == ["One", "Two"]
    text = re.sub(r"\s+", " ", Client().get("/explore/map/").content.decode())
    assert "Only the first 2 of the register are drawn." in text
    assert 'data-most="2"' in text


def test_outlines_are_the_areas_of_the_picture() -> None:
    put("mill", county=PEORIA, latitude=40.85, longitude=-89.75)
    (country,) = told("/explore/outlines.json")["layers"]
    assert (country["units"], country["faint"], len(country["areas"])) == (10, False, 53)
    illinois = next(one for one in country["areas"] if one["name"] == "Illinois")
    assert (illinois["filled"], illinois["url"]) == (True, "?country=US&state=17")
    beside, counties = told("/explore/outlines.json", state="17")["layers"]
    assert (beside["faint"], counties["units"], len(counties["areas"])) == (True, 100, 102)
    filled = [one["name"] for one in counties["areas"] if one["filled"]]
    assert filled == ["Peoria County"]


def test_what_is_fetched_is_light() -> None:
    """Texas has the most counties. The points of a thousand are less than its outlines."""
    fill(1_000, 0)
    for address, most in (
        ("/explore/outlines.json", 18_000),
        ("/explore/outlines.json?state=48", 26_000),
        ("/explore/map.geojson", 40_000),
    ):
        assert len(gzip.compress(Client().get(address).getvalue())) < most, address


def test_layer_and_its_library_come_only_when_asked_for() -> None:
    """The page names them in a template, which a browser does not load."""
    text = Client().get("/explore/map/").content.decode()
    head, template = text.split("<template", 1)
    assert "leaflet" not in head
    assert 'data-leaflet="/static/js_lib_leaflet/leaflet' in template
    assert "leaflet" not in text.split("</template>")[1]


def test_name_with_signs_of_markup_stays_a_name() -> None:
    put("odd", latitude=40.7, longitude=-89.6)
    Institution.objects.update(name='<b>"Tools" & more</b>')
    (one,) = told("/explore/map.geojson")["features"]
    assert one["properties"]["name"] == '<b>"Tools" & more</b>'
