"""Policies: in which of Hall's orders, in which direction, and whether places come nearer each other.

P. Hall, "Policy Paradigms, Social Learning, and the State", Comparative Politics 25:3 (1993): the first
order changes settings of an instrument, the second instruments, the third goals. Two people code each
policy without seeing the other's codes; only what both gave the same code counts, and how far they agree
(`coding`) is told beside it. Convergence after K. Holzinger and C. Knill, "Causes and Conditions of
Cross-National Policy Convergence", Journal of European Public Policy 12:5 (2005): sigma, places differ
less; beta, those behind catch up; delta, places come nearer a declared model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np

from interlock.methods.network.coding import Scale, reliability
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Integers
from interlock.methods.network.measure import Measure, chance, interval, ratio
from interlock.methods.network.reasons import Finding

PERIODS_EXCHANGED = "periods-exchanged"
DIRECTIONS_BY_PLACE = "directions-by-place"
PLACE_BOOTSTRAP = "place-bootstrap"
#: 0 is a policy that changes none of the three.
ORDERS = (0, 1, 2, 3)


class Direction(StrEnum):
    """Whether a policy leads towards what is asked about, away from it, or neither."""

    TOWARDS = "towards"
    AWAY = "away"
    NEITHER = "neither"


@dataclass(frozen=True)
class Policy:
    """One policy of a place, as each of two coders saw it; None where a coder has not coded it.

    An order is 1, 2 or 3, or 0 where the policy changes neither setting, instrument nor goal.
    """

    id: str
    place: str
    orders: tuple[int | None, int | None] = (None, None)
    directions: tuple[Direction | None, Direction | None] = (None, None)


def policies(listed: Iterable[Policy], drawing: Drawing = STANDARD) -> tuple[Measure, ...]:
    """What two coders found: how far they agree, shares of orders, and the balance of directions.

    In this order: `alpha-ordinal` of orders and `alpha-nominal` of directions; `first-order`,
    `second-order`, `third-order`, shares of the policies both coded alike; `direction`, (towards -
    away) / (towards + away) of those, beside the directions of whole places turned round by a coin.
    `n` are policies, coverage the share of all that it rests on; intervals draw places again (of
    alpha: policies). Raises ValueError for an order that is not 0, 1, 2 or 3.
    """
    rows = sorted(listed, key=lambda one: (one.place, one.id))
    for one in rows:
        if any(order is not None and order not in ORDERS for order in one.orders):
            raise ValueError(f"The policy {one.id} has an order that is not 0, 1, 2 or 3.")
    number = {direction: place for place, direction in enumerate(Direction)}
    orders = _table([tuple(-1 if o is None else o for o in one.orders) for one in rows])
    directions = _table(
        [tuple(-1 if d is None else number[d] for d in one.directions) for one in rows]
    )
    agreed = [np.where(one[0] == one[1], one[0], -1) for one in (orders, directions)]
    names = sorted({one.place for one in rows})
    places = np.array([names.index(one.place) for one in rows], np.int64)
    found = [
        reliability(orders, Scale.ORDINAL, drawing),
        reliability(directions, Scale.NOMINAL, drawing),
    ]
    for at, name in enumerate(("first-order", "second-order", "third-order"), start=1):
        found.append(_share(name, agreed[0], at, places, drawing))
    found.append(_direction(agreed[1], places, drawing))
    return tuple(found)


def _table(rows: Sequence[tuple[int, ...]]) -> Integers:
    return np.array(rows, np.int64).reshape(-1, 2).T


def _share(name: str, codes: Integers, code: int, places: Integers, drawing: Drawing) -> Measure:
    known = codes >= 0
    sums = _by_place(np.stack([(codes == code) & known, known]), places)
    value = ratio(float(sums[0].sum()), float(sums[1].sum()))
    near = None
    if len(sums[0]):
        again = drawing.drawn(partial(_quotients, sums), numbers=sums.size)
        near = interval(again, PLACE_BOOTSTRAP, drawing.level)
    coverage = ratio(int(known.sum()), len(codes))
    many = int(known.sum())
    return Measure(name, value, "policies", many, coverage, None, near, drawing.level)


def _direction(codes: Integers, places: Integers, drawing: Drawing) -> Measure:
    towards, away = codes == 0, codes == 1
    sums = _by_place(np.stack([towards.astype(int) - away, towards | away]), places)
    many, known = int(sums[1].sum()), int((codes >= 0).sum())
    value = ratio(float(sums[0].sum()), many)
    beside = near = None
    if many:
        turned = drawing.drawn(partial(_turned, sums), numbers=sums.size)
        again = drawing.drawn(partial(_quotients, sums), numbers=sums.size, purpose=1)
        beside = chance(value, turned, DIRECTIONS_BY_PLACE, drawing.level)
        near = interval(again, PLACE_BOOTSTRAP, drawing.level)
    coverage = ratio(known, len(codes))
    return Measure("direction", value, "policies", many, coverage, beside, near, drawing.level)


def _by_place(rows: Integers, places: Integers) -> Floats:
    many = int(places.max(initial=-1)) + 1
    return np.stack([np.bincount(places, row, many).astype(np.float64) for row in rows])


def _turned(sums: Floats, rng: np.random.Generator, number: int) -> Floats:
    signs = rng.integers(0, 2, (number, sums.shape[1])) * 2 - 1
    found: Floats = (signs * sums[0]).sum(axis=1) / sums[1].sum()
    return found


def _quotients(sums: Floats, rng: np.random.Generator, number: int) -> Floats:
    chosen = rng.integers(0, sums.shape[1], (number, sums.shape[1]))
    above, below = sums[0][chosen].sum(axis=1), sums[1][chosen].sum(axis=1)
    found: Floats = above / np.where(below > 0, below, np.nan)
    return found


def convergence(
    before: Floats, after: Floats, *, model: float | None = None, drawing: Drawing = STANDARD
) -> tuple[Measure, ...]:
    """Whether places came nearer each other: a number for each place, before and after, NaN if unknown.

    `sigma`: the standard deviation after, less that before; `beta`: the slope of the change on where a
    place began; `delta`, with a `model`: the mean distance from it after, less that before. All are below
    0 where places converge. Chance exchanges before and after of a place by a coin, under which a
    slope below 0 comes about by itself (regression to the mean), as it must be allowed to. `n` are
    places known at both times, coverage their share of all. Raises ValueError for lists that differ
    in length.

    >>> found = convergence(np.array([0.0, 0.2, 0.6, 1.0]), np.array([0.4, 0.5, 0.6, 0.7]), model=1.0)
    >>> [(one.name, round(one.value, 2)) for one in found]
    [('sigma', -0.31), ('beta', -0.71), ('delta', -0.1)]
    """
    if len(before) != len(after):
        raise ValueError("Each place has a number before and one after.")
    known = np.isfinite(before) & np.isfinite(after)
    two = np.stack([before[known], after[known]])
    observed = _converged(two[:, None], model)[0]
    many, level = two.shape[1], drawing.level
    exchanged = drawing.drawn(partial(_exchanged, two, model), numbers=4 * many + 1)
    again = drawing.drawn(partial(_places_again, two, model), numbers=4 * many + 1, purpose=1)
    names = ("sigma", "beta", "delta")[: 2 if model is None else 3]
    return tuple(
        Measure(
            name,
            float(observed[place]),
            "places",
            many,
            ratio(many, len(before)),
            chance(float(observed[place]), exchanged[:, place], PERIODS_EXCHANGED, level),
            interval(again[:, place], PLACE_BOOTSTRAP, level),
            level,
        )
        for place, name in enumerate(names)
    )


def _converged(two: Floats, model: float | None) -> Floats:
    """Sigma, beta and delta (a column each) of each resample (axes period, resample, place)."""
    before, after = two
    many = two.shape[2]
    if many < 3:
        return np.full((two.shape[1], 3), np.nan)
    left = before - before.mean(axis=1, keepdims=True)
    squares = (left**2).sum(axis=1)
    changes = after - before
    beta = (left * changes).sum(axis=1) / np.where(squares > 1e-24, squares, np.nan)
    sigma = after.std(axis=1, ddof=1) - before.std(axis=1, ddof=1)
    to = 0.0 if model is None else model
    delta = (np.abs(after - to) - np.abs(before - to)).mean(axis=1)
    return np.stack([sigma, beta, delta], axis=1)


def _exchanged(two: Floats, model: float | None, rng: np.random.Generator, number: int) -> Floats:
    turned = rng.integers(0, 2, (number, two.shape[1])) == 1
    other = np.where(turned, two[1], two[0]), np.where(turned, two[0], two[1])
    return _converged(np.stack(other), model)


def _places_again(
    two: Floats, model: float | None, rng: np.random.Generator, number: int
) -> Floats:
    chosen = rng.integers(0, max(two.shape[1], 1), (number, two.shape[1]))
    return _converged(two[:, chosen], model)


class Condition(StrEnum):
    """What must hold to speak of a policy paradigm, stated before the numbers are known."""

    THIRD_ORDER = "third-order-present"
    SIGMA = "places-converge"
    MONEY = "money-beyond-eligible-bidders"


def paradigm(
    third_order: Measure, sigma: Measure, share_of_money: Measure
) -> dict[Condition, bool | None]:
    """Which conditions hold; None where these data cannot say. All three make a paradigm.

    There are policies that both coders found to change goals (the interval is above 0; that it
    begins at 0, with some found, says nothing yet), places differ less than chance has it, and co-ops
    get more of PB's money than eligible bidders by chance.
    """
    near = third_order.interval
    present = None
    if near is not None and math.isfinite(third_order.value):
        present = True if near.low > 0 else None if third_order.value > 0 else False
    return {
        Condition.THIRD_ORDER: present,
        Condition.SIGMA: _said(sigma, Finding.BELOW),
        Condition.MONEY: _said(share_of_money, Finding.ABOVE),
    }


def _said(one: Measure, wanted: Finding) -> bool | None:
    told = one.finding
    if told in (Finding.ABOVE, Finding.BELOW):
        return told == wanted
    # Within chance is no proof of the contrary: with so few data it may be hidden.
    return None
