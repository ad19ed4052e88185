"""Rounds of a co-op's own PB: where they stand, and who may see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.budgets.models import Phase, Project
from interlock.web.coops.models import (
    Account,
    Allowance,
    Coop,
    Goal,
    Member,
    Office,
    OfficeKind,
    Pledge,
    Round,
    Standing,
    Transfer,
    TransferKind,
)
from interlock.web.coops.queries.bylaws import terms
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.coops.queries.members import electorate, still_here
from interlock.web.coops.rules.access import BELONGING
from interlock.web.coops.rules.rounds import SOURCES, statuses
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import looked_after_by
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting

#: A desk that shows more than this is read by nobody.
MOST_WAITING = 10


def belonged_to(person: Person) -> QuerySet[Institution]:
    """The co-ops that a person is in today; who looks after one is asked elsewhere."""
    return Institution.objects.filter(
        coop__members__in=Member.objects.filter(
            person=person, standings__until__isnull=True, standings__status__in=BELONGING
        )
    )


def rounds(coop: Coop) -> QuerySet[Round]:
    """Each with what its line in a list tells, the newest first."""
    return coop.rounds.select_related(
        "coop__institution", "process__box", "process__institution", "source", "account"
    )


def next_number(coop: Coop) -> int:
    return (coop.rounds.aggregate(last=Max("number"))["last"] or 0) + 1


def electors(held: Round, day: date) -> list[Member]:
    """Who takes part: those of the right status in the register of the record date who are still here.

    Where the bylaws ask that members have been so for some days before they decide, they ask it here too.
    """
    stored = bylaws_on(held.coop, day)
    days = terms(stored).rule("ordinary").electorate.least_days if stored else 0
    found = electorate(held.coop, statuses(held.with_candidates), day, days)
    return list(found.filter(pk__in=still_here(held.coop)).select_related("person"))


def sources(coop: Coop) -> list[Account]:
    """The funds and commons pots that have something to give."""
    return list(coop.accounts.filter(kind__in=SOURCES, balance__gt=0))


def source_in_words(source: Account) -> str:
    """Where the money of a round comes from: the account, and the year that it had it from."""
    closing = Transfer.objects.filter(credit=source, kind=TransferKind.CLOSE, year__isnull=False)
    year = closing.order_by("-pk").values_list("year__number", flat=True).first()
    if year is None:
        return source.shown
    return _("%(account)s, year %(year)s") % {"account": source.shown, "year": year}


def pledges_due(at: datetime) -> list[Round]:
    """Pledged rounds whose end has come."""
    found = Round.objects.filter(
        is_pledged=True, opened_at__isnull=False, settled_at=None, process__closes_at__lte=at
    )
    return list(found.select_related("coop__institution"))


def funded_sum(held: Round) -> int:
    """What the funded projects of a round get."""
    goals = Goal.objects.filter(project__process=held.process)
    return goals.aggregate(sum=Sum("funded"))["sum"] or 0


@dataclass(frozen=True)
class Line:
    """A project of a round: what it needs, what is pledged to it, and what oneself gives to it."""

    project: Project
    goal: Goal
    pledged: int
    mine: int
    is_own: bool

    @property
    def is_reached(self) -> bool:
        return self.pledged >= self.goal.minimum


def lines(held: Round, member: Member | None) -> list[Line]:
    """The projects of a round in the order they were entered. What others give is told in sum only."""
    goals = Goal.objects.filter(project__process=held.process).select_related(
        "project__process", "proposed_by"
    )
    given = Pledge.objects.filter(allowance__round=held)
    sums = dict(given.order_by().values_list("project").annotate(sum=Sum("amount")))
    own = given.filter(allowance__member=member) if member else given.none()
    mine = dict(own.values_list("project", "amount"))
    return [
        Line(
            project=one.project,
            goal=one,
            pledged=sums.get(one.project_id, 0),
            mine=mine.get(one.project_id, 0),
            is_own=member is not None and one.proposed_by_id == member.pk,
        )
        for one in goals.order_by("project__pk")
    ]


def allowance(held: Round, member: Member | None) -> Allowance | None:
    return held.allowances.filter(member=member).first() if member else None


def rounds_waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: pledges one has not made, votes that are open, and results that wait."""
    inside = Round.objects.filter(coop__institution__in=belonged_to(person).values("pk"))
    on = OuterRef("record_on")
    then = Standing.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on),
        member__person=person,
        member__coop=OuterRef("coop"),
        since__lte=on,
    )
    going = (
        inside.filter(opened_at__isnull=False, settled_at=None)
        .annotate(was=Subquery(then.values("status")[:1]))
        .select_related("coop__institution", "process__box")
    )
    mine = set(
        Allowance.objects.filter(member__person=person, pledged=0, amount__gt=0).values_list(
            "round", flat=True
        )
    )
    for one in going.order_by("pk")[:MOST_WAITING]:
        if one.is_pledged and one.pk in mine:
            yield Waiting(
                _("Pledge what you have"), one.get_absolute_url(), quoted=str(one.process)
            )
        elif one.process.phase is Phase.OPEN and one.was in statuses(one.with_candidates):
            yield Waiting(_("Cast your ballot"), one.get_absolute_url(), quoted=str(one.process))
    kept = Q(coop__institution__in=looked_after_by(person).values("pk")) | Q(
        coop__members__offices__in=Office.objects.filter(
            member__person=person, kind=OfficeKind.TREASURER, until__isnull=True
        )
    )
    counted = Round.objects.filter(
        kept, process__counted_at__isnull=False, process__published_at=None, settled_at=None
    )
    found = counted.select_related("coop__institution", "process").distinct()
    for due in found.order_by("pk")[:MOST_WAITING]:
        yield Waiting(
            _("Publish the result to the members"), due.get_absolute_url(), quoted=str(due)
        )


class Stage(models.TextChoices):
    """Where a round stands: it follows from what has happened."""

    IDEAS = "ideas", gettext_lazy("Projects are gathered")
    OPEN = "open", gettext_lazy("Open to the members")
    COUNT = "count", gettext_lazy("Counted and shown")
    OVER = "over", gettext_lazy("Over, the rest goes back")


def stage(held: Round) -> Stage:
    if held.settled_at:
        return Stage.OVER
    if held.opened_at is None:
        return Stage.IDEAS
    if held.is_pledged or held.process.phase is Phase.OPEN:
        return Stage.OPEN
    return Stage.COUNT


def stage_steps(held: Round) -> list[tuple[Stage, str]]:
    """The stages in order, each done, now or to come; pledges need no count."""
    stages = [one for one in Stage if not (held.is_pledged and one is Stage.COUNT)]
    here = stages.index(stage(held))
    last = len(stages) - 1
    return [
        (one, "done" if place < here or here == last else "now" if place == here else "later")
        for place, one in enumerate(stages)
    ]
