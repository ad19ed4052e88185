"""Where to draw the institutions of a network: near each other who is few ties apart.

The distances on paper are made as like as can be to the number of ties between two (stress, weighted so
that near ones count most), by majorization: E. R. Gansner, Y. Koren and S. North, "Graph Drawing by
Stress Majorization", Graph Drawing (2004), from the start that classical scaling gives (W. S. Torgerson,
Psychometrika 17:4, 1952). Nothing is drawn at random. A picture is no measure: what it seems to show is
to be read in the numbers beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse.csgraph import connected_components, shortest_path

from interlock.methods.network.graph import Floats, Graph, Integers

#: A picture of more than this is a ball of wool.
MOST_DRAWN = 120
_MOST_STEPS = 200
# Stress that falls by less than this share of itself falls no more.
_ENOUGH = 1e-4
# By so much of itself at most a distance is made longer, so that no two ways to draw are equally good.
_UNEVEN = 0.02
# Coordinates are told in this many parts, so that the last bits of a machine's arithmetic show nowhere.
GRID = 1000


@dataclass(frozen=True, eq=False)
class Layout:
    """Who is drawn, as places in the graph in rising order, and where: x and y from 0 to `GRID`."""

    places: Integers
    at: Integers

    def to_json(self) -> list[list[int]]:
        """A row of place, x and y each."""
        told: list[list[int]] = np.column_stack([self.places, self.at]).tolist()
        return told


def layout(graph: Graph, most: int = MOST_DRAWN) -> Layout:
    """Where the institutions stand that have a tie; of more than `most` those with most ties.

    Raises ValueError for a `most` below 1.

    >>> from interlock.methods.network.graph import simple
    >>> chain = simple(np.array([0, 1, 1, 3]), np.array([[0, 1], [1, 2]]))
    >>> layout(chain).places.tolist()
    [0, 1, 2]
    """
    if most < 1:
        raise ValueError("At least 1 institution is drawn.")
    by_ties = np.lexsort((np.arange(len(graph)), -graph.degrees))
    tied = by_ties[graph.degrees[by_ties] > 0]
    places = np.sort(tied[:most]).astype(np.int64)
    if len(places) < 2:
        return Layout(places, np.full((len(places), 2), GRID // 2, np.int64))
    near = graph.adjacency[places][:, places]
    return Layout(places, _on_grid(_majorized(_uneven(_apart(near)))))


def _apart(near: Any) -> Floats:
    """The number of ties between each two; parts that do not hang together stand a little aside."""
    steps = np.asarray(shortest_path(near, directed=False, unweighted=True), np.float64)
    part = connected_components(near, directed=False)[1]
    wide = np.array(
        [steps[np.ix_(part == one, part == one)].max() for one in range(part.max() + 1)]
    )
    between = (wide[part][:, None] + wide[part]) / 2 + 1
    return np.where(np.isfinite(steps), steps, between)


def _uneven(wanted: Floats) -> Floats:
    """The distances, each made longer by a little of its own.

    Of a star or a ring any turn is as good, and the last bits of a machine's arithmetic would choose.
    """
    many = len(wanted)
    one, other = np.triu_indices(many, 1)
    longer = np.zeros((many, many))
    # Parts of the golden ratio: as evenly spread as can be, and none is another's.
    longer[one, other] = np.arange(1, len(one) + 1) * (np.sqrt(5) - 1) / 2 % 1
    found: Floats = wanted * (1 + _UNEVEN * (longer + longer.T))
    return found


def _majorized(wanted: Floats) -> Floats:
    """Two coordinates each, with distances like the wanted ones."""
    many = len(wanted)
    weights = 1 / (wanted + np.eye(many)) ** 2 * (1 - np.eye(many))
    pull = np.diag(weights.sum(axis=1)) - weights
    # The first stays where it is; else the system has no single answer.
    inverse = np.linalg.inv(pull[1:, 1:])
    at, before = _scaled(wanted), np.inf
    for _step in range(_MOST_STEPS):
        now = _distances(at)
        stress = float((weights * (now - wanted) ** 2).sum())
        if before - stress <= _ENOUGH * stress:
            break
        before = stress
        ratios = weights * wanted / np.where(now > 0, now, np.inf)
        push = np.diag(ratios.sum(axis=1)) - ratios
        at = np.vstack([[0.0, 0.0], inverse @ (push @ at)[1:]])
    return at


def _scaled(wanted: Floats) -> Floats:
    """The start: the two longest axes of the distances, and a turn that parts those it puts together."""
    many = len(wanted)
    squares = wanted**2
    middle = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    values, axes = np.linalg.eigh(-middle / 2)
    at = axes[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))
    # An axis may come out turned round; its greatest part decides.
    at *= np.where(at[np.abs(at).argmax(axis=0), [0, 1]] < 0, -1, 1)
    turns = np.arange(many) * np.pi * (3 - np.sqrt(5))
    found: Floats = at + 0.1 * np.column_stack([np.cos(turns), np.sin(turns)])
    return found


def _distances(at: Floats) -> Floats:
    found: Floats = np.sqrt(((at[:, None] - at) ** 2).sum(axis=2))
    return found


def _on_grid(at: Floats) -> Integers:
    """Turned so that it is wider than high, and stretched to the grid, each axis by itself."""
    at = at - at.mean(axis=0)
    _values, axes = np.linalg.eigh(at.T @ at)
    turned = at @ axes[:, ::-1]
    turned *= np.where(turned[np.abs(turned).argmax(axis=0), [0, 1]] < 0, -1, 1)
    low, wide = turned.min(axis=0), np.ptp(turned, axis=0)
    found: Integers = np.rint((turned - low) / np.where(wide > 1e-9, wide, 1) * GRID).astype(
        np.int64
    )
    found[:, wide <= 1e-9] = GRID // 2
    return found
