"""The verbs of the register."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import (
    Certification,
    Identifier,
    Institution,
    Kind,
    Membership,
    Role,
)
from interlock.web.institutions.rules import (
    why_not_correct,
    why_not_end,
    why_not_give,
    why_not_identifiers,
    why_not_look_after,
    why_not_publish_address,
    why_not_register,
)
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words

LONGEST_SLUG = 50
#: What an address has where the slug of something might stand; nothing that is made is called so. Rooms
#: join it with their own.
reserved = {"new", "import", "follow"}


def free_slug(name: str, taken: Collection[str]) -> str:
    """A slug for a name that no other has: `riverbend`, then `riverbend-2`.

    Small letters, digits and hyphens only, so that it can name a file of a bundle too.
    """
    base = slug_base(name)
    number, slug = 2, base
    while slug in taken or slug in reserved:
        slug, number = f"{base}-{number}", number + 1
    return slug


def slug_base(name: str) -> str:
    """What all slugs for a name begin with."""
    return slugify(name).replace("_", "-").strip("-")[:LONGEST_SLUG].strip("-") or "unnamed"


def one_at_a_time() -> None:
    """Whoever enters institutions waits for whoever does: no name is given one address twice, and
    two lists that name one institution never both enter it.
    """
    list(Kind.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


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
    placed_by: str
    website: str
    email: str
    phone: str
    founded_on: date | None
    closed_on: date | None
    workers: int | None
    workers_year: int | None
    members: int | None
    members_year: int | None
    tags: list[str]
    other_names: list[str]
    links: list[str]
    other_activities: list[str]


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
    entered_by: Person | None = None,
    imported_from: str = "",
    is_synthetic: bool = False,
    identifiers: Sequence[tuple[str, str]] = (),
    certifications: Sequence[Certificate] = (),
    **details: Unpack[Details],
) -> Institution:
    """Enter an institution. Its `steward` looks after it; one `entered_by` somebody else, nobody.

    One that is made up says so from its first day, and no page ever asks.
    """
    one_at_a_time()
    person = steward or entered_by
    if person and (reason := why_not_register(person, at)):
        raise Refused(reason, _("Longer lists can be entered as a file."), status=429)
    if reason := why_not_publish_address(details.get("email", ""), entered_by is None):
        raise Refused(reason)
    alike = Institution.objects.filter(slug__startswith=slug_base(str(name)))
    institution = Institution.objects.create(
        slug=free_slug(str(name), set(alike.values_list("slug", flat=True))),
        name=name,
        kind_id=kind,
        registered_at=at,
        entered_by=person,
        imported_from=imported_from,
        is_synthetic=is_synthetic,
        **details,
    )
    _identify(institution, identifiers)
    _certify(institution, certifications)
    if steward:
        Membership.objects.create(
            institution=institution,
            person=steward,
            role=Role.STEWARD,
            since=at,
            accepted_at=at,
        )
    note("registered", institution, at, person)
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
    stored = hold(institution)
    if reason := why_not_correct(stored, by):
        raise Refused(reason, status=403)
    own = not why_not_look_after(stored, by)
    if reason := why_not_publish_address(details.get("email", ""), own):
        raise Refused(reason)
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
        fields = sorted(field.removesuffix("_id") for field in changed)
        note("changed", stored, at, by, facts={"fields": fields})
    return stored


@transaction.atomic
def give_role(
    *, institution: Institution, person: Person, role: str, by: Person, at: datetime
) -> Membership:
    """Another person of the institution, who is told. Who they are is nobody else's affair."""
    return let_in(held_by(institution, by), person, role, by, at)


@transaction.atomic
def accept_role(*, membership: Membership, by: Person, at: datetime) -> Membership:
    """The person says so too."""
    held = hold(membership.institution)
    stored = held.memberships.to_accept().filter(pk=membership.pk, person=by).first()
    if stored is None:
        raise Refused(_("There is no role of yours that waits for your word."), status=403)
    stored.accepted_at = at
    stored.save(update_fields=["accepted_at"])
    facts = {"role": stored.role, "person": by.reference}
    note("role_accepted", held, at, by, audience=Audience.INSTITUTION, facts=facts)
    return stored


@transaction.atomic
def end_role(*, membership: Membership, by: Person, at: datetime) -> Membership:
    """The role ends; that there was one stays. A page keeps its last steward.

    A steward ends anybody's role, and anybody their own.
    """
    held = hold(membership.institution)
    if membership.person_id != by.pk and (reason := why_not_look_after(held, by)):
        raise Refused(reason, status=403)
    membership.refresh_from_db()
    if reason := why_not_end(membership):
        raise Refused(reason)
    membership.until = at
    membership.save()
    _told_of_role("role_ended", membership, by, at)
    return membership


def hold(institution: Institution) -> Institution:
    """As it is stored, held against others until the act is done."""
    return Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)


def held_by(institution: Institution, by: Person) -> Institution:
    """The same, only for who looks after it."""
    held = hold(institution)
    if reason := why_not_look_after(held, by):
        raise Refused(reason, status=403)
    return held


def let_in(held: Institution, person: Person, role: str, by: Person, at: datetime) -> Membership:
    """Give a role in an institution that is held, by one of its stewards."""
    if reason := why_not_give(held, person, role, by, at):
        raise Refused(reason)
    asked = held.claims.filter(person=person, settled_at=None).exists()
    given = Membership.objects.create(
        institution=held,
        person=person,
        role=role,
        since=at,
        accepted_at=at if asked or person == by else None,
    )
    settle_all(held, person, at)
    _told_of_role("role_given", given, by, at)
    return given


def settle_all(held: Institution, person: Person, at: datetime) -> None:
    """Whatever a person asked or was sent there is settled: they belong to it now."""
    open_ones = held.claims.filter(person=person, settled_at=None)
    open_ones.update(settled_at=at, granted=True, note="")


def tell(what: str, to: Iterable[str], held: Institution, at: datetime, **context: object) -> None:
    """The mail of that name about an institution, to each of these addresses."""
    for address in to:
        write(
            to=address,
            template=f"institutions/mail/{what}.txt",
            context={"institution": held, **context},
            at=at,
        )


def note(
    what: str,
    held: Institution,
    at: datetime,
    by: Person | None = None,
    *,
    audience: Audience = Audience.PUBLIC,
    facts: Mapping[str, object] | None = None,
) -> None:
    """One fact about an institution, on the record."""
    record.write(
        act=f"institution.{what}",
        subject=f"institution/{held.slug}",
        at=at,
        is_synthetic=held.is_synthetic,
        audience=audience,
        actor=by.reference if by else "",
        facts={"name": words(held.name), **(facts or {})},
    )


def _told_of_role(what: str, membership: Membership, by: Person, at: datetime) -> None:
    """On the record, and a mail to whoever it is about, unless they did it themselves."""
    held, person, role = membership.institution, membership.person, membership.role
    facts = {"role": role, "person": person.reference}
    note(what, held, at, by, audience=Audience.INSTITUTION, facts=facts)
    if person.pk != by.pk:
        tell(what, [person.email], held, at, role=Role(role).label)


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
