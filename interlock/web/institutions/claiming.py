"""The verbs by which people come to a page: a code, a federation that vouches, its own stewards.

Whoever is let in to a page nobody looks after is its first steward. Where another was first, the claim
becomes a question to the stewards there are.
"""

from collections.abc import Mapping
from datetime import datetime
from secrets import randbelow

from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from interlock.web.institutions import rules
from interlock.web.institutions.actions import hold, let_in, note, settle_all, tell
from interlock.web.institutions.models import Claim, Institution, Membership, Role
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Audience
from interlock.web.record.wording import words

DIGITS = 8


@transaction.atomic
def send_code(*, institution: Institution, person: Person, at: datetime) -> Claim:
    """Send a code to the published address; an older one of this person holds no longer."""
    _one_at_a_time(person)
    held = hold(institution)
    if reason := rules.why_not_send_code(held, person, at):
        raise Refused(reason)
    _open_code(held, person).update(settled_at=at)
    code = f"{randbelow(10**DIGITS):0{DIGITS}}"
    claim = Claim.objects.create(
        institution=held, person=person, asked_at=at, code_hash=_hash(held, person, code)
    )
    told = {"code": f"{code[:4]} {code[4:]}", "until": at + rules.CODE_LIFETIME}
    tell("claim_code", [held.email], held, at, **told)
    note("claim_asked", held, at, person, audience=Audience.NOBODY, facts={"way": "code"})
    return claim


def prove(*, institution: Institution, person: Person, code: str, at: datetime) -> Claim:
    """Type the code. A wrong one is counted, and counted for good: five, and it holds no longer."""
    with transaction.atomic():
        held = hold(institution)
        claim = _open_code(held, person).first()
        if reason := rules.why_not_prove(claim, at):
            raise Refused(reason)
        assert claim
        if constant_time_compare(claim.code_hash, _hash(held, person, code)):
            claim.proven_at = at
            return _belongs(claim, held, at, act="claimed")
        claim.attempts += 1
        left = rules.MOST_ATTEMPTS - claim.attempts
        if not left:
            claim.settled_at = at
        claim.save()
    if not left:
        raise Refused(_("That was not the code, for the fifth time. Let another one be sent."))
    raise Refused(_("This is not the code. Tries left: %(left)s.") % {"left": left})


@transaction.atomic
def ask(
    *, institution: Institution, person: Person, asked_of: Institution, about: str, at: datetime
) -> Claim:
    """Ask a trusted federation to vouch, or the institution's own stewards to be let in."""
    _one_at_a_time(person)
    held = hold(institution)
    asked_of = held if asked_of == held else Institution.objects.get(pk=asked_of.pk)
    if reason := rules.why_not_ask(held, person, asked_of, at):
        raise Refused(reason)
    claim = Claim.objects.create(
        institution=held, person=person, asked_at=at, asked_of=asked_of, note=about
    )
    way = "joining" if claim.is_to_join else "vouching"
    note("claim_asked", held, at, person, audience=Audience.NOBODY, facts={"way": way})
    _ask_stewards(claim, at)
    return claim


@transaction.atomic
def withdraw(*, institution: Institution, person: Person, at: datetime) -> None:
    """Whatever a person asked or was sent there holds no longer."""
    held = hold(institution)
    if held.claims.filter(person=person, settled_at=None).update(settled_at=at, note=""):
        note("claim_withdrawn", held, at, person, audience=Audience.NOBODY)


@transaction.atomic
def accept(
    *, claim: Claim, by: Person, at: datetime, role: str = Role.MEMBER, answer: str = ""
) -> Claim:
    """Vouch for a person, or let them in with a role, by a steward of whoever was asked."""
    held, claim = _answerable(claim, by)
    claim.answer = answer
    if claim.is_to_join:
        let_in(held, claim.person, role, by, at)
        return _settle(claim, at, granted=True)
    assert claim.asked_of
    claim.vouched_by = claim.asked_of
    return _belongs(claim, held, at, act="vouched_for", by=by, federation=claim.asked_of)


@transaction.atomic
def decline(*, claim: Claim, by: Person, at: datetime, answer: str) -> Claim:
    """Say no, and why."""
    held, claim = _answerable(claim, by)
    claim.answer = answer
    facts = {"person": claim.person.reference}
    note("claim_declined", held, at, by, audience=Audience.NOBODY, facts=facts)
    tell("claim_declined", [claim.person.email], held, at, by=claim.asked_of, answer=answer)
    return _settle(claim, at, granted=False)


@transaction.atomic
def appoint(*, institution: Institution, email: str, at: datetime) -> Membership:
    """Whoever runs the site names a steward, also where there is one, and where there was one.

    An institution that had left is here again, with its name and its numbers.
    """
    held = hold(institution)
    person = Person.objects.by_email(email)
    if held.memberships.stewards().filter(person=person).exists():
        raise Refused(_("This person looks after the page already."))
    if held.left_at:
        held.left_at = None
        held.save()
    return _first(held, person, at, act="appointed")


@transaction.atomic
def trust(*, institution: Institution, at: datetime) -> Institution:
    """Whoever runs the site lets an institution vouch for people of others."""
    held = hold(institution)
    if held.left_at:
        raise Refused(_("This institution has left the site."))
    if not held.trusted_at:
        held.trusted_at = at
        held.save(update_fields=["trusted_at"])
        note("trusted", held, at)
    return held


@transaction.atomic
def distrust(*, institution: Institution, at: datetime) -> Institution:
    """No longer. Those it vouched for stay; those who wait for it can ask another."""
    held = hold(institution)
    if held.trusted_at:
        held.trusted_at = None
        held.save(update_fields=["trusted_at"])
        waiting = held.questions.filter(settled_at=None).exclude(institution=held)
        waiting.update(settled_at=at, note="")
        note("distrusted", held, at)
    return held


def _hash(held: Institution, person: Person, code: str) -> str:
    """Keyed with the site's secret: who reads the database alone cannot try all codes.

    The address is part of it, so that a code proves nothing of an address that came later.
    """
    digits = "".join(sign for sign in code if sign.isdecimal())
    return salted_hmac(
        "interlock.claim", f"{held.pk} {person.pk} {held.email} {digits}"
    ).hexdigest()


def _open_code(held: Institution, person: Person) -> QuerySet[Claim]:
    return held.claims.filter(person=person, settled_at=None, asked_of=None)


def _one_at_a_time(person: Person) -> None:
    """So that a person's limit of a day holds, too, for what they do at the same moment."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _answerable(claim: Claim, by: Person) -> tuple[Institution, Claim]:
    """A question as it is stored and its institution, both held; only for who may answer."""
    held = hold(claim.institution)
    asked = Claim.objects.select_for_update(of=("self",)).select_related("asked_of", "person")
    stored = asked.get(pk=claim.pk)
    if reason := rules.why_not_answer(stored, by):
        raise Refused(reason, status=403)
    return held, stored


def _belongs(
    claim: Claim,
    held: Institution,
    at: datetime,
    *,
    act: str,
    by: Person | None = None,
    federation: Institution | None = None,
) -> Claim:
    """Who has shown to belong to it is its first steward, or asks those who were before."""
    if not held.memberships.stewards().exists():
        facts = {"federation": words(federation.name)} if federation else {}
        _first(held, claim.person, at, act=act, by=by or claim.person, facts=facts)
        return _settle(claim, at, granted=True)
    others = held.claims.filter(person=claim.person, settled_at=None).exclude(pk=claim.pk)
    others.update(settled_at=at, note="")
    claim.asked_of = held
    claim.save()
    _ask_stewards(claim, at)
    return claim


def _first(
    held: Institution,
    person: Person,
    at: datetime,
    *,
    act: str,
    by: Person | None = None,
    facts: Mapping[str, object] | None = None,
) -> Membership:
    by_claim = at if act != "appointed" else None
    made = Membership.objects.create(
        institution=held, person=person, role=Role.STEWARD, since=at, accepted_at=by_claim
    )
    settle_all(held, person, at)
    note(act, held, at, by, facts=facts)
    tell("claim_granted", [person.email], held, at)
    if act != "claimed" and held.email:
        tell("claim_notice", [held.email], held, at)
    return made


def _settle(claim: Claim, at: datetime, *, granted: bool) -> Claim:
    claim.settled_at, claim.granted, claim.note = at, granted, ""
    claim.save()
    return claim


def _ask_stewards(claim: Claim, at: datetime) -> None:
    asked = claim.asked_of
    assert asked
    stewards = asked.memberships.stewards().values_list("person__email", flat=True)
    tell("claim_asked", stewards, claim.institution, at, asked=asked, joins=claim.is_to_join)
