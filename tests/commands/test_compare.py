import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from interlock.__main__ import main
from interlock.methods.counting.names import SUPPORTED

from .test_count import TOWN

RULES = "greedy,equalshares,equalshares/add1"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.pb"
    path.write_text(TOWN)
    return path


def test_rules_stand_side_by_side(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(town), "--rules", RULES]) == 0
    assert capsys.readouterr().out == (
        "                              greedy  equalshares  equalshares/add1\n"
        "park  The park by the river        ✓            ✓                 ✓\n"
        "trees  Trees                       ✓                              ✓\n"
        "bus  Bus\n"
        "-------------------------------------------------------------------\n"
        "Projects funded                    2            1                 2\n"
        "Spent, EUR                       100        60.50               100\n"
        "Voters reached               100.0 %       66.7 %           100.0 %\n"
        "Mean per voter, EUR            53.50        40.33             53.50\n"
        "Inequality (Gini)              0.087        0.333             0.087\n"
        "Groups wronged                     0            0                 0\n"
    )


def test_json_is_one_object(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(town), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["rule"] for one in told["rules"]] == list(SUPPORTED)
    assert (told["budget"], told["votes"], len(told["input_sha256"])) == (100, 3, 64)
    assert told["rules"][0] == {
        "rule": "greedy",
        "funded": ["park", "trees"],
        "spent": 100,
        "voters_reached": 3,
        "average_satisfaction": "107/2",
        "gini": "28/321",
        "ejr_plus_violations": 0,
    }
    assert told["projects"][0]["cost"] == "60.5"
    assert "greedy" in told["projects"][0]["funded_by"]


def test_drawing_is_an_svg_file_of_its_own(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write_text(TOWN.replace("The park by the river", "<b>&\x0bpark"))
    target = tmp_path / "town.svg"
    assert main(["compare", str(town), "--svg", str(target)]) == 0
    assert capsys.readouterr().out == f"{target}: 3 projects by {len(SUPPORTED)} rules.\n"
    text = target.read_text(encoding="utf-8")
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    letters = "".join(ElementTree.fromstring(text).itertext())
    assert "<b>&?park" in letters


def test_refused_rule_is_told_below_the_others(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(town), "--rules", "greedy,borda"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert 'borda: not counted. The rule "borda" is not supported.' in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rules", "borda"], 'The rule "borda" is not supported.'),
        (["--rules", ","], "No rule is named."),
        (["--rules", "greedy,greedy"], 'The rule "greedy" is named twice.'),
        (["--ties", "park"], "The tie order leaves out 2 of 3 projects"),
        (["--svg", "/nowhere/at/all.svg"], "No such file or directory"),
    ],
)
def test_bad_choice_is_refused_in_a_sentence(
    town: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["compare", str(town), *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)


@pytest.mark.parametrize("width", ["30", "60", "80", "200"])
def test_table_fits_the_terminal(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert main(["compare", str(town)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert sum(line.startswith("Projects funded") for line in lines) >= 1
