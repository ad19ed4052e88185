"""One institution of a network beside chance: what the four words ask of all, asked of it alone.

One institution has few ties, so that the probability of every answer can be told exactly, and nothing is
drawn. Four worlds of chance:

- **others' kinds dealt anew**: the ties stay, and the kinds of all others change places. How many of those
  it reaches are of a world is hypergeometric.
- **offers dealt anew**, term by term: as many others offer a term as do, whoever they are. Whether any of
  those asked offers it is again hypergeometric, and the number of terms met is the sum of such trials
  (L. Le Cam's Poisson-binomial, Pacific Journal of Mathematics 10:4, 1960).
- **needs dealt anew**: the same of what it offers.
- **eligible bidders**: each award goes to one of those who could have had it, all alike (`collaboration`).

Of twenty institutions one lies outside of its band by chance alone: who looks for the one that does finds
one. It says something of an institution that was chosen beforehand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from scipy.special import gammaln

from interlock.methods.network.collaboration import ELIGIBLE, Award, eligible, in_order
from interlock.methods.network.drawing import LEVEL
from interlock.methods.network.exchange import Listing, listed
from interlock.methods.network.graph import Booleans, Floats, Integers, Kind, Network
from interlock.methods.network.measure import Measure, exactly, ratio

KINDS_DEALT = "kinds-of-others-dealt"
OFFERS_DEALT = "offers-dealt-by-term"
NEEDS_DEALT = "needs-dealt-by-term"
_NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Portrait:
    """Three of the four words of one institution; a word is empty where nothing can be measured.

    Convergence is of many: of one there are its policies, which are read and not measured.
    """

    connectivity: tuple[Measure, ...] = ()
    complementarity: tuple[Measure, ...] = ()
    collaboration: tuple[Measure, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.connectivity or self.complementarity or self.collaboration)


def portraits(
    network: Network,
    *,
    needs: Iterable[Listing] | None = None,
    offers: Iterable[Listing] | None = None,
    awards: Iterable[Award] = (),
    level: float = LEVEL,
) -> dict[str, Portrait]:
    """Of each institution of which anything can be measured, by its id.

    `own-across` is the share of those it is tied to who are of the other world (for one of both worlds or
    of neither: of either), `own-reach` the share of that world it reaches by two ties; `own-needs-tied` and
    `own-needs-worlds` the share of the terms it needs that those it is tied to, or those of the other
    world, offer; `own-offers-tied` the share of its offers that those it is tied to need; `own-awards` the
    share of its awards that went to co-ops, `own-won` the share of those it had or sought that it had.
    `n` is what they are shares of. Needs and offers that are None stand with the institutions. Raises
    ValueError for an award of somebody who is not in the network.

    >>> from interlock.methods.network.graph import Institution, Tie, network as made
    >>> who = [Institution("city", Kind.PB), *(Institution(f"tree-{n}", Kind.COOP) for n in range(3))]
    >>> found = portraits(made(who, [Tie("city", "tree-0")]))
    >>> [(one.name, one.value) for one in found["city"].connectivity]
    [('own-across', 1.0), ('own-reach', 0.3333333333333333)]
    """
    own_needs, own_offers = listed(network)
    wanted = _Terms.of(network, own_needs if needs is None else needs)
    given = _Terms.of(network, own_offers if offers is None else offers)
    near = [_beside(network, at) for at in range(len(network))]
    told = _together(network, tuple(awards), level)
    found = {}
    for at, id in enumerate(network.ids):
        world = _other_world(network, at)
        one = Portrait(
            tuple(_connectivity(at, near, world, level)),
            (
                *_met("own-needs-tied", OFFERS_DEALT, at, wanted, given, near[at], level),
                *_met(
                    "own-needs-worlds",
                    OFFERS_DEALT,
                    at,
                    wanted,
                    given,
                    np.flatnonzero(world),
                    level,
                ),
                *_met("own-offers-tied", NEEDS_DEALT, at, given, wanted, near[at], level),
            ),
            tuple(told[id]),
        )
        if one:
            found[id] = one
    return found


@dataclass(frozen=True, eq=False)
class _Terms:
    """One side of the market: what each institution has of it, and the places of those who have a term."""

    own: tuple[frozenset[str], ...]
    having: Mapping[str, Integers]

    @classmethod
    def of(cls, network: Network, listings: Iterable[Listing]) -> _Terms:
        found: Mapping[str, set[int]] = defaultdict(set)
        own: Mapping[int, set[str]] = defaultdict(set)
        for one in listings:
            place = network.place_of[one.institution]
            found[one.term].add(place)
            own[place].add(one.term)
        return cls(
            tuple(frozenset(own.get(at, ())) for at in range(len(network))),
            {term: np.array(sorted(places), np.int64) for term, places in found.items()},
        )


def _beside(network: Network, at: int) -> Integers:
    adjacency = network.graph.adjacency
    found: Integers = adjacency.indices[adjacency.indptr[at] : adjacency.indptr[at + 1]].astype(
        np.int64
    )
    return found


def _other_world(network: Network, at: int) -> Booleans:
    """The world it may be tied to: the other one, or either for who is of both or of neither."""
    graph = network.graph
    kind = network.institutions[at].kind
    if kind is Kind.PB:
        found = graph.coop_side.copy()
    elif kind is Kind.COOP:
        found = graph.pb_side.copy()
    else:
        found = graph.pb_side | graph.coop_side
    found[at] = False
    return found


def _connectivity(
    at: int, near: list[Integers], world: Booleans, level: float
) -> Iterable[Measure]:
    tied, others, theirs = near[at], len(world) - 1, int(world.sum())
    if not len(tied) or not theirs:
        return
    two = np.unique(np.concatenate([tied, *(near[one] for one in tied.tolist())]))
    two = two[two != at]
    for name, reached, of in (
        ("own-across", tied, len(tied)),
        ("own-reach", two, theirs),
    ):
        number = int(world[reached].sum())
        odds = _hypergeometric(others, theirs, len(reached))
        beside = exactly(number, odds, of, KINDS_DEALT, level)
        yield Measure(name, number / of, "institutions", of, 1.0, beside, level=level)


def _hypergeometric(all_: int, marked: int, drawn: int) -> Floats:
    """The probability of each number of marked ones among those drawn.

    As `scipy.stats.hypergeom` has it, which takes a hundred times as long.
    """
    found = np.zeros(drawn + 1)
    can = np.arange(max(0, drawn - all_ + marked), min(drawn, marked) + 1)
    ways = _log_ways(marked, can) + _log_ways(all_ - marked, drawn - can) - _log_ways(all_, drawn)
    found[can] = np.exp(ways)
    return found


def _log_ways(of: int, chosen: int | Integers) -> Floats:
    """The logarithm of how many ways there are to choose so many of so many."""
    found: Floats = (
        gammaln(of + 1) - gammaln(np.add(chosen, 1)) - gammaln(np.subtract(of, chosen) + 1)
    )
    return found


def _met(
    name: str, null: str, at: int, mine: _Terms, theirs: _Terms, asked: Integers, level: float
) -> Iterable[Measure]:
    """Of its own terms, how many some of those asked have on the other side."""
    own, others = mine.own[at], len(mine.own) - 1
    if not own or not len(asked):
        return
    number, odds = 0, []
    for term in sorted(own):
        having = theirs.having.get(term, _NOBODY)
        having = having[having != at]
        number += bool(np.isin(having, asked).any())
        odds.append(1 - float(_hypergeometric(others, len(having), len(asked))[0]))
    beside = exactly(number, _sum_of_trials(odds), len(own), null, level)
    yield Measure(name, number / len(own), "terms", len(own), 1.0, beside, level=level)


def _sum_of_trials(odds: Iterable[float]) -> Floats:
    """The probability of each number of successes, each trial having its own."""
    found: Floats = reduce(np.convolve, ([1 - one, one] for one in odds), np.ones(1))
    return found


def _together(
    network: Network, awards: tuple[Award, ...], level: float
) -> Mapping[str, list[Measure]]:
    of, coop, pb = network.place_of, network.graph.coop_side, network.graph.pb_side
    for one in awards:
        for id in (one.buyer, one.deliverer, *one.bidders):
            if id not in of:
                raise ValueError(f"The institution {id} is not in the network.")
    rows = in_order(one for one in awards if pb[of[one.buyer]])
    #: By who buys or delivers: whether it went so, its probability, whether bidders are on record.
    bought: dict[str, list[tuple[bool, float, bool]]] = defaultdict(list)
    sought: dict[str, list[tuple[bool, float, bool]]] = defaultdict(list)
    for one, ids in zip(rows, eligible(rows), strict=True):
        share = sum(bool(coop[of[id]]) for id in ids) / len(ids)
        bought[one.buyer].append((bool(coop[of[one.deliverer]]), share, bool(one.bidders)))
        if one.bidders:
            for id in sorted(ids):
                sought[id].append((id == one.deliverer, 1 / len(ids), True))
    found: dict[str, list[Measure]] = defaultdict(list)
    for name, told in (("own-awards", bought), ("own-won", sought)):
        for id, trials in told.items():
            number = sum(went for went, _share, _known in trials)
            odds = _sum_of_trials(share for _went, share, _known in trials)
            beside = exactly(number, odds, len(trials), ELIGIBLE, level)
            known = ratio(sum(known for _went, _share, known in trials), len(trials))
            measure = Measure(
                name, number / len(trials), "awards", len(trials), known, beside, level=level
            )
            found[id].append(measure)
    return found
