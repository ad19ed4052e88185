"""Tests that are wrong for institutions of places with people, to stand beside those that are not.

They are what one would try first, and everybody knows them; so they are told too, with `is_naive` and
why. In made-up countries where two institutions know only the number of people, at 5 % free
permutation finds them together in all cases, and permutation within twenty strata of size in nine
of ten (`bench/colocation_calibration.py`): the top stratum alone holds areas that differ thirty times
in size. R. A. Fisher (1935); E. J. G. Pitman (1937); P. Rosenbaum, D. Rubin (1983, propensity).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
from scipy.special import gammaln

from interlock.methods.blocks import Progress, in_blocks
from interlock.methods.places.colocation.by_people import (
    RESAMPLES,
    Chance,
    arrivals,
    beside_chance,
)
from interlock.methods.places.colocation.irls import Floats, Integers
from interlock.methods.places.colocation.reasons import reason
from interlock.methods.places.colocation.regression import fitted
from interlock.methods.places.colocation.table import Areas, check_two_sides

_BLOCK_NUMBERS = 2**20
_MOST_IN_BLOCK = 500


def fisher(areas: Areas) -> Chance:
    """Fisher's exact test of marked areas and areas in which anything was counted. Naive.

    `resamples` is 0: the chances are exact (hypergeometric), `low` and `high` hold 95 % of them.

    >>> from interlock.methods.places.colocation.table import areas
    >>> found = fisher(areas("abcd", [1, 1, 1, 1], [1, 1, 0, 0], [1, 3, 0, 0]))
    >>> found.observed, round(found.p_more, 4), found.is_naive
    (2.0, 0.1667, True)
    """
    check_two_sides(areas)
    many, marked = len(areas), int(areas.marked.sum())
    having = int((areas.counts > 0).sum())
    both = int((areas.counts[areas.marked] > 0).sum())
    least, most = max(0, marked + having - many), min(marked, having)
    numbers = np.arange(least, most + 1)
    log = _ways(marked, numbers) + _ways(many - marked, having - numbers)
    chances = np.exp(log - _ways(many, np.array([having]))[0])
    reached = np.cumsum(chances)
    low, high = (int(numbers[np.searchsorted(reached, at - 1e-12)]) for at in (0.025, 0.975))
    return Chance(
        "areas with both",
        float(both),
        marked * having / many,
        float(low),
        float(high),
        min(1.0, float(chances[numbers >= both].sum())),
        min(1.0, float(chances[numbers <= both].sum())),
        0,
        0,
        reason("naive-fisher"),
        is_naive=True,
    )


def _ways(of: int, chosen: Integers) -> Floats:
    found: Floats = gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1)
    return found


def free_permutation(
    areas: Areas,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Chance:
    """The count in marked areas, where any area could as well have been marked. Naive."""
    strata = np.zeros(len(areas), np.int64)
    return _permuted(areas, strata, "naive-permutation", resamples, seed, executor, progress)


def stratified_permutation(
    areas: Areas,
    *,
    strata: int | Sequence[int] = 20,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Chance:
    """The same within strata of population: so many quantiles, or those given (numbers from 0). Naive."""
    if isinstance(strata, int):
        rank = np.argsort(np.argsort(areas.population, kind="stable"), kind="stable")
        chosen = rank * strata // len(areas)
    else:
        chosen = np.asarray(strata, np.int64)
    return _permuted(areas, chosen, "naive-strata", resamples, seed, executor, progress)


def _permuted(
    areas: Areas,
    strata: Integers,
    kind: str,
    resamples: int,
    seed: int,
    executor: Executor | None,
    progress: Progress | None,
) -> Chance:
    check_two_sides(areas)
    many = np.bincount(strata, areas.marked).astype(np.int64)
    parts = tuple(
        (areas.counts[strata == one], int(many[one])) for one in np.flatnonzero(many).tolist()
    )
    work = partial(_dealt, parts)
    return _asked(areas, work, kind, resamples, seed, executor, progress)


def _dealt(
    parts: tuple[tuple[Integers, int], ...], rng: np.random.Generator, number: int
) -> Floats:
    found = np.zeros(number)
    for counts, many in parts:
        found += counts[arrivals(np.ones(len(counts)), many, rng, number)].sum(axis=1)
    return found


def propensity_redraw(
    areas: Areas,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Chance:
    """As many marked areas, each with the chance that a logit of log population gives it. Naive.

    Drawn exactly given their number (conditional Bernoulli: S. X. Chen, J. S. Liu, Statistica Sinica
    7, 1997), area by area.
    """
    check_two_sides(areas)
    log_people = np.log(areas.population.astype(np.float64))
    fit = fitted(areas.marked, {"log population": log_people}, family="logit")
    work = partial(_conditional, fit.rest.means, areas.counts, int(areas.marked.sum()))
    return _asked(areas, work, "naive-propensity", resamples, seed, executor, progress)


def _conditional(
    chances: Floats, counts: Integers, many: int, rng: np.random.Generator, number: int
) -> Floats:
    """The counts in areas drawn with these chances, given that so many are."""
    left = _still(chances, many)
    wanted, found = np.full(number, many), np.zeros(number)
    for place, (chance, count) in enumerate(zip(chances.tolist(), counts.tolist(), strict=True)):
        taken = chance * np.where(wanted > 0, left[place + 1, wanted - 1], 0.0)
        is_drawn = rng.random(number) * left[place, wanted] < taken
        wanted -= is_drawn
        found += is_drawn * count
    return found


def _still(chances: Floats, many: int) -> Floats:
    """In row i the chance that just 0, 1, … of the areas from i on are drawn."""
    found = np.zeros((len(chances) + 1, many + 1))
    found[-1, 0] = 1
    for place in range(len(chances) - 1, -1, -1):
        found[place] = (1 - chances[place]) * found[place + 1]
        found[place, 1:] += chances[place] * found[place + 1, :-1]
    return found


def _asked(
    areas: Areas,
    work: partial[Floats],
    kind: str,
    resamples: int,
    seed: int,
    executor: Executor | None,
    progress: Progress | None,
) -> Chance:
    size = max(1, min(_MOST_IN_BLOCK, _BLOCK_NUMBERS // len(areas)))
    blocks = in_blocks(work, resamples, size=size, seed=seed, executor=executor, progress=progress)
    drawn = np.concatenate(list(blocks))
    observed = float(areas.counts[areas.marked].sum())
    return beside_chance("count", observed, drawn, seed=seed, null=reason(kind), is_naive=True)
