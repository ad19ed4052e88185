"""The register by machine: what its pages show, and nothing of people."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from interlock.web.institutions import exporting, queries
from interlock.web.institutions.models import Institution, Kind
from interlock.web.record.wording import words

A_PAGE = 100
# PostgreSQL counts offsets in 64 bits; nobody pages so far.
FURTHEST = 10**6

router = Router(tags=["institutions"])


Text = dict[str, str] | str


class KindOut(Schema):
    slug: str
    name: Text
    group: str


class InstitutionOut(Schema):
    """Texts are by language where they were said so. Codes are ESSGLOBAL's; `status` and `scope`
    Murmurations' words; `county` a FIPS code, and `placed_by` how it was put on the map. One that is
    `synthetic` is made up.
    """

    slug: str
    url: str
    name: Text
    kind: str
    activity: str
    status: str
    place: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None
    website: str
    tags: list[str]
    synthetic: bool


class IdentifierOut(Schema):
    scheme: str
    value: str


class CertificationOut(Schema):
    name: str
    issuer: str
    issued_on: date | None
    expires_on: date | None


class WholeInstitutionOut(InstitutionOut):
    """One that left has its name, its kind and its identifiers; all else is empty."""

    about: Text
    picture: str
    picture_alt: Text
    other_names: list[str]
    other_activities: list[str]
    structure: str
    membership_type: str
    scope: str
    street: str
    postcode: str
    county: str
    county_year: int | None
    placed_by: str
    email: str
    phone: str
    links: list[str]
    founded_on: date | None
    closed_on: date | None
    workers: int | None
    workers_year: int | None
    members: int | None
    members_year: int | None
    identifiers: list[IdentifierOut]
    certifications: list[CertificationOut]
    looked_after: bool
    trusted: bool
    imported_from: str
    registered_at: datetime
    left_at: datetime | None


class FoundOut(Schema):
    """A part of all that is found: `total` of them, of which these begin at `offset`."""

    total: int
    offset: int
    limit: int
    institutions: list[InstitutionOut]


class Asked(Schema):
    """What the register's own search asks; an unknown value narrows nothing, as there."""

    q: str = Field("", description="Words in a name, a town, a tag or an activity")
    group: str = Field("", description="A group of kinds")
    kind: str = Field("", description="A kind's slug")
    activity: str = Field("", description="A code of ESSGLOBAL, such as AM60")
    country: str = Field("", description="Two letters of ISO 3166-1")
    region: str = Field("", description="As the register has it; needs its country")
    state: str = Field("", description="A state of the United States: its FIPS or postal code")
    county: str = Field("", description="A county of the United States: its FIPS code")
    box: str = Field("", description="West, south, east and north in degrees, between commas")
    unclaimed: str = Field("", description="1 for those that nobody looks after")
    offset: int = Field(0, ge=0, le=FURTHEST)
    limit: int = Field(A_PAGE, ge=1, le=A_PAGE)


@router.get("/institutions", response=FoundOut, summary="The register, searched and paged")
def institutions(request: HttpRequest, asked: Annotated[Asked, Query()]) -> dict[str, object]:
    """Those that left are left out."""
    told = {name: str(value) for name, value in asked.dict().items()}
    found = queries.search(queries.wanted(told))
    some = found.institutions[asked.offset : asked.offset + asked.limit]
    return {
        "total": found.number,
        "offset": asked.offset,
        "limit": asked.limit,
        "institutions": [_brief(one) for one in some],
    }


@router.get("/institutions/{slug}", response=WholeInstitutionOut, summary="One institution")
def institution(request: HttpRequest, slug: str) -> dict[str, object]:
    found = Institution.objects.prefetch_related("identifiers", "certifications")
    one = get_object_or_404(found, slug=slug)
    told = {
        **_brief(one),
        "about": words(one.about),
        "picture": exporting.image_of(one),
        "picture_alt": words(one.picture_alt),
        "identifiers": list(one.identifiers.all()),
        "certifications": list(one.certifications.all()),
        "looked_after": one.memberships.stewards().exists(),
        "trusted": one.trusted_at is not None,
        "status": "" if one.left_at else one.status,
    }
    plain = [name for name in WholeInstitutionOut.model_fields if name not in told]
    return told | {name: getattr(one, name) for name in plain}


@router.get("/kinds", response=list[KindOut], summary="The kinds of institutions on this site")
def kinds(request: HttpRequest) -> list[dict[str, object]]:
    return [
        {"slug": one.slug, "name": words(one.name), "group": one.group}
        for one in Kind.objects.all()
    ]


def _brief(one: Institution) -> dict[str, object]:
    told = {
        "url": exporting.address(one),
        "name": words(one.name),
        "kind": one.kind_id,
        "synthetic": one.is_synthetic,
    }
    plain = [name for name in InstitutionOut.model_fields if name not in told]
    return told | {name: getattr(one, name) for name in plain}
