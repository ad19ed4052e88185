"""Points on the earth, and which lie within a distance of each other.

Points are put on the unit sphere and kept in a k-d tree (J. L. Bentley, 1975), so that there is no edge
at the poles or the 180th meridian; the distance along the earth is 2 R arcsin(chord / 2), with the mean
radius of `interlock.methods.places.distance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from interlock.methods.places.colocation.irls import Booleans, Floats, Integers
from interlock.methods.places.colocation.reasons import refused
from interlock.methods.places.distance import RADIUS_KM


def on_sphere(latitude: NDArray[Any], longitude: NDArray[Any]) -> Floats:
    """Degrees as points of the unit sphere, a row each. Raises ColocationError for what is no place.

    >>> on_sphere(np.array([0.0, 90.0]), np.array([90.0, 0.0])).round(6).tolist()
    [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    north, east = np.asarray(latitude, np.float64), np.asarray(longitude, np.float64)
    if north.shape != east.shape or north.ndim != 1:
        raise refused("wrong-length", column="longitude")
    wrong = ~((np.abs(north) <= 90) & (np.abs(east) <= 180))
    if wrong.any():
        raise refused("no-place", row=int(np.argmax(wrong)) + 1)
    north, east = np.radians(north), np.radians(east)
    found: Floats = np.stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1
    )
    return found


def chords(km: NDArray[Any]) -> Floats:
    """Distances along the earth as chords of the unit sphere."""
    found: Floats = 2 * np.sin(np.minimum(np.asarray(km) / RADIUS_KM / 2, np.pi / 2))
    return found


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of points within the largest of some radii, each once, by the first radius that holds it.

    Pair p is of points `first[p]` and `second[p]`; those of ring k, between the radius before and
    `radii[k]` (kilometres), are from `begins[k]` to `begins[k + 1]`.
    """

    radii: Floats
    first: Integers
    second: Integers
    begins: Integers
    points: int

    def __len__(self) -> int:
        return len(self.first)

    def unlike(self, labels: Booleans) -> Integers:
        """How many pairs of unlike labels are within each radius."""
        differs = labels[self.first] != labels[self.second]
        many = np.concatenate([[0], np.cumsum(differs)])
        found: Integers = many[self.begins[1:]]
        return found


def pairs(latitude: NDArray[Any], longitude: NDArray[Any], radii: NDArray[Any]) -> Pairs:
    """All pairs of points (degrees) within the radii (kilometres, rising).

    Raises ColocationError for points that are no place, ValueError for radii that do not rise from
    above 0.

    >>> found = pairs(np.array([0.0, 0.0, 0.0]), np.array([0.0, 1.0, 3.0]), np.array([120.0, 250.0]))
    >>> found.first.tolist(), found.second.tolist(), found.begins.tolist()
    ([0, 1], [1, 2], [0, 1, 2])
    """
    rising = checked_radii(radii)
    spots = on_sphere(latitude, longitude)
    reach = chords(rising)
    near = cKDTree(spots).query_pairs(float(reach[-1]), output_type="ndarray")
    step = spots[near[:, 0]] - spots[near[:, 1]]
    apart = np.sqrt(np.einsum("ij,ij->i", step, step))
    ring = np.searchsorted(reach, apart)
    # Within a ring by the points themselves: those read one after another lie together in memory.
    order = np.lexsort((near[:, 1], near[:, 0], ring))
    order = order[: int((ring < len(rising)).sum())]
    begins = np.searchsorted(ring[order], np.arange(len(rising) + 1)).astype(np.int64)
    first, second = (near[order, side].astype(np.int64) for side in (0, 1))
    return Pairs(rising, first, second, begins, len(spots))


def checked_radii(radii: NDArray[Any]) -> Floats:
    """Radii as they are; ValueError where they do not rise from above 0."""
    found = np.asarray(radii, np.float64)
    if not (found.ndim == 1 and len(found) and found[0] > 0 and (np.diff(found) > 0).all()):
        raise ValueError("Radii are kilometres above 0, each more than the one before.")
    return found
