"""Pabulib's `.pb` files, read and written: https://pabulib.org/format.

The format of P. Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis" (IJCAI
2023): three sections, META, PROJECTS and VOTES, each a title line, a header line and rows of cells
separated by ";", quoted as in CSV. Reading is strict about what would change a count and lenient
about the rest: every fault is collected with its line and column, and every tolerated quirk is
noted.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from interlock.methods.counting.election import Ballots, Election
from interlock.methods.counting.names import VOTE_TYPES
from interlock.methods.formats.amounts import Amount

SECTIONS = ("META", "PROJECTS", "VOTES")
EXPECTED_META = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
WITH_POINTS = ("cumulative", "scoring")
WITHDRAWN_COST = 999_999_999
MOST_FAULTS = 1_000

_POINTS = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: where, and what to do. Line 0 is the file as a whole."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else "file"
        return (
            f"{place}, {self.column}: {self.message}"
            if self.column
            else (f"{place}: {self.message}")
        )


class PabulibError(ValueError):
    """A file that cannot be read; `faults` are all its faults, in the order of lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class PabulibFile:
    """A `.pb` file: everything it says, ballots as sparse rows.

    `meta` keeps the order of the file; `project_rows` are the cells under `project_columns`;
    `voter_columns` hold all columns of VOTES but `vote` and `points`, cell by cell; `notes` say
    what was tolerated; `input_sha256` is the hash of the bytes read.
    """

    meta: Mapping[str, str]
    project_columns: tuple[str, ...]
    project_rows: tuple[tuple[str, ...], ...]
    voter_columns: Mapping[str, tuple[str, ...]]
    ballots: Ballots
    notes: tuple[str, ...]
    input_sha256: str

    @property
    def projects(self) -> tuple[str, ...]:
        """The project ids, in the order of the file."""
        return self.column("project_id")

    @property
    def rule(self) -> str:
        """The rule the file names, or "" when it names none."""
        return self.meta.get("rule", "")

    def column(self, name: str) -> tuple[str, ...]:
        """The cells of one PROJECTS column. Raises KeyError when the file has no such column."""
        if name not in self.project_columns:
            raise KeyError(name)
        place = self.project_columns.index(name)
        return tuple(row[place] for row in self.project_rows)

    def names(self) -> dict[str, str]:
        """What each project is called: its name, or its id where the file gives none."""
        ids = self.projects
        named = self.column("name") if "name" in self.project_columns else ids
        return {key: name.strip() or key for key, name in zip(ids, named, strict=True)}

    def election(self) -> Election:
        """The election, amounts as whole numbers: `unit` is the power of ten all decimals need."""
        budget = Amount.read(self.meta["budget"])
        costs = [Amount.read(cell.strip()) for cell in self.column("cost")]
        unit: int = 10 ** max(amount.decimals for amount in (budget, *costs))
        return Election(
            self.projects,
            tuple(cost.times(unit) for cost in costs),
            budget.times(unit),
            unit,
            self.ballots,
        )

    def selected(self) -> tuple[str, ...] | None:
        """The official winners (`selected` = 1), or None when the file does not say."""
        if "selected" not in self.project_columns:
            return None
        cells = self.column("selected")
        if not any(cell.strip() for cell in cells):
            return None
        rows = zip(self.projects, cells, strict=True)
        return tuple(project for project, cell in rows if cell.strip() == "1")


def read(source: bytes | Path) -> PabulibFile:
    """Read a `.pb` file from its bytes or its path.

    Raises PabulibError with every fault when it cannot be counted as it stands, and OSError when
    the path cannot be read.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    reading = _Reading()
    text = _decoded(data, reading)
    tables = _tables(text, reading)
    for title in SECTIONS:
        if title not in tables:
            reading.fault(0, title, f"The section {title} is missing: add it with its header line.")
    if reading.faults and len(tables) < len(SECTIONS):
        raise PabulibError(reading.faults)
    meta = _read_meta(tables["META"], reading)
    projects = _read_projects(tables["PROJECTS"], meta, reading)
    voter_columns, ballots = _read_votes(tables["VOTES"], meta, projects, reading)
    if reading.faults or ballots is None:
        raise PabulibError(reading.faults)
    file = PabulibFile(
        meta,
        tables["PROJECTS"].columns,
        tuple(tuple(row) for row in tables["PROJECTS"].rows),
        voter_columns,
        ballots,
        (),
        hashlib.sha256(data).hexdigest(),
    )
    _compare_votes(file, reading)
    return replace(file, notes=tuple(reading.notes))


def write(file: PabulibFile) -> str:
    """Write a file as text (encode it as UTF-8): what is read again is the same election."""
    return _text(
        file.meta, file.project_columns, file.project_rows, file.voter_columns, _vote_cells(file)
    )


def compose(
    meta: Mapping[str, str],
    projects: Sequence[Mapping[str, str]],
    ballots: Iterable[Sequence[str]],
    *,
    points: Iterable[Sequence[int]] | None = None,
    voters: Mapping[str, Sequence[str]] | None = None,
) -> PabulibFile:
    """Make a file from an election of one's own.

    `meta` needs at least `budget` (decimal text, as every cost); `vote_type` is "approval" unless
    given, and the numbers of projects and votes are filled in. Each project maps columns to
    cells, `project_id` and `cost` among them. `ballots` are project ids by voter, `points` run
    beside them where the vote type has them, `voters` are further columns; voters are numbered
    from 1 unless `voters` has a `voter_id`. Raises PabulibError for whatever `read` would refuse.
    """
    votes = [",".join(ballot) for ballot in ballots]
    numbers = {"num_projects": str(len(projects)), "num_votes": str(len(votes))}
    whole = {"vote_type": "approval", **meta, **numbers}
    columns = tuple(dict.fromkeys(["project_id", "cost", *(c for row in projects for c in row)]))
    rows = [tuple(row.get(column, "") for column in columns) for row in projects]
    extra = dict(voters or {})
    ids = extra.pop("voter_id", [str(number + 1) for number in range(len(votes))])
    cells = {"vote": votes}
    if points is not None:
        cells["points"] = [",".join(str(point) for point in row) for row in points]
    return read(_text(whole, columns, rows, {"voter_id": ids, **extra}, cells).encode())


@dataclass(frozen=True)
class _Table:
    """One section as it stands: its columns, its rows and the line each row ends on."""

    line: int
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def place(self, column: str) -> int | None:
        return self.columns.index(column) if column in self.columns else None


class _Reading:
    """The faults and notes of one reading."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[str] = []

    def fault(self, line: int, column: str, message: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, column, message))
        elif len(self.faults) == MOST_FAULTS:
            last = f"There are more than {MOST_FAULTS:,} faults; the rest are not listed."
            self.faults.append(Fault(line, "", last))

    def note(self, message: str) -> None:
        self.notes.append(message)


def _decoded(data: bytes, reading: _Reading) -> str:
    """The text of the bytes; raises PabulibError for bytes that are not text."""
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        message = "There is a NUL byte. Save the file as plain UTF-8 text."
        raise PabulibError([Fault(line, "", message)])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"Byte {data[error.start]:#04x} is not UTF-8. Save the file as UTF-8."
        raise PabulibError([Fault(line, "", message)]) from error
    if text.startswith("\ufeff"):
        reading.note("The file starts with a byte order mark, which was skipped.")
        text = text[1:]
    if text and not text.endswith(("\n", "\r")):
        reading.note("The last line does not end with a line break.")
    return text


def _tables(text: str, reading: _Reading) -> dict[str, _Table]:
    """The sections of a file. Lines end at LF, CR LF or CR only, not at other Unicode breaks."""
    tables: dict[str, _Table] = {}
    table: _Table | None = None
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    title = ""
    try:
        for row in rows:
            name = row[0].strip().upper() if row else ""
            if name in SECTIONS and not any(cell.strip() for cell in row[1:]):
                title, table = name, None
                if title in tables:
                    reading.fault(rows.line_num, title, f"The section {title} appears twice.")
            elif not any(cell.strip() for cell in row):
                continue
            elif not title:
                reading.fault(rows.line_num, "", "Before any section: begin with a line META.")
                title = "?"
            elif table is None:
                table = _headed(title, row, rows.line_num, reading)
                tables.setdefault(title, table)
            else:
                _add_row(table, row, rows.line_num, reading)
    except csv.Error as error:
        raise PabulibError([*reading.faults, _csv_fault(rows.line_num, error)]) from error
    return tables


def _csv_fault(line: int, error: csv.Error) -> Fault:
    if "field larger" in str(error):
        limit = f"{csv.field_size_limit():,}"
        return Fault(
            line, "", f'A cell is longer than {limit} characters. Check for an open quote (").'
        )
    return Fault(line, "", f'The quotes (") do not match: {error}. Double each quote in a cell.')


def _headed(title: str, row: list[str], line: int, reading: _Reading) -> _Table:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    for column, times in Counter(cells).items():
        if times > 1:
            reading.fault(line, column, f'{title} has {times} columns named "{column}".')
    return _Table(line, tuple(cells), [], [])


def _add_row(table: _Table, row: list[str], line: int, reading: _Reading) -> None:
    width = len(table.columns)
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        row = row[:width]
    if len(row) != width:
        reading.fault(
            line,
            "",
            f"This row has {len(row)} cells and the header has {width}. "
            'Put a cell that contains ";" in quotes, and keep empty cells.',
        )
        return
    table.rows.append(row)
    table.lines.append(line)


def _read_meta(table: _Table, reading: _Reading) -> dict[str, str]:
    if table.columns != ("key", "value"):
        reading.fault(table.line, "META", 'The header of META must be "key;value".')
    meta: dict[str, str] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        key = row[0].strip()
        if key in meta:
            reading.fault(line, key, f'META gives "{key}" twice. Keep one.')
        meta[key] = row[1].strip() if len(row) > 1 else ""
        if key == "budget":
            amount = _read_amount(meta[key], line, "budget", reading)
            if amount is not None and amount.digits == 0:
                reading.fault(line, "budget", "The budget is 0, so nothing could be funded.")
    for key in EXPECTED_META:
        if key not in meta and key not in ("budget", "vote_type"):
            reading.note(f'META has no "{key}", which Pabulib requires.')
    if "budget" not in meta:
        reading.fault(table.line, "budget", 'META must say the budget: add "budget;…".')
    meta["vote_type"] = meta.get("vote_type", "").lower()
    if meta["vote_type"] not in VOTE_TYPES:
        said = f'The vote type is "{meta["vote_type"]}"' if meta["vote_type"] else "None is given"
        line = _line_of(table, "vote_type")
        message = f"{said}; it must be one of {', '.join(VOTE_TYPES)}."
        reading.fault(line, "vote_type", message)
    return meta


def _line_of(table: _Table, key: str) -> int:
    rows = zip(table.rows, table.lines, strict=True)
    return next((line for row, line in rows if row[0].strip() == key), table.line)


def _read_amount(text: str, line: int, column: str, reading: _Reading) -> Amount | None:
    try:
        amount = Amount.read(text)
    except ValueError as error:
        reading.fault(line, column, f"The {column} {error}.")
        return None
    if amount.comma:
        reading.note(f'Line {line}: the {column} "{text}" was read with a decimal comma.')
    return amount


def _read_projects(table: _Table, meta: Mapping[str, str], reading: _Reading) -> list[str]:
    """Check PROJECTS, trim the ids in place, and return them."""
    id_at, cost_at = table.place("project_id"), table.place("cost")
    for column, place in (("project_id", id_at), ("cost", cost_at)):
        if place is None:
            reading.fault(table.line, column, f'PROJECTS needs a column "{column}".')
    if "target" in table.columns:
        reading.note('PROJECTS has a column "target", which Pabulib now calls "beneficiaries".')
    if id_at is None or cost_at is None:
        return []
    first: dict[str, int] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        project = row[id_at] = row[id_at].strip()
        if not project:
            reading.fault(line, "project_id", "The project has no id.")
        elif "," in project:
            message = f'The id "{project}" contains a comma, which separates ids in a vote.'
            reading.fault(line, "project_id", message)
        elif project in first:
            message = f'The id "{project}" is already used on line {first[project]}.'
            reading.fault(line, "project_id", f"{message} Give each project its own.")
        first.setdefault(project, line)
        cost = _read_amount(row[cost_at].strip(), line, "cost", reading)
        if cost is not None and cost == Amount(WITHDRAWN_COST, 0):
            reading.note(f'Project "{project}" costs {WITHDRAWN_COST}: withdrawn, as Pabulib says.')
    _check_selected(table, reading)
    _check_number(meta, "num_projects", len(table.rows), reading)
    return [row[id_at] for row in table.rows]


def _check_selected(table: _Table, reading: _Reading) -> None:
    place = table.place("selected")
    if place is None:
        return
    for row, line in zip(table.rows, table.lines, strict=True):
        if row[place].strip() not in ("", "0", "1", "2", "3"):
            message = f'selected is "{row[place]}"; write 1 for funded and 0 for not funded.'
            reading.fault(line, "selected", message)


def _check_number(meta: Mapping[str, str], key: str, found: int, reading: _Reading) -> None:
    said = meta.get(key, "")
    if said and said != str(found):
        reading.fault(
            0,
            key,
            f"META says {said} and the file has {found}. "
            "It may have been cut off or edited: fetch it again, or correct the number.",
        )


def _read_votes(
    table: _Table, meta: Mapping[str, str], projects: Sequence[str], reading: _Reading
) -> tuple[dict[str, tuple[str, ...]], Ballots | None]:
    pointed = meta["vote_type"] in WITH_POINTS
    needed = ("voter_id", "vote", "points") if pointed else ("voter_id", "vote")
    missing = [column for column in needed if column not in table.columns]
    for column in missing:
        reading.fault(table.line, column, f'VOTES needs a column "{column}".')
    _check_number(meta, "num_votes", len(table.rows), reading)
    if missing:
        return {}, None
    cells: Iterable[tuple[str, ...]] = zip(*table.rows, strict=True)
    columns = dict(zip(table.columns, cells, strict=False)) or {c: () for c in table.columns}
    _check_voters(columns["voter_id"], table.lines, reading)
    offsets, marks, dropped = _read_marks(
        columns.pop("vote"), table.lines, projects, meta["vote_type"], reading
    )
    points = None
    if pointed:
        points = _read_points(columns.pop("points"), table.lines, offsets, dropped, reading)
    if reading.faults:
        return columns, None
    return columns, Ballots(
        meta["vote_type"],
        np.array(offsets, np.int64),
        np.array(marks, np.int32),
        None if points is None else np.array(points, np.int64),
    )


def _check_voters(ids: Sequence[str], lines: Sequence[int], reading: _Reading) -> None:
    if len(set(ids)) == len(ids) and "" not in ids:
        return
    first: dict[str, int] = {}
    for voter, line in zip(ids, lines, strict=True):
        if not voter:
            reading.fault(line, "voter_id", "The voter has no id. Number the voters.")
        elif voter in first:
            message = f'The voter "{voter}" has already voted on line {first[voter]}.'
            reading.fault(line, "voter_id", f"{message} Keep one ballot a voter.")
        first.setdefault(voter, line)


def _read_marks(
    votes: Sequence[str],
    lines: Sequence[int],
    projects: Sequence[str],
    kind: str,
    reading: _Reading,
) -> tuple[list[int], list[int], dict[int, list[int]]]:
    """Offsets, marks, and for ballots that repeat a project the places that were dropped."""
    index = {project: place for place, project in enumerate(projects)}
    offsets, marks = [0], list[int]()
    dropped: dict[int, list[int]] = {}
    for ballot, (vote, line) in enumerate(zip(votes, lines, strict=True)):
        try:
            row = [index[project] for project in vote.split(",")] if vote else []
        except KeyError:
            row = _marks_with_care(vote, line, index, reading)
        if len(set(row)) < len(row):
            dropped[ballot] = [p for p, mark in enumerate(row) if mark in row[:p]]
            row = list(dict.fromkeys(row))
        if kind == "choose-1" and len(row) > 1:
            message = f"A choose-1 ballot names one project, and this names {len(row)}."
            reading.fault(line, "vote", message)
        marks += row
        offsets.append(len(marks))
    if dropped:
        reading.note(f"{_ballots(len(dropped))} a project more than once; it was counted once.")
    return offsets, marks, dropped


def _ballots(number: int) -> str:
    return "1 ballot names" if number == 1 else f"{number:,} ballots name"


def _marks_with_care(
    vote: str, line: int, index: Mapping[str, int], reading: _Reading
) -> list[int]:
    row = []
    for cell in vote.split(",") if vote.strip() else []:
        project = cell.strip()
        if project in index:
            row.append(index[project])
        elif not project:
            reading.fault(line, "vote", "There is an empty id between commas. Remove a comma.")
        else:
            shown = project if len(project) <= 60 else f"{project[:60]}…"
            message = f'"{shown}" is not a project of this file. Add it to PROJECTS or remove it.'
            reading.fault(line, "vote", message)
    return row


def _read_points(
    cells: Sequence[str],
    lines: Sequence[int],
    offsets: Sequence[int],
    dropped: Mapping[int, Sequence[int]],
    reading: _Reading,
) -> list[int]:
    points: list[int] = []
    for ballot, (cell, line) in enumerate(zip(cells, lines, strict=True)):
        row = [text.strip() for text in cell.split(",")] if cell.strip() else []
        marked = offsets[ballot + 1] - offsets[ballot] + len(dropped.get(ballot, ()))
        if len(row) != marked:
            message = f"There are {len(row)} points for {marked} projects. Give one for each."
            reading.fault(line, "points", message)
            continue
        for place, text in enumerate(row):
            if not _POINTS.fullmatch(text):
                message = f'Points must be whole numbers such as 3, and this is "{text[:60]}".'
                reading.fault(line, "points", message)
            elif place not in dropped.get(ballot, ()):
                points.append(int(text))
    return points


def _compare_votes(file: PabulibFile, reading: _Reading) -> None:
    """Note where the file's own `votes` column is not what its ballots say."""
    if "votes" not in file.project_columns:
        return
    counted = np.bincount(file.ballots.projects, minlength=len(file.project_rows)).tolist()
    rows = zip(file.projects, file.column("votes"), counted, strict=True)
    differ = [project for project, said, found in rows if said.strip() not in ("", str(found))]
    if differ:
        reading.note(
            f"The column votes differs from the ballots for {len(differ)} of {len(counted)} "
            f'projects ("{differ[0]}" first); the ballots were counted.'
        )


def _vote_cells(file: PabulibFile) -> dict[str, list[str]]:
    ids, ballots = file.projects, file.ballots
    marked = [ids[mark] for mark in ballots.projects.tolist()]
    cells = {"vote": _joined(marked, ballots)}
    if ballots.points is not None:
        cells["points"] = _joined([str(point) for point in ballots.points.tolist()], ballots)
    return cells


def _joined(cells: Sequence[str], ballots: Ballots) -> list[str]:
    offsets = ballots.offsets.tolist()
    return [",".join(cells[a:b]) for a, b in pairwise(offsets)]


def _text(
    meta: Mapping[str, str],
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    voters: Mapping[str, Sequence[str]],
    votes: Mapping[str, Sequence[str]],
) -> str:
    """The text of a file; `vote` and `points` follow the voter's id."""
    ids = {"voter_id": voters["voter_id"]}
    others = {name: cells for name, cells in voters.items() if name != "voter_id"}
    ordered = {**ids, **votes, **others}
    table: list[Sequence[Any]] = [("META",), ("key", "value"), *meta.items()]
    table += [("PROJECTS",), columns, *rows, ("VOTES",), tuple(ordered)]
    table += zip(*ordered.values(), strict=True)
    return "".join(";".join(map(_cell, row)) + "\n" for row in table)


_NEEDS_QUOTES: Callable[[str], object] = re.compile(r'[;"\r\n]').search


def _cell(text: str) -> str:
    """One cell, quoted where a reader needs it (csv.writer leaves a lone CR unquoted)."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES(text) else text
