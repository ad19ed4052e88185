import ast
import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.counting import Ballots, Election, count, protocol, verifier
from interlock.methods.counting.election import Cap, Limits
from interlock.methods.counting.verifier import faults
from interlock.methods.formats import pabulib

from .elections import ADVERSARIAL, Plain, elections

GREEDY = ["greedy", "greedy-no-skip", "greedy/per-cost", "greedy-no-skip/per-cost"]
SHARES = [
    "equalshares",
    "equalshares/add1",
    "equalshares/cost/add1-exhaustive",
    "equalshares/cardinality/add1/integral",
    "equalshares/utilitarian",
    "equalshares/cardinality/add1-exhaustive/integral/utilitarian",
    "equalshares/add1-comparison",
    "equalshares-comparison",
]
EXACT = [
    "equalshares-exact",
    "equalshares-exact/cardinality",
    "equalshares-exact/cardinality/add-opt",
    "equalshares-exact/cost/add-opt-skip",
]
BOS = ["equalshares-bos", "equalshares-bos/cost", "equalshares-bos/cardinality"]
ON_APPROVALS = [*GREEDY, *SHARES, *EXACT, *BOS, "phragmen", "maximin-support"]
ON_POINTS = [*GREEDY, *SHARES, *BOS, "equalshares/points/add1", "equalshares-bos/points"]

Json = dict[str, Any]


def plain_ballots(election: Election) -> list[Any]:
    """The ballots as the verifier takes them: ids, with points where the ballots say them."""
    ballots = election.ballots
    ids = [election.projects[p] for p in ballots.projects]
    ends = ballots.offsets.tolist()
    rows: list[Any] = [ids[start:end] for start, end in pairwise(ends)]
    if ballots.points is None:
        return rows
    points = ballots.points.tolist()
    pairs = zip(rows, ends, strict=False)
    return [dict(zip(row, points[start:], strict=False)) for row, start in pairs]


def verified(election: Election, said: Json, order: list[str], rule: str) -> list[str]:
    limits = election.limits
    return faults(
        said,
        dict(zip(election.projects, election.costs, strict=True)),
        election.budget,
        plain_ballots(election),
        kind=election.ballots.kind,
        unit=election.unit,
        least_points=limits.least_points,
        exclusive=limits.exclusive,
        caps=[(cap.name, cap.budget, cap.projects) for cap in limits.caps],
        rule=rule,
        order=order,
    )


def told(election: Election, rule: str, order: list[str]) -> Json:
    said: Json = json.loads(json.dumps(protocol(count(election, rule, order))))
    return said


def limited(election: Election, rng: random.Random) -> Election:
    """The election with a threshold, a group of which one can win, and a cap."""
    projects = election.projects
    pair = tuple(rng.sample(projects, min(2, len(projects))))
    capped = tuple(rng.sample(projects, (len(projects) + 1) // 2))
    cap = Cap("north", rng.randint(0, election.budget), capped)
    return replace(election, limits=Limits(rng.randint(0, 2), (pair,), (cap,)))


def with_points(election: Election, kind: str, rng: random.Random) -> Election:
    """The same marks with points from 0 to 5, or ranked."""
    ballots = election.ballots
    points = None
    if kind != "ordinal":
        points = np.array([rng.randint(0, 5) for _ in ballots.projects], np.int64)
    return replace(election, ballots=Ballots(kind, ballots.offsets, ballots.projects, points))


@pytest.mark.parametrize("rule", ON_APPROVALS)
@pytest.mark.parametrize("make", ADVERSARIAL)
def test_true_protocols_are_accepted(make: Callable[[random.Random], Plain], rule: str) -> None:
    huge = make.__name__ in ("knife_edge", "far_apart")
    for seed in range(8):
        plain = make(random.Random(seed))
        if huge and "add1" in rule:
            continue  # a step of 1 would take a million
        order = plain.order(seed)
        election = plain.election
        for one in (election, limited(election, random.Random(seed))):
            assert verified(one, told(one, rule, order), order, rule) == []


@pytest.mark.parametrize("rule", ON_POINTS)
@pytest.mark.parametrize("kind", ["ordinal", "cumulative", "scoring"])
def test_true_protocols_of_points_are_accepted(kind: str, rule: str) -> None:
    for seed in range(8):
        rng = random.Random(seed)
        plain = ADVERSARIAL[seed % 2](rng)
        order = plain.order(seed)
        election = with_points(plain.election, kind, rng)
        for one in (election, limited(election, rng)):
            assert verified(one, told(one, rule, order), order, rule) == []


@pytest.mark.parametrize(
    "rule", ["greedy", "equalshares", "equalshares/add1", "phragmen", "maximin-support"]
)
@given(plain=elections())
@settings(max_examples=40)
def test_any_small_protocol_is_accepted(rule: str, plain: Plain) -> None:
    order = plain.order(0)
    assert verified(plain.election, told(plain.election, rule, order), order, rule) == []


SUBJECTS, MUTATIONS = 25, 40  # a thousand in all


@pytest.mark.parametrize("number", range(SUBJECTS))
def test_every_mutation_is_rejected(number: int) -> None:
    election, rule, order = subject(number)
    said = told(election, rule, order)
    assert verified(election, said, order, rule) == []
    for seed in range(MUTATIONS):
        wrong = mutated(said, random.Random(f"{number} {seed}"))
        assert verified(election, wrong, order, rule) != [], wrong


def subject(number: int) -> tuple[Election, str, list[str]]:
    """An election, a rule and a tie order; every fourth has limits, every third has points."""
    rng = random.Random(1000 + number)
    plain = (ADVERSARIAL[0], ADVERSARIAL[1], ADVERSARIAL[3])[number % 3](rng)
    election, rules = plain.election, ON_APPROVALS
    if number % 3 == 1:
        kind = rng.choice(["ordinal", "cumulative"])
        election, rules = with_points(election, kind, rng), ON_POINTS
    if number % 4 == 3:
        election = limited(election, rng)
    return election, rules[number % len(rules)], plain.order(number)


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in the protocol."""
    yield path
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in inner:
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))
        else:
            yield (*path, key)


def mutated(said: Json, rng: random.Random) -> Json:
    """One thing in the protocol is changed, so that it says something else."""
    while True:
        wrong = copy.deepcopy(said)
        *before, key = rng.choice([path for path in places(said) if path])
        holder: Any = wrong
        for step in before:
            holder = holder[step]
        old = holder[key]
        change(holder, key, rng, list(said["order"]))
        if wrong != said and not same_amount(old, holder, key):
            return wrong


def same_amount(old: Any, holder: Any, key: Any) -> bool:
    """Whether only the writing of a number changed: 10/4 for 5/2."""
    new = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    try:
        return Fraction(old) == Fraction(new)
    except (ValueError, ZeroDivisionError):
        return False


def change(holder: Any, key: Any, rng: random.Random, projects: list[str]) -> None:
    old = holder[key]
    if isinstance(old, bool):
        holder[key] = rng.choice([not old, int(old), None])
    elif isinstance(old, int):
        holder[key] = old + rng.choice([-2, -1, 1, 2, 10])
    elif isinstance(old, str) and old[:1].isdigit():
        at = rng.choice([place for place, sign in enumerate(old) if sign.isdigit()])
        holder[key] = old[:at] + str(rng.randint(0, 9)) + old[at + 1 :]
    elif isinstance(old, str):
        holder[key] = rng.choice([*projects, old + "x", ""])
    elif old is None:
        holder[key] = rng.choice(["1", 0])
    elif isinstance(old, list) and len(old) > 1 and rng.random() < 0.5:
        one, other = rng.sample(range(len(old)), 2)
        old[one], old[other] = old[other], old[one]
    elif isinstance(old, list):
        old.append(copy.deepcopy(rng.choice(old)) if old else rng.choice(projects))
    elif rng.random() < 0.5:
        del holder[key]
    else:
        old["more"] = rng.choice([0, "0", None])


TOWN = Plain(
    {"park": 60, "bus": 40, "trees": 25},
    100,
    [["park", "bus"], ["park", "bus"], ["park"], ["trees"]],
)


ORDER = ["trees", "bus", "park"]


def wrong(said: Json, **changes: Any) -> list[str]:
    return faults(said | changes, TOWN.costs, TOWN.budget, TOWN.ballots)


def test_count_that_stopped_too_early_is_found() -> None:
    early = told(TOWN.election, "equalshares", ORDER)
    assert wrong(early, rule="equalshares/add1") == [
        "Raise 1 is within the budget, so the count goes on."
    ]


def test_count_that_went_on_too_long_is_found() -> None:
    said = told(TOWN.election, "equalshares/add1", ORDER)
    assert said["steps"] == 14
    assert wrong(said, steps=15, endowment="40")[0] == "The count ends before raise 15."


def test_count_that_went_on_after_its_end_is_found() -> None:
    """All are funded at once, so no share is raised."""
    plain = Plain({"a": 2}, 10, [["a"], ["a"]])
    said = told(plain.election, "equalshares/add1", ["a"])
    assert said["steps"] == 0
    said["projects"][0]["reason"]["amounts"]["share"] = "6"
    later = said | {"steps": 1, "endowment": "6"}
    assert faults(later, plain.costs, plain.budget, plain.ballots) == [
        "The count ends before raise 1."
    ]


def test_every_raise_can_be_counted_again() -> None:
    said = told(TOWN.election, "equalshares/add1", ORDER)
    plain = (TOWN.costs, TOWN.budget, TOWN.ballots)
    assert faults(said, *plain, every_raise=True) == []
    assert faults(said | {"steps": 13}, *plain, every_raise=True)[0] == (
        "The count ends after 14 raises, not after 13."
    )


def test_digit_is_named_with_its_place() -> None:
    said = told(TOWN.election, "equalshares/add1", ORDER)
    said["rounds"][1]["payment"] = "26"
    assert wrong(said) == ["rounds 2 payment is '26', but 25 is right."]


def test_number_of_another_type_is_found() -> None:
    said = told(TOWN.election, "equalshares/add1", ORDER)
    said["projects"][0]["funded"] = 1
    assert wrong(said) == ["projects 1 funded is 1, but True is right."]


def test_order_or_rule_other_than_published_is_found() -> None:
    said = told(TOWN.election, "greedy", ORDER)
    plain = (TOWN.costs, TOWN.budget, TOWN.ballots)
    assert faults(said, *plain, order=ORDER, rule="greedy") == []
    assert faults(said, *plain, order=ORDER[::-1]) == ["The order is another one."]
    assert faults(said, *plain, rule="greedy-no-skip") == [
        "The rule is greedy, not greedy-no-skip."
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"order": ["bus", "bus", "park"]}, "The order does not name each project once."),
        ({"order": None}, "The order does not name each project once."),
        ({"steps": True}, "The number of raises is not a whole number."),
        ({"rule": "borda"}, 'The rule "borda" is not one this verifier knows.'),
        (
            {"rule": "equalshares/add2"},
            'The rule "equalshares/add2" is not one this verifier knows.',
        ),
        ({"rule": "greedy@2"}, 'The rule "greedy@2" is not one this verifier knows.'),
    ],
)
def test_what_cannot_be_read_is_said(changes: Json, fault: str) -> None:
    assert wrong(told(TOWN.election, "equalshares/add1", ORDER), **changes) == [fault]


def test_verifier_stands_alone() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text(encoding="utf-8"))
    named = [one.module for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
    assert not [one for one in ast.walk(tree) if isinstance(one, ast.Import)]
    assert set(named) == {
        "__future__",
        "collections",
        "collections.abc",
        "fractions",
        "itertools",
        "typing",
    }


@pytest.mark.parametrize(
    "rule", ["equalshares/add1", "greedy-no-skip", "phragmen", "maximin-support"]
)
def test_real_protocol_is_accepted(real_files: Path, rule: str) -> None:
    election = pabulib.read(real_files / "Poland_Wieliczka_2023_Green_Budget.pb").election()
    order = list(count(election, "greedy").order)
    assert verified(election, told(election, rule, order), order, rule) == []


def test_outvoting_by_what_shares_did_not_buy_is_found() -> None:
    ballots = [["hall"]] * 3 + [["bus"]] * 2 + [["park"]]
    plain = Plain({"hall": 50, "bus": 60, "park": 50}, 100, ballots)
    order = ["hall", "bus", "park"]
    said = told(plain.election, "equalshares/utilitarian", order)
    assert verified(plain.election, said, order, "equalshares/utilitarian") == []
    said["projects"][1]["reason"]["outvoted"] = True
    assert verified(plain.election, said, order, "equalshares/utilitarian") == [
        "projects 2 reason outvoted is True, but False is right."
    ]
