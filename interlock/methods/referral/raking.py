"""Weights that meet known margins, such as a census of co-ops by state.

Iterative proportional fitting: W. E. Deming and F. F. Stephan, "On a Least Squares Adjustment of a
Sampled Frequency Table When the Expected Marginal Totals Are Known", Annals of Mathematical
Statistics 11:4 (1940). What the weights cost in precision is Kish's 1 + cv² (L. Kish, "Weighting
for Unequal Pi", Journal of Official Statistics 8:2, 1992). Where no margin is known there is
nothing to rake to: then weights are one by the degree alone, and that must be said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from interlock.methods.referral.forest import Floats, Variable
from interlock.methods.referral.reasons import Reason, reason

CUT_AT = 5.0
MOST_ROUNDS = 1_000
NEAR = 1e-12
# A margin missed by less than this, in a share, is met as far as anybody reads.
MISSED = 0.005


@dataclass(frozen=True)
class Margin:
    """The known shares of the levels of a variable, which need not add up to 1 exactly."""

    variable: Variable
    shares: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights with mean 1, and how they came about.

    `cut` respondents have the greatest weight allowed; `kish` is 1 + cv²; `gap` is the most by
    which a share still misses its margin.
    """

    weights: Floats
    rounds: int
    cut: int
    kish: float
    gap: float
    reason: Reason | None = None


def kish(weights: Floats) -> float:
    """How many times the variance grows because weights differ: 1 + cv².

    >>> kish(np.array([1.0, 1.0, 2.0])), kish(np.array([3.0, 3.0]))
    (1.125, 1.0)
    """
    return float(len(weights) * (weights**2).sum() / weights.sum() ** 2)


def raked(weights: Floats, margins: Sequence[Margin], *, cut_at: float | None = CUT_AT) -> Raked:
    """Multiply weights, margin after margin, until the sample has the known shares of all of them.

    With `cut_at` no weight is more than so many times the median: those above are cut and the
    margins met again, round for round, as far as both can be. Whoever did not answer a margin's
    question keeps their weight there. Raises ValueError for weights that are not above 0, a level
    without a share, a share below 0, and a share above 0 of a level that nobody has (join it with
    another).

    >>> answers = Variable.of("state", ["NY", "NY", "NY", "CA"])
    >>> found = raked(np.ones(4), [Margin(answers, {"NY": 0.5, "CA": 0.5})])
    >>> found.weights.round(4).tolist(), round(found.kish, 4)
    ([0.6667, 0.6667, 0.6667, 2.0], 1.3333)
    """
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("Weights are numbers above 0.")
    targets = [_targets(margin) for margin in margins]
    found = weights / weights.mean()
    rounds, limit = 0, np.inf
    while rounds < MOST_ROUNDS:
        rounds += 1
        before = found.copy()
        for margin, target in zip(margins, targets, strict=True):
            found = _met(found, margin.variable, target)
        if cut_at is not None:
            limit = cut_at * float(np.median(found))
            found = np.minimum(found, limit)
        if float(np.abs(found - before).max()) <= NEAR:
            break
    found = found / found.mean()
    gaps = [_gap(found, one.variable, target) for one, target in zip(margins, targets, strict=True)]
    gap = max(gaps, default=0.0)
    cut = 0 if cut_at is None else int((found >= cut_at * np.median(found) * (1 - 1e-9)).sum())
    told = None
    if cut_at is not None and gap > MISSED:
        told = reason("margins-missed", times=f"{cut_at:g}", points=f"{100 * gap:.1f}")
    return Raked(found, rounds, cut, kish(found), gap, told)


def _targets(margin: Margin) -> Floats:
    levels, name = margin.variable.levels, margin.variable.name
    for level in levels:
        if level not in margin.shares:
            raise ValueError(f'The margin of {name} has no share of "{level}".')
    sizes = np.bincount(margin.variable.codes[margin.variable.known], minlength=len(levels))
    present = {level for level, size in zip(levels, sizes, strict=True) if size}
    for level, share in margin.shares.items():
        if not 0 <= share < np.inf:
            raise ValueError(f'The share of "{level}" in the margin of {name} is no share.')
        if (share > 0) != (level in present):
            text = "has nobody" if share > 0 else "has a share of 0 and people"
            raise ValueError(f'"{level}" of {name} {text}. Join it with another level.')
    target = np.array([margin.shares[level] for level in levels])
    found: Floats = target / target.sum()
    return found


def _met(weights: Floats, variable: Variable, target: Floats) -> Floats:
    known = variable.known
    codes = variable.codes[known]
    sums = np.bincount(codes, weights[known], len(target))
    factors = np.divide(target * sums.sum(), sums, out=np.zeros(len(target)), where=sums > 0)
    found = weights.copy()
    found[known] *= factors[codes]
    return found


def _gap(weights: Floats, variable: Variable, target: Floats) -> float:
    known = variable.known
    sums = np.bincount(variable.codes[known], weights[known], len(target))
    return float(np.abs(sums / sums.sum() - target).max())
