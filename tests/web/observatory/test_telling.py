"""What is told of an observation: its own numbers, in words, and nothing that it does not hold."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from interlock.__main__ import main
from interlock.methods.formats.observed_packages import ObservedPackage, opened
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.tiles import Tiles
from interlock.web.observatory.telling.place import state_in
from interlock.web.observatory.telling.told import Told
from interlock.web.observatory.telling.wording import amount, p_text, short, told
from tests.commands.test_observe import files, made_up
from tests.methods.real import real


def asked(folder: Path, table: Path, *more: str) -> Told:
    arguments = ["observe", "--areas", str(table), "--out", str(folder), "--resamples", "99", *more]
    assert main(arguments) == 0
    return Told(opened(files(folder)))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Counties with a planted ratio of 3, beside a control that shows none."""
    folder = tmp_path_factory.mktemp("planted")
    table = made_up(folder / "t.csv", 3.0, states=25)
    rows = list(csv.DictReader(table.read_text().splitlines()))
    lines = [",".join([*rows[0], "dentists"])]
    lines += [",".join([*row.values(), str(int(row["pop"]) // 2_000)]) for row in rows]
    table.write_text("\n".join(lines))
    return asked(folder / "out", table, "--control", "dentists")


def test_pilot_tells_its_story(tmp_path: Path) -> None:
    story = asked(tmp_path / "out", real("geo/pilot_us_metros_pb_coop.csv"))
    assert story.headline == "These lists cannot tell"
    assert [fact[0] for fact in story.facts] == ["384", "12", "28", "6"]
    ratios = story.ratios
    assert ratios is not None
    assert ratios.finding == (
        "At first sight it is 16 times the odds; with the number of people taken into account 1.8 times, "
        "and anything from 0.38 to 8.2 goes with the lists."
    )
    assert isinstance(ratios.drawing, Forest)
    assert [row.standing for row in ratios.drawing.rows] == ["naive", "right"]
    assert [row[1:4] for row in ratios.table.rows] == [["16", "4.7", "53"], ["1.8", "0.38", "8.2"]]
    assert story.chances is not None
    assert re.match(
        r"6 areas have both; chance alone gives from [12] to 7 where", story.chances.finding
    )
    assert story.left_out is not None
    assert story.left_out.finding == (
        "Without one area the ratio lies between 1.2 (without Cleveland-Elyria, OH) and 2.5 (without "
        "Phoenix-Mesa-Chandler, AZ)."
    )
    assert story.map is not None
    assert isinstance(story.map.drawing, Tiles)
    here = {one.code: one.here for one in story.map.drawing.tiles}
    assert (here["CA"].public, here["CA"].coops, here["CA"].both) == (4, 3, 2)
    assert story.evalue == ("2.9", "")
    assert (story.control, story.distances, story.scales, story.notes) == (None, None, None, [])


def test_planted_ratio_is_told_with_its_control(planted: Told) -> None:
    assert planted.headline == "They go together, beyond what size predicts"
    assert planted.control is not None
    assert [row[0] for row in planted.control.table.rows] == [
        "Worker co-ops",
        "The negative control",
        "Worker co-ops beyond it",
    ]
    assert planted.chances is not None
    assert "in units of what varies anyway" in planted.chances.finding
    assert planted.map is None, "regions of no country that is known here"
    assert planted.power is not None
    assert planted.left_out is not None
    assert len(planted.left_out.table.rows) == 16
    assert planted.left_out.how == "Those at either end are shown; the file has all."
    first = planted.left_out.table.rows[0][0]
    assert first.startswith("=County "), "as it was before the table was guarded"


def test_every_number_that_is_told_is_in_the_package(planted: Told) -> None:
    """Whatever is changed in the results is told: nothing is computed anew."""
    results: dict[str, Any] = json.loads(json.dumps(planted.results))
    for one in results["answers"]:
        if one["ratio"] is not None:
            one["ratio"] |= {"value": 7.0, "low": 0.0, "high": "INF"}
    results["verdict"]["ratio"] |= {"value": 7.0, "low": 0.0, "high": "INF"}
    other = Told(ObservedPackage(results, planted.package.files))
    assert other.ratios is not None
    assert {tuple(row[1:4]) for row in other.ratios.table.rows} == {("7.0", "0", "∞")}
    assert "7.0 times the rate, and anything from 0 to ∞" in other.ratios.finding


def test_reason_is_told_in_the_language_or_in_its_own_words() -> None:
    known = {"kind": "few-regions", "facts": {"least": 20, "regions": 3}, "sentence": "Mine."}
    assert told(known).startswith("Errors by region need 20 regions")
    with translation.override("es"):
        assert "20 regiones" in told(known)
    assert told({**known, "kind": "of-another-version"}) == "Mine."
    assert told({**known, "facts": {}}) == "Mine."


@pytest.mark.parametrize(
    ("code", "region", "name", "state"),
    [
        ("36055", "NY", "Monroe", "NY"),
        ("36055", "New York", "Monroe", "NY"),
        ("36055", "36", "Monroe", "NY"),
        ("28001", "08", "Madrid", ""),
        ("280", "28", "Madrid", ""),
        ("35620", "", "New York-Newark-Jersey City, NY-NJ-PA", "NY"),
        ("1", "", "Paris, France", ""),
        ("1", "", "Toronto, ON", ""),
        ("1", "S0", "Austin, TX", ""),
        ("1", "", "", ""),
    ],
)
def test_state_of_an_area_is_told_or_not(code: str, region: str, name: str, state: str) -> None:
    assert state_in({"code": code, "region": region, "name": name}) == state


def test_numbers_are_written_for_people() -> None:
    ratios = [0.0, 0.00003, 0.38, 16.2, 1_095.0, 3.7e200, float("inf")]
    assert [short(one) for one in ratios] == [
        "0",
        "<\u00a00.0001",
        "0.38",
        "16",
        "1,095",
        ">\u00a010,000",
        "∞",
    ]
    assert [amount(one) for one in (6.0, -1.25, 2_184.9, None, float("-inf"))] == [
        "6",
        "−1.2",
        "2,185",
        "–",
        "−∞",
    ]
    assert [p_text(one) for one in (0.15, 0.005, 0.00006, None)] == [
        "0.15",
        "0.0050",
        "<\u00a00.0001",
        "–",
    ]
    assert [p_text(one, as_share=True) for one in (0.15, 0.001)] == ["15", "<\u00a01"]
