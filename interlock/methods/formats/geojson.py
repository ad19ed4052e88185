"""Places as GeoJSON (RFC 7946): institutions written, the boundaries of areas read.

Positions are longitude first, in degrees of WGS 84 (RFC 7946, 3.1.1 and 4). An institution whose
place nobody knows is a Feature with no geometry (3.2), so that a file has as many features as the
register has institutions.

Boundaries come from elsewhere (a country's own map), so that reading them is bounded:
`LARGEST_FILE` bytes, `MOST_AREAS` areas, `MOST_POSITIONS` positions. Polygons and MultiPolygons are
read, their rings checked (four positions or more, closed, on the earth, not round it the long way; one that
crosses itself is noted); the third number of a position is left out, and so is what is no area, with a note. The direction of a ring decides
nothing here (3.1.6 asks readers not to refuse it), and a file in another reference system is
refused, because its numbers are no degrees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from interlock.methods.formats.faults import MOST_FAULTS, Fault, FormatError, shown
from interlock.methods.formats.strict_json import loads
from interlock.methods.places.rings import self_crossing

LARGEST_FILE = 20_000_000
MOST_AREAS = 20_000
MOST_POSITIONS = 1_000_000
LONGEST_NAME = 200
# Seven decimals are a centimetre.
DECIMALS = 7

_WGS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326")
_TYPES = ("FeatureCollection", "Feature", "Polygon", "MultiPolygon")

Position = tuple[float, float]
Ring = tuple[Position, ...]


@dataclass(frozen=True)
class Feature:
    """An institution on the map; `id` is its address, and without coordinates it has no place."""

    id: str
    properties: Mapping[str, Any]
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Area:
    """An area within its boundaries: polygons, each its outer ring and the holes in it.

    Positions are (longitude, latitude).
    """

    id: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north: the least and the greatest degrees of its outer rings."""
        return _bounds(position for rings in self.polygons for position in rings[0])


@dataclass(frozen=True)
class Boundaries:
    """The areas of a file, and what was left out of it."""

    areas: tuple[Area, ...]
    notes: tuple[Fault, ...]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all areas."""
        corners = [area.bounds for area in self.areas]
        return _bounds([*((box[0], box[1]) for box in corners), *((b[2], b[3]) for b in corners)])


def feature_collection(features: Iterable[Feature]) -> dict[str, Any]:
    """A FeatureCollection of institutions.

    >>> tree = Feature("https://x.example/tree", {"name": "Tree"}, 52.6350591234, -1.13)
    >>> feature_collection([tree])["features"][0]["geometry"]
    {'type': 'Point', 'coordinates': [-1.13, 52.6350591]}
    """
    return {"type": "FeatureCollection", "features": [_feature(one) for one in features]}


def chunks(features: Iterable[Feature], attribution: str = "") -> Iterator[str]:
    """The text of such a file, feature by feature, so that a long one is never whole in memory.

    `attribution` names whose data these are, and their licences: a member beside GeoJSON's own
    (RFC 7946, 6.1).

    >>> json.loads("".join(chunks([], "Places by GeoNames, CC BY 4.0")))
    {'type': 'FeatureCollection', 'attribution': 'Places by GeoNames, CC BY 4.0', 'features': []}
    """
    said = f'"attribution": {json.dumps(attribution, ensure_ascii=False)}, ' if attribution else ""
    yield f'{{"type": "FeatureCollection", {said}"features": ['
    before = "\n"
    for feature in features:
        yield before + json.dumps(_feature(feature), ensure_ascii=False, allow_nan=False)
        before = ",\n"
    yield "\n]}\n"


def _feature(feature: Feature) -> dict[str, Any]:
    geometry = None
    if feature.latitude is not None and feature.longitude is not None:
        if not (-90 <= feature.latitude <= 90 and -180 <= feature.longitude <= 180):
            raise ValueError(f"{feature.latitude}, {feature.longitude} is nowhere on the earth")
        here = [round(feature.longitude, DECIMALS), round(feature.latitude, DECIMALS)]
        geometry = {"type": "Point", "coordinates": here}
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": geometry,
        "properties": dict(feature.properties),
    }


def read_boundaries(
    data: bytes,
    *,
    ids: Sequence[str] = ("GEOID", "id", "code"),
    names: Sequence[str] = ("NAME", "name", "Name"),
) -> Boundaries:
    """The areas of a GeoJSON file, to draw a map of.

    `ids` and `names` are the properties that hold an area's code and name: the first that a feature
    has counts; a feature's own id comes first of all. Raises FormatError with every fault.

    >>> square = b'{"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 0]]]}'
    >>> read_boundaries(square).bounds
    (0.0, 0.0, 2.0, 1.0)
    """
    reader = _Reader(ids, names)
    reader.root(loads(data, largest=LARGEST_FILE))
    if not reader.areas and not reader.faults:
        reader.fault("", "The file has no Polygon and no MultiPolygon, and so no area.")
    if reader.faults:
        raise FormatError(reader.faults)
    return Boundaries(tuple(reader.areas), tuple(reader.notes))


class _Reader:
    def __init__(self, ids: Sequence[str], names: Sequence[str]) -> None:
        self.areas: list[Area] = []
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self._ids, self._names = ids, names
        self._positions = 0
        self._taken: set[str] = set()

    def fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(path, message))
        if len(self.faults) == MOST_FAULTS:
            message = f"There are more than {MOST_FAULTS:,} faults; the rest are not listed."
            raise FormatError([*self.faults, Fault(path, message)])

    def note(self, path: str, message: str) -> None:
        if len(self.notes) < MOST_FAULTS:
            self.notes.append(Fault(path, message))

    def root(self, value: Any) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in _TYPES:
            expected = ", ".join(_TYPES)
            self.fault("type", f"The file is no GeoJSON of areas: its type is none of {expected}.")
            return
        self._check_system(value.get("crs"))
        if kind != "FeatureCollection":
            self._feature("", value if kind == "Feature" else {"geometry": value})
            return
        features = value.get("features")
        if not isinstance(features, list):
            self.fault("features", "A FeatureCollection needs a list of features.")
            return
        if len(features) > MOST_AREAS:
            self.fault("features", f"There are more than {MOST_AREAS:,} features. Split the file.")
            return
        for number, feature in enumerate(features):
            if isinstance(feature, dict) and feature.get("type") == "Feature":
                self._feature(f"features[{number}]", feature)
            else:
                self.fault(f"features[{number}]", "This is no Feature.")

    def _check_system(self, crs: Any) -> None:
        """Refuse a reference system other than WGS 84, as files before RFC 7946 may name one."""
        if crs is None:
            return
        properties = crs.get("properties") if isinstance(crs, dict) else None
        name = properties.get("name") if isinstance(properties, dict) else None
        if name not in _WGS84:
            message = f'The reference system is "{shown(str(name))}". Convert the file to WGS 84.'
            self.fault("crs", message)

    def _feature(self, path: str, feature: Mapping[str, Any]) -> None:
        geometry = feature.get("geometry")
        dot = f"{path}." if path else ""
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
            said = shown(kind) if isinstance(kind, str) else "nothing"
            self.note(f"{dot}geometry", f"It is {said} and no area, and was left out.")
            return
        before = len(self.faults)
        given = geometry.get("coordinates")
        lists = [given] if kind == "Polygon" else given
        inner = f"{dot}geometry.coordinates"
        polygons = [
            self._polygon(inner if kind == "Polygon" else f"{inner}[{number}]", one)
            for number, one in enumerate(self._list(inner, lists))
        ]
        if len(self.faults) > before:
            return
        properties = feature.get("properties")
        known = properties if isinstance(properties, dict) else {}
        code = self._said(feature, ["id"]) or self._said(known, self._ids)
        name = self._said(known, self._names) or code
        code = code or name or str(len(self.areas) + 1)
        if code in self._taken:
            self.fault(path, f'The id "{shown(code)}" is already that of another area.')
            return
        self._taken.add(code)
        self.areas.append(Area(code, name, tuple(polygons)))

    @staticmethod
    def _said(values: Mapping[str, Any], keys: Iterable[str]) -> str:
        for key in keys:
            value = values.get(key)
            if isinstance(value, str | int) and not isinstance(value, bool):
                text = "".join(sign for sign in str(value) if sign.isprintable()).strip()
                if text:
                    return text[:LONGEST_NAME]
        return ""

    def _list(self, path: str, value: Any) -> list[Any]:
        if isinstance(value, list) and value:
            return value
        self.fault(path, "There must be a list here, and something in it.")
        return []

    def _polygon(self, path: str, value: Any) -> tuple[Ring, ...]:
        rings = self._list(path, value)
        return tuple(self._ring(f"{path}[{number}]", ring) for number, ring in enumerate(rings))

    def _ring(self, path: str, value: Any) -> Ring:
        positions = self._list(path, value)
        self._positions += len(positions)
        if self._positions > MOST_POSITIONS:
            message = f"There are more than {MOST_POSITIONS:,} positions. Simplify the boundaries."
            raise FormatError([*self.faults, Fault(path, message)])
        ring = tuple(_position(one) for one in positions)
        wrong = next((number for number, one in enumerate(ring) if one is None), None)
        if wrong is not None:
            message = "This is no position: longitude from -180 to 180, latitude from -90 to 90."
            self.fault(f"{path}[{wrong}]", message)
            return ()
        sound = tuple(one for one in ring if one is not None)
        if len(sound) < 4:
            self.fault(path, "A ring has four positions or more.")
        elif sound[0] != sound[-1]:
            self.fault(path, "A ring ends where it begins.")
        elif (jump := _jump(sound)) is not None:
            message = (
                f"The outline jumps from longitude {sound[jump - 1][0]:g} to {sound[jump][0]:g}. Where an "
                "area lies across the antimeridian, cut it in two there (RFC 7946, section 3.1.9)."
            )
            self.fault(f"{path}[{jump}]", message)
        elif (crossed := self_crossing(sound)) is not None:
            east, north = crossed
            self.note(
                path,
                f"The outline crosses itself at longitude {east:.4f}, latitude {north:.4f}. It is drawn "
                "as it stands.",
            )
        return sound


def _jump(ring: Ring) -> int | None:
    """Where an outline goes round the earth the long way; all the way round is a frame, and none."""
    return next(
        (
            number
            for number, (one, other) in enumerate(pairwise(ring), 1)
            if 180 < abs(one[0] - other[0]) < 360
        ),
        None,
    )


def _position(value: Any) -> Position | None:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        return None
    east, north = value[:2]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (east, north)):
        return None
    on_earth = -180 <= east <= 180 and -90 <= north <= 90
    return (float(east), float(north)) if on_earth else None


def _bounds(positions: Iterable[Position]) -> tuple[float, float, float, float]:
    east, north = zip(*positions, strict=True)
    return min(east), min(north), max(east), max(north)
