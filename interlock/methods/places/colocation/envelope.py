"""A curve beside the curves that chance gives: one test for all distances together.

Reading a curve against a band drawn distance by distance finds something in far more than 5 % of cases.
The global envelopes here hold the whole curve in 95 % of cases (M. Myllymäki, T. Mrkvička, P. Grabarnik,
H. Seijo, U. Hahn, "Global Envelope Tests for Spatial Processes", Journal of the Royal Statistical Society
B 79, 2017): by extreme rank lengths, which ask nothing of how values vary with distance and are strong against
curves that are high over a range of distances, or by the largest studentised deviation, which sees one
single distance too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import rankdata

from interlock.methods.places.colocation.irls import Booleans, Floats

Side = Literal["both", "more", "less"]
Measure = Literal["rank", "deviation"]


@dataclass(frozen=True, eq=False)
class Envelope:
    """The band that holds the whole curve of chance in 95 % of cases, and the p of the curve observed.

    `beyond` says where the curve leaves the band: if `p` ≤ 0.05 it does somewhere, and nowhere else.
    """

    observed: Floats
    mean: Floats
    low: Floats
    high: Floats
    beyond: Booleans
    p: float
    side: Side
    measure: Measure


def enveloped(
    observed: Floats,
    simulated: Floats,
    *,
    side: Side = "both",
    measure: Measure = "rank",
    level: float = 0.05,
) -> Envelope:
    """The global envelope of simulated curves (a row each) and the observed one's place among them.

    >>> curves = np.random.default_rng(0).normal(size=(199, 5))
    >>> found = enveloped(np.array([0.0, 0.0, 9.0, 0.0, 0.0]), curves, measure="deviation")
    >>> found.p, found.beyond.tolist()
    (0.005, [False, False, True, False, False])
    """
    curves = np.vstack([observed, simulated]).astype(np.float64)
    by = _by_ranks(curves, side) if measure == "rank" else _by_deviation(curves, side)
    # As many or more extreme, the observed one among them.
    p = float((by <= by[0]).sum()) / len(curves)
    mean, spread = simulated.mean(axis=0), curves.std(axis=0, ddof=1)
    reached = np.sort(by)[int(np.floor(level * len(curves)))]
    if measure == "rank":
        inside = curves[by >= reached]
        low, high = inside.min(axis=0), inside.max(axis=0)
    else:
        low, high = mean + reached * spread, mean - reached * spread
    if side == "more":
        low = np.full(len(low), -np.inf)
    if side == "less":
        high = np.full(len(high), np.inf)
    beyond = (curves[0] < low) | (curves[0] > high)
    return Envelope(curves[0], mean, low, high, beyond, p, side, measure)


def _by_ranks(curves: Floats, side: Side) -> Floats:
    """The place of each curve by its sorted ranks, the most extreme first (equal ones the same)."""
    low, high = rankdata(curves, axis=0), rankdata(-curves, axis=0)
    ranks = {"both": np.minimum(low, high), "more": high, "less": low}[side]
    _rows, place = np.unique(np.sort(ranks, axis=1), axis=0, return_inverse=True)
    found: Floats = place.ravel().astype(np.float64)
    return found


def _by_deviation(curves: Floats, side: Side) -> Floats:
    """Less the largest deviation of each curve from the mean of those simulated, by its spread."""
    spread = curves.std(axis=0, ddof=1)
    scaled = (curves - curves[1:].mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    far = {"both": np.abs(scaled), "more": scaled, "less": -scaled}[side]
    found: Floats = -far.max(axis=1)
    return found
