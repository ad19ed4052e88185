"""What of a table of counts may be shown: small cells withheld, and nothing that gives them away.

A cell below 5 is withheld, a total too. A reader could still subtract what is shown from a total,
so further cells are withheld with it: for each withheld cell there must be a ring of withheld
cells, by turns along rows and columns, around which one person could be moved, so that all totals
stay and no count falls below zero. Then no sum and difference of what is shown tells that cell. Of
all such rings the one that withholds the fewest people is taken; in the plain case that is the
smallest other cell of the row and of the column. On rings ("cycles"): J. P. Kelly, B. L. Golden and
A. A. Assad, "Cell Suppression: Disclosure Protection for Sensitive Tabular Data", Networks 22:4
(1992).

Cells withheld for either cause look the same. Publish a table once: two tables of almost the same
people are a subtraction that no table can know of.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST_CELL = 5

Cell = tuple[int, int]


@dataclass(frozen=True)
class Published:
    """A table as it may be shown: None is withheld."""

    cells: tuple[tuple[int | None, ...], ...]
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    total: int | None


def published(
    counts: Sequence[Sequence[int]], *, least: int = LEAST_CELL, open_rows: bool = False
) -> Published:
    """A table of persons by two questions with its totals, as it may be shown.

    For one question give one row. With `open_rows` the totals of rows, and of all, are known
    already, as the sizes of groups are in many tables of one survey: they are shown, and no cell is
    hidden behind them. Raises ValueError for rows of different lengths and counts below
    0.

    >>> published([[20, 3, 9], [14, 11, 12]]).cells
    ((20, None, None), (14, None, None))
    >>> published([[20, 3, 9]]).cells, published([[20, 30, 9]]).total
    (((20, None, None),), 59)
    >>> told = published([[40, 3], [30, 25]], open_rows=True)
    >>> told.cells, told.columns, told.rows
    (((None, None), (None, None)), (70, 28), (43, 55))
    """
    if len({len(row) for row in counts}) != 1 or not counts[0]:
        raise ValueError("A table has rows of one length, and at least one cell.")
    if any(count < 0 for row in counts for count in row):
        raise ValueError("A count is a whole number from 0.")
    table = [[*row, sum(row)] for row in counts]
    table.append([sum(column) for column in zip(*table, strict=True)])
    withheld = _withheld(table, least, open_rows)
    shown = [
        tuple(None if (r, c) in withheld else count for c, count in enumerate(row))
        for r, row in enumerate(table)
    ]
    *inner, last = shown
    return Published(
        tuple(row[:-1] for row in inner), tuple(row[-1] for row in inner), last[:-1], last[-1]
    )


def _withheld(table: Sequence[Sequence[int]], least: int, open_rows: bool) -> set[Cell]:
    width = len(table[0]) - open_rows
    small = [
        (r, c)
        for r, row in enumerate(table)
        for c, count in enumerate(row[:width])
        # Of a row that is known to have nobody, or a single cell, nothing can be hidden.
        if count < least and not (open_rows and (width == 1 or not row[-1]))
    ]
    withheld = set(small)
    # The smallest first: their rings are the hardest to find, and others lie on them already.
    for cell in sorted(small, key=lambda cell: (table[cell[0]][cell[1]], cell)):
        withheld.update(_Rings(table, withheld, width).cheapest(cell))
    return withheld


class _Rings:
    """The rings through a cell, in a table whose last row and column are totals.

    Rows and columns are the points of a graph and cells its edges; a ring goes by turns from a row
    to a column and back, and moves one person out of a cell and into the next. A total's cell moves
    the other way, because it stands on the other side of its sum. Rings keep to the first `width`
    columns.
    """

    def __init__(self, table: Sequence[Sequence[int]], withheld: set[Cell], width: int) -> None:
        self.table, self.withheld, self.width = table, withheld, width
        self.height, self.totals = len(table), len(table[0]) - 1

    def cheapest(self, cell: Cell) -> list[Cell]:
        """The cells of the ring that withholds the fewest people beside those withheld already.

        There always is one: a person more in the cell, its row's total, its column's and all.
        """
        ways = [
            way
            for grows in (True, False)
            if self._may(cell, grows)
            for way in self._way(cell, grows)
        ]
        return min(ways)[1]

    def _may(self, cell: Cell, grows: bool) -> bool:
        """Whether a ring may let the cell grow (or shrink) by one person in its sums."""
        row, column = cell
        if (row == self.height - 1) != (column == self.totals):
            grows = not grows
        return grows or self.table[row][column] > 0

    def _way(self, cell: Cell, grows: bool) -> Iterator[tuple[int, list[Cell]]]:
        """The cheapest way from the cell's row to its column not through the cell, with its price."""
        start, end = cell[0], self.height + cell[1]
        best, queue = {start: 0}, [(0, start)]
        back = dict[int, tuple[int, Cell]]()
        while queue:
            price, point = heapq.heappop(queue)
            if point == end:
                yield price, self._path(back, start, end)
                return
            if price > best[point]:
                continue
            for other, edge in self._edges(point, grows):
                paid = price + (0 if edge in self.withheld else self.table[edge[0]][edge[1]] + 1)
                if edge != cell and paid < best.get(other, paid + 1):
                    best[other], back[other] = paid, (point, edge)
                    heapq.heappush(queue, (paid, other))

    def _edges(self, point: int, grows: bool) -> Iterator[tuple[int, Cell]]:
        """The ways on: out of a row cells move against the first cell, out of a column with it."""
        is_row = point < self.height
        for other in range(self.width if is_row else self.height):
            cell = (point, other) if is_row else (other, point - self.height)
            if self._may(cell, grows is not is_row):
                yield (self.height + other if is_row else other), cell

    @staticmethod
    def _path(back: dict[int, tuple[int, Cell]], start: int, end: int) -> list[Cell]:
        cells, point = list[Cell](), end
        while point != start:
            point, cell = back[point]
            cells.append(cell)
        return cells
