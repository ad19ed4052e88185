import json
from pathlib import Path

import pytest

from interlock import __version__
from interlock.__main__ import main

TOWN = """META
key;value
budget;100
vote_type;approval
rule;greedy
currency;EUR
num_votes;3
PROJECTS
project_id;cost;name
park;60.50;The park by the river
bus;50;Bus
trees;39.5;Trees
VOTES
voter_id;vote
1;park,bus
2;park
3;trees
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.pb"
    path.write_text(TOWN)
    return path


def test_count_is_told_with_reasons(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["count", str(town)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("2 projects funded, 100 of 100 EUR\n3 ballots counted by greedy.\n")
    assert "park  The park by the river" in said.out
    assert (
        "2 voters supported it. When its turn came 100 EUR was left, and it costs 60.50 EUR."
        in (" ".join(said.out.split()))
    )
    assert 'Note: META has no "country"' in said.err


def test_json_is_one_object(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["count", str(town), "--json", "--rule", "equalshares"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rule"], said["budget"], said["votes"]) == ("equalshares", 100, 3)
    assert (said["funded"], said["spent"], said["version"]) == (["park"], "60.5", __version__)
    assert len(said["input_sha256"]) == 64
    assert said["projects"][1]["reason"] == (
        "Its 1 supporter has a share of 33.33 EUR; it costs 50 EUR."
    )


def test_ties_are_a_list_or_a_file(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = tmp_path / "order.txt"
    order.write_text("trees\nbus\n\npark\n")
    for ties in ("trees, bus,park", str(order)):
        assert main(["count", str(town), "--json", "--ties", ties]) == 0
        assert json.loads(capsys.readouterr().out)["ties"] == ["trees", "bus", "park"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rule", "borda"], 'The rule "borda" is not supported. Choose one of greedy,'),
        (["--ties", "park"], "The tie order leaves out 2 of 3 projects"),
        (["--ties", "park,bus,trees,sun"], 'names "sun", which is not a project'),
    ],
)
def test_bad_choice_is_refused_in_a_sentence(
    town: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["count", str(town), *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)


def test_unsupported_rule_of_the_file_points_to_the_option(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write_text(TOWN.replace(";greedy", ";greedy-custom"))
    assert main(["count", str(town)]) == 2
    assert "The file names this rule; give another with --rule." in capsys.readouterr().err
    town.write_text(TOWN.replace("rule;greedy\n", ""))
    assert main(["count", str(town)]) == 2
    assert "The file names no rule. Give one with --rule:" in capsys.readouterr().err


def test_every_fault_of_a_file_is_told(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town.write_text(TOWN.replace("bus;50", "bus;x").replace("2;park", "2;pork"))
    assert main(["count", str(town)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "line 11, column 5 (cost)",
        "line 16, column 3 (vote)",
    ]


def test_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["count", str(tmp_path / "none.pb")]) == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize("width", ["30", "80", "200"])
def test_report_fits_the_terminal(
    town: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert main(["count", str(town), "--rule", "equalshares/add1"]) == 0
    lines = capsys.readouterr().out.split("\n\nInput")[0].splitlines()
    assert max(map(len, lines)) <= max(int(width), 40)


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for flag, text in (("--version", f"interlock {__version__}\n"), ("--help", "recount")):
        with pytest.raises(SystemExit) as left:
            main([flag])
        assert left.value.code == 0
        assert text in capsys.readouterr().out


def test_unknown_verb_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["cuont"])
    assert left.value.code == 2
    assert "invalid choice: 'cuont'" in capsys.readouterr().err
