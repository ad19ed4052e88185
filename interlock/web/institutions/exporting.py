"""The register for other programs: CSV, GeoJSON, Murmurations profiles, JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from interlock.methods.formats import geojson, jsonld, murmurations
from interlock.methods.formats.countries import country_name
from interlock.methods.formats.register import Record, writing
from interlock.web.institutions.models import Identifier, Institution
from interlock.web.institutions.records import one_language, record_of

# How many are read at a time while a file is written.
CHUNK = 500


def present() -> QuerySet[Institution]:
    """The institutions that have not left, in one order for all files."""
    return Institution.objects.filter(left_at=None).select_related("kind").order_by("pk")


def csv() -> Iterator[str]:
    """The lines of the register as CSV in the columns of the Solidarity Economy Association."""
    return writing.lines(_records(), [code for code, _name in settings.LANGUAGES])


def map_file() -> Iterator[str]:
    """The register as GeoJSON."""
    return geojson.chunks(_feature(one) for one in present().iterator(CHUNK))


def profile(institution: Institution) -> dict[str, Any]:
    """An institution as a Murmurations profile, which keeps to the schema."""
    name = one_language(institution.name)
    others = institution.name.data if isinstance(institution.name, LazyI18nString) else {}
    nickname = next(
        (text for text in others.values() if text and text != name), ""
    ) if isinstance(others, dict) else ""  # fmt: skip
    record = record_of(institution, institution.identifiers.all())
    return murmurations.organization_profile(
        murmurations.Organization(
            name=name[:200],
            nickname=nickname,
            primary_url=institution.website or address(institution),
            tags=_tags(institution),
            urls=(("Interlock", address(institution)),),
            description=record.description[: murmurations.LONGEST_TEXT],
            status=institution.status,
            full_address=", ".join(filter(None, _address(institution))),
            country=institution.country if country_name(institution.country) else "",
            latitude=institution.latitude,
            longitude=institution.longitude,
            starts_at=murmurations.seconds(record.founded),
            ends_at=murmurations.seconds(record.closed),
            email=institution.email,
            telephone=institution.phone,
            geographic_scope=institution.scope,
            unique_id=str(record.identifiers[0]) if record.identifiers else address(institution),
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
                other_names=[text for _code, text in record.names if text != record.name],
                description=record.description,
                identifiers=record.identifiers,
                address=record.address,
                latitude=record.latitude,
                longitude=record.longitude,
                website=record.website,
                email=record.email,
                phone=record.phone,
                founded=record.founded,
                closed=record.closed,
                workers=record.workers,
                keywords=_tags(institution),
            )
        )
    )


def address(institution: Institution) -> str:
    """Where its page is, for readers elsewhere."""
    return f"{settings.INTERLOCK_ORIGIN}{institution.get_absolute_url()}"


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
        "name": one_language(institution.name),
        "kind": institution.kind_id,
        "activity": institution.activity,
        "status": institution.status,
        "place": institution.place,
        "region": institution.region,
        "country": institution.country,
        "website": institution.website,
    }
    known = {key: value for key, value in said.items() if value}
    return geojson.Feature(address(institution), known, institution.latitude, institution.longitude)


def _tags(institution: Institution) -> tuple[str, ...]:
    activity = institution.get_activity_display() if institution.activity else ""
    tags = (one_language(institution.kind.name), str(activity))
    return tuple(tag[:100] for tag in tags if tag)


def _address(institution: Institution) -> tuple[str, ...]:
    town = " ".join(filter(None, (institution.postcode, institution.place)))
    country = country_name(institution.country) if institution.country else ""
    return (institution.street, town, institution.region, country or "")
