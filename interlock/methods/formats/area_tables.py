"""A table of areas as CSV: its columns found by what they are called, each fault with its place.

A row is an area: a code, its people, whether it is marked (participatory budgeting there: yes or no,
or a number), and what was counted in it (worker co-ops: how many, or yes or no). Further columns may be
its name, the region it lies in, and a negative control. An empty cell is no "no".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.headed import Headed, check, fault, opened, refuse, rows
from interlock.methods.formats.register.faults import Fault
from interlock.methods.formats.register.rows import Row
from interlock.methods.places.colocation.irls import Integers
from interlock.methods.places.colocation.maps import Neighbours, neighbours
from interlock.methods.places.colocation.table import Areas, areas

MOST_PEOPLE = 10**10
ROLES = ("code", "population", "marked", "count", "name", "region", "control")
_NEEDED = ("code", "population", "marked", "count")
# What headings are taken for, small letters with spaces; the first pattern that any heading fits.
_MEANINGS: Mapping[str, Sequence[str]] = {
    "code": ("code", "fips", "geoid", "cbsa", "id"),
    "name": ("name", "area", "county", "metro", "city", "place"),
    "population": ("population", "people", "pop", r"pop(ulation)? ?[12][0-9]{3}"),
    "marked": ("marked", "pb", r"(has )?participatory budgeting"),
    "count": (
        "count",
        r"(worker )?co-?ops?",
        r"(worker )?co-?ops? ?[0-9]+",
        r"(worker )?cooperatives",
    ),
    "region": ("region", "state", "province"),
}
_YES = frozenset({"yes", "y", "true", "x", "sí", "si"})
_NO = frozenset({"no", "n", "false", "-"})
_WHOLE = re.compile(r"[0-9]{1,15}(?:\.0+)?|[0-9]{1,3}(?:,[0-9]{3})+")


@dataclass(frozen=True, eq=False)
class AreaTable:
    """A table that was read: the areas, their names, and the column that each role was read from.

    `notes` are what was tolerated in the file as a whole.
    """

    areas: Areas
    names: tuple[str, ...]
    control: Integers | None
    columns: Mapping[str, str]
    notes: tuple[Remark, ...] = ()


def read(data: bytes, columns: Mapping[str, str] | None = None) -> AreaTable:
    """The areas of a CSV file in UTF-8. `columns` name the column of a role (`ROLES`).

    Raises TableError with line and column of every fault.

    >>> found = read(b"fips,pop2019,pb,coops,state\\n01,900,yes,3,A\\n02,500,no,0,A\\n")
    >>> found.columns["population"], found.areas.marked.tolist(), found.areas.counts.tolist()
    ('pop2019', [True, False], [3, 0])
    >>> read(b"fips,pop,pb,coops\\n01,900,maybe,3\\n")
    Traceback (most recent call last):
    ...
    interlock.methods.formats.headed.TableError: line 2, column 3 (pb): “maybe” is neither yes nor no, nor a whole number from 0.
    """
    return _Reading(opened(data), ROLES, _MEANINGS, _NEEDED, columns or {}).areas()


def read_neighbours(data: bytes, codes: Sequence[str]) -> Neighbours:
    """Who is whose neighbour, from a CSV file with two codes a row under any headings.

    >>> read_neighbours(b"one,other\\na,b\\n", ["a", "b", "c"]).many.tolist()
    [1, 1, 0]
    """
    found, place = opened(data), {code: at for at, code in enumerate(codes)}
    if len(found.headings) != 2:
        refuse(fault(1, "pair-width", width=len(found.headings)))
    pairs, faults = list[list[int]](), list[Fault]()
    for row in rows(found, faults):
        cells = [cell.strip() for cell in row.cells]
        unknown = [cell for cell in cells if cell not in place]
        faults += [fault(row.line, "unknown-code", code=shown(one)) for one in unknown]
        if not unknown:
            pairs.append([place[cell] for cell in cells])
    check(faults)
    return neighbours(np.array(pairs, np.int64).reshape(-1, 2), len(codes))


@dataclass
class _Columns:
    """The cells of all rows, by role."""

    codes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    population: list[int] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    control: list[int] = field(default_factory=list)


class _Reading(Headed):
    """A table of areas being read."""

    def areas(self) -> AreaTable:
        kept, first = _Columns(), dict[str, int]()
        for row in rows(self.table, self.faults):
            self._take(row, kept, first)
        if not kept.codes and not self.faults:
            self.faults.append(fault(self.table.line, "table-empty"))
        check(self.faults)
        found = areas(
            kept.codes,
            np.array(kept.population, np.int64),
            np.array(kept.marked, np.bool_),
            np.array(kept.counts, np.int64),
            regions=kept.regions if self.at["region"] is not None else None,
        )
        control = None if self.at["control"] is None else np.array(kept.control, np.int64)
        return AreaTable(found, tuple(kept.names), control, self.columns, self.table.notes)

    def _take(self, row: Row, kept: _Columns, first: dict[str, int]) -> None:
        code = self.cell(row, "code")
        if code in first:
            self.wrong(row, "code", "code-again", code=shown(code), first=first[code])
        elif code:
            first[code] = row.line
        kept.codes.append(code)
        kept.names.append(self.cell(row, "name", may_lack=True))
        kept.population.append(self._whole(row, "population", 1))
        marked = self._number(row, "marked")
        kept.marked.append(marked > 0)
        kept.counts.append(self._number(row, "count"))
        if self.at["region"] is not None:
            kept.regions.append(self.cell(row, "region"))
        if self.at["control"] is not None:
            kept.control.append(self._whole(row, "control", 0))

    def _whole(self, row: Row, role: str, least: int) -> int:
        text = self.cell(row, role)
        number = int(text.split(".")[0].replace(",", "")) if _WHOLE.fullmatch(text) else -1
        if text and number < least:
            self.wrong(row, role, "no-whole-number", text=shown(text), least=least)
        if number > MOST_PEOPLE:
            self.wrong(row, role, "too-many-people", text=shown(text))
        return number

    def _number(self, row: Row, role: str) -> int:
        """A whole number from 0, of which yes is 1 and no is 0."""
        text = self.cell(row, role).casefold()
        if text in _YES:
            return 1
        if text in _NO or not text:
            return 0
        if _WHOLE.fullmatch(text):
            number = int(text.split(".")[0].replace(",", ""))
            if number > MOST_PEOPLE:
                self.wrong(row, role, "too-many-people", text=shown(text))
            return number
        self.wrong(row, role, "no-yes-or-no", text=shown(text))
        return 0
