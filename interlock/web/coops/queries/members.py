"""The register of a co-op at any day, and what it adds up to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Lower

from interlock.web.coops.models import Coop, Member, Standing, Status
from interlock.web.coops.rules.access import BELONGING
from interlock.web.people.models import Person

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Then(TypedDict):
        status: str
        since: date

    Registered = WithAnnotations[Member, Then]

#: At least so much of those who work there have to be members or candidates: CA Corp. Code §12253.5.
LEAST_SHARE = 51


def register_on(coop: Coop, day: date) -> "QuerySet[Registered]":
    """Everybody who was something to the co-op on a day, with their `status` then and `since` when."""
    then = Q(standings__since__lte=day) & (
        Q(standings__until__isnull=True) | Q(standings__until__gt=day)
    )
    return (
        coop.members.annotate(standing=FilteredRelation("standings", condition=then))
        .filter(standing__isnull=False)
        .annotate(status=F("standing__status"), since=F("standing__since"))
        .order_by("name", "pk")
    )


def electorate(
    coop: Coop, statuses: Iterable[str], day: date, tenure_days: int
) -> "QuerySet[Registered]":
    """Those of these statuses on a day who had been so for as many days by then."""
    return register_on(coop, day).filter(
        status__in=list(statuses), since__lte=day - timedelta(tenure_days)
    )


def still_here(coop: Coop) -> "QuerySet[Standing, int]":
    """The keys of those who belong to the co-op now, whatever they were before."""
    now = Standing.objects.filter(member__coop=coop, until__isnull=True, status__in=BELONGING)
    return now.order_by().values_list("member", flat=True)


@dataclass(frozen=True)
class Workforce:
    """How many of each status there are, and whether enough of who works there is inside."""

    numbers: dict[Status, int]

    @property
    def members(self) -> int:
        return self.numbers[Status.MEMBER]

    @property
    def candidates(self) -> int:
        return self.numbers[Status.CANDIDATE]

    @property
    def inside(self) -> int:
        """Members and candidates. Inactive members do not work, so that they are on neither side."""
        return self.members + self.candidates

    @property
    def workers(self) -> int:
        return self.inside + self.numbers[Status.WORKER]

    @property
    def enough(self) -> bool:
        return self.inside * 100 >= LEAST_SHARE * self.workers

    @property
    def needed(self) -> int:
        """How many of the workers have to be members or candidates, rounded up."""
        return -(-LEAST_SHARE * self.workers // 100)


def workforce(coop: Coop, day: date) -> Workforce:
    found = register_on(coop, day).order_by().values_list("status").annotate(Count("pk"))
    return _counted({Status(status): number for status, number in found})


def workforce_of(register: "Iterable[Registered]") -> Workforce:
    """The same of a register that was read."""
    return _counted(Counter(Status(one.status) for one in register))


def _counted(numbers: Mapping[Status, int]) -> Workforce:
    return Workforce({one: numbers.get(one, 0) for one in Status})


def to_invite(coop: Coop) -> QuerySet[Member]:
    """Those who have an address, were never asked whether it is they, and have not left."""
    former = Standing.objects.filter(until__isnull=True, status=Status.FORMER)
    return (
        coop.members.filter(person=None, invited_at=None)
        .exclude(email="")
        .exclude(pk__in=former.values("member"))
        .order_by("name", "pk")
    )


def invitations_of(person: Person) -> QuerySet[Member]:
    """The members, with this person's address, of whom nobody has said yet that it is they."""
    return (
        Member.objects.annotate(address=Lower("email"))
        .filter(
            address=person.email.lower(),
            person=None,
            invited_at__isnull=False,
            coop__closed_at=None,
        )
        .exclude(coop__members__person=person)
        .select_related("coop__institution")
        .order_by("pk")
    )
