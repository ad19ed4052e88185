"""What waits for a person in the deliveries they have a part in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interlock.web.delivery.models import (
    Award,
    Complaint,
    Delivery,
    Payment,
    Report,
    Version,
)
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting


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
    own = list(person.memberships.stewards().values_list("institution", flat=True))
    spoken = list(person.memberships.speakers().values_list("institution", flat=True))
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
    """The same, as the desk tells it."""
    for one in todo(person):
        yield Waiting(one.label, one.url, str(one.delivery.project.title))


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
        | Q(payee__in=spoken, invoiced_at=None)
        | Q(payee__in=spoken, paid_at__isnull=False, receipt=None)
    )
    for one in _of(found, "agreement__award__delivery", delivery):
        if one.paid_at:
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
