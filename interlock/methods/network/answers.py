"""How far apart two groups answer, as a whole and question by question.

The energy distance is 0 where two groups answer alike and grows with whatever differs, not only means
(G. Székely and M. Rizzo, "Energy Statistics", Journal of Statistical Planning and Inference 143, 2013).
Answers are numbers from 0 to 1, and two persons are as far apart as the root of the mean squared difference of
what both answered.

Recruits resemble their recruiters, so that labels may not be dealt to anybody: within a recruitment
tree that has both groups they change places among its persons, and trees of one group change places
as wholes (null `labels-by-tree`). Waves of a survey are dealt to whole trees (`waves-by-tree`). Intervals
draw trees again, turned round the observed value: samples look farther apart than they are, and
resamples do so twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.discovery import false_discovery
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Booleans, Floats, Integers
from interlock.methods.network.measure import Interval, Measure, chance, interval, ratio

LABELS_BY_TREE = "labels-by-tree"
WAVES_BY_TREE = "waves-by-tree"
TREE_BOOTSTRAP = "tree-bootstrap"

# Distances are whole numbers of this unit, so that sums are exact in whatever order they are added.
_UNIT = 2.0**-20
_STEP = 2.0**-16


@dataclass(frozen=True, eq=False)
class Answers:
    """Respondents in rows, questions in columns: numbers from 0 to 1, NaN for no answer.

    `groups` are 0 and 1 for the two that are compared, and -1 for anybody else: those of both worlds
    are a group of their own, to be compared with either. `trees` number recruitment trees; somebody
    nobody recruited and who recruited nobody is a tree. Raises ValueError for what does not fit.
    """

    values: Floats
    groups: Integers
    trees: Integers
    questions: tuple[str, ...]

    def __post_init__(self) -> None:
        rows = len(self.values)
        if self.values.shape != (rows, len(self.questions)):
            raise ValueError("There is a column for each question.")
        if len(self.groups) != rows or len(self.trees) != rows:
            raise ValueError("Each respondent has a group and a tree.")
        known = self.values[np.isfinite(self.values)]
        if len(known) and not (known.min() >= 0 and known.max() <= 1):
            raise ValueError("Answers are numbers from 0 to 1.")

    def where(self, chosen: Booleans | Integers) -> Answers:
        """Some of the respondents, or some of them several times."""
        return Answers(self.values[chosen], self.groups[chosen], self.trees[chosen], self.questions)


def scaled(codes: Integers, levels: int) -> Floats:
    """Ordered levels from 0 on as numbers from 0 to 1; -1, no answer, becomes NaN.

    >>> scaled(np.array([0, 2, -1]), 5).tolist()
    [0.0, 0.5, nan]
    """
    return np.where(codes < 0, np.nan, codes / max(levels - 1, 1))


def distances(values: Floats) -> Floats:
    """How far apart each two are, in units of 2**-20; 0 where they answered nothing in common.

    Answers are taken in steps of 2**-16.
    """
    known = np.isfinite(values).astype(np.float64)
    steps = np.rint(np.nan_to_num(values) / _STEP)
    # Whole numbers below 2**53: the same in whatever order they are added.
    squares = (steps**2) @ known.T
    squares += squares.T - 2 * (steps @ steps.T)
    apart = np.sqrt(squares / np.maximum(known @ known.T, 1))
    found: Floats = np.rint(apart * (_STEP / _UNIT))
    return found


def _energies(distance: Floats, first: Floats, second: Floats) -> Floats:
    """The energy distance of each two columns of membership (or numbers of copies)."""
    ones, others = first.sum(axis=0), second.sum(axis=0)
    to_first, to_second = distance @ first, distance @ second
    between = (second * to_first).sum(axis=0)
    within = (first * to_first).sum(axis=0), (second * to_second).sum(axis=0)
    one = np.where(ones > 0, ones, np.nan)
    other = np.where(others > 0, others, np.nan)
    found: Floats = _UNIT * (2 * between / one / other - within[0] / one**2 - within[1] / other**2)
    return found


def energy_distance(answers: Answers) -> float:
    """The energy distance of groups 0 and 1, from 0 (alike) to 2; NaN where one is empty.

    >>> opposite = Answers(np.array([[0.0], [0.0], [1.0]]), np.array([0, 0, 1]), np.arange(3), ("q",))
    >>> energy_distance(opposite)
    2.0
    """
    first, second = (answers.groups == 0)[:, None], (answers.groups == 1)[:, None]
    one, other = first.astype(np.float64), second.astype(np.float64)
    return float(_energies(distances(answers.values), one, other)[0])


def apart(answers: Answers, drawing: Drawing = STANDARD) -> Measure:
    """The energy distance of the two groups beside labels dealt anew by tree.

    `n` are the respondents of the two groups, coverage the share of their questions they answered.
    """
    two = answers.where(answers.groups >= 0)
    value, many, level = energy_distance(two), len(two.values), drawing.level
    distance = distances(two.values)
    plan = _Plan(two.groups, two.trees)
    drawn = drawing.drawn(partial(_relabelled, distance, plan), numbers=4 * many + 1)
    again = drawing.drawn(partial(_again, distance, plan), numbers=4 * many + 1, purpose=1)
    return Measure(
        "energy-distance",
        value,
        "respondents",
        many,
        ratio(int(np.isfinite(two.values).sum()), two.values.size),
        chance(value, drawn, LABELS_BY_TREE, level),
        _above_zero(interval(again, TREE_BOOTSTRAP, level, around=value)),
        level,
    )


def _above_zero(one: Interval | None) -> Interval | None:
    """No distance is below 0, and so no end of its interval."""
    return one and Interval(one.method, max(one.low, 0.0), max(one.high, 0.0))


@dataclass(frozen=True)
class Question:
    """One question's distance, and its p beside those of all questions (Benjamini and Hochberg)."""

    question: str
    measure: Measure
    adjusted_p: float


def by_question(answers: Answers, drawing: Drawing = STANDARD) -> tuple[Question, ...]:
    """Each question by itself: twice the integral of the squared difference of distribution functions.

    That is the energy distance in one dimension. All questions are told by the same labels dealt anew;
    `adjusted_p` at most q is a false-discovery rate of q among what is found. Coverage is the share
    of the two groups' respondents that answered.
    """
    two = answers.where(answers.groups >= 0)
    tables = tuple(_levels(column) for column in two.values.T)
    plan = _Plan(two.groups, two.trees)
    drawn = drawing.drawn(partial(_relabelled_each, tables, plan), numbers=4 * len(two.values) + 1)
    observed = _each(tables, (two.groups == 0)[:, None], (two.groups == 1)[:, None])[0]
    measures = []
    for place, name in enumerate(two.questions):
        answered = int(np.isfinite(two.values[:, place]).sum())
        value = float(observed[place])
        beside = chance(value, drawn[:, place], LABELS_BY_TREE, drawing.level)
        coverage = ratio(answered, len(two.values))
        measures.append(
            Measure(name, value, "respondents", answered, coverage, beside, level=drawing.level)
        )
    p = np.array([one.chance.p if one.chance else np.nan for one in measures])
    found = zip(two.questions, measures, false_discovery(p).tolist(), strict=True)
    return tuple(Question(*one) for one in found)


def change(answers: Answers, waves: Integers, drawing: Drawing = STANDARD) -> Measure:
    """The energy distance of wave 1 less that of wave 0: below 0 the two groups came nearer.

    Chance deals waves to whole trees; the interval draws the trees of each wave again. Raises ValueError
    for waves that are not 0 and 1, one for each respondent.
    """
    if len(waves) != len(answers.values) or not np.isin(waves, (0, 1)).all():
        raise ValueError("Each respondent has wave 0 or wave 1.")
    chosen = answers.groups >= 0
    two, when = answers.where(chosen), waves[chosen]
    distance, level = distances(two.values), drawing.level
    value = float(_changes(distance, two.groups, when[:, None] == np.array([1]))[0])
    trees, places = np.unique(two.trees * 2 + when, return_inverse=True)
    parts = _Waves(two.groups, places, trees % 2)
    numbers = 8 * len(two.values) + 1
    drawn = drawing.drawn(partial(_rewaved, distance, parts), numbers=numbers)
    again = drawing.drawn(partial(_waves_again, distance, parts), numbers=numbers, purpose=1)
    return Measure(
        "change-of-distance",
        value,
        "respondents",
        len(two.values),
        ratio(int(np.isfinite(two.values).sum()), two.values.size),
        chance(value, drawn, WAVES_BY_TREE, level),
        interval(again, TREE_BOOTSTRAP, level, around=value),
        level,
    )


@dataclass(frozen=True, eq=False)
class _Plan:
    """How labels may be dealt anew: groups (0 or 1) and trees, an entry a respondent."""

    groups: Integers
    trees: Integers

    def parts(self) -> tuple[list[Integers], list[Integers]]:
        """Respondents of each tree that has both groups, and of each that has one."""
        mixed, pure = list[Integers](), list[Integers]()
        for tree in np.unique(self.trees):
            inside = np.flatnonzero(self.trees == tree)
            (pure if len(set(self.groups[inside].tolist())) == 1 else mixed).append(inside)
        return mixed, pure

    def dealt(self, rng: np.random.Generator, number: int) -> Booleans:
        """Who is in group 0: a column a resample."""
        mixed, pure = self.parts()
        labels = np.repeat(self.groups[:, None], number, axis=1)
        of_pure = np.array([self.groups[one[0]] for one in pure], np.int64)
        for draw in range(number):
            for one in mixed:
                labels[one, draw] = rng.permutation(self.groups[one])
            for one, label in zip(pure, rng.permutation(of_pure).tolist(), strict=True):
                labels[one, draw] = label
        first: Booleans = labels == 0
        return first

    def copies(self, rng: np.random.Generator, number: int) -> Floats:
        """How often each respondent is drawn, tree by tree: a column a resample."""
        places = np.unique(self.trees, return_inverse=True)[1]
        return _drawn(int(places.max(initial=-1)) + 1, rng, number)[places]


def _drawn(many: int, rng: np.random.Generator, number: int) -> Floats:
    chosen = rng.integers(0, max(many, 1), (number, many))
    counts = (np.bincount(one, minlength=many) for one in chosen)
    return np.stack(list(counts), axis=1).astype(np.float64)


def _relabelled(distance: Floats, plan: _Plan, rng: np.random.Generator, number: int) -> Floats:
    first = plan.dealt(rng, number)
    return _energies(distance, first.astype(np.float64), (~first).astype(np.float64))


def _again(distance: Floats, plan: _Plan, rng: np.random.Generator, number: int) -> Floats:
    copies, is_first = plan.copies(rng, number), (plan.groups == 0)[:, None]
    return _energies(distance, copies * is_first, copies * ~is_first)


def _levels(column: Floats) -> tuple[Floats, Floats]:
    """Who gave which answer (a row an answer, a column a respondent), and the steps between answers."""
    levels = np.unique(column[np.isfinite(column)])
    return (column == levels[:, None]).astype(np.float64), np.diff(levels)


def _each(tables: Sequence[tuple[Floats, Floats]], first: Booleans, second: Booleans) -> Floats:
    """The distance of each question (a column) for each column of membership (a row)."""
    found = np.full((first.shape[1], len(tables)), np.nan)
    one, other = first.astype(np.float64), second.astype(np.float64)
    for place, (answered, steps) in enumerate(tables):
        counts = answered @ one, answered @ other
        totals = (many.sum(axis=0) for many in counts)
        shares = [
            many.cumsum(axis=0) / np.where(total > 0, total, np.nan)
            for many, total in zip(counts, totals, strict=True)
        ]
        if len(answered):
            gaps = (shares[0] - shares[1])[:-1] ** 2
            empty = np.isnan(shares[0][-1] + shares[1][-1])
            found[:, place] = np.where(empty, np.nan, 2 * (gaps * steps[:, None]).sum(axis=0))
    return found


def _relabelled_each(
    tables: Sequence[tuple[Floats, Floats]], plan: _Plan, rng: np.random.Generator, number: int
) -> Floats:
    first = plan.dealt(rng, number)
    return _each(tables, first, ~first)


@dataclass(frozen=True, eq=False)
class _Waves:
    """Groups and trees (of one wave each) by respondent, and the wave of each tree."""

    groups: Integers
    trees: Integers
    waves: Integers


def _changes(distance: Floats, groups: Integers, later: Booleans) -> Floats:
    copies = np.ones(later.shape)
    return _between(distance, groups, copies * later) - _between(distance, groups, copies * ~later)


def _between(distance: Floats, groups: Integers, copies: Floats) -> Floats:
    is_first = (groups == 0)[:, None]
    return _energies(distance, copies * is_first, copies * ~is_first)


def _rewaved(distance: Floats, parts: _Waves, rng: np.random.Generator, number: int) -> Floats:
    dealt = np.stack([rng.permutation(parts.waves) for _draw in range(number)], axis=1)
    return _changes(distance, parts.groups, dealt[parts.trees] == 1)


def _waves_again(distance: Floats, parts: _Waves, rng: np.random.Generator, number: int) -> Floats:
    copies = np.zeros((len(parts.waves), number))
    for wave in (0, 1):
        inside = np.flatnonzero(parts.waves == wave)
        copies[inside] = _drawn(len(inside), rng, number)
    of_each, later = copies[parts.trees], (parts.waves[parts.trees] == 1)[:, None]
    return _between(distance, parts.groups, of_each * later) - _between(
        distance, parts.groups, of_each * ~later
    )
