"""Put on the map by a ZIP code or a town: in the form, at import, and told in what goes out."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client

from interlock.methods.places.gazetteer import packaged
from interlock.web.institutions import exporting, importing, whereabouts
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind, PlacedBy
from interlock.web.people.models import Person
from tests.world import START, World

SignIn = Callable[[Person], Client]
FORM = {"name_0": "Mill", "kind": "worker_coop", "country": "US"}
ROCHESTER = (43.1548, -77.6156, "36055", 2019, PlacedBy.TOWN)
BRONX = (40.8222, -73.9226, "36005", 2019, PlacedBy.ZIP)
NOWHERE = (None, None, "", None, "")


def place_of(institution: Institution) -> tuple[object, ...]:
    one = institution
    return one.latitude, one.longitude, one.county, one.county_year, one.placed_by


@pytest.fixture
def bob(world: World, signed_in: SignIn) -> Client:
    return signed_in(world.bob)


def registered(client: Client, **posted: str) -> Institution:
    answer = client.post("/institutions/new/", {**FORM, **posted})
    assert answer.status_code == 302, answer.content.decode()
    return Institution.objects.latest("pk")


@pytest.mark.parametrize(
    ("posted", "placed"),
    [
        ({"place": "Rochester", "region": "New York"}, ROCHESTER),
        ({"place": "rochester", "region": "NY"}, ROCHESTER),
        ({"postcode": "10451"}, BRONX),
        ({"postcode": "10451-1234", "place": "Rochester", "region": "NY"}, BRONX),
        # A ZIP code of another state is a slip; the town and the state agree.
        ({"postcode": "10451", "place": "Rochester", "region": "Minnesota"},
         (44.0216, -92.4699, "27109", 2019, PlacedBy.TOWN)),
        ({"place": "Bronx County", "region": "NY"},
         (40.8505, -73.8618, "36005", 2019, PlacedBy.COUNTY)),
        ({"place": "Rochester", "region": "NY", "country": "CA"}, NOWHERE),
        ({"place": "Rochester", "region": "Upstate"}, NOWHERE),
        ({"place": "Erewhon", "region": "NY"}, NOWHERE),
        ({"place": "Erewhon"}, NOWHERE),
        ({"region": "NY"}, NOWHERE),
        ({}, NOWHERE),
        # Its own coordinates stand; the county is said only where it is sure.
        ({"place": "Rochester", "region": "NY", "latitude": "43.155", "longitude": "-77.616"},
         (43.155, -77.616, "36055", 2019, PlacedBy.NEAR)),
        ({"latitude": "40.82", "longitude": "-73.92"}, (40.82, -73.92, "", None, "")),
        ({"latitude": "0", "longitude": "0"}, (0, 0, "", None, "")),
    ],
    ids=range(15),
)  # fmt: skip
def test_form_puts_it_on_the_map(
    bob: Client, posted: dict[str, str], placed: tuple[object, ...]
) -> None:
    assert place_of(registered(bob, **posted)) == pytest.approx(placed, abs=0.0002)


def test_town_of_many_states_asks_which(bob: Client) -> None:
    answer = bob.post("/institutions/new/", {**FORM, "place": "Rochester"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is a Rochester in more than one state: New York, Minnesota, New Hamp" in text
    unique = registered(bob, place="Poughkeepsie")
    assert (unique.county, unique.placed_by) == ("36027", PlacedBy.TOWN)


def test_what_was_found_by_a_town_moves_with_it(bob: Client) -> None:
    mill = registered(bob, place="Rochester", region="NY")
    page = bob.get("/institutions/mill/edit/").content.decode()
    assert "43.15" not in page
    assert "GeoNames" in page
    moved = {**FORM, "place": "Rochester", "region": "MN"}
    assert bob.post("/institutions/mill/edit/", moved).status_code == 302
    mill.refresh_from_db()
    assert mill.county == "27109"
    bob.post("/institutions/mill/edit/", {**moved, "latitude": "44.02", "longitude": "-92.47"})
    mill.refresh_from_db()
    assert place_of(mill) == (44.02, -92.47, "27109", 2019, PlacedBy.NEAR)
    assert "44.02" in bob.get("/institutions/mill/edit/").content.decode()
    bob.post("/institutions/mill/edit/", {**moved, "country": "CA"})
    mill.refresh_from_db()
    assert place_of(mill) == NOWHERE


def test_page_and_files_tell_that_it_is_no_address(bob: Client) -> None:
    registered(bob, place="Rochester", region="NY")
    page = Client().get("/institutions/mill/").content.decode()
    for told in ("43.1548, -77.6156 (the middle of its town)", "Monroe County, NY", "GeoNames",
                 "creativecommons.org/licenses/by/4.0/"):  # fmt: skip
        assert told in page
    features = json.loads("".join(exporting.map_file()))["features"]
    told = {one["properties"]["name"]: one["properties"].get("placed_by") for one in features}
    assert told["Mill"] == "town"
    heads, *rows = [line.split(",") for line in "".join(exporting.csv()).splitlines()]
    mill = dict(zip(heads, next(row for row in rows if "Mill" in row), strict=True))
    names = ("Latitude", "Longitude", "Geo Container Latitude", "Geo Container Longitude")
    assert [mill[name] for name in names] == ["", "", "43.1548", "-77.6156"]


def test_page_of_one_elsewhere_owes_no_attribution(world: World) -> None:
    assert "GeoNames" not in Client().get(world.city.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10451", [("10451, NY", "zip", "36005", "Bronx County, NY")]),
        ("Bronx County", [("Bronx County, NY", "county", "36005", "Bronx County, NY")]),
        ("Rochester, NY", [("Rochester, NY", "town", "36055", "Monroe County, NY")]),
        ("Erewhon", []),
    ],
)
def test_other_rooms_ask_where_a_text_is(text: str, found: list[tuple[str, ...]]) -> None:
    told = whereabouts.candidates(text)
    assert [(one.label, one.placed_by, one.county, one.county_name) for one in told] == found
    assert {one.county_year for one in told} <= {2019}


def test_packaged_gazetteer_is_read_once() -> None:
    assert packaged() is packaged()


HEAD = "Name,Locality,Region,Postcode,Country Name,Latitude,Longitude,Website\n"
ROWS = (
    "Mill,Rochester,NY,,US,,,\n"
    "Dock,,,10451,US,,,\n"
    "Pier,Rochester,NY,,US,43.155,-77.616,\n"
    "Quay,Rochester,,,US,,,\n"
    "Hut,Lyon,,,FR,,,\n"
)


def entered(text: str, **choices: Any) -> Mapping[str, int]:
    _held, planned = importing.enter_at_once(
        data=text.encode(), file_name="list.csv", choices=importing.Choices(**choices), at=START
    )
    return {outcome: number for outcome, number in planned.counts.items() if number}


def placed() -> dict[str, tuple[object, ...]]:
    return {str(one.name): place_of(one) for one in Institution.objects.all()}


@pytest.mark.django_db
def test_list_is_put_on_the_map_and_nothing_changes_the_second_time() -> None:
    assert entered(HEAD + ROWS) == {"created": 5}
    assert placed() == {
        "Mill": ROCHESTER, "Dock": BRONX, "Pier": (43.155, -77.616, "36055", 2019, PlacedBy.NEAR),
        "Quay": NOWHERE, "Hut": NOWHERE,
    }  # fmt: skip
    assert entered(HEAD + ROWS) == {"unchanged": 5}


@pytest.mark.django_db
def test_middle_of_a_town_never_replaces_an_address() -> None:
    entered(HEAD + "Pier,Rochester,NY,,US,43.155,-77.616,\n")
    before = placed()
    assert entered(HEAD + "Pier,Rochester,NY,,US,,,https://pier.example\n") == {"matched": 1}
    assert placed() == before


@pytest.mark.django_db
def test_address_replaces_the_middle_of_a_town_and_its_mark() -> None:
    entered(HEAD + "Mill,Rochester,NY,,US,,,\n")
    assert entered(HEAD + "Mill,Rochester,NY,,US,43.2,-77.7,\n") == {"matched": 1}
    latitude, longitude, _county, _year, by = placed()["Mill"]
    assert (latitude, longitude, by) == (43.2, -77.7, PlacedBy.NEAR)


@pytest.mark.django_db
def test_middle_of_a_zip_code_that_is_far_is_no_reason_to_be_another() -> None:
    entered(HEAD + "Dock,,,10451,US,,,https://dock.example\n")
    assert entered(HEAD + "Dock,,,,US,40.9,-73.7,https://dock.example\n") == {"matched": 1}
    assert placed()["Dock"][:2] == (40.9, -73.7)


@pytest.mark.django_db
def test_import_that_put_it_on_the_map_is_undone_whole() -> None:
    mill = register(name="Mill", kind=Kind.WORKER_COOP, place="Rochester", country="US", at=START)
    held, _planned = importing.enter_at_once(
        data=(HEAD + "Mill,Rochester,NY,,US,,,\n").encode(), file_name="list.csv",
        choices=importing.Choices(), at=START,
    )  # fmt: skip
    mill.refresh_from_db()
    assert place_of(mill) == ROCHESTER
    importing.undo(entering=held, at=START)
    mill.refresh_from_db()
    assert place_of(mill) == NOWHERE


@pytest.mark.django_db
def test_coordinates_of_an_area_in_a_list_are_marked_as_such() -> None:
    text = "Name,Country Name,Geo Container Latitude,Geo Container Longitude\nMill,GB,53.5,-2.25\n"
    assert entered(text) == {"created": 1}
    assert placed()["Mill"] == (53.5, -2.25, "", None, PlacedBy.AREA)


@pytest.mark.django_db
def test_file_that_goes_out_comes_back_as_it_was() -> None:
    entered(HEAD + ROWS)
    again = "".join(exporting.csv())
    before = placed()
    assert entered(again) == {"unchanged": 5}
    assert placed() == before
    Institution.objects.all().delete()
    entered(again)
    marks = {name: place[-1] for name, place in placed().items()}
    assert marks == {"Mill": "area", "Dock": "area", "Pier": "near", "Quay": "", "Hut": ""}
