import random
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from interlock.methods.counting import Reason, Result, count, protocol
from interlock.methods.counting.election import Limits

from . import reference_others as reference
from .elections import (
    ADVERSARIAL,
    Plain,
    case_of,
    election_of,
    elections,
    with_limits,
    with_points,
)
from .reference_others import Case

pytest.importorskip("scipy", reason="SciPy: the optimum under limits")

TOWN = Plain(
    {"park": 60, "bus": 50, "trees": 50},
    100,
    [["park", "bus"], ["park", "trees"], ["park"], ["bus", "trees"]],
)


def worth(case: Case, result: Result, utility: str) -> int:
    return sum(reference.value(case, project, utility) for project in result.funded)


def test_the_best_choice_is_funded_though_greedy_misses_it() -> None:
    result = count(TOWN.election, "optimum", ["park", "bus", "trees"])
    assert (result.funded, result.spent, result.bound) == (("bus", "trees"), 100, None)
    assert count(TOWN.election, "greedy").funded == ("park",)
    assert [outcome.reason.kind for outcome in result.outcomes] == [
        "not-in-the-optimum",
        "in-the-optimum",
        "in-the-optimum",
    ]


def test_utility_of_cost_prefers_what_costs_more() -> None:
    plain = Plain({"a": 90, "b": 10, "c": 20}, 100, [["a", "b"], ["a", "c"], ["b", "c"]])
    assert set(count(plain.election, "optimum/cost").funded) == {"a", "b"}
    assert set(count(plain.election, "optimum/cardinality", ["c", "b", "a"]).funded) == {"c", "b"}


def test_of_equal_choices_the_tie_order_decides() -> None:
    plain = Plain({"a": 5, "b": 5, "c": 5}, 10, [["a", "b", "c"]])
    assert count(plain.election, "optimum", ["c", "a", "b"]).funded == ("c", "a")
    assert count(plain.election, "optimum", ["b", "c", "a"]).funded == ("b", "c")


def test_excluded_project_is_told_by_whom() -> None:
    election = replace(TOWN.election, limits=Limits(exclusive=(("bus", "trees"),)))
    result = count(election, "optimum", ["park", "bus", "trees"])
    assert result.funded == ("park",)
    plain = Plain({"a": 5, "b": 5}, 10, [["a", "b"], ["a"]])
    exclusive = replace(plain.election, limits=Limits(exclusive=(("a", "b"),)))
    reason = count(exclusive, "optimum").outcomes[1].reason
    assert reason == Reason("excluded-by-the-optimum", 1, {"budget": 10}, facts={"other": "a"})


def test_a_search_cut_short_gives_a_bound_and_claims_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Costs without any pattern, votes equal: any subset may fill the budget better."""
    monkeypatch.setattr("interlock.methods.counting.optimum.MOST_STATES", 2_000)
    rng = random.Random(5)
    costs = {f"p{number}": rng.randint(10**29, 10**30) for number in range(40)}
    plain = Plain(costs, 10**31, [list(costs)] * 2)
    result = count(plain.election, "optimum/cost")
    assert result.bound is not None
    found = worth(case_of(plain), result, "cost")
    assert found <= result.bound <= 2 * plain.budget
    assert found > 0.9999 * result.bound
    assert {outcome.reason.kind for outcome in result.outcomes} == {
        "funded-by-search",
        "not-in-the-best-found",
    }
    assert protocol(result)["bound"] == str(result.bound)


def test_limits_without_scipy_are_refused_and_the_budget_alone_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    assert set(count(TOWN.election, "optimum").funded) == {"bus", "trees"}
    limited = replace(TOWN.election, limits=Limits(exclusive=(("bus", "trees"),)))
    with pytest.raises(ValueError, match="needs SciPy, which is not installed"):
        count(limited, "optimum")


def test_election_without_ballots_funds_nothing() -> None:
    assert count(Plain({"a": 10}, 10, []).election, "optimum").funded == ()


def first_twelve(case: Case) -> Case:
    """The same election without its other projects, few enough for brute force."""
    few = dict([*case.costs.items()][:12])
    return Case(
        few,
        case.budget // 2,
        [{p: points for p, points in ballot.items() if p in few} for ballot in case.ballots],
        case.least,
        [[p for p in group if p in few] for group in case.exclusive],
        [(budget // 2, [p for p in projects if p in few]) for budget, projects in case.caps],
    )


def compare(case: Case, kind: str, order: list[str]) -> None:
    if len(case.costs) > 12:
        case, order = first_twelve(case), [p for p in order if p in [*case.costs][:12]]
        kind = "cumulative" if kind == "ordinal" else kind  # ranks would be counted from 12 down
    for utility in ("", "cost", "cardinality"):
        rule = f"optimum/{utility}" if utility else "optimum"
        result = count(election_of(case, kind), rule, order)
        best, funded = reference.optimum(case, order, utility)
        assert result.bound is None
        assert worth(case, result, utility) == best
        assert list(result.funded) == funded


@pytest.mark.parametrize("make", ADVERSARIAL)
@pytest.mark.parametrize("block", range(3))
def test_result_equals_brute_force(make: Callable[[random.Random], Plain], block: int) -> None:
    for seed in range(block * 20, block * 20 + 20):
        rng = random.Random(seed)
        plain = make(rng)
        pointed, kind = with_points(rng, plain)
        compare(case_of(plain), "approval", plain.order(seed))
        compare(with_limits(rng, pointed), kind, plain.order(seed))


@given(plain=elections())
@settings(max_examples=60)
def test_result_equals_brute_force_with_free_and_dear_projects(plain: Plain) -> None:
    compare(with_limits(random.Random(plain.budget), case_of(plain)), "approval", plain.order(1))
