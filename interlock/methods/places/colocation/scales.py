"""The same question at several scales: states, metros, counties, hexagons.

An answer that holds at one way of cutting the map and not at another is about the cutting (the
modifiable areal unit problem: S. Openshaw, 1984). So all are told together, each with what it could
have found.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlock.methods.places.colocation.by_people import RESAMPLES, Chance, redraw
from interlock.methods.places.colocation.power import least_rate_ratio
from interlock.methods.places.colocation.ratios import rate_ratio
from interlock.methods.places.colocation.reasons import ColocationError, Reason
from interlock.methods.places.colocation.regression import Ratio
from interlock.methods.places.colocation.table import Areas
from interlock.methods.places.distance import RADIUS_KM


@dataclass(frozen=True)
class Scale:
    """One way of cutting the map: the rate ratio (population an offset), the redraw, what it could find.

    Without the ratio, `reason` tells why; likewise without the redraw.
    """

    unit: str
    vintage: str
    areas: int
    marked: int
    events: int
    ratio: Ratio | None
    excess: Chance | None
    least: float | None
    reason: Reason | None = None


def panel(
    by_unit: Mapping[str, Areas],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    executor: Executor | None = None,
) -> tuple[Scale, ...]:
    """Ask each cutting of the map the same question, in the order given. The names are the units.

    >>> from interlock.methods.places.colocation.table import areas
    >>> four = areas("abcd", [100, 300, 200, 200], [1, 1, 0, 0], [6, 6, 1, 3])
    >>> halves = four.merged(["x", "x", "y", "y"], unit="half")
    >>> whole = four.merged(["x", "x", "x", "x"], unit="whole")
    >>> found = panel({"quarter": four, "half": halves, "whole": whole}, resamples=99)
    >>> [(one.unit, one.areas, one.ratio and round(one.ratio.value, 3)) for one in found]
    [('quarter', 4, 3.0), ('half', 2, 3.0), ('whole', 1, None)]
    >>> print(found[2].reason)
    Every area is marked: there is nothing to compare with.
    """
    return tuple(_scale(unit, areas, resamples, seed, executor) for unit, areas in by_unit.items())


def _scale(unit: str, areas: Areas, resamples: int, seed: int, executor: Executor | None) -> Scale:
    ratio, excess, least, why = None, None, None, None
    try:
        excess = redraw(areas, resamples=resamples, seed=seed, executor=executor).excess
        least = least_rate_ratio(areas)
        ratio = rate_ratio(areas).ratio
    except ColocationError as told:
        why = told.reason
    marked = int(areas.marked.sum())
    return Scale(unit, areas.vintage, len(areas), marked, areas.events, ratio, excess, least, why)


def hexagons(latitude: NDArray[Any], longitude: NDArray[Any], km: float) -> tuple[str, ...]:
    """The hexagon that each point lies in, all as large: neighbours' centres are `km` apart.

    Points in degrees, put on a plane on which areas keep their size (Lambert's azimuthal projection
    about the middle of the points: J. P. Snyder, "Map Projections: A Working Manual", 1987, p. 185).
    A hexagon is named by its two coordinates along axes 60° apart. Raises ValueError for a width that
    is not above 0.

    >>> hexagons(np.array([40.0, 40.1, 45.0]), np.array([-75.0, -75.1, -80.0]), 100.0)
    ('2,-2', '2,-2', '-5,4')
    """
    if not km > 0:
        raise ValueError("A hexagon's width is above 0.")
    east, north = _plane(np.radians(latitude), np.radians(longitude))
    along = (east - north / np.sqrt(3)) / km
    up = 2 * north / (np.sqrt(3) * km)
    # The nearest of three axes that add up to 0; the one rounded farthest is told by the others.
    axes = np.stack([along, up, -along - up])
    whole = np.rint(axes)
    off = np.abs(whole - axes)
    first = np.where((off[0] > off[1]) & (off[0] > off[2]), -whole[1] - whole[2], whole[0])
    second = np.where((off[1] >= off[0]) & (off[1] > off[2]), -whole[0] - whole[2], whole[1])
    return tuple(f"{int(a)},{int(b)}" for a, b in zip(first, second, strict=True))


def _plane(north: NDArray[Any], east: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Kilometres east and north of the middle."""
    point = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    middle = point.mean(axis=1)
    to_north = np.arctan2(middle[2], np.hypot(middle[0], middle[1]))
    turned = east - np.arctan2(middle[1], middle[0])
    cosine = np.sin(to_north) * np.sin(north)
    cosine += np.cos(to_north) * np.cos(north) * np.cos(turned)
    scale = RADIUS_KM * np.sqrt(2 / np.maximum(1 + cosine, 1e-12))
    up = np.cos(to_north) * np.sin(north) - np.sin(to_north) * np.cos(north) * np.cos(turned)
    return scale * np.cos(north) * np.sin(turned), scale * up
