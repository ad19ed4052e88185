"""What missing ties may do: the same indicator with ties taken away at random.

No list of ties is whole. What an indicator becomes without a tenth, a fifth or three tenths of the
ties shows how far it leans on the list: S. Borgatti, K. Carley and D. Krackhardt, "On the Robustness of
Centrality Measures under Conditions of Imperfect Data", Social Networks 28:2 (2006). The band says what
is lost by *losing* ties at random; a list that leaves one kind of tie out is off in ways it cannot show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Graph
from interlock.methods.network.measure import Interval, interval

SHARES = (0.1, 0.2, 0.3)
DRAWN = STANDARD.of(200)
TIE_DELETION = "tie-deletion"

Statistic = Callable[[Graph], float]


@dataclass(frozen=True)
class Without:
    """An indicator without a share of the ties: its mean, and the band of the draws."""

    name: str
    share: float
    value: float
    mean: float
    band: Interval | None


def without_ties(
    graph: Graph,
    statistics: Mapping[str, Statistic],
    drawing: Drawing = DRAWN,
    *,
    shares: tuple[float, ...] = SHARES,
) -> tuple[Without, ...]:
    """Each statistic with each share of ties (rounded to whole ones) taken away at random.

    Statistics are functions of a module, for they may go to other processes. Raises ValueError for a
    share that is not above 0 and below 1, and for resamples or a seed out of range.

    >>> from interlock.methods.network.cohesion import density
    >>> from interlock.methods.network.graph import simple
    >>> ring = simple(np.array([0, 1] * 5), np.array([[i, (i + 1) % 10] for i in range(10)]))
    >>> found = without_ties(ring, {"density": density})
    >>> [(one.share, round(one.mean / one.value, 3)) for one in found]
    [(0.1, 0.9), (0.2, 0.8), (0.3, 0.7)]
    """
    if not all(0 < share < 1 for share in shares):
        raise ValueError("A share of ties is above 0 and below 1.")
    work = partial(_deleted, graph, tuple(statistics.values()), shares)
    # Few to a block: a statistic may take long.
    found = drawing.drawn(work, numbers=50_000 + len(graph.pairs))
    told = []
    for place, (name, statistic) in enumerate(statistics.items()):
        value = statistic(graph)
        for at, share in enumerate(shares):
            values = found[:, at, place]
            inside = values[np.isfinite(values)]
            mean = float(inside.mean()) if len(inside) else float("nan")
            told.append(
                Without(name, share, value, mean, interval(values, TIE_DELETION, drawing.level))
            )
    return tuple(told)


def _deleted(
    graph: Graph,
    statistics: tuple[Statistic, ...],
    shares: tuple[float, ...],
    rng: np.random.Generator,
    number: int,
) -> Floats:
    many = len(graph.pairs)
    found = np.empty((number, len(shares), len(statistics)))
    for draw in range(number):
        order = rng.permutation(many)
        for at, share in enumerate(shares):
            kept = np.ones(many, np.bool_)
            # The same order for all shares: what is gone of a tenth is gone of a fifth too.
            kept[order[: round(share * many)]] = False
            left = graph.where(kept)
            found[draw, at] = [statistic(left) for statistic in statistics]
    return found
