"""Hours: what would become of each line of a list, and what is there, by period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.budgets.rules import FEWEST_TOLD
from interlock.web.coops import reading
from interlock.web.coops.models import Coop, Hours, Member, Standing, Status, Year
from interlock.web.coops.rules import years as rules

COLUMNS = {
    "member": ("number", "name", "miembro", "socio", "socia", "número", "nombre"),
    "from": ("begins", "month", "start", "desde", "mes"),
    "to": ("until", "ends", "end", "hasta"),
    "hours": ("horas",),
    "wages": ("pay", "salary", "salarios", "salario"),
}
NEEDED = ("member", "from", "hours")
#: Those who belong: their hours count towards patronage.
BELONG = (Status.MEMBER, Status.INACTIVE)

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"
VERDICTS = {
    NEW: gettext_lazy("new"),
    CHANGED: gettext_lazy("changed"),
    SAME: gettext_lazy("there already"),
    WRONG: gettext_lazy("not entered"),
}


@dataclass
class Entry:
    """What a line says, and what would become of it: `why` tells what is wrong, or is noteworthy."""

    line: int
    who: str
    verdict: str = NEW
    why: str = ""
    member: Member | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    hours: Decimal = Decimal(0)
    wages: int = 0
    #: Hours and wages as a member, and before or after that.
    parts: tuple[tuple[bool, Decimal, int], ...] = ()

    @property
    def called(self) -> str | Promise:
        return VERDICTS[self.verdict]


@dataclass
class Looked:
    """A list looked over."""

    entries: list[Entry] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        return sum(one.verdict == verdict for one in self.entries)

    @property
    def counts(self) -> list[tuple[str | Promise, int]]:
        told = ((called, self.count(verdict)) for verdict, called in VERDICTS.items())
        return [(called, number) for called, number in told if number]

    @property
    def to_enter(self) -> list[Entry]:
        return [one for one in self.entries if one.verdict in (NEW, CHANGED)]


def look_over(coop: Coop, data: bytes) -> Looked:
    """What would become of each line. Raises `reading.Unreadable` for what is no list of hours."""
    lines = reading.lines(data, COLUMNS, NEEDED)
    register = Register(coop)
    looked = Looked([_entry(coop, register, one) for one in lines])
    _compare(coop, looked.entries)
    return looked


class Register:
    """The members by number and by name, and what they were when."""

    def __init__(self, coop: Coop) -> None:
        members = list(coop.members.all())
        self.by_number = {one.number.casefold(): one for one in members}
        self.by_name: dict[str, list[Member]] = {}
        for one in members:
            self.by_name.setdefault(" ".join(one.name.casefold().split()), []).append(one)
        self.standings: dict[int, list[Standing]] = {}
        for standing in Standing.objects.filter(member__coop=coop):
            self.standings.setdefault(standing.member_id, []).append(standing)

    def find(self, who: str) -> Member:
        if found := self.by_number.get(who.casefold()):
            return found
        named = self.by_name.get(" ".join(who.casefold().split()), [])
        if len(named) == 1:
            return named[0]
        if named:
            raise reading.Unreadable(_("Several are called so. Write the number instead."))
        raise reading.Unreadable(
            _("Nobody here has this number or name. Enter them as a member or worker first.")
        )


def _entry(coop: Coop, register: Register, line: reading.Line) -> Entry:
    cells = line.cells
    entry = Entry(line.number, cells.get("member", ""))
    try:
        entry.member = register.find(entry.who)
        entry.begins_on = reading.day(cells["from"])
        entry.ends_on = reading.day(cells.get("to") or cells["from"], is_last=True)
        entry.hours = reading.number(cells.get("hours") or "0")
        entry.wages = reading.amount(cells.get("wages") or "0", coop.currency)
        if why := _why_not_days(coop, entry.begins_on, entry.ends_on):
            raise reading.Unreadable(why)
    except reading.Unreadable as error:
        entry.verdict, entry.why = WRONG, str(error)
        return entry
    standings = register.standings.get(entry.member.pk, [])
    entry.parts, entry.why = divided(
        standings, entry.begins_on, entry.ends_on, entry.hours, entry.wages
    )
    return entry


def _why_not_days(coop: Coop, begins_on: date, ends_on: date) -> str:
    if ends_on < begins_on:
        return _("It ends before it begins.")
    number = rules.number_on(coop, begins_on)
    if number < 1:
        return _(
            "It lies before the co-op’s first year here. A steward can correct that under “Years”."
        )
    if rules.number_on(coop, ends_on) != number:
        return _("It lies in two years. Write a line for each.")
    return ""


def divided(
    standings: Sequence[Standing], begins_on: date, ends_on: date, hours: Decimal, wages: int
) -> tuple[tuple[tuple[bool, Decimal, int], ...], str]:
    """Hours and wages as a member and otherwise, by what somebody was on those days, and a remark."""
    days = (ends_on - begins_on).days + 1
    as_member = sum(_days(one, begins_on, ends_on) for one in standings if one.status in BELONG)
    if as_member == days:
        return ((True, hours, wages),), ""
    if not as_member:
        return ((False, hours, wages),), _("Not as a member on these days.")
    cent = Decimal("0.01")
    mine = (hours * as_member / days).quantize(cent, ROUND_DOWN)
    paid = wages * as_member // days
    remark = _(
        "A member on %(member)s of these %(days)s days: divided by days. Two lines with their own "
        "hours are more exact."
    ) % {"member": as_member, "days": days}
    return ((True, mine, paid), (False, hours - mine, wages - paid)), remark


def _days(one: Standing, begins_on: date, ends_on: date) -> int:
    """On how many of these days somebody was that; `until` is the first day that they were not."""
    until = one.until or date.max
    last = min(ends_on, until - timedelta(days=1))
    return max(0, (last - max(begins_on, one.since)).days + 1)


def _compare(coop: Coop, entries: Iterable[Entry]) -> None:
    """Tell what is there already, what changes, and what cannot be."""
    stored: dict[int, dict[tuple[date, date], list[Hours]]] = {}
    for one in Hours.objects.filter(member__coop=coop):
        mine = stored.setdefault(one.member_id, {})
        mine.setdefault((one.begins_on, one.ends_on), []).append(one)
    years = {one.number: one for one in current(coop)}
    seen: dict[int, list[tuple[date, date]]] = {}
    for entry in entries:
        if entry.verdict == WRONG:
            continue
        assert entry.member is not None
        assert entry.begins_on is not None
        assert entry.ends_on is not None
        days = entry.begins_on, entry.ends_on
        mine = stored.get(entry.member.pk, {})
        there = mine.get(days, [])
        before = seen.setdefault(entry.member.pk, [])
        overlapping = [other for other in (*mine, *before) if other != days and _meet(other, days)]
        year = years.get(rules.number_on(coop, entry.begins_on))
        told = {one.as_member: (one.hours, one.wages) for one in there}
        if {flag: (hours, wages) for flag, hours, wages in entry.parts} == told:
            entry.verdict = SAME
        elif why := rules.why_not_change(year) if year else None:
            entry.verdict, entry.why = WRONG, str(why)
        elif days in before:
            entry.verdict, entry.why = WRONG, _("These days are in the list before. Add them up.")
        elif overlapping:
            begins, ends = overlapping[0]
            entry.verdict = WRONG
            entry.why = _("Hours from %(begins)s to %(ends)s are there already, and overlap.") % {
                "begins": begins,
                "ends": ends,
            }
        elif there:
            entry.verdict = CHANGED
        before.append(days)


def _meet(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def current(coop: Coop) -> QuerySet[Year]:
    """The years, each as its present version."""
    found = coop.years.filter(reversed_at__isnull=True)
    return found.select_related("decision", "policy", "coop__institution")


def periods(coop: Coop) -> QuerySet[Hours, Any]:
    """What was entered, by its days, the latest first: hours as members and of others, wages, people."""
    mine, others = Q(as_member=True), Q(as_member=False)
    return (
        Hours.objects.filter(member__coop=coop)
        .values("begins_on", "ends_on")
        .annotate(
            mine=Sum("hours", filter=mine, default=Decimal(0)),
            others=Sum("hours", filter=others, default=Decimal(0)),
            paid=Sum("wages"),
            people=Count("member", distinct=True),
            mine_of=Count("member", distinct=True, filter=mine),
            others_of=Count("member", distinct=True, filter=others),
        )
        .order_by("-begins_on", "-ends_on")
    )


def without_single(period: dict[str, Any]) -> dict[str, Any]:
    """A period for who does not keep the money: no sum of so few that it is somebody's own hours."""
    few = {side: None for side in ("mine", "others") if 0 < period[f"{side}_of"] < FEWEST_TOLD}
    return {**period, **few}


def of_days(coop: Coop, begins_on: date, ends_on: date) -> QuerySet[Hours]:
    """Everybody's hours of these very days."""
    found = Hours.objects.filter(member__coop=coop, begins_on=begins_on, ends_on=ends_on)
    return found.select_related("member").order_by("member__name", "-as_member", "pk")
