"""The register as a map: what is drawn where, and the table, the list and the file that say the same."""

import csv
import gzip
import io
import re

import pytest
from django.test import Client
from django.utils import translation

from interlock.methods.places.atlas import united_states
from interlock.web.explore import mapping
from interlock.web.explore.boundaries import ATLAS_SOURCE
from interlock.web.explore.mapping import EDGE, PAGE_WIDTH, look
from interlock.web.institutions.models import Institution, Kind
from interlock.web.institutions.queries import search, wanted
from tests.web.explore.register import KINGS, PEORIA, TAZEWELL, fill, put
from tests.world import START

pytestmark = pytest.mark.django_db


def page(query: str = "", **given: str) -> str:
    answer = Client().get(f"/explore/map/{query}", given or None)
    assert answer.status_code == 200
    return answer.content.decode()


def three_places() -> None:
    """Two in Peoria County, one in Tazewell County, one in Brooklyn, one of Illinois without a county."""
    put("city", Kind.PUBLIC_BODY, county=PEORIA, latitude=40.70, longitude=-89.59)
    put("mill", county=PEORIA, latitude=40.85, longitude=-89.75)
    put("barn", county=TAZEWELL, latitude=40.51, longitude=-89.51)
    put("pier", "firm", county=KINGS)
    put("road", region="Illinois")


def marks(**asked: str) -> list[tuple[str, int, str]]:
    return [(one.name, one.sum.number, one.sum.sign) for one in look(wanted(asked)).marks]


def test_country_is_drawn_by_states() -> None:
    three_places()
    assert marks() == [("Illinois", 4, "both"), ("New York", 1, "other")]
    rows = [
        (row.name, row.sum.public, row.sum.coops, row.sum.others) for row in look(wanted({})).rows
    ]
    assert rows == [("Illinois", 1, 3, 0), ("New York", 0, 0, 1)]
    text = page()
    assert 'href="?country=US&amp;state=17"' in text
    assert "5 institutions: 1 public body, 3 co-ops, 1 other." in re.sub(r"\s+", " ", text)


def test_state_is_drawn_by_counties() -> None:
    three_places()
    assert marks(state="17") == [("Peoria County", 2, "both"), ("Barn", 1, "co-op")]
    picture = look(wanted({"state": "17"}))
    assert [(row.name, row.sum.number) for row in picture.rows] == [
        ("Peoria County", 2),
        ("Tazewell County", 1),
        ("No county said", 1),
    ]
    assert picture.unplaced == 1
    assert [one.name for one in picture.neighbors] == [
        "Indiana", "Iowa", "Kentucky", "Missouri", "Wisconsin",
    ]  # fmt: skip
    text = page(state="17")
    assert 'href="?country=US&amp;county=17179"' in text
    assert 'href="/institutions/barn/"' in text


def test_county_is_drawn_by_what_lies_near_each_other() -> None:
    three_places()
    assert sorted(marks(county=PEORIA)) == [("City", 1, "public"), ("Mill", 1, "co-op")]
    text = page(county=PEORIA)
    assert 'href="/institutions/mill/"' in text
    assert "Barn" not in text


def test_those_near_each_other_lead_to_a_closer_map_and_then_to_the_list() -> None:
    for number in range(3):
        put(f"one-{number}", county=PEORIA, latitude=40.7, longitude=-89.59)
    put("far", county=PEORIA, latitude=40.9, longitude=-89.7)
    (near,) = [one for one in look(wanted({"county": PEORIA})).marks if one.sum.number == 3]
    assert near.url.startswith(f"?country=US&county={PEORIA}&box=")
    for _closer in range(9):
        closer = Client().get(f"/explore/map/{near.url}").context["map"]
        assert closer.total.number == 3
        (near,) = closer.marks
        if not near.url.startswith("?"):
            break
    assert near.url.startswith("/institutions/?country=US")
    assert Client().get(near.url).context["found"].number == 3


def test_map_and_list_find_the_same() -> None:
    fill(120, 0)
    for asked in (
        {"country": "US"},
        {"country": "US", "state": "17"},
        {"country": "US", "county": KINGS},
        {"country": "US", "box": "-90.0,40.0,-89.0,41.0"},
        {"country": "US", "kind": "firm", "state": "17"},
        {"country": "US", "q": "garden 1"},
        {"country": "US", "group": "cooperative", "activity": "AM60"},
    ):
        picture = look(wanted(asked))
        assert picture.total.number == search(wanted(asked)).number > 0
        listed = Client().get(picture.list_address).context["found"].number
        assert listed == picture.total.number


def test_register_leads_to_the_map_of_what_it_shows() -> None:
    three_places()
    put("quay", region="Illinois", country="FR")
    for query, path, number in (
        ("", "/explore/map/", 5),
        ("?country=US&region=Illinois", "/explore/map/?country=US&region=Illinois", 4),
        ("?kind=firm&q=pier", "/explore/map/?q=pier&kind=firm", 1),
        ("?country=FR&region=Illinois", "/explore/map/?country=FR&region=Illinois", 1),
    ):
        (view,) = Client().get(f"/institutions/{query}").context["views"]
        assert view.url == path
        assert Client().get(view.url).context["map"].total.number == number


def test_state_is_found_by_its_name_or_code_where_no_county_is_said() -> None:
    put("a", region="new york")
    put("b", region="NY")
    put("c", county=KINGS, region="Elsewhere")
    put("d", region="Nowhere")
    assert [(row.name, row.sum.number) for row in look(wanted({})).rows] == [
        ("New York", 3),
        ("No state said", 1),
    ]
    assert search(wanted({"state": "36"})).number == 3


def test_who_says_no_state_is_drawn_where_it_is() -> None:
    put("alone", latitude=40.7, longitude=-89.6)
    (mark,) = look(wanted({})).marks
    assert (mark.name, mark.url) == ("Alone", "/institutions/alone/")


def test_who_left_is_nowhere() -> None:
    three_places()
    Institution.objects.filter(slug="barn").update(left_at=START)
    assert ("Illinois", 3, "both") in marks()
    for query in ("?state=17", f"?county={TAZEWELL}", "?state=17&q=barn"):
        assert "/institutions/barn/" not in page(query)
    assert b"Barn" not in Client().get(f"/explore/map.csv?county={TAZEWELL}").content


def test_other_country_is_drawn_as_points_between_degrees() -> None:
    put("leeds", country="GB", latitude=53.8, longitude=-1.55)
    put("london", country="GB", latitude=51.5, longitude=-0.12)
    text = page(country="GB")
    assert "Nobody placed the boundaries of this country here yet" in text
    assert "interlock map" not in text
    assert sorted(marks(country="GB")) == [("Leeds", 1, "co-op"), ("London", 1, "co-op")]
    assert "52°N" in text


def test_degrees_at_the_right_edge_stand_within_the_drawing() -> None:
    put("penzance", country="GB", latitude=50.12, longitude=-5.54)
    put("lowestoft", country="GB", latitude=52.48, longitude=1.75)
    lines = look(wanted({"country": "GB"})).graticule
    assert {one.anchor for one in lines} == {"start", "end"}
    for one in lines:
        taken = (-EDGE, 0) if one.anchor == "end" else (0, EDGE)
        assert [one.x + taken[0] >= 0, one.x + taken[1] <= PAGE_WIDTH] == [True, True]


def test_credit_of_the_boundaries_is_that_of_the_atlas_in_the_readers_language() -> None:
    assert united_states().sources == (ATLAS_SOURCE,)
    assert "us-atlas" in page()


def test_countries_are_listed_the_largest_first() -> None:
    three_places()
    put("leeds", country="GB", latitude=53.8, longitude=-1.55)
    put("lost", country="")
    picture = look(wanted({}))
    assert [(one.code, one.number) for one in picture.others] == [("US", 5), ("GB", 1)]
    assert picture.without_country == 1
    assert look(wanted({"country": "GB", "state": "17"})).level == "near"


def test_empty_register_is_drawn_as_well() -> None:
    assert "No institution here matches." in page()
    assert "No institution here matches." in page(country="FR")
    assert "No institution here matches." in page(county="99001", state="99")


@pytest.mark.parametrize(
    "query",
    [
        "?state=xx",
        "?county=1",
        "?box=1,2,3",
        "?box=nan,0,1,1",
        "?box=5,0,1,1",
        "?box=-180.0,-90.0,180.0,90.0",
        "?country=ZZ",
        "?country=US&state=60",
        "?country=FR&box=2.0,48.0,2.0,48.0",
        "?country=US&box=2.0,48.0,3.0,49.0",
        "?q=%00",
        "?county=17999",
    ],
)
def test_what_nobody_could_have_chosen_is_no_error(query: str) -> None:
    three_places()
    page(query)


def test_file_says_what_is_drawn() -> None:
    three_places()
    put("formula", "firm", county=PEORIA, latitude=40.9, longitude=-89.7, name="=cmd()")
    answer = Client().get("/explore/map.csv?country=US")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["code"], row["name"], row["co_ops"], row["all"]) for row in rows] == [
        ("17", "Illinois", "3", "5"),
        ("36", "New York", "0", "1"),
    ]
    near = Client().get(f"/explore/map.csv?county={PEORIA}").content.decode()
    assert "'=cmd()" in near
    assert "40.9" in near


def test_most_marks_are_a_bound_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "MOST_MARKS", 1)
    three_places()
    picture = look(wanted({}))
    assert (len(picture.marks), picture.hidden, picture.total.number) == (1, 1, 5)
    assert "1 smaller sign is not drawn." in page()


def test_map_is_light_on_the_wire() -> None:
    fill(400, 0)
    for query in ("", "?state=48", "?state=51", "?state=17", f"?county={KINGS}"):
        assert len(gzip.compress(page(query).encode())) < 60_000


def test_map_has_no_inline_style_and_names_its_links() -> None:
    three_places()
    text = page()
    assert "style=" not in text
    assert 'role="group"' in text
    assert 'aria-label="Illinois: 1 public body, 3 co-ops"' in text


def test_numbers_in_the_drawing_have_points_in_every_language() -> None:
    three_places()
    put("leeds", country="GB", latitude=53.8, longitude=-1.55)
    for query in ("?country=US&language=es", "?country=GB&language=es"):
        with translation.override("es"):
            drawing = Client().get(f"/explore/map/{query}", follow=True).content.decode()
        drawing = drawing[drawing.index("data-map") : drawing.index("</svg>")]
        assert re.findall(r'(?:transform|x|y|r)="[^"]*\d,\d[^"]*"', drawing) == []
