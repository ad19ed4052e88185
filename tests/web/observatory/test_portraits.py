"""Portraits: each institution alone beside chance, of the latest edition, and computed again by anybody."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.__main__ import main
from interlock.web.institutions.models import Institution
from interlock.web.observatory.models import Edition, Portrait
from tests.web.observatory.editions import AT, measure_all
from tests.world import World

CITY = "/observatory/institution/city-of-riverbend/"


def test_institution_is_told_alone_beside_chance(measured: World) -> None:
    page = Client().get(CITY)
    connectivity, complementarity, collaboration = page.context["parts"]
    assert connectivity.badge == "Within chance"
    assert connectivity.figure.finding == (
        "Of those it is tied to, 100% are of the other world. Chance alone would give 0% to 100%: these "
        "records cannot tell it from chance."
    )
    assert [row[0] for row in connectivity.figure.table.rows] == [
        "Tied to the other world",
        "The other world within two ties",
    ]
    assert (complementarity.figure, collaboration.figure) == (None, None)
    text = page.content.decode()
    assert "--institution city-of-riverbend" in text
    assert "No policy of it is entered" in text
    home = Client().get("/institutions/city-of-riverbend/").content.decode()
    assert CITY in home


def test_who_has_nothing_is_told_so(measured: World) -> None:
    page = Client().get("/observatory/institution/hilltown/")
    assert "Nothing of it has been measured yet." in page.content.decode()
    assert Client().get("/observatory/institution/nobody/").status_code == 404
    lines = Client().get("/observatory/institution/hilltown/measures.csv").content.decode()
    assert len(lines.splitlines()) == 1


def test_who_left_has_no_page(measured: World) -> None:
    Institution.objects.filter(slug="city-of-riverbend").update(left_at=AT)
    assert Client().get(CITY).status_code == 404
    assert Client().get(f"{CITY}measures.csv").status_code == 404


def test_portraits_are_of_the_latest_edition_of_the_whole(measured: World) -> None:
    assert sorted(Portrait.objects.values_list("institution__slug", flat=True)) == [
        "city-of-riverbend",
        "mill",
        "rivers",
        "wheelhouse-cooperative",
    ]
    Institution.objects.filter(slug="mill").update(left_at=AT)
    measure_all(AT + timedelta(days=40))
    latest = Edition.objects.filter(place="").latest("day")
    assert set(Portrait.objects.values_list("edition", flat=True)) == {latest.pk}
    assert not Portrait.objects.filter(institution__slug="mill").exists()


def test_anybody_computes_one_again_from_the_file(
    measured: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "network.json"
    file.write_bytes(Client().get("/observatory/network.json").content)
    command = ["measure", str(file), "--institution"]
    assert main([*command, "city-of-riverbend", "--json"]) == 0
    kept = Portrait.objects.get(institution__slug="city-of-riverbend").outcome
    assert json.loads(capsys.readouterr().out) == kept
    assert main([*command, "city-of-riverbend"]) == 0
    assert "own-across" in capsys.readouterr().out
    assert main([*command, "hilltown"]) == 0
    assert "nothing to measure it by" in capsys.readouterr().out
    assert main([*command, "nobody"]) == 2
    assert "There is no institution “nobody”" in capsys.readouterr().err
    assert main([*command, "hilltown", "--out", str(tmp_path / "out")]) == 2
    assert "--out" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    lines = Client().get(f"{CITY}measures.csv").content.decode().splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["connectivity", "own-across", "1.0"],
        ["connectivity", "own-reach", "0.5"],
    ]


def test_page_reads_neither_records_nor_package(measured: World) -> None:
    """They are megabytes each, and nothing of them is shown."""
    for path in (CITY, f"{CITY}measures.csv"):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(path).status_code == 200
        asked = " ".join(one["sql"] for one in captured)
        assert ('"records"' in asked, '"package"' in asked) == (False, False)


def test_page_asks_as_often_whatever_is_known_of_it(measured: World) -> None:
    found = []
    for slug in ("hilltown", "city-of-riverbend"):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get(f"/observatory/institution/{slug}/").status_code == 200
        found.append(len(captured))
    assert max(found) <= 5
    assert Client().post(CITY).status_code == 405
