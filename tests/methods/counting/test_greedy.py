import random
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings

from interlock.methods.counting import Election, Reason, Result, count, sentence

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

TOWN = Plain(
    {"park": 60, "bus": 50, "trees": 40},
    100,
    [["park"], ["park"], ["park", "bus"], ["bus"], ["trees"]],
)


def kinds(result: Result) -> list[str]:
    return [outcome.reason.kind for outcome in result.outcomes]


def test_most_votes_come_first_and_what_does_not_fit_is_skipped() -> None:
    result = count(TOWN.election, "greedy")
    assert (result.funded, result.spent) == (("park", "trees"), 100)
    assert kinds(result) == ["funded-by-votes", "does-not-fit", "funded-by-votes"]


def test_no_skip_ends_at_the_first_that_does_not_fit() -> None:
    result = count(TOWN.election, "greedy-no-skip")
    assert (result.funded, result.spent) == (("park",), 60)
    assert kinds(result) == ["funded-by-votes", "stopped-here", "after-the-stop"]


def test_equal_votes_go_by_the_tie_order() -> None:
    plain = Plain({"a": 60, "b": 60}, 100, [["a", "b"]])
    result = count(plain.election, "greedy", ["b", "a"])
    assert result.funded == ("b",)
    assert [(tie.projects, tie.chosen) for tie in result.ties_met] == [(("b", "a"), "b")]


def test_default_tie_order_is_cost_then_votes() -> None:
    plain = Plain({"a": 60, "b": 59}, 100, [["a", "b"]])
    assert count(plain.election, "greedy").funded == ("b",)


def test_project_without_a_vote_is_never_funded() -> None:
    result = count(Plain({"a": 1, "b": 1}, 10, [["a"]]).election, "greedy")
    assert result.funded == ("a",)
    assert kinds(result)[1] == "no-votes"


def test_project_dearer_than_the_budget_does_not_stop_the_count() -> None:
    plain = Plain({"withdrawn": 999_999_999, "a": 10}, 10, [["withdrawn"], ["withdrawn", "a"]])
    result = count(plain.election, "greedy-no-skip")
    assert result.funded == ("a",)
    assert kinds(result) == ["over-budget", "funded-by-votes"]


def test_choose_one_ballots_are_counted() -> None:
    election = Election.from_approvals({"a": 1, "b": 1}, 1, [["b"], ["b"], ["a"]], kind="choose-1")
    assert count(election, "greedy").funded == ("b",)


@pytest.mark.parametrize("rule", ["greedy", "greedy-no-skip"])
@given(plain=elections())
@settings(max_examples=60)
def test_budget_is_never_overspent(rule: str, plain: Plain) -> None:
    result = count(plain.election, rule)
    assert result.spent == sum(plain.costs[project] for project in result.funded) <= plain.budget


@given(plain=elections())
@settings(max_examples=60)
def test_nothing_with_a_vote_still_fits_after_greedy(plain: Plain) -> None:
    result = count(plain.election, "greedy")
    left = plain.budget - result.spent
    for outcome, cost, votes in zip(result.outcomes, result.costs, result.supporters, strict=True):
        assert outcome.funded or votes == 0 or cost > left


def test_points_per_cost_come_first_and_free_projects_before_all() -> None:
    plain = Plain(
        {"park": 60, "bench": 20, "idea": 0, "sign": 0},
        70,
        [["park", "bench"], ["park", "idea"], ["park", "sign"], ["sign"]],
    )
    result = count(plain.election, "greedy/per-cost")
    assert result.funded == ("sign", "idea", "bench")
    assert [one.reason.amounts.get("each") for one in result.outcomes] == [20, 20, None, None]
    assert sentence(result.outcomes[0].reason, money=str) == (
        "3 voters supported it. When its turn came only 50 was left, and it costs 60. That is one "
        "vote for each 20 of its cost; the least comes first. It had more votes than some funded "
        "projects, but those cost less."
    )


def test_per_cost_compares_beyond_the_reach_of_floats() -> None:
    costs = {"a": 10**40 + 1, "b": 10**40}
    result = count(Plain(costs, 10**40 + 1, [["a", "b"]]).election, "greedy/per-cost", ["a", "b"])
    assert (result.funded, result.ties_met) == (("b",), ())


def test_points_decide_where_ballots_give_points() -> None:
    case = Case({"a": 60, "b": 50}, 100, [{"a": 2, "b": 0}, {"a": 2, "b": 5}, {"a": 0, "b": 0}])
    result = count(election_of(case, "cumulative"), "greedy")
    assert (result.funded, result.supporters) == (("b",), (2, 1))
    amounts = {"left": Fraction(50), "cost": Fraction(60)}
    assert result.outcomes[0].reason == Reason("points-do-not-fit", 2, amounts, facts={"points": 4})
    assert result.outcomes[1].reason.kind == "funded-by-points"


def test_ordinal_ballots_count_borda() -> None:
    election = Election.from_approvals(
        {"a": 1, "b": 1, "c": 1}, 1, [["a", "b", "c"], ["b", "c"]], kind="ordinal"
    )
    assert election.points == (3, 5, 3)
    assert count(election, "greedy").funded == ("b",)


def test_level_projects_that_are_all_funded_are_no_tie() -> None:
    plain = Plain({"a": 60, "b": 40, "c": 70}, 100, [["a", "b", "c"]])
    assert count(plain.election, "greedy", ["a", "b", "c"]).ties_met[0].projects == ("a", "b", "c")
    both = Plain({"a": 60, "b": 40}, 100, [["a", "b"]])
    assert count(both.election, "greedy", ["a", "b"]).ties_met == ()


def test_level_project_that_would_have_stopped_the_count_is_a_tie() -> None:
    plain = Plain({"a": 60, "b": 40, "c": 50}, 100, [["a", "b", "c"], ["a"]])
    result = count(plain.election, "greedy-no-skip", ["a", "c", "b"])
    assert result.funded == ("a",)
    assert [(tie.projects, tie.chosen) for tie in result.ties_met] == [(("c", "b"), "c")]


def compare(case: Case, kind: str, order: list[str]) -> None:
    """Every form of greedy beside its reference."""
    election = election_of(case, kind)
    for skip in (True, False):
        for per_cost in (True, False):
            rule = ("greedy" if skip else "greedy-no-skip") + "/per-cost" * per_cost
            result = count(election, rule, order)
            assert list(result.funded) == reference.greedy(case, order, skip, per_cost)
            level = reference.contested(case, order, skip, per_cost)
            assert len(result.ties_met) == len(level)
            for tie in result.ties_met:
                assert any(set(tie.projects) <= projects for projects in level)
                assert len(tie.projects) > 1
                assert skip is False or tie.chosen in result.funded


@pytest.mark.parametrize("make", ADVERSARIAL)
@pytest.mark.parametrize("block", range(4))
def test_result_equals_the_reference(make: Callable[[random.Random], Plain], block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        rng = random.Random(seed)
        plain = make(rng)
        pointed, kind = with_points(rng, plain)
        compare(case_of(plain), "approval", plain.order(seed))
        compare(with_limits(rng, pointed), kind, plain.order(seed))


@given(plain=elections())
@settings(max_examples=60)
def test_result_equals_the_reference_with_free_and_dear_projects(plain: Plain) -> None:
    compare(with_limits(random.Random(plain.budget), case_of(plain)), "approval", plain.order(1))
