import json
from pathlib import Path

import pytest

from interlock.__main__ import main

from .test_count import TOWN


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.pb"
    path.write_text(TOWN)
    return path


def test_unfunded_project_is_explained(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(town), "bus", "--rule", "equalshares/add1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("bus  Bus\nnot funded by equalshares/add1\n\nIts 1 supporter had")
    assert "30.25 EUR  The park by the river, by 1 voter\n49.08 EUR  left, of 79.33 EUR" in told
    assert "At a cost of 9 EUR a recount funds it." in told
    assert "Its effective support is 98.1 %:" in told


def test_funded_project_says_who_else_its_supporters_like(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.write_text(TOWN.replace("3;trees", "3;trees,park"))
    assert main(["explain", str(town), "park"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "park  The park by the river\nfunded by greedy\n\n3 voters supported it."
    )
    assert told.endswith(
        "Funded projects its supporters support, too\n"
        "-------------------------------------------\n"
        "1  Trees\n"
    )


def test_json_is_one_object(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(town), "bus", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rule"], told["project"], told["funded"]) == ("greedy", "bus", False)
    assert told["effective_support"] is None
    assert told["also_support"] == [{"project": "park", "voters": 1}]
    assert told["lower_cost"]["needed"] == 0
    assert told["more_votes"]["needed"] in (1, 2)


def test_quick_answer_counts_once(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(town), "bus", "--quick", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["lower_cost"], told["more_votes"]) == (None, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sun"], '"sun" is not a project of this file. Its ids are park, bus, trees'),
        (["bus", "--rule", "borda"], 'The rule "borda" is not supported.'),
    ],
)
def test_bad_choice_is_refused_in_a_sentence(
    town: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["explain", str(town), *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, message in said.err) == ("", True)
