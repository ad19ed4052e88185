"""Who is tied to whom, by kind: the E-I index, assortativity, and ties between the two worlds.

All of them are of one table, how many ties join each kind with each other, so that one drawing of each
null serves all. Sources: D. Krackhardt and R. Stern, "Informal Networks and Organizational Crises",
Social Psychology Quarterly 51:2 (1988); M. E. J. Newman, "Mixing Patterns in Networks", Physical Review
E 67 (2003).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import KINDS, Floats, Graph, Integers, Kind
from interlock.methods.network.measure import Measure, chance, interval
from interlock.methods.network.nulls import (
    KIND_PERMUTATION,
    STUB_SHUFFLE,
    VERTEX_BOOTSTRAP,
    permuted_kinds,
    shuffled_stubs,
    vertex_copies,
)

_WORLDS = {Kind.PB: (True, False), Kind.COOP: (False, True), Kind.BOTH: (True, True)}
_SIDES = np.array([_WORLDS.get(kind, (False, False)) for kind in KINDS])
#: Which pairs of kinds join the two worlds; somebody of both joins them with any of either.
ACROSS = (_SIDES[:, :1] & _SIDES[:, 1]) | (_SIDES[:, 1:] & _SIDES[:, 0])


@dataclass(frozen=True)
class Mixed:
    """How many ties join two kinds, beside what chance gives; `one` comes first in `KINDS`."""

    one: Kind
    other: Kind
    ties: Measure


def table(graph: Graph) -> Integers:
    """How many pairs join each kind with each other, told in both directions.

    >>> from interlock.methods.network.graph import simple
    >>> table(simple(np.array([0, 0, 1]), np.array([[0, 1], [1, 2]])))[:2, :2].tolist()
    [[2, 1], [1, 0]]
    """
    one, other = graph.kinds[graph.pairs.T]
    found: Integers = _tables(one[None], other[None])[0].astype(np.int64)
    return found


def external_internal(graph: Graph) -> float:
    """The E-I index: (external - internal) / (external + internal), from -1 to 1.

    >>> from interlock.methods.network.graph import simple
    >>> external_internal(simple(np.array([0, 0, 1, 1]), np.array([[0, 2], [1, 3], [0, 1], [1, 2]])))
    0.5
    """
    return float(_external_internal(table(graph)[None])[0])


def across(graph: Graph) -> float:
    """The share of pairs that join participatory budgeting with co-operatives."""
    return float(_across(table(graph)[None])[0])


def assortativity(graph: Graph) -> float:
    """Newman's coefficient: 1 where all ties stay within a kind, 0 where kinds do not matter."""
    return float(_assortativity(table(graph)[None])[0])


def mixing(graph: Graph, drawing: Drawing = STANDARD) -> tuple[Measure, ...]:
    """The three measures, each beside both nulls, with the interval of the vertex bootstrap.

    First those by `kind-permutation`, then those by `stub-shuffle`. `n` is the number of pairs that
    are tied, and coverage the share of institutions that have a tie. Raises ValueError for a number
    of resamples or a seed out of range.

    >>> from interlock.methods.network.graph import simple
    >>> ring = simple(np.array([0, 1] * 5), np.array([[i, (i + 1) % 10] for i in range(10)]))
    >>> [(one.name, one.value, one.chance.null, one.finding.value) for one in mixing(ring)[::3]]
    [('external-internal', 1.0, 'kind-permutation', 'above-chance'), ('external-internal', 1.0, 'stub-shuffle', 'above-chance')]
    """
    numbers = 2 * len(graph.pairs) + len(graph)
    again, permuted, shuffled = (
        drawing.drawn(partial(work, graph), numbers=numbers, purpose=purpose)
        for purpose, work in enumerate((_bootstrap_tables, _permuted_tables, _shuffled_tables))
    )
    observed = table(graph)[None]
    return tuple(
        Measure(
            name,
            value := float(statistic(observed)[0]),
            "ties",
            len(graph.pairs),
            graph.coverage,
            chance(value, statistic(tables), null, drawing.level),
            interval(statistic(again), VERTEX_BOOTSTRAP, drawing.level),
            drawing.level,
        )
        for null, tables in ((KIND_PERMUTATION, permuted), (STUB_SHUFFLE, shuffled))
        for name, statistic in _STATISTICS.items()
    )


def by_kinds(graph: Graph, drawing: Drawing = STANDARD) -> tuple[Mixed, ...]:
    """The mixing table: of each two kinds that there are, how many ties join them.

    Beside it the same with the ends of all ties joined anew, each institution with as many as it has (ties
    with itself left out, and the others taken for as many as there are); the value divided by `chance.mean` is how many times as many there are as chance gives. `n` is the number
    of all pairs that are tied. Raises ValueError for a number of resamples or a seed out of range.

    >>> from interlock.methods.network.graph import simple
    >>> ring = simple(np.array([0, 1] * 5), np.array([[i, (i + 1) % 10] for i in range(10)]))
    >>> [(one.one.value, one.other.value, one.ties.value) for one in by_kinds(ring)]
    [('pb', 'pb', 0.0), ('pb', 'coop', 10.0), ('coop', 'coop', 0.0)]
    """
    shuffled = drawing.drawn(
        partial(_shuffled_tables, graph), numbers=2 * len(graph.pairs), purpose=2
    )
    # An institution's tie with itself, which comes out oftenest where one has many, counts for nothing: what is
    # left stands for as many ties as there are, else chance would seem to give few.
    left = shuffled.sum(axis=(1, 2), keepdims=True) / 2
    shuffled = len(graph.pairs) * shuffled / np.where(left > 0, left, np.nan)
    observed = table(graph)
    here = [place for place in range(len(KINDS)) if np.any(graph.kinds == place)]
    found = []
    for one in here:
        for other in here[here.index(one) :]:
            # Within a kind the table tells each pair twice.
            twice = 2 if one == other else 1
            value = float(observed[one, other] / twice)
            draws = shuffled[:, one, other] / twice
            beside = chance(value, draws, STUB_SHUFFLE, drawing.level)
            measure = Measure(
                f"ties-{KINDS[one]}-{KINDS[other]}",
                value,
                "ties",
                len(graph.pairs),
                graph.coverage,
                beside,
                level=drawing.level,
            )
            found.append(Mixed(KINDS[one], KINDS[other], measure))
    return tuple(found)


def _external_internal(tables: NDArray[Any]) -> Floats:
    internal = np.trace(tables, axis1=1, axis2=2)
    return 1 - 2 * _shares(internal, tables.sum(axis=(1, 2)))


def _across(tables: NDArray[Any]) -> Floats:
    return _shares((tables * ACROSS).sum(axis=(1, 2)), tables.sum(axis=(1, 2)))


def _assortativity(tables: NDArray[Any]) -> Floats:
    total = tables.sum(axis=(1, 2))
    internal = _shares(np.trace(tables, axis1=1, axis2=2), total)
    chance_of = (_shares(tables.sum(axis=2), total[:, None]) ** 2).sum(axis=1)
    return _shares(internal - chance_of, 1 - chance_of)


_STATISTICS: dict[str, Callable[[NDArray[Any]], Floats]] = {
    "external-internal": _external_internal,
    "across": _across,
    "assortativity": _assortativity,
}


def _shares(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    found: Floats = above / np.where(below > 0, below, np.nan)
    return found


def _tables(one: NDArray[Any], other: NDArray[Any], weights: Floats | None = None) -> Floats:
    """A table each row of kinds at the two ends of ties; ties of weight 0 count for nothing."""
    many = len(KINDS) ** 2
    codes = one * np.int64(len(KINDS)) + other + np.arange(len(one))[:, None] * many
    told = None if weights is None else weights.ravel()
    counts = np.bincount(codes.ravel(), told, minlength=len(one) * many)
    found = counts.reshape(len(one), len(KINDS), len(KINDS)).astype(np.float64)
    both: Floats = found + found.transpose(0, 2, 1)
    return both


def _permuted_tables(graph: Graph, rng: np.random.Generator, number: int) -> Floats:
    kinds = permuted_kinds(graph, rng, number)
    one, other = graph.pairs.T
    return _tables(np.take(kinds, one, axis=1), np.take(kinds, other, axis=1))


def _shuffled_tables(graph: Graph, rng: np.random.Generator, number: int) -> Floats:
    ends = shuffled_stubs(graph, rng, number)
    kinds = graph.kinds.astype(np.int8)[ends]
    joins_two = (ends[..., 0] != ends[..., 1]).astype(np.float64)
    return _tables(kinds[..., 0], kinds[..., 1], joins_two)


def _bootstrap_tables(graph: Graph, rng: np.random.Generator, number: int) -> Floats:
    copies = vertex_copies(graph, rng, number).astype(np.float64)
    one, other = graph.pairs.T
    kinds = np.broadcast_to(graph.kinds[graph.pairs.T][:, None], (2, number, len(one)))
    return _tables(kinds[0], kinds[1], copies[:, one] * copies[:, other])
