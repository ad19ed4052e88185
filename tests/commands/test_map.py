"""`interlock map`: boundaries are checked before they are placed, and a fault says where it is."""

import json
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from interlock.__main__ import main
from interlock.web.explore.boundaries import file_of, ground_of
from tests.web.explore.test_boundaries import NORTH, SOUTH, geojson


@pytest.fixture
def file(tmp_path: Path, settings: Settings) -> Path:
    settings.INTERLOCK_HOME = tmp_path / "home"
    path = tmp_path / "areas.geojson"
    path.write_bytes(geojson(north=NORTH, south=SOUTH))
    return path


def test_boundaries_are_placed(file: Path, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", str(file), "--country", "gb", "--source", "Made up"]) == 0
    assert capsys.readouterr().out.startswith("areas: 2, from 50.00, -4.00 to 56.00, 0.00, ")
    ground = ground_of("GB", None)
    assert ([one.name for one in ground.shapes], ground.sources) == (
        ["North", "South"],
        ("Made up",),
    )


def test_dry_run_places_nothing(file: Path, db: None) -> None:
    assert main(["map", str(file), "--country", "GB", "--dry-run"]) == 0
    assert not file_of("GB").exists()


def test_fault_says_where_and_places_nothing(
    file: Path, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(geojson(north=[[0, 0], [999, 0], [1, 1], [0, 0]]))
    assert main(["map", str(file), "--country", "GB"]) == 2
    assert "features[0].geometry.coordinates[0][1]: This is no position" in capsys.readouterr().err
    assert not file_of("GB").exists()


@pytest.mark.parametrize("country", ["US", "Britain", "../x", "1"])
def test_only_other_countries_are_placed(file: Path, db: None, country: str) -> None:
    assert main(["map", str(file), "--country", country]) == 2


def test_missing_file_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", str(file.with_name("none")), "--country", "GB"]) == 2
    assert "No such file" in capsys.readouterr().err


def test_what_is_no_area_is_noted(file: Path, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(geojson(north=NORTH))
    told["features"].append(
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [0, 0]}}
    )
    file.write_text(json.dumps(told))
    assert main(["map", str(file), "--country", "GB"]) == 0
    assert "Note: features[1].geometry" in capsys.readouterr().err
