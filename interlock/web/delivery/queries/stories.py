"""Where deliveries stand, what happened, and what their money became."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from interlock.web.budgets.models import Process
from interlock.web.delivery.models import (
    Award,
    Call,
    Delivery,
    Posting,
    Stage,
    Step,
    StepKind,
    Supplier,
)

#: What each stage asks of the times that are set, the first that fits being it.
STAGES = {
    Stage.DONE: Q(done_at__isnull=False),
    Stage.GIVEN_UP: Q(given_up_at__isnull=False),
    Stage.STUCK: Q(stuck_at__isnull=False),
    Stage.UNDER_WAY: Q(begun_at__isnull=False),
    Stage.AWARDED: Q(awarded_at__isnull=False),
    Stage.CALLED: Q(called_at__isnull=False),
    Stage.PREPARING: Q(),
}
OVER = STAGES[Stage.DONE] | STAGES[Stage.GIVEN_UP]


def deliveries() -> QuerySet[Delivery]:
    """Each with its project, its responsible body, and `paid`: what was paid for it so far."""
    posted = Posting.objects.filter(delivery=OuterRef("pk"), kind="paid").order_by()
    paid = posted.values("delivery").annotate(sum=Sum("amount")).values("sum")
    found = Delivery.objects.select_related(
        "project__process__institution", "project__area", "responsible"
    )
    return found.annotate(paid=Coalesce(Subquery(paid), 0))


def in_a_list() -> QuerySet[Delivery]:
    """The same, each with those who deliver it; what changed last comes first."""
    suppliers = Supplier.objects.filter(award__annulment=None).select_related("institution")
    awards = Award.objects.filter(annulment=None).prefetch_related(
        Prefetch("suppliers", queryset=suppliers)
    )
    last = Step.objects.filter(delivery=OuterRef("pk")).order_by("-at").values("at")[:1]
    found = deliveries().prefetch_related(Prefetch("awards", queryset=awards))
    return found.order_by(Coalesce(Subquery(last), F("recorded_at")).desc(), "pk")


def at_stage(found: QuerySet[Delivery], stage: Stage) -> QuerySet[Delivery]:
    """Those of them at this stage."""
    wanted = Q()
    for one, fits in STAGES.items():
        if one == stage:
            return found.filter(wanted & fits)
        wanted &= ~fits
    raise AssertionError(stage)


def late(found: QuerySet[Delivery], today: date) -> QuerySet[Delivery]:
    return found.filter(~OVER, due_on__lt=today)


def is_late(delivery: Delivery, today: date) -> bool:
    over = delivery.done_at or delivery.given_up_at
    return not over and delivery.due_on is not None and delivery.due_on < today


@dataclass(frozen=True)
class Sums:
    """How many, and what became of the money, in minor units."""

    number: int
    done: int
    late: int
    cost: int
    awarded: int
    returned: int
    paid: int

    @property
    def unawarded(self) -> int:
        return self.cost - self.awarded - self.returned


def moved(process: Process) -> int:
    """How many of its projects were put off at least once."""
    delayed = Step.objects.filter(kind=StepKind.DELAYED, delivery__project__process=process)
    return delayed.order_by().values("delivery").distinct().count()


def sums(found: QuerySet[Delivery], today: date) -> Sums:
    told = found.order_by().aggregate(
        number=Count("pk"),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        late=Count("pk", filter=~OVER & Q(due_on__lt=today)),
        cost=Coalesce(Sum("cost"), 0),
        awarded=Coalesce(Sum("awarded"), 0),
        returned=Coalesce(Sum("returned"), 0),
    )
    posted = Posting.objects.filter(kind="paid", delivery__in=found.order_by().values("pk"))
    return Sums(**told, paid=posted.aggregate(sum=Sum("amount"))["sum"] or 0)


@dataclass(frozen=True)
class AreaStory:
    """The deliveries of one area of a process."""

    name: str
    deliveries: Sequence[Delivery]

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.deliveries)


def by_area(process: Process) -> list[AreaStory]:
    found = in_a_list().filter(project__process=process)
    areas: dict[int, list[Delivery]] = {}
    for one in found.order_by("project__area__position", "pk"):
        areas.setdefault(one.project.area_id, []).append(one)
    return [AreaStory(str(some[0].project.area.name), some) for some in areas.values()]


def call_of(delivery: Delivery, *, drafts: bool) -> Call | None:
    """The call that is on for it: the newest that was not cancelled, a draft only if asked."""
    found = delivery.calls.filter(cancelled_at=None).order_by("-pk")
    return (found if drafts else found.exclude(published_at=None)).first()


def reason(delivery: Delivery) -> object:
    """Why it is stuck or was given up, as long as it is."""
    kinds = {Stage.STUCK: StepKind.STUCK, Stage.GIVEN_UP: StepKind.GIVEN_UP}
    if delivery.stage not in kinds:
        return ""
    return delivery.steps.filter(kind=kinds[delivery.stage]).values_list("text", flat=True).first()


def steps(delivery: Delivery) -> QuerySet[Step]:
    """Its story, newest first."""
    return delivery.steps.select_related("by", "party", "picture")


def awards(delivery: Delivery) -> list[Award]:
    """All of them, each with its suppliers, its agreement and its annulment."""
    found = Award.objects.filter(delivery=delivery)
    found = found.select_related("agreement", "annulment", "offer__lot")
    suppliers = Supplier.objects.select_related("institution")
    return list(found.prefetch_related(Prefetch("suppliers", queryset=suppliers)))


def years(process: Process, today: date) -> Iterator[tuple[int, int]]:
    """How many were done in each year since the result."""
    done = Delivery.objects.filter(project__process=process, done_at__isnull=False)
    told = dict(done.order_by().values_list("done_at__year").annotate(number=Count("pk")))
    first = process.published_at.year if process.published_at else today.year
    for year in range(first, today.year + 1):
        yield year, told.get(year, 0)
