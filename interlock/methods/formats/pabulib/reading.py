"""A `.pb` file from its bytes: the three sections, checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from interlock.methods.counting.election import Indices, Integers
from interlock.methods.counting.names import VOTE_TYPES
from interlock.methods.formats.amounts import Amount
from interlock.methods.formats.pabulib.faults import Findings, PabulibError, shown
from interlock.methods.formats.pabulib.file import PabulibFile, exact_number, listed
from interlock.methods.formats.pabulib.rows import (
    MOST_COLUMNS,
    SECTIONS,
    Rows,
    checked,
    fitted,
    is_blank,
    placed,
    title_of,
)
from interlock.methods.formats.pabulib.votes import (
    POINTS,
    WITH_POINTS,
    Begin,
    VotesReader,
    why_no_points,
    wrong_width,
)

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
WITHDRAWN_COST = 999_999_999
# A default score makes every ballot name every project; each mark then takes 12 bytes.
MOST_FILLED_MARKS = 50_000_000
# Of a ballot: what its first place can be worth.
MOST_PLACES = 1_000_000
MOST_ROWS = {"META": 1_000, "PROJECTS": 10_000}
LIMITS = {"budget_per_category": "categories", "budget_per_neighborhood": "neighborhoods"}

_AT_ONCE = 2**20


def read(source: bytes | Path, *, row_by_row: bool = False) -> PabulibFile:
    """Read a `.pb` file from its bytes or its path.

    Raises PabulibError with every fault when it cannot be counted as it stands, and OSError when
    the path cannot be read. With `row_by_row` no row is read the fast way; the file and the faults
    are the same.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    try:
        return _read(data, row_by_row)
    except PabulibError as error:
        raise PabulibError(list(placed(data, error.faults))) from None


def _read(data: bytes, row_by_row: bool) -> PabulibFile:
    key = hashlib.sha256(data)
    findings = Findings()
    rows = Rows(checked(data, findings), findings)
    sections = _sections(rows, findings)
    meta = _read_meta(sections["META"], findings)
    projects = _read_projects(sections["PROJECTS"], meta, findings)
    votes = sections["VOTES"]
    begin = Begin(data, votes.place, votes.number, _vote_columns(votes, meta, findings))
    reader = VotesReader(begin, meta.values["vote_type"], projects, key.digest(), findings)
    left = reader.read(row_by_row=row_by_row)
    if rows.lines.place == votes.place:
        _check_end(left, findings)
    _check_number(meta, "num_votes", reader.number, findings)
    _check_filled(meta, reader.number * len(projects), findings)
    if findings.faults:
        raise PabulibError(findings.faults)
    if reader.repeating:
        said = f"{_ballots(reader.repeating)} a project more than once; it was counted once."
        findings.note(said)
    if reader.decimals:
        parts = f"1/{10**reader.decimals:,}"
        findings.note(f"The points have decimals and are counted in parts of {parts}.")
    file = PabulibFile(
        meta.values,
        sections["PROJECTS"].columns,
        tuple(tuple(row) for row in sections["PROJECTS"].rows),
        reader.voters(),
        reader.ballots(),
        (),
        key.hexdigest(),
        10**reader.decimals,
    )
    _compare_votes(file, findings)
    return replace(file, notes=tuple(findings.notes))


@dataclass(frozen=True)
class _Section:
    """A section as it stands: its header and, but for VOTES, its rows, with their lines.

    The rows begin after `place` bytes and `number` lines of the file.
    """

    title: str
    columns: tuple[str, ...]
    line: int
    place: int
    number: int
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, row: list[str], line: int, findings: Findings) -> None:
        """Keep a row. Raises PabulibError when there are more than `MOST_ROWS`."""
        if len(self.rows) == MOST_ROWS[self.title]:
            message = f"{self.title} has more than {MOST_ROWS[self.title]:,} rows. Split the file."
            findings.stop(line, 1, "", message)
        cells = fitted(row, len(self.columns))
        if cells is None:
            wrong_width(row, self.columns, line, findings)
        else:
            self.rows.append(cells)
            self.lines.append(line)

    def need(self, column: str, findings: Findings) -> int | None:
        """Where the column is, counted from 0; None, after a fault, when there is none."""
        if column in self.columns:
            return self.columns.index(column)
        message = f'{self.title} needs a column "{column}".'
        findings.fault(self.line, len(self.columns) + 1, column, message)
        return None


@dataclass(frozen=True)
class _Meta:
    """META: what each key says, and on which line."""

    values: dict[str, str]
    lines: dict[str, int]
    header: int

    def fault(self, key: str, message: str, findings: Findings) -> None:
        """Tell what is wrong with the value of a key, or that the key is missing."""
        line, cell = (self.lines[key], 2) if key in self.lines else (self.header, 1)
        findings.fault(line, cell, key, message)


def _sections(rows: Rows, findings: Findings) -> dict[str, _Section]:
    """The sections of a file, up to the rows of VOTES where the other two come before it.

    Raises PabulibError when one is missing.
    """
    sections: dict[str, _Section] = {}
    section: _Section | None = None
    title, strayed = "", False
    for row, line in rows:
        if begun := title_of(row):
            title, section = begun, None
            if title in sections:
                findings.fault(line, 1, title, f"The section {title} appears twice.")
        elif is_blank(row):
            continue
        elif not title:
            if not strayed:
                findings.fault(line, 1, "", "Before any section: begin with a line META.")
            strayed = True
        elif section is None:
            section = _headed(title, row, line, rows, findings)
            sections.setdefault(title, section)
            if title == "VOTES" and len(sections) == len(SECTIONS):
                return sections
        elif title != "VOTES":
            section.add(row, line, findings)
    for title in SECTIONS:
        if title not in sections:
            message = f"The section {title} is missing: add it with its header line."
            findings.fault(rows.lines.number + 1, 1, title, message)
    if len(sections) < len(SECTIONS):
        raise PabulibError(findings.faults)
    return sections


def _vote_columns(section: _Section, meta: _Meta, findings: Findings) -> tuple[str, ...]:
    """The columns of VOTES. Raises PabulibError when one that a count needs is missing."""
    points = ("points",) if meta.values["vote_type"] in WITH_POINTS else ()
    places = [section.need(column, findings) for column in ("voter_id", "vote", *points)]
    if None in places:
        raise PabulibError(findings.faults)
    return section.columns


def _check_end(left: Rows, findings: Findings) -> None:
    """Tell of a section after VOTES, when all three came before."""
    for row, line in left:
        title = title_of(row)
        findings.fault(line, 1, title, f"The section {title} appears twice.")
        return


def _headed(title: str, row: list[str], line: int, rows: Rows, findings: Findings) -> _Section:
    cells = [cell.strip() for cell in row]
    while not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        message = f"{title} has more than {MOST_COLUMNS} columns. Check the line breaks."
        findings.stop(line, MOST_COLUMNS + 1, "", message)
    for column, times in Counter(cells).items():
        if times > 1:
            message = f'{title} has {times} columns named "{shown(column)}".'
            again = cells.index(column, cells.index(column) + 1)
            findings.fault(line, again + 1, column, message)
    return _Section(title, tuple(cells), line, rows.lines.place, rows.lines.number)


def _read_meta(section: _Section, findings: Findings) -> _Meta:
    meta = _Meta({}, {}, section.line)
    if section.columns != ("key", "value"):
        message = 'The header of META must be "key;value".'
        findings.fault(section.line, 1, "META", message)
    for row, line in zip(section.rows, section.lines, strict=True):
        key = row[0].strip()
        if key in meta.values:
            findings.fault(line, 1, key, f'META gives "{shown(key)}" twice. Keep one.')
        meta.values[key] = row[1].strip() if len(row) > 1 else ""
        meta.lines[key] = line
    for key in EXPECTED_META:
        if key not in meta.values and key not in ("budget", "vote_type"):
            findings.note(f'META has no "{key}", which Pabulib requires.')
    _check_budget(meta, findings)
    _check_vote_type(meta, findings)
    _check_numbers(meta, findings)
    scoring_fn = meta.values.get("scoring_fn", "")
    if meta.values["vote_type"] == "ordinal" and scoring_fn.lower() not in ("", "borda"):
        findings.note(f'The scoring_fn "{shown(scoring_fn)}" is not known; ranks count as Borda.')
    for key, labels in LIMITS.items():
        _check_limits(meta, key, labels, findings)
    return meta


def _check_budget(meta: _Meta, findings: Findings) -> None:
    if "budget" not in meta.values:
        meta.fault("budget", 'META must say the budget: add "budget;…".', findings)
        return
    amount = _read_amount(meta.values["budget"], meta.lines["budget"], 2, "budget", findings)
    if amount is not None and amount.digits == 0:
        meta.fault("budget", "The budget is 0, so nothing could be funded.", findings)


def _check_vote_type(meta: _Meta, findings: Findings) -> None:
    given = meta.values.get("vote_type", "")
    meta.values["vote_type"] = given.lower()
    if given.lower() not in VOTE_TYPES:
        said = f'The vote type is "{shown(given)}"' if given else "None is given"
        message = f"{said}; it must be one of {', '.join(VOTE_TYPES)}."
        meta.fault("vote_type", message, findings)


def _check_numbers(meta: _Meta, findings: Findings) -> None:
    """Check the numbers that a count may use, where the file gives them."""
    for key in ("min_project_score_threshold", "default_score", "max_length"):
        text = meta.values.get(key, "")
        if not text:
            continue
        try:
            number = exact_number(text)
        except ValueError as error:
            meta.fault(key, f"The {key} {error}.", findings)
            continue
        scores = key == "default_score" and meta.values["vote_type"] == "scoring"
        if scores and not POINTS.fullmatch(text):
            meta.fault(key, why_no_points(f"The {key}", text), findings)
        if key == "max_length" and not (isinstance(number, int) and 0 < number <= MOST_PLACES):
            message = f'The {key} is "{text}"; write a whole number from 1 to {MOST_PLACES:,}.'
            meta.fault(key, message, findings)


def _check_filled(meta: _Meta, marks: int, findings: Findings) -> None:
    """Check that a default score, if there is one, does not make the ballots too long to count."""
    text = meta.values.get("default_score", "")
    given = meta.values["vote_type"] == "scoring" and text.strip("0.") != ""
    if given and marks > MOST_FILLED_MARKS:
        message = f"With a default_score the ballots give points {marks:,} times, and more than "
        message += f"{MOST_FILLED_MARKS:,} are not counted. Leave the score out if it can be 0."
        meta.fault("default_score", message, findings)


def _check_limits(meta: _Meta, key: str, labels: str, findings: Findings) -> None:
    """Check that there is one amount for each label."""
    amounts, names = listed(meta.values.get(key, "")), listed(meta.values.get(labels, ""))
    if not amounts:
        return
    for text in amounts:
        _read_amount(text, meta.lines[key], 2, key, findings)
    if len(names) != len(amounts) or len(set(names)) != len(names):
        message = f"There are {len(amounts)} amounts, and {labels} names {len(set(names))}. "
        meta.fault(key, message + "Give one amount for each, in the same order.", findings)


def _read_amount(text: str, line: int, cell: int, column: str, findings: Findings) -> Amount | None:
    try:
        amount = Amount.read(text)
    except ValueError as error:
        findings.fault(line, cell, column, f"The {column} {error}.")
        return None
    if amount.comma:
        findings.note(f'Line {line}: the {column} "{text}" was read with a decimal comma.')
    return amount


def _read_projects(section: _Section, meta: _Meta, findings: Findings) -> list[str]:
    """Check PROJECTS, trim the ids in place, and return them."""
    id_at, cost_at = section.need("project_id", findings), section.need("cost", findings)
    if "target" in section.columns:
        findings.note('PROJECTS has a column "target", which Pabulib now calls "beneficiaries".')
    if id_at is None or cost_at is None:
        return []
    first: dict[str, int] = {}
    for row, line in zip(section.rows, section.lines, strict=True):
        project = row[id_at] = row[id_at].strip()
        if reason := _why_no_id(project, first):
            findings.fault(line, id_at + 1, "project_id", reason)
        first.setdefault(project, line)
        cost = _read_amount(row[cost_at].strip(), line, cost_at + 1, "cost", findings)
        if cost is not None and cost == Amount(WITHDRAWN_COST, 0):
            message = (
                f'Project "{shown(project)}" costs {WITHDRAWN_COST}: withdrawn, as Pabulib says.'
            )
            findings.note(message)
    _check_selected(section, findings)
    _check_number(meta, "num_projects", len(section.rows), findings)
    return [row[id_at] for row in section.rows]


def _why_no_id(project: str, first: Mapping[str, int]) -> str:
    """Why this cannot be the id of another project, or "" when it can."""
    if not project:
        return "The project has no id."
    if "," in project:
        return f'The id "{shown(project)}" contains a comma, which separates ids in a vote.'
    if project in first:
        said = f'The id "{shown(project)}" is already used on line {first[project]}.'
        return f"{said} Give each project its own."
    return ""


def _check_selected(section: _Section, findings: Findings) -> None:
    if "selected" not in section.columns:
        return
    place = section.columns.index("selected")
    for row, line in zip(section.rows, section.lines, strict=True):
        if row[place].strip() not in ("", "0", "1", "2", "3"):
            message = f'selected is "{shown(row[place])}"; write 1 for funded and 0 for not funded.'
            findings.fault(line, place + 1, "selected", message)


def _check_number(meta: _Meta, key: str, found: int, findings: Findings) -> None:
    said = meta.values.get(key, "")
    if said and said != str(found):
        message = f"META says {shown(said)} and the file has {found}. "
        message += "It may have been cut off or edited: fetch it again, or correct the number."
        meta.fault(key, message, findings)


def _compare_votes(file: PabulibFile, findings: Findings) -> None:
    """Note where the file's own `votes` column is not what its ballots say."""
    if "votes" not in file.project_columns:
        return
    counted = _votes(file.ballots.projects, len(file.project_rows)).tolist()
    rows = zip(file.projects, file.column("votes"), counted, strict=True)
    differ = [project for project, said, found in rows if said.strip() not in ("", str(found))]
    if differ:
        findings.note(
            f"The column votes differs from the ballots for {len(differ)} of {len(counted)} "
            f'projects ("{shown(differ[0])}" first); the ballots were counted.'
        )


def _votes(marks: Indices, number: int) -> Integers:
    """How many marks each of `number` projects has."""
    votes = np.zeros(number, np.int64)
    for start in range(0, len(marks), _AT_ONCE):  # numpy makes a longer copy of what it counts
        votes += np.bincount(marks[start : start + _AT_ONCE], minlength=number)
    return votes


def _ballots(number: int) -> str:
    return "1 ballot names" if number == 1 else f"{number:,} ballots name"
