"""Rows of a strip or a forest: a value with its interval, and what chance gives, on one axis."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from interlock.web.observatory.figures.axes import Axis

Standing = Literal["right", "naive", "doubtful"]
#: So many letters of a label stand on a line of a telephone 360 pixels wide.
LETTERS = 38
#: Heights: of a line of letters, of a band, of a row without one, between rows, of the axis.
LINE, BAND, BARE, GAP, AXIS = 18.0, 24.0, 16.0, 10.0, 26.0


@dataclass(frozen=True)
class Row:
    """What is to be drawn: `low` and `high` its interval, `chance` the band; None where there is none.

    `told` is the value in words beside the label. A number may be infinite; NaN is none.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    chance: tuple[float, float] | None = None
    label: str = ""
    told: str = ""
    standing: Standing = "right"

    @property
    def ends(self) -> tuple[float, ...]:
        """All its numbers but the value."""
        return tuple(end for pair in (self.interval, self.band) for end in pair or ())

    @property
    def known(self) -> float | None:
        return None if self.value is None or math.isnan(self.value) else self.value

    @property
    def interval(self) -> tuple[float, float] | None:
        return None if self.low is None or self.high is None else _ordered(self.low, self.high)

    @property
    def band(self) -> tuple[float, float] | None:
        return None if self.chance is None else _ordered(*self.chance)


def _ordered(one: float, other: float) -> tuple[float, float] | None:
    if math.isnan(one) or math.isnan(other):
        return None
    return min(one, other), max(one, other)


@dataclass(frozen=True)
class Span:
    """From here to there; open where it runs off the axis."""

    start: float
    end: float
    open_start: bool
    open_end: bool

    @property
    def width(self) -> float:
        return round(self.end - self.start, 2)


@dataclass(frozen=True)
class Line:
    """A line of a label: the baseline it stands on."""

    y: float
    text: str


@dataclass(frozen=True)
class Placed:
    """A row where it stands. `off` is the side on which the value runs off: -1, 0 or 1."""

    lines: tuple[Line, ...]
    told: Line | None
    top: float
    middle: float
    bottom: float
    band: Span | None
    whisker: Span | None
    mark: float | None
    off: int
    standing: Standing

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def square(self) -> float:
        """The top of the square that a right value is."""
        return self.middle - 7


def standings(rows: Sequence[Placed]) -> tuple[Standing, ...]:
    """Those that occur, for the key."""
    every: tuple[Standing, ...] = ("right", "naive", "doubtful")
    return tuple(one for one in every if any(row.standing == one for row in rows))


def placed(rows: Sequence[Row], axis: Axis) -> tuple[tuple[Placed, ...], float]:
    """The rows under each other, and where the axis lies below them."""
    found, y = [], 4.0
    for row in rows:
        one = _placed(row, axis, y)
        found.append(one)
        y = one.bottom + GAP
    # A band stands on the axis, a mark above it.
    return tuple(found), y - (GAP if rows and rows[-1].band else 0)


def _placed(row: Row, axis: Axis, y: float) -> Placed:
    texts = textwrap.wrap(row.label, LETTERS)
    # On the last line of the label, where there is room.
    beside = len(texts[-1] if texts else "") + len(row.told) < LETTERS
    lines = [Line(y + LINE * (number + 1) - 4, text) for number, text in enumerate(texts)]
    rows = len(texts)
    told = None
    if row.told:
        rows = max(1, rows) if beside else rows + 1
        told = Line(y + LINE * rows - 4, row.told)
    top, high = y + LINE * rows + (2 if rows else 4), BAND if row.band else BARE
    return Placed(
        tuple(lines),
        told,
        top,
        top + high / 2,
        top + high,
        _span(row.band, axis),
        _span(row.interval, axis),
        None if row.known is None else axis.at(row.known),
        0 if row.known is None else axis.off(row.known),
        row.standing,
    )


def _span(ends: tuple[float, float] | None, axis: Axis) -> Span | None:
    if ends is None:
        return None
    low, high = ends
    return Span(axis.at(low), axis.at(high), axis.off(low) < 0, axis.off(high) > 0)
