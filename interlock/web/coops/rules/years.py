"""When a co-op's years are, and what keeps one from being changed, put to the members, or posted."""

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.coops.models import Coop, Decision, Year, YearStage

Reason = str | Promise | None


def begins_on(coop: Coop, number: int) -> date:
    """The first day of the year of this number, counted from 1."""
    first = coop.first_year_begins_on
    try:
        return first.replace(year=first.year + number - 1)
    except ValueError:  # the 29th of February
        return date(first.year + number - 1, 3, 1)


def ends_on(coop: Coop, number: int) -> date:
    return begins_on(coop, number + 1) - timedelta(days=1)


def number_on(coop: Coop, day: date) -> int:
    """The number of the year that a day lies in; below 1 before the first."""
    guess = day.year - coop.first_year_begins_on.year + 1
    return guess if begins_on(coop, guess) <= day else guess - 1


def why_not_change(year: Year) -> Reason:
    """A year is worked on as long as nobody was asked to approve it."""
    if year.stage == YearStage.POSTED:
        return _("The year is posted. It is corrected by reversing it, and drafting it anew.")
    if year.stage == YearStage.REVERSED:
        return _("This version of the year was reversed. The next one is worked on.")
    if year.stage == YearStage.PROPOSED:
        return _("The year is before the members. Take it back first, and put it to them anew.")
    return None


def why_not_change_hours(years: list[Year]) -> Reason:
    """Hours stay as they are once their year is before the members, or posted."""
    found = (why_not_change(one) for one in years)
    return next((reason for reason in found if reason), None)


def why_not_put(year: Year) -> Reason:
    if reason := why_not_change(year):
        return reason
    if year.net is None:
        return _("The net income is missing.")
    if year.policy is None:
        return _("The policy is missing: how the year is divided.")
    if year.policy.adopted_on > year.begins_on and not year.discretionary_for.strip():
        return _("The policy was adopted after the year began. Say why it is used all the same.")
    return None


def why_not_take_back(year: Year) -> Reason:
    if year.posted_at or year.decision is None:
        return _("The year is not before the members.")
    if year.decision.is_carried:
        return _("The members approved the year. Post it.")
    if is_pending(year.decision):
        return _("The members are deciding on it. It can be taken back when they are done.")
    return None


def is_pending(decision: Decision) -> bool:
    """Whether members were asked and have not answered yet."""
    is_over = decision.decided_at or decision.cancelled_at
    return decision.announced_at is not None and not is_over


def why_not_post(year: Year, members: int) -> Reason:
    """A year is posted when its members approved it; a co-op of one approves it by posting."""
    if year.stage == YearStage.REVERSED:
        return why_not_change(year)
    if year.decision_id is None:
        if reason := why_not_put(year):
            return reason
        if members > 1:
            return _("The members have not approved the year. Put it to them first.")
        return None
    if not (year.decision and year.decision.decided_at and year.decision.is_carried):
        return _("The members have not approved the year yet.")
    return None


def why_not_reverse(year: Year) -> Reason:
    if year.stage != YearStage.POSTED:
        return _("Only a posted year is reversed.")
    return None
