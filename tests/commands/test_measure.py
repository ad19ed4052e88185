"""`interlock measure`: a network's measures, on the screen and as JSON."""

import json
from pathlib import Path

import pytest

from interlock.__main__ import main

SMALL = {
    "institutions": [
        {"id": "city", "kind": "pb", "needs": ["food"], "place": "US-IL"},
        {"id": "tree", "kind": "coop", "offers": ["food"], "place": "US-IL"},
        {"id": "mill", "kind": "coop", "place": "US-IL"},
    ],
    "ties": [{"subject": "city", "object": "tree", "kind": "funds"}],
    "awards": [{"buyer": "city", "deliverer": "tree", "day": "2025-01-02", "bidders": ["tree", "mill"]}],
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "network.json"
    path.write_text(json.dumps(SMALL))
    return path


def test_measures_are_told_beside_chance(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", str(file), "--resamples", "39"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "3 institutions: 1 of participatory budgeting, 2 of the co-ops, 0 of both. 1 ties, 1 awards."
    )
    assert [
        line for line in said if line in ("Connectivity", "Complementarity", "Collaboration")
    ] == [
        "Connectivity",
        "Complementarity",
        "Collaboration",
    ]
    met = next(line for line in said if line.startswith("met-tied"))
    assert met.split()[1] == "1"
    assert said[-1].startswith("Chance: both ends of what 95 of 100 worlds give")


def test_made_up_network_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps({**SMALL, "synthetic": True}))
    assert main(["measure", str(file), "--resamples", "39"]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("Made up, not measured in the world.")


def test_two_processes_give_the_very_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for processes in ("1", "2"):
        more = ("--json", "--resamples", "200", "--processes", processes)
        assert main(["measure", str(file), *more]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--processes", "0"], "Processes are 1 to 64."),
        (["--resamples", "0"], "Resamples are 1 to 1,000,000."),
        (["--seed", "-1"], "A seed is a whole number from 0."),
    ],
)
def test_bad_choice_is_refused_in_a_sentence(
    file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["measure", str(file), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_fault_says_where(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('{"institutions": [{"id": "city", "kind": "town"}]}')
    assert main(["measure", str(file)]) == 2
    assert (
        "institutions[0].kind: “town” is none of: pb, coop, both, other." in capsys.readouterr().err
    )
