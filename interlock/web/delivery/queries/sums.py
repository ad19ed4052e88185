"""What all deliveries add up to, and those of one process; from postings, in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db.models import Count, DateTimeField, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear
from i18nfield.strings import LazyI18nString

from interlock.web.budgets.models import Area, Pot, Process
from interlock.web.delivery.models import (
    Delivery,
    Kept,
    Payment,
    Posting,
    PostingKind,
    Stage,
    Step,
    StepKind,
)
from interlock.web.delivery.rules.sums import FEWEST, THREE_YEARS
from interlock.web.institutions.models import Institution, Kind

DAY = 24 * 60 * 60


@dataclass
class ByKind:
    """What one kind of institution was awarded and paid."""

    kind: str
    name: str
    awards: int = 0
    value: int = 0
    paid: int = 0

    @property
    def is_coop(self) -> bool:
        return self.kind == Kind.WORKER_COOP


@dataclass
class Money:
    """All amounts of one currency, in minor units.

    `spent` and `planned` are of what is done: what was paid for it, and what it was to cost.
    """

    currency: str
    funded: int = 0
    awarded: int = 0
    returned: int = 0
    planned: int = 0
    spent: int = 0
    pots: int = 0
    kept_parts: list[tuple[int, int]] = field(default_factory=list)
    kinds: dict[str, ByKind] = field(default_factory=dict)

    @property
    def paid(self) -> int:
        return sum(one.paid for one in self.kinds.values())

    @property
    def to_coops(self) -> int:
        return sum(one.paid for one in self.kinds.values() if one.is_coop)

    @property
    def coops_share(self) -> int | None:
        """Democratic delivery share: of what was paid, how much to worker co-ops, in per cent."""
        return _share(self.to_coops, self.paid)

    @property
    def loop(self) -> int | None:
        """Loop ratio: pots from worker co-ops over payments to worker co-ops, in per cent."""
        return _share(self.pots, self.to_coops)

    @property
    def kept(self) -> int | None:
        """Retention: of what co-ops were paid in the years that are told, in per cent."""
        return _share(
            sum(kept for kept, _received in self.kept_parts),
            sum(received for _kept, received in self.kept_parts),
        )

    @property
    def spent_share(self) -> int | None:
        return _share(self.spent, self.planned)

    @property
    def by_kind(self) -> list[ByKind]:
        """Those to whom most was paid first."""
        return sorted(self.kinds.values(), key=lambda one: (-one.paid, -one.value, one.kind))

    @property
    def most(self) -> int:
        return max((max(one.paid, one.value) for one in self.kinds.values()), default=0)


@dataclass(frozen=True)
class Took:
    """How many days something took from the published result, in the middle of so many cases."""

    number: int
    days: int | None


@dataclass
class Sums:
    """What everything adds up to; `money` has a part for each currency.

    With something made up in it, it `is_synthetic` as a whole.
    """

    deliveries: int
    done: int
    given_up: int
    due: int
    done_in_time: int
    to_award: Took
    to_payment: Took
    to_done: Took
    money: Sequence[Money]
    is_synthetic: bool

    @property
    def in_time_share(self) -> int | None:
        """Of those whose three years are over, how many were done within them, in per cent."""
        return _share(self.done_in_time, self.due)


def add_up(at: datetime, process: Process | None = None) -> Sums:
    """What the deliveries of a process, or of all of them, add up to on the day."""
    found = Delivery.objects.all()
    postings = Posting.objects.all()
    if process:
        found = found.filter(project__process=process)
        postings = postings.filter(delivery__project__process=process)
    money: dict[str, Money] = {}
    _add_deliveries(money, found)
    _add_paid(money, postings.filter(kind=PostingKind.PAID))
    _add_awards(money, postings.filter(kind=PostingKind.AWARDED))
    if process is None:
        _add_loop(money)
        _add_kept(money)
    return _with_times(found, at, [money[currency] for currency in sorted(money)])


def _of(money: dict[str, Money], currency: str) -> Money:
    return money.setdefault(currency, Money(currency))


def _add_deliveries(money: dict[str, Money], found: QuerySet[Delivery]) -> None:
    rows = found.values("project__process__currency").annotate(
        funded=Sum("cost"),
        gave=Sum("awarded"),
        back=Sum("returned"),
        planned=Sum("cost", filter=Q(done_at__isnull=False)),
    )
    for row in rows.order_by("project__process__currency"):
        one = _of(money, row["project__process__currency"])
        one.funded, one.awarded, one.returned = row["funded"], row["gave"], row["back"]
        one.planned = row["planned"] or 0


def _add_paid(money: dict[str, Money], postings: QuerySet[Posting]) -> None:
    rows = postings.values(
        "delivery__project__process__currency", "payment__payee__kind", "payment__payee__kind__name"
    ).annotate(sum=Sum("amount"), done=Sum("amount", filter=Q(delivery__done_at__isnull=False)))
    for row in rows.order_by("payment__payee__kind"):
        one = _of(money, row["delivery__project__process__currency"])
        kind = _kind(one, row["payment__payee__kind"], row["payment__payee__kind__name"])
        kind.paid += row["sum"]
        one.spent += row["done"] or 0


def _add_awards(money: dict[str, Money], postings: QuerySet[Posting]) -> None:
    """By the kind of whoever leads, as several may deliver together; change orders are in it."""
    currency, kind = "delivery__project__process__currency", "award__suppliers__institution__kind"
    rows = (
        postings.filter(award__suppliers__position=0)
        .values(currency, kind, f"{kind}__name")
        .annotate(
            number=Count("award", filter=Q(award__annulment=None), distinct=True), sum=Sum("amount")
        )
    )
    for row in rows.order_by(kind):
        if row["number"]:
            found = _kind(_of(money, row[currency]), row[kind], row[f"{kind}__name"])
            found.awards, found.value = row["number"], row["sum"]


def _kind(one: Money, kind: str, name: str | LazyI18nString) -> ByKind:
    return one.kinds.setdefault(kind, ByKind(kind, str(name)))


def _add_loop(money: dict[str, Money]) -> None:
    gave = Pot.objects.filter(source__kind=Kind.WORKER_COOP, process__is_internal=False)
    pots = gave.values("process__currency")
    for row in pots.annotate(sum=Sum("amount")).order_by("process__currency"):
        _of(money, row["process__currency"]).pots = row["sum"]


def _add_kept(money: dict[str, Money]) -> None:
    """Years of which enough institutions told; no other year, so that no difference tells one."""
    told: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for one in Kept.objects.all():
        told[one.currency, one.year][one.institution_id] = one.sum
    shown = {key: said for key, said in told.items() if len(said) >= FEWEST}
    if not shown:
        return
    came = received({pk for said in shown.values() for pk in said})
    for (currency, year), said in sorted(shown.items()):
        sums = (came.get((pk, year, currency), 0) for pk in said)
        _of(money, currency).kept_parts.append((sum(said.values()), sum(sums)))


def received(institutions: set[int]) -> dict[tuple[int, int, str], int]:
    """What was paid to institutions, by year and currency."""
    rows = (
        Posting.objects.filter(kind=PostingKind.PAID, payment__payee__in=institutions)
        .values_list(
            "payment__payee",
            ExtractYear("payment__paid_on"),
            "delivery__project__process__currency",
        )
        .annotate(sum=Sum("amount"))
        .order_by("payment__payee")
    )
    return {(payee, year, currency): amount for payee, year, currency, amount in rows}


def _with_times(found: QuerySet[Delivery], at: datetime, money: Sequence[Money]) -> Sums:
    first = (
        Payment.objects.filter(agreement__award__delivery=OuterRef("pk"), paid_at__isnull=False)
        .filter(reversed_at=None)
        .order_by()
        .values("agreement__award__delivery")
        .annotate(first=Min("paid_at"))
    )
    rows = list(
        found.values_list(
            Coalesce("project__process__published_at", "recorded_at"),
            "awarded_at",
            Subquery(first.values("first"), output_field=DateTimeField()),
            "done_at",
            "given_up_at",
            "project__process__institution__is_synthetic",
        )
    )
    old = [row for row in rows if _days(row[0], at) >= THREE_YEARS]
    return Sums(
        deliveries=len(rows),
        done=sum(row[3] is not None for row in rows),
        given_up=sum(row[4] is not None for row in rows),
        due=len(old),
        done_in_time=sum(bool(row[3]) and _days(row[0], row[3]) <= THREE_YEARS for row in old),
        to_award=_took(rows, 1),
        to_payment=_took(rows, 2),
        to_done=_took(rows, 3),
        money=money,
        is_synthetic=any(row[5] for row in rows),
    )


def _took(rows: Sequence[tuple[Any, ...]], place: int) -> Took:
    days = [_days(row[0], row[place]) for row in rows if row[place]]
    return Took(len(days), round(median(days)) if days else None)


def _days(begin: datetime, end: datetime) -> int:
    return max(0, int((end - begin).total_seconds() // DAY))


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole > 0 else None


# One process, project by project.


@dataclass(frozen=True)
class Line:
    """A project and what became of it. `is_late` is None where no day was ever said."""

    delivery: Delivery
    paid: int
    is_late: bool | None

    @property
    def stage(self) -> Stage:
        return self.delivery.stage


@dataclass
class ByArea:
    """The deliveries of one area, or of all of them; amounts in minor units."""

    area: Area | None
    number: int = 0
    done: int = 0
    late: int = 0
    undated: int = 0
    funded: int = 0
    awarded: int = 0
    returned: int = 0
    paid: int = 0

    def add(self, line: Line) -> None:
        self.number += 1
        self.done += line.stage is Stage.DONE
        self.late += bool(line.is_late)
        self.undated += line.is_late is None
        self.funded += line.delivery.cost
        self.awarded += line.delivery.awarded
        self.returned += line.delivery.returned
        self.paid += line.paid

    @property
    def on_time(self) -> int:
        return self.number - self.late - self.undated


@dataclass(frozen=True)
class Overview:
    """A process: its lines in their order, its areas, and what was paid in which year."""

    process: Process
    lines: Sequence[Line]
    areas: Sequence[ByArea]
    whole: ByArea
    years: Sequence[tuple[int, int]]

    @property
    def largest(self) -> int:
        return max((one.funded for one in self.areas), default=0)

    @property
    def best_year(self) -> int:
        return max((amount for _year, amount in self.years), default=0)


#: The day that was said first, of a delivery that was delayed.
FIRST_DUE = Subquery(
    Step.objects.filter(delivery=OuterRef("pk"), kind=StepKind.DELAYED)
    .order_by("pk")
    .values("due_before")[:1]
)


def days_late() -> dict[int, int]:
    """How many days after the day that was said first what residents chose was done, by delivery.

    Below 0 is before it. Of what is not done, or of which no day was said, there is none.
    """
    done = Delivery.objects.filter(done_at__isnull=False, project__process__is_internal=False)
    found = {}
    for one in done.select_related("project__process").annotate(first_due=FIRST_DUE):
        first = one.first_due or one.due_on
        if first and one.done_at:
            zone = ZoneInfo(one.project.process.zone)
            found[one.pk] = (one.done_at.astimezone(zone).date() - first).days
    return found


def overview(process: Process, at: datetime) -> Overview:
    """Three statements, however many projects there are."""
    paid = (
        Posting.objects.filter(delivery=OuterRef("pk"), kind=PostingKind.PAID)
        .order_by()
        .values("delivery")
        .annotate(sum=Sum("amount"))
    )
    found = (
        Delivery.objects.filter(project__process=process)
        .select_related("project__area", "responsible")
        .annotate(first_due=FIRST_DUE)
        .annotate(paid=Subquery(paid.values("sum")))
        .order_by("project__area__position", "pk")
    )
    today = at.astimezone(ZoneInfo(process.zone)).date()
    lines = [_line(one, process, today) for one in found]
    areas: dict[int, ByArea] = {}
    whole = ByArea(None)
    for line in lines:
        area = line.delivery.project.area
        areas.setdefault(area.pk, ByArea(area)).add(line)
        whole.add(line)
    years = (
        Posting.objects.filter(kind=PostingKind.PAID, delivery__project__process=process)
        .values_list(ExtractYear("payment__paid_on"))
        .annotate(sum=Sum("amount"))
        .order_by(ExtractYear("payment__paid_on"))
    )
    return Overview(process, lines, list(areas.values()), whole, list(years))


def _line(one: Delivery, process: Process, today: date) -> Line:
    """Late is what was delayed from the first day that was said, or is not done on it."""
    first = cast("date | None", one.first_due) or one.due_on  # type: ignore[attr-defined]
    if first is None:
        late = None
    elif one.done_at:
        late = one.done_at.astimezone(ZoneInfo(process.zone)).date() > first
    else:
        late = today > first or (one.due_on is not None and one.due_on > first)
    return Line(one, one.paid or 0, late)  # type: ignore[attr-defined]


# What co-ops say of themselves.


@dataclass(frozen=True)
class KeptYear:
    """A year in which an institution was paid, and what it said of it."""

    year: int
    currency: str
    received: int
    said: Kept | None


def kept_years(institution: Institution) -> list[KeptYear]:
    """The years in which payments to it are on record, the latest first."""
    said = {(one.year, one.currency): one for one in Kept.objects.filter(institution=institution)}
    return [
        KeptYear(year, currency, amount, said.get((year, currency)))
        for (_pk, year, currency), amount in sorted(
            received({institution.pk}).items(), key=lambda one: (-one[0][1], one[0][2])
        )
        if amount > 0
    ]


def to_tell(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    """Those of them that were ever paid."""
    paid = Posting.objects.filter(kind=PostingKind.PAID).values("payment__payee")
    return institutions.filter(kind=Kind.WORKER_COOP, pk__in=paid)


def export(institution: Institution) -> list[dict[str, object]]:
    """What it said, for its own file."""
    said = Kept.objects.filter(institution=institution)
    return [
        {
            "year": one.year,
            "currency": one.currency,
            "wages": one.wages,
            "patronage": one.patronage,
            "collective": one.collective,
            "said_at": one.said_at,
        }
        for one in said
    ]
