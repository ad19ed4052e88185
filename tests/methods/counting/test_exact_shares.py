import json
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Reason, Result, count, protocol, sentence
from interlock.methods.counting.accounts import accounts_of
from interlock.methods.counting.election import Limits
from interlock.methods.counting.exact_shares import _Purses, _Run
from interlock.methods.counting.explanation import Explanation
from interlock.methods.counting.names import rule
from interlock.methods.counting.purchases import Market
from interlock.methods.formats import pabulib

from .elections import ADVERSARIAL, Plain, case_of, election_of, elections, with_limits
from .reference_exact import Exact
from .reference_others import Case
from .sweep import seeds

TOWN = Plain(
    {"park": 60, "bus": 40, "trees": 25, "kiosk": 14},
    100,
    [["park", "bus"], ["park", "bus"], ["park"], ["trees"], ["kiosk"]],
)
ORDER = ["kiosk", "trees", "bus", "park"]


def kinds(result: Result) -> list[str]:
    return [outcome.reason.kind for outcome in result.outcomes]


def test_who_cannot_pay_as_much_as_the_others_keeps_what_they_have() -> None:
    plain = Plain({"a": 9, "b": 7}, 25, [["a", "b"], ["a"], ["a"], ["b"], ["b"]])
    first, second = count(plain.election, "equalshares-exact", ["a", "b"]).rounds
    assert (first.project, first.payment, first.full_payers, first.broke) == ("a", 3, 3, 0)
    assert (second.project, second.payment) == ("b", Fraction(7, 2))
    assert (second.full_payers, second.partial_payers, second.broke) == (2, 0, 1)
    by_shares = count(plain.election, "equalshares", ["a", "b"]).rounds[1]
    assert (by_shares.payment, by_shares.partial_payers) == (Fraction(5, 2), 1)


def test_cost_buys_the_most_payers_first_and_cardinality_the_lowest_price() -> None:
    assert count(TOWN.election, "equalshares-exact", ORDER).funded == ("park", "kiosk")
    assert count(TOWN.election, "equalshares-exact/cost", ORDER).funded == ("park", "kiosk")
    assert count(TOWN.election, "equalshares-exact/cardinality", ORDER).funded == ("kiosk", "bus")


def test_every_reason_has_its_numbers() -> None:
    ballots = [["a", "b", "c"], ["a", "b"], ["a"], ["b"], ["c"], []]
    plain = Plain({"a": 9, "b": 8, "c": 12, "d": 1}, 30, ballots)
    result = count(plain.election, "equalshares-exact", ["a", "b", "c", "d"])
    assert [outcome.reason for outcome in result.outcomes] == [
        Reason(
            "funded-by-equal-payments",
            3,
            {"payment": Fraction(3), "share": Fraction(5)},
            facts={"payers": 3},
        ),
        Reason(
            "no-equal-payments",
            3,
            {"lacking": Fraction(2, 3), "cost": Fraction(8)},
            facts={"payers": 3},
        ),
        Reason("shares-too-small", 2, {"left": Fraction(10), "cost": Fraction(12)}),
        Reason("no-votes", 0),
    ]
    told = [sentence(outcome.reason, money=str) for outcome in result.outcomes]
    assert told[:2] == [
        "3 of 3 supporters paid 3 of their 5 share each, and together that is the whole cost.",
        (
            "It costs 8. When the count ended no group of its 3 supporters could pay that in equal "
            "parts: with 2/3 more for each, 3 of them could."
        ),
    ]


def test_add_opt_raises_by_what_changes_something() -> None:
    result = count(TOWN.election, "equalshares-exact/add-opt", ORDER)
    assert (result.funded, result.spent) == (("park", "kiosk", "trees"), 99)
    assert (result.initial_endowment, result.endowment, result.steps) == (20, 25, 1)


def test_add_opt_ends_where_the_next_outcome_costs_too_much() -> None:
    """With 40 each the supporters of the bus could pay for it, too."""
    assert Exact(case_of(TOWN), ORDER, "cost").next_change(Fraction(25)) == 15


def test_add_opt_skip_goes_on_beyond_an_outcome_that_costs_too_much() -> None:
    """From 3 on c and d are bought for 11, from 10/3 on only a, for exactly the budget."""
    ballots = [["c"], ["a", "b", "d"], ["a", "b", "c", "d"], ["c"], ["a"]]
    plain = Plain({"a": 10, "b": 12, "c": 9, "d": 2}, 10, ballots)
    order = ["a", "b", "c", "d"]
    result = count(plain.election, "equalshares-exact/add-opt-skip", order)
    assert (result.funded, result.spent, result.steps) == (("a",), 10, 2)
    assert count(plain.election, "equalshares-exact/add-opt", order).funded == ("d",)


def test_raises_without_end_are_refused_like_those_of_add1(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps = count(TOWN.election, "equalshares-exact/add-opt-skip", ORDER).steps
    monkeypatch.setattr("interlock.methods.counting.raises.MOST_STEPS", steps - 1)
    with pytest.raises(ValueError, match=f"not finished after {steps - 1} steps. Check that"):
        count(TOWN.election, "equalshares-exact/add-opt-skip", ORDER)


def test_count_without_anything_to_raise_is_over() -> None:
    plain = Plain({"a": 2, "free": 0, "unloved": 1, "dear": 11}, 10, [["a", "free", "dear"], ["a"]])
    for completion in ("", "/add-opt", "/add-opt-skip"):
        result = count(plain.election, f"equalshares-exact{completion}")
        assert (result.funded, result.steps) == (("free", "a"), 0)
        assert kinds(result) == [
            "funded-by-equal-payments",
            "funded-free",
            "no-votes",
            "over-budget",
        ]


def test_election_without_ballots_funds_nothing() -> None:
    empty = Plain({"a": 10}, 10, []).election
    assert count(empty, "equalshares-exact/add-opt").funded == ()


def test_progress_counts_the_raises() -> None:
    heard = list[int]()
    count(TOWN.election, "equalshares-exact/add-opt", ORDER, progress=heard.append)
    assert heard == [1, 2]


def test_more_rounds_than_one_word_of_history_holds() -> None:
    """Everybody pays 1 for each of 70 projects, and each last unit is missed."""
    costs = {f"p{number:02}": 3 for number in range(70)}
    plain = Plain(costs, 3 * 70 - 1, [list(costs)] * 3)
    result = count(plain.election, "equalshares-exact", list(costs))
    assert result.funded == tuple(costs)[:69]
    assert result.outcomes[69].reason.amounts["lacking"] == Fraction(1, 3)


def test_payments_add_up_to_the_cost() -> None:
    for seed in range(40):
        plain = ADVERSARIAL[seed % len(ADVERSARIAL)](random.Random(seed))
        result = count(plain.election, "equalshares-exact", plain.order(seed))
        accounts = accounts_of(plain.election, result)
        assert min(accounts.left, default=0) >= 0
        for one in accounts.purchases:
            people = accounts.sizes[one.accounts].tolist()
            paid = sum(many * amount for many, amount in zip(people, one.amounts, strict=True))
            assert accounts.amount(paid) == plain.election.costs[one.project]
            assert {accounts.amount(amount) for amount in one.amounts} == {one.round.payment}
            assert sum(people) == one.round.full_payers


def market_of(plain: Plain) -> Market:
    election = plain.election
    return Market(election, rule("equalshares-exact"), range(len(election.projects)))


@pytest.mark.parametrize("make", ADVERSARIAL)
def test_floats_are_as_near_the_truth_as_said(make: Callable[[random.Random], Plain]) -> None:
    for seed in range(30):
        market = market_of(make(random.Random(seed)))
        purses = _Run(market, market.first).finish().purses
        voters = np.arange(len(purses.money))
        for left, group in purses.exactly(voters):
            for money in purses.money[group].tolist():
                assert abs(Fraction(money) - left / market.scale) <= Fraction(purses.error)


def test_rank_is_found_where_floats_have_another_order() -> None:
    """Voter 0 has one unit less than voter 1, and more by float."""
    share = 10**20
    purses = _Purses(market_of(Plain({"a": 1}, 2 * share, [["a"], ["a"]])), Fraction(share))
    for payer, price in ((0, share // 5), (0, share // 10), (1, 3 * share // 10 - 1)):
        purses.pay(np.array([payer]), Fraction(price))
    held, voters = purses.money, np.arange(2)
    assert held[0] > held[1]
    assert purses.of_rank(voters, held, 1, float(held[0])) == 7 * share // 10 + 1
    assert purses.of_rank(voters, held, 2, float(held[1])) == 7 * share // 10


def compare(case: Case, order: list[str], completion: str = "") -> None:
    for utility in ("cost", "cardinality"):
        name = f"equalshares-exact/{utility}" + (f"/{completion}" if completion else "")
        result = count(election_of(case), name, order)
        exact = Exact(case, order, utility)
        buys, share, steps = exact.completed(completion)
        assert (result.steps, result.endowment) == (steps, share if case.ballots else 0)
        assert list(result.funded) == [p for p, _ in buys]
        payers = [one.full_payers for one in result.rounds if one.payment]
        assert payers == [len(some) for _, some in buys if some]
        assert [set(tie.projects) for tie in result.ties_met] == exact.run(share)[2]
        check_reasons(case, exact, result, share)


def check_reasons(case: Case, exact: Exact, result: Result, share: Fraction) -> None:
    purses = exact.run(share)[1]
    for outcome in result.outcomes:
        reason, fans = outcome.reason, case.fans(outcome.project)
        assert outcome.funded == reason.kind.startswith("funded")
        if reason.kind == "no-equal-payments":
            cost = Fraction(case.costs[outcome.project])
            held = sorted((purses[v] for v in fans), reverse=True)
            lacking = [(cost / k - held[k - 1], -k) for k in range(1, len(fans) + 1)]
            assert (reason.amounts["lacking"], -int(reason.facts["payers"])) == min(lacking)
        if reason.kind == "shares-too-small":
            assert reason.amounts["left"] == share * len(fans) < case.costs[outcome.project]


@pytest.mark.parametrize("make", ADVERSARIAL)
@pytest.mark.parametrize("block", range(4))
def test_result_equals_the_fraction_reference(
    make: Callable[[random.Random], Plain], block: int
) -> None:
    for seed in (block * 1000 + number for number in seeds(60)):
        rng = random.Random(seed)
        plain = make(rng)
        compare(case_of(plain), plain.order(seed))
        roomy = Case(plain.costs, plain.budget * 3, case_of(plain).ballots)
        compare(with_limits(rng, roomy), plain.order(seed))


SMALL = [make for make in ADVERSARIAL if make.__name__ != "crowded"]


@pytest.mark.parametrize("completion", ["add-opt", "add-opt-skip"])
@pytest.mark.parametrize("make", SMALL)
def test_completion_equals_trying_every_share(
    make: Callable[[random.Random], Plain], completion: str
) -> None:
    for seed in seeds(25):
        rng = random.Random(seed)
        plain = make(rng)
        compare(case_of(plain), plain.order(seed), completion)
        compare(with_limits(rng, case_of(plain)), plain.order(seed), completion)


@given(elections(), st.integers(0, 99), st.sampled_from(["", "add-opt", "add-opt-skip"]))
@settings(max_examples=80)
def test_result_equals_the_reference_with_free_and_dear_projects(
    plain: Plain, seed: int, completion: str
) -> None:
    compare(case_of(plain), plain.order(seed), completion)


@pytest.mark.parametrize("completion", ["add-opt", "add-opt-skip"])
def test_real_file_is_completed(real_files: Path, completion: str) -> None:
    election = pabulib.read(real_files / "Netherlands_Assen_2024.pb").election()
    plain = count(election, "equalshares-exact")
    result = count(election, f"equalshares-exact/{completion}")
    assert plain.spent <= result.spent <= election.budget
    assert json.loads(json.dumps(protocol(result))) == protocol(result)


def test_effective_support_is_not_claimed() -> None:
    result = count(TOWN.election, "equalshares-exact", ORDER)
    with pytest.raises(ValueError, match="support has no such measure"):
        Explanation(TOWN.election, result).effective_support("bus")


def test_a_threshold_takes_projects_out() -> None:
    election = replace(TOWN.election, limits=Limits(least_points=2))
    result = count(election, "equalshares-exact/add-opt", ORDER)
    assert kinds(result)[2:] == ["too-few-votes", "too-few-votes"]
