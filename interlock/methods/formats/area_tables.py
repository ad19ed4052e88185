"""A table of areas as CSV: its columns found by what they are called, each fault with its place.

A row is an area: a code, its people, whether it is marked (participatory budgeting there: yes or no,
or a number), and what was counted in it (worker co-ops: how many, or yes or no). Further columns may be
its name, the region it lies in, and a negative control. An empty cell is no "no".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np

from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.register.faults import Fault, RegisterError
from interlock.methods.formats.register.rows import Row, Table, table
from interlock.methods.observatory.reasons import SENTENCES
from interlock.methods.places.colocation.irls import Integers
from interlock.methods.places.colocation.maps import Neighbours, neighbours
from interlock.methods.places.colocation.table import Areas, areas

MOST_FAULTS = 20
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


class AreaTableError(ValueError):
    """A table that cannot be taken; `faults` are those found, at most `MOST_FAULTS` and one more."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


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


def option(role: str) -> str:
    """The option of the command line that names the column of a role."""
    return f"--{role}"


def read(data: bytes, columns: Mapping[str, str] | None = None) -> AreaTable:
    """The areas of a CSV file in UTF-8. `columns` name the column of a role (`ROLES`).

    Raises AreaTableError with line and column of every fault.

    >>> found = read(b"fips,pop2019,pb,coops,state\\n01,900,yes,3,A\\n02,500,no,0,A\\n")
    >>> found.columns["population"], found.areas.marked.tolist(), found.areas.counts.tolist()
    ('pop2019', [True, False], [3, 0])
    >>> read(b"fips,pop,pb,coops\\n01,900,maybe,3\\n")
    Traceback (most recent call last):
    ...
    interlock.methods.formats.area_tables.AreaTableError: line 2, column 3 (pb): “maybe” is neither yes nor no, nor a whole number from 0.
    """
    return _Reading(_table(data), columns or {}).areas()


def read_neighbours(data: bytes, codes: Sequence[str]) -> Neighbours:
    """Who is whose neighbour, from a CSV file with two codes a row under any headings.

    >>> read_neighbours(b"one,other\\na,b\\n", ["a", "b", "c"]).many.tolist()
    [1, 1, 0]
    """
    found, place = _table(data), {code: at for at, code in enumerate(codes)}
    if len(found.headings) != 2:
        _refuse(_fault(1, "pair-width", width=len(found.headings)))
    pairs, faults = list[list[int]](), list[Fault]()
    for row in _rows(found, faults):
        cells = [cell.strip() for cell in row.cells]
        unknown = [cell for cell in cells if cell not in place]
        faults += [_fault(row.line, "unknown-code", code=shown(one)) for one in unknown]
        if not unknown:
            pairs.append([place[cell] for cell in cells])
    _check(faults)
    return neighbours(np.array(pairs, np.int64).reshape(-1, 2), len(codes))


def _table(data: bytes) -> Table:
    try:
        return table(data, needs_name=False)
    except RegisterError as error:
        if error.fault.message.code == "file-empty":
            _refuse(_fault(1, "table-empty"))
        raise AreaTableError([error.fault]) from None


def _fault(line: int, code: str, /, *, at: int = 0, column: str = "", **given: str | int) -> Fault:
    return Fault(line, at, column, Remark(SENTENCES, code, **given))


def _refuse(*faults: Fault) -> NoReturn:
    raise AreaTableError(faults)


def _check(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    shown_faults = sorted(faults, key=lambda one: (one.line, one.cell))[:MOST_FAULTS]
    beyond = len(faults) - len(shown_faults)
    if beyond:
        shown_faults.append(_fault(faults[-1].line, "more-faults", many=beyond))
    _refuse(*shown_faults)


def _rows(found: Table, faults: list[Fault]) -> Iterator[Row]:
    """The rows that can be relied on; the others among the faults."""
    for row in found:
        if row.why_not is not None:
            faults.append(Fault(row.line, 0, "", row.why_not))
        elif any(
            "\0" in cell or "\ud800" <= max(cell, default="") <= "\udfff" for cell in row.cells
        ):
            faults.append(_fault(row.line, "not-text"))
        else:
            yield row


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


class _Reading:
    """A table being read, with the faults found so far."""

    def __init__(self, found: Table, named: Mapping[str, str]) -> None:
        self.table, self.faults = found, list[Fault]()
        self.at = {role: self._place(role, named.get(role)) for role in ROLES}
        _check(self.faults)

    def areas(self) -> AreaTable:
        kept, first = _Columns(), dict[str, int]()
        for row in _rows(self.table, self.faults):
            self._take(row, kept, first)
        if not kept.codes and not self.faults:
            self.faults.append(_fault(self.table.line, "table-empty"))
        _check(self.faults)
        found = areas(
            kept.codes,
            np.array(kept.population, np.int64),
            np.array(kept.marked, np.bool_),
            np.array(kept.counts, np.int64),
            regions=kept.regions if self.at["region"] is not None else None,
        )
        control = None if self.at["control"] is None else np.array(kept.control, np.int64)
        columns = {role: self.table.headings[at] for role, at in self.at.items() if at is not None}
        return AreaTable(found, tuple(kept.names), control, columns, self.table.notes)

    def _place(self, role: str, named: str | None) -> int | None:
        """Where the column of a role is; None for one that nobody needs and nobody named."""
        headings = self.table.headings
        every = ", ".join(map(shown, headings))
        if named is not None:
            if named not in headings:
                fault = _fault(
                    1, "no-such-column", name=shown(named), option=option(role), columns=every
                )
                self.faults.append(fault)
                return None
            return headings.index(named)
        plain = [" ".join(re.split(r"[\s_]+", heading.casefold())) for heading in headings]
        for pattern in _MEANINGS.get(role, ()):
            places = [at for at, heading in enumerate(plain) if re.fullmatch(pattern, heading)]
            if len(places) > 1:
                alike = ", ".join(shown(headings[at]) for at in places)
                fault = _fault(1, "columns-alike", role=role, columns=alike, option=option(role))
                self.faults.append(fault)
            if places:
                return places[0]
        if role in _NEEDED:
            self.faults.append(
                _fault(1, "no-column", role=role, option=option(role), columns=every)
            )
        return None

    def _take(self, row: Row, kept: _Columns, first: dict[str, int]) -> None:
        code = self._cell(row, "code")
        if code in first:
            self._wrong(row, "code", "code-again", code=shown(code), first=first[code])
        elif code:
            first[code] = row.line
        kept.codes.append(code)
        kept.names.append(self._cell(row, "name", may_lack=True))
        kept.population.append(self._whole(row, "population", 1))
        marked = self._number(row, "marked")
        kept.marked.append(marked > 0)
        kept.counts.append(self._number(row, "count"))
        if self.at["region"] is not None:
            kept.regions.append(self._cell(row, "region"))
        if self.at["control"] is not None:
            kept.control.append(self._whole(row, "control", 0))

    def _cell(self, row: Row, role: str, *, may_lack: bool = False) -> str:
        at = self.at[role]
        cell = "" if at is None else row.cells[at].strip()
        if not cell and not may_lack:
            self._wrong(row, role, "cell-empty")
        return cell

    def _whole(self, row: Row, role: str, least: int) -> int:
        text = self._cell(row, role)
        number = int(text.split(".")[0].replace(",", "")) if _WHOLE.fullmatch(text) else -1
        if text and number < least:
            self._wrong(row, role, "no-whole-number", text=shown(text), least=least)
        if number > MOST_PEOPLE:
            self._wrong(row, role, "too-many-people", text=shown(text))
        return number

    def _number(self, row: Row, role: str) -> int:
        """A whole number from 0, of which yes is 1 and no is 0."""
        text = self._cell(row, role).casefold()
        if text in _YES:
            return 1
        if text in _NO or not text:
            return 0
        if _WHOLE.fullmatch(text):
            number = int(text.split(".")[0].replace(",", ""))
            if number > MOST_PEOPLE:
                self._wrong(row, role, "too-many-people", text=shown(text))
            return number
        self._wrong(row, role, "no-yes-or-no", text=shown(text))
        return 0

    def _wrong(self, row: Row, role: str, code: str, /, **given: str | int) -> None:
        at = self.at[role]
        assert at is not None
        self.faults.append(
            _fault(row.line, code, at=at + 1, column=shown(self.table.headings[at]), **given)
        )
