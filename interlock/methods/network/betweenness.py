"""Betweenness: how many shortest chains of others run through an institution.

U. Brandes, "A Faster Algorithm for Betweenness Centrality", Journal of Mathematical Sociology 25:2
(2001), for many sources at a time: a level of all their searches is one product of matrices, and of sparse
ones where searches go deep. Up to `MOST_EXACT` institutions every one is a source; beyond, some drawn at random are (pivots), and each
value has its standard error (U. Brandes and C. Pich, "Centrality Estimation in Large Networks",
International Journal of Bifurcation and Chaos 17:7, 2007). Sources are cut in blocks, which any executor
may share, and added in their order, so that the last bit is the same.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import sparse

from interlock.methods.blocks import generator
from interlock.methods.network.graph import Booleans, Floats, Graph, Integers

MOST_EXACT = 20_000
PIVOTS = 1_000

# A block's searches hold so many numbers, which fit near the processor, and at most so many sources.
_BLOCK_NUMBERS = 2**18
_MOST_SOURCES = 64
# Each level of a full search takes all ties. Where it goes deeper, it takes those of its front.
_SHALLOW = 24


@dataclass(frozen=True, eq=False)
class Betweenness:
    """A share of all pairs each: of shortest chains between them, how many run through it.

    Where there are several shortest chains between two, each counts its part. `errors` are standard
    errors, 0 where all sources were taken; `sources` of `out_of` were. Of values near 0, which few
    sources make, estimated errors are too small as often as not.
    """

    values: Floats
    errors: Floats
    sources: int
    out_of: int

    @property
    def is_exact(self) -> bool:
        """Whether every source was taken."""
        return self.sources == self.out_of


def betweenness(
    graph: Graph,
    *,
    between_worlds: bool = False,
    pivots: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
) -> Betweenness:
    """Of each institution, by pairs of all others, or of one of PB and one of the co-ops.

    Pairs of all: (n - 1)(n - 2) / 2, as is usual. `between_worlds` counts only chains that begin on the
    PB side and end on the co-op side, as a share of those pairs, which are never one institution twice.
    `pivots` is how many sources are drawn; None takes all up to `MOST_EXACT` institutions, and
    `PIVOTS` beyond. Raises ValueError for fewer than two pivots.

    >>> from interlock.methods.network.graph import simple
    >>> chain = simple(np.array([0, 3, 1]), np.array([[0, 1], [1, 2]]))
    >>> betweenness(chain).values.tolist(), betweenness(chain, between_worlds=True).values.tolist()
    ([0.0, 1.0, 0.0], [0.0, 1.0, 0.0])
    """
    if pivots is not None and pivots < 2:
        raise ValueError("Two pivots or more are needed.")
    everybody = np.ones(len(graph), np.bool_)
    sources = np.flatnonzero(graph.pb_side if between_worlds else everybody)
    ends = graph.coop_side if between_worlds else everybody
    if between_worlds:
        pairs = float(len(sources) * int(ends.sum()) - int((graph.pb_side & ends).sum()))
    else:
        pairs = float((len(graph) - 1) * (len(graph) - 2))
    if pivots is None:
        pivots = len(sources) if len(graph) <= MOST_EXACT else PIVOTS
    chosen = sources
    if pivots < len(sources):
        chosen = np.sort(generator(seed).choice(sources, pivots, replace=False))
    return _estimate(graph, chosen, len(sources), ends, pairs, executor)


def _estimate(
    graph: Graph,
    chosen: Integers,
    out_of: int,
    ends: Booleans,
    pairs: float,
    executor: Executor | None,
) -> Betweenness:
    size = max(1, min(_MOST_SOURCES, _BLOCK_NUMBERS // max(len(graph), 1)))
    blocks = [chosen[at : at + size] for at in range(0, len(chosen), size)]
    work = partial(_dependencies, graph.adjacency, ends.astype(np.float64))
    total, squares = np.zeros(len(graph)), np.zeros(len(graph))
    for found in map(work, blocks) if executor is None else executor.map(work, blocks):
        total += found[0]
        squares += found[1]
    many, errors = len(chosen), np.zeros(len(graph))
    if many < out_of:
        variance = np.maximum(squares - total * total / many, 0.0) / (many - 1)
        errors = out_of * np.sqrt(variance / many * (1 - many / out_of))
        total *= out_of / many
    unit = pairs if pairs > 0 else np.nan
    return Betweenness(total / unit, errors / unit, many, out_of)


def _dependencies(adjacency: sparse.csr_array, ends: Floats, sources: Integers) -> Floats:
    """The sums over sources of what depends on each institution, and of its squares."""
    depends = _shallow(adjacency, ends, sources)
    if depends is None:
        depends = _deep(adjacency, ends, sources)
    return np.stack([depends.sum(axis=1), (depends * depends).sum(axis=1)])


def _shallow(adjacency: sparse.csr_array, ends: Floats, sources: Integers) -> Floats | None:
    """What depends on each institution (a row) of each search (a column); None where one goes deep."""
    searches = np.arange(len(sources))
    chains = np.zeros((len(ends), len(sources)))
    chains[sources, searches] = 1.0
    front, unseen = chains, chains == 0
    levels = [~unseen]
    while True:
        front = adjacency @ front
        front *= unseen
        fresh = front > 0
        if not fresh.any():
            break
        if len(levels) > _SHALLOW:
            return None
        unseen &= ~fresh
        chains += front
        levels.append(fresh)
    depends, parts_of = np.zeros_like(chains), 1 / np.where(unseen, 1.0, chains)
    # The last step back would lead to the sources, on which nothing depends.
    for level in range(len(levels) - 1, 1, -1):
        parts = (depends + ends[:, None]) * parts_of
        parts *= levels[level]
        back = adjacency @ parts
        back *= chains
        back *= levels[level - 1]
        depends += back
    return depends


def _deep(adjacency: sparse.csr_array, ends: Floats, sources: Integers) -> Floats:
    """The same, for searches of many levels with few institutions each.

    Numbers of all searches lie in one row after the other, so that a place there is a search and an
    institution. A search is a row of a sparse matrix: the institutions it just came to, each with the
    number of shortest chains that lead there.
    """
    rows, many = len(sources), adjacency.shape[0]
    starts = np.arange(rows) * many
    chains, level_of = np.zeros(rows * many), np.full(rows * many, -1, np.int32)
    places = starts + sources
    chains[places], level_of[places] = 1.0, 0
    front = sparse.csr_array((np.ones(rows), sources, np.arange(rows + 1)), shape=(rows, many))
    fronts = [(front, places)]
    while True:
        next_ = front @ adjacency
        places = _places(next_, starts)
        new = level_of[places] < 0
        if not new.any():
            break
        found, places = next_.data[new], places[new]
        chains[places], level_of[places] = found, len(fronts)
        bounds = np.concatenate([[0], np.cumsum(new)])[next_.indptr]
        front = sparse.csr_array((found, next_.indices[new], bounds), shape=(rows, many))
        fronts.append((front, places))
    depends = np.zeros(rows * many)
    weights = np.tile(ends, rows)
    for level in range(len(fronts) - 1, 1, -1):
        front, places = fronts[level]
        parts = (weights[places] + depends[places]) / chains[places]
        back = sparse.csr_array((parts, front.indices, front.indptr), shape=front.shape) @ adjacency
        places = _places(back, starts)
        is_before = level_of[places] == level - 1
        places = places[is_before]
        depends[places] += chains[places] * back.data[is_before]
    return depends.reshape(rows, many).T


def _places(found: sparse.csr_array, starts: Integers) -> Integers:
    places: Integers = np.repeat(starts, np.diff(found.indptr)) + found.indices
    return places
