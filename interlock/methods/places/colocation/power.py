"""How large a ratio these lists could have found: to stand beside every p.

A p above 0.05 says nothing where not even a fivefold rate would have been found. Power is the chance of
finding a ratio that is there, one-sided at `level`; the least detectable ratio is that found with a
power of 0.8 (J. Cohen, "Statistical Power Analysis", 1988). That of the rate ratio is exact; those of
the redraw and of the odds ratio are counted in simulated lists, with Wilson's interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import brentq
from scipy.special import bdtrc, chdtri, expit

from interlock.methods.blocks import Progress, generator, in_blocks
from interlock.methods.places.colocation.by_people import arrivals
from interlock.methods.places.colocation.irls import Floats, Integers
from interlock.methods.places.colocation.ratios import MARKED
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.colocation.regression import fitted
from interlock.methods.places.colocation.table import Areas, check_two_sides

LEVEL = 0.05
WANTED = 0.8
# A ratio beyond which nothing is looked for.
MOST_RATIO = 100.0
_Z = 1.959963984540054
_BLOCK = 50


@dataclass(frozen=True)
class Power:
    """The chance `value` of finding a ratio, from `low` to `high` (simulated: Wilson, 95 %)."""

    ratio: float
    value: float
    low: float
    high: float
    simulations: int
    level: float
    test: str


def rate_power(areas: Areas, ratio: float, *, level: float = LEVEL) -> Power:
    """The power of the exact test of the rate ratio, given the people and how many were counted.

    Given the total, what is counted in marked areas is binomial (`exact_ratio`). Exact, where counts
    vary no more than Poisson's; where they do, it is less.

    >>> from interlock.methods.places.colocation.table import areas
    >>> pair = areas("ab", [1000, 1000], [1, 0], [10, 10])
    >>> round(rate_power(pair, 3.0).value, 2), round(rate_power(pair, 1.0).value, 2)
    (0.62, 0.02)
    """
    check_two_sides(areas)
    _check(ratio, level)
    share, events = _share(areas), areas.events
    chances = np.asarray(bdtrc(np.arange(-1, events), events, share))
    reached = int(np.argmax(np.append(chances, 0.0) <= level))
    if reached > events:
        return Power(ratio, 0.0, 0.0, 0.0, 0, level, "rate ratio, exact")
    raised = ratio * share / (ratio * share + 1 - share)
    value = float(bdtrc(reached - 1, events, raised))
    return Power(ratio, value, value, value, 0, level, "rate ratio, exact")


def least_rate_ratio(areas: Areas, *, wanted: float = WANTED, level: float = LEVEL) -> float | None:
    """The least rate ratio that is found with the power wanted; None above `MOST_RATIO`."""

    def lacking(log_ratio: float) -> float:
        return rate_power(areas, math.exp(log_ratio), level=level).value - wanted

    most = math.log(MOST_RATIO)
    return None if lacking(most) < 0 else math.exp(brentq(lacking, 0.0, most, xtol=1e-6))


def redraw_power(
    areas: Areas,
    ratio: float,
    *,
    alpha: float = 0.0,
    level: float = LEVEL,
    simulations: int = 400,
    resamples: int = 399,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Power:
    """The power of the redraw: as many counted in all, by people, times `ratio` in marked areas.

    `alpha` lets counts vary more than Poisson's, as the negative binomial's does. The redraws are the
    same for every simulated list, as they do not depend on it.
    """
    check_two_sides(areas)
    _check(ratio, level)
    people, marked = areas.population.astype(np.float64), np.flatnonzero(areas.marked)
    # A block of their own, beyond any that is simulated.
    drawn = arrivals(people, len(marked), generator(seed, 2**31), resamples)
    rows = np.concatenate([marked[None], drawn])
    weights = people * np.where(areas.marked, ratio, 1.0)
    work = partial(
        _redraws_found, rows, people, weights / weights.sum(), areas.events, alpha, level
    )
    blocks = in_blocks(
        work, simulations, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    return _counted(ratio, sum(blocks), simulations, level, "redraw")


def _redraws_found(
    rows: Integers,
    people: Floats,
    shares: Floats,
    events: int,
    alpha: float,
    level: float,
    rng: np.random.Generator,
    number: int,
) -> int:
    found = 0
    expected = events * people[rows].sum(axis=1) / people.sum()
    for _ in range(number):
        raised = shares if alpha == 0 else shares * rng.gamma(1 / alpha, alpha, len(shares))
        counts = rng.multinomial(events, raised / raised.sum())
        excess = (counts[rows].sum(axis=1) - expected) / np.sqrt(expected)
        found += int((excess >= excess[0]).sum()) <= level * len(rows)
    return found


def odds_power(
    areas: Areas,
    ratio: float,
    *,
    marks: float | None = None,
    level: float = LEVEL,
    simulations: int = 400,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Power:
    """The power of the odds ratio with log population, for lists that say only whether there is any.

    Whether an area has any follows a logit of log population, as it is fitted to these areas, times
    `ratio` in marked ones. With `marks` the marked areas are drawn too, so many on average, by a logit
    of log population: what a longer list would find. The test is Firth's likelihood ratio.
    """
    check_two_sides(areas)
    _check(ratio, level)
    log_people = np.log(areas.population.astype(np.float64))
    having = _predicted(areas.counts > 0, log_people)
    marking = None if marks is None else _raised(_predicted(areas.marked, log_people), marks)
    work = partial(_odds_found, log_people, having, marking, areas.marked, math.log(ratio), level)
    blocks = in_blocks(
        work, simulations, size=_BLOCK, seed=seed, executor=executor, progress=progress
    )
    return _counted(ratio, sum(blocks), simulations, level, "odds ratio, log population")


def _predicted(outcome: np.ndarray, log_people: Floats) -> Floats:
    """The log odds that log population gives each area."""
    fit = fitted(outcome, {"log population": log_people}, family="logit")
    found: Floats = log_people * fit.rest.coefficients[0] + fit.rest.effects[0]
    return found


def _raised(odds: Floats, marks: float) -> Floats:
    """The chances of these log odds, all moved alike so that they add up to `marks`."""
    if not 0 < marks < len(odds):
        raise ValueError("Marked areas are more than none and fewer than all.")
    move = brentq(lambda by: float(expit(odds + by).sum()) - marks, -60.0, 60.0)
    found: Floats = expit(odds + move)
    return found


def _odds_found(
    log_people: Floats,
    having: Floats,
    marking: Floats | None,
    marked: np.ndarray,
    log_ratio: float,
    level: float,
    rng: np.random.Generator,
    number: int,
) -> int:
    found, limit = 0, float(chdtri(1, min(1.0, 2 * level)))
    for _ in range(number):
        chosen = marked if marking is None else rng.random(len(marking)) < marking
        outcome = rng.random(len(having)) < expit(having + log_ratio * chosen)
        try:
            columns = {MARKED: chosen, "log population": log_people}
            fit = fitted(outcome, columns, family="firth")
        except ColocationError:
            # A simulated list without either institution finds nothing.
            continue
        found += bool(fit.rest.coefficients[0] > 0 and fit.drop(MARKED) > limit)
    return found


def least_detectable(
    power: Callable[[float], Power], *, wanted: float = WANTED, steps: int = 7
) -> float | None:
    """The least ratio found with the power wanted, by halving between 1 and `MOST_RATIO`.

    Give it a simulated power with its seed, so that every ratio is tried on the same random numbers.
    None where even `MOST_RATIO` is not found.
    """
    low, high = 0.0, math.log(MOST_RATIO)
    if power(math.exp(high)).value < wanted:
        return None
    for _ in range(steps):
        middle = (low + high) / 2
        low, high = (middle, high) if power(math.exp(middle)).value < wanted else (low, middle)
    return math.exp(high)


def _counted(ratio: float, found: int, simulations: int, level: float, test: str) -> Power:
    share = found / simulations
    square = _Z * _Z / simulations
    middle = (share + square / 2) / (1 + square)
    reach = _Z * math.sqrt(share * (1 - share) / simulations + square / simulations / 4)
    reach /= 1 + square
    return Power(
        ratio, share, max(0.0, middle - reach), min(1.0, middle + reach), simulations, level, test
    )


def _share(areas: Areas) -> float:
    return int(areas.population[areas.marked].sum()) / areas.people


def _check(ratio: float, level: float) -> None:
    if not (0 < ratio < math.inf and 0 < level < 1):
        raise ValueError("A ratio is above 0, and a level between 0 and 1.")
