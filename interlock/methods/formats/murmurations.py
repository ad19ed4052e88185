"""Murmurations profiles, composed and read: https://murmurations.network.

A profile is a JSON object that names the schemas it keeps to. Two of them are written and read
here: `organizations_schema-v1.0.0` (an institution) and `offers_wants_schema-v0.1.0` (an offer or a
need). What these require (fields, types, lengths, patterns, allowed words) is stated in `RULES` as
the library's published schemas do; a profile that is composed here keeps to it, or is refused
before anybody sees it. The schemas themselves are GPL-3 and no part of this project.

A profile that was pulled from elsewhere is anybody's text: `read_organization` and `read_offer`
refuse what the schema does not allow, with the path to each fault, and leave out, with a note, what
the schema allows and a page cannot use (an address with a password in it, 0/0 as a place).
Fields that no schema knows are allowed by the schemas, and not read. Bounded by `LARGEST` bytes,
`MOST_ITEMS` items a list and `LONGEST_TEXT` signs a text.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from interlock.methods.formats.countries import country_name
from interlock.methods.formats.faults import MOST_FAULTS, Fault, FormatError, shown
from interlock.methods.formats.register import cells
from interlock.methods.formats.strict_json import loads

ORGANIZATIONS = "organizations_schema-v1.0.0"
OFFERS_WANTS = "offers_wants_schema-v0.1.0"

STATUSES = ("active", "completed", "cancelled", "on_hold", "in_planning")
SCOPES = ("local", "regional", "national", "international")
EXCHANGES = ("offer", "want")
ITEMS = ("good", "service")
TRANSACTIONS = ("borrow-lend", "rent-lease", "buy-sell", "receive-donate")

# Bounds of ours; the schemas have none for these.
LARGEST = 256_000
MOST_ITEMS = 1_000
MOST_TAGS = 100
LONGEST_TEXT = 20_000

_SCHEMA = re.compile(r"[a-z][a-z0-9_]{7,97}-v[0-9]+\.[0-9]+\.[0-9]+")
_URL = re.compile(r"https?://.*", re.DOTALL)

_Check = Callable[[Any, str, "_Faults"], None]
_Faults = list[Fault]


@dataclass(frozen=True)
class Relationship:
    """A tie as a profile tells it: what it is, by a web address, and to whom."""

    predicate_url: str
    object_url: str


@dataclass(frozen=True)
class Organization:
    """What a profile says of an institution; whatever it does not say is empty.

    `urls` are other addresses, each with what it is for. `starts_at` and `ends_at` are seconds
    since 1970, as the schema has them; `seconds` gives them from a date. `is_synthetic` says that it is
    made up: the field `synthetic`, which no schema knows and every one allows.
    """

    name: str
    nickname: str = ""
    primary_url: str = ""
    tags: tuple[str, ...] = ()
    urls: tuple[tuple[str, str], ...] = ()
    description: str = ""
    mission: str = ""
    status: str = ""
    full_address: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    image: str = ""
    relationships: tuple[Relationship, ...] = ()
    starts_at: float | None = None
    ends_at: float | None = None
    email: str = ""
    contact_form: str = ""
    telephone: str = ""
    geographic_scope: str = ""
    unique_id: str = ""
    is_synthetic: bool = False


@dataclass(frozen=True)
class Offer:
    """An offer, or a need ("want"), as a profile tells it; made up where it `is_synthetic`."""

    exchange_type: str
    title: str
    description: str
    transaction_types: tuple[str, ...]
    tags: tuple[str, ...]
    geographic_scope: str
    item_type: str = ""
    details_url: str = ""
    image: str = ""
    latitude: float | None = None
    longitude: float | None = None
    email: str = ""
    contact_form: str = ""
    expires_at: float | None = None
    is_synthetic: bool = False


def _text(longest: int = 0, pattern: re.Pattern[str] | None = None, what: str = "") -> _Check:
    def check(value: Any, path: str, faults: _Faults) -> None:
        if not isinstance(value, str):
            faults.append(Fault(path, "It must be a text."))
        elif len(value) > (longest or LONGEST_TEXT):
            said = f"It has {len(value):,} signs, and no more than {longest or LONGEST_TEXT:,} "
            faults.append(Fault(path, f"{said}are allowed."))
        elif pattern and not pattern.fullmatch(value):
            faults.append(Fault(path, f'"{shown(value)}" is not {what}.'))

    return check


def _word(words: Sequence[str]) -> _Check:
    def check(value: Any, path: str, faults: _Faults) -> None:
        if value not in words:
            faults.append(Fault(path, f"It must be one of {', '.join(words)}."))

    return check


def _country(value: Any, path: str, faults: _Faults) -> None:
    if not isinstance(value, str) or not country_name(value):
        faults.append(Fault(path, "It must be a two-letter code of ISO 3166-1."))


def _number(least: float = -math.inf, most: float = math.inf) -> _Check:
    def check(value: Any, path: str, faults: _Faults) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            faults.append(Fault(path, "It must be a number."))
        elif not (least <= value <= most and math.isfinite(value)):
            faults.append(Fault(path, f"It must be a number from {least:g} to {most:g}."))

    return check


def _list(inner: _Check, *, least: int = 0, most: int = MOST_ITEMS, unique: bool = False) -> _Check:
    def check(value: Any, path: str, faults: _Faults) -> None:
        if not isinstance(value, list):
            faults.append(Fault(path, "It must be a list."))
            return
        if not least <= len(value) <= most:
            said = f"It has {len(value):,} items, and must have from {least} to {most:,}."
            faults.append(Fault(path, said))
            return
        if unique and len({json.dumps(one, sort_keys=True) for one in value}) < len(value):
            faults.append(Fault(path, "No item may be given twice."))
        for number, one in enumerate(value):
            inner(one, f"{path}[{number}]", faults)

    return check


def _object(fields: Mapping[str, _Check], required: Sequence[str] = ()) -> _Check:
    def check(value: Any, path: str, faults: _Faults) -> None:
        if not isinstance(value, dict):
            faults.append(Fault(path, "It must be an object."))
            return
        dot = f"{path}." if path else ""
        for key in required:
            if key not in value:
                faults.append(Fault(f"{dot}{key}", "It is required, and missing."))
        for key, inner in fields.items():
            if key in value:
                inner(value[key], f"{dot}{key}", faults)

    return check


_ADDRESS = _text(2000, _URL, "a web address that begins with http:// or https://")
# Where the schemas give no length for an address, ours is theirs elsewhere.
_PLACE = _object({"lat": _number(-90, 90), "lon": _number(-180, 180)}, ["lat", "lon"])
_CONTACT = _object({"email": _text(), "contact_form": _ADDRESS})
_SCHEMAS = _list(
    _text(0, _SCHEMA, "the name of a schema, like my_schema-v1.0.0"), least=1, unique=True
)

# What the two published schemas require, read in the library's repository and, with its fields put
# in, as the index serves it (2024): each field and its constraint.
RULES = MappingProxyType(
    {
        ORGANIZATIONS: _object(
            {
                "linked_schemas": _SCHEMAS,
                "name": _text(200),
                "nickname": _text(),
                "primary_url": _ADDRESS,
                "tags": _list(_text(100), least=1, most=MOST_TAGS, unique=True),
                "urls": _list(_object({"name": _text(), "url": _ADDRESS}, ["url"]), unique=True),
                "description": _text(),
                "mission": _text(),
                "status": _word(STATUSES),
                "full_address": _text(),
                "country_iso_3166": _country,
                "geolocation": _PLACE,
                "image": _ADDRESS,
                "header_image": _ADDRESS,
                "images": _list(_object({"name": _text(100), "url": _ADDRESS}, ["url"])),
                "rss": _ADDRESS,
                "relationships": _list(
                    _object(
                        {"predicate_url": _ADDRESS, "object_url": _ADDRESS},
                        ["predicate_url", "object_url"],
                    ),
                    unique=True,
                ),
                "starts_at": _number(),
                "ends_at": _number(),
                "contact_details": _CONTACT,
                "telephone": _text(),
                "geographic_scope": _word(SCOPES),
                "unique_id": _text(),
            },
            ["linked_schemas", "name"],
        ),
        OFFERS_WANTS: _object(
            {
                "linked_schemas": _SCHEMAS,
                "exchange_type": _word(EXCHANGES),
                "item_type": _word(ITEMS),
                "transaction_type": _list(_word(TRANSACTIONS)),
                "tags": _list(_text(), unique=True),
                "title": _text(),
                "description": _text(),
                "image": _ADDRESS,
                "details_url": _ADDRESS,
                "geolocation": _PLACE,
                "geographic_scope": _word(SCOPES),
                "contact_details": _CONTACT,
                "expires_at": _number(),
            },
            [
                "linked_schemas",
                "exchange_type",
                "transaction_type",
                "tags",
                "title",
                "description",
                "geographic_scope",
                "contact_details",
            ],
        ),
    }
)


def faults(profile: object, schema: str) -> tuple[Fault, ...]:
    """What keeps a profile from being one of this schema; () when nothing does.

    >>> faults({"linked_schemas": ["organizations_schema-v1.0.0"], "name": "Tree"}, ORGANIZATIONS)
    ()
    >>> [str(fault) for fault in faults({"name": 3}, ORGANIZATIONS)]
    ['linked_schemas: It is required, and missing.', 'name: It must be a text.']
    """
    found: _Faults = []
    RULES[schema](profile, "", found)
    if not found and isinstance(profile, dict) and schema not in profile["linked_schemas"]:
        found.append(Fault("linked_schemas", f"{schema} is not among them."))
    return tuple(found[:MOST_FAULTS])


def organization_profile(one: Organization) -> dict[str, Any]:
    """The profile of an institution. Raises FormatError when the schema would not allow it.

    >>> organization_profile(Organization("Tree", tags=("co-op", "co-op"), status="active"))
    ... # doctest: +NORMALIZE_WHITESPACE
    {'linked_schemas': ['organizations_schema-v1.0.0'], 'name': 'Tree', 'tags': ['co-op'],
     'status': 'active'}
    """
    return _kept(
        ORGANIZATIONS,
        {
            "linked_schemas": [ORGANIZATIONS],
            "name": one.name,
            "nickname": one.nickname,
            "primary_url": one.primary_url,
            "tags": _once(one.tags),
            "urls": _once(
                {"name": name, "url": url} if name else {"url": url} for name, url in one.urls
            ),
            "description": one.description,
            "mission": one.mission,
            "status": one.status,
            "full_address": one.full_address,
            "country_iso_3166": one.country,
            "geolocation": _place(one.latitude, one.longitude),
            "image": one.image,
            "relationships": _once(
                {"predicate_url": tie.predicate_url, "object_url": tie.object_url}
                for tie in one.relationships
            ),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "contact_details": _contact(one.email, one.contact_form),
            "telephone": one.telephone,
            "geographic_scope": one.geographic_scope,
            "unique_id": one.unique_id,
            "synthetic": one.is_synthetic or None,
        },
    )


def offer_profile(one: Offer) -> dict[str, Any]:
    """The profile of an offer or a need. Raises FormatError when the schema would not allow it.

    The contact is required; with neither an address nor a form there is nobody to answer to.
    """
    required = {
        "linked_schemas": [OFFERS_WANTS],
        "exchange_type": one.exchange_type,
        "transaction_type": _once(one.transaction_types),
        "tags": _once(one.tags),
        "title": one.title,
        "description": one.description,
        "geographic_scope": one.geographic_scope,
    }
    if not (one.email or one.contact_form):
        raise FormatError([Fault("contact_details", "Give an e-mail address or a form.")])
    others = {
        "item_type": one.item_type,
        "image": one.image,
        "details_url": one.details_url,
        "geolocation": _place(one.latitude, one.longitude),
        "contact_details": _contact(one.email, one.contact_form),
        "expires_at": one.expires_at,
        "synthetic": one.is_synthetic or None,
    }
    return _kept(OFFERS_WANTS, others, required)


def read_organization(data: bytes) -> tuple[Organization, tuple[Fault, ...]]:
    """An institution from the profile of another site, and what was left out of it.

    Raises FormatError with every fault when it is no such profile.
    """
    said = _Said(_read(data, ORGANIZATIONS))
    latitude, longitude = said.place()
    email, form = said.contact()
    name = said.line("name")
    if not any(sign.isalnum() for sign in name):
        raise FormatError([Fault("name", "The institution has no name.")])
    urls = [(said.flat(one.get("name", "")), one["url"]) for one in said.items("urls")]
    ties = [(one["predicate_url"], one["object_url"]) for one in said.items("relationships")]
    found = Organization(
        name,
        said.line("nickname"),
        said.address("primary_url"),
        said.tags(),
        tuple((what, url) for what, url in urls if said.is_address("urls", url)),
        said.text("description"),
        said.text("mission"),
        said.line("status"),
        said.text("full_address"),
        said.line("country_iso_3166"),
        latitude,
        longitude,
        said.address("image"),
        tuple(
            Relationship(predicate, object)
            for predicate, object in ties
            if said.is_address("relationships", predicate)
            and said.is_address("relationships", object)
        ),
        said.number("starts_at"),
        said.number("ends_at"),
        email,
        form,
        said.line("telephone"),
        said.line("geographic_scope"),
        said.line("unique_id"),
        said.is_synthetic,
    )
    return found, tuple(said.notes)


def read_offer(data: bytes) -> tuple[Offer, tuple[Fault, ...]]:
    """An offer or a need from the profile of another site, and what was left out of it.

    Raises FormatError with every fault when it is no such profile.
    """
    said = _Said(_read(data, OFFERS_WANTS))
    latitude, longitude = said.place()
    email, form = said.contact()
    found = Offer(
        said.line("exchange_type"),
        said.line("title"),
        said.text("description"),
        tuple(dict.fromkeys(said.items("transaction_type"))),
        said.tags(),
        said.line("geographic_scope"),
        said.line("item_type"),
        said.address("details_url"),
        said.address("image"),
        latitude,
        longitude,
        email,
        form,
        said.number("expires_at"),
        said.is_synthetic,
    )
    return found, tuple(said.notes)


def seconds(date: str) -> int | None:
    """The first second of a date (ISO 8601: a year, a month or a day) since 1970, at Greenwich.

    The schema's own way for a year: its first of January. None for what is no date.

    >>> seconds("2023"), seconds("2003-03-25"), seconds("soon")
    (1672531200, 1048550400, None)
    """
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", date, re.ASCII)
    try:
        day = datetime.date(*[int(part or 1) for part in found.groups()]) if found else None
    except ValueError:
        day = None
    return (day - datetime.date(1970, 1, 1)).days * 86_400 if day else None


class _Said:
    """What a sound profile says, made clean; what a page cannot use is noted and left out."""

    def __init__(self, profile: Mapping[str, Any]) -> None:
        self.notes: list[Fault] = []
        self._profile = profile

    @property
    def is_synthetic(self) -> bool:
        return self._profile.get("synthetic") is True

    def text(self, key: str) -> str:
        return cells.cleaned(self._profile.get(key, ""))[0]

    def line(self, key: str) -> str:
        return self.flat(self._profile.get(key, ""))

    @staticmethod
    def flat(text: str) -> str:
        return " ".join(cells.cleaned(text)[0].split())

    def number(self, key: str) -> float | None:
        found: float | None = self._profile.get(key)
        return found

    def items(self, key: str) -> list[Any]:
        found: list[Any] = self._profile.get(key, [])
        return found

    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, map(self.flat, self.items("tags")))))

    def address(self, key: str) -> str:
        url: str = self._profile.get(key, "")
        return url if url and self.is_address(key, url) else ""

    def is_address(self, key: str, url: str) -> bool:
        """Whether a page can link to it."""
        sound = cells.web_address(url) == (url, None)
        if not sound:
            message = f'"{shown(url)}" leads nowhere, and was left out.'
            self.notes.append(Fault(key, message))
        return sound

    def place(self) -> tuple[float | None, float | None]:
        found = self._profile.get("geolocation")
        if not found:
            return None, None
        if found["lat"] == found["lon"] == 0:
            self.notes.append(
                Fault("geolocation", "It is in the Gulf of Guinea, and was left out.")
            )
            return None, None
        return float(found["lat"]), float(found["lon"])

    def contact(self) -> tuple[str, str]:
        found = self._profile.get("contact_details", {})
        given, form = found.get("email", ""), found.get("contact_form", "")
        email, remark = cells.mailbox(given) if given else ("", "")
        if remark:
            self.notes.append(Fault("contact_details.email", remark))
        sound = bool(form) and self.is_address("contact_details.contact_form", form)
        return email, form if sound else ""


def _read(data: bytes, schema: str) -> dict[str, Any]:
    profile: dict[str, Any] = loads(data, largest=LARGEST)
    if found := faults(profile, schema):
        raise FormatError(found)
    return profile


def _kept(
    schema: str, said: Mapping[str, Any], required: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A profile without what is empty. Raises FormatError when the schema would not allow it."""
    empty: tuple[object, ...] = ("", None, [], {})
    profile = {**(required or {}), **{key: one for key, one in said.items() if one not in empty}}
    if found := faults(profile, schema):
        raise FormatError(found)
    return profile


def _once(items: Iterable[Any]) -> list[Any]:
    found: dict[str, Any] = {}
    for one in items:
        found.setdefault(json.dumps(one, sort_keys=True), one)
    return list(found.values())


def _place(latitude: float | None, longitude: float | None) -> dict[str, float]:
    if latitude is None or longitude is None:
        return {}
    return {"lat": latitude, "lon": longitude}


def _contact(email: str, form: str) -> dict[str, str]:
    said = {"email": email, "contact_form": form}
    return {key: value for key, value in said.items() if value}
