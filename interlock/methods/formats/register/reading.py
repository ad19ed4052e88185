"""A list of institutions from its bytes: what each row says, and what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from math import hypot
from pathlib import Path
from statistics import median

from interlock.methods.formats.countries import country_code
from interlock.methods.formats.essglobal import activity_code, membership_code, structure_code
from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.register import cells
from interlock.methods.formats.register.columns import Column, columns
from interlock.methods.formats.register.faults import Fault, Refusal
from interlock.methods.formats.register.record import (
    COMPANIES_HOUSE,
    EIN,
    Address,
    Headcount,
    Identifier,
    Record,
)
from interlock.methods.formats.register.rows import Table, table
from interlock.methods.formats.register.sentences import said

MOST_NOTES = 10_000
# States and provinces of the United States and Canada whose names or codes are countries', too.
STATES = frozenset(
    [
        "AL",
        "AR",
        "AZ",
        "CA",
        "CO",
        "DE",
        "GA",
        "GEORGIA",
        "ID",
        "IL",
        "IN",
        "KY",
        "LA",
        "MA",
        "MD",
        "ME",
        "MN",
        "MO",
        "MS",
        "MT",
        "NC",
        "NE",
        "NL",
        "PA",
        "PE",
        "SC",
        "SD",
        "SK",
        "TN",
        "VA",
    ]
)

_YES, _NO = frozenset({"true", "yes", "1", "sí", "si"}), frozenset({"false", "no", "0"})

# A pair in its country by exchanging it: this near to the middle of the others, this much nearer.
_NEAR, _FAR, _ENOUGH = 10.0, 30.0, 5


@dataclass(frozen=True)
class Reading:
    """What a file says: records and refusals row by row, and what was tolerated in it.

    `columns` says what each heading was taken for, `line` where the headings are, and `unknown`
    those that mean nothing here, whose cells were not read. Every row with any text is a record or a refusal.
    """

    records: tuple[Record, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[Fault, ...]
    columns: tuple[Column, ...]
    line: int
    encoding: str
    delimiter: str
    input_sha256: str

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns if not column.meaning)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything there is to say about the file, in its order."""
        wrong = [fault for refusal in self.refusals for fault in refusal.faults]
        return tuple(sorted([*wrong, *self.notes], key=lambda fault: (fault.line, fault.cell)))


def read(source: bytes | Path, *, scheme: str = "", membership: str = "") -> Reading:
    r"""Read a list of institutions from its bytes or its path.

    `scheme` is the list at org-id.guide that identifiers without one are from. `membership` is who
    the members are (a code of ESSGLOBAL) where a row does not say: a list of worker co-ops, by its
    own rule, is read with "BMT30". Raises RegisterError when the file is no such list, and OSError
    when the path cannot be read.

    >>> reading = read(b"Name,Website\nTree Co-op,https://tree.example\n,https://x.example\n")
    >>> [record.name for record in reading.records], str(reading.refusals[0])
    (['Tree Co-op'], 'line 3, column 1 (Name): The institution has no name.')
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    rows = table(data)
    found = columns(rows.headings)
    findings = _Findings(rows)
    for note in rows.notes:
        findings.note(Fault(1, 0, "", note))
    for column in found:
        if not column.meaning:
            again = any(one.meaning for one in columns([column.heading]))
            remark = said("column-again" if again else "column-unknown")
            findings.note(_at(rows.line, column, remark))
    for one in ("workers", "members"):
        counts = [column for column in found if column.meaning.partition(":")[0] == one]
        for column in counts if len(counts) > 1 else ():
            findings.note(_at(rows.line, column, said("counts-of-years")))
    known = _Known()
    for row in rows:
        if row.why_not:
            refused = Refusal(row.line, (Fault(row.line, 0, "", row.why_not),))
            findings.refusals.append(refused)
            continue
        cell = _Cells(row.line, found, row.cells, findings)
        record = _record(cell, scheme, membership)
        if faults := cell.faults or known.add(record, cell):
            findings.refusals.append(Refusal(row.line, tuple(faults)))
        else:
            findings.records.append(record)
    _note_exchanged(findings, found)
    if any(record.local_id for record in findings.records):
        column = next(one for one in found if one.meaning == "identifier")
        findings.note(_at(rows.line, column, said("local-identifiers")))
    notes = sorted(findings.notes, key=lambda fault: (fault.line, fault.cell))
    return Reading(
        tuple(findings.records),
        tuple(findings.refusals),
        tuple(notes),
        found,
        rows.line,
        rows.encoding,
        rows.delimiter,
        hashlib.sha256(data).hexdigest(),
    )


@dataclass
class _Findings:
    rows: Table
    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def note(self, fault: Fault) -> None:
        if len(self.notes) == MOST_NOTES:
            message = said("too-many-notes", most=MOST_NOTES)
            self.notes.append(replace(fault, cell=0, column="", message=message))
        elif len(self.notes) < MOST_NOTES:
            self.notes.append(fault)


class _Cells:
    """The cells of one row by what they mean; what is wrong with them is noted as they are read."""

    def __init__(
        self, line: int, found: Sequence[Column], row: Sequence[str], findings: _Findings
    ) -> None:
        self.line = line
        self.faults: list[Fault] = []
        self.columns = {column.meaning: column for column in found if column.meaning}
        self.texts: dict[str, str] = {}
        self._findings = findings
        for column, cell in zip_longest(found, row, fillvalue=""):
            assert isinstance(column, Column)
            if not column.meaning or not cell or cell.isspace():
                continue
            if reason := cells.unreadable(cell):
                self.faults.append(_at(line, column, reason))
                continue
            text, remark = cells.cleaned(cell)
            self.texts[column.meaning] = text
            if remark and column.meaning not in ("phone", "twitter", "facebook"):
                self.note(column.meaning, remark)

    def text(self, meaning: str) -> str:
        return self.texts.get(meaning, "")

    def line_of(self, meaning: str, longest: int = cells.LONGEST_LINE) -> str:
        """A text of one line, or "" after a note."""
        text, remark = cells.line(self.text(meaning), longest)
        self.note(meaning, remark)
        return text

    def note(self, meaning: str, remark: Remark | None) -> None:
        if remark:
            self._findings.note(_at(self.line, self.columns[meaning], remark))

    def fault(self, meaning: str, message: Remark) -> None:
        self.faults.append(self.at(meaning, message))

    def at(self, meaning: str, message: Remark) -> Fault:
        column = self.columns.get(meaning)
        return _at(self.line, column, message) if column else Fault(self.line, 0, "", message)


def _at(line: int, column: Column, message: Remark) -> Fault:
    return Fault(line, column.place + 1, shown(column.heading), message)


def _record(cell: _Cells, scheme: str, membership: str) -> Record:
    """What a row says, which is nothing to rely on where the cells have faults."""
    name, remark = cells.line(cell.text("name"), cells.LONGEST_NAME)
    if not any(sign.isalnum() for sign in name) and not any(
        fault.column == cell.columns["name"].heading for fault in cell.faults
    ):
        cell.fault("name", remark or said("no-name"))
    identifiers, local = _identifiers(cell, scheme)
    latitude, longitude, nearby = _coordinates(cell)
    primary, sector, activities, tags = _activities(cell)
    return Record(
        cell.line,
        name,
        identifiers,
        local,
        tuple(_names(cell)),
        cells.parts(cell.text("other_names")),
        cell.text("description"),
        tuple(_coded(cell, "structures")),
        _membership(cell) or membership,
        tuple(dict.fromkeys([*primary, *activities])),
        sector,
        tags,
        cell.line_of("industry"),
        cell.line_of("legal_form"),
        _address(cell),
        latitude,
        longitude,
        _read(cell, "website"),
        _read(cell, "email"),
        _read(cell, "phone"),
        _read(cell, "twitter"),
        _read(cell, "facebook"),
        tuple(_links(cell)),
        _read(cell, "founded"),
        _read(cell, "closed"),
        _headcount(cell, "workers"),
        _headcount(cell, "members"),
        nearby,
        cell.line_of("slug"),
        _synthetic(cell),
    )


def _synthetic(cell: _Cells) -> bool:
    """Whether a row says that it is made up. What is neither yes nor no is taken for yes."""
    text = cell.line_of("synthetic").casefold()
    if text and text not in _YES | _NO:
        cell.note("synthetic", said("taken-for-made-up", text=shown(text)))
    return bool(text) and text not in _NO


def _read(cell: _Cells, meaning: str) -> str:
    text = cell.text(meaning)
    if not text:
        return ""
    if meaning in ("twitter", "facebook"):
        value, remark = cells.handle(text, f"{meaning}.com")
    else:
        value, remark = {
            "website": cells.web_address,
            "email": cells.mailbox,
            "phone": cells.phone,
        }.get(meaning, cells.date)(text)
    cell.note(meaning, remark)
    return value


def _links(cell: _Cells) -> Iterator[str]:
    for part in cells.parts(cell.text("links")):
        address, remark = cells.web_address(part)
        cell.note("links", remark)
        if address:
            yield address


def _names(cell: _Cells) -> Iterator[tuple[str, str]]:
    for meaning in sorted(cell.texts):
        if meaning.startswith("name:") and (name := cell.line_of(meaning, cells.LONGEST_NAME)):
            yield meaning.removeprefix("name:"), name


def _identifiers(cell: _Cells, scheme: str) -> tuple[tuple[Identifier, ...], str]:
    """The identifiers of a row that name their list, and the one that does not."""
    found: list[Identifier] = []
    own = "".join(cell.line_of("identifier").split())
    local = ""
    if own and (named := Identifier.of(own)):
        found.append(named)
    elif own and scheme:
        found.append(Identifier(scheme, own))
    else:
        local = own
    if number := cell.line_of("companies_house").replace(" ", "").upper():
        if re.fullmatch(r"[0-9]{1,8}|[A-Z]{2}[A-Z0-9]{6}|R[0-9]{7}", number):
            found.append(Identifier(COMPANIES_HOUSE, number.rjust(8, "0")))
        else:
            cell.note("companies_house", said("no-company-number", text=shown(number)))
    if number := cell.line_of("ein"):
        if re.fullmatch(r"[0-9]{2}-?[0-9]{7}", number):
            digits = number.replace("-", "")
            found.append(Identifier(EIN, f"{digits[:2]}-{digits[2:]}"))
        else:
            cell.note("ein", said("no-ein", text=shown(number)))
    for part in cells.parts(cell.text("identifiers")):
        if other := Identifier.of(part):
            found.append(other)
        else:
            cell.note("identifiers", said("names-no-list", text=shown(part)))
    first, others = (0, found) if local or not own else (1, found[1:])
    return tuple(dict.fromkeys([*found[:first], *sorted(others)])), local


def _membership(cell: _Cells) -> str:
    """The type of membership: said as such, or by who owns the institution."""
    text = cell.text("membership")
    if code := membership_code(text):
        return code
    if text:
        cell.note("membership", said("no-membership", text=shown(text)))
    return membership_code(cell.text("ownership"))


def _coded(cell: _Cells, meaning: str) -> Iterator[str]:
    for part in cells.parts(cell.text(meaning)):
        if code := structure_code(part):
            yield code
        else:
            cell.note(meaning, said("no-structure", text=shown(part)))


def _activities(
    cell: _Cells,
) -> tuple[tuple[str, ...], str, tuple[str, ...], tuple[str, ...]]:
    """The code of the primary activity, or the words for it; the codes of others, and the tags."""
    primary = cell.line_of("primary")
    code = activity_code(primary)
    sector = cell.line_of("sector") or ("" if code else primary)
    parts = cells.parts(cell.text("activities"))
    codes = tuple(filter(None, map(activity_code, parts)))
    words = [part for part in parts if not activity_code(part)]
    if sector != primary and primary and not code:
        words.insert(0, primary)
    tags = cells.parts(";".join([*words, cell.text("tags")]))
    return (code,) if code else (), sector, codes, tags


def _address(cell: _Cells) -> Address:
    name = cell.line_of("country")
    region = cell.line_of("region")
    country = country_code(name)
    if name and not country:
        cell.note("country", said("no-country", text=shown(name)))
    if "country" not in cell.columns:
        region, country = _country_apart(region)
    street, remark = cells.line(", ".join(cells.parts(cell.text("street"))))
    cell.note("street", remark)
    return Address(street, cell.line_of("locality"), region, cell.line_of("postcode"), country)


def _country_apart(place: str) -> tuple[str, str]:
    """A place without the country that it ends with, and that country; "" where it may be a state.

    >>> [_country_apart(place) for place in ("Ithaca, NY, USA", "Boulder, CO", "Georgia")]
    [('Ithaca, NY', 'US'), ('Boulder, CO', ''), ('Georgia', '')]
    """
    before, _comma, last = (part.strip() for part in place.rpartition(","))
    country = "" if last.upper() in STATES else country_code(last)
    return (before, country) if country else (place, "")


def _coordinates(cell: _Cells) -> tuple[float | None, float | None, bool]:
    """Latitude, longitude, and whether they are those of the area around it (SEA's "container")."""
    for prefix in ("", "near_"):
        north, east = cell.text(f"{prefix}latitude"), cell.text(f"{prefix}longitude")
        if north or east:
            latitude, longitude, remark = cells.coordinates(north, east)
            cell.note(f"{prefix}latitude" if north else f"{prefix}longitude", remark)
            if latitude is not None:
                return latitude, longitude, bool(prefix)
    return None, None, False


def _headcount(cell: _Cells, meaning: str) -> Headcount | None:
    """The count of the column that says no year, or of the latest of those that do."""
    years = sorted(one for one in cell.texts if one.startswith(f"{meaning}:"))
    source = meaning if cell.text(meaning) else (years[-1] if years else "")
    if not source:
        return None
    year = cell.text(f"{meaning}_year") if source == meaning else source.removeprefix(f"{meaning}:")
    count, remark = cells.headcount(cell.text(source), year)
    cell.note(source, remark)
    return count


class _Known:
    """The institutions of a file so far, to tell when one comes again."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}
        self._names: dict[object, Record] = {}

    def add(self, record: Record, cell: _Cells) -> list[Fault]:
        """Add a record; the reason when the file has given this institution already."""
        numbers: list[object] = [*record.identifiers]
        if record.local_id:
            numbers.append(record.local_id)
        for number in numbers:
            if number in self._numbers:
                first = str(self._numbers[number])
                message = said("identifier-again", number=shown(str(number)), line=first)
                return [cell.at("identifier", message)]
        place = record.address
        where = (place.country, place.region, place.locality, place.postcode)
        key = (cells.sameness(record.name), *map(cells.sameness, where))
        other = self._names.get(key)
        if other:
            first = str(other.line)
            if not self._told_apart(record, other):
                return [cell.at("name", said("name-again", line=first))]
            cell.note("name", said("name-again-told-apart", line=first))
        self._names.setdefault(key, record)
        self._numbers |= dict.fromkeys(numbers, record.line)
        return []

    @staticmethod
    def _told_apart(one: Record, other: Record) -> bool:
        numbered = all(record.identifiers or record.local_id for record in (one, other))
        elsewhere = one.website and other.website and one.website != other.website
        return bool(numbered or elsewhere)


def _note_exchanged(findings: _Findings, found: Sequence[Column]) -> None:
    """Note coordinates that are far from their country, and near it when exchanged."""
    columns_by = {column.meaning: column for column in found}
    column = columns_by.get("latitude") or columns_by.get("near_latitude")
    by_country: dict[str, list[tuple[float, float, int]]] = {}
    for record in findings.records:
        if record.latitude is not None and record.longitude is not None and record.address.country:
            here = (record.latitude, record.longitude, record.line)
            by_country.setdefault(record.address.country, []).append(here)
    for places in by_country.values():
        if len(places) < _ENOUGH or column is None:
            continue
        north = median(latitude for latitude, _longitude, _line in places)
        east = median(longitude for _latitude, longitude, _line in places)
        for latitude, longitude, line in places:
            exchanged = hypot(longitude - north, latitude - east)
            if exchanged < _NEAR and hypot(latitude - north, longitude - east) > _FAR:
                remark = said("far-away", latitude=str(latitude), longitude=str(longitude))
                findings.note(_at(line, column, remark))
