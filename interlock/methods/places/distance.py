"""How far two points on the earth are apart, and which are near.

Great-circle distances on a sphere with the earth's mean radius (IUGG, R1 = 6371.0088 km), by the
haversine formula, which keeps its figures at small distances (R. W. Sinnott, "Virtues of the
Haversine", Sky and Telescope 68:2, 1984). Against the ellipsoid it is up to 0.6 % wrong. Plain
Python: a page asks about thousands of points, not millions, and loads no numpy.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt
from typing import Generic, TypeVar

RADIUS_KM = 6371.0088

Item = TypeVar("Item")


@dataclass(frozen=True)
class Near(Generic[Item]):
    """Something, and how far it is."""

    item: Item
    km: float


@dataclass(frozen=True)
class Box:
    """Degrees of latitude from `south` to `north`, and of longitude in any of `spans`.

    There are two spans where the box lies across the 180th meridian.
    """

    south: float
    north: float
    spans: tuple[tuple[float, float], ...]

    def holds(self, latitude: float, longitude: float) -> bool:
        within = any(west <= longitude <= east for west, east in self.spans)
        return self.south <= latitude <= self.north and within


def distance_km(latitude: float, longitude: float, to_lat: float, to_lon: float) -> float:
    """The distance between two points given in degrees.

    >>> round(distance_km(40.7128, -74.0060, 43.1566, -77.6088))  # New York and Rochester
    403
    """
    north, to_north = radians(latitude), radians(to_lat)
    half_north = sin((to_north - north) / 2)
    half_east = sin(radians(to_lon - longitude) / 2)
    square = half_north**2 + cos(north) * cos(to_north) * half_east**2
    return 2 * RADIUS_KM * asin(min(1.0, sqrt(square)))


def box_around(latitude: float, longitude: float, km: float) -> Box:
    """The smallest box that holds all points within `km`: what a database can ask for first.

    >>> box = box_around(0.0, 179.5, 111.0)
    >>> [(round(west), round(east)) for west, east in box.spans]
    [(179, 180), (-180, -180)]
    """
    angle = km / RADIUS_KM
    south, north = latitude - degrees(angle), latitude + degrees(angle)
    if south <= -90 or north >= 90:
        return Box(max(-90.0, south), min(90.0, north), ((-180.0, 180.0),))
    # Meridians touch the circle north of its middle: J. Matuschek, "Finding Points Within a
    # Distance of a Latitude/Longitude Using Bounding Coordinates".
    width = degrees(asin(min(1.0, sin(angle) / cos(radians(latitude)))))
    west, east = longitude - width, longitude + width
    if east - west >= 360:
        return Box(south, north, ((-180.0, 180.0),))
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))


def nearest(
    latitude: float,
    longitude: float,
    points: Iterable[tuple[Item, float, float]],
    *,
    within_km: float,
    most: int = 50,
) -> list[Near[Item]]:
    """What is within a distance, the nearest first; of equally near ones the first given.

    `points` are things with their latitude and longitude.

    >>> towns = [("Oak", 0.0, 1.0), ("Elm", 0.0, 0.5), ("Ash", 0.0, 9.0)]
    >>> [near.item for near in nearest(0.0, 0.0, towns, within_km=200)]
    ['Elm', 'Oak']
    """
    box = box_around(latitude, longitude, within_km)
    found = (
        (distance_km(latitude, longitude, north, east), number, item)
        for number, (item, north, east) in enumerate(points)
        if box.holds(north, east)
    )
    best = heapq.nsmallest(most, found, key=lambda one: one[:2])
    return [Near(item, km) for km, _number, item in best if km <= within_km]
