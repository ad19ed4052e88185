"""The register for other programs: CSV, GeoJSON, Murmurations profiles, JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from i18nfield.strings import LazyI18nString

from interlock.methods.formats import geojson, jsonld, murmurations
from interlock.methods.formats.countries import country_name
from interlock.methods.formats.register import Record, writing
from interlock.web.files.queries import path_of
from interlock.web.institutions import whereabouts
from interlock.web.institutions.models import Identifier, Import, Institution
from interlock.web.institutions.queries import exports
from interlock.web.institutions.records import added, one_language, record_of, same_address
from interlock.web.institutions.vocabulary import ACTIVITIES
from interlock.web.look.made_up import INVENTED
from interlock.web.record.chain import fact_of
from interlock.web.record.models import Audience, Entry
from interlock.web.record.wording import sentence, words

# How many are read at a time while a file is written.
CHUNK = 500


# Rooms join this list: given an institution, what its Murmurations profile says of its relationships.
relationships: list[Callable[[Institution], Iterable[murmurations.Relationship]]] = []


def present() -> QuerySet[Institution]:
    """The institutions that have not left, in one order for all files."""
    return Institution.objects.filter(left_at=None).select_related("kind").order_by("pk")


def csv() -> Iterator[str]:
    """The lines of the register as CSV in the columns of the Solidarity Economy Association."""
    return writing.lines(_records(), [code for code, _name in settings.LANGUAGES])


def map_file() -> Iterator[str]:
    """The register as GeoJSON."""
    return geojson.chunks(map(_feature, present().iterator(CHUNK)), attribution())


def attribution() -> str:
    """Whose data the files hold: what lists say of themselves, and who made the places."""
    places = gettext("Middles of towns, ZIP codes and counties of the United States (placed_by):")
    by = ", ".join(f"{name} ({address})" for name, address in whereabouts.ATTRIBUTION)
    return " · ".join([*credits_of_lists(), f"{places} {by}"])


def credits_of_lists() -> list[str]:
    """Who made the lists that were entered, and their licences, as was said when they were."""
    standing = Import.objects.exclude(entered_at=None).filter(undone_at=None).exclude(credit="")
    return list(standing.order_by("credit").values_list("credit", flat=True).distinct())


def profile(institution: Institution) -> dict[str, Any]:
    """An institution as a Murmurations profile, which keeps to the schema."""
    name = one_language(institution.name)
    record = record_of(institution, institution.identifiers.all())
    others = (*(text for _code, text in record.names), *record.other_names)
    nickname = next((text for text in others if text != name), "")
    return murmurations.organization_profile(
        murmurations.Organization(
            name=name[:200],
            nickname=nickname,
            primary_url=institution.website or address(institution),
            tags=_tags(institution),
            urls=(
                ("Interlock", address(institution)),
                *((same_address(link).partition("/")[0], link) for link in institution.links),
            ),
            description=record.description[: murmurations.LONGEST_TEXT],
            status=institution.status,
            full_address=", ".join(filter(None, _address(institution))),
            country=institution.country if country_name(institution.country) else "",
            latitude=institution.latitude,
            longitude=institution.longitude,
            relationships=tuple(one for ask in relationships for one in ask(institution)),
            image=image_of(institution),
            starts_at=murmurations.seconds(record.founded),
            ends_at=murmurations.seconds(record.closed),
            email=institution.email,
            telephone=institution.phone,
            geographic_scope=institution.scope,
            unique_id=str(record.identifiers[0]) if record.identifiers else address(institution),
            is_synthetic=institution.is_synthetic,
        )
    )


def profiles() -> Iterator[str]:
    """The addresses of all profiles."""
    for slug in present().values_list("slug", flat=True).iterator(CHUNK):
        yield settings.INTERLOCK_ORIGIN + reverse("institutions:profile", args=[slug])


def json_ld(institution: Institution) -> str:
    """What schema.org says of an institution, for a script element of its page."""
    record = record_of(institution, institution.identifiers.all())
    return jsonld.script(
        jsonld.organization(
            jsonld.Organization(
                url=address(institution),
                name=record.name,
                other_names=[
                    *(text for _code, text in record.names if text != record.name),
                    *record.other_names,
                ],
                description=record.description,
                identifiers=record.identifiers,
                address=record.address,
                latitude=record.latitude,
                longitude=record.longitude,
                website=record.website,
                links=institution.links,
                email=record.email,
                phone=record.phone,
                image=image_of(institution),
                founded=record.founded,
                closed=record.closed,
                workers=record.workers,
                keywords=_tags(institution),
                disambiguation=str(INVENTED) if institution.is_synthetic else "",
            )
        )
    )


def address(institution: Institution) -> str:
    """Where its page is, for readers elsewhere."""
    return f"{settings.INTERLOCK_ORIGIN}{institution.get_absolute_url()}"


def image_of(institution: Institution) -> str:
    """The address of its picture, for readers elsewhere; empty when it has none."""
    picture = institution.picture_id and reverse("files:picture", args=[institution.picture_id])
    return f"{settings.INTERLOCK_ORIGIN}{picture}" if picture else ""


def everything(institution: Institution) -> IO[bytes]:
    """All that is known of an institution as one zip, for its own people: they may see all of it.

    What can be long is written as it is read. `queries.exports` are other rooms' parts.
    """
    file = SpooledTemporaryFile(max_size=2**20)  # noqa: SIM115 - closed by whoever sends it
    with ZipFile(file, "w", ZIP_DEFLATED) as folder:
        folder.writestr("README.txt", _manifest(institution))
        for name, (_told, part) in _parts(institution).items():
            with folder.open(f"{name}.json", "w") as entry:
                for chunk in _json(part(institution)):
                    entry.write(chunk.encode())
        if institution.picture_id and (picture := path_of(institution.picture_id)).is_file():
            folder.write(picture, "picture.webp")
    file.seek(0)
    return file


Part = Callable[[Institution], object]


def _parts(institution: Institution) -> dict[str, tuple[str, Part]]:
    """The files of its zip: what each holds, in words, and what writes it."""
    own: dict[str, tuple[str, Part]] = {
        "page": (gettext("What its page says, field by field."), _page),
        "murmurations": (gettext("The same as a Murmurations profile."), profile),
        "identifiers": (gettext("Its numbers in official registers."), _numbers_of),
        "certifications": (gettext("What it is certified as."), _certified),
        "people": (gettext("Its people and their roles. Take care of it: it has names."), _people),
        "lists": (gettext("The rows of imported lists that were about it."), _rows_of_lists),
        "record": (gettext("What the record says of it; `link` proves the order."), _entries),
    }
    others = {
        name: (gettext("From another part of the site."), part) for name, part in exports.items()
    }
    return {**others, **own}


def _manifest(institution: Institution) -> str:
    lines = [
        gettext("%(name)s: all that this site knows of it.") % {"name": institution},
        address(institution),
        "",
        gettext("Every file is JSON, in UTF-8. Times are in UTC."),
        *([str(INVENTED)] if institution.is_synthetic else []),
        "",
        *(f"{name}.json: {told}" for name, (told, _part) in _parts(institution).items()),
    ]
    if institution.picture_id:
        lines.append("picture.webp: " + gettext("Its picture."))
    return "\n".join(lines) + "\n"


def _json(value: object) -> Iterator[str]:
    """A value as JSON; what comes one by one is written one by one."""
    if not isinstance(value, Iterator):
        yield json.dumps(value, default=_plain, ensure_ascii=False, indent=2) + "\n"
        return
    yield "["
    before = "\n"
    for one in value:
        yield before + json.dumps(one, default=_plain, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n"


def _plain(value: object) -> object:
    """What JSON has no word for: dates, and texts in several languages."""
    if isinstance(value, date):
        return value.isoformat()
    return words(value) if isinstance(value, LazyI18nString) else str(value)


def _page(institution: Institution) -> dict[str, object]:
    hidden = {"id", "searched"}
    fields = [one for one in institution._meta.concrete_fields if one.name not in hidden]
    return {one.name: getattr(institution, one.attname) for one in fields}


def _numbers_of(institution: Institution) -> Iterator[object]:
    yield from institution.identifiers.values("scheme", "value").iterator(CHUNK)


def _certified(institution: Institution) -> Iterator[object]:
    names = ("name", "issuer", "issued_on", "expires_on")
    yield from institution.certifications.values(*names).iterator(CHUNK)


def _people(institution: Institution) -> Iterator[object]:
    for one in institution.memberships.select_related("person").iterator(CHUNK):
        yield {
            "name": one.person.name,
            "email": one.person.email,
            "role": one.role,
            "since": one.since,
            "until": one.until,
        }


def _rows_of_lists(institution: Institution) -> Iterator[object]:
    entered = institution.import_rows.filter(entering__entered_at__isnull=False)
    for row in entered.select_related("entering").iterator(CHUNK):
        yield {
            "list": row.entering.file_name,
            "entered_at": row.entering.entered_at,
            "undone_at": row.entering.undone_at,
            "line": row.line,
            "outcome": row.outcome,
            "given": row.given,
            "former": row.former,
            "numbers": row.numbers,
        }


def _entries(institution: Institution) -> Iterator[object]:
    about = Entry.objects.filter(subject=f"institution/{institution.slug}")
    for entry in about.exclude(audience=Audience.NOBODY).order_by("pk").iterator(CHUNK):
        proof = {"digest": entry.digest, "previous": entry.previous, "link": entry.link}
        yield {**fact_of(entry), "sentence": sentence(entry), **proof}


def _records() -> Iterator[Record]:
    """All institutions with their identifiers, read side by side."""
    numbers = groupby(
        Identifier.objects.filter(institution__left_at=None)
        .order_by("institution_id", "scheme", "value")
        .iterator(CHUNK),
        lambda number: number.institution_id,
    )
    pk, group = next(numbers, (0, iter(())))
    for institution in present().iterator(CHUNK):
        while pk and pk < institution.pk:
            pk, group = next(numbers, (0, iter(())))
        yield record_of(institution, list(group) if pk == institution.pk else [])


def _feature(institution: Institution) -> geojson.Feature:
    said = {
        "slug": institution.slug,
        "name": one_language(institution.name),
        "kind": institution.kind_id,
        "activity": institution.activity,
        "status": institution.status,
        "place": institution.place,
        "region": institution.region,
        "country": institution.country,
        "county": institution.county,
        "county_year": institution.county_year,
        "placed_by": institution.placed_by,
        "website": institution.website,
        "synthetic": institution.is_synthetic,
    }
    known = {key: value for key, value in said.items() if value}
    return geojson.Feature(address(institution), known, institution.latitude, institution.longitude)


def _tags(institution: Institution) -> tuple[str, ...]:
    """Its kind and what it does in the reader's words, and its own: what others find it by."""
    codes = filter(None, (institution.activity, *institution.other_activities))
    known = (str(ACTIVITIES.get(code, code)) for code in codes)
    tags = added([], (one_language(institution.kind.name), *known, *institution.tags), str.casefold)
    return tuple(tag[:100] for tag in tags if tag)[: murmurations.MOST_TAGS]


def _address(institution: Institution) -> tuple[str, ...]:
    town = " ".join(filter(None, (institution.postcode, institution.place)))
    country = country_name(institution.country) if institution.country else ""
    return (institution.street, town, institution.region, country or "")
