"""Reading by machine what became of what residents chose. Amounts are in minor units."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from interlock.web.delivery.actions.calls import close_if_due
from interlock.web.delivery.models import Agreement, Award, Call, Delivery, Stage, Step
from interlock.web.delivery.queries import agreeing
from interlock.web.delivery.queries import calls as called
from interlock.web.delivery.queries import stories as queries
from interlock.web.delivery.queries.evaluating import ranking_of
from interlock.web.look.refusals import Refused
from interlock.web.record.wording import words

router = Router(tags=["delivery"])
A_PAGE = 100

Words = dict[str, str] | str


class DeliveryOut(Schema):
    process: str
    project: str
    title: Words
    responsible: str
    stage: str
    due_on: date | None
    currency: str
    cost: int
    awarded: int
    returned: int
    unawarded: int
    paid: int
    suppliers: list[str]
    synthetic: bool


class StepOut(Schema):
    kind: str
    at: datetime
    by: str | None
    text: Words
    about: Words
    party: str | None
    amount: int | None
    due_before: date | None
    due_after: date | None


class MilestoneOut(Schema):
    code: str
    title: Words
    due_on: date
    amount: int
    accepted: int


class PaymentOut(Schema):
    number: int
    kind: str
    code: str
    payee: str
    amount: int
    invoiced_at: datetime | None
    approved_at: datetime | None
    paid_on: date | None
    received: int | None
    received_on: date | None
    reversed_at: datetime | None


class AgreementOut(Schema):
    number: int
    signed_at: datetime | None
    ended_at: datetime | None
    value: int
    advance: int
    retainage: int
    accepted: int
    approved: int
    paid: int
    milestones: list[MilestoneOut]
    payments: list[PaymentOut]


class AwardOut(Schema):
    number: int
    kind: str
    value: int
    suppliers: list[str]
    reasons: Words
    awarded_at: datetime
    standstill_until: datetime
    annulled_at: datetime | None
    agreement: AgreementOut | None


class WholeDeliveryOut(DeliveryOut):
    plan: Words
    steps: list[StepOut]
    awards: list[AwardOut]


def _delivery(one: Delivery) -> dict[str, object]:
    return {
        "process": one.project.process.slug,
        "project": one.project.ref,
        "title": words(one.project.title),
        "responsible": one.responsible.slug,
        "stage": one.stage.value,
        "due_on": one.due_on,
        "currency": one.project.process.currency,
        "cost": one.cost,
        "awarded": one.awarded,
        "returned": one.returned,
        "unawarded": one.unawarded,
        "paid": one.paid,  # type: ignore[attr-defined]
        "suppliers": [supplier.slug for supplier in one.deliverers],
        "synthetic": one.project.process.is_synthetic,
    }


def _step(one: Step) -> dict[str, object]:
    return {
        "kind": one.kind,
        "at": one.at,
        "by": one.by.slug if one.by else None,
        "text": words(one.text),
        "about": words(one.about),
        "party": one.party.slug if one.party else None,
        "amount": one.amount,
        "due_before": one.due_before,
        "due_after": one.due_after,
    }


def _agreement(one: Agreement) -> dict[str, object]:
    """`retainage` is in hundredths of a per cent of what is accepted."""
    milestones = [
        {
            "code": story.milestone.code,
            "title": words(story.milestone.title),
            "due_on": story.milestone.due_on,
            "amount": story.milestone.amount,
            "accepted": story.accepted,
        }
        for story in agreeing.terms(one).stories
    ]
    payments = []
    for payment in agreeing.payments(one):
        receipt = getattr(payment, "receipt", None)
        payments.append(
            {
                "number": payment.pk,
                "kind": payment.kind,
                "code": payment.code,
                "payee": payment.payee.slug,
                "amount": payment.amount,
                "invoiced_at": payment.invoiced_at,
                "approved_at": payment.approved_at,
                "paid_on": payment.paid_on,
                "received": receipt.amount if receipt else None,
                "received_on": receipt.received_on if receipt else None,
                "reversed_at": payment.reversed_at,
            }
        )
    names = ("signed_at", "ended_at", "value", "advance", "retainage", "accepted", "approved")
    told = {name: getattr(one, name) for name in (*names, "paid")}
    return {"number": one.pk, **told, "milestones": milestones, "payments": payments}


def _award(one: Award) -> dict[str, object]:
    agreement = getattr(one, "agreement", None)
    annulment = getattr(one, "annulment", None)
    return {
        "number": one.pk,
        "kind": one.kind,
        "value": one.value,
        "suppliers": [supplier.institution.slug for supplier in one.suppliers.all()],
        "reasons": words(one.reasons),
        "awarded_at": one.awarded_at,
        "standstill_until": one.standstill_until,
        "annulled_at": annulment.at if annulment else None,
        "agreement": _agreement(agreement) if agreement else None,
    }


@router.get(
    "/deliveries", response=list[DeliveryOut], summary="Funded projects and where they stand"
)
def deliveries(
    request: HttpRequest, process: str = "", stage: str = "", offset: int = 0
) -> list[dict[str, object]]:
    """At most a hundred from `offset` on, what changed last first; of one process, or at one stage."""
    found = queries.in_a_list()
    if process:
        found = found.filter(project__process__slug=process.replace("\0", ""))
    if stage in Stage.values:
        found = queries.at_stage(found, Stage(stage))
    start = min(max(offset, 0), 10**6)
    return [_delivery(one) for one in found[start : start + A_PAGE]]


@router.get(
    "/deliveries/{process}/{project}",
    response=WholeDeliveryOut,
    summary="One funded project: story, awards, agreements, milestones and payments",
)
def delivery(request: HttpRequest, process: str, project: str) -> dict[str, object]:
    """Newest step first. What stands annulled or ended stays in it."""
    one = get_object_or_404(
        queries.in_a_list(), project__process__slug=process, project__ref=project
    )
    return {
        **_delivery(one),
        "plan": words(one.plan),
        "steps": [_step(step) for step in queries.steps(one)],
        "awards": [_award(award) for award in queries.awards(one)],
    }


class CallOut(Schema):
    id: int
    url: str
    stage: str
    issuer: str
    title: Words
    scope: Words
    activity: str
    currency: str
    budget: int | None
    held_at: str
    closes_at: datetime
    zone: str
    sha256: str
    synthetic: bool


class OfferOut(Schema):
    bidders: list[str]
    lot: int
    price: int
    excluded_for: str


class WholeCallOut(CallOut):
    terms: dict[str, Any]
    offers: list[OfferOut]


def _out(call: Call) -> dict[str, Any]:
    plain = ("activity", "currency", "budget", "closes_at", "zone", "sha256")
    return {
        "id": call.pk,
        "url": f"{settings.INTERLOCK_ORIGIN}{call.get_absolute_url()}",
        "stage": call.stage.value,
        "issuer": call.issuer.slug,
        "title": words(call.title),
        "scope": words(call.scope),
        "held_at": call.url,
        "synthetic": call.issuer.is_synthetic,
        **{name: getattr(call, name) for name in plain},
    }


@router.get("/calls", response=list[CallOut], summary="Calls for delivery partners")
def calls(
    request: HttpRequest, state: str = "", activity: str = "", near: str = "", offset: int = 0
) -> list[dict[str, Any]]:
    """Open ones, the next to close first; with state=past those that are closed or cancelled."""
    found = called.search(called.wanted(request.GET.dict())).calls
    start = min(max(offset, 0), 10**6)
    return [_out(one) for one in found[start : start + A_PAGE]]


@router.get("/calls/{number}", response=WholeCallOut, summary="One call, with its frozen terms")
def call(request: HttpRequest, number: int) -> dict[str, Any]:
    """Amounts are minor units. Offers are there once the bids are opened."""
    found = _found(number)
    bidders = called.bidders_of(found) if found.opened_at else []
    offers = [
        {
            "bidders": [bid.lead.slug, *(one.institution.slug for one in bid.partners.all())],
            "lot": offer.lot.position,
            "price": offer.price,
            "excluded_for": offer.reason,
        }
        for bid in bidders
        for offer in bid.offers.all()
    ]
    return {**_out(found), "terms": found.terms, "offers": offers}


@router.get("/calls/{number}/ranking", response=dict[str, Any], summary="The ranking of a call")
def ranking(request: HttpRequest, number: int) -> dict[str, Any]:
    """Each step of the arithmetic; exact numbers are texts. 409 until the bids are ranked."""
    found = _found(number)
    if found.ranked_at is None:
        raise Refused("The bids of this call are not ranked yet.")
    return ranking_of(found).to_json()


def _found(number: int) -> Call:
    among = called.whole().filter(published_at__isnull=False)
    return close_if_due(call=get_object_or_404(among, pk=number), at=timezone.now())
