"""Ties between institutions, as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from interlock.methods.formats.formulas import guarded


@dataclass(frozen=True)
class Institution:
    """An institution as a network needs it: what it is called by, and where it is.

    `synthetic` is "true" where it is made up.
    """

    id: str
    name: str
    kind: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    synthetic: str = ""


@dataclass(frozen=True)
class Tie:
    """A tie: subject, predicate, object, and what is known of it; "" where nothing is.

    `amount` is a decimal number in the unit of `currency`, dates are ISO 8601, `said_by` is the id
    of who said so, and `state` says whether the other side did ("confirmed", "disputed" …).
    `subject_said` and `object_said` are when each side gave its word. `witness` names the record that
    shows a tie which needs nobody's word. `id` is the tie's own, the same in every file. `synthetic` is
    "true" where one of the two is made up.
    """

    subject: str
    predicate: str
    object: str
    since: str = ""
    until: str = ""
    amount: str = ""
    currency: str = ""
    evidence: str = ""
    said_by: str = ""
    state: str = ""
    note: str = ""
    witness: str = ""
    subject_said: str = ""
    object_said: str = ""
    id: str = ""
    synthetic: str = ""


COLUMNS = ("id", *(one.name for one in fields(Tie) if one.name != "id"))


def lines(ties: Iterable[Tie]) -> Iterator[str]:
    r"""The lines of a CSV file of ties, the headings first, formulas made harmless.

    >>> list(lines([Tie("city", "funds", "tree", amount="1200.50", currency="USD")]))[1]
    ',city,funds,tree,,,1200.50,USD,,,,,,,,\r\n'
    """
    yield _line(COLUMNS)
    for tie in ties:
        yield _line(getattr(tie, column) for column in COLUMNS)


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue()
