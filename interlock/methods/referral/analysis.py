"""Everything there is to say about a question of a chain-referral survey, or why it is not said.

One door for the command line and the site: below the limits of `diagnostics.why_not_estimated` it
gives a description only, counts of the sample and no shares of the population.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np

from interlock.methods.blocks import Progress
from interlock.methods.referral import diagnostics, estimates
from interlock.methods.referral.comparison import Comparison, compared
from interlock.methods.referral.diagnostics import Series, Tree, Wave
from interlock.methods.referral.estimates import Estimate, Index, Recruitment
from interlock.methods.referral.forest import Forest, Variable
from interlock.methods.referral.intervals import (
    RESAMPLES,
    Interval,
    Spread,
    salganik_bootstrap,
    tree_bootstrap,
    tree_mean,
)
from interlock.methods.referral.reasons import Reason

# More answers than this are no kinds: numbers have a mean then, and words nothing.
MOST_LEVELS = 20


@dataclass(frozen=True)
class Mean:
    """The mean of a number in the population by RDS-II, and its interval by the tree bootstrap."""

    value: float
    interval: Interval


@dataclass(frozen=True)
class Estimates:
    """All estimates of one question.

    `spread` is RDS-II with the intervals of the tree bootstrap, the main ones; `salganik` with
    those of Salganik's. `by_population` are Gile's over several sizes of the population. Homophily
    of the population and activity are those of each level beside all others.
    """

    spread: Spread
    salganik: Spread
    rds_i: Estimate
    by_population: tuple[tuple[int, Estimate], ...]
    harmonic_degrees: tuple[float, ...]
    recruitment_homophily: Index
    external_internal: Index
    population_homophily: tuple[Index, ...]
    differential_activity: tuple[Index, ...]
    convergence: Series
    by_wave: Series


@dataclass(frozen=True)
class Question:
    """What is said about one question.

    `counts` are the answers in the sample, a level each. With `refusals` there are no estimates.
    `doubts` are what to tell beside the estimates.
    """

    name: str
    levels: tuple[str, ...]
    counts: tuple[int, ...]
    respondents: int
    recruitment: Recruitment
    refusals: tuple[Reason, ...]
    estimates: Estimates | None
    mean: Mean | None
    doubts: tuple[Reason, ...]


@dataclass(frozen=True)
class Analysis:
    """The sample, the outcome, and the group with the outcome compared by it where one was given."""

    respondents: int
    seeds: int
    depth: int
    waves: tuple[Wave, ...]
    trees: tuple[Tree, ...]
    notes: tuple[Reason, ...]
    outcome: Question
    group: Question | None
    comparison: Comparison | None

    @property
    def is_description(self) -> bool:
        """Whether the outcome carries a description only."""
        return bool(self.outcome.refusals)


def analysed(
    forest: Forest,
    outcome: str,
    *,
    group: str | None = None,
    sides: tuple[str, str] | None = None,
    both: str | None = None,
    populations: Sequence[int] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse one question, by groups if `group` names them.

    `populations` are sizes the whole population may have; `sides` and `both` are those of
    `comparison.compared`. Raises ValueError for names that do not exist, words of more than 20
    kinds, a population smaller than the sample, and a number of resamples or a seed out of range.
    """
    asked = forest.variable(outcome)
    by = None if group is None else forest.variable(group)
    for one in (asked, *([] if by is None else [by])):
        if len(one.levels) > MOST_LEVELS and (one is by or one.numbers is None):
            raise ValueError(
                f"{one.name} has {len(one.levels):,} different answers, and {MOST_LEVELS} is the most."
            )
    drawing: dict[str, Any] = {"resamples": resamples, "seed": seed, "executor": executor}
    told = _question(forest, asked, populations, drawing, progress)
    kinds = None if by is None else _question(forest, by, populations, drawing, None)
    comparison = None
    if by is not None and kinds is not None and told.estimates and kinds.estimates:
        comparison = compared(forest, by, asked, sides=sides, both=both, **drawing)
    return Analysis(
        len(forest),
        forest.seeds,
        forest.depth,
        diagnostics.waves(forest),
        diagnostics.trees(forest, asked),
        forest.notes(),
        told,
        kinds,
        comparison,
    )


def _question(
    forest: Forest,
    variable: Variable,
    populations: Sequence[int],
    drawing: Mapping[str, Any],
    progress: Progress | None,
) -> Question:
    refusals = diagnostics.why_not_estimated(forest, variable)
    are_kinds, found, doubts = len(variable.levels) <= MOST_LEVELS, None, list[Reason]()
    if are_kinds and not refusals:
        found = _estimates(forest, variable, populations, drawing, progress)
        told = (
            diagnostics.still_moving(found.convergence),
            diagnostics.hangs_on_a_seed(forest, variable),
        )
        doubts = [one for one in told if one is not None]
    numbers, mean = variable.numbers, None
    if numbers is not None and not refusals:
        interval = tree_mean(forest, numbers, **drawing)
        mean = Mean(estimates.rds_ii_mean(forest, numbers), interval)
    levels = variable.levels if are_kinds else ()
    counts = np.bincount(variable.codes[variable.known], minlength=len(variable.levels)).tolist()
    return Question(
        variable.name,
        levels,
        tuple(counts) if are_kinds else (),
        int(variable.known.sum()),
        estimates.recruitment(forest, variable) if are_kinds else Recruitment((), ()),
        refusals,
        found,
        mean,
        tuple(doubts),
    )


def _estimates(
    forest: Forest,
    variable: Variable,
    populations: Sequence[int],
    drawing: Mapping[str, Any],
    progress: Progress | None,
) -> Estimates:
    table, levels = estimates.recruitment(forest, variable), variable.levels
    return Estimates(
        tree_bootstrap(forest, variable, progress=progress, **drawing),
        salganik_bootstrap(forest, variable, **drawing),
        estimates.rds_i(forest, variable),
        estimates.by_population(forest, variable, populations),
        estimates.harmonic_degrees(forest, variable),
        estimates.recruitment_homophily(table),
        estimates.external_internal(table),
        tuple(estimates.population_homophily(forest, variable, level) for level in levels),
        tuple(estimates.differential_activity(forest, variable, level) for level in levels),
        diagnostics.convergence(forest, variable),
        diagnostics.by_wave(forest, variable),
    )
