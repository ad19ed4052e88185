"""The packaged atlas of the United States, made from us-atlas' boundaries: run once, kept in git.

    python -m interlock.methods.places.outlines FOLDER interlock/methods/places/us_atlas.json.gz

`FOLDER` holds counties-albers-10m.json, states-albers-10m.json and counties-10m.json of us-atlas 3.0.1
(Census Bureau cartographic boundaries of 2017, public domain; the package's licence is ISC) and
us_counties_2019.csv (Census Bureau, public domain) for the counties' whole names. Equal files give
equal bytes.

What is kept: every county's boundary at the precision it came with (a hundredth of a unit of the
frame of 975 by 610), every state's outline so too, and once more for the map of the whole country,
where points that change the drawing by less than a triangle of 0.35 square units are left out
(M. Visvalingam and J. D. Whyatt, "Line generalisation by repeated elimination of points", 1993), arc
by arc, so that neighbours keep one common border.
"""

from __future__ import annotations

import csv
import gzip
import heapq
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from interlock.methods.places.projection import PUERTO_RICO, Point
from interlock.methods.places.states import state_of

SOURCES = (
    "Boundaries: US Census Bureau, 2017 (public domain), by us-atlas, © Michael Bostock (ISC).",
)
FORMAT = "interlock atlas 2"
LEAST_TRIANGLE = 0.35
LEAST_ISLAND = 1.5  # square units, on the map of the whole country
TINY = 0.15
#: Puerto Rico and the Virgin Islands have an inset; what lies further off is not drawn.
INSET = ("72", "78")

Ring = list[Point]


class Topology:
    """A TopoJSON file: arcs that neighbours share (M. Bostock, "The TopoJSON Format", 2013)."""

    def __init__(self, data: Mapping[str, Any], place: Callable[[float, float], Point]) -> None:
        (x_scale, y_scale), (x_shift, y_shift) = (
            data["transform"]["scale"],
            data["transform"]["translate"],
        )
        self.objects = data["objects"]
        self.arcs: list[list[Point]] = []
        for arc in data["arcs"]:
            x = y = 0
            points = []
            for step_x, step_y in arc:
                x, y = x + step_x, y + step_y
                points.append(place(x * x_scale + x_shift, y * y_scale + y_shift))
            self.arcs.append(points)

    def geometries(self, name: str) -> Iterator[tuple[str, str, list[list[list[int]]]]]:
        """Of each area its id, its name, and its polygons: rings of arcs."""
        for one in self.objects[name]["geometries"]:
            given = one["arcs"]
            polygons = [given] if one["type"] == "Polygon" else given
            yield one["id"], one["properties"]["name"], polygons

    def ring(self, numbers: Sequence[int], arcs: Sequence[Sequence[Point]] | None = None) -> Ring:
        """The points of a ring, the first not repeated at its end."""
        points: Ring = []
        for number in numbers:
            arc = (arcs or self.arcs)[number if number >= 0 else ~number]
            points += (arc if number >= 0 else arc[::-1])[:-1]
        return points

    def simplified(self, least: float) -> list[list[Point]]:
        return [without_small_triangles(arc, least) for arc in self.arcs]


def without_small_triangles(points: Sequence[Point], least: float) -> list[Point]:
    """An arc without the points that matter least; its ends stay.

    >>> without_small_triangles([(0, 0), (1, 0.01), (2, 0), (2, 2)], 0.1)
    [(0, 0), (2, 0), (2, 2)]
    """
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    area = {
        n: abs(area_of([points[n - 1], points[n], points[n + 1]]))
        for n in range(1, len(points) - 1)
    }
    queue = [(size, n) for n, size in area.items()]
    heapq.heapify(queue)
    while queue and queue[0][0] < least:
        size, n = heapq.heappop(queue)
        if area.get(n) != size:
            continue
        del area[n]
        left, right = before[n], after[n]
        after[left], before[right] = right, left
        for one in (left, right):
            if one in area:
                grown = abs(area_of([points[before[one]], points[one], points[after[one]]]))
                # Never less than what has gone before it: the order is that of the effect.
                area[one] = max(grown, size)
                heapq.heappush(queue, (area[one], one))
    return [one for n, one in enumerate(points) if n in area or n in (0, len(points) - 1)]


def area_of(ring: Sequence[Point]) -> float:
    """The signed area of a ring of points."""
    return sum(x * v - u * y for (x, y), (u, v) in pairwise([*ring, ring[0]])) / 2


def centre_of(ring: Sequence[Point]) -> Point:
    """The centroid of a ring; the mean of its points where it has no area."""
    area = area_of(ring)
    if abs(area) < 1e-9:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    x0, y0 = ring[0]
    x_sum = y_sum = 0.0
    for (x, y), (u, v) in pairwise([*ring, ring[0]]):
        cross = (x - x0) * (v - y0) - (u - x0) * (y - y0)
        x_sum += (x + u - 2 * x0) * cross
        y_sum += (y + v - 2 * y0) * cross
    return x0 + x_sum / (6 * area), y0 + y_sum / (6 * area)


def path_of(rings: Iterable[Sequence[Point]], units: int) -> str:
    """Rings as an SVG path of whole numbers, `units` of them to one unit of the frame.

    >>> path_of([[(0, 0), (1, 0), (1, 1)]], 10)
    'm0 0l10 0 0 10z'
    """
    written, at = "", (0, 0)
    for ring in rings:
        points = [(round(x * units), round(y * units)) for x, y in ring]
        kept = [one for one, before in zip(points, [None, *points], strict=False) if one != before]
        if len(kept) < 3:
            continue
        steps = [(u - x, v - y) for (x, y), (u, v) in pairwise(kept)]
        told = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
        written += f"m{kept[0][0] - at[0]} {kept[0][1] - at[1]}l{told}z"
        at = kept[0]  # a closed ring ends where it began
    return written


def box_of(rings: Iterable[Sequence[Point]]) -> list[float]:
    points = [one for ring in rings for one in ring]
    across, down = zip(*points, strict=True)
    return [round(one, 2) for one in (min(across), min(down), max(across), max(down))]


def largest(rings: Sequence[Ring]) -> Ring:
    return max(rings, key=lambda ring: abs(area_of(ring)))


def build(
    *, counties: bytes, states: bytes, territories: bytes, names: bytes
) -> dict[str, dict[str, Any]]:
    """Every state with its outline, coarse and fine, its neighbours and its counties.

    `counties` and `states` are us-atlas' drawn ("albers") files, `territories` its counties in degrees,
    `names` a CSV with the columns fips and county.
    """
    whole = {
        row["fips"]: row["county"] for row in csv.DictReader(io.StringIO(names.decode("utf-8-sig")))
    }
    drawn = Topology(json.loads(counties), lambda x, y: (x, y))
    found: dict[str, dict[str, Any]] = {}
    outlines = Topology(json.loads(states), lambda x, y: (x, y))
    coarse = outlines.simplified(LEAST_TRIANGLE)
    for fips, _name, polygons in outlines.geometries("states"):
        fine = [outlines.ring(ring) for rings in polygons for ring in rings]
        rough = [outlines.ring(ring, coarse) for rings in polygons for ring in rings]
        big = largest(fine)
        kept = [one for one in rough if abs(area_of(one)) >= LEAST_ISLAND]
        found[fips] = _state(fips, fine, kept or [largest(rough)], big)
    beside = neighbours_in(outlines, "states")
    for fips, state in found.items():
        state["beside"] = beside[fips]
    _add_counties(found, drawn, whole)
    islands = Topology(
        json.loads(territories), lambda east, north: PUERTO_RICO.project(north, east)
    )
    for fips, _name, polygons in islands.geometries("states"):
        if fips in INSET:
            rings = [islands.ring(ring) for rings in polygons for ring in rings]
            rough = [without_small_triangles([*one, one[0]], 0.05)[:-1] for one in rings]
            found[fips] = _state(fips, rings, rough, largest(rings)) | {"beside": []}
    _add_counties(found, islands, whole, only=INSET)
    return dict(sorted(found.items()))


def neighbours_in(topology: Topology, kind: str) -> dict[str, list[str]]:
    """Who shares a border with whom: a piece of line that both have, and not a corner alone."""
    borders: dict[int, set[str]] = {}
    found: dict[str, set[str]] = {}
    for fips, _name, polygons in topology.geometries(kind):
        found[fips] = set()
        for number in (one for rings in polygons for ring in rings for one in ring):
            borders.setdefault(max(number, ~number), set()).add(fips)
    for some in borders.values():
        for one in some:
            found[one] |= some - {one}
    return {fips: sorted(others) for fips, others in found.items()}


def _state(fips: str, fine: list[Ring], coarse: list[Ring], big: Ring) -> dict[str, Any]:
    known = state_of(fips)
    if known is None:
        raise ValueError(f"{fips} is no state")
    return {
        "name": known.name,
        "code": known.code,
        "coarse": path_of(coarse, 10),
        "fine": path_of(fine, 100),
        "box": box_of(fine),
        "at": [round(one, 1) for one in centre_of(big)],
        "counties": [],
    }


def _add_counties(
    found: Mapping[str, dict[str, Any]],
    topology: Topology,
    names: Mapping[str, str],
    only: Sequence[str] = (),
) -> None:
    beside = neighbours_in(topology, "counties")
    for fips, name, polygons in sorted(topology.geometries("counties")):
        if only and fips[:2] not in only:
            continue
        rings = [topology.ring(ring) for some in polygons for ring in some]
        at = [round(one, 2) for one in centre_of(largest(rings))]
        if not path_of(rings, 100):  # three cities are too small for the boundaries they came with
            x, y = at
            rings = [
                [
                    (x - TINY, y - TINY),
                    (x + TINY, y - TINY),
                    (x + TINY, y + TINY),
                    (x - TINY, y + TINY),
                ]
            ]
        path, box = path_of(rings, 100), box_of(rings)
        county = [fips, names.get(fips, name), path, box, at, beside[fips]]
        found[fips[:2]]["counties"].append(county)


def packed(states: Mapping[str, Mapping[str, Any]]) -> bytes:
    """The atlas as the bytes of its file; the same atlas gives the same bytes."""
    told = {"format": FORMAT, "sources": SOURCES, "states": states}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def main(folder: Path, file: Path) -> None:
    states = build(
        counties=(folder / "counties-albers-10m.json").read_bytes(),
        states=(folder / "states-albers-10m.json").read_bytes(),
        territories=(folder / "counties-10m.json").read_bytes(),
        names=(folder / "us_counties_2019.csv").read_bytes(),
    )
    data = packed(states)
    file.write_bytes(data)
    number = sum(len(state["counties"]) for state in states.values())
    print(f"{len(states)} states, {number:,} counties, {len(data):,} bytes: {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
