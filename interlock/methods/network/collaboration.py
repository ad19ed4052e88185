"""What the two worlds do together, from records of what was delivered and paid, not from what is said.

An award is a project of a buyer that a deliverer carries out. Two worlds of chance:

- **eligible bidders**: each award goes to one of those who could have had it, all alike: its own bidders
  where they are on record, else all who had or sought an award of the same category and size. It asks
  whether co-ops get more than their part.
- **deliverers permuted**: within a category and size, deliverers change places among awards, so that each
  has as many. It asks whether the same two come together again more than that makes.

Ties that are repeated for reasons of trust: R. Gulati and M. Gargiulo, "Where Do Interorganizational
Networks Come From?", American Journal of Sociology 104:5 (1999). Awards of one buyer hang together:
intervals draw buyers again, with all their awards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

import numpy as np

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Booleans, Floats, Integers, Network
from interlock.methods.network.measure import Measure, chance, interval, ratio

ELIGIBLE = "eligible-bidders"
PERMUTED = "deliverers-permuted"
WILD_CLUSTER = "wild-cluster"
BUYER_BOOTSTRAP = "buyer-bootstrap"
_YEAR = 365


@dataclass(frozen=True)
class Award:
    """A project that a deliverer carries out for a buyer; both are ids of institutions.

    `amount` is money in minor units, None where it is not known. `bidders` are who could have had it,
    where that is on record. `outcomes` are numbers such as days late, by name.
    """

    buyer: str
    deliverer: str
    day: date
    amount: int | None = None
    currency: str = ""
    category: str = ""
    bidders: frozenset[str] = frozenset()
    outcomes: Mapping[str, float] = field(default_factory=dict)


def size_of(amount: int | None) -> int:
    """Awards of one size: half an order of magnitude, -1 where the amount is not known or 0.

    >>> size_of(100), size_of(316), size_of(317), size_of(None)
    (4, 4, 5, -1)
    """
    return math.floor(2 * math.log10(amount)) if amount else -1


def in_order(awards: Iterable[Award]) -> list[Award]:
    """By day, buyer and whatever else they say: one order, in whichever they are given."""
    return sorted(
        awards,
        key=lambda one: (
            *(one.day, one.buyer, one.deliverer, one.category),
            -1 if one.amount is None else one.amount,
            *(one.currency, sorted(one.bidders), sorted(one.outcomes.items())),
        ),
    )


def eligible(awards: Sequence[Award]) -> list[frozenset[str]]:
    """Who could have had each: its bidders and its deliverer, where bidders are on record.

    Else all who had or sought an award of the same category and size.

    >>> day = date(2026, 1, 1)
    >>> told = eligible([Award("city", "tree", day), Award("city", "oak", day, bidders=frozenset({"elm"}))])
    >>> sorted(told[0]), sorted(told[1])
    (['elm', 'oak', 'tree'], ['elm', 'oak'])
    """
    keys = [(one.category, size_of(one.amount)) for one in awards]
    pools: dict[tuple[str, int], set[str]] = {}
    for one, key in zip(awards, keys, strict=True):
        pools.setdefault(key, set()).update(one.bidders, [one.deliverer])
    return [
        frozenset((one.bidders | {one.deliverer}) if one.bidders else pools[key])
        for one, key in zip(awards, keys, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Awards:
    """Awards as arrays, in an order of their own; institutions are places in the network.

    `groups` tell buyers apart: in a resample each copy of one is a group of its own. `strata` number
    categories and sizes. The eligible of an award are `eligible[starts[i]:starts[i + 1]]`.
    """

    buyers: Integers
    groups: Integers
    deliverers: Integers
    days: Integers
    amounts: Floats
    strata: Integers
    eligible: Integers
    starts: Integers
    is_coop: Booleans
    recorded: float

    def __len__(self) -> int:
        return len(self.buyers)


def _read(network: Network, awards: Iterable[Award]) -> tuple[_Awards, tuple[Award, ...]]:
    rows = in_order(awards)
    if len({one.currency for one in rows if one.amount is not None}) > 1:
        raise ValueError("The awards are in several currencies: ask of one at a time.")
    for one in rows:
        for id in (one.buyer, one.deliverer, *one.bidders):
            if id not in network.place_of:
                raise ValueError(f"The institution {id} is not in the network.")
        if one.amount is not None and one.amount < 0:
            raise ValueError(f"An award of {one.buyer} has an amount below 0.")
    strata = [(one.category, size_of(one.amount)) for one in rows]
    number = {key: place for place, key in enumerate(sorted(set(strata)))}
    of = network.place_of
    places = [sorted(of[id] for id in ids) for ids in eligible(rows)]
    found = _Awards(
        buyers := np.array([of[one.buyer] for one in rows], np.int64),
        buyers,
        np.array([of[one.deliverer] for one in rows], np.int64),
        np.array([one.day.toordinal() for one in rows], np.int64),
        np.array([math.nan if one.amount is None else one.amount for one in rows], np.float64),
        np.array([number[key] for key in strata], np.int64),
        np.array([place for one in places for place in one], np.int64),
        np.cumsum([0, *map(len, places)]),
        network.graph.coop_side,
        ratio(sum(bool(one.bidders) for one in rows), len(rows)),
    )
    return found, tuple(rows)


def collaboration(
    network: Network, awards: Iterable[Award], drawing: Drawing = STANDARD
) -> tuple[Measure, ...]:
    """What PB's awards say of the two worlds. Only those of buyers on the PB side count.

    In this order: `joint-projects-a-year`, awards to co-ops by institutions of either world and years
    (from the first award to the last); `money-to-coops`, their sum in minor units; `share-of-awards` and
    `share-of-money` that co-ops deliver; `concentration`, Herfindahl's index of money over deliverers (1:
    one has all); `repeated-ties`, the share of awards to co-ops that the same buyer had given one before;
    `second-tie-in-a-year`, of buyers and co-ops with an award the share with a second within 365 days, by
    Kaplan and Meier (`second_tie_days` is the median). Coverage is the share of awards
    whose amount is known, where money is measured, and else of those whose bidders are on record.
    Raises ValueError for institutions that are not in the network, amounts below 0, several
    currencies, and resamples or a seed out of range.
    """
    found, _rows = _read(network, _of_pb(network, awards))
    worlds = int((network.graph.pb_side | network.graph.coop_side).sum())
    years = _years(found) * worlds
    statistics: tuple[tuple[str, Callable[[_Awards, Integers], float], str], ...] = (
        ("joint-projects-a-year", partial(_joint, years), ELIGIBLE),
        ("money-to-coops", _money, ELIGIBLE),
        ("share-of-awards", _share_of_awards, ELIGIBLE),
        ("share-of-money", _share_of_money, ELIGIBLE),
        ("concentration", _concentration, ELIGIBLE),
        ("repeated-ties", _repeated, PERMUTED),
        ("second-tie-in-a-year", _second_in_a_year, PERMUTED),
    )
    asked = tuple(statistic for _name, statistic, _null in statistics)
    nulls = {
        null: drawing.drawn(
            partial(_of_chance, found, null, asked), numbers=40 * len(found) + 1, purpose=purpose
        )
        for purpose, null in enumerate((ELIGIBLE, PERMUTED))
    }
    again = drawing.drawn(
        partial(_buyers_again, found, asked), numbers=40 * len(found) + 1, purpose=2
    )
    priced = float(np.isfinite(found.amounts).mean()) if len(found) else math.nan
    told = []
    for place, (name, statistic, null) in enumerate(statistics):
        value = statistic(found, found.deliverers)
        is_money = name in ("money-to-coops", "share-of-money", "concentration")
        told.append(
            Measure(
                name,
                value,
                "awards",
                len(found),
                priced if is_money else found.recorded,
                chance(value, nulls[null][:, place], null, drawing.level),
                interval(again[:, place], BUYER_BOOTSTRAP, drawing.level),
                drawing.level,
            )
        )
    return tuple(told)


def _of_pb(network: Network, awards: Iterable[Award]) -> list[Award]:
    of, pb = network.place_of, network.graph.pb_side
    return [one for one in awards if one.buyer not in of or pb[of[one.buyer]]]


def _years(found: _Awards) -> float:
    return (int(found.days.max()) - int(found.days.min()) + 1) / 365.25 if len(found) else 0.0


def _joint(institution_years: float, found: _Awards, deliverers: Integers) -> float:
    return ratio(int(found.is_coop[deliverers].sum()), institution_years)


def _money(found: _Awards, deliverers: Integers) -> float:
    known = np.nan_to_num(found.amounts)
    return float(known[found.is_coop[deliverers]].sum()) if len(found) else math.nan


def _share_of_awards(found: _Awards, deliverers: Integers) -> float:
    return float(found.is_coop[deliverers].mean()) if len(found) else math.nan


def _share_of_money(found: _Awards, deliverers: Integers) -> float:
    return ratio(_money(found, deliverers), float(np.nansum(found.amounts)))


def _concentration(found: _Awards, deliverers: Integers) -> float:
    sums = np.bincount(deliverers, np.nan_to_num(found.amounts))
    return ratio(float((sums**2).sum()), float(sums.sum()) ** 2)


def _pairs(found: _Awards, deliverers: Integers) -> tuple[Integers, Integers]:
    """Awards to co-ops by the two who meet, then by day: a number for the two, and the days."""
    chosen = np.flatnonzero(found.is_coop[deliverers] & (found.buyers != deliverers))
    keys = found.groups[chosen] * len(found.is_coop) + deliverers[chosen]
    order = np.lexsort((found.days[chosen], keys))
    return keys[order], found.days[chosen][order]


def _repeated(found: _Awards, deliverers: Integers) -> float:
    keys = _pairs(found, deliverers)[0]
    return 1 - ratio(len(np.unique(keys)), len(keys))


def _waits(found: _Awards, deliverers: Integers) -> tuple[Integers, Booleans]:
    """Of each two who met: days to the second award, or to the last of all where there is none."""
    keys, days = _pairs(found, deliverers)
    _each, starts, counts = np.unique(keys, return_index=True, return_counts=True)
    again = counts > 1
    seconds = days[np.minimum(starts + 1, max(len(days) - 1, 0))]
    return np.where(again, seconds, found.days.max(initial=0)) - days[starts], again


def _second_in_a_year(found: _Awards, deliverers: Integers) -> float:
    waits, again = _waits(found, deliverers)
    if not len(waits):
        return math.nan
    return 1 - min((left for wait, left in survival(waits, again) if wait <= _YEAR), default=1.0)


def second_tie_days(network: Network, awards: Iterable[Award]) -> float:
    """The median days to a second award of the same two, by Kaplan and Meier; NaN if half never have one.

    Raises ValueError as `collaboration` does.
    """
    found = _read(network, _of_pb(network, awards))[0]
    curve = survival(*_waits(found, found.deliverers))
    return next((float(wait) for wait, left in curve if left <= 0.5 + 1e-12), math.nan)


def survival(waits: Integers, ended: Booleans) -> list[tuple[int, float]]:
    """The share that has not ended after each wait that ended (Kaplan and Meier, JASA 53, 1958).

    Those that have not ended are known to have waited so long and no more.

    >>> survival(np.array([2, 4, 6, 9]), np.array([True, False, True, True]))
    [(2, 0.75), (6, 0.375), (9, 0.0)]
    """
    left, curve = 1.0, []
    for rank, place in enumerate(np.lexsort((~ended, waits))):
        if ended[place]:
            left *= 1 - 1 / (len(waits) - rank)
            curve.append((int(waits[place]), left))
    return curve


def _of_chance(
    found: _Awards,
    null: str,
    statistics: Sequence[Callable[[_Awards, Integers], float]],
    rng: np.random.Generator,
    number: int,
) -> Floats:
    told = []
    many = np.diff(found.starts)
    for _draw in range(number):
        if null == ELIGIBLE:
            chosen = found.starts[:-1] + (rng.random(len(found)) * many).astype(np.int64)
            deliverers = found.eligible[chosen]
        else:
            # By strata, and within one in an order of chance, beside by strata alone.
            to = np.lexsort((rng.random(len(found)), found.strata))
            deliverers = np.empty_like(found.deliverers)
            deliverers[np.argsort(found.strata, kind="stable")] = found.deliverers[to]
        told.append([statistic(found, deliverers) for statistic in statistics])
    return np.array(told, np.float64).reshape(number, len(statistics))


def _buyers_again(
    found: _Awards,
    statistics: Sequence[Callable[[_Awards, Integers], float]],
    rng: np.random.Generator,
    number: int,
) -> Floats:
    buyers = np.unique(found.buyers)
    awards = [np.flatnonzero(found.buyers == buyer) for buyer in buyers]
    told = []
    for _draw in range(number):
        drawn = rng.integers(0, max(len(buyers), 1), len(buyers)).tolist()
        rows = np.concatenate([awards[one] for one in drawn] or [np.array([], np.int64)])
        copies = [np.full(len(awards[one]), place) for place, one in enumerate(drawn)]
        part = _Awards(
            found.buyers[rows],
            np.concatenate(copies or [rows]),
            found.deliverers[rows],
            found.days[rows],
            found.amounts[rows],
            found.strata[rows],
            found.eligible,
            found.starts,
            found.is_coop,
            found.recorded,
        )
        told.append([statistic(part, part.deliverers) for statistic in statistics])
    return np.array(told, np.float64).reshape(number, len(statistics))


def outcome_difference(
    network: Network, awards: Iterable[Award], outcome: str, drawing: Drawing = STANDARD
) -> Measure:
    """How co-ops' awards went less others', matched exactly by category and size.

    In each category and size with both, the difference of means; then their mean, weighted by the co-ops'
    awards. Chance: signs of whole buyers are drawn (A. C. Cameron, J. Gelbach and D. Miller's wild
    cluster bootstrap with the null imposed, Review of Economics and Statistics 90:3, 2008); fewer than
    about eight buyers leave too few worlds for a finding. The interval draws buyers again. `n` are the
    awards matched, coverage their share of all. Matching is by two things: others may stand behind what
    is left. Raises ValueError as `collaboration` does.
    """
    found, rows = _read(network, awards)
    y = np.array([one.outcomes.get(outcome, math.nan) for one in rows], np.float64)
    known = np.isfinite(y)
    treated = found.is_coop[found.deliverers]
    buyers = np.unique(found.buyers, return_inverse=True)[1]
    cells = _Cells(found.strata[known], treated[known], y[known], buyers[known])
    value, parts, used = _matched(cells, np.ones(len(cells.outcomes)))
    coverage = ratio(int(used.sum()), len(rows))
    beside = near = None
    if math.isfinite(value):
        scores = np.bincount(cells.buyers, parts).astype(np.float64)
        drawn = drawing.drawn(partial(signed, scores), numbers=len(scores))
        beside = chance(value, drawn, WILD_CLUSTER, drawing.level)
        again = drawing.drawn(partial(_matched_again, cells), numbers=40 * len(rows), purpose=1)
        near = interval(again, BUYER_BOOTSTRAP, drawing.level)
    name = f"difference-of-{outcome}"
    many = int(used.sum())
    return Measure(name, value, "awards", many, coverage, beside, near, drawing.level)


@dataclass(frozen=True, eq=False)
class _Cells:
    strata: Integers
    treated: Booleans
    outcomes: Floats
    buyers: Integers


def _matched(cells: _Cells, copies: Floats) -> tuple[float, Floats, Booleans]:
    """The matched difference, each award's part of it under the null, and which awards are matched."""
    if not len(cells.strata):
        return math.nan, cells.outcomes, cells.treated
    strata, treated, y = cells.strata, cells.treated, cells.outcomes
    many = int(strata.max()) + 1
    ours = np.bincount(strata, copies * treated, many)
    others = np.bincount(strata, copies * ~treated, many)
    used = (ours > 0) & (others > 0)
    total = float(ours[used].sum())
    if not total:
        return math.nan, np.zeros(len(y)), np.zeros(len(y), np.bool_)
    share = np.where(used, ours / np.maximum(others, 1e-300), 0.0)
    weights = np.where(treated, 1.0, -share[strata]) * used[strata] * copies / total
    means = np.bincount(strata, copies * y, many) / np.maximum(ours + others, 1e-300)
    parts = weights * (y - means[strata])
    return float(parts.sum()), parts, used[strata] & (copies > 0)


def signed(scores: Floats, rng: np.random.Generator, number: int) -> Floats:
    """The sum of the scores, each with a sign drawn by lot: a number a resample."""
    signs = rng.integers(0, 2, (number, len(scores))) * 2 - 1
    found: Floats = (signs * scores).sum(axis=1)
    return found


def _matched_again(cells: _Cells, rng: np.random.Generator, number: int) -> Floats:
    many = int(cells.buyers.max()) + 1
    drawn = (np.bincount(rng.integers(0, many, many), minlength=many) for _draw in range(number))
    return np.array([_matched(cells, copies[cells.buyers].astype(float))[0] for copies in drawn])
