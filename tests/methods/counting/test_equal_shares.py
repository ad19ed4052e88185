import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Election, Result, count, protocol
from interlock.methods.counting.names import rule
from interlock.methods.counting.purchases import Market, Run

from . import reference
from .elections import ADVERSARIAL, Plain, elections

TOWN = Plain(
    {"park": 60, "bus": 40, "trees": 25},
    100,
    [["park", "bus"], ["park", "bus"], ["park"], ["trees"]],
)


def counted(plain: Plain, rule: str, seed: int = 0) -> Result:
    return count(plain.election, rule, plain.order(seed))


def test_projects_are_bought_by_their_supporters() -> None:
    result = counted(TOWN, "equalshares")
    assert result.funded == ("park", "trees")
    assert [round.payment for round in result.rounds] == [20, 25]
    assert (result.spent, result.endowment, result.steps) == (85, 25, 0)


def test_voter_with_less_gives_all() -> None:
    plain = Plain({"a": 30, "b": 40}, 100, [["a", "b"], ["a"], ["b"], ["b"]])
    second = counted(plain, "equalshares").rounds[1]
    assert (second.project, second.payment) == ("a", Fraction(55, 3))
    assert (second.full_payers, second.partial_payers, second.broke) == (1, 1, 0)
    assert second.effective_votes == Fraction(18, 11)


def test_add1_raises_shares_until_the_next_step_would_overspend() -> None:
    result = counted(TOWN, "equalshares/add1")
    assert (result.funded, result.steps, result.endowment) == (("park", "trees"), 14, 39)
    assert result.initial_endowment == 25


def test_add1_ends_when_every_project_is_funded() -> None:
    plain = Plain({"a": 9, "b": 5}, 100, [["a"], ["b"], [], [], [], [], [], [], [], []])
    result = counted(plain, "equalshares/add1")
    assert (set(result.funded), result.steps) == ({"a", "b"}, 0)


def test_add1_steps_by_one_currency_unit() -> None:
    cents = {project: cost * 100 for project, cost in TOWN.costs.items()}
    election = Election.from_approvals(cents, 10_000, TOWN.ballots, unit=100)
    result = count(election, "equalshares/add1")
    assert (result.steps, result.endowment) == (14, 3900)


def test_add1_tells_its_progress() -> None:
    begun: list[int] = []
    count(TOWN.election, "equalshares/add1", progress=begun.append)
    assert begun == sorted(begun)
    assert begun[0] == 1
    assert begun[-1] == 15


def test_add1_refuses_amounts_out_of_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("interlock.methods.counting.raises.MOST_STEPS", 10)
    with pytest.raises(ValueError, match="not finished after 10 steps"):
        counted(TOWN, "equalshares/add1")


def test_free_project_with_a_vote_is_funded_first_and_costs_nobody() -> None:
    plain = Plain({"free": 0, "unloved": 0, "a": 10}, 10, [["a"], ["free"]])
    result = count(plain.election, "equalshares/add1")
    assert result.funded[0] == "free"
    assert result.rounds[0].payment == 0
    assert "unloved" not in result.funded


def test_project_dearer_than_the_budget_takes_no_part() -> None:
    plain = Plain({"withdrawn": 999_999_999, "a": 10}, 10, [["withdrawn"], ["a", "withdrawn"]])
    assert counted(plain, "equalshares/add1").funded == ("a",)


def test_thousand_projects_are_no_depth() -> None:
    costs = {f"p{number}": 1 for number in range(1050)}
    ballots = [list(costs)[voter:] for voter in range(1050)]
    assert len(counted(Plain(costs, 10 * 1050, ballots), "equalshares").funded) == 1050


def test_blank_ballots_count_as_voters() -> None:
    assert counted(Plain({"a": 10}, 10, [["a"], []]), "equalshares").endowment == 5


def test_election_without_ballots_funds_nothing() -> None:
    assert counted(Plain({"a": 10}, 10, []), "equalshares/add1").funded == ()


def test_tie_goes_to_the_order_and_is_reported() -> None:
    plain = Plain({"a": 10, "b": 10}, 20, [["a", "b"], ["a", "b"]])
    result = count(plain.election, "equalshares", ["b", "a"])
    assert result.funded == ("b", "a")
    assert [(tie.projects, tie.chosen) for tie in result.ties_met] == [(("b", "a"), "b")]


def test_prices_that_floats_tell_apart_are_a_tie() -> None:
    """After y, both x (some of its supporters pay less) and a cost exactly half of their cost."""
    ballots = [["x", "y", "a"], ["x", "y", "b"], ["a", "b"], ["y"], ["y", "b"], ["x"]]
    plain = Plain({"x": 5, "y": 9, "a": 1, "b": 9}, 21, ballots)
    for order in (["x", "a", "b", "y"], ["a", "x", "b", "y"]):
        compare(plain, order)
        met = count(plain.election, "equalshares", order).ties_met
        assert [tie.projects for tie in met] == [tuple(order[:2])]


def compare(plain: Plain, order: list[str]) -> None:
    result = count(plain.election, "equalshares", order)
    share = Fraction(plain.budget, len(plain.ballots))
    funded, prices, _ = reference.equal_shares(
        plain.costs, plain.budget, plain.ballots, share, order
    )
    assert list(result.funded) == funded
    assert [round.payment for round in result.rounds] == prices


@pytest.mark.parametrize("make", ADVERSARIAL)
@pytest.mark.parametrize("block", range(4))
def test_result_equals_the_fraction_reference_on_adversarial_elections(
    make: Callable[[random.Random], Plain], block: int
) -> None:
    for seed in range(block * 60, block * 60 + 60):
        plain = make(random.Random(seed))
        compare(plain, plain.order(seed))


@pytest.mark.parametrize("make", ADVERSARIAL)
def test_float_bounds_enclose_the_exact_price(make: Callable[[random.Random], Plain]) -> None:
    for seed in range(40):
        election = make(random.Random(seed)).election
        market = Market(election, rule("equalshares"), range(len(election.projects)))
        run = Run(market, 0)
        while offers := run.offers():
            for offer in offers:
                price = run.ledger.amount(1) * run.settle(offer).rate
                rate = price / election.costs[offer.project]
                assert Fraction(offer.low) <= rate <= Fraction(offer.high)
                error = abs(Fraction(offer.rate) - price / market.scale)
                assert error <= Fraction(offer.spread)
            run.buy(*run.best(offers))
            run.waiting = [(0.0, p) for p in market.paid if p not in run.basket.bought]


@given(elections(), st.integers(0, 99))
@settings(max_examples=150)
def test_result_equals_the_fraction_reference(plain: Plain, seed: int) -> None:
    compare(plain, plain.order(seed))


@given(elections(scale=10**20 + 39), st.integers(0, 99))
@settings(max_examples=60)
def test_result_equals_the_fraction_reference_on_huge_numbers(plain: Plain, seed: int) -> None:
    compare(plain, plain.order(seed))


@given(elections(), st.integers(0, 99))
@settings(max_examples=100)
def test_add1_equals_the_fraction_reference(plain: Plain, seed: int) -> None:
    order = plain.order(seed)
    result = count(plain.election, "equalshares/add1", order)
    assert (list(result.funded), result.steps) == reference.add1(
        plain.costs, plain.budget, plain.ballots, 1, order
    )


@pytest.mark.parametrize("rule", ["equalshares", "equalshares/add1"])
@given(plain=elections())
@settings(max_examples=60)
def test_money_is_neither_overspent_nor_made(rule: str, plain: Plain) -> None:
    result = counted(plain, rule)
    assert result.spent <= plain.budget
    purses = [result.endowment] * len(plain.ballots)
    for round in result.rounds:
        fans = [v for v, ballot in enumerate(plain.ballots) if round.project in ballot]
        paid = [min(purses[v], round.payment) for v in fans]
        assert sum(paid) == plain.costs[round.project]
        for voter, payment in zip(fans, paid, strict=True):
            purses[voter] -= payment
    assert min(purses) >= 0


@given(plain=elections(), seed=st.integers(0, 99))
@settings(max_examples=60)
def test_order_of_ballots_and_projects_does_not_matter(plain: Plain, seed: int) -> None:
    rng = random.Random(seed)
    ballots = [rng.sample(ballot, len(ballot)) for ballot in plain.ballots]
    rng.shuffle(ballots)
    costs = dict(rng.sample(list(plain.costs.items()), len(plain.costs)))
    order = plain.order(seed)
    first = count(plain.election, "equalshares", order)
    second = count(Plain(costs, plain.budget, ballots).election, "equalshares", order)
    assert second.rounds == first.rounds
    assert second.ties_met == first.ties_met


@given(plain=elections())
@settings(max_examples=60)
def test_unfunded_project_was_affordable_until_its_turn_and_not_after(plain: Plain) -> None:
    result = counted(plain, "equalshares")
    for outcome in result.outcomes:
        amounts = outcome.reason.amounts
        if outcome.reason.kind in ("shares-spent", "shares-too-small"):
            assert 0 <= amounts["left"] < amounts["cost"]


@given(plain=elections())
@settings(max_examples=60)
def test_effective_votes_fall_from_round_to_round(plain: Plain) -> None:
    paid = [r.effective_votes for r in counted(plain, "equalshares").rounds if r.payment]
    assert all(later <= earlier for earlier, later in pairwise(paid))


def test_protocol_keeps_exact_payments_as_text() -> None:
    plain = Plain({"a": 10}, 20, [["a"], ["a"], ["a"]])
    assert protocol(counted(plain, "equalshares"))["rounds"] == [
        {
            "project": "a",
            "payment": "10/3",
            "full_payers": 3,
            "partial_payers": 0,
            "broke": 0,
            "effective_votes": "3",
        }
    ]
