"""Comparing answers on a scale: who tends to give the higher one.

theta = P(X < Y) + P(X = Y) / 2, for a person X of one group and Y of another: the probability of
superiority of the second; Cliff's delta is 2 theta - 1 (N. Cliff, "Dominance Statistics: Ordinal
Analyses to Answer Ordinal Questions", Psychological Bulletin 114:3, 1993). It asks for nothing but
the order of the answers. For two simple random samples that share nobody, the test is E. Brunner
and U. Munzel, "The Nonparametric Behrens-Fisher Problem: Asymptotic Theory and a Small-Sample
Approximation", Biometrical Journal 42:1 (2000); chain-referral samples are no such samples, and
have the tree bootstrap (`comparison`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlock.methods.referral.forest import Floats


def superiority(first: Floats, second: Floats, same: Floats | float = 0.0) -> Floats:
    """theta from the weights of each answer in two groups, answers in order along the last axis.

    `same` is the sum of the squared weights of persons who are in both groups: nobody is compared
    with themselves. NaN where there is nobody to compare.

    >>> superiority(np.array([1.0, 1.0]), np.array([0.0, 2.0])).tolist()
    0.75
    """
    below = np.cumsum(first, axis=-1) - first / 2
    wins = (second * below).sum(axis=-1) - np.asarray(same) / 2
    pairs = first.sum(axis=-1) * second.sum(axis=-1) - np.asarray(same)
    # Where one person is all of both groups rounding may leave a trace of a pair.
    real = pairs > 1e-12 * first.sum(axis=-1) * second.sum(axis=-1)
    theta: Floats = np.where(real, wins, np.nan) / np.where(real, pairs, 1.0)
    return theta


@dataclass(frozen=True)
class BrunnerMunzel:
    """The statistic, its degrees of freedom, two-sided p, and theta with its 95 % interval."""

    statistic: float
    freedom: float
    p: float
    theta: float
    low: float
    high: float


def brunner_munzel(first: Sequence[float], second: Sequence[float]) -> BrunnerMunzel:
    """Brunner and Munzel's test that neither of two samples tends to higher values.

    Raises ValueError for a sample of fewer than two, and where no value of one lies among the
    other's: then the variance is 0 and the test has no answer.

    >>> before = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
    >>> found = brunner_munzel(before, [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4])
    >>> round(found.statistic, 6), round(found.p, 8), round(found.theta, 6)
    (3.137467, 0.00578621, 0.788961)
    """
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if len(x) < 2 or len(y) < 2:
        raise ValueError("Each of the two samples needs at least two values.")
    n, m = len(x), len(y)
    # A placement is how many of the other sample lie below, ties counting half.
    above, below = _placements(x, y), _placements(y, x)
    variances = [float(above.var(ddof=1)) / n, float(below.var(ddof=1)) / m]
    variances = [variances[0] / m**2, variances[1] / n**2]
    error = math.sqrt(sum(variances))
    if not error:
        raise ValueError("The two samples do not overlap, or are all alike: there is no answer.")
    theta = float(below.mean()) / n
    statistic = (theta - 0.5) / error
    freedom = sum(variances) ** 2 / (variances[0] ** 2 / (n - 1) + variances[1] ** 2 / (m - 1))
    half = student_quantile(0.975, freedom) * error
    p = 2 * student_upper(abs(statistic), freedom)
    return BrunnerMunzel(statistic, freedom, p, theta, theta - half, theta + half)


def _placements(values: Floats, others: Floats) -> Floats:
    ranked = np.sort(others)
    found: Floats = (
        np.searchsorted(ranked, values, "left") + np.searchsorted(ranked, values, "right")
    ) / 2
    return found


def student_upper(t: float, freedom: float) -> float:
    """P(T > t) for Student's distribution and t from 0 on.

    >>> round(student_upper(2.0, 10.0), 6)
    0.036694
    """
    return 0.5 * _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def student_quantile(chance: float, freedom: float) -> float:
    """The t that Student's variable stays below with this chance, from 0.5 on: by halving.

    >>> round(student_quantile(0.975, 10.0), 6)
    2.228139
    """
    low, high = 0.0, 1.0
    while student_upper(high, freedom) > 1 - chance:
        low, high = high, 2 * high
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if student_upper(middle, freedom) > 1 - chance else (low, middle)
    return high


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function by its continued fraction (NIST DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _incomplete_beta(b, a, 1.0 - x)
    front = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    # Lentz's way: numerators and denominators of the fraction as ratios of neighbours.
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d, c = 1.0 / (1.0 + term * d), 1.0 + term / c
            found *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return math.exp(front) * found
