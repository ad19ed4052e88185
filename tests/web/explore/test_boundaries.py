"""A country's boundaries that whoever runs the site has placed."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from interlock.methods.formats.geojson import read_boundaries
from interlock.web.explore import boundaries
from interlock.web.explore.boundaries import file_of, ground_of, reduced
from interlock.web.explore.mapping import look
from interlock.web.institutions.queries import wanted
from tests.web.explore.register import put

NORTH = [[-4, 53], [0, 53], [0, 56], [-4, 56], [-4, 53]]
SOUTH = [[-4, 50], [0, 50], [0, 53], [-4, 53], [-4, 50]]


def geojson(**areas: object) -> bytes:
    features = [
        {
            "type": "Feature",
            "id": name,
            "properties": {"name": name.capitalize()},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for name, ring in areas.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@pytest.fixture
def placed(tmp_path: Path, settings: Settings) -> Path:
    """Britain in two halves, placed."""
    settings.INTERLOCK_HOME = tmp_path
    file = file_of("GB")
    file.parent.mkdir()
    given = reduced(read_boundaries(geojson(north=NORTH, south=SOUTH)), "Made up, CC0")
    file.write_text(json.dumps(given))
    return file


def test_areas_are_drawn_with_their_source_and_lead_closer(placed: Path, db: None) -> None:
    put("leeds", country="GB", latitude=53.8, longitude=-1.55)
    put("oxford", country="GB", latitude=51.75, longitude=-1.25)
    answer = Client().get("/explore/map/?country=GB")
    text = answer.content.decode()
    assert "Made up, CC0" in text
    assert "Nobody placed the boundaries" not in text
    (layer,) = answer.context["map"].layers
    assert [one.name for one in layer.drawn] == ["North", "South"]
    closer = Client().get(f"/explore/map/{layer.drawn[0].url}").context["map"]
    assert [one.name for one in closer.marks] == ["Leeds"]


def test_point_is_drawn_within_its_area(placed: Path) -> None:
    ground = ground_of("GB", None)
    leeds = ground.project(53.8, -1.55)
    assert leeds
    left, top, right, bottom = ground.shapes[0].box
    assert left < leeds[0] < right
    assert top < leeds[1] < bottom


def test_file_is_read_once_and_again_when_it_changed(placed: Path) -> None:
    assert ground_of("GB", None) is ground_of("GB", None)
    placed.write_bytes(geojson(whole=NORTH))
    os.utime(placed, ns=(1, 1))
    assert [one.name for one in ground_of("GB", None).shapes] == ["Whole"]


def test_broken_file_is_told_and_points_are_drawn_still(placed: Path, db: None) -> None:
    placed.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature"')
    put("leeds", country="GB", latitude=53.8, longitude=-1.55)
    picture = look(wanted({"country": "GB"}))
    assert picture.ground.shapes == ()
    assert picture.ground.trouble
    assert [one.name for one in picture.marks] == ["Leeds"]
    assert "cannot be drawn" in Client().get("/explore/map/?country=GB").content.decode()


def test_reducing_keeps_one_common_border(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundaries, "MOST_POSITIONS", 60)
    border = [[-4 + number / 100, 53 + (number % 7) / 1000] for number in range(401)]
    north = [*border, [0, 56], [-4, 56], border[0]]
    south = [[-4, 50], [0, 50], *border[::-1], [-4, 50]]
    told = json.dumps(reduced(read_boundaries(geojson(north=north, south=south)), "")).encode()
    one, other = read_boundaries(told).areas
    upper, lower = set(one.polygons[0][0]), set(other.polygons[0][0])
    shared = upper & lower
    assert len(upper) + len(lower) <= 60
    assert {point for point in upper if point[1] < 54} == shared
    assert {point for point in lower if point[1] > 52} == shared


def test_no_name_leads_out_of_the_folder(placed: Path) -> None:
    assert ground_of("../GB", None).shapes == ()
