"""Whether a chain-referral sample can carry an estimate, and what to doubt in it.

Below its limits there is a description only, with the reason. Above them the pictures of K. J.
Gile, L. G. Johnston and M. J. Salganik, "Diagnostics for Respondent-Driven Sampling", JRSS A 178:1
(2015): how the estimate settles as respondents come (convergence), whether trees stay in places of
their own (bottlenecks), how much it hangs on one seed, and how the coupons fared. The limits are
this house's own: careful ones, not results of that paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interlock.methods.referral.estimates import rds_ii
from interlock.methods.referral.forest import Booleans, Floats, Forest, Integers, Variable
from interlock.methods.referral.intervals import quotient
from interlock.methods.referral.reasons import Reason, limits_missed, reason

# The estimate is still moving if it was this far from its end within so many last respondents.
STILL, LAST = 0.02, 50
# One seed is told of if the estimate without its tree differs by so much.
ONE_SEED = 0.05


def why_not_estimated(forest: Forest, variable: Variable) -> tuple[Reason, ...]:
    """Why these answers carry a description only; nothing if they carry an estimate.

    At least 100 respondents who answered, at most 60 % of them in one tree, at least 3 waves after
    the seeds.

    >>> from interlock.methods.referral.forest import Respondent, planted
    >>> forest = planted([Respondent("a", "", 2, {"view": "yes"}), Respondent("b", "a", 1)])
    >>> [why.kind for why in why_not_estimated(forest, forest.variable("view"))]
    ['few-respondents', 'one-tree', 'few-waves']
    """
    known = variable.known
    return limits_missed(
        respondents=int(known.sum()),
        largest_tree=int(np.bincount(forest.trees[known], minlength=1).max()),
        waves=forest.depth,
    )


@dataclass(frozen=True, eq=False)
class Series:
    """The RDS-II estimate after each respondent.

    `respondents` are those so far who answered, `shares` a row for each and a column a level.
    """

    levels: tuple[str, ...]
    respondents: Integers
    shares: Floats


def convergence(forest: Forest, variable: Variable) -> Series:
    """How the estimate settles as respondents come: by time if that is known, else by wave."""
    return _series(forest, variable, forest.arrival)


def _series(forest: Forest, variable: Variable, places: Integers) -> Series:
    known = places[variable.known[places]]
    sums = np.cumsum(variable.indicators()[known] * forest.weights[known, None], axis=0)
    shares = quotient(sums, sums.sum(axis=1, keepdims=True))
    return Series(variable.levels, np.arange(1, len(known) + 1), shares)


def by_wave(forest: Forest, variable: Variable) -> Series:
    """The estimate after each wave: `respondents` are those so far who answered."""
    series = _series(forest, variable, np.arange(len(forest)))
    ends = np.cumsum(variable.known, dtype=np.int64)[forest.starts[1:] - 1]
    ends = ends[ends > 0]
    return Series(series.levels, ends, series.shares[ends - 1])


def bottlenecks(forest: Forest, variable: Variable) -> tuple[tuple[str, Series], ...]:
    """The same for each tree by itself, the largest first: if they stay apart there is a bottleneck."""
    places = [forest.arrival[forest.trees[forest.arrival] == tree] for tree in range(forest.seeds)]
    order = sorted(range(forest.seeds), key=lambda tree: -len(places[tree]))
    return tuple((forest.ids[tree], _series(forest, variable, places[tree])) for tree in order)


def still_moving(series: Series) -> Reason | None:
    """Whether the estimate was more than 0.02 from its end within the last 50 respondents."""
    ended = series.shares[-LAST:]
    if len(ended) and float(np.abs(ended - ended[-1]).max()) > STILL:
        return reason("still-moving", points=round(100 * STILL), last=LAST)
    return None


@dataclass(frozen=True)
class Tree:
    """One seed's tree: its size and depth, the estimate from it alone, and from all others.

    Shares are in the order of the variable's levels, and None where nobody answered.
    """

    seed: str
    respondents: int
    depth: int
    alone: tuple[float, ...] | None
    without: tuple[float, ...] | None


def trees(forest: Forest, variable: Variable) -> tuple[Tree, ...]:
    """Each tree, the largest first."""
    columns = variable.indicators() * forest.weights[:, None]
    sums = np.zeros((forest.seeds, len(variable.levels)))
    np.add.at(sums, forest.trees, columns)
    sizes = np.bincount(forest.trees)
    depths = np.zeros(forest.seeds, np.int64)
    np.maximum.at(depths, forest.trees, forest.waves)
    total = columns.sum(axis=0)
    # What is left of a sum after all of it is taken away is a rounding error, not a share.
    left = np.bincount(forest.trees, variable.known, forest.seeds)
    others = int(variable.known.sum()) - left
    return tuple(
        Tree(
            forest.ids[tree],
            int(sizes[tree]),
            int(depths[tree]),
            _shares(sums[tree]) if left[tree] else None,
            _shares(np.maximum(total - sums[tree], 0.0)) if others[tree] else None,
        )
        for tree in sorted(range(forest.seeds), key=lambda tree: -int(sizes[tree]))
    )


def _shares(sums: Floats) -> tuple[float, ...]:
    return tuple((sums / sums.sum()).tolist())


def hangs_on_a_seed(forest: Forest, variable: Variable) -> Reason | None:
    """Whether the estimate without some seed's tree differs by more than five percentage points."""
    whole = np.array(rds_ii(forest, variable).shares)
    without = [tree.without for tree in trees(forest, variable) if tree.without is not None]
    most = max((float(np.abs(np.array(shares) - whole).max()) for shares in without), default=0.0)
    return reason("trees-disagree", points=round(100 * most)) if most > ONE_SEED else None


@dataclass(frozen=True)
class Wave:
    """One wave: its respondents, how many of them recruited, and their recruits.

    `coupons` are those issued to the wave, None where that is not known; the recruits are the
    coupons that came back.
    """

    number: int
    respondents: int
    recruiters: int
    recruits: int
    coupons: int | None


def waves(forest: Forest) -> tuple[Wave, ...]:
    """The waves, seeds first."""
    found = []
    for number, (begin, end) in enumerate(
        zip(forest.starts[:-1].tolist(), forest.starts[1:].tolist(), strict=True)
    ):
        recruits, issued = forest.recruits[begin:end], forest.coupons
        coupons = None if issued is None else int(issued[begin:end].sum())
        recruiters: Booleans = recruits > 0
        made = int(recruits.sum())
        found.append(Wave(number, end - begin, int(recruiters.sum()), made, coupons))
    return tuple(found)
