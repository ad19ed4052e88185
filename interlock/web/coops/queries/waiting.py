"""What waits for a person in their co-ops' decisions."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from interlock.web.coops.models import Coop, Decision, Elector, Office, OfficeKind, Standing
from interlock.web.coops.rules.access import BELONGING
from interlock.web.institutions.models import Role
from interlock.web.look.amounts import moment
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting

MOST = 20


def decisions_waiting(person: Person) -> Iterator[Waiting]:
    """Votes that are open to them, and what only a secretary can do. Five queries at most."""
    yield from _votes(person)
    kept = list(_kept(person))
    if kept:
        yield from _objections(kept)
        yield from _minutes(kept)


def _votes(person: Person) -> Iterator[Waiting]:
    """An open vote waits until it is given; a secret one until it ends, since nobody knows."""
    still = Standing.objects.filter(member__person=person, until__isnull=True, status__in=BELONGING)
    mine = Elector.objects.filter(
        decision=OuterRef("pk"), member__in=still.values("member"), vote=None
    )
    found = Decision.objects.filter(
        opened_at__isnull=False, decided_at=None, cancelled_at=None, hands__isnull=True
    )
    for one in (
        found.filter(Exists(mine)).select_related("coop__institution").order_by("closes_at")[:MOST]
    ):
        yield Waiting(
            _("Vote on a decision"),
            _page(one),
            _("Until %(time)s") % {"time": moment(one.closes_at, one.coop.zone)}
            if one.closes_at
            else "",
            quoted=one.title,
        )


def _kept(person: Person) -> set[int]:
    """The co-ops whose register somebody keeps."""
    roles = person.memberships.speakers().filter(role=Role.STEWARD).values("institution")
    office = Office.objects.filter(
        member__person=person, kind=OfficeKind.SECRETARY, until__isnull=True
    )
    kept = Q(institution__in=roles) | Q(pk__in=office.values("member__coop"))
    return set(Coop.objects.filter(kept, closed_at=None).values_list("pk", flat=True))


def _objections(kept: list[int]) -> Iterator[Waiting]:
    found = Decision.objects.filter(
        coop__in=kept,
        opened_at__isnull=False,
        decided_at=None,
        cancelled_at=None,
        objections__withdrawn_at=None,
        objections__resolution="",
        objections__isnull=False,
    )
    for one in found.select_related("coop__institution").distinct().order_by("closes_at")[:MOST]:
        yield Waiting(_("Answer an objection"), f"{_page(one)}#objections", quoted=one.title)


def _minutes(kept: list[int]) -> Iterator[Waiting]:
    found = Decision.objects.filter(coop__in=kept, decided_at__isnull=False).filter(
        Q(minutes=None) | Q(minutes__signed_at=None)
    )
    for one in found.select_related("coop__institution").order_by("decided_at", "pk")[:MOST]:
        url = reverse("coops:minutes", args=[one.coop.institution.slug, one.pk])
        yield Waiting(_("Write the minutes"), url, quoted=one.title)


def _page(decision: Decision) -> str:
    return decision.get_absolute_url()
