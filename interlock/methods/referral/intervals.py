"""How far an estimate may be off: by drawing the trees again.

A recruit resembles the recruiter, so that n respondents say less than n drawn at random would; an
interval that forgets it is far too short (`bench/referral_coverage.py`: the binomial one covers the
truth in three of five studies where it promises nineteen of twenty). Two ways to remember it:

- the **tree bootstrap**, the main one: seeds drawn with replacement, then each one's recruits, and so
  on down the trees. M. J. Baraff, T. H. McCormick and A. E. Raftery, "Estimating Uncertainty in
  Respondent-Driven Sampling Using a Tree Bootstrap Method", PNAS 113:51 (2016). Cautious.
- **Salganik's bootstrap**: a chain that goes from a person to anyone recruited by people of the same
  level. M. J. Salganik, "Variance Estimation, Design Effects, and Sample Size Calculations for
  Respondent-Driven Sampling", Journal of Urban Health 83 (2006). Too short in a divided population.

Draws depend on the seed and the forest alone, and not on how many processes share them
(`interlock.methods.blocks`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlock.methods.blocks import Progress, in_blocks
from interlock.methods.referral.estimates import Estimate, rds_ii, recruitment
from interlock.methods.referral.forest import Floats, Forest, Integers, Variable
from interlock.methods.referral.reasons import Reason, reason

RESAMPLES = 1_000
CONFIDENCE = 0.95

# A block's numbers of copies fit into 8 MB, and a small forest still makes several blocks.
_BLOCK_PERSONS = 2**20
_MOST_IN_BLOCK = 250

Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, and the standard error: the resamples' quantiles and deviation."""

    low: float
    high: float
    error: float


@dataclass(frozen=True)
class Spread:
    """An estimate with its intervals, a level each, and what the sample is worth.

    `design_effects` say how many times the variance of a random sample of the same size this one
    has, and `effective` how large a random sample would be as good; None where nothing varies.
    """

    estimate: Estimate
    method: str
    intervals: tuple[Interval, ...]
    design_effects: tuple[float | None, ...]
    effective: tuple[float | None, ...]
    respondents: int
    resamples: int
    seed: int
    reason: Reason | None = None


def intervals_of(values: Floats, confidence: float = CONFIDENCE) -> tuple[Interval, ...]:
    """The interval of each column: its quantiles; resamples in which it is undefined are left out.

    >>> found = intervals_of(np.linspace(0, 1, 201)[:, None])[0]
    >>> round(found.low, 3), round(found.high, 3), round(found.error, 3)
    (0.025, 0.975, 0.291)
    """
    tail = (1 - confidence) / 2
    found = []
    for column in values.T:
        inside = column[np.isfinite(column)]
        if len(inside) < 2:
            found.append(Interval(math.nan, math.nan, math.nan))
            continue
        low, high = np.quantile(inside, [tail, 1 - tail])
        found.append(Interval(float(low), float(high), float(inside.std(ddof=1))))
    return tuple(found)


def design_effect(error: float, share: float, respondents: int) -> float | None:
    """The variance of a share, by that of a random sample of so many; None where either is 0.

    >>> round(design_effect(0.06, 0.5, 300), 2)
    4.32
    """
    random = share * (1 - share) / respondents
    return error * error / random if random > 0 and error > 0 else None


def tree_sums(
    forest: Forest,
    columns: Floats,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Floats:
    """Draw the trees again, and give the sum of each column over the persons drawn: a row a resample.

    `columns` has a row a respondent and a column a sum: whatever is a function of such sums
    (shares, means, recruitment tables, differences between groups) has its bootstrap from one
    drawing, with every person in all their groups. `executor` is any of `concurrent.futures`; the
    answer is the same whoever draws. `progress` is told how many resamples are done. Raises
    ValueError for a number of resamples or a seed out of range.
    """
    size = max(1, min(_MOST_IN_BLOCK, _BLOCK_PERSONS // len(forest)))
    trees = _Trees(forest.first, forest.recruits, forest.starts)
    work = partial(_block_sums, trees, np.ascontiguousarray(columns.T, np.float64))
    blocks = in_blocks(work, resamples, size=size, seed=seed, executor=executor, progress=progress)
    return np.concatenate(list(blocks))


@dataclass(frozen=True, eq=False)
class _Trees:
    """What drawing needs of a forest: the little that goes to another process."""

    first: Integers
    recruits: Integers
    starts: Integers


def _block_sums(trees: _Trees, columns: Floats, rng: np.random.Generator, size: int) -> Floats:
    return _added(_copies(trees, size, rng), columns)


def _added(copies: NDArray[np.signedinteger[Any]], columns: Floats) -> Floats:
    # One column at a time, not a matrix product: that adds in an order which hangs on the threads.
    many = copies.astype(np.float64)
    return np.stack([np.einsum("rp,p->r", many, column) for column in columns], axis=1)


def _copies(trees: _Trees, size: int, rng: np.random.Generator) -> Integers:
    """How often each person is in each of so many resamples, drawn wave by wave.

    A wave's persons stand together in the forest, and so do each one's recruits: the recruits of a
    copy are as many draws from a run of places.
    """
    starts, seeds = trees.starts, int(trees.starts[1])
    copies = np.empty((size, int(starts[-1])), np.int64)
    persons = rng.integers(0, seeds, size * seeds)
    rows = np.repeat(np.arange(size), seeds)
    for begin, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        width = end - begin
        drawn = np.bincount(rows * width + (persons - begin), minlength=size * width)
        copies[:, begin:end] = drawn.reshape(size, width)
        many = trees.recruits[persons]
        persons, rows = np.repeat(persons, many), np.repeat(rows, many)
        draws = (rng.random(len(persons)) * trees.recruits[persons]).astype(np.int64)
        persons = trees.first[persons] + draws
    return copies


@dataclass(frozen=True, eq=False)
class Draws:
    """The trees drawn again once, and kept: for as many questions as are asked of one survey.

    `copies` says how often each person (a column) is in each resample (a row). It takes four bytes
    each, 20 MB for 5,000 respondents and 1,000 resamples; `tree_sums` keeps nothing.
    """

    copies: NDArray[np.int32]
    seed: int

    def sums(self, columns: Floats) -> Floats:
        """What `tree_sums` gives for the same forest, resamples and seed, to the last bit."""
        size = max(1, min(_MOST_IN_BLOCK, _BLOCK_PERSONS // self.copies.shape[1]))
        turned = np.ascontiguousarray(columns.T, np.float64)
        blocks = range(0, len(self.copies), size)
        return np.concatenate([_added(self.copies[at : at + size], turned) for at in blocks])


def drawn(
    forest: Forest,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Draws:
    """Draw the trees again, and keep what was drawn. Raises ValueError for what `tree_sums` refuses.

    >>> from interlock.methods.referral.forest import Respondent, planted
    >>> forest = planted([Respondent("ada", "", 4), Respondent("ben", "ada", 2)])
    >>> drawn(forest, resamples=3).copies.tolist()
    [[1, 1], [1, 1], [1, 1]]
    """
    size = max(1, min(_MOST_IN_BLOCK, _BLOCK_PERSONS // len(forest)))
    work = partial(_block_copies, _Trees(forest.first, forest.recruits, forest.starts))
    blocks = in_blocks(work, resamples, size=size, seed=seed, executor=executor, progress=progress)
    return Draws(np.concatenate(list(blocks)), seed)


def _block_copies(trees: _Trees, rng: np.random.Generator, size: int) -> NDArray[np.int32]:
    return _copies(trees, size, rng).astype(np.int32)


def tree_bootstrap(
    forest: Forest,
    variable: Variable,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    executor: Executor | None = None,
    progress: Progress | None = None,
    draws: Draws | None = None,
) -> Spread:
    """The RDS-II shares with the intervals of the tree bootstrap, each level's by itself.

    With `draws` these are used, whatever `resamples` and `seed` say. Raises ValueError for what
    `tree_sums` refuses.
    """
    columns = variable.indicators() * forest.weights[:, None]
    if draws is not None:
        sums, seed = draws.sums(columns), draws.seed
    else:
        sums = tree_sums(
            forest, columns, resamples=resamples, seed=seed, executor=executor, progress=progress
        )
    return _spread(forest, variable, "tree bootstrap", _divided(sums), seed, confidence)


def tree_mean(
    forest: Forest,
    values: Floats,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    executor: Executor | None = None,
    draws: Draws | None = None,
) -> Interval:
    """The interval of the RDS-II mean of a number (NaN: no answer), by the tree bootstrap."""
    known = np.isfinite(values)
    weights = np.where(known, forest.weights, 0.0)
    columns = np.stack([weights * np.where(known, values, 0.0), weights], axis=1)
    if draws is not None:
        sums = draws.sums(columns)
    else:
        sums = tree_sums(forest, columns, resamples=resamples, seed=seed, executor=executor)
    means = quotient(sums[:, :1], sums[:, 1:])
    return intervals_of(means, confidence)[0]


def quotient(above: Floats, below: Floats) -> Floats:
    """A quotient that is NaN, and no warning, where there is nothing to divide by."""
    found: Floats = above / np.where(below > 0, below, np.nan)
    return found


def _divided(sums: Floats) -> Floats:
    return quotient(sums, sums.sum(axis=1, keepdims=True))


def _spread(
    forest: Forest, variable: Variable, method: str, values: Floats, seed: int, confidence: float
) -> Spread:
    estimate, respondents = rds_ii(forest, variable), int(variable.known.sum())
    intervals = intervals_of(values, confidence)
    effects = tuple(
        design_effect(interval.error, share, respondents)
        for interval, share in zip(intervals, estimate.shares, strict=True)
    )
    effective = tuple(None if effect is None else respondents / effect for effect in effects)
    return Spread(estimate, method, intervals, effects, effective, respondents, len(values), seed)


def salganik_bootstrap(
    forest: Forest,
    variable: Variable,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Spread:
    """The RDS-II shares with the intervals of Salganik's bootstrap of 2006.

    A chain begins with anybody, and goes on with anyone (all alike) who was recruited by people of
    the level of the last; it is as long as the sample. With a reason instead of intervals where
    people of some level recruited nobody. Nothing of it hangs on how the levels are called or
    ordered (the function of that name in R's RDS 0.9-10 does).
    """
    table = recruitment(forest, variable)
    for level, row in zip(table.levels, table.counts, strict=True):
        if not sum(row):
            why = reason("no-recruits", level=level)
            estimate, known = rds_ii(forest, variable), int(variable.known.sum())
            return Spread(estimate, "Salganik bootstrap", (), (), (), known, 0, seed, why)
    pools = _Pools.of(forest, variable)
    work = partial(_chain_sums, pools)
    blocks = in_blocks(
        work, resamples, size=_MOST_IN_BLOCK, seed=seed, executor=executor, progress=progress
    )
    shares = _divided(np.concatenate(list(blocks)))
    return _spread(forest, variable, "Salganik bootstrap", shares, seed, confidence)


@dataclass(frozen=True, eq=False)
class _Pools:
    """For each level the persons whom its people recruited: `sizes[i]` of `members` from `begins[i]`.

    `codes` and `weights` have an entry for each person whose answer is known, `members` are places
    among these.
    """

    codes: Integers
    weights: Floats
    members: Integers
    begins: Integers
    sizes: Integers

    @classmethod
    def of(cls, forest: Forest, variable: Variable) -> _Pools:
        known = np.flatnonzero(variable.known)
        codes = variable.codes[known]
        recruiters = forest.recruiters[known]
        by = np.where(recruiters >= 0, variable.codes[recruiters], -1)
        members = np.argsort(by, kind="stable")[int((by < 0).sum()) :]
        sizes = np.bincount(by[by >= 0], minlength=len(variable.levels)).astype(np.int64)
        return cls(codes, forest.weights[known], members, np.cumsum(sizes) - sizes, sizes)


def _chain_sums(pools: _Pools, rng: np.random.Generator, size: int) -> Floats:
    rows, sums = np.arange(size), np.zeros((size, len(pools.sizes)))
    persons = rng.integers(0, len(pools.codes), size)
    for _ in range(len(pools.codes)):
        levels = pools.codes[persons]
        sums[rows, levels] += pools.weights[persons]
        places = (rng.random(size) * pools.sizes[levels]).astype(np.int64)
        persons = pools.members[pools.begins[levels] + places]
    return sums
