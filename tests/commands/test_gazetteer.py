import json
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.places import gazetteer


def test_place_is_found_with_its_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gazetteer", "find", "Bronx County", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["name"], one["fips"]) for one in told["places"]] == [("Bronx County", "36005")]
    assert "GeoNames" in told["sources"][2]


def test_place_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gazetteer", "find", "10451"]) == 0
    assert capsys.readouterr().out == "10451, NY (zip): 40.8222, -73.9226; county 36005 of 2019\n"


def test_unknown_place_is_a_negative_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gazetteer", "find", "Erewhon"]) == 1
    assert "has no “Erewhon”" in capsys.readouterr().err


def test_gazetteer_is_built_from_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = {
        "zips": "zip,lat,lon,fips\n10451,40.82,-73.92,36005\n",
        "counties": "fips,state,county,lat,lon\n36005,New York,Bronx County,40.85,-73.87\n",
        "places": "name,state,lat,lon,fips\nThe Bronx,NY,40.85,-73.87,36005\n",
    }
    asked = ["gazetteer", "build", "--to", str(tmp_path / "made")]
    for name, text in tables.items():
        (tmp_path / name).write_text(text)
        asked += [f"--{name}", str(tmp_path / name)]
    assert main(asked) == 0
    made = gazetteer.load(tmp_path / "made")
    assert [place.kind for place in made.find("Bronx")] == ["place"]
    assert len(made.sources) == 3

    (tmp_path / "zips").write_text("zip\n")
    assert main(asked) == 2
    assert 'zips has no column "lat"' in capsys.readouterr().err
    (tmp_path / "zips").unlink()
    assert main(asked) == 2
