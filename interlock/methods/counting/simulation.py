"""Asking a count what if: another budget, another cost, another rule, other voters.

One count takes milliseconds, so such questions can be answered by counting again. `what_if` changes
the election and tells who gains and who loses. `chances` asks how much an outcome hangs on who
happened to vote: it draws as many ballots again, with replacement, counts, and does so many times
(the bootstrap: B. Efron, "Bootstrap Methods", Annals of Statistics 1979). The interval of each
project's chance is Wilson's (E. B. Wilson, JASA 1927), and says how far so many resamples can be
off; it says nothing about those who did not vote.

Results hold differences between ballots. Whoever publishes them for a small electorate reveals
single ballots: see docs/decisions/007.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from interlock.methods.counting.election import Ballots, Election, Limits
from interlock.methods.counting.measures import compare
from interlock.methods.counting.result import Result
from interlock.methods.counting.rules import count

MOST_RESAMPLES = 1_000_000

# The point below which a standard normal variable lies with probability 0.975.
_Z = 1.959963984540054

# Enough for a progress bar, few enough that sending the ballots along costs little.
_MOST_BATCHES = 50


@dataclass(frozen=True)
class WhatIf:
    """A count beside the count of a changed election.

    `gained` are the projects funded only with the change, in the order of funding, `lost` those
    funded only without. Of the voters, `better` support more funded projects with the change than
    without, `worse` fewer, and `same` as many.
    """

    before: Result
    after: Result
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    better: int
    worse: int
    same: int


@dataclass(frozen=True)
class Chance:
    """How often one project was funded: `times` of `resamples`; `funded` in the count itself."""

    project: str
    funded: bool
    times: int
    resamples: int

    @property
    def share(self) -> float:
        """The chance estimated: from 0 to 1."""
        return self.times / self.resamples

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the chance, at 95 %."""
        return wilson(self.times, self.resamples)


@dataclass(frozen=True)
class Chances:
    """The chances of all projects, in the order of the election, and the count itself."""

    result: Result
    resamples: int
    seed: int
    projects: tuple[Chance, ...]

    def by_chance(self) -> tuple[Chance, ...]:
        """For reading: the likeliest first, equal ones funded first, then by votes."""
        votes = dict(zip(self.result.projects, self.result.supporters, strict=True))
        return tuple(
            sorted(self.projects, key=lambda one: (-one.times, not one.funded, -votes[one.project]))
        )

    def frame(self) -> Any:
        """A pandas table, a row a project. Raises ModuleNotFoundError without pandas."""
        from interlock.methods.counting.tables import framed

        columns: dict[str, Sequence[Any]] = {
            "funded": [one.funded for one in self.projects],
            "chance": [one.share for one in self.projects],
            "low": [one.interval[0] for one in self.projects],
            "high": [one.interval[1] for one in self.projects],
        }
        return framed("project", self.result.projects, columns)


def wilson(times: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a chance that came true `times` of `trials`.

    >>> low, high = wilson(8, 10)
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    if not trials:
        return 0.0, 1.0
    share, square = times / trials, _Z * _Z
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    half *= _Z / (1 + square / trials)
    # At the ends the formula meets 0 and 1 exactly; floats need not.
    low = 0.0 if not times else max(0.0, middle - half)
    return low, 1.0 if times == trials else min(1.0, middle + half)


def changed(
    election: Election, *, budget: int | None = None, costs: Mapping[str, int] | None = None
) -> Election:
    """The same ballots over another budget or other costs, in the election's integers.

    Raises ValueError for a project that is not in the election, and for what `Election` refuses.

    >>> election = Election.from_approvals({"park": 60, "bus": 50}, 100, [["park"]])
    >>> changed(election, costs={"park": 40}).costs
    (40, 50)
    """
    new = dict(costs or {})
    if other := next((project for project in new if project not in election.projects), None):
        raise ValueError(f'"{other}" is not a project of this election.')
    pairs = zip(election.projects, election.costs, strict=True)
    return replace(
        election,
        budget=election.budget if budget is None else budget,
        costs=tuple(new.get(project, cost) for project, cost in pairs),
    )


def in_parts(election: Election, unit: int) -> Election:
    """The same election with amounts in finer parts: `unit` of them make one currency unit.

    The outcome of every rule is the same. Raises ValueError when `unit` is not a multiple.
    """
    factor, rest = divmod(unit, election.unit)
    if rest or not factor:
        raise ValueError(f"Amounts of 1/{election.unit} cannot be written in 1/{unit}.")
    caps = tuple(replace(cap, budget=cap.budget * factor) for cap in election.limits.caps)
    limits: Limits = replace(election.limits, caps=caps)
    return replace(
        election,
        costs=tuple(cost * factor for cost in election.costs),
        budget=election.budget * factor,
        unit=unit,
        limits=limits,
    )


def what_if(
    election: Election,
    rule: str,
    *,
    budget: int | None = None,
    costs: Mapping[str, int] | None = None,
    new_rule: str | None = None,
    ties: Sequence[str] | None = None,
    lot_seed: str = "",
    progress: Callable[[int], None] | None = None,
) -> WhatIf:
    """Count an election as it is, and changed; `ties`, `lot_seed`, `progress` are those of `count`.

    Without `ties` each of the two counts has the usual order of its own costs and votes, by the
    same lot. Raises ValueError for what `count` or `changed` refuse.

    >>> ballots = [["park"], ["park"], ["bus"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 50}, 100, ballots)
    >>> asked = what_if(election, "greedy", budget=110)
    >>> asked.gained, asked.lost, asked.better, asked.worse
    (('bus',), (), 1, 0)
    """
    other = changed(election, budget=budget, costs=costs)
    before = count(election, rule, ties, lot_seed=lot_seed, progress=progress)
    after = count(other, new_rule or rule, ties, lot_seed=lot_seed, progress=progress)
    gains = compare(election, after.funded, before.funded, "cardinality")
    return WhatIf(
        before,
        after,
        tuple(project for project in after.funded if project not in before.funded),
        tuple(project for project in before.funded if project not in after.funded),
        gains.better,
        gains.worse,
        gains.equal,
    )


def resampled(election: Election, seed: int, number: int = 0) -> Election:
    """As many ballots, drawn from the election's with replacement; the rest is the same.

    The draw depends on `seed` and `number` only. Ordinal ballots keep the points they have.
    """
    ballots = election.ballots
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number))))
    drawn = rng.integers(0, max(1, len(ballots)), len(ballots))
    drawn.sort()  # the order of ballots decides nothing, and neighbours in memory are read faster
    starts = ballots.offsets[drawn]
    lengths = ballots.offsets[1:][drawn] - starts
    offsets = np.zeros(len(drawn) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    places = np.arange(int(offsets[-1])) + np.repeat(starts - offsets[:-1], lengths)
    weights = ballots.weights
    points = None if weights is None else weights[places]
    return replace(
        election, ballots=Ballots(ballots.kind, offsets, ballots.projects[places], points)
    )


def chances(
    election: Election,
    rule: str,
    *,
    resamples: int = 1_000,
    seed: int = 0,
    ties: Sequence[str] | None = None,
    lot_seed: str = "",
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> Chances:
    """How often each project is funded when the ballots are drawn again.

    `executor` is any of `concurrent.futures` (or one that behaves like them); without one this
    process counts. The answer is the same whoever counts. `progress` is told how many resamples
    are done. Raises ValueError for what `count` refuses, and for a number of resamples or a seed
    out of range.

    >>> election = Election.from_approvals({"park": 60, "bus": 50}, 100, [["park"], ["park"]])
    >>> [(one.project, one.share) for one in chances(election, "greedy", resamples=5).projects]
    [('park', 1.0), ('bus', 0.0)]
    """
    if not 1 <= resamples <= MOST_RESAMPLES:
        raise ValueError(f"Resamples are 1 to {MOST_RESAMPLES:,}.")
    if seed < 0:
        raise ValueError("A seed is a whole number from 0.")
    result = count(election, rule, ties, lot_seed=lot_seed)
    order = None if ties is None else tuple(ties)
    work = partial(_tally, election, rule, order, lot_seed, seed)
    size = math.ceil(resamples / _MOST_BATCHES) if executor is not None else 1
    batches = [range(n, min(n + size, resamples)) for n in range(0, resamples, size)]
    done, total = 0, Counter[str]()
    tallies = map(work, batches) if executor is None else executor.map(work, batches)
    for batch, tally in zip(batches, tallies, strict=True):
        total += tally
        done += len(batch)
        if progress is not None:
            progress(done)
    funded = set(result.funded)
    rows = (Chance(p, p in funded, total[p], resamples) for p in election.projects)
    return Chances(result, resamples, seed, tuple(rows))


def _tally(
    election: Election,
    rule: str,
    ties: Sequence[str] | None,
    lot_seed: str,
    seed: int,
    numbers: Iterable[int],
) -> Counter[str]:
    """How often each project is funded in these resamples."""
    found = Counter[str]()
    for number in numbers:
        sample = resampled(election, seed, number)
        found.update(count(sample, rule, ties, lot_seed=lot_seed).funded)
    return found
