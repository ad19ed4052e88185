import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Reason, Result, count, sentence
from interlock.methods.counting.accounts import accounts_of
from interlock.methods.counting.explanation import Explanation
from interlock.methods.counting.names import rule
from interlock.methods.counting.overspending import _Run
from interlock.methods.counting.purchases import Market
from interlock.methods.formats import pabulib

from .elections import (
    ADVERSARIAL,
    Plain,
    case_of,
    crowded,
    election_of,
    elections,
    weighty,
    with_limits,
    with_points,
)
from .reference_bos import Overspending
from .reference_others import Case
from .sweep import seeds

# Three voters of five have 240 of the 300 that the only project they like costs.
TOWN = Plain(
    {"hall": 300, "trees": 40, "kiosk": 60},
    400,
    [["hall"], ["hall"], ["hall"], ["trees", "kiosk"], ["kiosk"]],
)
ORDER = ["hall", "trees", "kiosk"]


def test_what_falls_a_little_short_is_bought_all_the_same() -> None:
    result = count(TOWN.election, "equalshares-bos", ORDER)
    assert (result.funded, result.spent) == (("hall", "kiosk", "trees"), 400)
    assert count(TOWN.election, "equalshares", ORDER).funded == ("kiosk", "trees")
    hall = result.rounds[0]
    assert (hall.payment, hall.full_payers, hall.partial_payers) == (80, 0, 3)
    assert (hall.rate, hall.effective_votes) == (100, Fraction(15, 4))


def test_utility_decides_what_is_best() -> None:
    assert count(TOWN.election, "equalshares-bos/cost", ORDER).funded[0] == "hall"
    assert count(TOWN.election, "equalshares-bos/cardinality", ORDER).funded[0] == "kiosk"


def test_every_reason_has_its_numbers() -> None:
    costs = {**TOWN.costs, "pool": 90, "bench": 1, "unloved": 1}
    ballots = [["hall", "bench"], ["hall"], ["hall"], ["trees", "kiosk", "pool"], ["kiosk"]]
    result = count(Plain(costs, 410, ballots).election, "equalshares-bos", list(costs))
    share = Fraction(82)
    paid = {"payment": share, "share": share, "paid": Fraction(246), "cost": Fraction(300)}
    assert [outcome.reason for outcome in result.outcomes] == [
        Reason("funded-by-overspending", 3, paid),
        Reason("funded-by-shares", 1, {"payment": Fraction(40), "share": share}),
        Reason("funded-by-shares", 2, {"payment": Fraction(30), "share": share}),
        Reason("beyond-what-is-left", 1, {"cost": Fraction(90), "left": Fraction(10)}),
        Reason("shares-used-up", 1, {"cost": Fraction(1)}),
        Reason("no-votes", 0),
    ]
    assert [sentence(result.outcomes[p].reason, money=str) for p in (0, 3, 4)] == [
        (
            "3 voters supported it. Each of them paid at most 82 of their 82 share, together 246. "
            "It costs 300, and what is lacking comes out of the budget: here that was the best buy."
        ),
        "1 voter supported it. It costs 90, and of the budget only 10 was left in the end.",
        "It costs 1, and its 1 supporter had nothing left of their share.",
    ]


def test_free_projects_come_first_and_dear_ones_never() -> None:
    plain = Plain({"dear": 11, "a": 9, "free": 0}, 10, [["free", "dear"], ["a"]])
    result = count(plain.election, "equalshares-bos")
    assert result.funded == ("free", "a")
    assert result.outcomes[0].reason.kind == "over-budget"


def test_election_without_ballots_funds_nothing() -> None:
    assert count(Plain({"a": 10}, 10, []).election, "equalshares-bos").funded == ()


def test_of_equally_good_parts_the_largest_is_bought() -> None:
    """With 1, 1 and 4 left, half of c at 1 for the half is as good as the whole of it at 4."""
    ballots = [["a", "c"], ["a", "c"], ["c"], ["a"], ["a"]]
    plain = Plain({"a": 12, "c": 6}, 20, ballots)
    purses = [Fraction(money) for money in (1, 1, 4, 1, 1)]
    ways = Overspending(case_of(plain), ["a", "c"], "cost").ways("c", purses)
    assert [(way.value, way.part) for way in ways] == [
        (Fraction(2, 3), Fraction(1, 2)),
        (Fraction(2, 3), 1),
    ]
    first, second = count(plain.election, "equalshares-bos").rounds
    assert (first.project, first.rate, second.project, second.rate) == ("a", 3, "c", 4)


@pytest.mark.parametrize("make", ADVERSARIAL)
def test_floats_are_as_near_the_truth_as_said(make: Callable[[random.Random], Plain]) -> None:
    for seed in range(30):
        election = make(random.Random(seed)).election
        market = Market(election, rule("equalshares-bos"), range(len(election.projects)))
        run = _Run(market).finish()
        still_in = np.flatnonzero(run.money > 0)
        for amount, voters in run.ledger.holdings(still_in):
            left = run.ledger.amount(amount) / market.scale
            for money in run.money[voters].tolist():
                assert abs(Fraction(money) - left) <= Fraction(run.error)


def compare(case: Case, kind: str, order: list[str]) -> None:
    utilities = ("cost", "cardinality") + (() if kind == "approval" else ("points",))
    for utility in utilities:
        result = count(election_of(case, kind), f"equalshares-bos/{utility}", order)
        bos = Overspending(case, order, utility)
        funded, ways, purses, ties = bos.run()
        assert list(result.funded) == funded
        assert [one.rate for one in result.rounds if one.payment] == [way.rate for way in ways]
        assert [set(tie.projects) for tie in result.ties_met] == ties
        check_payments(case, kind, result, bos, purses)
        left = case.budget - case.spent(funded)
        for outcome in result.outcomes:
            cost, fans = case.costs[outcome.project], case.fans(outcome.project)
            if outcome.reason.kind == "beyond-what-is-left":
                assert outcome.reason.amounts == {"left": left, "cost": cost}
                assert cost > left
            if outcome.reason.kind == "shares-used-up":
                assert cost <= left
                assert not any(purses[v] for v in fans)


def check_payments(
    case: Case, kind: str, result: Result, bos: Overspending, purses: list[Fraction]
) -> None:
    election = election_of(case, kind)
    accounts = accounts_of(election, result)
    left = [accounts.amount(accounts.left[account]) for account in accounts.account_of.tolist()]
    assert left == purses
    reasons = {outcome.project: outcome.reason for outcome in result.outcomes}
    for one in accounts.purchases:
        people = accounts.sizes[one.accounts].tolist()
        total = sum(many * amount for many, amount in zip(people, one.amounts, strict=True))
        amounts = reasons[one.round.project].amounts
        cost = case.costs[one.round.project]
        assert accounts.amount(total) == amounts.get("paid", cost) <= cost
        assert accounts.amount(max(one.amounts)) == one.round.payment
        assert sum(people) == one.round.full_payers + one.round.partial_payers


@pytest.mark.parametrize("make", [*ADVERSARIAL, weighty])
@pytest.mark.parametrize("block", range(4))
def test_result_equals_the_fraction_reference(
    make: Callable[[random.Random], Plain], block: int
) -> None:
    for seed in (block * 1000 + number for number in seeds(8 if make is crowded else 40)):
        rng = random.Random(seed)
        plain = make(rng)
        compare(case_of(plain), "approval", plain.order(seed))
        pointed, kind = with_points(rng, plain)
        compare(with_limits(rng, pointed), kind, plain.order(seed))


@given(elections(), st.integers(0, 99))
@settings(max_examples=80)
def test_result_equals_the_reference_with_free_and_dear_projects(plain: Plain, seed: int) -> None:
    compare(case_of(plain), "approval", plain.order(seed))


def test_effective_support_is_not_claimed() -> None:
    result = count(TOWN.election, "equalshares-bos", ORDER)
    with pytest.raises(ValueError, match="support has no such measure"):
        Explanation(TOWN.election, result).effective_support("hall")


def test_real_budget_is_almost_spent(real_files: Path) -> None:
    election = pabulib.read(real_files / "Poland_Wieliczka_2023_Green_Budget.pb").election()
    result = count(election, "equalshares-bos")
    assert (len(result.funded), result.spent, election.unit) == (29, 999_496, 1)
