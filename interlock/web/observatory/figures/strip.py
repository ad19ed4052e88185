"""A value with its interval beside what chance gives, on an axis of round numbers; or several such."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interlock.web.observatory.figures.axes import Axis, linear
from interlock.web.observatory.figures.rows import AXIS, Placed, Row, Standing, placed, standings


@dataclass(frozen=True)
class Strip:
    """Rows on one linear axis, which lies at `base`."""

    axis: Axis
    rows: tuple[Placed, ...]
    base: float

    name = "strip"

    @property
    def height(self) -> float:
        return self.base + AXIS

    @property
    def standings(self) -> tuple[Standing, ...]:
        return standings(self.rows)

    @property
    def has_interval(self) -> bool:
        return any(row.whisker for row in self.rows)

    @property
    def has_chance(self) -> bool:
        return any(row.band for row in self.rows)

    @classmethod
    def of(cls, rows: Sequence[Row], around: Iterable[float] = ()) -> Strip:
        """The strip of these rows; one without a label is a chart of its own.

        The axis is around all that is drawn, and these numbers besides.
        """
        numbers = [row.known for row in rows if row.known is not None]
        axis = linear([*around, *numbers, *(end for row in rows for end in row.ends)])
        return cls(axis, *placed(rows, axis))
