"""Estimates from a chain-referral sample: how large each group is, and who knows whom.

All of them rest on the respondents' degrees, because who knows more people is found more readily,
and on the recruitment being what it claims to be: recruiters choose evenly among those they know.
Where a method has no answer it gives the reason, not a number.

Sources: RDS-I, M. J. Salganik and D. D. Heckathorn, "Sampling and Estimation in Hidden Populations
Using Respondent-Driven Sampling", Sociological Methodology 34 (2004); RDS-II, E. Volz and
D. D. Heckathorn, "Probability Based Estimation Theory for Respondent Driven Sampling", Journal of
Official Statistics 24:1 (2008); successive sampling, K. J. Gile, "Improved Inference for
Respondent-Driven Sampling Data with Application to HIV Prevalence Estimation", JASA 106 (2011);
homophily and differential activity, K. J. Gile, L. G. Johnston and M. J. Salganik, "Diagnostics for
Respondent-Driven Sampling", JRSS A 178:1 (2015); the E-I index, D. Krackhardt and R. N. Stern,
"Informal Networks and Organizational Crises", Social Psychology Quarterly 51:2 (1988).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interlock.methods.referral.forest import Booleans, Floats, Forest, Variable
from interlock.methods.referral.reasons import Reason, reason

# Sampling fractions for which the population's size is assumed, where nobody knows it.
FRACTIONS = (0.5, 0.2, 0.1, 0.05, 0.01)


@dataclass(frozen=True)
class Estimate:
    """The share of each level, in the order of `levels`; none, and a reason, if undefined."""

    method: str
    levels: tuple[str, ...]
    shares: tuple[float, ...]
    reason: Reason | None = None

    def share(self, level: str) -> float:
        """The share of one level, from 0 to 1. Raises ValueError if there is none."""
        if self.reason is not None or level not in self.levels:
            raise ValueError(f'{self.method} has no share of "{level}".')
        return self.shares[self.levels.index(level)]


@dataclass(frozen=True)
class Recruitment:
    """Who recruited whom: `counts[i][j]` are the recruits of level j by recruiters of level i."""

    levels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> int:
        """All recruits whose answer is known, as their recruiter's is."""
        return sum(map(sum, self.counts))


@dataclass(frozen=True)
class Index:
    """One number, or the reason why there is none."""

    value: float | None
    reason: Reason | None = None


def recruitment(forest: Forest, variable: Variable) -> Recruitment:
    """The table of recruiters by recruits. Recruits without an answer, or of such, are left out."""
    codes, size = variable.codes, len(variable.levels)
    recruited = forest.recruiters >= 0
    start, end = codes[forest.recruiters[recruited]], codes[recruited]
    known = (start >= 0) & (end >= 0)
    cells = np.bincount(start[known] * size + end[known], minlength=size * size)
    counts = tuple(tuple(row) for row in cells.reshape(size, size).tolist())
    return Recruitment(variable.levels, counts)


def stationary(table: Recruitment) -> tuple[float, ...] | Reason:
    """The shares among which the chain of recruitment settles, or why it does not.

    It does not where a level recruited nobody (R's RDS then assumes that it recruits evenly), or
    where some level is never reached from another.

    >>> settled = stationary(Recruitment(("no", "yes"), ((48, 23), (21, 24))))
    >>> [round(share, 4) for share in settled]
    [0.5903, 0.4097]
    >>> stationary(Recruitment(("no", "yes"), ((48, 23), (0, 0)))).kind
    'no-recruits'
    """
    counts = np.array(table.counts, np.float64)
    for level, made in zip(table.levels, counts.sum(axis=1), strict=True):
        if not made:
            return reason("no-recruits", level=level)
    size = len(table.levels)
    reached = (counts > 0) | np.eye(size, dtype=np.bool_)
    for _ in range(size.bit_length()):
        reached = reached @ reached
    if not reached.all():
        start, end = np.argwhere(~reached)[0]
        return reason("no-way-between", start=table.levels[start], end=table.levels[end])
    chances = counts / counts.sum(axis=1, keepdims=True)
    equations = np.vstack([(chances.T - np.eye(size))[:-1], np.ones(size)])
    settled = np.linalg.solve(equations, np.array([0.0] * (size - 1) + [1.0]))
    return tuple(settled.tolist())


def harmonic_degrees(forest: Forest, variable: Variable) -> tuple[float, ...]:
    """The mean degree of each level in the population: the harmonic mean of its respondents'."""
    known = variable.known
    codes = variable.codes[known]
    sizes = np.bincount(codes, minlength=len(variable.levels))
    sums = np.bincount(codes, forest.weights[known], len(variable.levels))
    return tuple(
        (float(n) / float(total) if n else math.nan) for n, total in zip(sizes, sums, strict=True)
    )


def rds_i(forest: Forest, variable: Variable) -> Estimate:
    """Salganik and Heckathorn's estimate: where recruitment settles, by each level's mean degree.

    Undefined where `stationary` is. (Its "data-smoothed" variant returns the same numbers always,
    because symmetrising keeps the stationary shares; it is not offered.)
    """
    settled = stationary(recruitment(forest, variable))
    if isinstance(settled, Reason):
        return Estimate("RDS-I", variable.levels, (), settled)
    raw = np.array(settled) / np.array(harmonic_degrees(forest, variable))
    return Estimate("RDS-I", variable.levels, tuple((raw / raw.sum()).tolist()))


def rds_ii(forest: Forest, variable: Variable) -> Estimate:
    """Volz and Heckathorn's estimate: each respondent counts one by the degree.

    >>> from interlock.methods.referral.forest import Respondent, planted
    >>> ada = Respondent("ada", "", 2, {"view": "yes"})
    >>> forest = planted([ada, Respondent("ben", "ada", 6, {"view": "no"})])
    >>> rds_ii(forest, forest.variable("view")).shares
    (0.25, 0.75)
    """
    return Estimate("RDS-II", variable.levels, _shares(variable, forest.weights))


def rds_ii_mean(forest: Forest, values: Floats) -> float:
    """The population's mean of a number by RDS-II; NaN is no answer. Raises ValueError without any."""
    known = np.isfinite(values)
    if not known.any():
        raise ValueError("There is no number to take a mean of.")
    weights = forest.weights[known]
    return float((weights * values[known]).sum() / weights.sum())


def _shares(variable: Variable, weights: Floats) -> tuple[float, ...]:
    known = variable.known
    sums = np.bincount(variable.codes[known], weights[known], len(variable.levels))
    return tuple((sums / sums.sum()).tolist())


def inclusion(degrees: Floats, population: int) -> Floats:
    """The chance that successive sampling draws a person of each of these degrees.

    Gile's iteration sets the number of persons of each degree to those drawn by their chance, and
    then the chances to those of drawing so many. Where it rests, a person of degree d is drawn with
    the chance 1 - exp(-t d), and t makes the persons so represented as many as the population:

        sum over respondents of 1 / (1 - exp(-t d)) = N.

    That is one equation with one solution, found by Newton's method from below, without the random
    draws by which R estimates the chances; the two differ by less than 0.0003 in a share on the
    data of R's RDS. Raises ValueError for a population smaller than the sample.

    >>> chances = inclusion(np.array([1.0, 3.0]), 4)
    >>> chances.round(4).tolist(), round(float((1 / chances).sum()), 9)
    ([0.3739, 0.7545], 4.0)
    """
    respondents = len(degrees)
    if population < respondents:
        raise ValueError(
            f"The population cannot be smaller than its {respondents:,} respondents: {population:,}."
        )
    if population == respondents:
        return np.ones(respondents)
    kinds, many = np.unique(degrees, return_counts=True)
    t = float((many / kinds).sum()) / population
    for _ in range(1_000):
        chances = -np.expm1(-t * kinds)
        represented = many / chances
        slope = float((represented * kinds * np.exp(-t * kinds) / chances).sum())
        step = (float(represented.sum()) - population) / slope if slope else 0.0
        t += step
        if step <= 1e-15 * t:
            break
    found: Floats = -np.expm1(-t * degrees)
    return found


def successive_sampling(forest: Forest, variable: Variable, population: int) -> Estimate:
    """Gile's estimate, for a population of a known size: a large sample uses up the well known.

    Raises ValueError for a population smaller than the sample.
    """
    weights = 1.0 / inclusion(forest.degrees, population)
    return Estimate("Gile SS", variable.levels, _shares(variable, weights))


def by_population(
    forest: Forest, variable: Variable, populations: Sequence[int] = ()
) -> tuple[tuple[int, Estimate], ...]:
    """Gile's estimate over several sizes of the population, which seldom is known.

    Without `populations`, over sizes of which the sample would be 1/2 to 1/100. The larger, the
    nearer to RDS-II.
    """
    sizes = populations or [math.ceil(len(forest) / fraction) for fraction in FRACTIONS]
    return tuple((size, successive_sampling(forest, variable, size)) for size in sizes)


def recruitment_homophily(table: Recruitment) -> Index:
    """How many times as often recruits are of their recruiter's level as if that did not matter.

    >>> recruitment_homophily(Recruitment(("no", "yes"), ((30, 10), (10, 30))))
    Index(value=1.5, reason=None)
    """
    counts = np.array(table.counts, np.float64)
    expected = float(counts.sum(axis=1) @ counts.sum(axis=0))
    if len(table.levels) < 2:
        return Index(None, reason("one-level"))
    if not expected:
        return Index(None, reason("two-needed"))
    return Index(float(np.trace(counts)) * float(counts.sum()) / expected)


def population_homophily(forest: Forest, variable: Variable, level: str) -> Index:
    """Ties between a level and all others: how many chance would make, by how many there are.

    Above 1, people of a kind know each other more than by chance. Each respondent's ties across are
    estimated from the mix of their recruits; who recruited nobody says nothing of it.
    """
    one = variable.codes == variable.levels.index(level)
    known = variable.known
    recruited = (forest.recruiters >= 0) & known
    recruiters = forest.recruiters[recruited]
    made = np.bincount(recruiters, minlength=len(forest))
    ones = np.bincount(recruiters, one[recruited].astype(np.float64), len(forest))
    says = known & (made > 0)
    mine, degrees = one[says], forest.degrees[says]
    if mine.all() or not mine.any():
        return Index(None, reason("two-needed"))
    share_of_ones = ones[says] / made[says]
    across = degrees * np.where(mine, 1 - share_of_ones, share_of_ones)
    weights = forest.weights[says]

    def mean(values: Floats, among: Booleans | None = None) -> float:
        inside = weights if among is None else weights * among
        return float((inside * values).sum() / inside.sum())

    share = mean(mine.astype(np.float64))
    crossing = mean(across) * mean(degrees)
    if not crossing:
        return Index(None, reason("two-needed"))
    expected = 2 * share * (1 - share) * mean(degrees, mine) * mean(degrees, ~mine)
    return Index(expected / crossing)


def differential_activity(forest: Forest, variable: Variable, level: str) -> Index:
    """The mean degree of a level in the population, by that of all other levels together."""
    one = variable.codes == variable.levels.index(level)
    others = variable.known & ~one
    if not one.any() or not others.any():
        return Index(None, reason("one-level"))
    means = [float(side.sum() / forest.weights[side].sum()) for side in (one, others)]
    return Index(means[0] / means[1])


def external_internal(table: Recruitment) -> Index:
    """Krackhardt and Stern's E-I index of recruitment: -1, all within levels, to 1, all across.

    >>> external_internal(Recruitment(("no", "yes"), ((30, 10), (10, 30))))
    Index(value=-0.5, reason=None)
    """
    total = table.total
    if len(table.levels) < 2 or not total:
        return Index(None, reason("one-level" if total else "two-needed"))
    internal = sum(table.counts[n][n] for n in range(len(table.levels)))
    return Index((total - 2 * internal) / total)
