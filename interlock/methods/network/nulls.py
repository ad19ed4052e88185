"""Worlds in which only chance is at work, and networks drawn again.

- **kind permutation**: the ties stay, and the kinds are dealt anew to all institutions, tied or not.
  It asks whether it matters who is of which kind.
- **stub shuffle**: the institutions keep their kinds and how many ties each has, and the ends of all
  ties are joined anew (M. Molloy and B. Reed's configuration model, 1995; M. E. J. Newman, "Networks",
  2nd ed., 2018, chapter 12). It asks whether it matters who is tied to whom. A tie of an institution with
  itself, which can come out, counts for nothing; the same two may come out tied twice.

The two answer different questions and differ much where one kind has most of the ties, so that every
measure names its null. Intervals are of the **vertex bootstrap** (T. Snijders and S. Borgatti,
"Non-Parametric Standard Errors and Tests for Network Statistics", Connections 22:2, 1999): institutions
are drawn with replacement, and ties between two copies of one are left out of the sums.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from interlock.methods.network.graph import Floats, Graph, Integers, simple

KIND_PERMUTATION = "kind-permutation"
STUB_SHUFFLE = "stub-shuffle"
VERTEX_BOOTSTRAP = "vertex-bootstrap"

Shuffled = NDArray[np.int32]


def permuted_kinds(graph: Graph, rng: np.random.Generator, number: int) -> NDArray[np.int8]:
    """The kinds dealt anew: a row a resample."""
    kinds = graph.kinds.astype(np.int8)
    return np.stack([kinds[rng.permutation(len(kinds))] for _draw in range(number)])


def shuffled_stubs(graph: Graph, rng: np.random.Generator, number: int) -> Shuffled:
    """The ends of ties joined anew: axes resample, tie, end."""
    stubs = graph.pairs.ravel().astype(np.int32)
    rows = [stubs[rng.permutation(len(stubs))] for _draw in range(number)]
    return np.stack(rows).reshape(number, len(graph.pairs), 2)


def vertex_copies(graph: Graph, rng: np.random.Generator, number: int) -> Integers:
    """How often each institution is drawn: a row a resample."""
    size = len(graph)
    drawn = rng.integers(0, max(size, 1), (number, size)) + np.arange(number)[:, None] * size
    copies = np.bincount(drawn.ravel(), minlength=number * size)
    return copies.reshape(number, size).astype(np.int64)


def of_shuffled_graphs(
    graph: Graph,
    statistics: tuple[Callable[[Graph], float], ...],
    rng: np.random.Generator,
    number: int,
) -> Floats:
    """Statistics of graphs whose stubs are shuffled, a row each: for what is no sum over ties."""
    ends = shuffled_stubs(graph, rng, number).astype(np.int64)
    graphs = (simple(graph.kinds, one) for one in ends)
    return np.array([[statistic(one) for statistic in statistics] for one in graphs], np.float64)
