import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.counting import Election, count
from interlock.methods.counting.election import Cap, Limits
from interlock.methods.counting.fairness import (
    ejr_plus_violations,
    price_system,
    still_affordable,
)
from interlock.methods.formats import pabulib

from .elections import ADVERSARIAL, Plain, elections

# Nine tenths want parks, one tenth wants buses; greedy gives the parks everything.
SPLIT = Plain({"park1": 50, "park2": 50, "bus": 10}, 100, [["park1", "park2"]] * 9 + [["bus"]])


def wronged(plain: Plain, funded: Iterable[str], utility: str) -> dict[str, int]:
    """EJR+ up to one project as its definition reads: every group of supporters is asked.

    For each unfunded project that wrongs a group, the size of the largest.
    """
    chosen, found = set(funded), dict[str, int]()
    share = Fraction(plain.budget, len(plain.ballots))
    for c, cost in plain.costs.items():
        fans = [set(ballot) for ballot in plain.ballots if c in ballot]
        if c in chosen or not fans or cost > plain.budget:
            continue
        for size in range(1, len(fans) + 1):
            if any(
                everyone(plain, group, c, chosen, share, utility) for group in groups(fans, size)
            ):
                found[c] = size
    return found


def groups(fans: list[set[str]], size: int) -> Iterable[tuple[set[str], ...]]:
    return combinations(fans, size)


def everyone(
    plain: Plain,
    group: tuple[set[str], ...],
    c: str,
    chosen: set[str],
    share: Fraction,
    utility: str,
) -> bool:
    """Whether each of the group could have c beside all they got, from what the group stands for."""
    size = len(group)
    if utility == "cost":
        return all(
            sum(plain.costs[x] for x in voter & chosen) + plain.costs[c] <= size * share
            for voter in group
        )
    most = Fraction(plain.costs[c], size)
    price = {x: Fraction(plain.costs[x], sum(x in v for v in group)) for x in set().union(*group)}
    return all(sum((min(price[x], most) for x in voter & chosen), most) <= share for voter in group)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@given(plain=elections(), data=st.data())
@settings(max_examples=150)
def test_violations_are_those_of_the_definition(
    utility: str, plain: Plain, data: st.DataObject
) -> None:
    funded = data.draw(st.lists(st.sampled_from(list(plain.costs)), unique=True))
    found = ejr_plus_violations(plain.election, funded, utility)
    assert {one.project: len(one.members) for one in found} == wronged(plain, funded, utility)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@pytest.mark.parametrize("make", ADVERSARIAL)
def test_violations_are_those_of_the_definition_on_edges(
    make: Callable[[random.Random], Plain], utility: str
) -> None:
    for seed in range(25):
        rng = random.Random(seed)
        plain = make(rng)
        if len(plain.ballots) > 12:
            plain = replace(plain, ballots=plain.ballots[:12])
        funded = rng.sample(list(plain.costs), rng.randint(0, len(plain.costs)))
        found = ejr_plus_violations(plain.election, funded, utility)
        assert {one.project: len(one.members) for one in found} == wronged(plain, funded, utility)


@pytest.mark.parametrize("utility", ["cost", "cardinality"])
@given(plain=elections())
@settings(max_examples=150)
def test_equal_shares_wrongs_nobody(utility: str, plain: Plain) -> None:
    result = count(plain.election, f"equalshares/{utility}")
    assert ejr_plus_violations(plain.election, result.funded, utility) == ()


def test_greedy_wrongs_a_minority() -> None:
    result = count(SPLIT.election, "greedy")
    (found,) = ejr_plus_violations(SPLIT.election, result.funded)
    assert (found.project, found.members.tolist(), found.received) == ("bus", [9], 0)
    assert (found.cost, found.deserved) == (10, 10)
    fair = count(SPLIT.election, "equalshares/add1")
    assert ejr_plus_violations(SPLIT.election, fair.funded) == ()


def test_group_that_deserves_exactly_the_cost_is_wronged_and_one_less_is_not() -> None:
    for cost, violations in ((10, 1), (11, 0)):
        plain = replace(SPLIT, costs=SPLIT.costs | {"bus": cost})
        found = ejr_plus_violations(plain.election, ["park1", "park2"])
        assert len(found) == violations


def test_project_kept_out_by_a_limit_wrongs_nobody() -> None:
    limits = [
        Limits(least_points=2),
        Limits(exclusive=(("bus", "park1"),)),
        Limits(caps=(Cap("roads", 9, ("bus",)),)),
    ]
    for limit in limits:
        election = replace(SPLIT.election, limits=limit)
        assert ejr_plus_violations(election, ["park1", "park2"]) == ()
        assert still_affordable(election, ["park1"]) == ("park2",)


def test_amounts_beyond_64_bits_are_decided_exactly() -> None:
    huge = 10**40
    for less, violations in ((0, 1), (-1, 0)):
        costs = {project: cost * huge for project, cost in SPLIT.costs.items()}
        plain = Plain(costs, 100 * huge + less, SPLIT.ballots)
        assert len(ejr_plus_violations(plain.election, ["park1"])) == violations


def test_unknown_utility_or_project_is_refused() -> None:
    with pytest.raises(ValueError, match="not a utility EJR"):
        ejr_plus_violations(SPLIT.election, [], "points")
    with pytest.raises(ValueError, match='"tram" is not a project'):
        ejr_plus_violations(SPLIT.election, ["tram"])


@pytest.mark.parametrize("rule", ["equalshares", "equalshares/add1", "equalshares/cardinality"])
@given(plain=elections())
@settings(max_examples=60)
def test_payments_of_equal_shares_are_a_price_system(rule: str, plain: Plain) -> None:
    result = count(plain.election, rule)
    prices = price_system(plain.election, result)
    assert prices.holds, prices.faults
    assert 0 <= prices.most_spent <= prices.share == result.endowment
    assert prices.unspent + result.spent == prices.share * len(plain.ballots)


def test_wrong_payment_is_no_price_system() -> None:
    result = count(SPLIT.election, "equalshares", list(SPLIT.costs))
    first = result.rounds[0]
    less = replace(first, payment=first.payment - 1, rate=first.rate - 1)
    wrong = replace(result, rounds=(less, *result.rounds[1:]))
    faults = price_system(SPLIT.election, wrong).faults
    assert faults[0] == "park1 costs 50, and 41 is paid for it."


def test_project_whose_supporters_could_pay_is_no_price_system() -> None:
    result = count(SPLIT.election, "equalshares", list(SPLIT.costs))
    assert result.funded == ("park1", "bus")
    none = replace(result, rounds=result.rounds[:1], funded=result.funded[:1])
    assert price_system(SPLIT.election, none).faults == ()  # exactly its cost is left
    none = replace(none, endowment=Fraction(101, 10))
    assert price_system(SPLIT.election, none).faults == (
        "The supporters of bus have 101/10 left; it costs 10.",
    )


def test_rule_without_shares_and_result_of_another_election_are_refused() -> None:
    with pytest.raises(ValueError, match="voters get no shares"):
        price_system(SPLIT.election, count(SPLIT.election, "greedy"))
    other = Plain({"a": 1}, 1, [["a"]]).election
    with pytest.raises(ValueError, match="not one of this election"):
        price_system(SPLIT.election, count(other, "equalshares"))


@given(plain=elections())
@settings(max_examples=60)
def test_greedy_is_exhaustive(plain: Plain) -> None:
    election: Election = plain.election
    assert still_affordable(election, count(election, "greedy").funded) == ()


@pytest.mark.parametrize(
    ("name", "violations"),
    [
        ("Poland_Lodz_2022.pb", {"greedy": 17, "equalshares": 0, "phragmen": 0}),
        ("Poland_Warszawa_2026.pb", {"greedy": 8, "equalshares": 0, "phragmen": 0}),
    ],
)
def test_real_counts_wrong_as_many_as_known(
    real_files: Path, name: str, violations: dict[str, int]
) -> None:
    # Known without the thresholds that the files name.
    election = replace(pabulib.read(real_files / name).election(), limits=Limits())
    for rule, number in violations.items():
        result = count(election, rule)
        assert len(ejr_plus_violations(election, result.funded)) == number
        if rule == "equalshares":
            assert price_system(election, result).holds
