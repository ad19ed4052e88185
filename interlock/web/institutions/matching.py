"""Whether the register has an institution already: by identifier, then by name and place."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt

from i18nfield.strings import LazyI18nString

from interlock.methods.formats.register import Identifier as Number
from interlock.methods.formats.register import Record
from interlock.methods.formats.register.cells import sameness
from interlock.web.institutions.models import Identifier, ImportRow, Institution
from interlock.web.institutions.records import same_address
from interlock.web.institutions.whereabouts import MIDDLES
from interlock.web.record.wording import words

# In kilometres.
NEAR = 5.0
_EARTH = 6371.0
BATCH = 500

# Words that many names have, as names are compared: legal forms, and what most in a list are.
_COMMON = frozenset({
    "a", "an", "and", "asociacion", "association", "at", "by", "cic", "cio", "co",
    "collective", "community", "company", "coop", "cooperativa", "cooperativas",
    "cooperative", "cooperatives", "coops", "corp", "corporation", "das", "de", "del",
    "der", "des", "die", "du", "e", "eg", "el", "en", "et", "ev", "federation", "for",
    "gmbh", "group", "in", "inc", "incorporated", "la", "las", "les", "limited", "llc",
    "llp", "los", "ltd", "of", "on", "owned", "para", "plc", "sa", "sarl", "sas", "scl",
    "scop", "services", "sl", "sociedad", "society", "the", "to", "trabajadores", "trabajo",
    "ug", "uk", "und", "union", "worker", "workers", "y",
})  # fmt: skip
# So many letters in a row are more than chance: "Unicorn Grocery" and "unicorngrocery".
_TELLING = 5


@dataclass(frozen=True)
class Known:
    """What tells an institution of the register from others."""

    pk: int
    slug: str
    town: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None
    website: str
    left: bool
    middle: bool  # its coordinates are those of its town, say
    made_up: bool
    names: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The institution a row is about; or those it may be about, and the code of why in `remarks`."""

    pk: int | None = None
    candidates: tuple[int, ...] = ()
    why: str = ""


@dataclass
class Register:
    """All institutions as they are compared. `taken` are those that a row was found to be about."""

    known: dict[int, Known] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    _names: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _websites: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _schemes: dict[int, dict[str, set[str]]] = field(default_factory=dict)
    _rows: dict[str, int] = field(default_factory=dict)
    _listed: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def load(cls, records: Collection[Record]) -> Register:
        """The register, and which of these rows an import has brought before."""
        made = cls()
        fields = (
            "place", "region", "country", "latitude", "longitude", "website", "placed_by",
            "other_names", "is_synthetic",
        )  # fmt: skip
        for pk, slug, name, left, *rest in Institution.objects.order_by("pk").values_list(
            "pk", "slug", "name", "left_at", *fields
        ):
            town, region, country, latitude, longitude, website, placed_by, others, made_up = rest
            names = [sameness(one) for one in _languages(name)]
            site = same_address(website)
            made.known[pk] = Known(
                pk, slug, sameness(town), sameness(region), country, latitude, longitude, site,
                left is not None, placed_by in MIDDLES, made_up,
                (*names, *map(sameness, others)),
            )  # fmt: skip
            for one in names:
                made._names[one].append(pk)
            if site:
                made._websites[site].append(pk)
        for scheme, value, pk in Identifier.objects.values_list("scheme", "value", "institution"):
            made._numbers[scheme, value] = pk
            made._schemes.setdefault(pk, {}).setdefault(scheme, set()).add(value)
        prints = [fingerprint(record) for record in records]
        entered = ImportRow.objects.filter(
            entering__entered_at__isnull=False,
            entering__undone_at__isnull=True,
            institution__isnull=False,
        ).order_by("pk")
        for start in range(0, len(prints), BATCH):
            rows = entered.filter(fingerprint__in=prints[start : start + BATCH])
            made._rows |= dict(rows.values_list("fingerprint", "institution"))
        owners = sorted({pk for record in records for pk in made._owners(record)})
        for start in range(0, len(owners), BATCH):
            rows = entered.filter(institution__in=owners[start : start + BATCH])
            for pk, called in rows.values_list("institution", "name"):
                made._listed[pk].add(sameness(called))
        return made

    def certain(self, record: Record) -> Found:
        """What an identifier says, or a row that was entered before; nothing else is asked.

        Anybody may give their page any number. Where nothing else is alike, somebody has to say so.
        """
        found = self._owners(record)
        if len(found) > 1:
            return Found(candidates=tuple(found), why="several-identifiers")
        before = self._rows.get(fingerprint(record))
        if not found or found[0] == before or self._is_called(found[0], record):
            return Found(found[0] if found else before)
        return Found(before) if before else Found(candidates=tuple(found), why="same-number")

    def _owners(self, record: Record) -> list[int]:
        numbers = ((number.scheme, number.id) for number in record.identifiers)
        return sorted({self._numbers[one] for one in numbers if one in self._numbers})

    def _is_called(self, pk: int, record: Record) -> bool:
        """Whether a name or the website agrees, or a list that was entered called it so."""
        known = self.known[pk]
        site = _host(same_address(record.website))
        if site and site == _host(known.website):
            return True
        names = {sameness(one) for one in (record.name, *dict(record.names).values())}
        names |= {sameness(one) for one in record.other_names}
        return bool(names & self._listed.get(pk, set())) or any(
            _alike(one, other) for one in names for other in known.names
        )

    def likely(self, record: Record) -> Found:
        """What name and place say. Those that other rows are about are not asked again."""
        names = dict.fromkeys(
            sameness(name) for name in (record.name, *dict(record.names).values())
        )
        named = dict.fromkeys(pk for name in names for pk in self._names.get(name, ()))
        same, unsure = [], []
        for pk in self._open(named, record):
            agrees = self._agree(self.known[pk], record)
            if agrees:
                same.append(pk)
            elif agrees is None:
                unsure.append(pk)
        if len(same) == 1:
            return Found(same[0])
        if same or unsure:
            return Found(candidates=(*same, *unsure), why="same-name")
        website = same_address(record.website)
        others = tuple(self._open(self._websites.get(website, ()) if website else (), record))
        return Found(candidates=others, why="same-website")

    def owner(self, number: Number) -> int | None:
        """Whose identifier this is."""
        return self._numbers.get((number.scheme, number.id))

    def schemes(self, pk: int) -> Collection[str]:
        """The lists from which an institution has an identifier already."""
        return self._schemes.get(pk, {})

    def _open(self, pks: Iterable[int], record: Record) -> Iterator[int]:
        """Those that may be meant: no other row is about them, no identifier says otherwise.

        What is made up and what is not are never the same.
        """
        for pk in pks:
            schemes = self._schemes.get(pk, {})
            other = any(one.scheme in schemes for one in record.identifiers)
            same_world = self.known[pk].made_up == record.is_synthetic
            if pk not in self.taken and not other and same_world:
                yield pk

    def _agree(self, one: Known, record: Record) -> bool | None:
        """Whether the two are at one place; None when nobody can tell."""
        place = record.address
        town, region, country = sameness(place.locality), sameness(place.region), place.country
        away = _distance(one, record)
        if away is not None and away <= NEAR:
            return True
        countries = bool(one.country and country)
        if countries and one.country != country:
            return False
        if one.town and town:
            if one.town != town:
                return False
            return True if countries else None
        if away is not None and not one.middle:
            return False
        if one.website and one.website == same_address(record.website):
            return True
        nowhere = not one.town and not town
        return (
            True if nowhere and region and (one.region, one.country) == (region, country) else None
        )


def fingerprint(record: Record) -> str:
    """What a row is known by when its file is imported again."""
    said: list[object] = [
        record.name,
        record.local_id,
        sorted(map(str, record.identifiers)),
        [record.address.country, record.address.region, record.address.locality],
        [record.address.postcode, record.website, record.latitude, record.longitude],
    ]
    if record.is_synthetic:
        said.append("synthetic")
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _alike(one: str, other: str) -> bool:
    """Whether two names, made comparable, have a word in common that tells something.

    >>> _alike("tree coop ltd", "the tree cooperative"), _alike("tree coop", "mill coop")
    (True, False)
    """
    if one == other or (set(one.split()) & set(other.split())) - _COMMON:
        return True
    short, long = sorted(("".join(one.split()), "".join(other.split())), key=len)
    return len(short) >= _TELLING and short not in _COMMON and short in long


def _host(address: str) -> str:
    return address.partition("/")[0]


def _languages(name: str | LazyI18nString) -> list[str]:
    said = words(name)
    return [text for text in said.values() if text] if isinstance(said, dict) else [said]


def _distance(one: Known, record: Record) -> float | None:
    """How far apart the two are, in kilometres; None where one has no coordinates."""
    if None in (one.latitude, one.longitude, record.latitude, record.longitude):
        return None
    ends = (one.latitude, one.longitude, record.latitude, record.longitude)
    north, east, to_north, to_east = (radians(degrees or 0) for degrees in ends)
    half = sin((to_north - north) / 2) ** 2
    half += cos(north) * cos(to_north) * sin((to_east - east) / 2) ** 2
    return 2 * _EARTH * asin(sqrt(min(1.0, half)))
