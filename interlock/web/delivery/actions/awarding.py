"""The verbs of awarding: who delivers and why; complaints and their answers; what comes back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.budgets.models import Allocation, Pot
from interlock.web.delivery.actions.calls import hold as hold_call
from interlock.web.delivery.actions.stories import (
    Words,
    ask,
    held_by,
    hold,
    note,
    speakers,
    stop_looking,
    tell,
)
from interlock.web.delivery.models import (
    Annulment,
    Award,
    AwardKind,
    Complaint,
    Delivery,
    Offer,
    Partner,
    Posting,
    PostingKind,
    StepKind,
    Supplier,
)
from interlock.web.delivery.queries.awarding import free, standing
from interlock.web.delivery.queries.awarding import suppliers as suppliers_of
from interlock.web.delivery.queries.evaluating import to_award
from interlock.web.delivery.rules import awarding as rules
from interlock.web.delivery.rules.evaluating import why_bidding
from interlock.web.delivery.rules.stories import why_both_sides
from interlock.web.institutions.models import Institution
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Refused
from interlock.web.messages.actions import write_all
from interlock.web.people.models import Person
from interlock.web.record.wording import words

STANDSTILL = 10  # days for complaints where no call says how many


@transaction.atomic
def award(*, offer: Offer, reasons: Words, by: Person, at: datetime) -> Award:
    """Award a lot of a call to one of its offers, at the price of the offer."""
    assert offer.lot.call.delivery
    held = held_by(offer.lot.call.delivery, by)
    call = hold_call(offer.lot.call)  # it is not ranked again meanwhile
    offer = Offer.objects.select_related("lot__call__delivery", "bid__lead").get(pk=offer.pk)
    if reason := why_bidding(offer.lot.call, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_award(offer, str(reasons)):
        raise Refused(reason)
    first = next((one for one, _name in to_award(call) if one.lot == offer.lot), offer)
    if first != offer:
        raise Refused(
            _("%(name)s comes before it in the ranking.") % {"name": first.bid.lead.name},
            _("Award it to them. What cannot stand is annulled, with the reason, in public."),
        )
    partners = offer.bid.partners.filter(agreed_at__isnull=False).select_related("institution")
    return _award(
        held,
        Award(
            delivery=held,
            kind=AwardKind.CALL,
            offer=offer,
            value=offer.price,
            scope=offer.lot.title,
            reasons=reasons,
            awarded_at=at,
            awarded_by=by,
            standstill_until=at + timedelta(days=offer.lot.call.standstill_days),
        ),
        [offer.bid.lead, *[one.institution for one in partners]],
        free(held, but=offer.lot),
    )


@transaction.atomic
def award_directly(
    *,
    delivery: Delivery,
    kind: AwardKind | str,
    suppliers: Sequence[Institution],
    value: int,
    reasons: Words,
    by: Person,
    at: datetime,
    scope: Words = "",
    standstill_days: int = STANDSTILL,
) -> Award:
    """Award without a call: directly, as a grant, or to the responsible body itself.

    `reasons` says on what basis there was no call. What is promised to an open call stays reserved.
    """
    held = held_by(delivery, by)
    kind = AwardKind(kind)
    if reason := rules.why_not_award_directly(held, kind, suppliers, str(reasons)):
        raise Refused(reason, status=422)
    if reason := rules.why_not_without_call(held, kind, value):
        raise Refused(reason, _("Call for bids, or award less."), status=422)
    # Nobody lost the work that the responsible body does itself.
    days = 0 if kind == AwardKind.OWN else min(max(standstill_days, 0), rules.MOST_STANDSTILL)
    made = Award(
        delivery=held,
        kind=kind,
        value=value,
        scope=scope,
        reasons=reasons,
        awarded_at=at,
        awarded_by=by,
        standstill_until=at + timedelta(days=days),
    )
    return _award(held, made, suppliers, free(held))


@transaction.atomic
def complain(
    *, award: Award, institution: Institution, text: str, by: Person, at: datetime
) -> Complaint:
    """Object to an award while its agreement may not be signed; the answer is public, too."""
    held = hold(award.delivery)
    stored = Award.objects.select_related("annulment", "offer__lot").get(pk=award.pk)
    if reason := rules.why_not_complain(stored, institution, by, at):
        raise Refused(reason, status=403)
    if not text.strip():
        raise Refused(_("Say what you complain of."), status=422)
    made = Complaint.objects.create(award=stored, by=institution, text=text, at=at)
    note("complaint", held, at, by, {"by": words(institution.name)})
    what = gettext_lazy("An award is complained of. No agreement is signed until you answer.")
    ask([held.responsible], held, what, stored, at, but=by)
    return made


@transaction.atomic
def answer(
    *, complaint: Complaint, answer: Words, is_upheld: bool, by: Person, at: datetime
) -> Complaint:
    """Answer a complaint in public. One that is upheld annuls the award."""
    held = hold(complaint.award.delivery)
    stored = Complaint.objects.select_related("award__delivery", "by").get(pk=complaint.pk)
    if reason := rules.why_not_answer(stored, by):
        raise Refused(reason, status=409 if stored.answered_at else 403)
    if not str(answer).strip():
        raise Refused(_("An answer has reasons: say them."), status=422)
    stored.answer, stored.answered_at, stored.is_upheld = answer, at, is_upheld
    stored.save(update_fields=["answer", "answered_at", "is_upheld"])
    note("answered", held, at, by, {"party": words(stored.by.name), "upheld": is_upheld})
    ask([stored.by], held, gettext_lazy("A complaint is answered"), stored.award, at)
    if is_upheld and not hasattr(stored.award, "annulment"):
        _annul(held, stored.award, answer, by, at)
    return stored


@transaction.atomic
def annul(*, award: Award, reason: Words, by: Person, at: datetime) -> Annulment:
    """The award does not stand; its value may be awarded again."""
    held = held_by(award.delivery, by)
    stored = Award.objects.select_related("annulment", "delivery", "offer__lot__call").get(
        pk=award.pk
    )
    if why := rules.why_party_to(stored, by):
        raise Refused(why, status=403)
    if why := rules.why_not_annul(stored, str(reason)):
        raise Refused(why, status=409)
    return _annul(held, stored, reason, by, at)


@transaction.atomic
def give_back(
    *, delivery: Delivery, by: Person, at: datetime, amount: int | None = None
) -> list[Posting]:
    """Give what is left back to the pots, or so much of it; nothing that is reserved for a call."""
    held = held_by(delivery, by)
    left = free(held)
    given = left if amount is None else amount
    if reason := rules.why_not_give_back(held, given, left):
        raise Refused(reason)
    return return_money(held, given, by, at)


def return_money(held: Delivery, amount: int, by: Person, at: datetime) -> list[Posting]:
    """Each pot gets back in proportion to what it gave to the project's area and has not got back.

    Whole minor units by largest remainder, so the parts add up and no pot gets more than it gave.
    """
    area = held.project.area
    pots = Pot.objects.filter(allocations__area=area).order_by("pk")
    locked = list(pots.select_for_update(of=("self",), no_key=True))
    gave = dict(Allocation.objects.filter(area=area).values_list("pot", "amount"))
    came = Posting.objects.filter(kind=PostingKind.RETURNED, delivery__project__area=area)
    for pot, back in came.values_list("pot", "amount"):
        gave[pot] -= back
    parts = rules.in_proportion(amount, [gave[pot.pk] for pot in locked])
    posted = [
        Posting.objects.create(
            kind=PostingKind.RETURNED, delivery=held, pot=pot, amount=part, at=at
        )
        for pot, part in zip(locked, parts, strict=True)
        if part
    ]
    tell(held, StepKind.RETURNED, at, by, amount=amount)
    return posted


def _award(held: Delivery, made: Award, suppliers: Sequence[Institution], free: int) -> Award:
    at, by = made.awarded_at, made.awarded_by
    assert by
    if why := why_both_sides(held, suppliers, by):
        raise Refused(why, status=403)
    if made.value <= 0:
        raise Refused(_("An award is worth something."), status=422)
    if made.value > free:
        raise Refused(
            _("Only %(free)s of the cost is left to award.")
            % {"free": money(free, held.project.process.currency)},
            _("Award at most that. What an open call may cost stays reserved for it."),
        )
    made.save()
    Supplier.objects.bulk_create(
        Supplier(award=made, institution=one, position=position)
        for position, one in enumerate(suppliers)
    )
    Posting.objects.create(
        kind=PostingKind.AWARDED, delivery=held, award=made, amount=made.value, at=at
    )
    if held.awarded_at is None:
        held.awarded_at = at
        held.save(update_fields=["awarded_at"])
    tell(
        held,
        StepKind.AWARDED,
        at,
        by,
        text=made.reasons,
        about=made.scope,
        party=suppliers[0],
        amount=made.value,
        facts={"kind": made.kind, "award": made.pk},
    )
    _mail(made, "award_yours", [one.pk for one in suppliers], by)
    if made.offer:
        there = Offer.objects.filter(lot=made.offer.lot).exclude(pk=made.offer.pk)
        bids = there.values("bid")
        partners = Partner.objects.filter(bid__in=bids).values_list("institution", flat=True)
        _mail(made, "award_not_yours", {*there.values_list("bid__lead", flat=True), *partners}, by)
    return made


def _mail(award: Award, what: str, institutions: Iterable[int], by: Person) -> None:
    """Tell who speaks for those that bid what became of it, and until when they may object."""
    write_all(
        to=speakers(institutions, but=by),
        template=f"delivery/mail/{what}.txt",
        context={
            "award": award,
            "project": award.delivery.project,
            "winner": suppliers_of(award)[0],
        },
        at=award.awarded_at,
    )


def _annul(held: Delivery, award: Award, reason: Words, by: Person, at: datetime) -> Annulment:
    posting = Posting.objects.get(award=award, kind=PostingKind.AWARDED)
    made = Annulment.objects.create(award=award, reason=reason, at=at)
    Posting.objects.create(
        kind=PostingKind.AWARDED,
        delivery=held,
        award=award,
        reverses=posting,
        amount=-posting.amount,
        at=at,
    )
    if not standing(held).exists():
        held.awarded_at = None
        held.save(update_fields=["awarded_at"])
        stop_looking(held)
    parties = suppliers_of(award)
    tell(
        held, StepKind.ANNULLED, at, by, text=reason, party=parties[0], amount=award.value,
        facts={"award": award.pk},
    )  # fmt: skip
    ask(parties, held, gettext_lazy("An award to you was annulled"), award, at, but=by)
    return made
