"""The rows of a file: its bytes made text, its lines made cells; each row's faults are its own."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interlock.methods.formats.faults import Remark
from interlock.methods.formats.register.columns import columns
from interlock.methods.formats.register.faults import Fault, RegisterError
from interlock.methods.formats.register.sentences import said

LARGEST_FILE = 2**25
# In signs. Also the limit of Python's csv for a cell.
LONGEST_ROW = 131_072
MOST_COLUMNS = 200
MOST_ROWS = 50_000
TALLEST_HEADINGS = 5
DELIMITERS = (",", ";", "\t", "|")

_BREAK = re.compile(r"\r\n|\r|\n")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "file-spreadsheet"),
    (b"\xd0\xcf\x11\xe0", "file-old-spreadsheet"),
    (b"%PDF", "file-pdf"),
    (b"\x1f\x8b", "file-compressed"),
)


@dataclass(frozen=True)
class Row:
    """The cells of a row, or, when it has none that can be relied on, why."""

    line: int
    cells: tuple[str, ...] = ()
    why_not: Remark | None = None


@dataclass(frozen=True)
class Table:
    """A file as rows: what its first row with any text says, and all rows after it.

    `beyond` is how many empty cells the headings end with, as spreadsheets write them.
    """

    encoding: str
    notes: tuple[Remark, ...]
    delimiter: str
    line: int
    headings: tuple[str, ...]
    beyond: int
    lines: Sequence[str]

    def __iter__(self) -> Iterator[Row]:
        """All rows with any text after the headings, at most `MOST_ROWS` and one that says so."""
        at, number, wary_until = self.line, 0, 0
        while at < len(self.lines):
            if not self.lines[at].strip(f' "{self.delimiter}'):
                at += 1
                continue
            number += 1
            if number > MOST_ROWS:
                yield _bad(at, said("too-many-rows", most=MOST_ROWS))
                return
            row, height = self._row(at, wary=at < wary_until)
            if row.why_not and self._is_odd(at):
                wary_until = max(wary_until, self._end(at) + 1)
            yield row
            at += height

    def _row(self, at: int, *, wary: bool) -> tuple[Row, int]:
        """The row that begins on a line, and how many lines it has.

        A row that cannot be read has one line, so that what follows it is not lost with it. Such a
        row may leave the rest of a cell behind: while `wary`, lines with half a pair of quotes are
        no rows.
        """
        line = self.lines[at]
        if len(line) > LONGEST_ROW:
            return self._too_long(at), 1
        cells = parsed(line, self.delimiter)
        if cells is not None and not (wary and self._is_odd(at)):
            return self._fitted(at, cells), 1
        if cells is None and self._is_odd(at) and (end := self._end(at)) < len(self.lines):
            lines = self.lines[at : end + 1]
            too_long = sum(map(len, lines)) > LONGEST_ROW
            if too_long and any('"' in line.replace('""', "") for line in lines[1:-1]):
                return self._too_long(at), 1
            cells = parsed("\n".join([lines[0], lines[-1]] if too_long else lines), self.delimiter)
            row = self._fitted(at, cells or [])
            if not row.why_not and not self._are_rows(lines):
                return (self._too_long(at) if too_long else row), end + 1 - at
        return _bad(at, said("quotes")), 1

    def _too_long(self, at: int) -> Row:
        return _bad(at, said("row-too-long", most=LONGEST_ROW))

    def _fitted(self, at: int, cells: list[str]) -> Row:
        """The row with as many cells as there are headings.

        Empty cells beyond them are left out only where the headings have as many: after a
        separator that should have been in quotes every cell of a row is one too far.
        """
        width = len(self.headings)
        if len(cells) == width + self.beyond and not "".join(cells[width:]).strip():
            cells = cells[:width]
        if len(cells) != width:
            if self.delimiter == "\t":
                return _bad(at, said("wrong-width-tabs", cells=len(cells), width=width))
            found = len(cells)
            return _bad(at, said("wrong-width", cells=found, width=width, separator=self.delimiter))
        return Row(at + 1, tuple(cells))

    def _are_rows(self, lines: Sequence[str]) -> bool:
        """Whether each line is a row of its own, so that the quotes around them are mistakes."""
        return all(line.count(self.delimiter) == len(self.headings) - 1 for line in lines)

    def _is_odd(self, at: int) -> bool:
        return self.lines[at].count('"') % 2 == 1

    def _end(self, at: int) -> int:
        """The next line with half a pair of quotes: the only one that can close a cell."""
        end = at + 1
        while end < len(self.lines) and not self._is_odd(end):
            end += 1
        return end


def _bad(at: int, message: Remark) -> Row:
    return Row(at + 1, why_not=message)


def table(data: bytes, *, needs_name: bool = True) -> Table:
    """The rows of a file from its bytes.

    Raises RegisterError when these are no text, or no heading means a name and one is needed.
    """
    if len(data) > LARGEST_FILE:
        raise _refused(said("file-too-large", most=LARGEST_FILE))
    for mark, code in _NOT_TEXT:
        if data.startswith(mark):
            raise _refused(said(code))
    encoding, text, notes = _decoded(data)
    lines = _BREAK.split(text)
    at = next((at for at, line in enumerate(lines) if line.strip(' ,;|\t"\0')), len(lines))
    if at < len(lines) and (named := re.fullmatch(r"sep=(.)", lines[at].strip(), re.IGNORECASE)):
        delimiters: Sequence[str] = named[1]
        at += 1
    else:
        delimiters = DELIMITERS
    if at >= len(lines):
        raise _refused(said("file-empty"))
    read = {one: _headings(lines[at : at + TALLEST_HEADINGS], one) for one in delimiters}
    delimiter = max(delimiters, key=lambda one: (_meant(read[one][0]), len(read[one][0])))
    cells, height = read[delimiter]
    headings = [" ".join(heading.split()) for heading in cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise _refused(said("too-many-columns", most=MOST_COLUMNS), at + 1)
    if needs_name and not any(column.meaning == "name" for column in columns(headings)):
        raise _refused(said("no-name-column"), at + 1)
    beyond = len(cells) - len(headings)
    return Table(encoding, tuple(notes), delimiter, at + height, tuple(headings), beyond, lines)


def parsed(text: str, delimiter: str) -> list[str] | None:
    """The cells of a row; None when its quotes do not match.

    >>> parsed('1,"Tree, Inc."', ","), parsed('1,"Tree', ",")
    (['1', 'Tree, Inc.'], None)
    """
    if '"' not in text:
        return text.split(delimiter)
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _headings(lines: Sequence[str], delimiter: str) -> tuple[list[str], int]:
    """The headings at the top of these lines, and how many lines they take."""
    for height in range(1, len(lines) + 1):
        text = "\n".join(lines[:height])[:LONGEST_ROW]
        if cells := parsed(text, delimiter):
            return cells, height
    return [], 1


def _meant(headings: Sequence[str]) -> int:
    return sum(column.meaning != "" for column in columns(headings[: MOST_COLUMNS + 1]))


def _refused(message: Remark, line: int = 1) -> RegisterError:
    return RegisterError(Fault(line, 0, "", message))


def _decoded(data: bytes) -> tuple[str, str, list[Remark]]:
    """The encoding of a file, its text, and what was tolerated.

    Bytes that are not of that encoding are lone surrogates in the text: only their rows suffer.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, *_text(data[len(mark) :], encoding)
    encoding = _unmarked(data[:4096])
    if encoding != "utf-8":
        text, notes = _text(data, encoding)
        return encoding, text, [said("encoding-guessed", encoding=encoding), *notes]
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sound = sum(_is_utf8(line) for line in lines)
    if lines and not sound:
        text = data.decode("cp1252", "surrogateescape")
        return "windows-1252", text, [said("encoding-windows")]
    return "utf-8", data.decode("utf-8", "surrogateescape"), []


def _text(data: bytes, encoding: str) -> tuple[str, list[Remark]]:
    if encoding == "utf-8":
        return data.decode("utf-8", "surrogateescape"), []
    size = 4 if encoding.startswith("utf-32") else 2
    whole = data[: len(data) - len(data) % size]
    notes = [] if len(whole) == len(data) else [said("ends-within-sign")]
    handler = "surrogatepass" if size == 2 else "replace"
    return whole.decode(encoding, handler), notes


def _unmarked(sample: bytes) -> str:
    """UTF-16 by its zeros, where it has no mark: every other byte of Latin text is one."""
    half = len(sample) / 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
