"""The boundaries of the United States, ready to be drawn, and windows on a drawing.

The packaged file is made by `outlines`, which says from what and how. Its frame is the one of
`projection.albers_usa`: 975 by 610 units.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from interlock.methods.places.outlines import FORMAT
from interlock.methods.places.projection import Point

_FILE = Path(__file__).with_name("us_atlas.json.gz")

#: Left, top, right, bottom, in units of the drawing.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Shape:
    """An area as it is drawn: an SVG path of `units` to one unit of the frame, its box, its middle."""

    id: str
    name: str
    path: str
    box: Box
    at: Point
    units: int = 100


@dataclass(frozen=True)
class State:
    """A state or territory: its outline for the map of the country and as it is, and its counties.

    `beside` are the FIPS codes of the states that share a border with it; `counties_beside` those of the
    counties that share one with each of its counties, whatever state they lie in.
    """

    fips: str
    code: str
    name: str
    coarse: Shape
    fine: Shape
    beside: tuple[str, ...]
    counties: tuple[Shape, ...]
    counties_beside: dict[str, tuple[str, ...]]

    def county(self, fips: str) -> Shape | None:
        return self._by_fips.get(fips)

    @cached_property
    def _by_fips(self) -> dict[str, Shape]:
        return {one.id: one for one in self.counties}


@dataclass(frozen=True)
class Atlas:
    """All states by their FIPS codes, and the sentences that name the sources."""

    states: dict[str, State]
    sources: tuple[str, ...]

    def county(self, fips: str) -> Shape | None:
        """The county with this code of five digits, among those of 2017 to 2021."""
        state = self.states.get(fips[:2])
        return state.county(fips) if state else None

    def borders(self) -> Iterator[tuple[str, str]]:
        """Each two counties that share a border, once, the lower code first."""
        for state in self.states.values():
            for code, beside in state.counties_beside.items():
                yield from ((code, other) for other in beside if code < other)


@dataclass(frozen=True)
class Window:
    """The part of a drawing that is looked at."""

    left: float
    top: float
    width: float
    height: float

    def shows(self, box: Box) -> bool:
        """Whether any of a box may be seen in it."""
        left, top, right, bottom = box
        across = left < self.left + self.width and right > self.left
        return across and top < self.top + self.height and bottom > self.top

    def place(self, point: Point, width: float) -> Point:
        """Where a point of the drawing is when the window is `width` wide."""
        scale = width / self.width
        return (point[0] - self.left) * scale, (point[1] - self.top) * scale


def window_on(box: Box, *, ratio: float, margin: float = 0.06, least: float = 0.5) -> Window:
    """The smallest window of a shape (width by height) that shows a box with a margin around it.

    It is at least `least` units wide, so that a single point can be looked at.

    >>> window_on((10.0, 10.0, 20.0, 12.0), ratio=2.0, margin=0)
    Window(left=10.0, top=8.5, width=10.0, height=5.0)
    """
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    width = max(wide, high * ratio, least) * (1 + 2 * margin)
    height = width / ratio
    return Window((left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2, width, height)


@cache
def united_states() -> Atlas:
    """The packaged atlas, read once a process.

    >>> rochester = united_states().county("36055")
    >>> rochester.name, [round(one) for one in rochester.at]
    ('Monroe County', [798, 174])
    """
    told = json.loads(gzip.decompress(_FILE.read_bytes()))
    if told["format"] != FORMAT:
        raise ValueError(f"{_FILE.name} is of another version. Make it again with `outlines`.")
    states = {}
    for fips, state in told["states"].items():
        name, box, at = state["name"], _box(state["box"]), _point(state["at"])
        states[fips] = State(
            fips,
            state["code"],
            name,
            Shape(fips, name, state["coarse"], box, at, units=10),
            Shape(fips, name, state["fine"], box, at),
            tuple(state["beside"]),
            tuple(
                Shape(code, called, path, _box(around), _point(middle))
                for code, called, path, around, middle, _beside in state["counties"]
            ),
            {code: tuple(beside) for code, *_shape, beside in state["counties"]},
        )
    return Atlas(states, tuple(told["sources"]))


def _box(given: list[float]) -> Box:
    left, top, right, bottom = given
    return left, top, right, bottom


def _point(given: list[float]) -> Point:
    return given[0], given[1]
