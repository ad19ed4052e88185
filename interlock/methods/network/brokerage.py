"""Who stands between others, and how far the network hangs on them.

- Burt's constraint: how far somebody's contacts are tied to each other; little of it is a broker's place
  (R. Burt, "Structural Holes", 1992).
- The roles of R. Gould and R. Fernandez ("Structures of Mediation", Sociological Methodology 19, 1989) for
  ties without direction: of two who are not tied to each other and whom a third joins, all three are
  of one kind (coordinator), only the two are (itinerant), the third is of the kind of one of them
  (gatekeeper), or all are of three kinds (liaison).
- The bridging share: institutions of one world with a tie to the other.
- What remains joined when those with most ties are gone, beside as many gone at random (R. Albert,
  H. Jeong and A.-L. Barabási, Nature 406, 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from interlock.methods.blocks import generator
from interlock.methods.network.betweenness import betweenness
from interlock.methods.network.cohesion import joined_worlds
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Graph, Integers, simple
from interlock.methods.network.measure import Measure, chance, ratio
from interlock.methods.network.mixing import ACROSS
from interlock.methods.network.nulls import (
    KIND_PERMUTATION,
    STUB_SHUFFLE,
    of_shuffled_graphs,
    permuted_kinds,
)

ROLES = ("coordinator", "itinerant", "gatekeeper", "liaison")
RANDOM_REMOVAL = "random-removal"
TOP = 10
DRAWN = STANDARD.of(100)
REMOVED = 0.05
MOST_TRIADS = 1_000_000


def constraint(graph: Graph) -> Floats:
    """Burt's constraint of each institution; NaN where it has no tie.

    c_i = Σ_j (p_ij + Σ_q p_iq p_qj)² over its contacts j, where p_ij is 1 by the number of i's contacts.

    >>> from interlock.methods.network.graph import simple
    >>> star = simple(np.zeros(4, int), np.array([[0, 1], [0, 2], [0, 3]]))
    >>> constraint(star).round(3).tolist()
    [0.333, 1.0, 1.0, 1.0]
    """
    degrees = graph.degrees.astype(np.float64)
    shares = sparse.diags_array(1 / np.maximum(degrees, 1)) @ graph.adjacency
    invested = shares + (shares @ shares) * (graph.adjacency > 0)
    found: Floats = np.asarray(invested.multiply(invested).sum(axis=1)).ravel()
    return np.where(degrees > 0, found, np.nan)


def bridging_share(graph: Graph) -> float:
    """Of the institutions of either world that have a tie, the share with one to the other world.

    >>> from interlock.methods.network.graph import simple
    >>> bridging_share(simple(np.array([0, 0, 1, 3]), np.array([[0, 1], [1, 2], [2, 3]])))
    0.6666666666666666
    """
    one, other = graph.pairs.T
    bridges = np.zeros(len(graph), np.bool_)
    bridges[graph.pairs[ACROSS[graph.kinds[one], graph.kinds[other]]].ravel()] = True
    tied = (graph.degrees > 0) & (graph.pb_side | graph.coop_side)
    return float(bridges.sum() / tied.sum()) if tied.any() else float("nan")


def across_shares(graph: Graph) -> Floats:
    """Of each institution's ties, the share that joins the two worlds; NaN where it has none."""
    one, other = graph.pairs.T
    crossing = graph.pairs[ACROSS[graph.kinds[one], graph.kinds[other]]]
    many = np.bincount(crossing.ravel(), minlength=len(graph))
    found: Floats = many / np.where(graph.degrees > 0, graph.degrees, np.nan)
    return found


@dataclass(frozen=True, eq=False)
class OpenTriads:
    """Two who are not tied to each other, and a third that joins them: `ends` (2, n) and `brokers` (n)."""

    graph: Graph
    ends: Integers
    brokers: Integers

    @cached_property
    def roles(self) -> Integers:
        """How often each institution (a row) has each of `ROLES` (a column)."""
        found = _roles(self.graph.kinds[None].astype(np.int8), self)[0]
        codes = self.brokers * len(ROLES) + found
        many = np.bincount(codes, minlength=len(self.graph) * len(ROLES))
        return many.reshape(len(self.graph), len(ROLES)).astype(np.int64)


def open_triads(graph: Graph) -> OpenTriads:
    """All of a network: as many as half the squares of degrees, so a list for some 50,000 ties."""
    adjacency = graph.adjacency.sorted_indices()
    degrees, contacts = np.diff(adjacency.indptr), adjacency.indices.astype(np.int64)
    owners = np.repeat(np.arange(len(graph)), degrees)
    # Each contact with each later one of the same institution.
    later = adjacency.indptr[1:][owners] - np.arange(len(contacts)) - 1
    first = np.repeat(np.arange(len(contacts)), later)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(later) - later, later)
    ends = np.stack([contacts[first], contacts[second]])
    keys = graph.pairs[:, 0] * len(graph) + graph.pairs[:, 1]
    is_open = ~np.isin(ends[0] * len(graph) + ends[1], keys)
    return OpenTriads(graph, ends[:, is_open], owners[first][is_open])


def _roles(kinds: NDArray[np.int8], triads: OpenTriads) -> NDArray[np.int8]:
    """The place in `ROLES` of each triad, for each row of kinds."""
    one, other = (np.take(kinds, end, axis=1) for end in triads.ends)
    broker = np.take(kinds, triads.brokers, axis=1)
    touches = (broker == one) | (broker == other)
    found: NDArray[np.int8] = (2 * (one != other) + 1 - touches).astype(np.int8)
    return found


def _some(triads: OpenTriads, seed: int) -> OpenTriads:
    if len(triads.brokers) <= MOST_TRIADS:
        return triads
    chosen = generator(seed).choice(len(triads.brokers), MOST_TRIADS, replace=False)
    return OpenTriads(triads.graph, triads.ends[:, chosen], triads.brokers[chosen])


def _role_shares(triads: OpenTriads, rng: np.random.Generator, number: int) -> Floats:
    return _counted(_roles(permuted_kinds(triads.graph, rng, number), triads))


def _counted(roles: NDArray[Any]) -> Floats:
    codes = roles + np.arange(len(roles))[:, None] * len(ROLES)
    many = np.bincount(codes.ravel(), minlength=len(roles) * len(ROLES)).reshape(-1, len(ROLES))
    shares: Floats = many / max(roles.shape[1], 1)
    return shares


@dataclass(frozen=True, eq=False)
class Brokers:
    """What each institution is to others; arrays have an entry an institution.

    `betweenness` is by all pairs, `between_worlds` by pairs of one of PB and one of the co-ops; `errors`
    and `errors_between_worlds` are their standard errors, 0 where they are exact. `roles` has a column
    each of `ROLES`.
    """

    degrees: Integers
    betweenness: Floats
    errors: Floats
    between_worlds: Floats
    errors_between_worlds: Floats
    constraint: Floats
    across_shares: Floats
    roles: Integers


def brokers(graph: Graph, drawing: Drawing = STANDARD, *, pivots: int | None = None) -> Brokers:
    """Each institution's place between others. `pivots` as in `betweenness`."""
    everybody, worlds = (
        betweenness(
            graph,
            between_worlds=between_worlds,
            pivots=pivots,
            seed=drawing.seed,
            executor=drawing.executor,
        )
        for between_worlds in (False, True)
    )
    return Brokers(
        graph.degrees,
        everybody.values,
        everybody.errors,
        worlds.values,
        worlds.errors,
        constraint(graph),
        across_shares(graph),
        open_triads(graph).roles,
    )


def brokerage(
    graph: Graph, drawing: Drawing = STANDARD, *, removed: float = REMOVED
) -> tuple[Measure, ...]:
    """Roles as shares of all open triads, the bridging share, and what holds without the most tied.

    Roles are set beside kinds dealt anew, the bridging share beside shuffled stubs, and the share of
    pairs of the two worlds still joined without the `removed` share of institutions (one at least)
    that have most ties, beside as many removed at random. Of more than `MOST_TRIADS` so many are drawn,
    and coverage is their share. Raises ValueError for a share that is not
    above 0 and below 1, and for resamples or a seed out of range.
    """
    if not 0 < removed < 1:
        raise ValueError("A share of institutions is above 0 and below 1.")
    every, level = open_triads(graph), drawing.level
    triads = _some(every, drawing.seed)
    many, ties = len(triads.brokers), len(graph.pairs)
    seen = ratio(many, len(every.brokers))
    shares = _counted(_roles(graph.kinds[None].astype(np.int8), triads))[0]
    permuted = drawing.drawn(partial(_role_shares, triads), numbers=3 * many + len(graph))
    found = []
    for place, role in enumerate(ROLES):
        value = float(shares[place]) if many else float("nan")
        beside = chance(value, permuted[:, place], KIND_PERMUTATION, level)
        found.append(Measure(role, value, "triads", many, seen, beside, level=level))
    shuffled = drawing.drawn(
        partial(of_shuffled_graphs, graph, (bridging_share,)), numbers=2 * ties, purpose=1
    )
    bridging = bridging_share(graph)
    beside = chance(bridging, shuffled[:, 0], STUB_SHUFFLE, level)
    found.append(
        Measure("bridging-share", bridging, "ties", ties, graph.coverage, beside, level=level)
    )
    gone = min(max(1, round(removed * len(graph))), len(graph))
    left = joined_worlds(_without(graph, np.argsort(-graph.degrees, kind="stable")[:gone]))
    random = drawing.drawn(partial(_randomly_without, graph, gone), numbers=2 * ties, purpose=2)
    beside = chance(left, random, RANDOM_REMOVAL, level)
    found.append(
        Measure("joined-without-hubs", left, "ties", ties, graph.coverage, beside, level=level)
    )
    return tuple(found)


def _without(graph: Graph, gone: Integers) -> Graph:
    """Without some institutions and their ties."""
    stays = np.ones(len(graph), np.bool_)
    stays[gone] = False
    place = np.cumsum(stays) - 1
    return simple(graph.kinds[stays], place[graph.pairs[stays[graph.pairs].all(axis=1)]])


def _randomly_without(graph: Graph, gone: int, rng: np.random.Generator, number: int) -> Floats:
    left = (rng.permutation(len(graph))[:gone] for _draw in range(number))
    return np.array([joined_worlds(_without(graph, one)) for one in left])


def top_kept(
    graph: Graph, drawing: Drawing = DRAWN, *, share: float = 0.1, top: int = TOP
) -> Floats:
    """How much of the top by betweenness stays at the top without a share of the ties: a value a draw.

    1 is all of it. Where it is low, names of "the brokers" are not to be told.
    """
    numbers = 2**14 + len(graph.pairs)
    return drawing.drawn(partial(_tops_kept, graph, share, top), numbers=numbers)


def _tops_kept(
    graph: Graph, share: float, top: int, rng: np.random.Generator, number: int
) -> Floats:
    first = _top(graph, top)
    kept = []
    for _draw in range(number):
        stays = np.ones(len(graph.pairs), np.bool_)
        stays[rng.permutation(len(stays))[: round(share * len(stays))]] = False
        kept.append(len(first & _top(graph.where(stays), top)) / max(len(first), 1))
    return np.array(kept)


def _top(graph: Graph, top: int) -> set[int]:
    values = betweenness(graph).values
    # Equal ones by their place, so that the same network has the same top.
    order = np.lexsort((np.arange(len(graph)), -values))[:top]
    return {int(place) for place in order if values[place] > 0}
