import pytest
from hypothesis import given, settings

from interlock.methods.counting import Election, Result, count

from .elections import Plain, elections

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
@settings(max_examples=60, deadline=None)
def test_budget_is_never_overspent(rule: str, plain: Plain) -> None:
    result = count(plain.election, rule)
    assert result.spent == sum(plain.costs[project] for project in result.funded) <= plain.budget


@given(plain=elections())
@settings(max_examples=60, deadline=None)
def test_nothing_with_a_vote_still_fits_after_greedy(plain: Plain) -> None:
    result = count(plain.election, "greedy")
    left = plain.budget - result.spent
    for outcome, cost, votes in zip(result.outcomes, result.costs, result.supporters, strict=True):
        assert outcome.funded or votes == 0 or cost > left
