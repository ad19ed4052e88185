"""A table as a picture: the darker a cell, the more; its number stands in it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from interlock.web.observatory.figures.rows import LETTERS, LINE, Line

#: The faintest and the strongest shade on which letters can still be read, dark pages too.
FAINT, STRONG = 0.06, 0.38
SHADES = 5
HEAD, CELL, GAP = 24.0, 30.0, 10.0


@dataclass(frozen=True)
class Cell:
    """What is to be drawn: the number that makes the shade, and how it is written."""

    value: float | None
    text: str = ""


@dataclass(frozen=True)
class Square:
    """A cell where it stands; without a shade where there is no number."""

    x: float
    y: float
    width: float
    shade: float | None
    text: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def baseline(self) -> float:
        return self.y + CELL / 2 + 5

    @property
    def height(self) -> float:
        return CELL


@dataclass(frozen=True)
class Matrix:
    """Heads of columns, lines of labels and cells."""

    heads: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    cells: tuple[Square, ...]
    height: float

    name = "matrix"

    @classmethod
    def of(
        cls,
        rows: Sequence[str],
        columns: Sequence[str],
        cells: Sequence[Sequence[Cell]],
        within: tuple[float, float] | None = None,
    ) -> Matrix:
        """Cells by row and column. `within` are the numbers of the faintest and the strongest shade.

        Raises ValueError where there is not one cell for each row and column.
        """
        if len(cells) != len(rows) or any(len(row) != len(columns) for row in cells):
            raise ValueError("A matrix has one cell for each row and column.")
        known = [
            cell.value
            for row in cells
            for cell in row
            if cell.value is not None and math.isfinite(cell.value)
        ]
        low, high = within or ((min(known), max(known)) if known else (0.0, 1.0))
        width = 100 / max(1, len(columns))
        lines: list[Line] = []
        squares: list[Square] = []
        y = HEAD
        for label, row in zip(rows, cells, strict=True):
            for text in textwrap.wrap(label, LETTERS):
                y += LINE
                lines.append(Line(y - 4, text))
            y += 2
            squares += [
                Square(
                    round(width * place, 2),
                    y,
                    round(width, 2) - 0.5,
                    _shade(cell.value, low, high),
                    cell.text,
                )
                for place, cell in enumerate(row)
            ]
            y += CELL + GAP
        heads = tuple(
            (round(width * (place + 0.5) - 0.25, 2), head) for place, head in enumerate(columns)
        )
        return cls(heads, tuple(lines), tuple(squares), y)


def _shade(value: float | None, low: float, high: float) -> float | None:
    """One of `SHADES`; None where there is no number."""
    if value is None or math.isnan(value):
        return None
    # Halved, so that the span of the largest numbers is one too.
    share = 0.0 if high <= low else (value / 2 - low / 2) / (high / 2 - low / 2)
    step = math.floor(min(max(share, 0.0), 1.0) * SHADES - 1e-9)
    return round(FAINT + (STRONG - FAINT) * max(0, step) / (SHADES - 1), 3)
