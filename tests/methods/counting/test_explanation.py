from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.counting import Ballots, Election, count
from interlock.methods.counting.explanation import (
    GUARD,
    Explanation,
    Spending,
    lower_cost,
    more_votes,
)
from interlock.methods.formats import pabulib

from .elections import Plain, elections

TOWN = Plain(
    {"park": 60, "bus": 40, "trees": 25},
    100,
    [["park", "bus"], ["park", "bus"], ["park"], ["trees"]],
)

RULES = ["equalshares", "equalshares/add1", "equalshares/cardinality/utilitarian"]


def explained(plain: Plain, rule: str = "equalshares") -> Explanation:
    return Explanation(plain.election, count(plain.election, rule))


def test_unfunded_project_says_where_the_shares_went() -> None:
    bus = explained(TOWN).supporters_of_unfunded("bus")
    assert (bus.voters, bus.shares, bus.left, bus.cost) == (2, 50, 10, 40)
    assert bus.spent == (Spending("park", 2, Fraction(40)),)


def test_voter_sees_what_the_share_bought() -> None:
    told = explained(TOWN)
    assert told.bought_by(0) == (Spending("park", 1, Fraction(20)),)
    assert (told.left_of(0), told.left_of(3)) == (5, 0)


def test_support_is_the_most_the_supporters_would_pay() -> None:
    """At the park's price, a third of the cost, two supporters would pay two thirds of the bus."""
    told = explained(TOWN)
    assert told.effective_support("bus") == Fraction(2, 3)
    # Without the park nobody buys before it, and its supporters have 75 for a cost of 60,
    # or 25 and twice 5 once the bus is bought.
    assert told.effective_support("park") == Fraction(5, 4)


def test_wrong_questions_are_refused() -> None:
    told = explained(TOWN)
    for question, message in (
        (lambda: told.supporters_of_unfunded("park"), "park is funded"),
        (lambda: told.supporters_of_unfunded("tram"), "not a project"),
        (lambda: told.bought_by(4), "no ballot number 4"),
        (lambda: told.effective_support("tram"), "not a project"),
        (lambda: explained(TOWN, "greedy"), "voters get no shares"),
    ):
        with pytest.raises(ValueError, match=message):
            question()
    free = Plain({"free": 0, "dear": 9}, 5, [["free", "dear"]])
    for project in free.costs:
        with pytest.raises(ValueError, match="no measure"):
            explained(free).effective_support(project)


@pytest.mark.parametrize("rule", RULES)
@given(plain=elections())
@settings(max_examples=80)
def test_parts_add_up_to_the_whole(rule: str, plain: Plain) -> None:
    result = count(plain.election, rule)
    told = Explanation(plain.election, result)
    paid = dict.fromkeys(plain.costs, Fraction(0))
    for voter, ballot in enumerate(plain.ballots):
        bought = told.bought_by(voter)
        assert {one.project for one in bought} <= set(ballot)
        assert sum(one.amount for one in bought) + told.left_of(voter) == result.endowment
        for one in bought:
            paid[one.project] += one.amount
    for one in result.rounds:
        assert paid[one.project] == (plain.costs[one.project] if one.payment else 0)
    for project in set(plain.costs) - set(result.funded):
        theirs = told.supporters_of_unfunded(project)
        fans = [v for v, ballot in enumerate(plain.ballots) if project in ballot]
        assert theirs.shares == theirs.left + sum(one.amount for one in theirs.spent)
        assert theirs.left == sum(told.left_of(v) for v in fans)
        assert all(one.voters <= theirs.voters for one in theirs.spent)


@pytest.mark.parametrize("rule", ["equalshares", "equalshares/add1", "equalshares/cardinality"])
@given(plain=elections())
@settings(max_examples=80)
def test_support_is_whole_exactly_where_a_project_is_funded(rule: str, plain: Plain) -> None:
    result = count(plain.election, rule)
    told = Explanation(plain.election, result)
    tied = {project for tie in result.ties_met for project in tie.projects}
    for outcome, cost in zip(result.outcomes, result.costs, strict=True):
        if cost and outcome.reason.kind in ("funded-by-shares", "shares-spent", "shares-too-small"):
            support = told.effective_support(outcome.project)
            assert outcome.funded == (support >= 1) or (outcome.project in tied and support == 1)


def test_points_are_paid_for_by_points() -> None:
    ballots = Ballots("scoring", np.array([0, 2, 3]), np.array([0, 1, 0]), np.array([3, 1, 1]))
    election = Election(("a", "b"), (8, 5), 20, 1, ballots)
    told = Explanation(election, count(election, "equalshares"))
    assert told.bought_by(0)[0] == Spending("a", 1, Fraction(6))
    assert told.bought_by(1) == (Spending("a", 1, Fraction(2)),)
    assert told.effective_support("b") == Fraction(4, 5)


def test_votes_are_added_until_it_is_funded() -> None:
    plain = Plain({"a": 10, "b": 10}, 10, [["a"]] * 5 + [["b"]] * 2 + [[]] * 9)
    result = count(plain.election, "greedy", ["a", "b"])
    asked: list[int] = []
    found = more_votes(plain.election, result, "b", progress=asked.append)
    assert (found.needed, found.unfunded_beside) == (4, (3, 2, 1))
    assert asked == list(range(1, found.recounts + 1))


def test_cost_is_lowered_until_it_is_funded() -> None:
    result = count(TOWN.election, "equalshares")
    found = lower_cost(TOWN.election, result, "bus")
    assert (found.needed, found.unfunded_beside) == (10, (11, 12, 13))


@pytest.mark.parametrize("rule", ["greedy", "equalshares", "phragmen"])
@given(plain=elections())
@settings(max_examples=30)
def test_margins_hold_when_counted_again(rule: str, plain: Plain) -> None:
    election = plain.election
    result = count(election, rule)
    place = {project: p for p, project in enumerate(election.projects)}
    for project in set(plain.costs) - set(result.funded):
        found = lower_cost(election, result, project)
        for cost in filter(None, (found.needed, *found.unfunded_beside)):
            costs = list(election.costs)
            costs[place[project]] = cost
            again = count(replace(election, costs=tuple(costs)), rule, result.order)
            assert (project in again.funded) == (cost == found.needed)
        votes = more_votes(election, result, project)
        others = len(plain.ballots) - election.votes[place[project]]
        assert votes.needed is None or 0 < votes.needed <= others
        assert len(votes.unfunded_beside) <= GUARD


def test_added_votes_are_the_same_however_many() -> None:
    """Those who would tick it are drawn by lot, so another seed may need another number."""
    plain = Plain({"a": 10, "b": 10}, 10, [["a"]] * 4 + [["b"]] * 3 + [[]] * 2)
    result = count(plain.election, "greedy", ["a", "b"])
    numbers = {more_votes(plain.election, result, "b", lot_seed=str(n)).needed for n in range(5)}
    assert numbers == {2}


def test_search_ends_at_its_bound() -> None:
    plain = Plain({"a": 10, "b": 10}, 10, [["a"]] * 5 + [["b"]] * 2 + [[]] * 9)
    result = count(plain.election, "greedy", ["a", "b"])
    found = more_votes(plain.election, result, "b", most_recounts=2)
    assert (found.needed, found.recounts) == (None, 2)
    found = more_votes(plain.election, result, "b", most_recounts=3)
    assert (found.needed, found.unfunded_beside, found.recounts) == (4, (), 3)


def test_margin_of_a_funded_project_or_of_points_is_refused() -> None:
    result = count(TOWN.election, "greedy")
    with pytest.raises(ValueError, match="park is funded already"):
        more_votes(TOWN.election, result, "park")
    with pytest.raises(ValueError, match="not a project"):
        lower_cost(TOWN.election, result, "tram")
    ranked = Election.from_approvals({"a": 9, "b": 1}, 5, [["a", "b"]], kind="ordinal")
    with pytest.raises(ValueError, match='added to "ordinal" ballots'):
        more_votes(ranked, count(ranked, "greedy"), "a")


def test_real_project_just_missed(real_files: Path) -> None:
    """Project 16 of Wieliczka under plain equal shares: 99 % support, six more votes."""
    election = pabulib.read(real_files / "Poland_Wieliczka_2023_Green_Budget.pb").election()
    result = count(election, "equalshares")
    support = Explanation(election, result).effective_support("16")
    assert round(float(support), 3) == 0.991
    assert more_votes(election, result, "16").needed == 6
    assert lower_cost(election, result, "16").needed == 49_534
