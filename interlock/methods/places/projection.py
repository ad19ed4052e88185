"""Where a point of the earth lies on a drawn map.

The United States are drawn as d3 draws them (`geoAlbersUsa`, at the scale of 1300 and in the frame
of 975 by 610 that us-atlas uses): Albers' equal-area conic projection, with Alaska at 0.35 of its
size and Hawaii beside the lower 48, and, as d3-composite-projections does, Puerto Rico with the Virgin
Islands in an inset. Areas are equal within each part. Any other country is drawn with its meridians
shortened by the cosine of its middle latitude (the equirectangular projection), fitted to a frame.

Sources: J. P. Snyder, "Map Projections: A Working Manual", USGS Professional Paper 1395 (1987),
chapters 12 and 14, on a sphere; M. Bostock, d3-geo, `albersUsa`.

Plain Python: a page places some hundred points and loads no numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, degrees, hypot, radians, sin, sqrt

#: The frame of the United States, in units of the drawing.
WIDTH, HEIGHT = 975.0, 610.0

Point = tuple[float, float]
#: West, south, east, north, in degrees.
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Conic:
    """Albers' projection with two standard parallels.

    `middle` is the meridian that is drawn upright, `center` the longitude (from the middle) and the
    latitude that are drawn at `at`; `scale` is the radius of the sphere in units of the drawing.
    """

    parallels: tuple[float, float]
    middle: float
    center: tuple[float, float]
    scale: float
    at: Point

    def project(self, latitude: float, longitude: float) -> Point:
        """Where a point is drawn, x to the right and y down."""
        x, y = self._raw(radians((longitude - self.middle + 180) % 360 - 180), radians(latitude))
        x0, y0 = self._raw(radians(self.center[0]), radians(self.center[1]))
        return self.at[0] + self.scale * (x - x0), self.at[1] - self.scale * (y - y0)

    def invert(self, x: float, y: float) -> Point:
        """The latitude and longitude of a drawn point.

        >>> north, east = LOWER_48.invert(*LOWER_48.project(40.7128, -74.006))
        >>> round(north, 6), round(east, 6)
        (40.7128, -74.006)
        """
        n, c, r0 = self._constants
        x0, y0 = self._raw(radians(self.center[0]), radians(self.center[1]))
        east = (x - self.at[0]) / self.scale + x0
        north = (self.at[1] - y) / self.scale + y0
        down = r0 - north
        rho = hypot(east, down)
        turn = asin(max(-1.0, min(1.0, east / rho))) if rho else 0.0
        latitude = asin(max(-1.0, min(1.0, (c - (rho * n) ** 2) / (2 * n))))
        return degrees(latitude), (degrees(turn / n) + self.middle + 180) % 360 - 180

    @property
    def _constants(self) -> tuple[float, float, float]:
        low, high = (radians(one) for one in self.parallels)
        n = (sin(low) + sin(high)) / 2
        c = 1 + sin(low) * (2 * n - sin(low))
        return n, c, sqrt(c) / n

    def _raw(self, turn: float, latitude: float) -> Point:
        n, c, r0 = self._constants
        rho = sqrt(max(0.0, c - 2 * n * sin(latitude))) / n
        return rho * sin(n * turn), r0 - rho * cos(n * turn)


_SCALE = 1300.0
_X, _Y = WIDTH / 2, HEIGHT / 2

LOWER_48 = Conic((29.5, 45.5), -96, (-0.6, 38.7), _SCALE, (_X, _Y))
ALASKA = Conic(
    (55, 65), -154, (-2, 58.5), 0.35 * _SCALE, (_X - 0.307 * _SCALE, _Y + 0.201 * _SCALE)
)
HAWAII = Conic((8, 18), -157, (-3, 19.9), _SCALE, (_X - 0.205 * _SCALE, _Y + 0.212 * _SCALE))
PUERTO_RICO = Conic((8, 18), -66, (0, 18), _SCALE, (_X + 0.335 * _SCALE, _Y + 0.204 * _SCALE))

# What of the earth each part draws: south, north, west, east.
_PARTS: Sequence[tuple[Conic, tuple[float, float, float, float]]] = (
    (LOWER_48, (24.0, 50.0, -125.5, -66.0)),
    (ALASKA, (50.0, 72.5, -180.0, -129.0)),
    (ALASKA, (50.0, 56.0, 170.0, 180.0)),
    (HAWAII, (18.0, 29.0, -180.0, -154.0)),
    (PUERTO_RICO, (17.0, 19.0, -68.5, -64.0)),
)


def conic_of(latitude: float, longitude: float) -> Conic | None:
    """The part of the map of the United States that draws a point, if any does."""
    for conic, (south, north, west, east) in _PARTS:
        if south <= latitude <= north and west <= longitude <= east:
            return conic
    return None


def albers_usa(latitude: float, longitude: float) -> Point | None:
    """Where a point of the United States is drawn; None where no part of that map lies.

    >>> tuple(round(one) for one in albers_usa(40.7128, -74.0060))
    (870, 216)
    >>> albers_usa(48.8566, 2.3522) is None
    True
    """
    conic = conic_of(latitude, longitude)
    return conic.project(latitude, longitude) if conic else None


@dataclass(frozen=True)
class Flat:
    """A map of a part of the earth in a frame: the equirectangular projection fitted to it.

    `bounds` lie within it wholly and in the middle, with `margin` around them. Where west is greater
    than east they lie across the 180th meridian.
    """

    bounds: Bounds
    width: float
    height: float
    margin: float = 0.0

    def project(self, latitude: float, longitude: float) -> Point:
        """Where a point is drawn, x to the right and y down; it may be outside of the frame.

        >>> Flat((0.0, 0.0, 10.0, 10.0), 100, 100).project(5.0, 5.0)
        (50.0, 50.0)
        """
        scale, squeeze, north, east = self._fit
        turn = (longitude - east + 180) % 360 - 180
        return (
            self.width / 2 + turn * squeeze * scale,
            self.height / 2 - (latitude - north) * scale,
        )

    def invert(self, x: float, y: float) -> Point:
        """The latitude and longitude of a drawn point."""
        scale, squeeze, north, east = self._fit
        longitude = east + (x - self.width / 2) / (squeeze * scale)
        return north - (y - self.height / 2) / scale, (longitude + 180) % 360 - 180

    @property
    def shown(self) -> Bounds:
        """West, south, east, north of the whole frame, within the earth's own."""
        scale, squeeze, north, east = self._fit
        wide, high = self.width / 2 / (squeeze * scale), self.height / 2 / scale
        return (
            max(-180.0, east - wide),
            max(-90.0, north - high),
            min(180.0, east + wide),
            min(90.0, north + high),
        )

    @property
    def _fit(self) -> tuple[float, float, float, float]:
        """Units a degree of latitude, what a degree of longitude is beside it, the middle."""
        west, south, east, north = self.bounds
        if west > east:
            east += 360
        middle = (south + north) / 2
        squeeze = max(0.05, cos(radians(middle)))
        wide, high = max(east - west, 1e-6) * squeeze, max(north - south, 1e-6)
        within = self.width - 2 * self.margin, self.height - 2 * self.margin
        return min(within[0] / wide, within[1] / high), squeeze, middle, (west + east) / 2
