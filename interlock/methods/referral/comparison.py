"""Comparing groups where a person may be in two: cooperators, PBers, and those who are both.

Answers are told for the three groups that share nobody, and for the contrast of all of the one
field with all of the other, in which people who are both count on both sides. The two sides of the
contrast then depend on each other, and no test for independent samples may be used: here whole
trees of persons are drawn again (`intervals.tree_sums`), so that

    Var(A - B) = Var(A) + Var(B) - 2 Cov(A, B)

holds by itself. Everything is weighted by one by the degree (RDS-II).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.blocks import Progress
from interlock.methods.referral.forest import Booleans, Floats, Forest, Variable
from interlock.methods.referral.intervals import (
    CONFIDENCE,
    RESAMPLES,
    Draws,
    Interval,
    intervals_of,
    quotient,
    tree_sums,
)
from interlock.methods.referral.ordinal import superiority
from interlock.methods.referral.reasons import Reason, reason

LEAST_IN_GROUP = 10


@dataclass(frozen=True)
class Group:
    """The answers of one group: shares and intervals in the order of the levels.

    Neither, and a reason, where fewer than 10 answered.
    """

    name: str
    respondents: int
    shares: tuple[float, ...]
    intervals: tuple[Interval, ...]
    reason: Reason | None = None


@dataclass(frozen=True)
class Contrast:
    """All of the first side beside all of the second; `both` persons are on both sides.

    `differences` are the first side's shares less the second's, a level each. `theta` is the chance
    that somebody of the second side gave a higher answer than somebody else of the first (ties
    half), and `delta` = 2 theta - 1; they mean something where the levels stand in an order.
    """

    first: Group
    second: Group
    both: int
    differences: tuple[float, ...]
    intervals: tuple[Interval, ...]
    theta: float | None
    theta_interval: Interval | None
    reason: Reason | None = None

    @property
    def delta(self) -> float | None:
        """Cliff's delta, from -1 to 1."""
        return None if self.theta is None else 2 * self.theta - 1

    @property
    def delta_interval(self) -> Interval | None:
        """The interval of Cliff's delta."""
        one = self.theta_interval
        return None if one is None else Interval(2 * one.low - 1, 2 * one.high - 1, 2 * one.error)


@dataclass(frozen=True)
class Comparison:
    """The groups that share nobody, in the order of their levels, and the contrast if it was asked."""

    levels: tuple[str, ...]
    groups: tuple[Group, ...]
    contrast: Contrast | None


def compared(
    forest: Forest,
    groups: Variable,
    outcome: Variable,
    *,
    sides: tuple[str, str] | None = None,
    both: str | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    confidence: float = CONFIDENCE,
    executor: Executor | None = None,
    progress: Progress | None = None,
    draws: Draws | None = None,
) -> Comparison:
    """The answers to `outcome` by group, and of two sides beside each other.

    `sides` are two levels of `groups`, and `both` the level of people who belong to both of them.
    Without `sides` there is no contrast. Whoever did not answer one of the two questions is left
    out. With `draws` these are used, whatever `resamples` and `seed` say. Raises ValueError for levels that do not exist, and for what `tree_sums` refuses.
    """
    wanted = [*(sides or ()), *([] if both is None else [both])]
    if missing := [level for level in wanted if level not in groups.levels]:
        raise ValueError(f'"{missing[0]}" is not a level of {groups.name}.')
    if len(set(wanted)) < len(wanted):
        raise ValueError("The two sides and the people of both are three different levels.")
    if both is not None and sides is None:
        raise ValueError("Name the two sides that people can belong to both of.")
    answered = outcome.known & groups.known
    members = [answered & (groups.codes == place) for place in range(len(groups.levels))]
    names = list(groups.levels)
    shared = np.zeros(len(forest), np.bool_)
    if sides is not None:
        shared = members[groups.levels.index(both)] if both is not None else shared
        members += [members[groups.levels.index(side)] | shared for side in sides]
        names += sides
    drawing = (
        draws.sums
        if draws is not None
        else partial(
            tree_sums, forest, resamples=resamples, seed=seed, executor=executor, progress=progress
        )
    )
    sums = _sums(forest, outcome, members, shared, drawing)
    sizes = [int(one.sum()) for one in members]
    found = [
        _group(name, size, sums.shares(place), confidence)
        for place, (name, size) in enumerate(zip(names, sizes, strict=True))
    ]
    if sides is None:
        return Comparison(outcome.levels, tuple(found), None)
    contrast = _contrast(found[-2], found[-1], int(shared.sum()), sums, len(members), confidence)
    return Comparison(outcome.levels, tuple(found[:-2]), contrast)


@dataclass(frozen=True, eq=False)
class _Sums:
    """The weight of each answer in each set of persons: the sample in row 0, then the resamples.

    `answers` has the axes row, set, level; `squares` is the squared weight of persons of both
    sides.
    """

    answers: Floats
    squares: Floats

    def shares(self, place: int) -> Floats:
        chosen = self.answers[:, place]
        return quotient(chosen, chosen.sum(axis=1, keepdims=True))


def _sums(
    forest: Forest,
    outcome: Variable,
    members: Sequence[Booleans],
    shared: Booleans,
    drawing: Callable[[Floats], Floats],
) -> _Sums:
    answers = outcome.indicators() * forest.weights[:, None]
    columns = [answers * one[:, None] for one in members]
    columns.append((shared * forest.weights**2)[:, None])
    table = np.hstack(columns)
    sums = np.vstack([table.sum(axis=0), drawing(table)])
    shape = (len(sums), len(members), len(outcome.levels))
    return _Sums(sums[:, :-1].reshape(shape), sums[:, -1])


def _group(name: str, size: int, shares: Floats, confidence: float) -> Group:
    if size < LEAST_IN_GROUP:
        told = reason("few-in-group", least=LEAST_IN_GROUP, level=name, respondents=size)
        return Group(name, size, (), (), told)
    intervals = intervals_of(shares[1:], confidence)
    return Group(name, size, tuple(shares[0].tolist()), intervals)


def _contrast(
    first: Group, second: Group, both: int, sums: _Sums, sets: int, confidence: float
) -> Contrast:
    if (told := first.reason or second.reason) is not None:
        return Contrast(first, second, both, (), (), None, None, told)
    differences = sums.shares(sets - 2) - sums.shares(sets - 1)
    theta = superiority(sums.answers[:, sets - 2], sums.answers[:, sets - 1], sums.squares)
    return Contrast(
        first,
        second,
        both,
        tuple(differences[0].tolist()),
        intervals_of(differences[1:], confidence),
        float(theta[0]),
        intervals_of(theta[1:, None], confidence)[0],
    )
