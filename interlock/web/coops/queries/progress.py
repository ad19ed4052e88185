"""How far a candidate is, and whether members work as much as the bylaws ask, from what is on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor
from typing import TYPE_CHECKING

from django.db.models import Sum

from interlock.methods import deciding
from interlock.web.coops.models import AccountKind, Coop, Hours, Member, Standing, Status

if TYPE_CHECKING:
    from interlock.web.coops.queries.members import Registered

#: The name under which it is entered that somebody attended a meeting of the board.
BOARD_MEETING = "board meeting"


def conditions_of(
    standing: Standing, day: date, bylaws: deciding.Bylaws | None
) -> tuple[deciding.Step, ...]:
    """What the bylaws ask of a candidate, and whether it is there on a day. Four queries.

    Hours count that were entered for times within the candidacy.
    """
    if bylaws is None:
        return ()
    asked, member = bylaws.membership, standing.member
    since = standing.since if standing.status == Status.CANDIDATE else day
    recent = max(since, months_before(day, asked.recent_months))
    attended = set(member.trainings.filter(on__lte=day).values_list("name", flat=True))
    done = deciding.Progress(
        hours=int(_worked(member, since, day)),
        months=_whole_months(since, day),
        recent_hours=int(_worked(member, recent, day)),
        is_buy_in_settled=_has_paid(member),
        is_trained=bool(attended - {BOARD_MEETING}),
        attended_board=BOARD_MEETING in attended,
    )
    return deciding.progress(asked, done)


@dataclass(frozen=True)
class Short:
    """A member who worked less than the bylaws ask in a year."""

    member: Member
    done: int
    needed: int


def short_of_hours(
    register: "Iterable[Registered]",
    worked: Mapping[int, Decimal],
    day: date,
    bylaws: deciding.Bylaws | None,
) -> list[Short]:
    """The members below the hours a year that keep a membership; in the first year, by its part.

    None where no hours of the last year were entered: nothing is known then.
    """
    if bylaws is None or not bylaws.membership.keep_hours or not worked:
        return []
    year = (day - months_before(day, 12)).days
    found = []
    for member in register:
        days = min(year, (day - member.since).days)
        needed = floor(bylaws.membership.keep_hours * days / year)
        hours = int(worked.get(member.pk, 0))
        if member.status == Status.MEMBER and hours < needed:
            found.append(Short(member, hours, needed))
    return found


def hours_of(coop: Coop, day: date) -> dict[int, Decimal]:
    """What each worked in the twelve months before a day, as far as it was entered."""
    times = Hours.objects.filter(
        member__coop=coop, begins_on__gte=months_before(day, 12), ends_on__lte=day
    )
    return dict(times.order_by().values_list("member").annotate(Sum("hours")))


def months_before(day: date, months: int) -> date:
    """So many months earlier, on the same day of the month or the last there is."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 27))


def _whole_months(since: date, day: date) -> int:
    months = (day.year - since.year) * 12 + day.month - since.month
    return max(0, months - (months_before(day, months) < since))


def _worked(member: Member, since: date, day: date) -> Decimal:
    times = member.hours.filter(begins_on__gte=since, ends_on__lte=day)
    return times.aggregate(all=Sum("hours"))["all"] or Decimal(0)


def _has_paid(member: Member) -> bool:
    """Whether the buy-in is paid in; of an amount that nobody fixed, whether anything is."""
    accounts = member.accounts.filter(kind=AccountKind.CONTRIBUTION)
    paid = accounts.aggregate(all=Sum("balance"))["all"] or 0
    return bool(paid >= max(member.buy_in, 1))
