"""How far a network holds together: density, degrees, its largest component, who can reach whom.

Terms: S. Wasserman and K. Faust, "Social Network Analysis" (1994), chapter 4. How many ties there are
is no matter of chance where nulls keep their number, so density and degrees are descriptions with an
interval; what components and chains ties make is set against ties whose ends are shuffled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import sparse

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Graph
from interlock.methods.network.measure import Measure, chance, interval, ratio
from interlock.methods.network.nulls import (
    STUB_SHUFFLE,
    VERTEX_BOOTSTRAP,
    of_shuffled_graphs,
    vertex_copies,
)

STEPS = 2

# So many are looked at together: what they reach fits into memory.
_SOURCES = 1024


def density(graph: Graph) -> float:
    """The share of pairs of institutions that are tied, from 0 to 1.

    >>> from interlock.methods.network.graph import simple
    >>> density(simple(np.array([0, 0, 1, 1]), np.array([[0, 1], [1, 2], [1, 3]])))
    0.5
    """
    return ratio(len(graph.pairs), len(graph) * (len(graph) - 1) / 2)


def mean_degree(graph: Graph) -> float:
    """How many others an institution is tied to, on average."""
    return ratio(2 * len(graph.pairs), len(graph))


def largest_component(graph: Graph) -> float:
    """The share of institutions in the largest component, from 1 / n to 1."""
    return float(np.bincount(graph.components).max()) / len(graph) if len(graph) else float("nan")


def joined_worlds(graph: Graph) -> float:
    """The share of pairs of one of PB and one of the co-ops that a chain of any length joins.

    Somebody of both worlds stands on either side, in a pair with any other.

    >>> from interlock.methods.network.graph import simple
    >>> joined_worlds(simple(np.array([0, 1, 1]), np.array([[0, 1]])))
    0.5
    """
    many = int(graph.components.max()) + 1 if len(graph) else 0
    pb, coop = (
        np.bincount(graph.components[side], minlength=many)
        for side in (graph.pb_side, graph.coop_side)
    )
    both = int((graph.pb_side & graph.coop_side).sum())
    return ratio(int((pb * coop).sum()) - both, int(pb.sum()) * int(coop.sum()) - both)


def reach(graph: Graph, steps: int = STEPS) -> float:
    """The share of pairs of one of PB and one of the co-ops with a chain of so many ties at most.

    Raises ValueError for fewer than one.
    """
    if steps < 1:
        raise ValueError("A chain has one tie or more.")
    sources, coop = np.flatnonzero(graph.pb_side), np.flatnonzero(graph.coop_side)
    both = int((graph.pb_side & graph.coop_side).sum())
    many = len(sources) * len(coop) - both
    if not many:
        return float("nan")
    # Everybody is as near to themselves as to their contacts.
    near = (graph.adjacency + sparse.eye_array(len(graph), format="csr")).tocsr()
    last, found = near[:, coop], -both
    for at in range(0, len(sources), _SOURCES):
        some = sources[at : at + _SOURCES]
        if steps == 1:
            found += last[some].nnz
            continue
        reached = near[some]
        for _step in range(steps - 2):
            reached = reached @ near
        found += (reached @ last).nnz
    return found / many


def cohesion(
    graph: Graph, drawing: Drawing = STANDARD, *, steps: int = STEPS
) -> tuple[Measure, ...]:
    """Density and mean degree with their intervals; component, joined worlds and reach beside chance.

    `n` is the number of tied pairs, coverage the share of institutions that have a tie. Raises
    ValueError for a number of resamples or a seed out of range.
    """
    numbers, level = 2 * len(graph.pairs) + len(graph), drawing.level
    again = drawing.drawn(partial(_densities, graph), numbers=numbers)
    shuffled = drawing.drawn(partial(_shuffled, steps, graph), numbers=numbers, purpose=1)
    told = partial(Measure, unit="ties", n=len(graph.pairs), coverage=graph.coverage, level=level)
    degrees = interval(again * (len(graph) - 1), VERTEX_BOOTSTRAP, level)
    measures = [
        told("density", density(graph), interval=interval(again, VERTEX_BOOTSTRAP, level)),
        told("mean-degree", mean_degree(graph), interval=degrees),
    ]
    for place, (name, statistic) in enumerate(_of_chains(steps).items()):
        value = statistic(graph)
        beside = chance(value, shuffled[:, place], STUB_SHUFFLE, level)
        measures.append(told(name, value, chance=beside))
    return tuple(measures)


def _of_chains(steps: int) -> dict[str, Callable[[Graph], float]]:
    return {
        "largest-component": largest_component,
        "joined-worlds": joined_worlds,
        "reach": partial(reach, steps=steps),
    }


def _densities(graph: Graph, rng: np.random.Generator, number: int) -> Floats:
    copies = vertex_copies(graph, rng, number).astype(np.float64)
    one, other = graph.pairs.T
    tied = np.einsum("re,re->r", copies[:, one], copies[:, other])
    pairs = (copies.sum(axis=1) ** 2 - (copies**2).sum(axis=1)) / 2
    found: Floats = tied / np.where(pairs > 0, pairs, np.nan)
    return found


def _shuffled(steps: int, graph: Graph, rng: np.random.Generator, number: int) -> Floats:
    return of_shuffled_graphs(graph, tuple(_of_chains(steps).values()), rng, number)
