"""What waits for a person in the deliveries they have a part in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models import (
    Award,
    Bid,
    Call,
    Complaint,
    Custodian,
    Delivery,
    Lot,
    Panelist,
    Partner,
    Payment,
    Question,
    Report,
    Version,
)
from interlock.web.institutions.models import Membership, Role
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting

MOST_WAITING = 20  # of each kind of thing in calls


@dataclass(frozen=True)
class Todo:
    """One thing that the other side waits for: what it is called, and where it is done."""

    label: str | Promise
    url: str
    delivery: Delivery


def todo(person: Person, delivery: Delivery | None = None) -> list[Todo]:
    """All of it, what holds others up most first; of one delivery only, if one is given.

    One query for each kind of thing, whatever there is.
    """
    roles = list(person.memberships.speakers().values_list("institution", "role"))
    spoken = [institution for institution, _role in roles]
    own = [institution for institution, role in roles if role == Role.STEWARD]
    if not spoken:
        return []
    return [
        *_complaints(own, delivery),
        *_signatures(own, delivery),
        *_reports(own, delivery),
        *_payments(own, spoken, delivery),
        *_drafts(own, delivery),
    ]


def waiting(person: Person) -> Iterator[Waiting]:
    """The same, as the desk tells it; and what waits in calls."""
    for one in todo(person):
        yield Waiting(one.label, one.url, quoted=str(one.delivery.project.title))
    yield from _of_calls(person)


def _complaints(own: list[int], delivery: Delivery | None) -> Iterator[Todo]:
    found = Complaint.objects.filter(
        answered_at=None, award__annulment=None, award__delivery__responsible__in=own
    )
    for one in _of(found, "award__delivery", delivery):
        held = one.award.delivery
        yield Todo(_("Answer a complaint"), one.award.get_absolute_url(), held)


def _signatures(own: list[int], delivery: Delivery | None) -> Iterator[Todo]:
    """Drafts that one's own side has not signed, and for a deliverer those that the other has."""
    lead = Q(agreement__award__suppliers__institution__in=own)
    lead &= Q(agreement__award__suppliers__position=0, deliverer_signed_at=None)
    payer = Q(agreement__payer__in=own, payer_signed_at=None)
    found = Version.objects.filter(
        lead | payer,
        in_force_at=None,
        dropped_at=None,
        agreement__ended_at=None,
        agreement__award__annulment=None,
    ).distinct()
    for one in _of(found, "agreement__award__delivery", delivery):
        url = one.agreement.get_absolute_url()
        yield Todo(_("Read and sign the agreement"), url, one.agreement.award.delivery)


def _reports(own: list[int], delivery: Delivery | None) -> Iterator[Todo]:
    found = Report.objects.filter(
        acceptance=None,
        agreement__ended_at=None,
        agreement__award__delivery__responsible__in=own,
    )
    for one in _of(found, "agreement__award__delivery", delivery):
        url = reverse("delivery:answer", args=[one.pk])
        yield Todo(_("Answer a report"), url, one.agreement.award.delivery)


def _payments(own: list[int], spoken: list[int], delivery: Delivery | None) -> Iterator[Todo]:
    officer = Q(agreement__award__delivery__responsible__in=own)
    found = Payment.objects.filter(reversed_at=None).filter(
        officer & Q(invoiced_at__isnull=False, paid_at=None)
        | officer & Q(receipt__isnull=False) & ~Q(receipt__amount=F("amount"))
        | Q(payee__in=spoken, invoiced_at=None)
        | Q(payee__in=spoken, paid_at__isnull=False, receipt=None)
    )
    for one in _of(found.select_related("receipt"), "agreement__award__delivery", delivery):
        if hasattr(one, "receipt"):
            label = _("A payment of which the two sides say different things")
        elif one.paid_at:
            label = _("Say whether you got a payment")
        elif one.invoiced_at is None:
            label = _("Send an invoice")
        elif one.approved_at is None:
            label = _("Approve an invoice")
        else:
            label = _("Record a payment as paid")
        yield Todo(label, one.get_absolute_url(), one.agreement.award.delivery)


def _drafts(own: list[int], delivery: Delivery | None) -> Iterator[Todo]:
    found = Award.objects.filter(
        delivery__responsible__in=own, annulment=None, agreement=None
    ).exclude(kind="own")
    for one in _of(found, "delivery", delivery):
        url = reverse("delivery:draft", args=[one.pk])
        yield Todo(_("Draft the agreement"), url, one.delivery)


def _of(found, path: str, delivery: Delivery | None):  # type: ignore[no-untyped-def]
    """With the delivery each is of, and only of one if one is given."""
    if delivery:
        found = found.filter(**{path: delivery})
    return found.select_related(f"{path}__project__process", f"{path}__responsible")


def _of_calls(person: Person) -> Iterator[Waiting]:
    """Codes to take, bids to agree to and to open, questions, scores."""
    untaken = Custodian.objects.filter(
        person=person, key="", call__published_at=None, call__cancelled_at=None
    )
    for seat in untaken.select_related("call")[:MOST_WAITING]:
        yield _waits(_("Take your code as a custodian"), "delivery:custody", seat.call)
    own = person.memberships.stewards().values("institution")
    asked = Partner.objects.filter(
        institution__in=own,
        agreed_at=None,
        bid__call__closed_at=None,
        bid__call__cancelled_at=None,
    )
    for partner in asked.select_related("bid__call", "bid__lead")[:MOST_WAITING]:
        yield Waiting(
            _("%(name)s asks you to bid together") % {"name": partner.bid.lead},
            reverse("delivery:bid", args=[partner.bid.call_id, partner.bid_id]),
            quoted=str(partner.bid.call),
        )
    unsealed = Bid.objects.filter(
        lead__in=own, sealed_at=None, call__closed_at=None, call__cancelled_at=None
    )
    for bid in unsealed.select_related("call")[:MOST_WAITING]:
        url = reverse("delivery:bid", args=[bid.call_id, bid.pk])
        yield Waiting(_("Your bid is not sealed yet"), url, quoted=str(bid.call))
    for call in _to_organise(own)[:MOST_WAITING]:
        yield _waits(_next_of(call), "delivery:organise", call)
    seats = Panelist.objects.filter(
        person=person, call__opened_at__isnull=False, call__ranked_at=None, call__cancelled_at=None
    )
    for one in seats.select_related("call")[:MOST_WAITING]:
        what = _("Say whether you have a conflict, then score the bids")
        if one.declared_at:
            what = _("Score the bids")
        yield _waits(what, "delivery:scores", one.call)


def _to_organise(own: QuerySet[Membership, Any]) -> QuerySet[Call]:
    """Calls of one's own that wait for their officer."""
    here = {"call": OuterRef("pk")}
    asked = Exists(Question.objects.filter(answered_at=None, **here))
    unscored = Exists(Panelist.objects.filter(declared_at=None, **here))
    open_lots = Lot.objects.filter(no_award=None, **here).exclude(
        offers__awards__in=Award.objects.filter(annulment=None)
    )
    found = Call.objects.filter(issuer__in=own, cancelled_at=None, url="")
    return found.filter(
        Q(published_at=None)
        | Q(closed_at=None) & asked
        | Q(closed_at__isnull=False, opened_at=None)
        | Q(opened_at__isnull=False, ranked_at=None) & ~unscored
        | Q(ranked_at__isnull=False) & Exists(open_lots)
    )


def _next_of(call: Call) -> Promise:
    """What its officer does next."""
    if call.published_at is None:
        return _("Finish the draft of a call, and publish it")
    if call.closed_at is None:
        return _("A question about a call waits for your answer")
    if call.opened_at is None:
        return _("Open the sealed bids")
    if call.ranked_at is None:
        return _("Rank the bids once all scores are in")
    return _("Award what was ranked, or say why nobody gets it")


def _waits(what: str | Promise, page: str, call: Call) -> Waiting:
    return Waiting(what, reverse(page, args=[call.pk]), quoted=str(call))
