"""The redraw: would areas drawn by how many people they have show as much?

The chance that the primary test takes: as many areas as are marked, drawn anew without replacement, a
large one as much more often as it has more people, and the count in them beside what their people
predict: Σ(O - E) / √ΣE. The draw is successive sampling, by exponential races whose first m arrive
(the same law as Gumbel's top k: P. Efraimidis, P. Spirakis, "Weighted Random Sampling with a Reservoir",
Information Processing Letters 97, 2006). In made-up countries where two institutions know only the
number of people, it finds them together in 5 % of cases at 5 %, where free permutation does in all
(`bench/colocation_calibration.py`).

Counts and people of the drawn are added up as whole numbers, so that no order of adding matters: one
process or several give the same answer to the last bit.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.blocks import Progress, in_blocks
from interlock.methods.places.colocation.irls import Floats, Integers
from interlock.methods.places.colocation.reasons import Reason, reason
from interlock.methods.places.colocation.table import Areas, check_two_sides

RESAMPLES = 9_999
# Arrivals of one block fit into 8 MB.
_BLOCK_NUMBERS = 2**20
_MOST_IN_BLOCK = 500


@dataclass(frozen=True)
class Chance:
    """A number beside those that chance gives: their mean, where 95 % of them lie, and how many reach it.

    `p_more` is (1 + those as high or higher) / (1 + resamples), `p_less` the same of the low side, `p`
    twice the smaller. `null` says what chance was taken to be; `is_naive` that this is known to be
    wrong for institutions of places with people, `null` telling why.
    """

    statistic: str
    observed: float
    mean: float
    low: float
    high: float
    p_more: float
    p_less: float
    resamples: int
    seed: int
    null: Reason
    is_naive: bool = False

    @property
    def p(self) -> float:
        return min(1.0, 2 * min(self.p_more, self.p_less))


def beside_chance(
    statistic: str,
    observed: float,
    drawn: Floats,
    *,
    seed: int,
    null: Reason,
    is_naive: bool = False,
) -> Chance:
    """What a number is among those drawn."""
    many = len(drawn)
    low, high = (float(one) for one in np.quantile(drawn, [0.025, 0.975]))
    more, less = int((drawn >= observed).sum()), int((drawn <= observed).sum())
    return Chance(
        statistic,
        float(observed),
        float(drawn.mean()),
        low,
        high,
        (1 + more) / (1 + many),
        (1 + less) / (1 + many),
        many,
        seed,
        null,
        is_naive,
    )


@dataclass(frozen=True)
class Redraw:
    """Marked areas beside areas drawn by people: the count in them, and its excess (the test).

    `expected` is what the people of the marked areas predict.
    """

    count: Chance
    excess: Chance
    expected: float


def redraw(
    areas: Areas,
    *,
    within: bool = False,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Redraw:
    """Draw the marked areas anew by people, and tell how often chance counts as much in them.

    `within` draws in each region as many as are marked there, and expects by region: whatever
    differs between regions is then no part of the answer. Raises ColocationError where none or all
    are marked or nothing was counted, ValueError for resamples or seed out of range.

    >>> from interlock.methods.places.colocation.table import areas
    >>> five = areas("abcde", [9, 5, 3, 2, 1], [0, 0, 0, 1, 1], [1, 1, 0, 6, 4])
    >>> found = redraw(five, resamples=999)
    >>> found.count.observed, round(found.expected, 2), found.excess.p_more < 0.05
    (10.0, 1.8, True)
    """
    check_two_sides(areas)
    deal = _Deal.of(areas, within)
    observed = deal.counted(np.flatnonzero(areas.marked)[None])[0]
    size = max(1, min(_MOST_IN_BLOCK, _BLOCK_NUMBERS // len(areas)))
    work = partial(_redrawn, deal)
    blocks = in_blocks(work, resamples, size=size, seed=seed, executor=executor, progress=progress)
    drawn = np.concatenate(list(blocks))
    null = reason("redraw-within" if within else "redraw")
    count, excess = (
        beside_chance(name, observed[place], drawn[:, place], seed=seed, null=null)
        for place, name in enumerate(("count", "excess"))
    )
    return Redraw(count, excess, float(observed[2]))


def arrivals(weights: Floats, drawn: int, rng: np.random.Generator, number: int) -> Integers:
    """Draw `drawn` of the places without replacement by weight, `number` times: a row a draw, sorted.

    >>> arrivals(np.array([1.0, 1e9, 1e9]), 2, np.random.default_rng(1), 3).tolist()
    [[1, 2], [1, 2], [1, 2]]
    """
    if drawn >= len(weights):
        return np.tile(np.arange(len(weights)), (number, 1))
    times = rng.standard_exponential((number, len(weights)))
    times /= weights
    first = np.argpartition(times, drawn, axis=1)[:, :drawn]
    first.sort(axis=1)
    return first.astype(np.int64)


@dataclass(frozen=True, eq=False)
class _Deal:
    """What a redraw needs of areas: the little that goes to another process.

    `parts` are the areas drawn from together, each with how many of them are drawn; `rates` is the
    count a head in each region (one region unless drawn within).
    """

    people: Floats
    counts: Integers
    regions: Integers
    rates: Floats
    parts: tuple[tuple[Integers, int], ...]

    @classmethod
    def of(cls, areas: Areas, within: bool) -> _Deal:
        regions = areas.regions if within else np.zeros(len(areas), np.int64)
        people = areas.population.astype(np.float64)
        many = np.bincount(regions, areas.marked).astype(np.int64)
        rates = np.bincount(regions, areas.counts) / np.bincount(regions, people)
        parts = tuple(
            (np.flatnonzero(regions == region), int(many[region]))
            for region in np.flatnonzero(many).tolist()
        )
        return cls(people, areas.counts, regions, rates, parts)

    def counted(self, rows: Integers) -> Floats:
        """For each row of areas: the count, its excess by the root of what is expected, and that."""
        counts = self.counts[rows].sum(axis=1).astype(np.float64)
        expected = np.zeros(len(rows))
        regions = self.regions[rows]
        people = self.people[rows]
        for region in np.unique(regions).tolist():
            # Whole numbers add up the same in any order; regions are taken in theirs.
            expected += np.where(regions == region, people, 0.0).sum(axis=1) * self.rates[region]
        # Where nothing is expected nothing is counted either: no excess.
        root = np.sqrt(np.where(expected > 0, expected, 1.0))
        return np.stack([counts, (counts - expected) / root, expected], axis=1)


def _redrawn(deal: _Deal, rng: np.random.Generator, number: int) -> Floats:
    drawn = [
        places[arrivals(deal.people[places], many, rng, number)] for places, many in deal.parts
    ]
    return deal.counted(np.concatenate(drawn, axis=1))[:, :2]
