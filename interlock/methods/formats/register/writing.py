"""Institutions as CSV, in the columns of the Solidarity Economy Association and a few more."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from interlock.methods.formats.essglobal import written
from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.register.record import COMPANIES_HOUSE, Headcount, Record

# The columns of SEA's standard, in its order, and those that its real files add.
SEA_COLUMNS = (
    "Identifier",
    "Name",
    "Description",
    "Organisational Structure",
    "Primary Activity",
    "Activities",
    "Street Address",
    "Locality",
    "Region",
    "Postcode",
    "Country Name",
    "Website",
    "Phone",
    "Email",
    "Twitter",
    "Facebook",
    "Companies House Number",
    "Membership Type",
    "Latitude",
    "Longitude",
)
OWN_COLUMNS = (
    "Identifiers",
    "Other Names",
    "Sector",
    "Tags",
    "SIC Code",
    "Legal Form",
    "Founded",
    "Closed",
    "Workers",
    "Workers Year",
    "Members",
    "Members Year",
    "Geo Container Latitude",
    "Geo Container Longitude",
    "Links",
    "Slug",
    "Synthetic",
)


def write(records: Sequence[Record]) -> str:
    r"""The text of a file with these institutions; `read` gives them again, but for their lines.

    >>> write([Record(2, "=Tree")]).splitlines()[1][:9]
    ",'=Tree,,"
    """
    return "".join(lines(records, languages(records)))


def languages(records: Iterable[Record]) -> tuple[str, ...]:
    """The languages in which any of the records has a name."""
    return tuple(sorted({language for record in records for language, _name in record.names}))


def lines(records: Iterable[Record], languages: Sequence[str] = ()) -> Iterator[str]:
    """The lines of such a file one by one, so that a long one is never whole in memory."""
    named = [f"Name ({language})" for language in languages]
    yield _line([*SEA_COLUMNS, *OWN_COLUMNS, *named])
    for record in records:
        names = dict(record.names)
        yield _line([*_cells(record), *(names.get(language, "") for language in languages)])


def _cells(record: Record) -> Iterator[str]:
    own = record.local_id or "".join(map(str, record.identifiers[:1]))
    others = record.identifiers if record.local_id else record.identifiers[1:]
    company = next((one for one in others if one.scheme == COMPANIES_HOUSE), None)
    activities = [written(code) for code in record.activities]
    place = record.address
    yield from (own, record.name, record.description)
    yield ";".join(written(code) for code in record.structures)
    yield from (activities[0] if activities else "", ";".join(activities[1:]))
    yield from (place.street, place.locality, place.region, place.postcode, place.country)
    yield from (record.website, record.phone, record.email, record.twitter, record.facebook)
    yield from (company.id if company else "", written(record.membership))
    here = (_number(record.latitude), _number(record.longitude))
    yield from ("", "") if record.nearby else here
    yield ";".join(str(other) for other in others if other != company)
    yield from (";".join(record.other_names), record.sector, ";".join(record.tags))
    yield from (record.industry, record.legal_form, record.founded, record.closed)
    for count in (record.workers, record.members):
        yield from _count(count)
    yield from here if record.nearby else ("", "")
    yield from (";".join(record.links), record.slug, "true" if record.is_synthetic else "")


def _number(degrees: float | None) -> str:
    return "" if degrees is None else format(degrees, ".10f").rstrip("0").rstrip(".")


def _count(count: Headcount | None) -> tuple[str, str]:
    if count is None:
        return "", ""
    return str(count.number), "" if count.year is None else str(count.year)


def _line(row: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in row])
    return text.getvalue()
