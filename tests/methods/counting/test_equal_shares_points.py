"""Equal shares with every utility and completion, beside the full-fraction reference."""

import pickle
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from interlock.methods.counting import (
    Election,
    Reason,
    count,
    lot_order,
    protocol,
    sentence,
    tie_order,
)
from interlock.methods.counting.names import rule
from interlock.methods.counting.purchases import Market, Run
from interlock.methods.counting.raises import raised, stepped
from interlock.methods.counting.result import Outcomes
from interlock.methods.counting.ties import tie_ranks
from interlock.methods.formats import pabulib

from . import reference
from .elections import ADVERSARIAL, Plain, Pointed, far_apart, pointed, weighty
from .sweep import seeds

MAKERS = [*ADVERSARIAL, weighty]
SMALL = [make for make in MAKERS if make is not far_apart]


def drawn(make: Callable[[random.Random], Plain], seed: int) -> tuple[Pointed, list[str], str]:
    """An election, a tie order and a utility."""
    rng = random.Random(seed)
    votes = pointed(rng, make)
    utilities = ["cost", "cardinality"] + ["points"] * (2 * (votes.kind != "approval"))
    return votes, rng.sample(list(votes.costs), len(votes.costs)), rng.choice(utilities)


def market(votes: Pointed, order: list[str], name: str) -> Market:
    return Market(votes.election, rule(name), [order.index(p) for p in votes.costs])


@pytest.mark.parametrize("make", MAKERS)
def test_every_utility_equals_the_fraction_reference(
    make: Callable[[random.Random], Plain],
) -> None:
    for seed in seeds(150):
        votes, order, utility = drawn(make, seed)
        name = f"equalshares/{utility}"
        share = Fraction(votes.budget, len(votes.given))
        funded, rates, purses, ties = votes.shares(order, utility).run(share)
        run = Run(market(votes, order, name), 0).finish()
        result = count(votes.election, name, order)
        assert list(result.funded) == funded
        assert [round.rate for round in result.rounds] == rates
        assert [tie.projects for tie in result.ties_met] == ties
        left = [run.ledger.left(np.array([v], np.int32)) for v in range(len(purses))]
        assert [run.ledger.amount(money) for money in left] == purses
        for held, purse in zip(run.money.tolist(), purses, strict=True):
            assert abs(Fraction(held) - purse / run.market.scale) <= Fraction(run.error)
            assert (held == 0.0) == (purse == 0)
        for one in result.outcomes:
            amounts = one.reason.amounts
            if one.reason.kind in ("shares-spent", "shares-too-small"):
                assert amounts["left"] < amounts["cost"]


def small(votes: Pointed) -> Pointed:
    """The same with an unit that makes some ten to a hundred steps."""
    unit = max(1, votes.budget // (40 * len(votes.given)))
    return Pointed(votes.costs, votes.budget, votes.given, votes.kind, unit, votes.limits)


@pytest.mark.parametrize("make", MAKERS)
def test_spans_equal_steps(make: Callable[[random.Random], Plain]) -> None:
    for seed in seeds(50):
        votes, order, utility = drawn(make, seed)
        end = random.Random(seed).choice(["add1", "add1-exhaustive", "add1/integral"])
        name = f"equalshares/{utility}/{end}"
        one = market(small(votes), order, name)
        assert _steps(raised, one, name) == _steps(stepped, one, name)


def _steps(way: Callable[..., int], one: Market, name: str) -> int | str:
    try:
        return way(one, rule(name))
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("make", SMALL)
def test_completions_equal_the_fraction_reference(
    make: Callable[[random.Random], Plain],
) -> None:
    for seed in seeds(25):
        votes, order, utility = drawn(make, seed)
        votes, rng = small(votes), random.Random(seed)
        if len(votes.given) > 20:
            continue
        exhaustive, integral, rest = (rng.random() < 0.5 for _ in range(3))
        name = f"equalshares/{utility}/add1"
        name += "-exhaustive" * exhaustive + "/integral" * integral + "/utilitarian" * rest
        shares = votes.shares(order, utility)
        steps, share = shares.raises(exhaustive, integral)
        funded = shares.run(share)[0]
        result = count(votes.election, name, order)
        assert (result.steps, result.endowment) == (steps, share)
        assert list(result.funded) == (shares.with_rest(funded) if rest else funded)
        compared = count(votes.election, f"{name}-comparison", order).comparison
        assert compared is not None
        others = count(votes.election, "greedy", order).funded
        gains = [
            shares.has(v, result.funded) - shares.has(v, others) for v in range(len(votes.given))
        ]
        more, less = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
        assert (compared.prefer_equal_shares, compared.prefer_greedy) == (more, less)
        assert compared.stood == ("greedy" if less > more else "equalshares")


def test_reference_counts_what_it_says() -> None:
    """The reference itself, on a count done by hand: 2 and 1 points for a, 1 for b."""
    given = [{"a": 2}, {"a": 1, "b": 1}, {}]
    shares = reference.Shares({"a": 3, "b": 1}, 6, given, ["a", "b"], "points")
    funded, rates, purses, ties = shares.run(Fraction(2))
    assert (funded, rates, purses, ties) == (["a", "b"], [1, 1], [0, 0, 2], [("a", "b")])


def test_supporter_pays_for_the_points_they_gave() -> None:
    votes = Pointed({"a": 30, "b": 10}, 60, [{"a": 2, "b": 0}, {"a": 1, "b": 5}, {"a": 3}])
    result = count(votes.election, "equalshares", ["a", "b"])
    first, second = result.rounds
    # b: 10 of 5 points costs 2 a point. a: voter 2 has 10 left; 2 + 1 + 3 points at 5 each.
    assert (first.project, first.rate, first.payment, first.full_payers) == ("b", 2, 10, 1)
    assert (second.project, second.rate, second.payment) == ("a", 5, 15)
    assert (second.full_payers, second.effective_votes) == (3, 2)


def test_payment_may_be_that_of_one_who_gives_all() -> None:
    votes = Pointed({"a": 12}, 18, [{"a": 1}, {"a": 100}])
    (round,) = count(votes.election, "equalshares", ["a"]).rounds
    assert (round.rate, round.payment, round.partial_payers) == (3, 9, 1)


def test_integral_shares_start_rounded_down_to_a_whole_unit() -> None:
    votes = Pointed({"a": 9, "b": 9}, 19, [{"a": 1}, {"b": 1}], "approval", unit=3)
    assert count(votes.election, "equalshares/integral", ["a", "b"]).endowment == 9
    assert count(votes.election, "equalshares", ["a", "b"]).endowment == Fraction(19, 2)


def test_exhaustive_ends_as_soon_as_nothing_fits() -> None:
    votes = Pointed(
        {"park": 60, "bus": 40, "trees": 25},
        100,
        [{"park": 1, "bus": 1}, {"park": 1, "bus": 1}, {"park": 1}, {"trees": 1}],
        "approval",
    )
    order = ["trees", "bus", "park"]
    assert count(votes.election, "equalshares/add1", order).steps == 14
    assert count(votes.election, "equalshares/add1-exhaustive", order).steps == 0


def test_rest_goes_by_points_and_is_told_so() -> None:
    votes = Pointed(
        {"a": 50, "b": 30, "c": 20, "d": 15},
        100,
        [{"a": 1, "b": 1, "d": 1}, {"a": 1, "c": 1, "d": 1}, {"b": 1}, {}],
        "approval",
    )
    result = count(votes.election, "equalshares/utilitarian", ["a", "b", "c", "d"])
    assert result.funded == ("a", "b", "d")
    assert [one.reason.kind for one in result.outcomes] == [
        "funded-by-shares",
        "funded-by-rest",
        "shares-spent",
        "funded-by-rest",
    ]
    assert result.outcomes[1].reason.amounts == {"left": 50, "cost": 30}


def test_rest_is_told_in_points_where_ballots_give_points() -> None:
    votes = Pointed({"a": 50, "b": 30}, 100, [{"a": 3}, {"a": 3}, {"b": 2}, {}], "cumulative")
    result = count(votes.election, "equalshares/utilitarian", ["a", "b"])
    told = [sentence(one.reason, money=str) for one in result.outcomes]
    assert result.outcomes[1].reason == Reason(
        "funded-by-rest-points", 1, {"left": 50, "cost": 30}, facts={"points": 2}
    )
    assert told[1] == (
        "1 voter gave it 2 points. After the equal shares 50 was left, which goes to projects by "
        "their points, and it costs 30."
    )


def test_only_what_shares_bought_cost_less_for_each_supporter() -> None:
    """The park has fewer votes than the bus, but nobody paid for it."""
    given = [{"hall": 1}] * 3 + [{"bus": 1}] * 2 + [{"park": 1}]
    votes = Pointed({"hall": 50, "bus": 60, "park": 50}, 100, given, "approval")
    result = count(votes.election, "equalshares/utilitarian")
    assert result.funded == ("hall", "park")
    amounts = {"left": Fraction(100, 3), "cost": Fraction(60)}
    assert result.outcomes[1].reason == Reason("shares-too-small", 2, amounts)
    cheaper = replace(votes, costs={"hall": 50, "bus": 60, "park": 15})
    assert count(cheaper.election, "equalshares/utilitarian").outcomes[1].reason.outvoted


def test_greedy_stands_when_more_voters_prefer_it() -> None:
    """Three quarters like the large project; equal shares funds the small one of the rest too."""
    given = [{"big": 1}] * 6 + [{"small": 1}] * 4
    votes = Pointed({"big": 70, "small": 40}, 100, given, "approval")
    order = ["big", "small"]
    result = count(votes.election, "equalshares-comparison", order)
    compared = result.comparison
    assert compared is not None
    assert (compared.stood, compared.equal_shares, compared.greedy) == (
        "greedy",
        ("small",),
        ("big",),
    )
    assert (compared.prefer_equal_shares, compared.prefer_greedy) == (4, 6)
    assert (result.funded, result.rule) == (("big",), "equalshares-comparison")
    assert protocol(result)["comparison"] == {
        "stood": "greedy",
        "equal_shares": ["small"],
        "greedy": ["big"],
        "prefer_equal_shares": 4,
        "prefer_greedy": 6,
    }
    even = Pointed(votes.costs, 100, [{"big": 1}] * 5 + [{"small": 1}] * 5, "approval")
    assert count(even.election, "equalshares-comparison", order).funded == ("small",)


def drifting(extra: int) -> Pointed:
    """One voter pays many times a price that every float subtraction rounds the same way.

    What is left is then far above what the float says, or below, and the last project costs
    exactly that, or `extra` more.
    """
    share, bit = 2**90, 2**37  # a float of about 2^89 to 2^90 is a multiple of 2^37
    price = share // 1000 // bit * bit + bit * 49 // 100
    costs = {f"p{number:03}": price + number * bit for number in range(400)}
    costs["last"] = share - sum(costs.values()) + extra
    return Pointed(costs, share, [dict.fromkeys(costs, 1)], "approval")


def test_running_error_of_the_floats_is_counted_in() -> None:
    for extra, funded in ((0, True), (1, False)):
        votes = drifting(extra)
        result = count(votes.election, "equalshares/cardinality", list(votes.costs))
        assert ("last" in result.funded) == funded


def test_without_the_running_error_the_count_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard proven by its removal."""
    monkeypatch.setattr(Run, "error", property(lambda run: 0.0, lambda *_: None), raising=False)
    wrong = []
    for extra, funded in ((0, True), (1, False)):
        votes = drifting(extra)
        result = count(votes.election, "equalshares/cardinality", list(votes.costs))
        wrong.append(("last" in result.funded) != funded)
    assert any(wrong)


def test_spans_equal_steps_on_a_real_count(real_files: Path) -> None:
    for name, counted in (
        ("Poland_Wieliczka_2023_Green_Budget.pb", "equalshares/add1"),
        ("Poland_Wieliczka_2023_Green_Budget.pb", "equalshares/cardinality/add1-exhaustive"),
        ("Netherlands_Assen_2024.pb", "equalshares/add1/integral"),
    ):
        file = pabulib.read(real_files / name).election()
        order = tie_order(file, lot_order(file.projects, ""))
        one = Market(file, rule(counted), tie_ranks(file, order))
        assert raised(one, rule(counted)) == stepped(one, rule(counted))


def test_ordinal_ballots_count_as_many_points_as_borda_gives() -> None:
    """The longest ballot has three places, so they are worth 3, 2 and 1."""
    rows = [["a", "b", "c"], ["b"], ["c", "a"]]
    costs = {"a": 30, "b": 20, "c": 25}
    ranked = Election.from_approvals(costs, 60, rows, kind="ordinal")
    given = [{p: 3 - place for place, p in enumerate(row)} for row in rows]
    pointed = Pointed(costs, 60, given)
    for name in ("equalshares", "equalshares/points/add1", "equalshares/cost"):
        one, other = count(ranked, name, list(costs)), count(pointed.election, name, list(costs))
        assert (one.rounds, one.steps) == (other.rounds, other.steps)


def test_outcomes_are_told_when_asked_for_and_travel_as_a_tuple() -> None:
    votes = Pointed({"a": 30, "b": 20}, 60, [{"a": 1}, {"b": 1}, {}], "approval")
    first = count(votes.election, "equalshares", ["a", "b"])
    second = count(votes.election, "equalshares", ["a", "b"])
    assert first == second
    assert isinstance(first.outcomes, Outcomes)
    assert first.outcomes == tuple(second.outcomes)
    assert repr(first.outcomes) == repr(tuple(second.outcomes))
    assert pickle.loads(pickle.dumps(first)).outcomes == tuple(first.outcomes)


def test_points_beyond_the_floats_are_added_exactly() -> None:
    """Two projects whose rates differ in the last of seventy binary digits."""
    most = 2**62
    votes = Pointed({"a": 10, "b": 10}, 30, [{"a": most}, {"a": 1, "b": most}, {"b": 2}])
    result = count(votes.election, "equalshares", ["a", "b"])
    assert result.funded[0] == "b"
    assert result.rounds[0].rate == Fraction(10, most + 2)
