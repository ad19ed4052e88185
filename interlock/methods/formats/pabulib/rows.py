"""The rows of a `.pb` file: its bytes checked, cut into lines, and lines into cells.

Lines end at LF, CR LF or CR only, not at the other line breaks of Unicode. Cells are separated by
";" and quoted as in CSV. Nothing is decoded ahead of its turn, so that memory beside the file
stays small however large the file is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NoReturn

from interlock.methods.formats.pabulib.faults import Fault, Findings, PabulibError

SECTIONS = ("META", "PROJECTS", "VOTES")

# What is read at once, and so the longest line, in bytes. A page of text has 3,000.
LONGEST_LINE = 2**18
# In characters; also the limit of Python's csv. It is 20 times the longest cell of any real file.
LONGEST_CELL = 131_072
MOST_COLUMNS = 100

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BREAK = re.compile(rb"\r\n?|\n")
_CELL = re.compile(rb'(?:"[^"]*+(?:""[^"]*+)*+")?+[^;\r\n]*+')
_WHOLE_CELL = re.compile(rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^;"][^;]*+)?+;')


def checked(data: bytes, findings: Findings) -> Lines:
    """The lines of a file that is text in lines of a bearable length, from its first sign on.

    Raises PabulibError at the first byte that is NUL or not UTF-8, and at a line that is too long.
    """
    lines = Lines(data)
    if data.startswith(_BYTE_ORDER_MARK):
        findings.note("The file starts with a byte order mark, which was skipped.")
        lines.place = len(_BYTE_ORDER_MARK)
    if data and not data.endswith((b"\n", b"\r")):
        findings.note("The last line does not end with a line break.")
    start = lines.place
    while start < len(data):
        stop = block_end(data, start)
        if stop is None:
            message = f"The line is longer than {LONGEST_LINE:,} bytes. Check the line breaks."
            _stop_at(data, start + LONGEST_LINE, message)
        _check_block(data, start, stop)
        start = stop
    return lines


def _check_block(data: bytes, start: int, stop: int) -> None:
    block = data[start:stop]
    nul = block.find(b"\0")
    if nul >= 0:
        _stop_at(data, start + nul, "There is a NUL byte. Save the file as plain UTF-8 text.")
    if block.isascii():
        return
    try:
        block.decode()
    except UnicodeDecodeError as error:
        message = f"Byte {block[error.start]:#04x} is not UTF-8. Save the file as UTF-8."
        _stop_at(data, start + error.start, message)


def _stop_at(data: bytes, place: int, message: str) -> NoReturn:
    start = max(data.rfind(b"\n", 0, place), data.rfind(b"\r", 0, place)) + 1
    breaks = data.count(b"\n", 0, place) + data.count(b"\r", 0, place)
    line = breaks - data.count(b"\r\n", 0, place) + 1
    before = data[start:place]
    raise PabulibError([Fault(line, cell_number(before), "", message, _signs(before) + 1)])


def _signs(text: bytes) -> int:
    """How many characters an editor shows for this part of a line."""
    return len(text.removeprefix(_BYTE_ORDER_MARK).decode(errors="replace"))


def cell_number(row: bytes) -> int:
    """The number, from 1, of the first cell that has no end here, ends wrongly, or is too long."""
    number, place = 1, 0
    while (match := _WHOLE_CELL.match(row, place)) and _length(match[0]) <= LONGEST_CELL:
        number, place = number + 1, match.end()
    return number


def _length(cell: bytes) -> int:
    text = cell.decode(errors="replace").removesuffix(";")
    return len(text[1:-1].replace('""', '"')) if text.startswith('"') else len(text)


def block_end(data: bytes, start: int) -> int | None:
    """Where whole lines from `start` end, `LONGEST_LINE` bytes at most; None if the first is longer."""
    limit = start + LONGEST_LINE
    newline = data.rfind(b"\n", start, limit)
    if newline >= 0:
        return newline + 1
    lone = data.rfind(b"\r", start, limit)
    if lone >= 0:
        return lone + 1 + data.startswith(b"\n", lone + 1)
    return len(data) if len(data) <= limit else None


def placed(data: bytes, faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults of a file, each with the line and the character at which its cell begins."""
    faults = list(faults)
    starts = _line_starts(data, {fault.line for fault in faults if not fault.character})
    for fault in faults:
        if fault.character:
            yield fault
            continue
        first = starts.get(fault.line, len(data))  # a section that is missing belongs at the end
        place = _cell_start(data, first, fault.cell)
        inside = [found.end() for found in _BREAK.finditer(data, first, place)]
        start = inside[-1] if inside else first
        signs = _signs(data[start:place])
        yield replace(fault, line=fault.line + len(inside), character=signs + 1)


def _line_starts(data: bytes, numbers: Collection[int]) -> dict[int, int]:
    """Where the lines of these numbers, counted from 1, begin; without those the file has not."""
    found = dict[int, int]()
    place, first = 0, 1
    while place < len(data):
        stop = block_end(data, place) or len(data)
        breaks = data.count(b"\n", place, stop) + data.count(b"\r", place, stop)
        beyond = first + breaks - data.count(b"\r\n", place, stop)
        # The last line of a file may have no break.
        here = [one for one in numbers if first <= one < beyond + (stop == len(data))]
        if here:
            starts = [place, *(one.end() for one in _BREAK.finditer(data, place, stop))]
            found |= {one: starts[one - first] for one in here}
        place, first = stop, beyond
    return found


def _cell_start(data: bytes, start: int, number: int) -> int:
    """Where cell `number` of the row at `start` begins, or where the row ends if it has fewer."""
    place = start
    for _ in range(number - 1):
        cell = _CELL.match(data, place)
        assert cell is not None, "it matches nothing at all, too"
        if not data.startswith(b";", cell.end()):
            return cell.end()
        place = cell.end() + 1
    return place


class Lines:
    """The lines of a file one at a time, each with its line break.

    `place` is how many bytes have been read, and `number` how many lines; setting both goes back.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.number = 0
        self._returns = b"\r" in data
        self._newline = -1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        start = self.place
        if start >= len(self.data):
            raise StopIteration
        self.place = self._end(start)
        self.number += 1
        return self.data[start : self.place].decode()

    def _end(self, start: int) -> int:
        # The next newline is remembered, so that a file of lone CRs is not searched once a line.
        if self._newline < start:
            found = self.data.find(b"\n", start)
            self._newline = found if found >= 0 else len(self.data)
        stop = min(self._newline + 1, len(self.data))
        if self._returns:
            lone = self.data.find(b"\r", start, stop)
            if lone >= 0 and not self.data.startswith(b"\n", lone + 1):
                return lone + 1
        return stop


class Rows:
    """The rows of a file, each as its cells and the number of its first line."""

    def __init__(self, lines: Lines, findings: Findings) -> None:
        self.lines = lines
        self._findings = findings
        self._cells = csv.reader(lines, delimiter=";", strict=True)

    def __iter__(self) -> Iterator[tuple[list[str], int]]:
        return self

    def __next__(self) -> tuple[list[str], int]:
        start, line = self.lines.place, self.lines.number + 1
        try:
            return next(self._cells), line
        except csv.Error as error:
            cell = cell_number(self.lines.data[start : self.lines.place])
            self._findings.stop(line, cell, "", _unreadable(error))


def _unreadable(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f'A cell is longer than {LONGEST_CELL:,} characters. Check for an open quote (").'
    return f'The quotes (") do not match: {error}. Double each quote in a cell.'


def title_of(row: Sequence[str]) -> str:
    """The section that this row begins, or "" when it is any other row."""
    name = row[0].strip() if row else ""
    if not name.isascii() or name.upper() not in SECTIONS or not is_blank(row[1:]):
        return ""
    return name.upper()


def is_blank(row: Sequence[str]) -> bool:
    return not "".join(row).strip()


def fitted(row: list[str], width: int) -> list[str] | None:
    """The row without empty cells beyond `width`; None when it has too few or too many cells."""
    if len(row) > width and is_blank(row[width:]):
        return row[:width]
    return row if len(row) == width else None
