import json
import sys
from pathlib import Path

import pytest

from interlock.__main__ import main
from interlock.methods.formats import pabulib

from .test_count import TOWN


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.pb"
    path.write_text(TOWN)
    return path


def test_made_up_election_is_the_same_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one.pb", tmp_path / "other.pb"
    asked = ["--voters", "500", "--projects", "12", "--seed", "4"]
    for path in (one, other):
        assert main(["simulate", "make", str(path), *asked]) == 0
    assert one.read_bytes() == other.read_bytes()
    file = pabulib.read(one)
    assert (len(file.ballots), len(file.projects), file.rule) == (500, 12, "equalshares/add1")
    told = capsys.readouterr().out
    assert told.startswith(f"{one}: 500 approval ballots with ")
    assert main(["count", str(one)]) == 0


def test_shape_is_what_was_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "made.pb"
    asked = ["--kind", "cumulative", "--budget", "5000", "--cost-step", "10", "--rule", "greedy"]
    quantiles = ["--cost-quantiles", "0.1:1,0.9:3", "--blank", "0.5", "--voters", "300"]
    assert main(["simulate", "make", str(path), *asked, *quantiles]) == 0
    file = pabulib.read(path)
    assert (file.ballots.kind, file.meta["budget"], file.rule) == ("cumulative", "5000", "greedy")
    blank = sum(
        a == b for a, b in zip(file.ballots.offsets, file.ballots.offsets[1:], strict=False)
    )
    assert 100 < blank < 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "borda"], "The kind of ballots is one of approval, choose-1,"),
        (["--projects", "0"], "Projects are 1 to 10,000."),
        (["--seed", "-1"], "A seed is a whole number from 0."),
        (["--cost-quantiles", "a"], 'The cost quantiles are "a"; write pairs'),
        (["--cost-quantiles", "0.5:3,0.1:4"], "The cost quantiles rise"),
    ],
)
def test_impossible_shape_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["simulate", "make", str(tmp_path / "made.pb"), *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)
    assert list(tmp_path.iterdir()) == []


def test_what_if_says_who_gains_and_loses(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "what-if", str(town), "--budget", "110.505"]) == 0
    assert capsys.readouterr().out == (
        "Before  2 funded, 100 EUR of 100 EUR, by greedy\n"
        "After   2 funded, 100 EUR of 110.51 EUR, by greedy\n"
        "\n"
        "The same projects are funded.\n"
        "\n"
        "Of 3 voters, 0 support more funded projects than before, 0 fewer, and 3 as many.\n"
    )
    assert main(["simulate", "what-if", str(town), "--cost", "park=50", "--cost", "trees=51"]) == 0
    told = capsys.readouterr().out
    assert "Funded only after the change\n----------------------------\nbus  Bus\n" in told
    assert "Funded only before it\n---------------------\ntrees  Trees\n" in told
    assert "1 support more funded projects than before, 1 fewer, and 1 as many." in told


def test_what_if_is_one_json_object(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "what-if", str(town), "--rule", "equalshares", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"] == {
        "rule": "greedy",
        "budget": 100,
        "funded": ["park", "trees"],
        "spent": 100,
    }
    assert (told["after"]["rule"], told["lost"], told["gained"]) == ("equalshares", ["trees"], [])
    assert told["voters"] == {"better": 0, "worse": 1, "same": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Nothing is changed. Give --budget, --cost PROJECT=AMOUNT or --rule."),
        (["--cost", "park"], '--cost is "park"; write PROJECT=AMOUNT'),
        (["--cost", "sun=5"], '"sun" is not a project of this election.'),
        (["--cost", "park=1e3"], 'The cost of park is "1e3"; write plain digits'),
        (["--budget", "-5"], 'The budget is "-5"; an amount cannot be negative.'),
        (["--rule", "borda"], 'The rule "borda" is not supported.'),
        (["--base", "borda", "--budget", "5"], 'The rule "borda" is not supported.'),
    ],
)
def test_impossible_change_is_refused_in_a_sentence(
    town: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["simulate", "what-if", str(town), *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)


def test_file_without_a_rule_points_to_the_base(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write_text(TOWN.replace("rule;greedy\n", ""))
    assert main(["simulate", "what-if", str(town), "--rule", "greedy"]) == 2
    assert "The file names no rule. Give one with --base:" in capsys.readouterr().err


def test_chances_are_told_with_their_intervals(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "chances", str(town), "--resamples", "40", "--seed", "3"]) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert "drawn again 40 times" in " ".join(lines)
    assert sorted(line.split("]")[1] for line in lines[-3:]) == [
        "     bus  Bus",
        "  ✓  park  The park by the river",
        "  ✓  trees  Trees",
    ]
    assert "\r" not in said.err


def test_chances_are_the_same_on_several_processes(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for jobs in ("1", "2"):
        asked = ["--resamples", "60", "--jobs", jobs, "--json"]
        assert main(["simulate", "chances", str(town), *asked]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    assert (told[0]["resamples"], told[0]["funded"]) == (60, ["park", "trees"])
    park = told[0]["projects"][0]
    assert park["low"] <= park["chance"] == park["times"] / 60 <= park["high"]


def test_bar_is_drawn_on_a_terminal_only(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["simulate", "chances", str(town), "--resamples", "5"]) == 0
    told = capsys.readouterr().err
    assert " of 5" in told
    assert told.endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--resamples", "0"], "Resamples are 1 to 1,000,000."),
        (["--jobs", "0"], "Jobs are 1 or more."),
        (["--seed", "-1"], "A seed is a whole number from 0."),
        (["--ties", "park"], "The tie order leaves out 2 of 3 projects"),
    ],
)
def test_impossible_resampling_is_refused_in_a_sentence(
    town: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["simulate", "chances", str(town), *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)
