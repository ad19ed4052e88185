"""`interlock surplus`: a year closed from a file, and worked examples held against it."""

import json
from pathlib import Path
from typing import Any

import pytest

from interlock.__main__ import main

VECTORS = Path(__file__).parents[1] / "methods" / "surplus" / "vectors.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "year.json"
    write(path, {"net": 100_00, "hours": {"ana": 2, "ben": 1}, "nonmember_hours": 1})
    return path


def write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value))


def test_surplus_shows_the_arithmetic(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["surplus", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "Net income 100.00, policy in the form of SELC",
        (
            "  Hours that members worked as members: 3. All other hours, those before membership "
            "among them: 1. Together: 4."
        ),
        "  Surplus: (100.00 − 0.00) × 3 / 4 = 75.00. Profit is the rest: 100.00 − 75.00 = 25.00.",
        "  Collective account: 25.00",
        "    Collective account: everything that is left, 25.00.",
        "  Collective account: 0.00",
        (
            "    Collective account: at least 25 per cent of 100.00, which is 25.00. It has 25.00 of "
            "that already, so 0.00 is missing."
        ),
        "  Dividend: 75.00",
        "    Dividend: everything that is left, 75.00.",
        "  Shares go by hours. All hours that count: 3.",
        "Fund Collective account: 25.00",
        "Member ana: 50.00, in cash 25.00, as notice 25.00",
        "  By hours: 75.00 × 2 / 3 = 50.00.",
        "  In cash: 50 per cent of 50.00, rounded to 25.00.",
        "  The rest, 25.00, goes into the member account as a qualified written notice.",
        "Member ben: 25.00, in cash 12.50, as notice 12.50",
        "  By hours: 75.00 × 1 / 3 = 25.00.",
        "  In cash: 50 per cent of 25.00, rounded to 12.50.",
        "  The rest, 12.50, goes into the member account as a qualified written notice.",
        "",
    ]


def test_surplus_of_a_loss(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = {"preset": "selc", "losses": {"below_zero": False}}
    year = {"loss": 100_00, "hours": {"ana": 1}, "fiscal_year_no": 3, "policy": policy}
    write(file, year | {"accounts": {"ana": 50_00}})
    assert main(["surplus", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "Net income -100.00, policy SELC",
        "  The year ends with a loss of 100.00.",
        "  Collective account bears 25 per cent of it: 25.00.",
        "  Members bear 75.00 by their shares.",
        "  Shares go by hours. All hours that count: 1.",
        "  Carried forward collectively: 25.00.",
        "Fund Collective account: -25.00",
        "Carried forward: -25.00",
        "Member ana: -50.00",
        "  By hours: 75.00 × 1 / 1 = 75.00.",
        (
            "  The member account has 50.00 and may not go below 0: it goes down by 50.00, and 25.00 is "
            "carried forward collectively."
        ),
        "",
    ]


def test_surplus_in_a_currency_without_decimals(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["surplus", str(file), "--decimals", "0"]) == 0
    assert "Member ana: 5,000, in cash 2,500, as notice 2,500\n" in capsys.readouterr().out


def test_worked_examples_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["surplus", str(VECTORS)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert sum(line.endswith("numbers that the file states are right.") for line in told) == 11


def test_worked_example_that_differs_ends_with_1(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = json.loads(VECTORS.read_text())
    examples["vectors"][0]["expected"]["members"]["ben"]["cash"] -= 1
    write(file, examples)
    assert main(["surplus", str(file)]) == 1
    said = capsys.readouterr().out
    assert "The file says 9,140.62 (members.ben.cash); the arithmetic gives 9,140.63.\n" in said
    assert main(["surplus", str(file), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["years"]
    assert [len(one["differences"]) for one in told] == [1] + 10 * [0]


def test_surplus_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["surplus", str(file), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["years"]
    assert (told["surplus"], told["profit"], told["funds"]) == (
        75_00,
        25_00,
        {"Collective account": 25_00},
    )
    ben = told["members"]["ben"]
    assert (ben["allocation"], ben["cash"], ben["notice"], ben["exact"]) == (
        2500,
        1250,
        1250,
        "2500",
    )
    assert ben["steps"][0] == {
        "step": "share-hours",
        "amounts": {"pool": "7500", "exact": "2500"},
        "numbers": {"weight": "1", "all": "3"},
        "names": {},
    }


def test_bad_input_ends_with_2_its_place_and_what_to_do(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(file, {"vectors": [{"input": {"net": "5", "hours": {"ana": -1}}}]})
    assert main(["surplus", str(file)]) == 2
    assert capsys.readouterr().err == (
        'vectors[0].input.net: "5" is no number. Write digits without quotation marks.\n'
    )
    assert main(["surplus", str(file.with_name("none.json"))]) == 2
    assert capsys.readouterr().err.endswith("none.json: No such file or directory\n")


def test_policy_that_came_late_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy = {"preset": "selc", "adopted": "2025-03-01"}
    write(file, {"net": 5, "begins": "2025-01-01", "policy": policy})
    assert main(["surplus", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[1:3] == [
        (
            "  The policy was adopted on 2025-03-01, after the year had begun on 2025-01-01. What it "
            "allocates is discretionary and may not count as a patronage dividend: ask an accountant."
        ),
        "  A reason has to be given before this is posted.",
    ]
