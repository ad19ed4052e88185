"""A questionnaire as three tables of text, whatever file they came in."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from interlock.methods.questionnaires.faults import Faults
from interlock.methods.questionnaires.limits import (
    LARGEST_FILE,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
)
from interlock.methods.questionnaires.sentences import said

SHEETS = ("survey", "choices", "settings")


@dataclass(frozen=True)
class Row:
    """A row with any text: its number, and its cells that have text, by heading."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A table: its headings in their order, and its rows."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def sheet(name: str, lines: Iterable[Sequence[str]], faults: Faults) -> Sheet:
    """A table from its lines of cells, the headings first; what cannot be read is a fault.

    >>> faults = Faults()
    >>> sheet("survey", [["type", "name"], ["", ""], ["text", " why "]], faults).rows
    (Row(number=3, cells={'type': 'text', 'name': 'why'}),)
    >>> faults.found
    []
    """
    headings: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, cells in enumerate(lines, start=1):
        if number > MOST_ROWS:
            faults.add(name, number, "", said("sheet-long", most=MOST_ROWS))
            break
        if number == 1:
            headings = _headings(name, cells, faults)
            continue
        told: dict[str, str] = {}
        for place, raw in enumerate(cells):
            heading = headings[place] if place < len(headings) else ""
            if not raw.strip():
                continue
            if place >= len(headings):
                faults.add(name, number, "", said("row-wide"))
                break
            text = cell(name, number, heading, raw, faults)
            if heading and text:
                told[heading] = text
        if told:
            rows.append(Row(number, told))
    return Sheet(name, tuple(one for one in headings if one), tuple(rows))


def _headings(name: str, cells: Sequence[str], faults: Faults) -> tuple[str, ...]:
    """The headings; those that cannot be read are "", so that the others keep their places."""
    told = [cell(name, 1, "", one, faults) for one in cells[: MOST_COLUMNS + 1]]
    while told and not told[-1]:
        told.pop()
    if len(told) > MOST_COLUMNS:
        faults.add(name, 1, "", said("sheet-wide", most=MOST_COLUMNS))
        told = told[:MOST_COLUMNS]
    for place, heading in enumerate(told):
        if heading and heading in told[:place]:
            faults.add(name, 1, heading, said("column-again"))
            told[place] = ""
    return tuple(told)


def cell(name: str, number: int, heading: str, raw: str, faults: Faults) -> str:
    """The text of a cell; a fault and "" where it is too long, a formula, or not to be seen."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > LONGEST_CELL:
        faults.add(name, number, heading, said("cell-long", most=LONGEST_CELL))
        return ""
    if text.startswith("="):
        faults.add(name, number, heading, said("cell-formula"))
        return ""
    text = text.replace("\xa0", " ").replace("\ufeff", "")
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") and sign not in "\n\t":
            faults.add(name, number, heading, said("cell-signs", sign=f"U+{ord(sign):04X}"))
            return ""
    return text


def from_csv(files: Mapping[str, bytes], faults: Faults) -> dict[str, Sheet]:
    """Tables from CSV files (RFC 4180, UTF-8) by the name of their sheet."""
    found: dict[str, Sheet] = {}
    for name, data in files.items():
        if name not in SHEETS:
            faults.add(name, 0, "", said("sheet-unknown"))
            continue
        if len(data) > LARGEST_FILE:
            faults.add(name, 0, "", said("file-large", most=LARGEST_FILE))
            continue
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
            faults.add(name, row, "", said("file-not-utf8"))
            continue
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            found[name] = sheet(name, lines, faults)
        except csv.Error:
            faults.add(name, lines.line_num, "", said("file-quotes"))
    return found


def to_csv(tables: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, bytes]:
    """Tables, headings first, as CSV files by the name of their sheet."""
    found: dict[str, bytes] = {}
    for name, lines in tables.items():
        text = io.StringIO()
        csv.writer(text, lineterminator="\r\n").writerows(lines)
        found[name] = text.getvalue().encode()
    return found
