"""The verbs of ties. Each holds the tie, so that no two act on it at the same time."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution, Membership
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.wording import words
from interlock.web.ties import rules
from interlock.web.ties.models import (
    TERMS,
    Act,
    Change,
    NoMail,
    Predicate,
    Tie,
    TieLink,
    Word,
)
from interlock.web.ties.queries import said_before


@transaction.atomic
def say(
    *,
    subject: Institution,
    predicate: str,
    object: Institution,
    speaker: Institution,
    by: Person,
    at: datetime,
    since: date | None = None,
    until: date | None = None,
    amount: int | None = None,
    currency: str = "",
    evidence: str = "",
    note: str = "",
) -> Tie:
    """Say a tie, for one of its sides or for a third institution that knows of it.

    What the other side has said already is confirmed by it, rather than said a second time; where
    it says other terms, these are a change that the other side has to agree to. The sides that have
    not said so are asked by e-mail.
    """
    currency = currency if amount is not None else ""
    said = (since, until, amount, currency, evidence, note)
    terms: dict[str, Any] = dict(zip(TERMS, said, strict=True))
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    subject, object = in_order(predicate, subject, object)
    ends = _hold_both(subject, object)
    subject, object = ends[subject.pk], ends[object.pk]
    if reason := why_not_speak_for(speaker, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_tie(subject, predicate, object, speaker):
        raise Refused(reason)
    if reason := rules.why_not_terms(terms):
        raise Refused(reason)
    known = said_before(
        subject=subject, predicate=predicate, object=object, since=since, speaker=speaker
    )
    if known:
        return _say_again(_hold(known), speaker, by, at, terms)
    is_third = speaker not in (subject, object)
    if reason := rules.why_not_say_more(speaker, is_third, by, at):
        raise Refused(reason, status=429)
    tie = Tie(subject=subject, predicate=predicate, object=object, **terms)
    tie.said_by, tie.said_at = speaker, at
    if not is_third:
        tie.speak(speaker, at)
    tie.save()
    _word(tie, Act.SAID, speaker, by, at)
    _note("said", tie, speaker, by, at)
    _ask(tie, tie.silent, by, at)
    return tie


@transaction.atomic
def confirm(*, tie: Tie, speaker: Institution, by: Person, at: datetime, read: str = "") -> Tie:
    """A side's yes, to the terms it has `read`. It lifts that side's own dispute."""
    held = _held_by(tie, speaker, by, at)
    if reason := rules.why_not_confirm(held, speaker) or rules.why_not_read(held, read):
        raise Refused(reason)
    _only_for_one(held, speaker, by)
    return _confirm(held, speaker, by, at)


@transaction.atomic
def dispute(*, tie: Tie, speaker: Institution, by: Person, at: datetime, reason: str) -> Tie:
    """A side's no, and why. It takes back what that side said before; both sides' no is the end."""
    held = _held_by(tie, speaker, by, at)
    if why := rules.why_not_dispute(held, speaker, reason):
        raise Refused(why)
    return _dispute(held, speaker, by, at, reason)


@transaction.atomic
def withdraw(*, tie: Tie, speaker: Institution, by: Person, at: datetime) -> Tie:
    """Take one's own word back, yes or no. With the last word for it the tie is withdrawn."""
    held = _hold(tie)
    if reason := why_not_speak_for(speaker, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_withdraw(held, speaker):
        raise Refused(reason, status=409 if _has_part(held, speaker) else 403)
    if held.disputed_by_id == speaker.pk:
        _lift_dispute(held)
    else:
        _unsay(held, speaker, at)
    Change.objects.filter(tie=held).delete()
    held.save()
    _word(held, Act.WITHDREW, speaker, by, at)
    _note("withdrawn", held, speaker, by, at)
    return held


@transaction.atomic
def change(
    *,
    tie: Tie,
    speaker: Institution,
    by: Person,
    at: datetime,
    since: date | None = None,
    until: date | None = None,
    amount: int | None = None,
    currency: str = "",
    evidence: str = "",
    note: str = "",
) -> Tie:
    """Say other terms, such as when it ended.

    Where the other side gave its word for the present ones, these stay until it agrees to the new;
    otherwise they are new at once, and the word of who changes them is for them.
    """
    held = _hold(tie)
    if reason := why_not_speak_for(speaker, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_change(held, speaker):
        raise Refused(reason, status=409 if _has_part(held, speaker) else 403)
    said = (since, until, amount, currency if amount is not None else "", evidence, note)
    return _change(held, speaker, by, at, dict(zip(TERMS, said, strict=True)))


@transaction.atomic
def agree(*, tie: Tie, speaker: Institution, by: Person, at: datetime, read: str = "") -> Tie:
    """Agree to the other side's change. With it, both have said so."""
    held = _held_by(tie, speaker, by, at)
    waiting = Change.objects.filter(tie=held).first()
    if reason := rules.why_not_agree(held, waiting, speaker):
        raise Refused(reason)
    assert waiting
    if reason := rules.why_not_read(waiting, read):
        raise Refused(reason)
    _only_for_one(held, speaker, by)
    return _agree(held, waiting, speaker, by, at)


@transaction.atomic
def decline(*, tie: Tie, speaker: Institution, by: Person, at: datetime, reason: str = "") -> Tie:
    """Do not agree to a change; or take one's own back. The tie stays as it is."""
    held = _held_by(tie, speaker, by, at)
    waiting = Change.objects.filter(tie=held).first()
    if why := rules.why_not_drop(held, waiting):
        raise Refused(why)
    assert waiting
    return _decline(held, waiting, speaker, by, at, reason)


@transaction.atomic
def ask(*, tie: Tie, speaker: Institution, by: Person, at: datetime) -> Tie:
    """Ask the sides that have not said so by e-mail once more."""
    held = _hold(tie)
    if reason := why_not_speak_for(speaker, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_ask(held, speaker, at):
        raise Refused(reason, status=409 if _has_part(held, speaker) else 403)
    _ask(held, rules.unanswered(held, speaker), by, at)
    return held


def witness(
    *,
    subject: Institution,
    predicate: str,
    object: Institution,
    witness: str,
    at: datetime,
    amount: int | None = None,
    currency: str = "",
    since: date | None = None,
) -> Tie:
    """A tie that the platform saw itself: `witness` is the subject of the record that shows it.

    Seen again, also by two at the same moment, it stays the one tie it is. It needs nobody's word,
    and nobody can dispute the act.
    """
    subject, object = in_order(predicate, subject, object)
    with transaction.atomic():
        tie, _made = Tie.objects.get_or_create(
            subject=subject,
            predicate=predicate,
            object=object,
            witness=witness,
            since=since,
            withdrawn_at=None,
            defaults={
                "said_at": at,
                "amount": amount,
                "currency": currency if amount is not None else "",
            },
        )
    return tie


def end_witnessed(*, witness: str, at: datetime) -> None:
    """What the platform saw there has ended that day: a tie of the past, which stays on show."""
    current = Tie.objects.filter(witness=witness, withdrawn_at=None, until=None)
    current.update(until=at.astimezone(UTC).date())


@transaction.atomic
def name(*, subject: Institution, predicate: str, object: Institution, at: datetime) -> Tie | None:
    """A tie that nobody of the site stands for: somebody named it after a survey.

    Nobody gets a mail. Where anything was ever said of this tie, by the two or by others, that
    stands, also when it was withdrawn; then there is none to return.
    """
    subject, object = in_order(predicate, subject, object)
    ends = _hold_both(subject, object)
    subject, object = ends[subject.pk], ends[object.pk]
    if reason := rules.why_not_tie(subject, predicate, object, subject):
        raise Refused(reason)
    told = Tie.objects.filter(subject=subject, predicate=predicate, object=object)
    if told.exists():
        return None
    tie = Tie.objects.create(subject=subject, predicate=predicate, object=object, said_at=at)
    record.write(
        act="tie.named",
        subject=f"tie/{tie.pk}",
        at=at,
        is_synthetic=tie.is_synthetic,
        facts={
            "tie": in_all_languages(tie),
            "from": subject.slug,
            "predicate": predicate,
            "to": object.slug,
        },
    )
    return tie


def in_order(
    predicate: str, subject: Institution, object: Institution
) -> tuple[Institution, Institution]:
    """A tie that says the same of both is kept in one order, so that it is one."""
    mutual = predicate in Predicate.values and Predicate(predicate).is_mutual
    if mutual and subject.pk > object.pk:
        return object, subject
    return subject, object


# By a link in a mail.


def link_of(token: str) -> TieLink | None:
    found = TieLink.objects.select_related(
        "institution", "tie__subject", "tie__object", "tie__said_by", "tie__disputed_by"
    )
    return found.filter(token_hash=_hash(token)).first()


@transaction.atomic
def answer_by_link(*, token: str, yes: bool, at: datetime, reason: str = "", read: str = "") -> Tie:
    """The answer of whoever reads an institution's published address, once.

    It counts as that side's word; the story says that it came by e-mail.
    """
    found = link_of(token)
    if found is None:
        raise Refused(str(rules.why_not_use(None, "", at)), status=410)
    held = _hold(found.tie)
    link = (
        TieLink.objects.select_for_update(of=("self",))
        .select_related("institution")
        .get(pk=found.pk)
    )
    link.tie = held
    side = link.institution
    if why := rules.why_not_use(link, address_hash(side.email), at):
        raise Refused(why, status=410)
    link.used_at = at
    link.save()
    waiting = Change.objects.filter(tie=held).exclude(said_by=side).first()
    if why := rules.why_not_read(waiting or held, read):
        raise Refused(why)
    if waiting:
        answer = _agree if yes else partial(_decline, reason=reason)
        return answer(held, waiting, side, None, at)
    why = rules.why_not_confirm(held, side) if yes else rules.why_not_dispute(held, side, reason)
    if why:
        raise Refused(why)
    return _confirm(held, side, None, at) if yes else _dispute(held, side, None, at, reason)


@transaction.atomic
def stop_mail(*, signed: str, at: datetime, stop: bool = True) -> None:
    """No more mails about ties to the address that a mail went to; or again, if they want them."""
    hash = address_of(signed)
    if stop:
        NoMail.objects.get_or_create(address_hash=hash, defaults={"said_at": at})
    else:
        NoMail.objects.filter(address_hash=hash).delete()


def signed_address(address: str) -> str:
    """What the link at the end of a mail to an address holds; it names no address."""
    return dumps(address_hash(address), salt=_STOP)


def address_of(signed: str) -> str:
    """The hash of the address that a link at the end of a mail stands for."""
    try:
        return str(loads(signed, salt=_STOP))
    except BadSignature:
        raise Refused(
            _("This link is not one of ours, or was cut off on its way."),
            _("Copy the whole address from the mail."),
            status=410,
        ) from None


def address_hash(address: str) -> str:
    """Keyed with the site's secret, so that nobody can try addresses on what is stored."""
    return salted_hmac("interlock.ties.address", address.strip().lower()).hexdigest()


_STOP = "interlock.ties.stop"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# What the verbs are made of.


def _hold(tie: Tie) -> Tie:
    """As it is stored, held against others until the act is done."""
    found = Tie.objects.select_for_update(of=("self",))
    return found.select_related("subject", "object", "said_by", "disputed_by").get(pk=tie.pk)


def _hold_both(*institutions: Institution) -> dict[int, Institution]:
    """Both ends, in one order for everybody: nobody says the same tie at the same moment."""
    held = Institution.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return held.in_bulk([one.pk for one in institutions])


def _held_by(tie: Tie, speaker: Institution, by: Person, at: datetime) -> Tie:
    """The same, only for who speaks for one of its sides."""
    held = _hold(tie)
    if reason := why_not_speak_for(speaker, by) or rules.why_not_a_side(held, speaker):
        raise Refused(reason, status=403)
    if reason := rules.why_not_act_again(held, speaker, at):
        raise Refused(reason, status=429)
    return held


def _has_part(held: Tie, speaker: Institution) -> bool:
    return held.is_side(speaker) or held.said_by_id == speaker.pk


def _say_again(
    held: Tie, speaker: Institution, by: Person, at: datetime, terms: dict[str, Any]
) -> Tie:
    """What was said before: confirmed, or with other terms, or nothing new."""
    if not held.is_side(speaker):
        return held
    merged = {
        **held.terms,
        **{name: value for name, value in terms.items() if value not in ("", None)},
    }
    if merged != held.terms:
        return _change(held, speaker, by, at, merged)
    if held.said_at_by(speaker):
        return held
    _only_for_one(held, speaker, by)
    return _confirm(held, speaker, by, at)


def _only_for_one(held: Tie, speaker: Institution, by: Person) -> None:
    if reason := rules.why_not_for_both(held, speaker, by):
        raise Refused(reason, _("Add another person there, or ask one who has a role there."))


def _confirm(held: Tie, side: Institution, by: Person | None, at: datetime) -> Tie:
    held.speak(side, at)
    if held.disputed_by_id == side.pk:
        _lift_dispute(held)
    held.save()
    _word(held, Act.CONFIRMED, side, by, at)
    _note("confirmed", held, side, by, at)
    _tell(held, side, at, yes=True)
    return held


def _dispute(held: Tie, side: Institution, by: Person | None, at: datetime, reason: str) -> Tie:
    both = held.disputed_by_id is not None
    _unsay(held, side, at)
    if both:
        held.withdrawn_at = at
    held.disputed_by, held.disputed_at, held.dispute = side, at, reason
    Change.objects.filter(tie=held).delete()
    held.save()
    _word(held, Act.DISPUTED, side, by, at, reason=reason)
    _note("disputed", held, side, by, at)
    _tell(held, side, at, yes=False, reason=reason)
    return held


def _agree(held: Tie, waiting: Change, side: Institution, by: Person | None, at: datetime) -> Tie:
    if reason := rules.why_not_other_terms(held, waiting.terms):
        raise Refused(reason)
    _take_terms(held, waiting.terms)
    for one in held.sides:
        held.speak(one, at)
    _lift_dispute(held)
    waiting.delete()
    held.save()
    _word(held, Act.AGREED, side, by, at)
    _note("agreed", held, side, by, at)
    _tell(held, side, at, yes=True)
    return held


def _decline(
    held: Tie,
    waiting: Change,
    side: Institution,
    by: Person | None,
    at: datetime,
    reason: str,
) -> Tie:
    own = waiting.said_by_id == side.pk
    act = Act.DROPPED if own else Act.DECLINED
    _word(held, act, side, by, at, reason=reason, terms=waiting.terms)
    _note(act.value, held, side, by, at)
    waiting.delete()
    if not own:
        _tell(held, side, at, yes=False, reason=reason)
    return held


def _lift_dispute(held: Tie) -> None:
    held.disputed_by, held.disputed_at, held.dispute = None, None, ""


def _unsay(held: Tie, speaker: Institution, at: datetime) -> None:
    """Take a word off. It stands on the other side's then; on nobody's, it is withdrawn."""
    if held.is_side(speaker):
        held.speak(speaker, None)
    if held.said_by_id != speaker.pk:
        return
    others = [side for side in held.sides if held.said_at_by(side)]
    if others:
        held.said_by = others[0]
    else:
        held.withdrawn_at = at


def _take_terms(held: Tie, terms: Mapping[str, Any]) -> None:
    for name in TERMS:
        setattr(held, name, terms[name])


def _change(
    held: Tie, speaker: Institution, by: Person, at: datetime, terms: dict[str, Any]
) -> Tie:
    if reason := rules.why_not_other_terms(held, terms):
        raise Refused(reason)
    if reason := rules.why_not_act_again(held, speaker, at):
        raise Refused(reason, status=429)
    if terms == held.terms:
        return held
    side = held.is_side(speaker)
    if side and held.said_at_by(held.other(speaker)):
        Change.objects.update_or_create(
            tie=held, defaults={**terms, "said_by": speaker, "said_at": at}
        )
        _word(held, Act.PROPOSED, speaker, by, at, terms=terms)
        _note("proposed", held, speaker, by, at)
        _ask(held, [held.other(speaker)], by, at)
        return held
    _take_terms(held, terms)
    if side:
        held.speak(speaker, at)
        held.said_by = speaker
    if held.disputed_by_id == speaker.pk:
        _lift_dispute(held)
    Change.objects.filter(tie=held).delete()
    held.save()
    _word(held, Act.CHANGED, speaker, by, at)
    _note("changed", held, speaker, by, at)
    _ask(held, held.silent, by, at)
    return held


def _word(
    held: Tie,
    act: Act,
    institution: Institution,
    by: Person | None,
    at: datetime,
    *,
    reason: str = "",
    terms: Mapping[str, Any] | None = None,
) -> None:
    """One more step of its story. What nobody of the site did came by e-mail."""
    said = held.terms if terms is None else terms
    Word.objects.create(
        tie=held,
        act=act,
        institution=institution,
        person=by,
        by_mail=by is None or act == Act.ASKED,
        at=at,
        reason=reason,
        terms={name: _plain(value) for name, value in said.items() if value not in ("", None)},
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _note(what: str, held: Tie, institution: Institution, by: Person | None, at: datetime) -> None:
    """One fact, on the public record, with no person in it."""
    known = {name: _plain(value) for name, value in held.terms.items() if value not in ("", None)}
    record.write(
        act=f"tie.{what}",
        subject=f"tie/{held.pk}",
        at=at,
        is_synthetic=held.is_synthetic,
        actor=by.reference if by else "",
        facts={
            "tie": in_all_languages(held),
            "name": words(institution.name),
            "from": held.subject.slug,
            "predicate": held.predicate,
            "to": held.object.slug,
            **known,
            **({} if by else {"by_mail": True}),
        },
    )


def in_all_languages(told: object) -> dict[str, str]:
    """What words itself in the reader's language, in each language of the site."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(told)
    return said


# Mail.


def _ask(held: Tie, sides: Iterable[Institution], by: Person, at: datetime) -> None:
    """Ask these sides by e-mail whether it is so, as far as a day's limits let us."""
    for side in sides:
        if rules.why_not_write_to(side, at):
            continue
        stewards = _stewards([side], but=by)
        if stewards:
            sent = [_mail("asked", address, held, at, side=side) for address in stewards]
        elif side.email.lower() == by.email or side.memberships.stewards().exists():
            # Nobody answers themselves: neither by the page's address, nor as its only steward.
            continue
        else:
            sent = [_send_link(held, side, at)]
        if any(sent):
            _word(held, Act.ASKED, side, by, at)


def _send_link(held: Tie, side: Institution, at: datetime) -> bool:
    token = secrets.token_urlsafe(32)
    until = at + rules.LINK_LIFETIME
    if not _mail("asked_by_link", side.email, held, at, side=side, token=token, until=until):
        return False
    TieLink.objects.create(
        tie=held,
        institution=side,
        token_hash=_hash(token),
        address_hash=address_hash(side.email),
        sent_at=at,
        expires_at=until,
    )
    return True


def _tell(held: Tie, side: Institution, at: datetime, *, yes: bool, reason: str = "") -> None:
    """The answer, to those who look after the others whose word it is."""
    told = [one for one in (*held.sides, held.said_by) if one and one != side]
    for address in _stewards(told):
        _mail("answered", address, held, at, side=side, yes=yes, reason=reason)


def _stewards(institutions: Iterable[Institution], but: Person | None = None) -> list[str]:
    found = Membership.objects.stewards().filter(institution__in=list(institutions))
    if but:
        found = found.exclude(person=but)
    return sorted(set(found.values_list("person__email", flat=True)))


def _mail(what: str, to: str, held: Tie, at: datetime, **context: object) -> bool:
    """The mail of that name, unless its reader wants no more of them."""
    hash = address_hash(to)
    if NoMail.objects.filter(address_hash=hash).exists():
        return False
    told = {"tie": held, "stop": signed_address(to), **context}
    write(to=to, template=f"ties/mail/{what}.txt", context=told, at=at)
    return True
