"""Ratios under each other, each with its interval, on an axis that doubles; dashed where nothing differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.web.observatory.figures.axes import Axis, doubling
from interlock.web.observatory.figures.rows import AXIS, Placed, Row, Standing, placed, standings


@dataclass(frozen=True)
class Forest:
    """Rows on one axis of ratios, which lies at `base`; `one` is where the ratio is 1."""

    axis: Axis
    rows: tuple[Placed, ...]
    base: float

    name = "forest"

    @property
    def height(self) -> float:
        return self.base + AXIS

    @property
    def one(self) -> float:
        return self.axis.at(1.0)

    @property
    def standings(self) -> tuple[Standing, ...]:
        return standings(self.rows)

    @property
    def has_interval(self) -> bool:
        return any(row.whisker for row in self.rows)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Forest:
        numbers = [row.known for row in rows if row.known is not None]
        axis = doubling(numbers, [end for row in rows for end in row.ends])
        return cls(axis, *placed(rows, axis))
