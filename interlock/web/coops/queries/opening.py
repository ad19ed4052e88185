"""Which co-ops somebody is inside of, or could open."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from interlock.web.coops.models import Coop, Member, Standing
from interlock.web.coops.rules.access import BELONGING
from interlock.web.institutions.models import Group, Institution
from interlock.web.institutions.queries import looked_after_by
from interlock.web.people.models import Person


def coops_of(person: Person) -> QuerySet[Coop]:
    """Those that a person is inside of: as steward, or as who they are in the register."""
    there = Standing.objects.filter(
        member__coop=OuterRef("pk"),
        member__person=person,
        until__isnull=True,
        status__in=BELONGING,
    )
    steward = Q(institution__in=person.memberships.stewards().values("institution"))
    return Coop.objects.filter(steward | Exists(there)).select_related("institution").order_by("pk")


def left_by(person: Person) -> QuerySet[Member]:
    """Who a person was in co-ops that they are not inside of any more: their account is there still."""
    gone = Standing.objects.filter(until__isnull=True).exclude(status__in=BELONGING)
    found = Member.objects.filter(person=person, standings__in=gone, coop__closed_at=None)
    inside = coops_of(person).order_by().values("pk")
    return found.exclude(coop__in=inside).select_related("coop__institution").order_by("pk")


def to_open_by(person: Person) -> QuerySet[Institution]:
    """The co-ops a person looks after whose inside is not here yet."""
    return looked_after_by(person).filter(
        kind__group=Group.COOPERATIVE, coop=None, left_at=None, leaving_at=None
    )
