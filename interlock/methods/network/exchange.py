"""Needs and offers: how much of what is needed others could give, and what nobody offers.

A need of a term is met by an offer of the same term at another institution. Amounts are whole numbers,
and the most that can be met at once is a maximum flow (E. A. Dinic, 1970; SciPy's); where every amount is
1 it is a maximum matching. Complementarity as dissimilar activities that need each other is
G. B. Richardson's ("The Organisation of Industry", The Economic Journal 82, 1972).

Chance is asked of one thing only: whether those who are *tied* have what each other needs. There the
offers of institutions are dealt anew within the same kind and place (null `offers-in-kind-and-place`).
How much could be met anywhere, in the same place, or between the two worlds is what the totals make it,
and stays the same under that shuffle; so it is described.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Booleans, Floats, Graph, Integers, Network
from interlock.methods.network.measure import Interval, Measure, chance, interval, ratio

OFFERS_DEALT = "offers-in-kind-and-place"
INSTITUTION_BOOTSTRAP = "institution-bootstrap"


class Way(StrEnum):
    """Whose offers meet whose needs: anybody's, those in the same place, of the other world, or tied."""

    ANYWHERE = "anywhere"
    PLACE = "place"
    WORLDS = "worlds"
    TIED = "tied"


@dataclass(frozen=True)
class Listing:
    """So much of a term that an institution needs, or offers."""

    institution: str
    term: str
    quantity: int = 1


@dataclass(frozen=True)
class Unmet:
    """What of a need is left, and whether anybody it may be met by offers the term at all."""

    institution: str
    term: str
    quantity: int
    is_offered: bool


@dataclass(frozen=True)
class Meeting:
    """The most that can be met at once: `met` of `needed`; `reachable` is needed and offered at all.

    Which needs are left is one of several equally good answers, the same for the same lists; how much
    is left is not.
    """

    way: Way
    needed: int
    reachable: int
    met: int
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True, eq=False)
class _Lists:
    """Listings of one side by number, those of one institution and term added together."""

    institutions: Integers
    terms: Integers
    quantities: Integers


@dataclass(frozen=True, eq=False)
class _Market:
    """What goes to other processes."""

    graph: Graph
    regions: Integers
    needs: _Lists
    offers: _Lists


def listed(network: Network) -> tuple[tuple[Listing, ...], tuple[Listing, ...]]:
    """The needs and the offers that stand with the institutions, one of each."""
    needs = (Listing(one.id, term) for one in network.institutions for term in sorted(one.needs))
    offers = (Listing(one.id, term) for one in network.institutions for term in sorted(one.offers))
    return tuple(needs), tuple(offers)


def meeting(
    network: Network, needs: Iterable[Listing], offers: Iterable[Listing], way: Way = Way.ANYWHERE
) -> Meeting:
    """The most that can be met at once in one way, and what is left.

    Raises ValueError for a listing of an institution that is not in the network, or a quantity below 1.

    >>> from interlock.methods.network.graph import Institution, Kind, network as made
    >>> two = made([Institution("city", Kind.PB), Institution("tree", Kind.COOP)], [])
    >>> found = meeting(two, [Listing("city", "print", 5), Listing("tree", "room")], [Listing("tree", "print", 3)])
    >>> found.needed, found.met, found.unmet[0]
    (6, 3, Unmet(institution='city', term='print', quantity=2, is_offered=True))
    """
    market, terms = _market(network, needs, offers)
    may = _met_by(market, way)
    met = _flow(market, may)
    offered = np.zeros(len(met), np.bool_)
    offered[may[0]] = True
    lists = market.needs
    unmet = tuple(
        Unmet(
            network.ids[lists.institutions[place]],
            terms[lists.terms[place]],
            int(lists.quantities[place] - met[place]),
            bool(offered[place]),
        )
        for place in np.flatnonzero(met < lists.quantities)
    )
    reachable = int(lists.quantities[offered].sum())
    return Meeting(way, int(lists.quantities.sum()), reachable, int(met.sum()), unmet)


def met_needs(
    network: Network,
    needs: Iterable[Listing],
    offers: Iterable[Listing],
    drawing: Drawing = STANDARD,
) -> tuple[Measure, ...]:
    """The share of needs that can be met at once in each way; by those who are tied, beside chance.

    `n` are the needs in units, coverage the share of institutions that listed a need or an offer.
    Intervals draw institutions that need something again. Raises ValueError as `meeting` does, and for
    resamples or a seed out of range.
    """
    market, _terms = _market(network, needs, offers)
    said = np.union1d(market.needs.institutions, market.offers.institutions)
    coverage = ratio(len(said), len(network))
    many = len(market.needs.quantities) + len(market.offers.quantities)
    needed = int(market.needs.quantities.sum())
    found = []
    for way in Way:
        met = _flow(market, _met_by(market, way))
        value = ratio(int(met.sum()), needed)
        beside = None
        if way == Way.TIED:
            dealt = drawing.drawn(partial(_dealt, market), numbers=1_000 + 20 * many)
            beside = chance(value, dealt, OFFERS_DEALT, drawing.level)
        near = _interval(market.needs, met, drawing)
        name = f"met-{way}"
        found.append(Measure(name, value, "needs", needed, coverage, beside, near, drawing.level))
    return tuple(found)


def _market(
    network: Network, needs: Iterable[Listing], offers: Iterable[Listing]
) -> tuple[_Market, list[str]]:
    both = list(needs), list(offers)
    terms = sorted({one.term for side in both for one in side})
    number = {term: place for place, term in enumerate(terms)}
    lists = (_lists(network, side, number) for side in both)
    return _Market(network.graph, network.regions, next(lists), next(lists)), terms


def _lists(network: Network, listings: Sequence[Listing], number: dict[str, int]) -> _Lists:
    for one in listings:
        if one.institution not in network.place_of:
            raise ValueError(f"The institution {one.institution} is not in the network.")
        if one.quantity < 1:
            raise ValueError(f"The quantity of {one.term} at {one.institution} is below 1.")
    keys = np.array(
        [network.place_of[one.institution] * len(number) + number[one.term] for one in listings],
        np.int64,
    )
    kept, places = np.unique(keys, return_inverse=True)
    quantities = np.zeros(len(kept), np.int64)
    np.add.at(quantities, places, np.array([one.quantity for one in listings], np.int64))
    institutions, terms = np.divmod(kept, max(len(number), 1))
    return _Lists(institutions, terms, quantities)


def _met_by(market: _Market, way: Way) -> tuple[Integers, Integers]:
    """Each need with each offer that may meet it: their places in the two lists."""
    needs, offers = market.needs, market.offers
    order = np.argsort(offers.terms, kind="stable")
    starts = np.searchsorted(offers.terms[order], needs.terms, "left")
    many = np.searchsorted(offers.terms[order], needs.terms, "right") - starts
    need = np.repeat(np.arange(len(needs.terms)), many)
    within = np.arange(len(need)) - np.repeat(np.cumsum(many) - many, many)
    offer = order[np.repeat(starts, many) + within]
    one, other = needs.institutions[need], offers.institutions[offer]
    may = (one != other) & _allowed(market, way, one, other)
    return need[may], offer[may]


def _allowed(market: _Market, way: Way, one: Integers, other: Integers) -> Booleans:
    graph = market.graph
    if way == Way.PLACE:
        places: Booleans = (market.regions[one] == market.regions[other]) & (
            market.regions[one] >= 0
        )
        return places
    if way == Way.WORLDS:
        pb, coop = graph.pb_side, graph.coop_side
        return (pb[one] & coop[other]) | (coop[one] & pb[other])
    if way == Way.TIED:
        keys = graph.pairs[:, 0] * len(graph) + graph.pairs[:, 1]
        return np.isin(np.minimum(one, other) * len(graph) + np.maximum(one, other), keys)
    return np.ones(len(one), np.bool_)


def _flow(market: _Market, may: tuple[Integers, Integers]) -> Integers:
    """How much of each need is met in a maximum flow: source, needs, offers, sink."""
    needs, offers = market.needs.quantities, market.offers.quantities
    many, last = len(needs), len(needs) + len(offers) + 1
    need, offer = may
    if not len(need):
        return np.zeros(many, np.int64)
    rows = [np.zeros(many, np.int64), need + 1, np.arange(len(offers)) + many + 1]
    columns = [np.arange(many) + 1, offer + many + 1, np.full(len(offers), last)]
    limits = [needs, np.minimum(needs[need], offers[offer]), offers]
    limits = np.minimum(np.concatenate(limits), np.iinfo(np.int32).max).astype(np.int32)
    ends = np.concatenate(rows), np.concatenate(columns)
    shape = (last + 1, last + 1)
    found = maximum_flow(sparse.csr_array((limits, ends), shape=shape), 0, last).flow
    flow: Integers = np.asarray(found[[0], 1 : many + 1].toarray()).ravel().astype(np.int64)
    return flow


def _strata(market: _Market) -> list[Integers]:
    """The institutions of one kind and place, where there are several."""
    keys = market.graph.kinds * (market.regions.max(initial=0) + 2) + market.regions + 1
    order = np.argsort(keys, kind="stable")
    bounds = np.flatnonzero(np.diff(keys[order])) + 1
    return [one for one in np.split(order, bounds) if len(one) > 1]


def _dealt(market: _Market, rng: np.random.Generator, number: int) -> Floats:
    """The share of needs met by the tied, where offers belong to another of the same kind and place."""
    strata, found = _strata(market), np.empty(number)
    offers, needed = market.offers, int(market.needs.quantities.sum())
    for draw in range(number):
        to = np.arange(len(market.graph))
        for one in strata:
            to[one] = rng.permutation(one)
        dealt = _Lists(to[offers.institutions], offers.terms, offers.quantities)
        other = _Market(market.graph, market.regions, market.needs, dealt)
        found[draw] = ratio(int(_flow(other, _met_by(other, Way.TIED)).sum()), needed)
    return found


def _interval(needs: _Lists, met: Integers, drawing: Drawing) -> Interval | None:
    who, places = np.unique(needs.institutions, return_inverse=True)
    sums = np.zeros((2, len(who)))
    np.add.at(sums[0], places, met)
    np.add.at(sums[1], places, needs.quantities)
    if len(who) < 2:
        return None
    drawn = drawing.drawn(partial(_again, sums), numbers=len(who), purpose=1)
    return interval(drawn, INSTITUTION_BOOTSTRAP, drawing.level)


def _again(sums: Floats, rng: np.random.Generator, number: int) -> Floats:
    chosen = rng.integers(0, sums.shape[1], (number, sums.shape[1]))
    above, below = sums[0][chosen].sum(axis=1), sums[1][chosen].sum(axis=1)
    found: Floats = above / np.where(below > 0, below, np.nan)
    return found
