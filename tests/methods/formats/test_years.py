"""A year as JSON: all that may stand in it, and what is wrong with one, each with its path."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from interlock.methods.formats import years
from interlock.methods.formats.faults import FormatError
from interlock.methods.surplus import (
    PRESETS,
    Cap,
    Losses,
    Patronage,
    Policy,
    Slice,
    SurplusError,
    Worker,
    Year,
    close,
)
from interlock.methods.surplus.presets import simple

WHOLE = {
    "net": 100_000_00,
    "nonpatronage": 500,
    "workers": [
        {"id": "ana", "hours": 1560.5, "hours_before": 0.1, "wages": 4000000, "left": "2025-06-30"},
        {"id": "eve", "hours": 20, "member": False},
    ],
    "nonmember_hours": 12,
    "nonmember_wages": 300,
    "fiscal_year_no": 4,
    "begins": "2025-01-01",
    "reason": "The first policy.",
    "balances": {"Reserve": 10},
    "accounts": {"ana": -5},
    "policy": {
        "name": "Ours",
        "adopted": "2025-02-01",
        "cash_rate": 0.3,
        "all_in_cash": 10_00,
        "qualified": False,
        "regime": "K",
        "split": "wages",
        "patronage": {"by": "mix", "hours_share": 0.7, "least_hours": 16},
        "losses": {
            "collective_years": 1,
            "collective_share": 0.5,
            "fund": "Reserve",
            "up_to_balance": True,
            "below_zero": False,
        },
        "slices": [
            {
                "fund": "Reserve",
                "kind": "reserve",
                "basis": "target",
                "share": 0.25,
                "cap": {"kind": "balance", "amount": 5_000_00},
            },
            {"fund": "Pot", "kind": "commons", "basis": "remainder", "share": 0.05},
            {"fund": "Dividend", "kind": "dividend", "basis": "rest", "source": "surplus"},
            {"fund": "Reserve", "kind": "reserve", "basis": "rest"},
        ],
    },
}


def read(value: Any) -> years.Example:
    (one,) = years.read(json.dumps(value).encode())
    return one


def faults(value: Any) -> list[str]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    with pytest.raises((SurplusError, FormatError)) as refused:
        years.read(data)
    return str(refused.value).splitlines()


def test_year_is_read_whole_and_exactly() -> None:
    policy = Policy(
        "Ours",
        (
            Slice("Reserve", "reserve", "target", Fraction(1, 4), cap=Cap("balance", 5_000_00)),
            Slice("Pot", "commons", "remainder", Fraction(1, 20)),
            Slice("Dividend", "dividend", "rest", source="surplus"),
            Slice("Reserve", "reserve", "rest"),
        ),
        Patronage("mix", Fraction(7, 10), Fraction(16)),
        Fraction(3, 10),
        10_00,
        False,
        "K",
        Losses(1, Fraction(1, 2), "Reserve", True, False),
        "wages",
        date(2025, 2, 1),
    )
    assert read(WHOLE).year == Year(
        policy,
        100_000_00,
        (
            Worker("ana", Fraction(3121, 2), 4000000, True, Fraction(1, 10), date(2025, 6, 30)),
            Worker("eve", Fraction(20), is_member=False),
        ),
        Fraction(12),
        500,
        4,
        300,
        date(2025, 1, 1),
        {"Reserve": 10},
        {"ana": -5},
        "The first policy.",
    )
    assert close(read(WHOLE).year).is_discretionary


def test_short_form_is_that_of_selc_with_other_numbers() -> None:
    short = {"net": 5, "hours": {"a": 1}, "wages": {"a": 7, "b": 8}, "collective_min": 0.8}
    year = read(short | {"cash_rate": 0, "qualified": False, "min_hours": 16}).year
    assert year.policy == simple(Fraction(4, 5), Fraction(0), False, Fraction(16))
    assert year.workers == (Worker("a", Fraction(1), 7), Worker("b", wages=8))
    assert read({"loss": 5, "fiscal_year_no": 1}).year.net == -5


def test_policy_by_the_name_of_a_preset_and_with_changes() -> None:
    assert read({"net": 5, "policy": "italy"}).year.policy == PRESETS["italy"]
    changed = read({"net": 5, "policy": {"preset": "hypha", "adopted": "2024-12-31"}}).year.policy
    assert (changed.adopted, changed.losses) == (date(2024, 12, 31), PRESETS["hypha"].losses)


def test_file_of_examples_and_one_example() -> None:
    one = {"name": "x", "rule": "y", "input": {"net": 5}, "expected": {"surplus": 5}}
    assert [each.name for each in years.read(json.dumps({"vectors": [one, one]}).encode())] == [
        "x",
        "x",
    ]
    assert read(one).stated == {("surplus",): 5}
    assert years.differences(read(one), close(read(one).year)) == ()


def test_difference_is_told_of_numbers_and_of_members() -> None:
    expected = {"profit": 1, "odd": 2, "members": {"a": {"cash": 1}, "z": {"cash": 0}}}
    one = read({"input": {"net": 4, "hours": {"a": 1, "b": 1}}, "expected": expected})
    assert years.differences(one, close(one.year)) == (
        years.Difference("profit", 1, 0),
        years.Difference("odd", 2, None),
        years.Difference("members.z.cash", 0, None),
        years.Difference("members.b.allocation", None, 1),
        years.Difference("members.b.cash", None, 1),
        years.Difference("members.b.notice", None, 0),
    )
    by_weights = read({"input": {"net": 4, "weights": {"a": 1, "b": 1}}, "expected": {"a": 2}})
    assert years.differences(by_weights, close(by_weights.year)) == (
        years.Difference("b", None, 2),
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([], "It is no object. Write it in braces, as {…}."),
        ({}, "net is missing. Add it."),
        ({"vectors": {}}, "vectors: It is no list. Write it in brackets, as […]."),
        ({"vectors": [5]}, "vectors[0]: It is no object. Write it in braces, as {…}."),
        (
            {"input": {"net": "5"}},
            'input.net: "5" is no number. Write digits without quotation marks.',
        ),
        (
            {"input": {"net": 5}, "expected": 3},
            "expected: It is no object. Write it in braces, as {…}.",
        ),
        (
            {"vectors": [{"input": {"net": 5}, "expected": {"members": {"a": {"cash": 1.5}}}}]},
            (
                "vectors[0].expected.members.a.cash: 1.5 is no whole number of the smallest unit. "
                "Write 12.50 as 1250."
            ),
        ),
        (
            {"net": 1.5},
            "net: 1.5 is no whole number of the smallest unit. Write 12.50 as 1250.",
        ),
        ({"net": True}, "net: true is no number. Write digits without quotation marks."),
        ({"net": None}, "net: null is no number. Write digits without quotation marks."),
        ({"net": [1]}, "net: […] is no number. Write digits without quotation marks."),
        (
            b'{"net": 1e999999999}',
            "net: 1E+999999999 is larger than any year needs. Is a digit too many in it?",
        ),
        (
            b'{"net": 1, "nonmember_hours": 1e-999999999}',
            (
                "nonmember_hours: 1E-999999999 is larger than any year needs. Is a digit too many "
                "in it?"
            ),
        ),
        (
            b'{"net": 1' + b"0" * 5000 + b"}",
            f"net: 1{'0' * 59}… is larger than any year needs. Is a digit too many in it?",
        ),
        (b'{"net": NaN}', "NaN is no JSON number."),
        (b'{"net": -Infinity}', "-Infinity is no JSON number."),
        (b'{"net": 1, "net": 2}', 'The key "net" is given twice in one object.'),
        (
            b'{"net": 1, "hours": {"a": 1, "a": 2}}',
            'The key "a" is given twice in one object.',
        ),
        (b"[" * 100_000, "It is nested too deeply."),
        (b"[" * 60 + b"]" * 60, "It is nested too deeply."),
        (b"\xff", "Byte 0xff at 0 is not UTF-8."),
        (
            b"{",
            "It is not JSON: Expecting property name enclosed in double quotes, line 1, character 2.",
        ),
        (
            b" " * (years.LARGEST_FILE + 1),
            "It is 4,194,305 bytes long, and more than 4,194,304 are not read.",
        ),
        ({"net": 1, "hours": {"a": -1}}, "hours.a: It is below 0. Enter 0 or more."),
        ({"net": 1, "weights": {"a": -1}}, "weights.a: It is below 0. Enter 0 or more."),
        ({"net": 1, "wages": {"a": -1}}, "wages.a: It is below 0. Enter 0 or more."),
        ({"net": 1, "hours": {"": 1}}, "hours.: It has no name. Give it one."),
        ({"net": 1, "hours": 5}, "hours: It is no object. Write it in braces, as {…}."),
        ({"net": 1, "nonmember_hours": -1}, "nonmember_hours: It is below 0. Enter 0 or more."),
        ({"loss": -1, "fiscal_year_no": 1}, "loss: It is below 0. Enter 0 or more."),
        ({"net": 1, "loss": 1}, "net and loss cannot both be given. Leave one out."),
        (
            {"loss": 1},
            (
                "fiscal_year_no: Who bears a loss depends on how old the co-op is. Enter the number "
                "of the fiscal year, counted from 1."
            ),
        ),
        (
            {"net": 1, "fiscal_year_no": 0},
            "fiscal_year_no: The first fiscal year is number 1. Enter 1 or more.",
        ),
        (
            {"net": 1, "fiscal_year_no": 1.5},
            "fiscal_year_no: 1.5 is no whole number. Write digits only.",
        ),
        (
            {"net": 1, "collective_min": 25},
            "collective_min: It is no share from 0 to 1. Write 25 per cent as 0.25.",
        ),
        ({"net": 1, "min_hours": -1}, "min_hours: It is below 0. Enter 0 or more."),
        ({"net": 1, "qualified": 1}, "qualified: 1 is neither true nor false. Write one of them."),
        ({"net": 1, "begins": "1 May"}, 'begins: "1 May" is no date. Write it as 2026-12-31.'),
        (
            {"net": 1, "begins": "2025-02-30"},
            'begins: "2025-02-30" is no date. Write it as 2026-12-31.',
        ),
        (
            {"net": 1, "balances": {"Reserve": 1}},
            "balances.Reserve: No slice has the fund Reserve. Write its name as there.",
        ),
        (
            {"net": 1, "cash_rate": 0.2, "policy": "selc"},
            "policy and cash_rate cannot both be given. Leave one out.",
        ),
        (
            {"net": 1, "weights": {}, "hours": {}},
            "weights and hours cannot both be given. Leave one out.",
        ),
        (
            {"net": 1, "workers": [], "hours": {}},
            "workers and hours cannot both be given. Leave one out.",
        ),
        (
            {"net": 1, "policy": "sclc"},
            "policy: “sclc” is none of: selc, colab, hypha, mondragon, italy.",
        ),
        ({"net": 1, "policy": {"name": "Ours"}}, "policy: slices is missing. Add it."),
        ({"net": 1, "policy": 5}, "policy: It is no object. Write it in braces, as {…}."),
        ({"net": 1, "workers": [{"hours": 1}]}, "workers[0]: id is missing. Add it."),
        (
            {"net": 1, "workers": [{"id": "a"}, {"id": "a"}]},
            "workers: a is there twice. Enter each once, with the sum.",
        ),
        (
            {"net": 1, "workers": [{"id": "a", "hours": -1}]},
            "workers[0].hours: It is below 0. Enter 0 or more.",
        ),
        (
            {"net": 1, "workers": [{"id": 7}]},
            "workers[0].id: 7 is no text. Write it in quotation marks.",
        ),
        (
            {
                "net": 1,
                "begins": "2025-01-01",
                "workers": [{"id": "a", "hours": 1, "left": "2024-12-31"}],
            },
            (
                "workers[0].left: a left before the year began, and has hours in it. Correct the "
                "date or the hours."
            ),
        ),
    ],
)
def test_fault_is_told_with_its_path_and_what_to_do(value: Any, told: str) -> None:
    assert faults(value)[0] == told


@pytest.mark.parametrize("path", ["", "policy", "policy.slices", "policy.losses", "workers"])
def test_key_that_is_not_known_is_told(path: str) -> None:
    value = json.loads(json.dumps(WHOLE))
    inner = value
    for part in filter(None, path.split(".")):
        inner = inner[part]
    (inner[0] if isinstance(inner, list) else inner)["hous\u202e"] = 1
    (told,) = faults(value)
    place = f"{path}[0]: " if isinstance(inner, list) else f"{path}: " if path else ""
    assert told.startswith(f"{place}hous\\u202e is not known here. Leave it out, or use one of: ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"slices": []}, "policy.slices: The policy has no slice. Say where the money goes."),
        (
            {"slices": [{"fund": "A", "kind": "reserve", "basis": "rest", "source": "profit"}]},
            (
                "policy.slices: The slices do not say where all of the surplus goes. Let one without "
                "a limit take everything that is left of it."
            ),
        ),
        (
            {"slices": [{"fund": "A", "kind": "commons", "basis": "rest"}]},
            (
                "policy.slices: No slice goes to a collective fund, and losses and what nobody has a "
                "share in go there. Add one."
            ),
        ),
        (
            {"slices": [{"fund": "A", "kind": "reserve", "basis": "net"}]},
            "policy.slices[0]: share is missing. Add it.",
        ),
        (
            {"slices": [{"fund": "A", "kind": "resrve", "basis": "rest"}]},
            (
                "policy.slices[0].kind: “resrve” is none of: collective, indivisible, reserve, "
                "commons, education, solidarity, dividend."
            ),
        ),
        (
            {"regime": "T"},
            (
                "policy.slices[0].source: Under Subchapter T a patronage dividend comes from the "
                "surplus only. Let the slice take from the surplus."
            ),
        ),
        (
            {
                "slices": [
                    {"fund": "A", "kind": "reserve", "basis": "rest"},
                    {"fund": "A", "kind": "commons", "basis": "rest"},
                ]
            },
            "policy.slices[0].kind: A has two kinds. Give the two funds two names.",
        ),
        (
            {
                "slices": [
                    {"fund": "D", "kind": "dividend", "basis": "rest"},
                    {"fund": "D", "kind": "dividend", "basis": "rest"},
                    {"fund": "A", "kind": "reserve", "basis": "rest"},
                ]
            },
            "policy.slices: Only one slice can be the members’ dividend. Join the two.",
        ),
        (
            {"losses": {"fund": "B"}},
            "policy.losses.fund: No slice has the fund B. Write its name as there.",
        ),
        ({"split": "days"}, "policy.split: “days” is none of: hours, wages, undivided."),
        (
            {"losses": {"collective_years": -1}},
            "policy.losses.collective_years: It is below 0. Enter 0 or more.",
        ),
    ],
)
def test_fault_of_a_policy_is_told(change: dict[str, Any], told: str) -> None:
    sound = {
        "regime": "none",
        "slices": [
            {"fund": "D", "kind": "dividend", "basis": "rest", "source": "any"},
            {"fund": "A", "kind": "reserve", "basis": "rest"},
        ],
    }
    assert read({"net": 1, "policy": sound}).year.policy.slices[1].fund == "A"
    assert faults({"net": 1, "policy": sound | change})[0] == told


def test_all_faults_are_told_at_once() -> None:
    assert len(faults({"net": "1", "hours": {"a": "2", "b": None}, "odd": 1})) == 4
