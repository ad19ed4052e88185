"""The verbs of the register."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import (
    Certification,
    Identifier,
    Institution,
    Membership,
    Role,
)
from interlock.web.institutions.rules import (
    why_not_end,
    why_not_give,
    why_not_identifiers,
    why_not_look_after,
)
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words

LONGEST_SLUG = 50
# Addresses end in "new" where something is made; nothing that is made may be called so.
RESERVED = {"new", "import"}


def free_slug(name: str, taken: Collection[str]) -> str:
    """A slug for a name that no other has: `riverbend`, then `riverbend-2`.

    Small letters, digits and hyphens only, so that it can name a file of a bundle too.
    """
    base = slugify(name).replace("_", "-").strip("-")[:LONGEST_SLUG].strip("-") or "unnamed"
    number, slug = 2, base
    while slug in taken or slug in RESERVED:
        slug, number = f"{base}-{number}", number + 1
    return slug


class Details(TypedDict, total=False):
    """What can be said of an institution beyond its name and kind."""

    place: str
    about: str | LazyI18nString
    structure: str
    membership_type: str
    activity: str
    status: str
    scope: str
    street: str
    region: str
    postcode: str
    country: str
    latitude: float | None
    longitude: float | None
    county: str
    county_year: int | None
    website: str
    email: str
    phone: str
    founded_on: date | None
    closed_on: date | None
    workers: int | None
    workers_year: int | None
    members: int | None
    members_year: int | None


@dataclass(frozen=True)
class Certificate:
    """A certification as somebody says it."""

    name: str
    issuer: str
    issued_on: date | None = None
    expires_on: date | None = None


@transaction.atomic
def register(
    *,
    name: str | LazyI18nString,
    kind: str,
    at: datetime,
    steward: Person | None = None,
    imported_from: str = "",
    identifiers: Sequence[tuple[str, str]] = (),
    certifications: Sequence[Certificate] = (),
    **details: Unpack[Details],
) -> Institution:
    """Enter an institution; whoever registers it looks after it."""
    slugs = set(Institution.objects.values_list("slug", flat=True))
    institution = Institution.objects.create(
        slug=free_slug(str(name), slugs),
        name=name,
        kind_id=kind,
        registered_at=at,
        imported_from=imported_from,
        **details,
    )
    _identify(institution, identifiers)
    _certify(institution, certifications)
    if steward:
        Membership.objects.create(
            institution=institution, person=steward, role=Role.STEWARD, since=at
        )
    record.write(
        act="institution.registered",
        subject=f"institution/{institution.slug}",
        at=at,
        actor=steward.reference if steward else "",
        facts={"name": words(name)},
    )
    return institution


@transaction.atomic
def change(
    *,
    institution: Institution,
    by: Person,
    at: datetime,
    name: str | LazyI18nString,
    kind: str,
    identifiers: Sequence[tuple[str, str]] | None = None,
    certifications: Sequence[Certificate] | None = None,
    **details: Unpack[Details],
) -> Institution:
    """Correct what a page says; its address stays. What is left out stays as it is.

    The record names the fields that changed, and has no entry when none did.
    """
    stored = _held(institution, by)
    said = {"name": name, "kind_id": kind, **details}
    changed = [field for field, value in said.items() if not _same(getattr(stored, field), value)]
    for field in changed:
        setattr(stored, field, said[field])
    stored.save()
    if identifiers is not None and _identify(stored, identifiers):
        changed.append("identifiers")
    if certifications is not None and _certify(stored, certifications):
        changed.append("certifications")
    if changed:
        record.write(
            act="institution.changed",
            subject=f"institution/{stored.slug}",
            at=at,
            actor=by.reference,
            facts={
                "name": words(stored.name),
                "fields": sorted(field.removesuffix("_id") for field in changed),
            },
        )
    return stored


@transaction.atomic
def give_role(
    *, institution: Institution, person: Person, role: str, by: Person, at: datetime
) -> Membership:
    """Another person of the institution. Who they are is nobody else's affair."""
    held = _held(institution, by)
    if reason := why_not_give(held, person, role):
        raise Refused(reason)
    given = Membership.objects.create(institution=held, person=person, role=role, since=at)
    _record_role("given", given, by, at)
    return given


@transaction.atomic
def end_role(*, membership: Membership, by: Person, at: datetime) -> Membership:
    """The role ends; that there was one stays. A page keeps its last steward."""
    _held(membership.institution, by)
    membership.refresh_from_db()
    if reason := why_not_end(membership):
        raise Refused(reason)
    membership.until = at
    membership.save()
    _record_role("ended", membership, by, at)
    return membership


def _held(institution: Institution, by: Person) -> Institution:
    """As it is stored, held against others until the act is done; only for who looks after it."""
    held = Institution.objects.select_for_update().get(pk=institution.pk)
    if reason := why_not_look_after(held, by):
        raise Refused(reason, status=403)
    return held


def _record_role(what: str, membership: Membership, by: Person, at: datetime) -> None:
    record.write(
        act=f"institution.role_{what}",
        subject=f"institution/{membership.institution.slug}",
        at=at,
        audience=Audience.INSTITUTION,
        actor=by.reference,
        facts={"role": membership.role, "person": membership.person.reference},
    )


def _same(stored: object, said: object) -> bool:
    """A text in several languages is the same when each of them is."""
    if isinstance(stored, LazyI18nString) or isinstance(said, LazyI18nString):
        return _texts(stored) == _texts(said)
    return stored == said


def _texts(text: object) -> dict[str, str] | str:
    told = words(text if isinstance(text, LazyI18nString) else str(text))
    return {code: one for code, one in told.items() if one} if isinstance(told, dict) else told


def _identify(institution: Institution, identifiers: Sequence[tuple[str, str]]) -> bool:
    """Give it these identifiers and no others; tells whether that changed anything."""
    for reason in why_not_identifiers(identifiers, institution).values():
        raise Refused(reason)
    stored = {(one.scheme, one.value): one for one in institution.identifiers.all()}
    gone = [one.pk for pair, one in stored.items() if pair not in identifiers]
    new = [pair for pair in dict.fromkeys(identifiers) if pair not in stored]
    institution.identifiers.filter(pk__in=gone).delete()
    Identifier.objects.bulk_create(
        Identifier(institution=institution, scheme=scheme, value=value) for scheme, value in new
    )
    return bool(gone or new)


def _certify(institution: Institution, certifications: Sequence[Certificate]) -> bool:
    """Say that it has these certifications and no others; tells whether that changed anything."""
    stored = [
        Certificate(one.name, one.issuer, one.issued_on, one.expires_on)
        for one in institution.certifications.all()
    ]
    if sorted(map(repr, stored)) == sorted(map(repr, certifications)):
        return False
    institution.certifications.all().delete()
    Certification.objects.bulk_create(
        Certification(institution=institution, **vars(one)) for one in certifications
    )
    return True
