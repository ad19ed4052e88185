"""Between a row of a list (`formats.register.Record`) and an institution of the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from i18nfield.strings import LazyI18nString

from interlock.methods.formats.essglobal import WORKERS
from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.register import (
    Address,
    Fault,
    Headcount,
    Identifier,
    Reading,
    Record,
)
from interlock.methods.formats.register.cells import handle, sameness
from interlock.web.institutions import whereabouts
from interlock.web.institutions.models import Identifier as Number
from interlock.web.institutions.models import Institution
from interlock.web.institutions.remarks import said
from interlock.web.institutions.rules import LONGEST_ITEM, MOST_ITEMS
from interlock.web.record.wording import words

# What goes together: a latitude is nothing without its longitude, a count nothing without its year.
PAIRS = {"latitude": "longitude", "workers": "workers_year", "members": "members_year"}

# What each column of a list means, by the field that keeps it.
_MEANINGS = {
    "name": "name",
    "about": "description",
    "structure": "structures",
    "membership_type": "membership",
    "activity": "primary",
    "place": "locality",
    "street": "street",
    "region": "region",
    "postcode": "postcode",
    "country": "country",
    "website": "website",
    "email": "email",
    "phone": "phone",
    "founded_on": "founded",
    "closed_on": "closed",
    "other_names": "other_names",
    "tags": "tags",
    "links": "links",
    "other_activities": "activities",
}

#: Fields that hold several things, and how two of these are compared: a list adds to them.
LISTS: dict[str, Callable[[str], str]] = {
    "tags": str.casefold,
    "other_names": str.casefold,
    "links": lambda link: same_address(link),
    "other_activities": str,
}


class Reader:
    """What rows say, as the fields of the register hold it; what these cannot hold is noted."""

    def __init__(self, reading: Reading) -> None:
        self._notes: list[Fault] = []
        self._columns = {column.meaning: column for column in reading.columns}
        self._line = reading.line
        self._left: dict[str, str] = {}

    @property
    def notes(self) -> list[Fault]:
        """What the rows read so far gave to note; of whole columns, once and beside their heading."""
        columns = [
            self._at(self._line, meaning, said(code)) for meaning, code in self._left.items()
        ]
        return [*columns, *self._notes]

    def values(self, record: Record) -> dict[str, Any]:
        """The fields that a row says something of, by name."""
        place = record.address
        read: dict[str, Any] = {
            "name": _name(record),
            "kind_id": record.kind,
            "about": record.description or _told_at_length(record),
            "structure": "".join(record.structures[:1]),
            "membership_type": record.membership,
            "activity": "".join(record.activities[:1]),
            "place": place.locality,
            "street": place.street,
            "region": place.region,
            "postcode": place.postcode,
            "country": place.country,
            "website": record.website,
            "email": record.email,
            "phone": record.phone,
            "founded_on": self._day(record, "founded_on", record.founded),
            "closed_on": self._day(record, "closed_on", record.closed),
        }
        kept = {
            field: value
            for field, value in read.items()
            if value and self._fits(record, field, value)
        }
        if why := why_not_dates(kept.get("founded_on"), kept.get("closed_on")):
            self._note(record, "closed_on", why)
            del kept["closed_on"]
        if record.latitude is not None:
            kept |= {"latitude": record.latitude, "longitude": record.longitude}
        for field, count in (("workers", record.workers), ("members", record.members)):
            if count:
                kept |= {field: count.number, f"{field}_year": count.year}
        several = {
            "tags": [one for one in (record.sector, *record.tags) if one != read["about"]],
            "other_names": _other_names(record),
            "links": _links(record),
            "other_activities": record.activities[1:],
        }
        for field, items in several.items():
            if items := self._items(record, field, items):
                kept[field] = items
        self._leave(record)
        return {**kept, **whereabouts.placed(kept, nearby=record.nearby)}

    def _items(self, record: Record, field: str, items: Iterable[str]) -> list[str]:
        """So many of them as the register holds, none of them too long."""
        fitting = []
        for item in filter(None, items):
            if len(item) <= LONGEST_ITEM[field]:
                fitting.append(item)
            else:
                text = shown(item)
                self._note(
                    record, field, said("item-too-long", text=text, most=LONGEST_ITEM[field])
                )
        unlike = added([], fitting, LISTS[field])
        if len(unlike) > MOST_ITEMS:
            self._note(record, field, said("too-many-items", most=MOST_ITEMS))
        return unlike[:MOST_ITEMS]

    def _leave(self, record: Record) -> None:
        """Note what the register has no place for."""
        if record.industry:
            self._left["industry"] = "no-place"
        if record.legal_form:
            self._left["legal_form"] = "no-place"
        if record.local_id:
            self._left["identifier"] = "numbers-not-kept"
        if codes := ", ".join(record.structures[1:]):
            self._note(record, "structure", said("more-structures", codes=codes))

    def identifiers(self, record: Record) -> list[Identifier]:
        """The numbers of a row that the register can hold."""
        kept = []
        for number in record.identifiers:
            if len(number.scheme) <= _longest(Number, "scheme") and len(number.id) <= _longest(
                Number, "value"
            ):
                kept.append(number)
            else:
                text = str(number)[:60]
                self._note(record, "identifier", said("number-too-long", text=text))
        return kept

    def _day(self, record: Record, field: str, text: str) -> date | None:
        """A day; the first one of a year or a month, with a note."""
        if not text:
            return None
        parts = [int(part) for part in text.split("-")]
        day = date(*[*parts, 1, 1][:3])
        if len(parts) < 3:
            self._note(record, field, said("day-completed", text=text, day=str(day)))
        return day

    def _fits(self, record: Record, field: str, value: Any) -> bool:
        longest = _longest(Institution, field)
        if not isinstance(value, str) or not longest or len(value) <= longest:
            return True
        self._note(record, field, said("signs-not-kept", signs=len(value), most=longest))
        return False

    def _note(self, record: Record, field: str, message: Remark) -> None:
        self._notes.append(self._at(record.line, _MEANINGS.get(field, field), message))

    def _at(self, line: int, meaning: str, message: Remark) -> Fault:
        meanings = ("tags", "sector", "activities", "primary") if meaning == "tags" else (meaning,)
        column = next(filter(None, map(self._columns.get, meanings)), None)
        place = (column.place + 1, column.heading) if column else (0, "")
        return Fault(line, *place, message)


def why_not_dates(founded: date | None, closed: date | None) -> Remark | None:
    if founded and closed and closed < founded:
        return said("closed-before-founded", closed=str(closed), founded=str(founded))
    return None


def added(present: Sequence[str], given: Iterable[str], key: Callable[[str], str]) -> list[str]:
    """What is present, and after it what is given and unlike all before it.

    >>> added(["Food"], ["food", "Trees", "trees"], str.casefold)
    ['Food', 'Trees']
    """
    found: dict[str, str] = {}
    for one in (*present, *given):
        found.setdefault(key(one), one)
    return list(found.values())


def differences(
    institution: Institution, values: Mapping[str, Any], *, claimed: bool
) -> tuple[dict[str, Any], list[str]]:
    """What a row would change of an institution, and the fields that it keeps instead.

    What its own people look after (`claimed`) is theirs: only what they left empty is filled.
    """
    changed: dict[str, Any] = {}
    kept: list[str] = []
    values = whereabouts.sparing(institution, values)
    for field in values:
        if field in PAIRS.values() or field in whereabouts.DERIVED:
            continue
        group = [field, PAIRS[field]] if field in PAIRS else [field]
        present = getattr(institution, field)
        if field in LISTS:
            all_of_it = added(present, values[field], LISTS[field])[:MOST_ITEMS]
            if all_of_it != present and claimed and present:
                kept.append(field)
            elif all_of_it != present:
                changed[field] = all_of_it
            continue
        if all(says(getattr(institution, one), values[one]) for one in group) or (
            field in _COMPARED and _COMPARED[field](present) == _COMPARED[field](values[field])
        ):
            continue
        if claimed and plain(present) not in ("", None):
            kept.append(field)
            continue
        for one in group:
            changed[one] = _merged(getattr(institution, one), values[one])
    changed |= whereabouts.following(institution, values, changed)
    dates = {"founded_on", "closed_on"} & changed.keys()
    after = [changed.get(one, getattr(institution, one)) for one in ("founded_on", "closed_on")]
    if dates and why_not_dates(*after):
        for field in sorted(dates):
            del changed[field]
            kept.append(field)
    return changed, kept


def says_less(institution: Institution, values: Mapping[str, Any]) -> bool:
    """Whether a row's region is all it tells of a place whose town and region are known.

    Lists without a column for towns have these, too, in that of regions.
    """
    if "place" in values or "region" not in values or not institution.place:
        return False
    return bool(institution.region) and sameness(institution.region) != sameness(values["region"])


def says(present: Any, given: Any) -> bool:
    """Whether a field says already what is given, in one of its languages."""
    now, then = plain(present), plain(given)
    if isinstance(now, dict):
        wanted = then if isinstance(then, dict) else None
        return now == {**now, **wanted} if wanted else then in now.values()
    if isinstance(then, dict):
        return False
    return bool(now == then)


def plain(value: Any) -> Any:
    """A field's value as JSON holds it."""
    if isinstance(value, LazyI18nString):
        return words(value)
    return value.isoformat() if isinstance(value, date) else value


def restored(field: str, value: Any) -> Any:
    """What `plain` made of a field's value, as the field holds it."""
    if isinstance(value, dict):
        return LazyI18nString(value)
    return date.fromisoformat(value) if value and field.endswith("_on") else value


def record_of(institution: Institution, numbers: Iterable[Number]) -> Record:
    """An institution as a row of a list."""
    name = words(institution.name)
    twitter, facebook, links = _accounts(institution.links)
    membership = institution.membership_type or (WORKERS if institution.is_worker_coop else "")
    return Record(
        line=0,
        name=one_language(institution.name),
        identifiers=tuple(Identifier(number.scheme, number.value) for number in numbers),
        names=tuple(sorted((key, text) for key, text in name.items() if text))
        if isinstance(name, dict)
        else (),
        description=one_language(institution.about),
        structures=(institution.structure,) if institution.structure else (),
        membership=membership,
        activities=tuple(filter(None, (institution.activity, *institution.other_activities))),
        other_names=tuple(institution.other_names),
        tags=tuple(institution.tags),
        address=Address(
            institution.street,
            institution.place,
            institution.region,
            institution.postcode,
            institution.country,
        ),
        latitude=institution.latitude,
        longitude=institution.longitude,
        nearby=institution.placed_by in whereabouts.MIDDLES,
        website=institution.website,
        email=institution.email,
        phone=institution.phone,
        twitter=twitter,
        facebook=facebook,
        links=links,
        founded=institution.founded_on.isoformat() if institution.founded_on else "",
        closed=institution.closed_on.isoformat() if institution.closed_on else "",
        workers=_headcount(institution.workers, institution.workers_year),
        members=_headcount(institution.members, institution.members_year),
        slug=institution.slug,
        is_synthetic=institution.is_synthetic,
    )


def same_address(website: str) -> str:
    """A web address as it is compared: without scheme, www and the last stroke.

    >>> same_address("https://www.Tree.coop/") == same_address("http://tree.coop")
    True
    """
    return website.casefold().partition("://")[2].removeprefix("www.").rstrip("/")


def _same_name(name: str | LazyI18nString) -> str:
    said = words(name)
    return sameness(said) if isinstance(said, str) else repr(said)


# Another way to write the same name or address changes nothing.
_COMPARED: dict[str, Callable[[Any], str]] = {
    "name": _same_name,
    "place": sameness,
    "region": sameness,
    "website": same_address,
}


def one_language(text: LazyI18nString | str) -> str:
    """A text for files that have no more than one: the site's first language, or what there is."""
    said = words(text)
    if isinstance(said, dict):
        return said.get(_first_language()) or next(filter(None, said.values()), "")
    return said


def _told_at_length(record: Record) -> str:
    """What it does, where that is told in sentences and not in a word."""
    return record.sector if len(record.sector) > LONGEST_ITEM["tags"] else ""


def _other_names(record: Record) -> Iterator[str]:
    """What else it is called, in languages that this site does not speak too."""
    known = dict(settings.LANGUAGES)
    yield from record.other_names
    yield from (name for language, name in record.names if language not in known)


_ACCOUNTS = ("https://twitter.com/", "https://www.facebook.com/")


def _links(record: Record) -> Iterator[str]:
    for host, account in zip(_ACCOUNTS, (record.twitter, record.facebook), strict=True):
        if account:
            yield f"{host}{account}"
    yield from record.links


def _accounts(links: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    """The names of the first account at each of the two hosts, and all other addresses."""
    rest, names = list(links), []
    for host in _ACCOUNTS:
        link = next((one for one in rest if one.startswith(host)), "")
        name, remark = handle(link, same_address(host)) if link else ("", None)
        if name and not remark:
            rest.remove(link)
        names.append(name)
    return names[0], names[1], tuple(rest)


def _headcount(number: int | None, year: int | None) -> Headcount | None:
    return None if number is None else Headcount(number, year)


def _name(record: Record) -> str | LazyI18nString:
    known = dict(settings.LANGUAGES)
    names = {language: name for language, name in record.names if language in known}
    return LazyI18nString({_first_language(): record.name, **names}) if names else record.name


def _merged(present: Any, given: Any) -> Any:
    """A given text beside those in other languages."""
    now, then = plain(present), plain(given)
    if isinstance(now, dict):
        return LazyI18nString(
            {**now, **(then if isinstance(then, dict) else {_first_language(): then})}
        )
    return given


def _first_language() -> str:
    return settings.LANGUAGES[0][0]


def _longest(model: type[Institution | Number], field: str) -> int:
    return getattr(model._meta.get_field(field), "max_length", None) or 0
