"""What a row says of an institution."""

from __future__ import annotations

import re
from dataclasses import dataclass

from interlock.methods.formats.essglobal import WORKERS

COMPANIES_HOUSE, EIN = "GB-COH", "US-EIN"

# The codes of lists as org-id.guide writes them: a country, for some a state, and the register.
_ORG_ID = re.compile(r"([A-Z]{2}-(?:[A-Z]{2}-)?[A-Z][A-Z0-9]+)[-:](\S+)")


@dataclass(frozen=True, order=True)
class Identifier:
    """A number in somebody's list: the list's code at org-id.guide, and the number.

    >>> Identifier.of("GB-COH-01234567")
    Identifier(scheme='GB-COH', id='01234567')
    >>> str(Identifier("US-NY-CR", "123")), Identifier.of("123")
    ('US-NY-CR-123', None)
    """

    scheme: str
    id: str

    def __str__(self) -> str:
        return f"{self.scheme}-{self.id}"

    @classmethod
    def of(cls, text: str) -> Identifier | None:
        """The identifier that this text is, scheme and all; None when it names no list."""
        found = _ORG_ID.fullmatch(text)
        return cls(found[1], found[2]) if found else None


@dataclass(frozen=True)
class Address:
    """Where an institution is; `country` is a code of ISO 3166-1, and "" where nobody said."""

    street: str = ""
    locality: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


NOWHERE = Address()


@dataclass(frozen=True)
class Headcount:
    """How many people, and in which year; None where nobody said."""

    number: int
    year: int | None = None


@dataclass(frozen=True, slots=True)  # a list has many
class Record:
    """What a row says of an institution; whatever it does not say is empty.

    `local_id` is an identifier as the file writes it when it names no list of org-id.guide, unique
    within the file only. `names` are its names by language, `other_names` what else it is called.
    `structures`, `membership` and `activities` are codes of ESSGLOBAL, the primary activity first;
    `sector` and `tags` are the file's own words where these are no codes, and `industry` a number
    in a national classification. Coordinates are of the area around it where they are `nearby`.
    `links` are its other addresses on the web. Dates are ISO 8601, as exact as the file: "2003",
    "2003-03-25". `slug` is what it is called in the addresses of the site that wrote the file, and in
    that site's other files. One that `is_synthetic` is made up, and says nothing of any place.
    """

    line: int
    name: str
    identifiers: tuple[Identifier, ...] = ()
    local_id: str = ""
    names: tuple[tuple[str, str], ...] = ()
    other_names: tuple[str, ...] = ()
    description: str = ""
    structures: tuple[str, ...] = ()
    membership: str = ""
    activities: tuple[str, ...] = ()
    sector: str = ""
    tags: tuple[str, ...] = ()
    industry: str = ""
    legal_form: str = ""
    address: Address = NOWHERE
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    email: str = ""
    phone: str = ""
    twitter: str = ""
    facebook: str = ""
    links: tuple[str, ...] = ()
    founded: str = ""
    closed: str = ""
    workers: Headcount | None = None
    members: Headcount | None = None
    nearby: bool = False
    slug: str = ""
    is_synthetic: bool = False

    @property
    def kind(self) -> str:
        """ "worker_coop" where the workers are its members, and "" where nobody said so.

        Never told from `structures` or `legal_form`: see `formats.essglobal`.
        """
        return "worker_coop" if self.membership == WORKERS else ""
