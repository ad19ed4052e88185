"""The verbs of a call: draft it, publish it, answer questions, move its deadline, close it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.web.delivery import sealing
from interlock.web.delivery.actions import stories
from interlock.web.delivery.actions.stories import Words
from interlock.web.delivery.models import (
    Attachment,
    Bid,
    Call,
    Criterion,
    Custodian,
    Delivery,
    Lot,
    Notice,
    Question,
    Stand,
    StepKind,
)
from interlock.web.delivery.queries.awarding import free
from interlock.web.delivery.rules import calls as rules
from interlock.web.delivery.rules.evaluating import why_bidding
from interlock.web.institutions.models import Institution, Membership, Scope
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.look.refusals import Refused, Step
from interlock.web.messages.actions import write_all
from interlock.web.needs import actions as needs
from interlock.web.needs.models import Closing, Exchange, Item, Listing, Transaction
from interlock.web.needs.queries import matches_of
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.chain import digest
from interlock.web.record.models import Audience
from interlock.web.record.wording import words

LONGEST_TITLE = 120  # of a need
MOST_TOLD = 50  # of offers that fit a call


class Terms(TypedDict, total=False):
    """What a call says beside its lots and criteria."""

    title: Words
    scope: Words
    activity: str
    closes_at: datetime
    questions_until: datetime | None
    preference: str
    preference_size: int
    legal_basis: Words
    has_custodians: bool
    standstill_days: int


@dataclass(frozen=True)
class LotSaid:
    """A lot as somebody says it; its budget in minor units."""

    title: Words
    budget: int
    scope: Words = ""


@dataclass(frozen=True)
class CriterionSaid:
    """A criterion as somebody says it."""

    name: Words
    weight: int
    is_price: bool = False
    text: Words = ""


@transaction.atomic
def draft_call(
    *,
    delivery: Delivery,
    by: Person,
    at: datetime,
    lots: Sequence[LotSaid] = (),
    criteria: Sequence[CriterionSaid] = (),
    **terms: Unpack[Terms],
) -> Call:
    """Begin a call for a delivery. Nobody sees it but those who look after the responsible body."""
    if reason := why_not_look_after(delivery.responsible, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_call(delivery):
        raise Refused(reason)
    process = delivery.project.process
    call = Call.objects.create(
        issuer=delivery.responsible,
        delivery=delivery,
        currency=process.currency,
        zone=process.zone,
        drafted_at=at,
        **terms,
    )
    _put(call, lots, criteria)
    note("drafted", call, at, by, audience=Audience.INSTITUTION)
    return call


@transaction.atomic
def change_call(
    *,
    call: Call,
    by: Person,
    lots: Sequence[LotSaid] | None = None,
    criteria: Sequence[CriterionSaid] | None = None,
    **terms: Unpack[Terms],
) -> Call:
    """Say a draft otherwise. What is left out stays as it is."""
    held = _held_draft(call, by)
    for name, value in terms.items():
        setattr(held, name, value)
    held.save(update_fields=list(terms))
    _put(held, lots, criteria)
    return held


@transaction.atomic
def discard(*, call: Call, by: Person) -> None:
    """Throw a draft away."""
    _held_draft(call, by).delete()


@transaction.atomic
def name_custodian(*, call: Call, person: Person, name: str, by: Person, at: datetime) -> Custodian:
    """One of the two without whose codes no bid can be opened. A mail tells them to take theirs."""
    held = _held_draft(call, by)
    if reason := rules.why_not_custodian(held, person):
        raise Refused(reason)
    made = Custodian.objects.create(call=held, person=person, name=name)
    mail("call_custodian", [person.email], held, at, custodian=made)
    return made


@transaction.atomic
def drop_custodian(*, custodian: Custodian, by: Person) -> None:
    _held_draft(custodian.call, by)
    custodian.delete()


@transaction.atomic
def take_key(*, custodian: Custodian, by: Person, at: datetime) -> str:
    """A custodian draws a key, and sees its code now and never again. Drawn anew, the first is void."""
    held = hold(custodian.call)
    if custodian.person_id != by.pk:
        raise Refused(_("This code is for another person."), status=403)
    if reason := rules.why_not_take_key(held):
        raise Refused(reason)
    code, public = sealing.draw()
    custodian.key, custodian.given_at = public, at
    custodian.save(update_fields=["key", "given_at"])
    return code


@transaction.atomic
def publish(*, call: Call, by: Person, at: datetime) -> Call:
    """Open it for bids: its terms are frozen, and whoever offers what fits gets a mail.

    The delivery is held meanwhile, so that two calls never promise the same money.
    """
    delivery = stories.hold(Delivery.objects.get(calls=call))
    held = held_by(call, by)
    held.delivery = delivery
    if reason := rules.why_not_publish(held, at, free(delivery)):
        change = Step(_("Change the draft"), reverse("delivery:edit_call", args=[held.pk]))
        raise Refused(reason, _("Complete the draft, then publish it."), steps=[change])
    held.seal_key = " ".join(
        held.custodians.values_list("key", flat=True)
        if held.has_custodians
        else [sealing.make(_key_name(held))]
    )
    held.published_at = at
    held.budget = sum(lot.budget for lot in held.lots.all())
    held.terms = terms_of(held)
    held.sha256 = digest(held.terms)
    held.listing = _post(held, held.issuer, by, at)
    held.save()
    if delivery.called_at is None:
        delivery.called_at = at
        delivery.save(update_fields=["called_at"])
    facts = {"call": f"call/{held.pk}", "sha256": held.sha256}
    stories.tell(delivery, StepKind.CALLED, at, by, facts=facts, text=held.scope)
    _tell_who_could_answer(held, at)
    return held


@transaction.atomic
def record_elsewhere(
    *,
    issuer: Institution,
    acting: Institution,
    by: Person,
    at: datetime,
    url: str,
    title: Words,
    scope: Words,
    closes_at: datetime,
    zone: str,
    currency: str,
    budget: int | None = None,
    activity: str = "",
) -> Call:
    """Tell of a call that is held elsewhere; whoever offers what fits gets a mail.

    `acting` tells of it: the issuer itself, or an institution that the site trusts with lists.
    """
    if reason := rules.why_not_tell_of(issuer, acting, by):
        raise Refused(reason, status=403)
    if not url.startswith(("https://", "http://")):
        raise Refused(_("Its address begins with https://."))
    if not at < closes_at <= at + rules.LONGEST:
        raise Refused(_("The deadline lies ahead, and within a year."))
    call = Call(
        issuer=issuer,
        title=title,
        scope=scope,
        url=url,
        closes_at=closes_at,
        zone=zone,
        currency=currency,
        budget=budget,
        activity=activity,
        drafted_at=at,
        published_at=at,
    )
    call.save()
    call.listing = _post(call, acting, by, at)
    call.save(update_fields=["listing"])
    _tell_who_could_answer(call, at)
    note("told", call, at, by, facts={"by": words(acting.name)})
    return call


@transaction.atomic
def ask(*, call: Call, text: str, by: Person, at: datetime) -> Question:
    """Ask about a call, in public. Who asked is shown to nobody."""
    held = hold(call)
    if reason := rules.why_not_ask(held, by, at):
        raise Refused(reason)
    made = Question.objects.create(call=held, text=text, asked_at=at, asked_by=by)
    mail("call_question", stewards([held.issuer_id]), held, at, question=made)
    return made


@transaction.atomic
def answer(*, question: Question, answer: Words, by: Person, at: datetime) -> Question:
    """Answer for all to read. Said once, an answer stays: bidders rely on it."""
    held = held_by(question.call, by)
    question.refresh_from_db()
    if reason := rules.why_not_answer(held):
        raise Refused(reason)
    if question.answered_at:
        raise Refused(_("This is answered already, and bidders rely on it."))
    question.answer, question.answered_at = answer, at
    question.save(update_fields=["answer", "answered_at"])
    note("answered", held, at, by)
    asker = [question.asked_by.email] if question.asked_by else []
    mail("call_answered", {*asker, *_bidders(held)}, held, at, question=question)
    return question


@transaction.atomic
def extend(*, call: Call, closes_at: datetime, reason: Words, by: Person, at: datetime) -> Call:
    """Move the deadline on, with a public notice. Everybody who prepares a bid is told."""
    held = held_by(call, by)
    if refusal := rules.why_not_extend(held, closes_at):
        raise Refused(refusal)
    if refusal := why_bidding(held, by):
        raise Refused(refusal, status=403)
    Notice.objects.create(
        call=held, closed_before=held.closes_at, closes_after=closes_at, reason=reason, at=at
    )
    held.closes_at = closes_at
    held.save(update_fields=["closes_at"])
    if held.listing and not held.listing.closed_at:
        Listing.objects.filter(pk=held.listing.pk).update(expires_at=closes_at)
    note("extended", held, at, by, facts={"reason": words(reason)})
    mail("call_extended", _bidders(held), held, at, reason=reason)
    return held


@transaction.atomic
def cancel(*, call: Call, reason: Words, by: Person, at: datetime) -> Call:
    """End a call before its bids are opened. They stay unread for good: their key is destroyed."""
    delivery = stories.hold(call.delivery) if call.delivery else None
    held = held_by(call, by)
    if refusal := rules.why_not_cancel(held):
        raise Refused(refusal)
    if refusal := why_bidding(held, by):
        raise Refused(refusal, status=403)
    held.cancelled_at, held.cancelled_for = at, reason
    held.save(update_fields=["cancelled_at", "cancelled_for"])
    _end_listing(held, at, Closing.NO_MORE)
    if delivery:
        stories.stop_looking(delivery)
        facts = {"call": f"call/{held.pk}", "reason": words(reason)}
        stories.tell(
            delivery, StepKind.UNCALLED, at, by, facts=facts, text=reason, about=held.title
        )
    else:
        note("cancelled", held, at, by, facts={"reason": words(reason)})
    Stand.objects.filter(bid__call=held).delete()
    mail("call_cancelled", _bidders(held), held, at, reason=reason)
    transaction.on_commit(lambda: sealing.destroy(_key_name(held)))
    return held


def close_if_due(*, call: Call, at: datetime) -> Call:
    """Close a call whose announced time has come, and give it as it is now."""
    return _close(call, at) if rules.is_due(call, at) else call


def close_due(at: datetime) -> bool:
    """Close one call that is due, if there is one."""
    due = Call.objects.filter(published_at__isnull=False, closed_at=None, cancelled_at=None)
    call = due.filter(closes_at__lte=at).order_by("closes_at", "pk").first()
    if call is None:
        return False
    close_if_due(call=call, at=at)
    return True


@transaction.atomic
def _close(call: Call, at: datetime) -> Call:
    """Whoever got the lock before is in time; everybody after is not.

    The digests of the sealed bids are made known, in no order of theirs, before anybody can read
    one: each bidder finds their own, and nobody can put another bid in its place any more.
    """
    held = hold(call)
    if not rules.is_due(held, at):
        return held
    held.closed_at = at
    held.save(update_fields=["closed_at"])
    sealed = held.bids.filter(sealed_at__isnull=False, withdrawn_at=None)
    # A change that was never sealed counts for nothing; what nobody sealed stays its authors'.
    Attachment.objects.filter(bid__in=sealed, sealed=None).delete()
    Attachment.objects.filter(bid__in=sealed).update(draft=None)
    sealed.update(draft=None)
    _end_listing(held, at, Closing.ELSEWHERE if held.is_elsewhere else Closing.HERE)
    if held.is_elsewhere:
        note("ended", held, at)
        return held
    digests = sorted(sealed.values_list("digest", flat=True))
    note("closed", held, at, facts={"number": len(digests), "digests": digests})
    mail("call_closed", stewards([held.issuer_id]), held, at, number=len(digests))
    return held


def hold(call: Call) -> Call:
    """As it is stored, held against others until the act is done."""
    found = Call.objects.select_for_update(of=("self",))
    return found.select_related("issuer", "delivery", "listing").get(pk=call.pk)


def terms_of(call: Call) -> dict[str, Any]:
    """All that bidders rely on, as plain data. The deadline is the first one; notices move it."""
    return {
        "issuer": call.issuer.slug,
        "title": words(call.title),
        "scope": words(call.scope),
        "activity": call.activity,
        "currency": call.currency,
        "zone": call.zone,
        "closes_at": call.closes_at.isoformat(),
        "questions_until": call.questions_until and call.questions_until.isoformat(),
        "preference": call.preference,
        "preference_size": call.preference_size,
        "legal_basis": words(call.legal_basis),
        "standstill_days": call.standstill_days,
        "seal_key": call.seal_key,
        "lots": [
            {
                "position": lot.position,
                "title": words(lot.title),
                "scope": words(lot.scope),
                "budget": lot.budget,
            }
            for lot in call.lots.all()
        ],
        "criteria": [
            {
                "position": one.position,
                "name": words(one.name),
                "text": words(one.text),
                "weight": one.weight,
                "is_price": one.is_price,
            }
            for one in call.criteria.all()
        ],
    }


def _put(
    call: Call, lots: Sequence[LotSaid] | None, criteria: Sequence[CriterionSaid] | None
) -> None:
    """Give it these lots and criteria and no others."""
    if lots is not None:
        if len(lots) > rules.MOST_LOTS:
            raise Refused(_("At most %(most)s lots.") % {"most": rules.MOST_LOTS})
        call.lots.all().delete()
        Lot.objects.bulk_create(
            Lot(call=call, position=place, **vars(one)) for place, one in enumerate(lots, 1)
        )
    if criteria is not None:
        if len(criteria) > rules.MOST_CRITERIA:
            raise Refused(_("At most %(most)s criteria.") % {"most": rules.MOST_CRITERIA})
        call.criteria.all().delete()
        Criterion.objects.bulk_create(
            Criterion(call=call, position=place, **vars(one))
            for place, one in enumerate(criteria, 1)
        )


def held_by(call: Call, by: Person) -> Call:
    """The same, only for who organises it."""
    held = hold(call)
    if reason := rules.why_not_organise(held, by):
        raise Refused(reason, status=403)
    return held


def _held_draft(call: Call, by: Person) -> Call:
    held = held_by(call, by)
    if reason := rules.why_not_change(held):
        raise Refused(reason)
    return held


def _key_name(call: Call) -> str:
    return str(call.pk)


def _post(call: Call, acting: Institution, by: Person, at: datetime) -> Listing:
    """The need that matching works with: where the issuer is, until the deadline."""
    issuer = call.issuer
    address = call.url or f"{settings.INTERLOCK_ORIGIN}{call.get_absolute_url()}"
    return needs.post(
        institution=acting,
        by=by,
        at=at,
        exchange_type=Exchange.WANT,
        item_type=Item.SERVICE,
        transaction_types=[Transaction.BUY_SELL.value],
        title=_each(call.title, lambda text: text[:LONGEST_TITLE]),
        text=_each(call.scope, lambda text: f"{text[:3_500]}\n\n{address}"),
        activity=call.activity,
        geographic_scope=issuer.scope or Scope.REGIONAL,
        place=issuer.place,
        region=issuer.region,
        country=issuer.country,
        latitude=issuer.latitude,
        longitude=issuer.longitude,
        expires_at=call.closes_at,
    )


def _tell_who_could_answer(call: Call, at: datetime) -> None:
    """A mail to all who speak for those whose offers fit best, a developer they delegated among them."""
    assert call.listing
    fitting = matches_of(call.listing, at, most=MOST_TOLD)
    institutions = {one.listing.institution_id for one in fitting} - {call.issuer_id}
    speakers = Membership.objects.speakers().filter(institution__in=institutions)
    mail("call_fits", speakers.values_list("person__email", flat=True), call, at)


def _each(text: Words, change: Any) -> LazyI18nString | str:
    """A text changed in each of its languages."""
    told = words(text)
    if isinstance(told, dict):
        return LazyI18nString({code: change(one) for code, one in told.items() if one})
    return str(change(told))


def _end_listing(call: Call, at: datetime, closing: Closing) -> None:
    if call.listing:
        needs.end(listing=call.listing, at=at, closing=closing)


def stewards(institutions: Iterable[int]) -> set[str]:
    """The addresses of whoever looks after these."""
    found = Membership.objects.stewards().filter(institution__in=list(institutions))
    return set(found.values_list("person__email", flat=True))


def _bidders(call: Call) -> set[str]:
    """The addresses of whoever prepares a bid or has sealed one. Only mail goes to them."""
    return stewards(Bid.objects.filter(call=call).values_list("lead", flat=True))


def mail(what: str, to: Iterable[str], call: Call, at: datetime, **context: object) -> None:
    """The mail of that name to these addresses, once each."""
    write_all(
        to=sorted(set(to)),
        template=f"delivery/mail/{what}.txt",
        context={"call": call, "issuer": call.issuer, **context},
        at=at,
    )


def note(
    what: str,
    call: Call,
    at: datetime,
    by: Person | None = None,
    *,
    audience: Audience = Audience.PUBLIC,
    facts: Mapping[str, object] | None = None,
) -> None:
    """One fact about a call, on the record."""
    record.write(
        act=f"call.{what}",
        subject=f"call/{call.pk}",
        at=at,
        is_synthetic=call.issuer.is_synthetic,
        audience=audience,
        actor=by.reference if by else "",
        facts={"name": words(call.issuer.name), "title": words(call.title), **(facts or {})},
    )
