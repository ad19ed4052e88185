import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Reason, Result, count, protocol, sentence
from interlock.methods.counting.explanation import Explanation
from interlock.methods.counting.maximin_support import _Flow, _Run
from interlock.methods.formats import pabulib

from . import reference_maximin as reference
from .elections import (
    ADVERSARIAL,
    Plain,
    case_of,
    crowded,
    election_of,
    elections,
    weighty,
    with_limits,
)
from .reference_others import Case

SMALL = [make for make in [*ADVERSARIAL, weighty] if make is not crowded]
# Both pay for the library; then one of them likes the park, too, and the other takes over.
TOWN = Plain(
    {"library": 60, "park": 60, "trees": 80},
    140,
    [["library", "park"], ["library"], ["trees"]],
)
ORDER = ["library", "park", "trees"]


def kinds(result: Result) -> list[str]:
    return [outcome.reason.kind for outcome in result.outcomes]


def test_costs_are_shared_anew_with_every_purchase() -> None:
    result = count(TOWN.election, "maximin-support", ORDER)
    assert result.funded == ("library", "park")
    assert [one.payment for one in result.rounds] == [30, 60]
    assert count(TOWN.election, "phragmen", ORDER).funded == ("library", "trees")


def test_effective_votes_are_the_support() -> None:
    """Where costs are equal, cost / load is the support of the least supported."""
    plain = Plain({"a": 1, "b": 1, "c": 1}, 3, [["a", "b"]] * 3 + [["b", "c"]] * 2)
    rounds = count(plain.election, "maximin-support", ["a", "b", "c"]).rounds
    assert [(one.project, one.effective_votes) for one in rounds] == [
        ("b", 5),
        ("a", Fraction(5, 2)),
        ("c", Fraction(5, 3)),
    ]


def test_count_ends_at_the_first_purchase_beyond_the_budget() -> None:
    plain = Plain({"a": 10, "b": 15, "c": 3, "d": 4}, 20, [["a"], ["a"], ["b"], ["b"], ["c"]])
    result = count(plain.election, "maximin-support")
    assert result.funded == ("c", "a")
    assert kinds(result) == [
        "funded-by-least-load",
        "least-load-over-budget",
        "funded-by-least-load",
        "no-votes",
    ]


def test_what_is_level_with_the_end_had_no_turn() -> None:
    plain = Plain({"a": 8, "b": 10, "c": 10}, 15, [["a"], ["a"], ["b"], ["c"]])
    result = count(plain.election, "maximin-support", ["a", "b", "c"])
    assert kinds(result) == ["funded-by-least-load", "least-load-over-budget", "after-the-stop"]
    assert [(tie.projects, tie.chosen) for tie in result.ties_met] == [(("b", "c"), "b")]


def test_every_reason_has_its_numbers() -> None:
    costs = {"bus": 4, "park": 6, "hall": 9, "tram": 9, "free": 0}
    ballots = [["bus", "park"], ["bus", "park", "free"], ["hall"], ["tram"], ["tram"]]
    result = count(Plain(costs, 12, ballots).election, "maximin-support", list(costs))
    assert result.funded == ("free", "bus")
    nine, least = Fraction(9), Fraction(9, 2)
    assert [outcome.reason for outcome in result.outcomes] == [
        Reason("funded-by-least-load", 2, {"load": Fraction(2)}),
        Reason(
            "load-on-others", 2, {"load": Fraction(5), "least": least, "cost": Fraction(6)}, True
        ),
        Reason("load-too-large", 1, {"load": nine, "least": least, "cost": nine}),
        Reason("least-load-over-budget", 2, {"load": least, "left": Fraction(8), "cost": nine}),
        Reason("funded-free", 1),
    ]
    assert [sentence(outcome.reason, money=str) for outcome in result.outcomes[:4]] == [
        (
            "2 voters supported it. All costs so far, its own among them, can be shared by supporters "
            "so that nobody carries more than 2. With no other project next would that be less."
        ),
        (
            "2 voters supported it, and it costs 6. Its supporters carry costs of other funded "
            "projects: with this one somebody would have to carry 5, and with the project that was "
            "next when the count ended nobody more than 9/2. It had more votes than some funded "
            "projects, but its supporters had already paid for others they like."
        ),
        (
            "It costs 9, which is 9 for its 1 supporter. With the project that was next when the count "
            "ended nobody would carry more than 9/2."
        ),
        (
            "2 voters supported it, and it was next: with it nobody would have to carry more than 9/2. "
            "But it costs 9, and only 8 of the budget was left. The rule ends there."
        ),
    ]


def test_free_projects_are_a_tie_only_where_they_may_exclude_each_other() -> None:
    case = Case({"a": 0, "b": 0, "c": 5}, 5, [{"a": 1, "b": 1, "c": 1}])
    assert count(election_of(case), "maximin-support").ties_met == ()
    either = replace(case, exclusive=[("a", "b")])
    result = count(election_of(either), "maximin-support", ["b", "a", "c"])
    assert result.funded == ("b", "c")
    assert [tie.projects for tie in result.ties_met] == [("b", "a")]


def test_election_without_ballots_funds_nothing() -> None:
    assert count(Plain({"a": 10}, 10, []).election, "maximin-support").funded == ()


def test_effective_support_is_not_claimed() -> None:
    result = count(TOWN.election, "maximin-support")
    with pytest.raises(ValueError, match="voters get no shares"):
        Explanation(TOWN.election, result)


def test_progress_is_told_and_rises() -> None:
    told = list[int]()
    count(TOWN.election, "maximin-support", progress=told.append)
    assert told == list(range(1, len(told) + 1))
    assert len(told) >= 3


def test_long_chains_are_no_depth() -> None:
    """Each voter likes two neighbors, so what the last project lacks is handed on to the far end."""
    ids = [f"p{number}" for number in range(60)]
    ballots = [ids[n : n + 2] for n in range(60)]
    result = count(Plain(dict.fromkeys(ids, 1), 60, ballots).election, "maximin-support", ids)
    assert (len(result.funded), result.rounds[-1].payment) == (60, 1)


def compare(case: Case, order: list[str]) -> None:
    result = count(election_of(case), "maximin-support", order)
    funded, loads, levels, at_the_end = reference.maximin_support(case, order)
    assert list(result.funded) == funded
    assert [one.payment for one in result.rounds] == loads
    paid = [level for level in levels if case.costs[level[0]] or case.exclusive]
    assert [list(tie.projects) for tie in result.ties_met] == [
        level for level in paid if len(level) > 1
    ]
    for outcome in result.outcomes:
        reason, project = outcome.reason, outcome.project
        if reason.kind in ("load-too-large", "load-on-others", "least-load-over-budget"):
            assert reason.amounts["load"] == at_the_end[project]
        if reason.kind.startswith("load-"):
            assert reason.amounts["least"] == min(at_the_end.values()) < reason.amounts["load"]
            alone = Fraction(case.costs[project], len(case.fans(project)))
            assert (reason.kind == "load-too-large") == (reason.amounts["load"] == alone)


@pytest.mark.parametrize("make", SMALL)
def test_result_equals_the_reference_of_all_subsets(
    make: Callable[[random.Random], Plain],
) -> None:
    for seed in range(100):
        rng = random.Random(seed)
        plain = make(rng)
        compare(case_of(plain), plain.order(seed))
        roomy = Case(plain.costs, plain.budget * 3, case_of(plain).ballots)
        compare(with_limits(rng, roomy), plain.order(seed))


@given(elections(), st.integers(0, 99))
@settings(max_examples=100)
def test_result_equals_the_reference_with_free_and_dear_projects(plain: Plain, seed: int) -> None:
    compare(case_of(plain), plain.order(seed))


@given(elections(scale=10**20 + 39), st.integers(0, 99))
@settings(max_examples=60)
def test_result_equals_the_reference_on_huge_numbers(plain: Plain, seed: int) -> None:
    compare(case_of(plain), plain.order(seed))


@pytest.mark.skipif(find_spec("scipy") is None, reason="SciPy: the linear program")
def test_loads_are_those_of_the_linear_program() -> None:
    """The definition without Hall's condition, and for more projects than have few subsets."""
    for seed in range(6):
        plain = crowded(random.Random(seed))
        result = count(plain.election, "maximin-support")
        for place, one in enumerate(result.rounds):
            load = by_linear_program(plain, result.funded[: place + 1])
            assert float(one.payment) == pytest.approx(load, rel=1e-7)


def by_linear_program(plain: Plain, projects: Sequence[str]) -> float:
    """The least bound on all voters' loads; a variable for each mark, and one for the bound."""
    marks = [(v, p) for v, b in enumerate(plain.ballots) for p in projects if p in b]
    costs = np.array([[float(p == q) for _, q in marks] + [0.0] for p in projects])
    loads = np.array(
        [[float(v == w) for w, _ in marks] + [-1.0] for v in range(len(plain.ballots))]
    )
    solved = import_module("scipy.optimize").linprog(
        [0.0] * len(marks) + [1.0],
        A_ub=loads,
        b_ub=np.zeros(len(loads)),
        A_eq=costs,
        b_eq=[plain.costs[p] for p in projects],
        method="highs",
    )
    return float(solved.fun)


@pytest.mark.parametrize("make", [*ADVERSARIAL, weighty])
def test_shared_costs_are_whole_and_within_the_load(make: Callable[[random.Random], Plain]) -> None:
    """What every flow begins with, and what a finished one gives, in its own whole numbers."""
    for seed in range(20):
        election = make(random.Random(seed)).election
        run = _Run(election, range(len(election.projects)), None)
        while level := run.level():
            sharing, load = run.best, run.load
            flow = _Flow(sharing, load)
            assert (flow.room >= 0).all()
            assert (flow.lacking >= 0).all()
            assert flow.run() is None
            assert (flow.lacking == 0).all()
            for q, cost in enumerate(sharing.costs):
                assert sum(flow.given[flow.rows[q]].tolist()) == cost * load.denominator
            for g, size in enumerate(sharing.sizes.tolist()):
                carried = sum(flow.given[sharing.group == g].tolist())
                assert carried + flow.room[g] == size * load.numerator
            if not run.buy(level):
                break


def test_real_count_is_the_same_with_numbers_of_any_size(
    real_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    election = pabulib.read(real_files / "Poland_Wieliczka_2023_Green_Budget.pb").election()
    result = count(election, "maximin-support")
    assert (len(result.funded), result.spent) == (33, 964_351)
    monkeypatch.setattr("interlock.methods.counting.maximin_support._FITS", 0)
    assert protocol(count(election, "maximin-support")) == protocol(result)
