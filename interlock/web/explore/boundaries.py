"""What the map is drawn on: the United States from the packaged atlas, other countries from a file.

Whoever runs the site places a country's boundaries with `interlock map FILE --country XX`; they are kept
reduced in INTERLOCK_HOME/maps, and read once a process for each state of the file. A country without
a file is drawn as points in a frame that fits them.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop

from interlock.methods.formats.faults import FormatError
from interlock.methods.formats.geojson import Area, Boundaries, read_boundaries
from interlock.methods.places.atlas import Box, Shape, united_states
from interlock.methods.places.outlines import box_of, centre_of, largest, path_of
from interlock.methods.places.projection import HEIGHT, WIDTH, Bounds, Flat, Point, albers_usa

US = "US"
#: The atlas' own sentence, for the translators.
ATLAS_SOURCE = gettext_noop(
    "Boundaries: US Census Bureau, 2017 (public domain), by us-atlas, © Michael Bostock (ISC)."
)
MOST_POSITIONS = 40_000
UNITS = 10
#: A country that no file draws and no institution lies in is shown whole: the earth without its ice.
EARTH: Bounds = (-180.0, -60.0, 180.0, 75.0)


@dataclass(frozen=True)
class Ground:
    """A country ready to be drawn in a frame: its areas, and where a point of the earth lies on it."""

    country: str
    shapes: tuple[Shape, ...]
    sources: tuple[str, ...] = ()
    flat: Flat | None = None
    #: Why the file that is there cannot be drawn.
    trouble: str = ""

    def project(self, latitude: float, longitude: float) -> Point | None:
        return (self.flat.project if self.flat else albers_usa)(latitude, longitude)

    def box(self, bounds: Bounds) -> Box | None:
        """What of the frame a box of degrees takes."""
        west, south, east, north = bounds
        middle = (south + north) / 2, (west + east) / 2
        corners = [(south, west), (south, east), (north, west), (north, east), middle]
        found = [point for one in corners if (point := self.project(*one))]
        if not found:
            return None
        across, down = zip(*found, strict=True)
        return min(across), min(down), max(across), max(down)

    @cached_property
    def whole(self) -> Box:
        return 0.0, 0.0, WIDTH, HEIGHT


def file_of(country: str) -> Path:
    return Path(settings.INTERLOCK_HOME) / "maps" / f"{country}.geojson"


def ground_of(country: str, around: Bounds | None) -> Ground:
    """What a country is drawn on; `around` is where its institutions lie, if anywhere."""
    if country == US:
        return _united_states()
    file = file_of(country) if re.fullmatch("[A-Z]{2}", country) else None
    if file and file.is_file():
        about = file.stat()
        ground = _from_file(file, about.st_mtime_ns, about.st_size)
        if not ground.trouble:
            return ground
        return Ground(country, (), flat=_fitted(around), trouble=ground.trouble)
    return Ground(country, (), flat=_fitted(around))


def _fitted(around: Bounds | None) -> Flat:
    if around is None:
        return Flat(EARTH, WIDTH, HEIGHT)
    west, south, east, north = around
    least = 0.25  # degrees: one town is not drawn as large as a country
    return Flat(
        (west - least, max(-90.0, south - least), east + least, min(90.0, north + least)),
        WIDTH,
        HEIGHT,
        margin=WIDTH / 20,
    )


@lru_cache(1)
def _united_states() -> Ground:
    atlas = united_states()
    return Ground(US, tuple(state.coarse for state in atlas.states.values()), (ATLAS_SOURCE,))


@lru_cache(8)
def _from_file(file: Path, _changed: int, _size: int) -> Ground:
    data = file.read_bytes()
    try:
        boundaries = read_boundaries(data)
    except FormatError as error:
        return Ground(file.stem, (), trouble=str(error.faults[0]))
    flat = Flat(boundaries.bounds, WIDTH, HEIGHT, margin=WIDTH / 50)
    source = json.loads(data).get("source", "")
    sources = (str(source)[:300],) if source else ()
    return Ground(file.stem, tuple(_shape(one, flat) for one in boundaries.areas), sources, flat)


def _shape(area: Area, flat: Flat) -> Shape:
    rings = [
        [flat.project(north, east) for east, north in ring[:-1]]
        for polygon in area.polygons
        for ring in polygon
    ]
    left, top, right, bottom = box_of(rings)
    box = (left, top, right, bottom)
    return Shape(
        area.id, area.name, path_of(rings, UNITS), box, centre_of(largest(rings)), units=UNITS
    )


def reduced(boundaries: Boundaries, source: str) -> dict[str, object]:
    """The same areas with so many positions as a page can draw, as GeoJSON.

    Positions are put on a grid, and the grid is made coarser until there are few enough; neighbours
    keep one common border, since both lie on the same grid. What becomes smaller than its step goes.
    """
    west, south, east, north = boundaries.bounds
    step = max(east - west, north - south, 1e-3) / 8_000
    while True:
        areas = [(one, _on_grid(one, step)) for one in boundaries.areas]
        if sum(len(ring) for _, polygons in areas for one in polygons for ring in one) <= (
            MOST_POSITIONS
        ):
            break
        step *= 1.5
    return {
        "type": "FeatureCollection",
        "source": source,
        "features": [
            {
                "type": "Feature",
                "id": area.id,
                "properties": {"name": area.name},
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
            for area, polygons in areas
            if polygons
        ],
    }


def _on_grid(area: Area, step: float) -> list[list[list[list[float]]]]:
    polygons = []
    for polygon in area.polygons:
        rings = [kept for ring in polygon if len(kept := _ring(ring, step)) >= 4]
        if rings:
            polygons.append(rings)
    return polygons


def _ring(ring: Sequence[tuple[float, float]], step: float) -> list[list[float]]:
    kept: list[list[float]] = []
    for east, north in ring:
        point = [round(round(east / step) * step, 6), round(round(north / step) * step, 6)]
        if not kept or point != kept[-1]:
            kept.append(point)
    return kept
