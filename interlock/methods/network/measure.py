"""One number with what it takes to judge it: the chance it is set against, its interval, its basis.

A test draws m worlds in which only chance is at work. Two-sided, p = min(1, 2 (b + 1) / (m + 1)),
where b is how many of them lie as far out as the observed one, on the side where fewer do (B. Phipson
and G. Smyth, "Permutation P-values Should Never Be Zero", Statistical Applications in Genetics and
Molecular Biology 9:39, 2010). The band is made of the same order: a value lies outside of it exactly
where p is at most the level, so that a picture and its number never disagree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from interlock.methods.network.drawing import LEVEL
from interlock.methods.network.graph import Floats
from interlock.methods.network.reasons import Finding
from interlock.methods.plain import of_fields

# Two sums of the same numbers in another order differ by less than this, and are taken for equal.
_EQUAL = 1e-9


@dataclass(frozen=True)
class Chance:
    """What chance alone gives: `null` is what was shuffled, `low` and `high` the ends of the band.

    `draws` are the resamples in which the measure is defined; None where nothing is drawn, the
    probability of every value being known (`exactly`).
    """

    null: str
    mean: float
    low: float
    high: float
    p: float
    draws: int | None


@dataclass(frozen=True)
class Interval:
    """How far a number may be off: `method` is what was drawn again."""

    method: str
    low: float
    high: float


@dataclass(frozen=True)
class Measure:
    """One indicator. `n` is how many `unit`s it rests on, `coverage` their share of all there could be.

    Without `chance` it is a description. A value that is not defined is NaN.
    """

    name: str
    value: float
    unit: str
    n: int
    coverage: float
    chance: Chance | None = None
    interval: Interval | None = None
    level: float = LEVEL

    @property
    def finding(self) -> Finding:
        """What to say of it."""
        if not math.isfinite(self.value):
            return Finding.UNDEFINED
        if self.chance is None:
            return Finding.DESCRIBED
        draws = self.chance.draws
        if draws is not None and self.level * (draws + 1) < 2:
            return Finding.TOO_FEW_DRAWS
        if not self.chance.p <= self.level:
            return Finding.WITHIN
        return Finding.ABOVE if self.value > self.chance.high else Finding.BELOW

    def to_json(self) -> dict[str, Any]:
        """The fields, and beside them the finding.

        >>> Measure("density", math.nan, "ties", 0, 0.5).to_json()["finding"]
        'undefined'
        """
        return of_fields(self) | {"finding": str(self.finding)}


def chance(value: float, draws: Floats, null: str, level: float = LEVEL) -> Chance:
    """Set a value beside the same of worlds in which only chance is at work.

    Where fewer worlds were drawn than a test at this level takes (2 / level - 1), the band is from
    the least to the greatest.

    >>> found = chance(5.0, np.arange(39.0), "shuffle")
    >>> found.low, found.high, found.p
    (0.0, 38.0, 0.35)
    >>> chance(40.0, np.arange(39.0), "shuffle").p
    0.05
    """
    drawn = np.sort(draws[np.isfinite(draws)])
    many = len(drawn)
    if not many:
        return Chance(null, math.nan, math.nan, math.nan, math.nan, 0)
    out = max(1, math.floor(level * (many + 1) / 2 + _EQUAL))
    p = math.nan
    if math.isfinite(value):
        near = _EQUAL * max(1.0, abs(value))
        above = many - int(np.searchsorted(drawn, value - near, "left"))
        below = int(np.searchsorted(drawn, value + near, "right"))
        p = min(1.0, 2 * (min(above, below) + 1) / (many + 1))
    low, high = float(drawn[out - 1]), float(drawn[many - out])
    return Chance(null, math.fsum(drawn) / many, low, high, p, many)


def exactly(number: int, odds: Floats, of: int, null: str, level: float = LEVEL) -> Chance:
    """Set a number of successes beside the probability of each; all are told as shares `of` so many.

    `odds[k]` is the probability of k. Two-sided, p = min(1, 2 min(P(X <= k), P(X >= k))), and the band
    leaves out what has at most half the level on its side.

    >>> found = exactly(4, np.array([1, 4, 6, 4, 1]) / 16, 4, "coins")
    >>> found.low, found.high, found.p
    (0.0, 1.0, 0.125)
    """
    up, down = np.cumsum(odds), np.cumsum(odds[::-1])[::-1]
    p = np.minimum(1.0, 2 * np.minimum(up, down))
    # What is the level but for a rounding error is the level, in the band and in p alike.
    p = np.where(np.abs(p - level) <= _EQUAL, level, p)
    inside = np.flatnonzero(p > level)
    mean = math.fsum(odds * np.arange(len(odds)))
    return Chance(
        null, mean / of, int(inside[0]) / of, int(inside[-1]) / of, float(p[number]), None
    )


def interval(
    draws: Floats, method: str, level: float = LEVEL, *, around: float | None = None
) -> Interval | None:
    """The quantiles of a bootstrap; None where it is defined in fewer than two resamples.

    With `around`, the observed value, it is the basic bootstrap's, turned round there: for a measure
    that chance can only pull up, which a resample does twice (A. C. Davison and D. V. Hinkley,
    "Bootstrap Methods and their Application", 1997, section 5.2).

    >>> interval(np.arange(101.0), "draws", 0.1, around=60.0)
    Interval(method='draws', low=25.0, high=115.0)
    """
    inside = draws[np.isfinite(draws)]
    if len(inside) < 2:
        return None
    low, high = np.quantile(inside, [level / 2, 1 - level / 2])
    if around is not None:
        low, high = 2 * around - high, 2 * around - low
    return Interval(method, float(low), float(high))


def ratio(above: float, below: float) -> float:
    """A quotient that is NaN where there is nothing to divide by."""
    return above / below if below else math.nan
