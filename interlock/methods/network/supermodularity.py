"""Whether two institutions do more together than each alone: complementarity in the strict sense.

Of an outcome (turnout, days late, the share of wages that stays in a place) the effect of having both is set
beside the sum of the two effects alone (P. Milgrom and J. Roberts, "Complementarities and Fit", Journal of
Accounting and Economics 19, 1995; P. Hall and D. Soskice, "Varieties of Capitalism", 2001). It is the
interaction of a linear model, with whatever else is given taken out of it first (R. Frisch and F. Waugh,
Econometrica 1:4, 1933). Rows of one cluster, such as projects of a city, hang together: chance draws the signs
of whole clusters under the null (A. C. Cameron, J. Gelbach and D. Miller's wild cluster bootstrap, Review of
Economics and Statistics 90:3, 2008, by its scores: P. Kline and A. Santos, Journal of Econometric Methods 1:1,
2012), and the interval draws clusters again. Fewer than `LEAST_CLUSTERS` leave too few worlds for either.
Nothing here was assigned by lot, and so it is an association and no cause.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.network.collaboration import WILD_CLUSTER, signed
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Booleans, Floats, Integers
from interlock.methods.network.measure import Measure, chance, interval, ratio

CLUSTER_BOOTSTRAP = "cluster-bootstrap"
LEAST_CLUSTERS = 8
# Numbers as near to 0 as this are what rounding left of it.
_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Rows with an outcome each, NaN where it is not known: who of the two is there, and what else differs.

    `clusters` number those that hang together. `beside` has a column for each number that is taken out
    first, such as the logarithm of people. Raises ValueError for arrays of different lengths.
    """

    outcome: Floats
    pb: Booleans
    coop: Booleans
    clusters: Integers
    beside: Floats | None = None

    def __post_init__(self) -> None:
        columns = (
            self.pb,
            self.coop,
            self.clusters,
            self.outcome if self.beside is None else self.beside,
        )
        if any(len(column) != len(self.outcome) for column in columns):
            raise ValueError("There is one of each for each outcome.")


@dataclass(frozen=True)
class Cell:
    """Rows with or without each of the two: how many, and the mean outcome (NaN of none)."""

    pb: bool
    coop: bool
    rows: int
    mean: float


@dataclass(frozen=True)
class Together:
    """The four cells, as they are; and the effect of both less the two alone, in the outcome's unit."""

    cells: tuple[Cell, ...]
    beyond: Measure


def supermodularity(outcomes: Outcomes, drawing: Drawing = STANDARD) -> Together:
    """The effect of having both beyond the sum of the two alone, beside chance.

    `n` are rows whose outcome (and all beside it) is known, coverage their share. It is undefined where
    one of the four cells is empty, or where what is beside tells who has both, and described without chance
    where there are fewer than `LEAST_CLUSTERS`. Raises ValueError for
    resamples or a seed out of range.

    >>> two = np.array([0, 1] * 20, np.bool_)
    >>> other = np.array([0, 0, 1, 1] * 10, np.bool_)
    >>> found = supermodularity(Outcomes(2.0 * two + other + 3 * (two & other), two, other, np.arange(40) // 4))
    >>> round(found.beyond.value, 9), [one.mean for one in found.cells]
    (3.0, [0.0, 1.0, 2.0, 6.0])
    """
    rows = _known(outcomes)
    used = _chosen(outcomes, rows)
    cells = tuple(_cell(used, pb, coop) for pb in (False, True) for coop in (False, True))
    value, scores, divisor = _fitted(used, np.ones(len(used.outcome)))
    beside = near = None
    by_cluster = np.bincount(used.clusters, scores) / divisor
    if math.isfinite(value) and len(by_cluster) >= LEAST_CLUSTERS:
        drawn = drawing.drawn(partial(signed, by_cluster), numbers=len(by_cluster))
        beside = chance(value, drawn, WILD_CLUSTER, drawing.level)
        again = drawing.drawn(partial(_again, used), numbers=20 * len(used.outcome) + 1, purpose=1)
        near = interval(again, CLUSTER_BOOTSTRAP, drawing.level)
    many = len(used.outcome)
    coverage = ratio(many, len(outcomes.outcome))
    return Together(
        cells,
        Measure("supermodularity", value, "rows", many, coverage, beside, near, drawing.level),
    )


def _known(outcomes: Outcomes) -> Booleans:
    known = np.isfinite(outcomes.outcome)
    if outcomes.beside is not None:
        known &= np.isfinite(outcomes.beside).all(axis=1)
    return known


def _chosen(outcomes: Outcomes, rows: Booleans) -> Outcomes:
    return Outcomes(
        outcomes.outcome[rows],
        outcomes.pb[rows],
        outcomes.coop[rows],
        np.unique(outcomes.clusters[rows], return_inverse=True)[1],
        None if outcomes.beside is None else outcomes.beside[rows],
    )


def _cell(outcomes: Outcomes, pb: bool, coop: bool) -> Cell:
    inside = outcomes.outcome[(outcomes.pb == pb) & (outcomes.coop == coop)]
    return Cell(pb, coop, len(inside), float(inside.mean()) if len(inside) else math.nan)


def _fitted(outcomes: Outcomes, weights: Floats) -> tuple[float, Floats, float]:
    """The interaction; each row's part of it under the null; and what the parts are divided by."""
    nothing = math.nan, np.zeros(len(outcomes.outcome)), math.nan
    both = (outcomes.pb & outcomes.coop).astype(np.float64)
    columns = [np.ones(len(both)), outcomes.pb, outcomes.coop]
    if outcomes.beside is not None:
        columns += list(outcomes.beside.T)
    if not len(both):
        return nothing
    root = np.sqrt(weights)[:, None]
    others = np.column_stack(columns).astype(np.float64) * root
    # What the rest leaves over of the interaction, and of the outcome.
    told = np.column_stack([both, outcomes.outcome]) * root
    left = told - others @ np.linalg.lstsq(others, told, rcond=None)[0]
    divisor = float(left[:, 0] @ left[:, 0])
    if divisor <= _NOTHING * max(1.0, float(told[:, 0] @ told[:, 0])):
        return nothing
    scores = left[:, 0] * left[:, 1]
    return math.fsum(scores) / divisor, scores, divisor


def _again(outcomes: Outcomes, rng: np.random.Generator, number: int) -> Floats:
    many = int(outcomes.clusters.max()) + 1
    found = []
    for _draw in range(number):
        copies = np.bincount(rng.integers(0, many, many), minlength=many)
        found.append(_fitted(outcomes, copies[outcomes.clusters].astype(np.float64))[0])
    return np.array(found, np.float64)
