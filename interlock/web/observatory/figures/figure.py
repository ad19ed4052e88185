"""A drawing with all that belongs to it on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.matrix import Matrix
from interlock.web.observatory.figures.network import Network
from interlock.web.observatory.figures.strip import Strip
from interlock.web.observatory.figures.tiles import Tiles
from interlock.web.observatory.figures.timeline import TimeLine

Drawing = Strip | Forest | Matrix | Network | TimeLine | Tiles


@dataclass(frozen=True)
class Column:
    """A column of a table; of numbers, if so."""

    head: str
    numbers: bool = True


@dataclass(frozen=True)
class Table:
    """Columns and rows of text; the first cell of a row is its head."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]

    @property
    def lines(self) -> list[list[tuple[Column, str]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Figure:
    """A drawing on a page, where `name` is its own.

    `finding` is one sentence; where it tells a tie, `is_tie`, the page adds that this is no cause.
    `how` says how to read the drawing, `csv` is the address of its numbers, `command` computes them
    again.
    """

    name: str
    title: str
    drawing: Drawing
    finding: str
    table: Table
    how: str = ""
    csv: str = ""
    command: str = ""
    is_tie: bool = True

    @property
    def template(self) -> str:
        return f"observatory/figures/{self.drawing.name}.html"
