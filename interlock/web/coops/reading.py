"""Lists that people keep in spreadsheets: rows by their headings, days and numbers as people write them."""

import csv
import io
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from interlock.methods.formats.formulas import unguarded
from interlock.web.look.amounts import precision

#: A list of 500 people and twelve months has 6,000 lines.
MOST_LINES = 20_000
LARGEST = 2_000_000
# Where the month is written before the day: 3/31/2026.
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})


class Unreadable(ValueError):
    """Why a list, or something in it, cannot be read: a sentence."""


@dataclass(frozen=True)
class Line:
    """One line of a list: its number in the file, and its cells by the names of their columns."""

    number: int
    cells: Mapping[str, str]


def lines(data: bytes, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> list[Line]:
    """The lines of a CSV file, with commas, semicolons or tabs. Raises Unreadable.

    `columns` says by which headings each column may be called; the first row has them, in any order.
    """
    if len(data) > LARGEST:
        raise Unreadable(_("The file is too large. Split it into parts."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            _("The file is no text in UTF-8. Save it as “CSV UTF-8” in your spreadsheet.")
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unreadable(
            _("A quotation mark in the file is never closed. Save it again as CSV.")
        ) from None
    if not first.strip():
        raise Unreadable(_("The list is empty. Download the template to begin with."))
    names = _headings(rows[0], columns, needed)
    if len(rows) > MOST_LINES:
        raise Unreadable(_("The file has too many lines. Split it into parts."))
    return [
        Line(
            number,
            {name: unguarded(row[at]).strip() for name, at in names.items() if at < len(row)},
        )
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]


def _headings(
    row: Sequence[str], columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> dict[str, int]:
    given = [" ".join(cell.lower().replace("_", " ").split()) for cell in row]
    found = {}
    for name, called in columns.items():
        for other in (name, *called):
            if other in given:
                found[name] = given.index(other)
                break
    if missing := [name for name in needed if name not in found]:
        raise Unreadable(
            _("The first line has no column “%(columns)s”. Download the template to see them all.")
            % {"columns": ", ".join(missing)}
        )
    return found


def day(text: str, *, is_last: bool = False) -> date:
    """A day, or a month (its first day, or its last one). Raises Unreadable."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?", text):
        year, month, of_month = int(found[1]), int(found[2]), found[3]
        if of_month is None and 1 <= month <= 12:
            of_month = str(monthrange(year, month)[1]) if is_last else "1"
    elif found := re.fullmatch(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})", text):
        one, other = int(found[1]), found[3]
        is_month_first = found[2] == "/" and settings.INTERLOCK_REGION in MONTH_FIRST
        year = int(found[4])
        month, of_month = (one, other) if is_month_first else (int(other), found[1])
    else:
        raise Unreadable(_("“%(text)s” is no day. Write it as 2026-12-31.") % {"text": text[:30]})
    try:
        return date(year, month, int(of_month or 0))
    except ValueError:
        raise Unreadable(
            _("“%(text)s” is no day. Write it as 2026-12-31.") % {"text": text[:30]}
        ) from None


def number(text: str, decimals: int = 2) -> Decimal:
    """A number with a point or a comma before its decimals: 1,560.5 and 1.560,5. Raises Unreadable.

    As hours and amounts have no more than two decimals, three digits after a sign are thousands.
    """
    plain = re.sub(r"[\s$€£]", "", text)
    split = re.fullmatch(r"(\d[\d.,]*?)(?:[.,](\d{1,2}))?", plain)
    groups = split and re.fullmatch(r"\d{1,3}(?:,\d{3})*|\d{1,3}(?:\.\d{3})*|\d+", split[1])
    if not split or not groups or len(split[1]) > 13 or len(split[2] or "") > decimals:
        raise Unreadable(
            _("“%(text)s” is no number from 0 on. Write it as 1560.5.") % {"text": text[:30]}
        )
    whole = re.sub(r"[.,]", "", split[1])
    return Decimal(f"{whole}.{split[2] or 0}")


def amount(text: str, currency: str) -> int:
    """An amount in minor units. Raises Unreadable."""
    digits = precision(currency)
    return int(number(text, min(digits, 2)).scaleb(digits))
