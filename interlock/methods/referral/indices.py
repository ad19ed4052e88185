"""How two groups of one survey relate: shares, meeting of needs and offers, nearness of choices.

Persons may be in both groups, and then are on both sides. Everything is weighted by one by the
degree (RDS-II) and has its interval from trees drawn again (`intervals.drawn`). Where the number
that chance alone would give is not obvious, it is shown beside: the groups' names are shuffled among
the persons of each tree, so that trees stay as alike within as they are, and the measure is taken
again (permutation within blocks: P. Good, "Permutation, Parametric, and Bootstrap Tests of
Hypotheses", 3rd ed., 2005). A measure inside that range is no finding.

Sources: the overlap of two distributions, 1 less their total variation distance, is E. Renkonen's of
1938 and O. D. Duncan and B. Duncan's index of dissimilarity turned round ("A Methodological Analysis
of Segregation Indexes", American Sociological Review 20:2, 1955). Measures of overlap are pulled down
by the chance of the sample, and in a resample twice; so their intervals are the basic bootstrap's,
which turns that round (A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application",
1997, section 5.2). The part of needs that meets an offer is this house's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from interlock.methods.blocks import generator
from interlock.methods.referral.estimates import Index, external_internal, recruitment
from interlock.methods.referral.forest import Booleans, Floats, Forest, Integers, Variable
from interlock.methods.referral.intervals import (
    CONFIDENCE,
    Draws,
    Interval,
    intervals_of,
    quotient,
)

SHUFFLES = 400


@dataclass(frozen=True)
class Measure:
    """One number about two groups with its interval, and the range that chance alone would give.

    `chance` is None where chance alone has no say, as in a plain share. `respondents` are those who
    said what it takes. A value that is not defined is NaN.
    """

    value: float
    interval: Interval
    respondents: int
    chance: Interval | None = None


@dataclass(frozen=True, eq=False)
class Sides:
    """Who is on the first side, who on the second; one may be on both or on neither.

    >>> groups = Variable("group", ("a", "b", "both"), np.array([0, 1, 2, -1]))
    >>> sides = Sides.of(groups, ("a", "b"), "both")
    >>> sides.first.tolist(), sides.second.tolist()
    ([True, False, True, False], [False, True, True, False])
    """

    first: Booleans
    second: Booleans

    @classmethod
    def of(cls, groups: Variable, sides: tuple[str, str], both: str | None = None) -> Sides:
        """By the names of levels. Raises ValueError for one that does not exist."""
        for level in (*sides, *([] if both is None else [both])):
            if level not in groups.levels:
                raise ValueError(f'"{level}" is not a level of {groups.name}.')
        place = groups.levels.index
        shared = groups.codes == (place(both) if both is not None else -2)
        return cls(
            (groups.codes == place(sides[0])) | shared, (groups.codes == place(sides[1])) | shared
        )


def share(forest: Forest, chosen: Booleans, among: Booleans, draws: Draws) -> Measure:
    """The share of the population that a property belongs to, among those of whom it is known."""
    return mean(forest, np.where(among, chosen, np.nan), draws)


def mean(forest: Forest, values: Floats, draws: Draws) -> Measure:
    """The population's mean of a number; NaN is no answer.

    >>> from interlock.methods.referral.forest import Respondent, planted
    >>> from interlock.methods.referral.intervals import drawn
    >>> forest = planted([Respondent("ada", "", 2), Respondent("ben", "ada", 6)])
    >>> mean(forest, np.array([1.0, 5.0]), drawn(forest, resamples=2)).value
    2.0
    """
    known = np.isfinite(values)
    weights = np.where(known, forest.weights, 0.0)
    table = np.stack([weights * np.where(known, values, 0.0), weights], axis=1)
    found = _each(draws, table, lambda sums: quotient(sums[:, 0], sums[:, 1]))
    return Measure(float(found[0]), intervals_of(found[1:, None])[0], int(known.sum()))


def crossing(forest: Forest, groups: Variable, draws: Draws) -> Measure:
    """Krackhardt and Stern's E-I index of who recruited whom: -1, all within groups, to 1, all across."""
    recruited = (forest.recruiters >= 0) & groups.known
    by = np.where(recruited, groups.codes[forest.recruiters], -1)
    counted = recruited & (by >= 0)
    across = counted & (by != groups.codes)
    table = np.stack([across, counted], axis=1).astype(np.float64)
    found = _each(draws, table, lambda sums: 2 * quotient(sums[:, 0], sums[:, 1]) - 1)
    told: Index = external_internal(recruitment(forest, groups))
    value = float("nan") if told.value is None else told.value
    return Measure(value, intervals_of(found[1:, None])[0], int(counted.sum()))


def meeting(
    forest: Forest,
    needs: Booleans,
    offers: Booleans,
    groups: Variable,
    sides: tuple[str, str],
    both: str | None,
    draws: Draws,
    *,
    shuffles: int = SHUFFLES,
) -> Measure:
    """How much of what the first side lacks the second could give: from 0, nothing, to 1, all of it.

    `needs` and `offers` have a row a respondent and a column a kind: whether they named it. With
    need(r) and offer(r) the shares of the sides who named kind r, it is

        sum over r of min(need(r), offer(r)) / sum over r of need(r).

    Who named nothing of one list did not answer it, and is left out of that list.
    """

    def value(sums: Floats) -> Floats:
        kinds = needs.shape[1]
        lacking = quotient(sums[:, :kinds], sums[:, kinds : kinds + 1])
        rest = sums[:, kinds + 1 :]
        given = quotient(rest[:, :kinds], rest[:, kinds:])
        return quotient(np.minimum(lacking, given).sum(axis=1), lacking.sum(axis=1))

    def table(first: Booleans, second: Booleans) -> Floats:
        return np.hstack([_named(forest, needs, first), _named(forest, offers, second)])

    return _compared(forest, table, value, groups, sides, both, draws, shuffles, needs, offers)


def nearness(
    forest: Forest,
    choices: Booleans,
    groups: Variable,
    sides: tuple[str, str],
    both: str | None,
    draws: Draws,
    *,
    shuffles: int = SHUFFLES,
) -> Measure:
    """How much two sides choose alike: 0, nothing in common, to 1, the same in the same proportions.

    `choices` have a row a respondent and a column a kind. Each side's choices are a distribution
    over the kinds, and the nearness is what the two have in common, 1 less the total variation
    distance. One survey shows how near two groups are; that they come nearer takes two.

    >>> from interlock.methods.referral.forest import Respondent, planted
    >>> from interlock.methods.referral.intervals import drawn
    >>> forest = planted([Respondent("ada", "", 1), Respondent("ben", "ada", 1)])
    >>> groups = Variable("group", ("a", "b"), np.array([0, 1]))
    >>> chosen = np.array([[True, True], [True, False]])
    >>> nearness(forest, chosen, groups, ("a", "b"), None, drawn(forest, resamples=2)).value
    0.5
    """

    def value(sums: Floats) -> Floats:
        kinds = choices.shape[1]
        one, other = sums[:, :kinds], sums[:, kinds:]
        one = quotient(one, one.sum(axis=1, keepdims=True))
        other = quotient(other, other.sum(axis=1, keepdims=True))
        near: Floats = 1 - np.abs(one - other).sum(axis=1) / 2
        return near

    def table(first: Booleans, second: Booleans) -> Floats:
        named = choices * forest.weights[:, None]
        return np.hstack([named * first[:, None], named * second[:, None]])

    return _compared(forest, table, value, groups, sides, both, draws, shuffles, choices)


def shuffled(forest: Forest, groups: Variable, shuffles: int, seed: int) -> Integers:
    """The groups' names shuffled among the persons of each tree who have one: a row a shuffle.

    Raises ValueError for fewer than one shuffle, and a seed below 0.
    """
    if shuffles < 1 or seed < 0:
        raise ValueError("Shuffles are 1 or more, and a seed is a whole number from 0.")
    rng = generator(seed, 2**31)
    known = np.flatnonzero(groups.known)
    trees = forest.trees[known]
    inside = np.lexsort((known, trees))
    found = np.repeat(groups.codes[None, :], shuffles, axis=0)
    for row in found:
        mixed = np.lexsort((rng.random(len(known)), trees))
        row[known[inside]] = groups.codes[known[mixed]]
    return found


Table = Callable[[Booleans, Booleans], Floats]
Value = Callable[[Floats], Floats]


def _named(forest: Forest, chosen: Booleans, side: Booleans) -> Floats:
    """The weight of those of a side who named each kind, and of all who named any."""
    weights = forest.weights * side * chosen.any(axis=1)
    return np.hstack([chosen * weights[:, None], weights[:, None]])


def _each(draws: Draws, table: Floats, value: Value) -> Floats:
    """What a function of sums is: of the sample first, then of each resample."""
    return value(np.vstack([table.sum(axis=0), draws.sums(table)]))


def _compared(
    forest: Forest,
    table: Table,
    value: Value,
    groups: Variable,
    sides: tuple[str, str],
    both: str | None,
    draws: Draws,
    shuffles: int,
    *said: Booleans,
) -> Measure:
    told = Sides.of(groups, sides, both)
    found = _each(draws, table(told.first, told.second), value)
    measured = float(found[0])
    by_chance = np.array(
        [
            value(table(one.first, one.second).sum(axis=0)[None, :])[0]
            for codes in shuffled(forest, groups, shuffles, draws.seed)
            for one in [Sides.of(Variable(groups.name, groups.levels, codes), sides, both)]
        ]
    )
    among = (told.first | told.second) & np.any([one.any(axis=1) for one in said], axis=0)
    return Measure(
        measured,
        _turned(measured, intervals_of(found[1:, None])[0]),
        int(among.sum()),
        intervals_of(by_chance[:, None], CONFIDENCE)[0],
    )


def _turned(value: float, one: Interval) -> Interval:
    """The basic bootstrap's interval of a measure from 0 to 1."""
    ends = np.clip([2 * value - one.high, 2 * value - one.low], 0.0, 1.0)
    return Interval(float(ends[0]), float(ends[1]), one.error)
