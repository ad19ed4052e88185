"""The verbs of needs, offers and introductions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from i18nfield.strings import LazyI18nString

from interlock.methods.matching.listings import terms
from interlock.web.institutions.models import Institution, Membership
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write
from interlock.web.needs import rules
from interlock.web.needs.models import (
    Closing,
    Contact,
    Introduction,
    Listing,
    Sequel,
    Term,
)
from interlock.web.needs.queries import LANGUAGES, by_language, facet_key
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words
from interlock.web.ties.actions import say


class Said(TypedDict, total=False):
    """What is said of a listing."""

    exchange_type: str
    item_type: str
    transaction_types: Sequence[str]
    title: LazyI18nString | str
    text: LazyI18nString | str
    tags: Sequence[str]
    activity: str
    geographic_scope: str
    of_process: bool
    place: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None
    contact: str
    expires_at: datetime


#: Where it is when nobody says: where the institution is.
WHERE = ("place", "region", "country", "latitude", "longitude")


@transaction.atomic
def post(*, institution: Institution, by: Person, at: datetime, **said: Unpack[Said]) -> Listing:
    """Post a need or an offer. It is where the institution is, and holds three months, unless said."""
    held = _hold_institution(institution)
    _only_for(held, by)
    if reason := rules.why_not_post(held, at):
        raise Refused(reason)
    where = {} if set(WHERE) & set(said) else {name: getattr(held, name) for name in WHERE}
    usual: dict[str, Any] = {
        "contact": Contact.PUBLISHED if held.email else Contact.SITE,
        "expires_at": at + rules.USUAL_LIFE,
        "tags": [],
        "text": "",
    }
    told: dict[str, Any] = {**where, **usual, **said}
    told["tags"] = _once(told["tags"])
    if reason := rules.why_not_say(told, at) or rules.why_not_post_again(held, told, at):
        raise Refused(reason)
    made = Listing(institution=held, posted_at=at, posted_by=by, **told)
    _keep(made)
    _note("posted", made, by, at)
    return made


@transaction.atomic
def change(*, listing: Listing, by: Person, at: datetime, **said: Unpack[Said]) -> Listing:
    """Say it in other words, or for another time. What is left out stays as it is."""
    held = _held_by(listing, by)
    told: dict[str, Any] = dict(said)
    if "tags" in told:
        told["tags"] = _once(told["tags"])
    changed = [name for name, value in told.items() if not _same(getattr(held, name), value)]
    for name in changed:
        setattr(held, name, told[name])
    fields = ("title", "tags", "transaction_types", "expires_at")
    if reason := rules.why_not_say({name: getattr(held, name) for name in fields}, at):
        raise Refused(reason)
    if "expires_at" in changed:
        held.reminded_at = None
    if changed:
        _keep(held)
        _note("changed", held, by, at, {"fields": sorted(changed)})
    return held


@transaction.atomic
def renew(*, listing: Listing, by: Person, at: datetime) -> Listing:
    """It holds for another three months from now, or for as long as it does already."""
    held = _held_by(listing, by)
    held.expires_at = max(held.expires_at, at + rules.USUAL_LIFE)
    held.reminded_at = None
    held.save(update_fields=["expires_at", "reminded_at"])
    _note("renewed", held, by, at)
    return held


@transaction.atomic
def close(*, listing: Listing, by: Person, at: datetime, closing: str) -> Listing:
    """It holds no longer. Whoever waits for an introduction is told."""
    held = _held_by(listing, by)
    if reason := rules.why_not_close(closing):
        raise Refused(reason)
    _close(held, closing, at, by)
    return held


@transaction.atomic
def end(*, listing: Listing, at: datetime, closing: str) -> None:
    """What it was posted for has ended elsewhere on the site: nobody has to close it by hand."""
    held = Listing.objects.select_for_update(of=("self",)).select_related("institution")
    still = held.filter(pk=listing.pk, closed_at=None).first()
    if still:
        _close(still, closing, at)


def close_all(institution: Institution, at: datetime) -> None:
    """For `leaving.endings`: with an institution go its needs, offers and open questions."""
    for listing in institution.listings.select_for_update().filter(closed_at=None):
        _close(listing, Closing.LEFT, at)
    institution.introductions_asked.waiting().update(withdrawn_at=at)
    # Its people's addresses were told to the other side; they are not kept here any longer.
    institution.introductions_asked.update(asker_reach="")
    institution.introductions_answered.update(asked_reach="")


def remind_due(at: datetime) -> bool:
    """Tell the stewards of one listing that it ends in a week, if there is one to tell of."""
    with transaction.atomic():
        ending = Listing.objects.open(at).filter(
            reminded_at=None, expires_at__lte=at + rules.REMINDED_BEFORE
        )
        due = ending.select_for_update(of=("self",), skip_locked=True).order_by("expires_at", "pk")
        listing = due.select_related("institution").first()
        if listing is None:
            return False
        listing.reminded_at = at
        listing.save(update_fields=["reminded_at"])
        _mail("ends", [listing.institution], at, listing=listing)
        return True


@transaction.atomic
def ask(
    *,
    listing: Listing,
    acting: Institution,
    by: Person,
    at: datetime,
    sentence: str,
    reach: str,
    own_listing: Listing | None = None,
) -> Introduction:
    """Ask to be introduced. `reach` is how to reach the asker's person, told only after a yes."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    asked = [listing.pk] if own_listing is None else [listing.pk, own_listing.pk]
    # In one order for everybody: two that ask each other at once do not both succeed.
    some = Listing.objects.select_for_update(of=("self",)).order_by("pk")
    held = some.select_related("institution").in_bulk(asked)
    own = held[own_listing.pk] if own_listing else None
    _only_for(acting, by)
    if reason := rules.why_not_ask(held[listing.pk], acting, by, at, own):
        raise Refused(reason)
    made = Introduction.objects.create(
        listing=held[listing.pk],
        own_listing=own,
        asker=acting,
        asked=held[listing.pk].institution,
        sentence=sentence,
        asked_at=at,
        asked_by=by,
        asker_reach=reach,
    )
    _note_introduction("asked", made, by, at)
    _mail("asked", [made.asked], at, introduction=made)
    return made


@transaction.atomic
def accept(
    *, introduction: Introduction, by: Person, at: datetime, answer: str, reach: str
) -> Introduction:
    """Say yes. From now on both sides know how to reach each other."""
    held = _held_to_answer(introduction, by)
    if reason := rules.why_not_accept(held, at):
        raise Refused(reason)
    held.answered_at, held.answered_by, held.accepted = at, by, True
    held.answer, held.asked_reach = answer, reach
    held.save()
    _note_introduction("accepted", held, by, at)
    _mail("accepted", [held.asker], at, introduction=held, reach=held.asked_reach)
    _mail("introduced", [held.asked], at, introduction=held, reach=held.asker_reach)
    return held


@transaction.atomic
def decline(*, introduction: Introduction, by: Person, at: datetime, answer: str) -> Introduction:
    """Say no, in a sentence. Nobody is told how to reach anybody."""
    held = _held_to_answer(introduction, by)
    held.answered_at, held.answered_by, held.answer = at, by, answer
    held.save()
    _note_introduction("declined", held, by, at)
    _mail("declined", [held.asker], at, introduction=held)
    return held


@transaction.atomic
def withdraw(*, introduction: Introduction, by: Person, at: datetime) -> Introduction:
    """Take the question back before it is answered."""
    held = _hold(introduction)
    _only_for(held.asker, by)
    if reason := rules.why_not_settle(held):
        raise Refused(reason)
    held.withdrawn_at = at
    held.save()
    _note_introduction("withdrawn", held, by, at)
    return held


@transaction.atomic
def conclude(
    *,
    introduction: Introduction,
    side: Institution,
    by: Person,
    at: datetime,
    sequel: str,
    predicate: str = "",
    is_subject: bool = True,
    since: date | None = None,
    amount: int | None = None,
    currency: str = "",
    note: str = "",
) -> Introduction:
    """One side says what became of it. Where it led somewhere, with which tie: its word for that.

    `is_subject` tells whether the side is the tie's subject or its object.
    """
    held = _hold(introduction)
    _only_for(side, by)
    if reason := rules.why_not_conclude(held, side, sequel):
        raise Refused(reason)
    name, other = ("asker", held.asked) if side == held.asker else ("asked", held.asker)
    setattr(held, f"{name}_says", sequel)
    if sequel == Sequel.LED and predicate:
        tie = say(
            subject=side if is_subject else other,
            predicate=predicate,
            object=other if is_subject else side,
            speaker=side,
            by=by,
            at=at,
            since=since,
            amount=amount,
            currency=currency,
            note=note,
        )
        setattr(held, f"{name}_tie", tie)
    held.save()
    _note_introduction(sequel, held, by, at, side=side)
    return held


def _hold_institution(institution: Institution) -> Institution:
    held = Institution.objects.select_for_update(of=("self",), no_key=True)
    return held.get(pk=institution.pk)


def _held_by(listing: Listing, by: Person) -> Listing:
    """As it is stored, held against others, for one who speaks for its institution."""
    found = Listing.objects.select_for_update(of=("self",)).select_related("institution")
    held = found.get(pk=listing.pk)
    _only_for(held.institution, by)
    if reason := rules.why_not_change(held):
        raise Refused(reason)
    return held


def _hold(introduction: Introduction) -> Introduction:
    found = Introduction.objects.select_for_update(of=("self",))
    return found.select_related("listing", "own_listing", "asker", "asked").get(pk=introduction.pk)


def _held_to_answer(introduction: Introduction, by: Person) -> Introduction:
    held = _hold(introduction)
    _only_for(held.asked, by)
    if reason := rules.why_not_settle(held):
        raise Refused(reason)
    return held


def _only_for(institution: Institution, by: Person) -> None:
    if reason := why_not_speak_for(institution, by):
        raise Refused(reason, status=403)


def _keep(listing: Listing) -> None:
    """Save it with its words as they are compared and looked for."""
    said = terms(
        title=by_language(listing.title),
        text=by_language(listing.text),
        tags=listing.tags,
        languages=LANGUAGES,
    )
    listing.terms = said.data()
    listing.save()
    rows = {key: "" for key in said.keys} | {facet_key(tag): tag for tag in listing.tags}
    listing.term_rows.all().delete()
    Term.objects.bulk_create(
        Term(listing=listing, key=key, word=word) for key, word in sorted(rows.items())
    )


def _once(tags: Iterable[str]) -> list[str]:
    """Tags without what says the same again, or nothing."""
    kept: dict[str, str] = {}
    for tag in tags:
        flat = " ".join(tag.split())
        if len(facet_key(flat)) > 1:
            kept.setdefault(facet_key(flat), flat)
    return list(kept.values())


def _same(stored: object, said: object) -> bool:
    """A text in several languages is the same when each of them is."""
    if isinstance(stored, LazyI18nString):
        return by_language(stored) == by_language(said)
    return stored == said


def _close(held: Listing, closing: str, at: datetime, by: Person | None = None) -> None:
    held.closed_at, held.closing = at, closing
    held.save(update_fields=["closed_at", "closing"])
    waiting = held.introductions.waiting().select_related("listing", "asker", "asked")
    for one in waiting.select_for_update(of=("self",)):
        one.withdrawn_at = at
        one.save(update_fields=["withdrawn_at"])
        _mail("closed", [one.asker], at, introduction=one)
    # With what an institution brought along goes the question that it came with.
    held.introductions_with.waiting().update(withdrawn_at=at)
    _note("closed", held, by, at, {"why": closing})


def _note(
    what: str,
    listing: Listing,
    by: Person | None,
    at: datetime,
    facts: Mapping[str, object] | None = None,
) -> None:
    record.write(
        act=f"listing.{what}",
        subject=f"listing/{listing.pk}",
        at=at,
        is_synthetic=listing.institution.is_synthetic,
        actor=by.reference if by else "",
        facts={
            "name": words(listing.institution.name),
            "title": words(listing.title),
            **(facts or {}),
        },
    )


def _note_introduction(
    what: str, held: Introduction, by: Person, at: datetime, side: Institution | None = None
) -> None:
    record.write(
        act=f"introduction.{what}",
        subject=f"introduction/{held.pk}",
        at=at,
        is_synthetic=held.asker.is_synthetic or held.asked.is_synthetic,
        audience=Audience.INSTITUTION,
        actor=by.reference,
        facts={
            "title": words(held.listing.title),
            "asker": words(held.asker.name),
            "asked": words(held.asked.name),
            **({"side": words(side.name)} if side else {}),
        },
    )


def _mail(what: str, institutions: Iterable[Institution], at: datetime, **context: object) -> None:
    """The mail of that name to everybody who looks after one of these, once each."""
    stewards = Membership.objects.stewards().filter(institution__in=list(institutions))
    for address in sorted(set(stewards.values_list("person__email", flat=True))):
        write(to=address, template=f"needs/mail/{what}.txt", context=context, at=at)
