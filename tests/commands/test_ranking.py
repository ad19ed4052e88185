"""`interlock ranking`: the ranking again, from the published sheet alone."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.awarding import Preference, ranked, results
from interlock.methods.formats import sheets
from tests.methods.awarding.sheets import pavilion


@pytest.fixture
def file(tmp_path: Path) -> Path:
    sheet = pavilion(preference=Preference("discount", Fraction(10)))
    path = tmp_path / "sheet.csv"
    path.write_text("".join(sheets.lines(sheet, results(ranked(sheet)))), newline="")
    return path


def test_ranking_shows_the_arithmetic(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ranking", str(file)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:9] == [
        "Pavilion in the park",
        "",
        "1: Pavilion",
        "  1. Tree Co-op: 82.00 points, 45000 USD",
        "     evaluated at 40500 USD for the preference",
        "     Price: 10 × 40500 / 40500 = 10.00; × 40 / 10 = 40.00",
        "     Plan: (7 + 7) / 2 = 7.00; × 35 / 10 = 24.50",
        "     Team: (7 + 7) / 2 = 7.00; × 25 / 10 = 17.50",
        "  2. Green Ltd: 79.67… points, 43000 USD",
    ]
    assert told[-2] == "All 14 results that the sheet states are right."


def test_ranking_of_a_made_up_call_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{file.read_text()}synthetic,,,,,,true\n")
    assert main(["ranking", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "Made up: this call was not held in the world."
    )


def test_ranking_that_differs_from_the_sheet_ends_with_1(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text().replace("total,1,tree,,,82,", "total,1,tree,,,83,")
    file.write_text(text)
    assert main(["ranking", str(file)]) == 1
    said = capsys.readouterr().out
    assert "The sheet says 83 (total, 1, tree); the arithmetic gives 82." in said


def test_ranking_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ranking", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["offer"] for one in told["lots"][0]["ranking"]] == ["tree", "firm"]
    assert told["differences"] == []


def test_a_sheet_with_a_score_missing_ends_with_2(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "score,1,firm,team,Ben" not in line))
    assert main(["ranking", str(file)]) == 2
    assert capsys.readouterr().err == "Ben has not scored Green Ltd on Team.\n"
