"""Whether coders agree: Krippendorff's alpha.

K. Krippendorff, "Content Analysis", 4th ed. (2018), chapter 12: 1 less the disagreement observed by that
expected of the same codes dealt at random; 0 is chance, 0.8 the usual limit for firm conclusions and 0.667
for tentative ones. Any number of coders, and codes may be missing.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial

import numpy as np

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Integers
from interlock.methods.network.measure import Measure, chance, interval, ratio

CODES_DEALT = "codes-dealt-anew"
UNIT_BOOTSTRAP = "unit-bootstrap"
FIRM, TENTATIVE = 0.8, 0.667


class Scale(StrEnum):
    """Whether codes only differ, or stand in an order."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"


def alpha(codes: Integers, scale: Scale = Scale.NOMINAL) -> float:
    """Of a table with a row a coder and a column a unit: codes from 0 on, -1 where there is none.

    NaN where no unit has two codes, or all codes are one.

    >>> alpha(np.array([[0, 0, 1, 1], [0, 1, 1, 1]]))
    0.5333333333333333
    """
    counts = _counts(codes)
    return float(_alphas(counts[None], scale)[0])


def reliability(
    codes: Integers, scale: Scale = Scale.NOMINAL, drawing: Drawing = STANDARD
) -> Measure:
    """Alpha with its interval, units drawn again, beside the same codes dealt anew to units.

    `n` are units with two codes or more, coverage their share of all units.
    """
    counts = _counts(codes)
    value, units = float(_alphas(counts[None], scale)[0]), codes.shape[1]
    numbers = counts.size + codes.size
    dealt = drawing.drawn(partial(_dealt, codes, scale), numbers=numbers)
    again = drawing.drawn(partial(_again, counts, scale), numbers=numbers, purpose=1)
    return Measure(
        f"alpha-{scale}",
        value,
        "units",
        len(counts),
        ratio(len(counts), units),
        chance(value, dealt, CODES_DEALT, drawing.level),
        interval(again, UNIT_BOOTSTRAP, drawing.level),
        drawing.level,
    )


def _counts(codes: Integers) -> Floats:
    """How often each code (a column) was given to each unit (a row) that has two or more."""
    levels = int(codes.max(initial=0)) + 1
    many = np.stack([(codes == level).sum(axis=0) for level in range(levels)], axis=1)
    counts: Floats = many[many.sum(axis=1) >= 2].astype(np.float64)
    return counts


def _alphas(counts: Floats, scale: Scale) -> Floats:
    """Alpha of each table of counts: axes resample, unit, code."""
    coders = counts.sum(axis=2, keepdims=True)
    shares = counts / np.maximum(coders - 1, 1)
    coincidences = np.einsum("ruk,rul->rkl", counts, shares)
    diagonal = shares.sum(axis=1)
    places = np.arange(counts.shape[2])
    coincidences[:, places, places] -= diagonal
    totals = coincidences.sum(axis=2)
    n = totals.sum(axis=1)
    distance = _distances(totals, scale)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    found: Floats = 1 - (n - 1) * observed / np.where(expected > 0, expected, np.nan)
    return found


def _distances(totals: Floats, scale: Scale) -> Floats:
    many = totals.shape[1]
    if scale == Scale.NOMINAL:
        return np.broadcast_to(1 - np.eye(many), (len(totals), many, many))
    # Codes between two, and half of both.
    upto = totals.cumsum(axis=1) - totals / 2
    found: Floats = (upto[:, :, None] - upto[:, None, :]) ** 2
    return found


def _dealt(codes: Integers, scale: Scale, rng: np.random.Generator, number: int) -> Floats:
    given, found = codes >= 0, []
    for _draw in range(number):
        dealt = codes.copy()
        dealt[given] = rng.permutation(codes[given])
        found.append(_alphas(_counts(dealt)[None], scale)[0])
    return np.array(found)


def _again(counts: Floats, scale: Scale, rng: np.random.Generator, number: int) -> Floats:
    chosen = rng.integers(0, max(len(counts), 1), (number, len(counts)))
    return _alphas(counts[chosen], scale)
