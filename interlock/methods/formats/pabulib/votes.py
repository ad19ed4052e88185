"""The section VOTES: its ballots as arrays, and the rest of its rows when somebody asks.

Plain rows are read by blocks (`plain.py`), all others one by one, here. What stays in memory while
reading is the file and 20 bytes a ballot and 4 a mark (12 with points); no object is made for a
plain row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Ballots, Integers
from interlock.methods.formats.pabulib.faults import MOST_FAULTS, Findings, shown
from interlock.methods.formats.pabulib.plain import (
    MOST_POINT_DIGITS,
    Fingerprints,
    Flags,
    Layout,
    Plain,
    ProjectIds,
    Spans,
    Words,
    read_block,
)
from interlock.methods.formats.pabulib.rows import (
    Lines,
    Rows,
    block_end,
    fitted,
    is_blank,
    title_of,
)

WITH_POINTS = ("cumulative", "scoring")

_UNKNOWN = -1
# Points are kept in these parts of one until the last of them is read: 18 digits fit into 64 bits.
_FINEST = 10**MOST_POINT_DIGITS
_DIGITS = rf"[0-9]{{1,{MOST_POINT_DIGITS}}}"
POINTS = re.compile(rf"({_DIGITS})(?:\.({_DIGITS}))?")


@dataclass(frozen=True)
class Begin:
    """Where the rows of VOTES begin: after `place` bytes and `number` lines; and their columns."""

    data: bytes
    place: int
    number: int
    columns: tuple[str, ...]

    def rows(self, findings: Findings) -> Rows:
        """All rows from there on."""
        lines = Lines(self.data)
        lines.place, lines.number = self.place, self.number
        return Rows(lines, findings)

    def cells(self) -> Iterator[tuple[list[str], int]]:
        """The rows of the section that have as many cells as there are columns, and their lines."""
        for row, line in self.rows(Findings()):
            if title_of(row):
                return
            cells = fitted(row, len(self.columns))
            if cells is not None and not is_blank(row):
                yield cells, line


class VoterColumns(Mapping[str, tuple[str, ...]]):
    """The cells of VOTES by column and voter, read from the file's bytes when first asked for."""

    def __init__(self, begin: Begin, without: Sequence[str]) -> None:
        self._begin = begin
        self._names = tuple(name for name in begin.columns if name not in without)

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._cells[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _cells(self) -> dict[str, tuple[str, ...]]:
        columns = self._begin.columns
        kept = [place for place, name in enumerate(columns) if name in self._names]
        cells = [list[str]() for _ in kept]
        for row, _line in self._begin.cells():
            for column, place in zip(cells, kept, strict=True):
                column.append(row[place])
        return {columns[place]: tuple(cells[n]) for n, place in enumerate(kept)}


class _Ballot(NamedTuple):
    """One ballot that was read with care: the voter's id, trimmed, and what it says."""

    voter: bytes
    marks: Sequence[int]
    points: Sequence[int]


class VotesReader:
    """Reads the rows of VOTES of one file into arrays.

    `kind` is the vote type, `projects` the ids in order, `key` the hash of the file. `number` is
    how many rows were read, `repeating` how many ballots named a project more than once, and
    `decimals` how many decimals points have at most.
    """

    def __init__(
        self,
        begin: Begin,
        kind: str,
        projects: Sequence[str],
        key: bytes,
        findings: Findings,
    ) -> None:
        columns = begin.columns
        points = columns.index("points") if kind in WITH_POINTS else None
        self.number = 0
        self.repeating = 0
        self.decimals = 0
        self._begin = begin
        self._kind = kind
        self._findings = findings
        self._layout = Layout(
            len(columns),
            columns.index("voter_id"),
            columns.index("vote"),
            points,
            kind == "choose-1",
        )
        self._index = {project: number for number, project in enumerate(projects)}
        self._fingerprints = Fingerprints(key)
        self._projects = ProjectIds(projects, self._fingerprints)
        self._voters, self._lengths = bytearray(), bytearray()
        self._marks, self._points = bytearray(), bytearray()

    def read(self, *, row_by_row: bool) -> Rows:
        """Read to the end of the section; the rows of the file that are left."""
        rows = self._begin.rows(self._findings)
        lines = rows.lines
        while lines.place < len(lines.data):
            stop = block_end(lines.data, lines.place) or len(lines.data)
            plain = not row_by_row and self._read_plain(lines, stop)
            if not plain and not self._read_rows(rows, stop):
                break
        self._check_voters()
        return rows

    def ballots(self) -> Ballots:
        """All ballots, when there was no fault; points are in parts of one with all `decimals`."""
        lengths = np.frombuffer(self._lengths, np.int32)
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        marks = np.frombuffer(self._marks, np.int32)
        points = None if self._layout.points is None else np.frombuffer(self._points, np.int64)
        if points is not None:
            points //= _FINEST // 10**self.decimals
        for array in (offsets, marks, points):
            if array is not None:
                array.setflags(write=False)
        return Ballots(self._kind, offsets, marks, points)

    def voters(self) -> VoterColumns:
        """The columns that say nothing of the ballots."""
        read = ("vote",) if self._layout.points is None else ("vote", "points")
        return VoterColumns(self._begin, read)

    def _read_plain(self, lines: Lines, stop: int) -> bool:
        """Read the lines up to `stop`; False, and nothing read, when they are not rows by themselves."""
        block = lines.data[lines.place : stop]
        plain = read_block(block, self._layout, self._projects, self._fingerprints)
        if plain is None:
            return False
        others = [(number, _cells_of(line)) for number, line in plain.others]
        if any(cells is None or title_of(cells) for _, cells in others):
            return False
        self.number += len(plain.lines)
        first = lines.number + 1
        careful = [
            (number, ballot)
            for number, cells in others
            if cells is not None and (ballot := self._ballot(cells, first + number)) is not None
        ]
        self._add(plain, careful)
        lines.place, lines.number = stop, lines.number + plain.height
        return True

    def _read_rows(self, rows: Rows, stop: int) -> bool:
        """Read rows one by one until `stop` is reached; False when a title ended the section."""
        lines, ballots = rows.lines, list[tuple[int, _Ballot]]()
        goes_on = True
        while goes_on and lines.place < stop:
            before = lines.place, lines.number
            row, line = next(rows)
            if title_of(row):
                lines.place, lines.number = before
                goes_on = False
            elif (ballot := self._ballot(row, line)) is not None:
                ballots.append((len(ballots), ballot))
        self._add(_NO_PLAIN, ballots)
        return goes_on

    def _ballot(self, row: list[str], line: int) -> _Ballot | None:
        """Read one row with care; None for a row without cells, and for one of the wrong width."""
        if is_blank(row):
            return None
        self.number += 1
        layout, columns = self._layout, self._begin.columns
        cells = fitted(row, layout.width)
        if cells is None:
            wrong_width(row, columns, line, self._findings)
            return None
        voter = cells[layout.voter].strip()
        if not voter:
            message = "The voter has no id. Number the voters."
            self._findings.fault(line, layout.voter + 1, "voter_id", message)
        named = _pieces(cells[layout.vote])
        points = [0] * len(named)
        if layout.points is not None:
            points = self._points_of(cells[layout.points], len(named), line)
        given: dict[int, int] = {}
        for mark, point in zip(self._marks_of(named, line), points, strict=True):
            given.setdefault(mark, point)  # a project named twice counts once, as at first
        given.pop(_UNKNOWN, None)
        self.repeating += len(set(named)) < len(named)
        if layout.one_mark and len(given) > 1:
            message = f"A choose-1 ballot names one project, and this names {len(given)}."
            self._findings.fault(line, layout.vote + 1, "vote", message)
        return _Ballot(voter.encode(), list(given), list(given.values()))

    def _marks_of(self, named: Sequence[str], line: int) -> list[int]:
        """The number of each project named, `_UNKNOWN` after a fault."""
        for project in named:
            if project in self._index:
                continue
            message = "There is an empty id between commas. Remove a comma."
            if project:
                message = f'"{shown(project)}" is not a project of this file. '
                message += "Add it to PROJECTS or remove it."
            self._findings.fault(line, self._layout.vote + 1, "vote", message)
        return [self._index.get(project, _UNKNOWN) for project in named]

    def _points_of(self, cell: str, marked: int, line: int) -> list[int]:
        """The points of one ballot; zeros, after a fault, where they are not one for each mark."""
        column = (self._layout.points or 0) + 1
        texts = _pieces(cell)
        if len(texts) != marked:
            message = f"There are {len(texts)} points for {marked} projects. Give one for each."
            self._findings.fault(line, column, "points", message)
            return [0] * marked
        points = list[int]()
        for text in texts:
            match = POINTS.fullmatch(text)
            if match is None:
                self._findings.fault(line, column, "points", why_no_points("Points", text))
                continue
            decimals = (match[2] or "").rstrip("0")
            self.decimals = max(self.decimals, len(decimals))
            points.append(int(match[1]) * _FINEST + int(decimals.ljust(MOST_POINT_DIGITS, "0")))
        return points if len(points) == marked else [0] * marked

    def _add(self, plain: Plain, careful: Sequence[tuple[int, _Ballot]]) -> None:
        """Keep the ballots of a block, plain ones and others in the order of their lines."""
        voters, lengths = plain.voters, plain.lengths
        marks = plain.marks
        points = None if plain.points is None else plain.points * _FINEST
        if careful:
            ballots = [ballot for _, ballot in careful]
            places = np.searchsorted(plain.lines, [line for line, _ in careful])
            mine = np.zeros(len(voters) + len(ballots), np.bool_)
            mine[places + np.arange(len(ballots))] = True
            read = self._fingerprints.of(Spans.of([ballot.voter for ballot in ballots]))
            voters = _mixed(mine, read, voters)
            lengths = _mixed(mine, [len(ballot.marks) for ballot in ballots], lengths)
            of_mine = np.repeat(mine, lengths)
            marks = _mixed(of_mine, [mark for one in ballots for mark in one.marks], marks)
            if points is not None:
                points = _mixed(of_mine, [n for one in ballots for n in one.points], points)
        self._voters += voters.tobytes()
        self._lengths += lengths.astype(np.int32).tobytes()
        self._marks += marks.astype(np.int32).tobytes()
        if self._layout.points is not None and points is not None:
            self._points += points.tobytes()

    def _check_voters(self) -> None:
        """Tell of each voter who has voted before."""
        voters: Words = np.frombuffer(self._voters, np.uint64)
        self._voters = bytearray()  # not needed again, and the arrays of the ballots come next
        suspects = set(voters[_repeated(voters)].tolist())
        if not suspects:
            return
        first: dict[str, int] = {}
        for number, (cells, line) in enumerate(self._begin.cells()):
            voter = cells[self._layout.voter].strip()
            if not voter or int(voters[number]) not in suspects:
                continue
            if voter in first:
                message = f'The voter "{shown(voter)}" has already voted on line {first[voter]}. '
                message += "Keep one ballot a voter."
                self._findings.fault(line, self._layout.voter + 1, "voter_id", message)
            first.setdefault(voter, line)


def _repeated(voters: Words) -> Integers:
    """The first rows, a few more than can be told, whose fingerprint an earlier row has too."""
    ordered = np.sort(voters)
    again = ordered[1:] == ordered[:-1]
    if not again.any():
        return np.zeros(0, np.int64)
    rows = np.argsort(voters, kind="stable")[1:][again]
    most = min(MOST_FAULTS, len(rows) - 1)
    return np.partition(rows, most)[: most + 1]


def wrong_width(row: Sequence[str], columns: Sequence[str], line: int, findings: Findings) -> None:
    """Tell that a row has too few cells, at the first that is missing, or too many."""
    cell = min(len(row), len(columns)) + 1
    column = columns[len(row)] if len(row) < len(columns) else ""
    message = f"This row has {len(row)} cells and the header has {len(columns)}. "
    message += 'Put a cell that contains ";" in quotes, and keep empty cells.'
    findings.fault(line, cell, column, message)


def why_no_points(name: str, text: str) -> str:
    """What is wrong with a text that does not match `POINTS`."""
    if POINTS.fullmatch(text.removeprefix("-")):
        return f'{name} must be 0 or more, and this is "{text}". No rule counts against a project.'
    message = f"{name} must be a number such as 3 or 2.5, of at most {MOST_POINT_DIGITS} digits "
    return message + f'before the point and after it, and this is "{shown(text)}".'


def _pieces(cell: str) -> list[str]:
    return [piece.strip() for piece in cell.split(",")] if cell.strip() else []


def _cells_of(line: bytes) -> list[str] | None:
    """The cells of a line that is a row by itself; None when its quotes do not say so."""
    text = line.decode()
    if '"' not in text:
        return text.split(";")
    try:
        return next(csv.reader([text], delimiter=";", strict=True))
    except csv.Error:
        return None


_Number = TypeVar("_Number", np.int64, np.uint64)


def _mixed(
    mask: Flags, there: npt.ArrayLike, elsewhere: npt.NDArray[_Number]
) -> npt.NDArray[_Number]:
    """One array of two: `there` where the mask is set, in order, and `elsewhere` in the rest."""
    both = np.empty(len(mask), elsewhere.dtype)
    both[mask] = there
    both[~mask] = elsewhere
    return both


_NO_PLAIN = Plain(
    height=0,
    lines=np.zeros(0, np.int64),
    voters=np.zeros(0, np.uint64),
    lengths=np.zeros(0, np.int64),
    marks=np.zeros(0, np.int64),
    points=np.zeros(0, np.int64),
    others=(),
)
