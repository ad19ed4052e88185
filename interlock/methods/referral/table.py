"""A recruitment table from a CSV file: rows to respondents, every fault with its line.

Text in UTF-8 with one row of headings; the separator is the comma, semicolon or tab that the
headings have most of. Empty cells and NA are no answers. A seed's recruiter is empty, NA, 0, -1 or
the word seed, as in the files of RDSAT and of R's RDS.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from interlock.methods.referral.forest import Respondent
from interlock.methods.referral.reasons import Fault, ForestError, Reason, reason

LARGEST_FILE = 2**28
NOTHING = frozenset({"", "NA"})
SEEDS = frozenset({"", "na", "0", "-1", "seed"})
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Columns:
    """What the columns are called. Those that are None are not there.

    `answers` are the questions to read, and `missing` the cells that are no answers beside the
    empty ones and NA ("-1" for "don't know", say).
    """

    id: str = "id"
    recruiter: str = "recruiter"
    degree: str = "degree"
    answers: tuple[str, ...] = ()
    wave: str | None = None
    time: str | None = None
    coupons: str | None = None
    missing: frozenset[str] = frozenset()


def read(data: bytes, columns: Columns) -> tuple[Respondent, ...]:
    """The respondents of a CSV file. Raises ForestError with all faults.

    >>> read(b"id,recruiter,degree,view\\na,seed,4,yes\\nb,a,,no\\n", Columns(answers=("view",)))[1]
    Respondent(id='b', recruiter='a', degree=None, answers={'view': 'no'}, wave=None, when=None, coupons=None, line=3)
    """
    faults = list[Fault]()
    lines = list(io.StringIO(_text(data), newline=""))
    headings, rows = _rows(lines, faults)
    at = _places(headings, columns)
    cells = list(rows)
    ids = {row[at[columns.id]] for _, row in cells}
    found = tuple(_respondent(line, row, at, columns, ids, faults) for line, row in cells)
    if not found and not faults:
        faults.append(Fault(0, "", reason("file-empty")))
    if faults:
        raise ForestError(faults)
    return found


def _refused(told: Reason, line: int = 0) -> ForestError:
    return ForestError([Fault(line, "", told)])


def _text(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise _refused(reason("file-too-large", most=LARGEST_FILE))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(reason("file-not-text"), data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise _refused(reason("file-not-text"), text.count("\n", 0, text.index("\0")) + 1)
    return text


def _rows(
    lines: Sequence[str], faults: list[Fault]
) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The headings, and each row that is as wide with the line on which it begins."""
    head = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    headings = list[str]()

    def rows() -> Iterator[tuple[int, list[str]]]:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                faults.append(Fault(line, "", reason("bad-quotes")))
                return
            if cells is None:
                return
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if headings and len(cells) != len(headings):
                told = reason("wrong-width", cells=len(cells), width=len(headings))
                faults.append(Fault(line, "", told))
                continue
            yield line, cells

    found = rows()
    _, first = next(found, (0, []))
    headings += first
    if not headings:
        raise ForestError(faults or [Fault(0, "", reason("file-empty"))])
    return headings, found


def _places(headings: Sequence[str], columns: Columns) -> dict[str, int]:
    optional = [name for name in (columns.wave, columns.time, columns.coupons) if name is not None]
    wanted = [columns.id, columns.recruiter, columns.degree, *columns.answers, *optional]
    faults = list[Fault]()
    for name in dict.fromkeys(wanted):
        many = headings.count(name)
        if not many:
            told = reason(
                "no-column", column=_shown(name), columns=", ".join(map(_shown, headings))
            )
            faults.append(Fault(1, "", told))
        elif many > 1:
            faults.append(Fault(1, "", reason("column-again", column=_shown(name))))
    if faults:
        raise ForestError(faults)
    return {name: headings.index(name) for name in wanted}


def _shown(text: str) -> str:
    """Text from elsewhere as a message quotes it: cut short, nothing in it unseen."""
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(sign if sign.isprintable() else "?" for sign in short)


def _respondent(
    line: int,
    row: Sequence[str],
    at: dict[str, int],
    columns: Columns,
    ids: Collection[str],
    faults: list[Fault],
) -> Respondent:
    def cell(name: str | None) -> str:
        text = "" if name is None else row[at[name]]
        return "" if text in NOTHING else text

    def whole(name: str | None, kind: str) -> int | None:
        text = cell(name)
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):
            faults.append(Fault(line, name or "", reason(kind, text=_shown(text))))
            return None
        return int(text) if text else None

    recruiter = row[at[columns.recruiter]]
    if recruiter.lower() in SEEDS and recruiter not in ids:
        recruiter = ""
    return Respondent(
        cell(columns.id),
        recruiter,
        _degree(line, columns.degree, cell(columns.degree), faults),
        {name: "" if cell(name) in columns.missing else cell(name) for name in columns.answers},
        whole(columns.wave, "wave-no-number"),
        _when(line, columns.time or "", cell(columns.time), faults),
        whole(columns.coupons, "coupons-no-number"),
        line,
    )


def _degree(line: int, column: str, text: str, faults: list[Fault]) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value >= 0 and math.isfinite(value)):
        faults.append(Fault(line, column, reason("degree-no-number", text=_shown(text))))
        return None
    return value


def _when(line: int, column: str, text: str, faults: list[Fault]) -> float | None:
    """A time as a number that grows with it: days, or the number itself."""
    if not text:
        return None
    try:
        if text.count("-") == 2:
            moment = datetime.fromisoformat(text).replace(tzinfo=None)
            return (
                moment - datetime.combine(date.min, datetime.min.time())
            ).total_seconds() / 86400
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value
    faults.append(Fault(line, column, reason("time-no-time", text=_shown(text))))
    return None
