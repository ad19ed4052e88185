"""Ties of several kinds, and ties that are returned.

Multiplexity: how many kinds of tie join two who are tied (L. Verbrugge, "Multiplexity in Adult
Friendships", Social Forces 57:4, 1979). By itself it follows from how dense the layers are, so that it
is set beside layers whose stubs are shuffled, each for itself (`stub-shuffle-by-layer`). Reciprocity: the
share of ties from one to another with one back (S. Wasserman and K. Faust, 1994, chapter 13), beside ties
whose ends are joined anew, so that all give to as many and get from as many (`stub-shuffle-directed`).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Graph, Integers, Network, simple
from interlock.methods.network.measure import Measure, chance, ratio

BY_LAYER = "stub-shuffle-by-layer"
DIRECTED = "stub-shuffle-directed"


def multiplexity(network: Network, drawing: Drawing = STANDARD) -> Measure:
    """Kinds of tie for each two that are tied, from 1 to the number of layers; `n` are such pairs.

    >>> from interlock.methods.network.graph import Institution, Kind, Tie, network as made
    >>> two = [Institution("city", Kind.PB), Institution("tree", Kind.COOP)]
    >>> multiplexity(made(two, [Tie("city", "tree", "funds"), Tie("tree", "city", "bids_to")])).value
    2.0
    """
    layers = tuple(network.layer(kind).graph for kind in network.layers)
    value, many = _mean_layers(layers), len(network.graph.pairs)
    numbers = 2 * sum(len(one.pairs) for one in layers)
    drawn = drawing.drawn(partial(_shuffled_layers, layers), numbers=numbers)
    beside = chance(value, drawn, BY_LAYER, drawing.level)
    coverage = network.graph.coverage
    return Measure("multiplexity", value, "pairs", many, coverage, beside, level=drawing.level)


def _mean_layers(layers: tuple[Graph, ...]) -> float:
    keys = [one.pairs[:, 0] * len(one) + one.pairs[:, 1] for one in layers]
    return ratio(sum(map(len, keys)), len(np.unique(np.concatenate(keys)))) if keys else np.nan


def _shuffled_layers(layers: tuple[Graph, ...], rng: np.random.Generator, number: int) -> Floats:
    found = []
    for _draw in range(number):
        ends = (rng.permutation(one.pairs.ravel()).reshape(-1, 2) for one in layers)
        pairs = zip(layers, ends, strict=True)
        found.append(_mean_layers(tuple(simple(one.kinds, end) for one, end in pairs)))
    return np.array(found)


def reciprocity(network: Network, drawing: Drawing = STANDARD) -> Measure:
    """The share of directions between two that also go back, over all kinds of tie; `n` are directions.

    Parallel ties of one direction count once.
    """
    many = len(network)
    keys = np.unique(network.subjects * many + network.objects)
    value = _returned(keys, many)
    drawn = drawing.drawn(partial(_redirected, keys, many), numbers=8 * len(keys))
    beside = chance(value, drawn, DIRECTED, drawing.level)
    coverage = network.graph.coverage
    return Measure("reciprocity", value, "ties", len(keys), coverage, beside, level=drawing.level)


def _returned(keys: Integers, many: int) -> float:
    one, other = np.divmod(keys, max(many, 1))
    return float(np.isin(other * many + one, keys).mean()) if len(keys) else float("nan")


def _redirected(keys: Integers, many: int, rng: np.random.Generator, number: int) -> Floats:
    subjects, objects = np.divmod(keys, max(many, 1))
    found = []
    for _draw in range(number):
        ends = rng.permutation(objects)
        joined = np.unique((subjects * many + ends)[subjects != ends])
        found.append(_returned(joined, many))
    return np.array(found)
