import random
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Result, count
from interlock.methods.counting.phragmen import _Run

from . import reference_others as reference
from .elections import ADVERSARIAL, Plain, case_of, election_of, elections, with_limits
from .reference_others import Case

TOWN = Plain(
    {"park": 60, "bus": 40, "trees": 25},
    100,
    [["park", "bus"], ["park", "bus"], ["park"], ["trees"]],
)


def kinds(result: Result) -> list[str]:
    return [outcome.reason.kind for outcome in result.outcomes]


def test_projects_are_bought_the_moment_their_supporters_have_the_cost() -> None:
    result = count(TOWN.election, "phragmen", ["park", "bus", "trees"])
    assert result.funded == ("park", "trees")
    assert [outcome.reason.amounts.get("received") for outcome in result.outcomes] == [20, 40, 25]
    assert kinds(result) == ["funded-by-load", "load-over-budget", "funded-by-load"]


def test_each_supporter_gives_all_they_have() -> None:
    plain = Plain({"a": 2, "b": 8}, 10, [["a", "b"], ["b"], ["a", "b"]])
    first, second = count(plain.election, "phragmen").rounds
    assert (first.project, first.payment, first.full_payers) == ("a", 1, 2)
    assert (second.project, second.payment) == ("b", Fraction(10, 3))
    assert (second.full_payers, second.partial_payers, second.broke) == (1, 2, 0)
    assert second.effective_votes == Fraction(12, 5)


def test_supporter_who_just_paid_has_nothing() -> None:
    """Both can be bought at 1; whoever pays for a is broke, and b waits for one more."""
    plain = Plain({"a": 1, "b": 2, "c": 1}, 4, [["a", "b"], ["b"], ["c"]])
    result = count(plain.election, "phragmen", ["a", "b", "c"])
    assert result.funded == ("a", "c", "b")
    assert [(tie.projects, tie.chosen) for tie in result.ties_met] == [
        (("a", "b", "c"), "a"),
    ]
    assert [round.broke for round in result.rounds] == [0, 0, 0]


def test_count_ends_at_the_first_purchase_beyond_the_budget() -> None:
    plain = Plain({"a": 10, "b": 15, "c": 3}, 20, [["a"], ["a"], ["b"], ["b"], ["c"]])
    result = count(plain.election, "phragmen")
    assert result.funded == ("c", "a")
    assert result.outcomes[1].reason.amounts == {
        "received": Fraction(15, 2),
        "left": Fraction(7),
        "cost": Fraction(15),
    }


def test_what_is_level_with_the_end_had_no_turn() -> None:
    plain = Plain({"a": 10, "b": 10, "c": 40}, 15, [["a"], ["b"], ["c"]])
    result = count(plain.election, "phragmen", ["b", "a", "c"])
    assert result.funded == ("b",)
    assert kinds(result) == ["load-over-budget", "funded-by-load", "over-budget"]
    level = Plain({"a": 8, "b": 10, "c": 10}, 15, [["a"], ["a"], ["b"], ["c"]])
    result = count(level.election, "phragmen", ["a", "b", "c"])
    assert kinds(result) == ["funded-by-load", "load-over-budget", "after-the-stop"]


def test_unfinished_project_is_told_what_its_supporters_had() -> None:
    ballots = [["a", "b", "d"], ["a", "b", "d"], ["c"]]
    plain = Plain({"a": 4, "b": 11, "c": 9, "d": 12}, 12, ballots)
    result = count(plain.election, "phragmen")
    assert kinds(result) == [
        "funded-by-load",
        "load-over-budget",
        "load-too-small",
        "load-unfinished",
    ]
    amounts = {"received": Fraction(15, 2), "left": Fraction(11), "cost": Fraction(12)}
    assert result.outcomes[3].reason.amounts == amounts


def test_all_fitting_projects_are_funded_when_the_budget_suffices() -> None:
    plain = Plain({"free": 0, "a": 9, "b": 5, "unloved": 1}, 14, [["free", "a"], ["b"]])
    result = count(plain.election, "phragmen")
    assert result.funded == ("free", "b", "a")
    assert result.rounds[0].payment == 0
    assert kinds(result) == ["funded-free", "funded-by-load", "funded-by-load", "no-votes"]
    assert result.ties_met == ()


def test_election_without_ballots_funds_nothing() -> None:
    assert count(Plain({"a": 10}, 10, []).election, "phragmen").funded == ()


def test_thousand_projects_are_no_depth() -> None:
    costs = {f"p{number}": number % 7 + 1 for number in range(1050)}
    ballots = [list(costs)[voter % 40 :: 40 - voter // 40] for voter in range(80)]
    assert len(count(Plain(costs, 10**5, ballots).election, "phragmen").funded) == 1050


def compare(case: Case, order: list[str]) -> None:
    result = count(election_of(case), "phragmen", order)
    funded, times, end, purses = reference.phragmen(case, order)
    assert list(result.funded) == funded
    reasons = {outcome.project: outcome.reason for outcome in result.outcomes}
    for project, time in zip(funded, times, strict=True):
        assert reasons[project].amounts.get("received", 0) == time
    for project, reason in reasons.items():
        if reason.kind in ("load-unfinished", "load-too-small"):
            assert reason.amounts["received"] == end
            assert reason.amounts["left"] == sum(purses[v] for v in case.fans(project))
            assert reason.amounts["left"] < case.costs[project]
        if reason.kind == "load-over-budget":
            assert reason.amounts["received"] == end
            assert reason.amounts["left"] < case.costs[project]


@pytest.mark.parametrize("make", ADVERSARIAL)
@pytest.mark.parametrize("block", range(4))
def test_result_equals_the_fraction_reference(
    make: Callable[[random.Random], Plain], block: int
) -> None:
    for seed in range(block * 50, block * 50 + 50):
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


@pytest.mark.parametrize("make", ADVERSARIAL)
def test_float_bounds_enclose_the_exact_time(make: Callable[[random.Random], Plain]) -> None:
    for seed in range(40):
        election = make(random.Random(seed)).election
        run = _Run(election, range(len(election.projects)))
        while level := run.next():
            for p in (p for p in run.field.inside if election.costs[p]):
                counts = run.shared(p)
                low, high = run.bounds(p, counts)
                time = run.time(p, counts) / run.denominator
                assert Fraction(low) <= time <= Fraction(high)
            if not run.buy(level):
                break


@given(plain=elections())
@settings(max_examples=60)
def test_payments_add_up_to_the_cost(plain: Plain) -> None:
    result = count(plain.election, "phragmen")
    last = [Fraction(0)] * len(plain.ballots)
    for round in result.rounds:
        now = next(o.reason for o in result.outcomes if o.project == round.project)
        fans = [v for v, ballot in enumerate(plain.ballots) if round.project in ballot]
        time = now.amounts.get("received", Fraction(0))
        paid = [time - last[v] for v in fans]
        assert sum(paid) == plain.costs[round.project]
        assert max(paid) == round.payment
        if round.payment:
            assert paid.count(round.payment) == round.full_payers
            assert paid.count(Fraction(0)) == round.broke
            assert len(paid) == round.full_payers + round.partial_payers + round.broke
        for voter in fans:
            last[voter] = time
