"""Grants in the 360Giving Data Standard 1.4, as JSON and as the columns of its spreadsheet.

Source: https://standard.threesixtygiving.org/ (schema 360-giving-schema.json, version 1.4; CC BY 4.0):
a grant must have an id, title, description, currency, amountAwarded, awardDate, and at least one
recipientOrganization and fundingOrganization. In a spreadsheet the headings are the titles of the
schema, those of organisations with a colon ("Recipient Org:0:Name"). The schema allows other fields and
columns: `synthetic` is ours, and is there where a grant is made up. Programs that show grants leave it out,
so its description says so, too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from interlock.methods.formats.amounts import decimal_text
from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.money import json_number
from interlock.methods.formats.packages import MADE_UP

LONGEST_TITLE = 140


@dataclass(frozen=True)
class Organization:
    """Who gives or gets: a globally unique id, as an org-id, and a name."""

    id: str
    name: str


@dataclass(frozen=True)
class Grant:
    """A grant. Amounts are in minor units of its currency, whose unit has so many `decimals`.

    One that `is_synthetic` is made up.
    """

    id: str
    title: str
    description: str
    currency: str
    decimals: int
    awarded: int
    disbursed: int
    on: date
    recipients: Sequence[Organization]
    funders: Sequence[Organization]
    programme: str = ""
    url: str = ""
    open_call: bool = False
    modified: datetime | None = None
    is_synthetic: bool = False


def package(grants: Iterable[Grant]) -> dict[str, Any]:
    """The grants as the standard's JSON file has them. Raises ValueError for one without a side."""
    return {"grants": [told(one) for one in grants]}


def told(grant: Grant) -> dict[str, Any]:
    """One grant in the words of the standard; nothing that is unknown is told.

    >>> told(Grant("360G-x-1", "Trees", "", "USD", 2, 4800050, 0, date(2027, 6, 1),
    ...            [Organization("US-EIN-1", "Tree Co-op")], [Organization("US-EIN-2", "City")])
    ... )["amountAwarded"]
    48000.5
    """
    if not grant.recipients or not grant.funders:
        raise ValueError(f"The grant {grant.id} needs a recipient and a funder.")
    said = {
        "id": grant.id,
        "title": grant.title[:LONGEST_TITLE],
        "description": _description(grant),
        "currency": grant.currency,
        "amountAwarded": json_number(grant.awarded, grant.decimals),
        "amountDisbursed": json_number(grant.disbursed, grant.decimals),
        "awardDate": grant.on.isoformat(),
        "recipientOrganization": [_organization(one) for one in grant.recipients],
        "fundingOrganization": [_organization(one) for one in grant.funders],
        "grantProgramme": [{"title": grant.programme}] if grant.programme else [],
        "fromOpenCall": "Yes" if grant.open_call else "No",
        "url": grant.url,
        "dateModified": _moment(grant.modified),
        "synthetic": True if grant.is_synthetic else "",
    }
    return {key: one for key, one in said.items() if one not in ("", [])}


def lines(grants: Sequence[Grant]) -> Iterator[str]:
    """The lines of a CSV file, headings first: as many columns of recipients as a grant has most."""
    recipients = range(max((len(one.recipients) for one in grants), default=1))
    funders = range(max((len(one.funders) for one in grants), default=1))
    is_synthetic = any(one.is_synthetic for one in grants)
    yield _line(
        [
            *("Identifier", "Title", "Description", "Currency"),
            *("Amount Awarded", "Amount Disbursed", "Award Date"),
            *_headings("Recipient Org", recipients),
            *_headings("Funding Org", funders),
            *("Grant Programme:Title", "From an open call?", "URL", "Last modified"),
            *(["Synthetic"] if is_synthetic else []),
        ]
    )
    for one in grants:
        yield _line(
            [
                *(one.id, one.title[:LONGEST_TITLE], _description(one), one.currency),
                decimal_text(one.awarded, unit=10**one.decimals),
                decimal_text(one.disbursed, unit=10**one.decimals),
                one.on.isoformat(),
                *_cells(one.recipients, recipients),
                *_cells(one.funders, funders),
                *(one.programme, "Yes" if one.open_call else "No", one.url),
                _moment(one.modified),
                *(["true" if one.is_synthetic else ""] if is_synthetic else []),
            ]
        )


def _description(one: Grant) -> str:
    said = one.description or one.title
    return f"{MADE_UP} {said}" if one.is_synthetic else said


def _organization(one: Organization) -> dict[str, str]:
    return {"id": one.id, "name": one.name}


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _headings(name: str, places: range) -> Iterator[str]:
    for place in places:
        yield f"{name}:{place}:Identifier"
        yield f"{name}:{place}:Name"


def _cells(told: Sequence[Organization], places: range) -> Iterator[str]:
    for place in places:
        one = told[place] if place < len(told) else Organization("", "")
        yield one.id
        yield one.name


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return text.getvalue()
