"""A value by periods (or by distances, or whatever follows each other), each beside what chance gives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from interlock.web.observatory.figures.axes import LEFT, RIGHT, Axis, Tick, linear
from interlock.web.observatory.figures.rows import Row

#: The plot: its left edge in percent, its upper and lower edge, and how high it all is.
START, TOP, BASE, HEIGHT = 15.0, 14.0, 194.0, 222.0
#: What a letter takes, and how wide the plot is on a telephone.
LETTER, PHONE = 7.4, 285.0


@dataclass(frozen=True)
class Upright:
    """From `top` down to `bottom`; open where it runs off the axis."""

    top: float
    bottom: float
    open_top: bool
    open_bottom: bool

    @property
    def height(self) -> float:
        return round(self.bottom - self.top, 2)


@dataclass(frozen=True)
class Period:
    """One of them where it stands. Its label is empty where there is no room for all."""

    x: float
    left: float
    right: float
    label: str
    band: Upright | None
    whisker: Upright | None
    mark: float | None
    off: int


@dataclass(frozen=True)
class TimeLine:
    """Periods beside each other; `bar` is the width of a band, `steps` join values that follow each other."""

    axis: Axis
    ticks: tuple[Tick, ...]
    periods: tuple[Period, ...]
    bar: float

    name = "timeline"
    start, top, base, height = START, TOP, BASE, HEIGHT

    @property
    def steps(self) -> tuple[tuple[Period, Period], ...]:
        return tuple(
            (one, other)
            for one, other in zip(self.periods, self.periods[1:], strict=False)
            if one.mark is not None and other.mark is not None
        )

    @property
    def has_chance(self) -> bool:
        return any(period.band for period in self.periods)

    @property
    def has_interval(self) -> bool:
        return any(period.whisker for period in self.periods)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> TimeLine:
        """The line of these rows, whose labels are the periods."""
        numbers = [row.known for row in rows if row.known is not None]
        axis = linear([*numbers, *(end for row in rows for end in row.ends)])
        each = (RIGHT - START) / max(1, len(rows))
        needed = LETTER * max((len(row.label) for row in rows), default=0) + 10
        told = max(1, math.ceil(needed * len(rows) / PHONE))
        bar = round(min(each * 0.6, 8.0), 2)
        periods = tuple(
            Period(
                round(START + each * (place + 0.5), 2),
                round(START + each * (place + 0.5) - bar / 2, 2),
                round(START + each * (place + 0.5) + bar / 2, 2),
                row.label if place % told == 0 else "",
                _upright(row.band, axis),
                _upright(row.interval, axis),
                None if row.known is None else _down(axis, row.known),
                0 if row.known is None else axis.off(row.known),
            )
            for place, row in enumerate(rows)
        )
        ticks = tuple(Tick(_height(tick.at), tick.text) for tick in axis.ticks)
        return cls(axis, ticks, periods, bar)


def _height(at: float) -> float:
    """A place across as one upwards."""
    share = min(max((at - LEFT) / (RIGHT - LEFT), 0.0), 1.0)
    return round(BASE - share * (BASE - TOP), 2)


def _down(axis: Axis, value: float) -> float:
    return _height(axis.at(value))


def _upright(ends: tuple[float, float] | None, axis: Axis) -> Upright | None:
    if ends is None:
        return None
    low, high = ends
    return Upright(_down(axis, high), _down(axis, low), axis.off(high) > 0, axis.off(low) < 0)
