"""How much a finding hangs on one area, on a hidden cause, and on what a list notices.

No list of institutions excludes a hidden cause. What can be said: how strong it would have to be (the
E-value), whether something that should have nothing to do with it shows the same (the negative
control), and whether one entry more or less changes the answer (leave one out).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlock.methods.places.colocation.irls import Floats
from interlock.methods.places.colocation.ratios import MARKED, Compared, Size, rate_ratio
from interlock.methods.places.colocation.reasons import ColocationError, Reason, refused
from interlock.methods.places.colocation.regression import CONFIDENCE, Ratio, fitted
from interlock.methods.places.colocation.table import Areas, check_two_sides


@dataclass(frozen=True)
class EValue:
    """The least ratio by which a hidden cause would go with both institutions, to make all of it.

    `limit` is that for the end of the interval that is nearer to 1; 1 where the interval holds 1.
    """

    estimate: float
    limit: float


def evalue(ratio: Ratio, *, is_common: bool = False) -> EValue:
    """The E-value of a rate ratio, or of an odds ratio of something rare.

    `is_common` takes the root of an odds ratio first, for what more than 15 % of areas have. T. J.
    VanderWeele, P. Ding, "Sensitivity Analysis in Observational Research", Annals of Internal Medicine
    167 (2017).

    >>> found = evalue(Ratio("marked", 3.9, 1.8, 8.7, 0.0, 0.0, ""))
    >>> round(found.estimate, 2), round(found.limit, 2)
    (7.26, 3.0)
    """
    value, low, high = (
        math.sqrt(one) if is_common else one for one in (ratio.value, ratio.low, ratio.high)
    )
    near = low if value >= 1 else high
    holds = low <= 1 <= high
    return EValue(_least_cause(value), 1.0 if holds else _least_cause(near))


def _least_cause(ratio: float) -> float:
    if ratio in (0, math.inf):
        return math.inf
    above = max(ratio, 1 / ratio)
    return above + math.sqrt(above * (above - 1))


@dataclass(frozen=True)
class LeftOut:
    """An answer without one marked area at a time: `values` by code, in the order of areas.

    NaN where there is no answer without it, `reasons` telling why.
    """

    values: dict[str, float]
    reasons: dict[str, Reason]

    @property
    def low(self) -> float:
        return min((one for one in self.values.values() if not math.isnan(one)), default=math.nan)

    @property
    def high(self) -> float:
        return max((one for one in self.values.values() if not math.isnan(one)), default=math.nan)


def leave_one_out(areas: Areas, ask: Callable[[Areas], float]) -> LeftOut:
    """Ask again without each marked area: an incomplete list may lack any of them.

    >>> from interlock.methods.places.colocation.table import areas
    >>> four = areas("abcd", [100, 300, 200, 200], [1, 1, 0, 0], [6, 6, 1, 3])
    >>> found = leave_one_out(four, lambda rest: rate_ratio(rest).ratio.value)
    >>> round(found.low, 6), round(found.high, 6)
    (2.0, 6.0)
    """
    check_two_sides(areas)
    values, reasons = dict[str, float](), dict[str, Reason]()
    for place in np.flatnonzero(areas.marked).tolist():
        code = areas.codes[place]
        try:
            values[code] = ask(areas.without(place))
        except ColocationError as told:
            values[code], reasons[code] = math.nan, told.reason
    return LeftOut(values, reasons)


@dataclass(frozen=True)
class Controlled:
    """A ratio beside that of a control, and how many times it is the control's (`beyond`).

    If marked areas have as much more of the control, which has no reason to be there, then what makes
    both is something else: a hidden cause, or a list that notices more in such places.
    """

    own: Compared
    control: Compared
    beyond: Ratio


def beside_control(
    areas: Areas,
    control: NDArray[Any],
    *,
    size: Size = "offset",
    by_region: bool = False,
    confidence: float = CONFIDENCE,
) -> Controlled:
    """Ask the same of a negative control: a count an area of something that should show no ratio.

    Credit unions, libraries, all other firms: declare it before looking. `beyond` is from the share of
    each area's own and control together that is its own (a logit with clustered errors by region, or
    HC1 where there is one region only): whatever an area has more of both cancels, people included. M.
    Lipsitch, E. Tchetgen Tchetgen, T. Cohen, "Negative Controls", Epidemiology 21 (2010).
    """
    other = areas.counting(control)
    trials = areas.counts + other.counts
    rows = trials > 0
    if not areas.marked[rows].any():
        raise refused("none-marked")
    fit = fitted(
        areas.counts[rows],
        {MARKED: areas.marked[rows].astype(np.float64)},
        family="logit",
        groups=areas.regions[rows] if by_region else None,
        clusters=areas.regions[rows],
        trials=_floats(trials[rows]),
        errors="HC1" if len(np.unique(areas.regions[rows])) < 2 else "clustered",
    )
    return Controlled(
        rate_ratio(areas, size=size, by_region=by_region, confidence=confidence),
        rate_ratio(other, size=size, by_region=by_region, confidence=confidence),
        fit.ratio(MARKED, confidence),
    )


def _floats(numbers: NDArray[Any]) -> Floats:
    return numbers.astype(np.float64)
