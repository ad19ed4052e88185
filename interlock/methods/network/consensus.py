"""Cultural consensus: whether answers come from one culture, who knows it best, and what it says.

A. K. Romney, S. Weller and W. Batchelder, "Culture as Consensus", American Anthropologist 88:2 (1986): how
often two give the same answer, corrected for guessing, is the product of their competences, so that
the table of all pairs has one factor where there is one culture. It is found by least squares off the
diagonal (MINRES); the first eigenvalue is three times the second or more where one culture is a fair
description. The consensus answer is the most probable one given the competences (Bayes).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.network.answers import TREE_BOOTSTRAP
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Integers
from interlock.methods.network.measure import Measure, chance, interval, ratio

RANDOM_ANSWERS = "random-answers"
DRAWN = STANDARD.of(199)
#: From so large a ratio of eigenvalues on one culture is a fair description.
ONE_CULTURE = 3.0

_MOST_STEPS = 200
_CLOSE = 1e-8


@dataclass(frozen=True, eq=False)
class Consensus:
    """What consensus analysis found.

    `ratio` and `competence` (its mean) carry chance and interval. `competences` have an entry a respondent;
    those below 0 (`negative` of them) speak against the model. `key` has an entry a question: the most
    probable answer, and `certainty` its probability.
    """

    ratio: Measure
    competence: Measure
    competences: Floats
    negative: int
    key: Integers
    certainty: Floats

    @property
    def is_one_culture(self) -> bool:
        """By the usual rule: a ratio of 3 or more, and nobody of negative competence."""
        return self.ratio.value >= ONE_CULTURE and not self.negative


def agreement(codes: Integers, options: Integers) -> Floats:
    """How often each two agree, corrected for guessing: 1 always, 0 as two who guess.

    The mean over what both answered of (match - 1/L) / (1 - 1/L), L being the question's options; NaN
    where they answered nothing in common.

    >>> float(agreement(np.array([[0, 1], [0, 0]]), np.array([2, 2]))[0, 1])
    0.0
    """
    known = (codes >= 0).astype(np.float64)
    gave = np.hstack(
        [
            (column[:, None] == np.arange(many)).astype(np.float64)
            for column, many in zip(codes.T, options.tolist(), strict=True)
        ]
    )
    weights = 1 / (1 - 1 / options)
    alike = (gave * np.repeat(weights, options)) @ gave.T
    shared = known @ known.T
    total = alike - (known * (weights / options)) @ known.T
    # Rounded: the last digits hang on the threads of linear algebra.
    found: Floats = np.round(total / np.where(shared > 0, shared, np.nan), 12)
    return found


def _factor(table: Floats) -> tuple[Floats, float]:
    """The competences, and the first eigenvalue by the second.

    The diagonal says nothing, and neither do pairs without a number: they are what the factor makes them.
    """
    unknown = np.isnan(table)
    np.fill_diagonal(unknown, True)
    known, unknown_too = np.where(unknown, 0.0, table), unknown.astype(np.float64)
    told = np.maximum((~unknown).sum(axis=1), 1)
    one = np.sqrt(np.clip(known.sum(axis=1) / told, 0.01, 1.0))
    for _step in range(_MOST_STEPS):
        squares = one * one
        # What least squares makes of the factor; half a step of it, or it may swing.
        next_ = known @ one + one * (unknown_too @ squares)
        next_ = (one + next_ / squares.sum()) / 2
        moved, one = float(np.abs(next_ - one).max()), next_
        if moved < _CLOSE:
            break
    values = np.linalg.eigvalsh(np.where(unknown, one[:, None] * one, known))
    # Rounded: how the last digits come out hangs on the threads of linear algebra.
    first, second = np.round(values[-1], 9), np.round(values[-2], 9)
    return np.round(one, 9), float(first / second) if second > 0 else float("nan")


def consensus(
    codes: Integers,
    options: Integers,
    trees: Integers | None = None,
    drawing: Drawing = DRAWN,
    lists: Integers | None = None,
) -> Consensus:
    """Analyse answers: a row a respondent, a column a question, options from 0 on, -1 for no answer.

    `options` is how many each question offers. Chance is everybody guessing; the interval draws
    recruitment trees again (each respondent where `trees` is None), a person drawn twice not agreeing
    with themselves. Where several choices may be picked of a list, each is a question with two options,
    and `lists` has the same number from 0 on for all of them, -1 for any other: who guesses picks as many
    of a list as they did, since most say no to most. Coverage is the share of questions answered.
    Raises ValueError for fewer than three respondents, no question, or codes out of range.

    >>> rng = np.random.default_rng(0)
    >>> key = rng.integers(0, 4, 30)
    >>> answers = np.where(rng.random((20, 30)) < 0.7, key, rng.integers(0, 4, (20, 30)))
    >>> found = consensus(answers, np.full(30, 4))
    >>> found.is_one_culture, bool((found.key == key).all()), round(found.competence.value, 1)
    (True, True, 0.7)
    """
    respondents = len(codes)
    if respondents < 3 or not codes.shape[1]:
        raise ValueError("Consensus takes three respondents and a question.")
    if len(options) != codes.shape[1] or (options < 2).any():
        raise ValueError("Each question has two options or more.")
    if (codes < -1).any() or (codes >= options).any():
        raise ValueError("An answer is one of the options, or -1.")
    table = agreement(codes, options)
    competences, value = _factor(table)
    of = np.arange(respondents) if trees is None else trees
    numbers, level = respondents * respondents, drawing.level
    of_lists = np.full(len(options), -1) if lists is None else lists
    guessed = drawing.drawn(partial(_guessed, codes, options, of_lists), numbers=numbers)
    again = drawing.drawn(partial(_again, table, of), numbers=numbers, purpose=1)
    answered = ratio(int((codes >= 0).sum()), codes.size)
    told = []
    for place, (name, found) in enumerate(
        (("eigenvalue-ratio", value), ("mean-competence", float(competences.mean())))
    ):
        beside = chance(found, guessed[:, place], RANDOM_ANSWERS, level)
        near = interval(again[:, place], TREE_BOOTSTRAP, level)
        told.append(Measure(name, found, "respondents", respondents, answered, beside, near, level))
    key, certainty = _key(codes, options, competences)
    negative = int((competences < 0).sum())
    return Consensus(told[0], told[1], competences, negative, key, certainty)


def _key(codes: Integers, options: Integers, competences: Floats) -> tuple[Integers, Floats]:
    """Bayes: an answer speaks for an option by the odds that its giver knew, or guessed, it."""
    known = np.clip(competences, 0.0, 0.999)
    key, certainty = [], []
    for column, many in zip(codes.T, options.tolist(), strict=True):
        for_it = np.log(known + (1 - known) / many) - np.log((1 - known) / many)
        weights = np.array([for_it[column == option].sum() for option in range(many)])
        posterior = np.exp(weights - weights.max())
        key.append(int(np.argmax(posterior)))
        certainty.append(float(posterior.max() / posterior.sum()))
    return np.array(key, np.int64), np.array(certainty)


def _guessed(
    codes: Integers, options: Integers, lists: Integers, rng: np.random.Generator, number: int
) -> Floats:
    found = []
    for _draw in range(number):
        guesses = np.where(codes >= 0, rng.integers(0, options, codes.shape), -1)
        for one in np.unique(lists[lists >= 0]):
            inside = lists == one
            guesses[:, inside] = rng.permuted(codes[:, inside], axis=1)
        competences, value = _factor(agreement(guesses, options))
        found.append((value, competences.mean()))
    return np.array(found)


def _again(table: Floats, trees: Integers, rng: np.random.Generator, number: int) -> Floats:
    names = np.unique(trees)
    members = [np.flatnonzero(trees == name) for name in names]
    found = []
    for _draw in range(number):
        drawn = rng.integers(0, len(names), len(names)).tolist()
        rows = np.concatenate([members[one] for one in drawn])
        part = table[np.ix_(rows, rows)]
        part[rows[:, None] == rows] = np.nan
        if len(rows) < 3:
            found.append((np.nan, np.nan))
            continue
        competences, value = _factor(part)
        found.append((value, competences.mean()))
    return np.array(found)
