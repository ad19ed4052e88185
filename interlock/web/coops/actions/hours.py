"""The verbs of hours: a list entered, a line corrected or taken out."""

import hashlib
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.coops import reading
from interlock.web.coops.actions.noting import books_kept_by, note
from interlock.web.coops.models import Coop, Hours, Import, ImportKind
from interlock.web.coops.queries import hours as queries
from interlock.web.coops.rules import years as rules
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person


@transaction.atomic
def enter_hours(
    *, coop: Coop, data: bytes, name: str, by: Person, at: datetime
) -> tuple[queries.Looked, Import | None]:
    """Enter the lines of a list that are right; those that are there already stay as they are.

    Nothing new in it: nothing is entered, and there is no import.
    """
    held = books_kept_by(coop, by, at)
    try:
        looked = queries.look_over(held, data)
    except reading.Unreadable as error:
        raise Refused(str(error), status=422) from None
    if not looked.to_enter:
        return looked, None
    made = Import.objects.create(
        coop=held,
        kind=ImportKind.HOURS,
        name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        lines=len(looked.to_enter),
        at=at,
        by=by,
    )
    rows = []
    for entry in looked.to_enter:
        assert entry.member is not None
        assert entry.begins_on is not None
        assert entry.ends_on is not None
        days = {"begins_on": entry.begins_on, "ends_on": entry.ends_on}
        if entry.verdict == queries.CHANGED:
            entry.member.hours.filter(**days).delete()
        rows += [
            Hours(
                member=entry.member,
                hours=hours,
                wages=wages,
                as_member=as_member,
                entered=made,
                **days,
            )
            for as_member, hours, wages in entry.parts
        ]
    Hours.objects.bulk_create(rows)
    note("hours_entered", held, at, by, lines=made.lines)
    return looked, made


@transaction.atomic
def correct_hours(*, hours: Hours, worked: Decimal, wages: int, by: Person, at: datetime) -> Hours:
    """Say a line otherwise."""
    held = _held(hours, by, at)
    held.hours, held.wages = worked, wages
    held.save(update_fields=["hours", "wages"])
    note("hours_corrected", held.member.coop, at, by)
    return held


@transaction.atomic
def take_out(*, hours: Hours, by: Person, at: datetime) -> None:
    """Take a line out that is there by mistake."""
    held = _held(hours, by, at)
    held.delete()
    note("hours_corrected", held.member.coop, at, by)


def _held(hours: Hours, by: Person, at: datetime) -> Hours:
    coop = books_kept_by(hours.member.coop, by, at)
    found = Hours.objects.select_related("member__coop").get(pk=hours.pk)
    number = rules.number_on(coop, found.begins_on)
    if reason := rules.why_not_change_hours(list(queries.current(coop).filter(number=number))):
        raise Refused(reason, _("What is posted or before the members stays as they saw it."))
    return found
