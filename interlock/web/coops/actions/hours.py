"""The verbs of hours: a list entered, a line corrected or taken out."""

import hashlib
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.coops import reading
from interlock.web.coops.actions.accounts import hold
from interlock.web.coops.models import Coop, Hours, Import, ImportKind
from interlock.web.coops.queries import hours as queries
from interlock.web.coops.rules import years as rules
from interlock.web.coops.rules.access import inside, why_not_keep_money
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience


@transaction.atomic
def enter_hours(
    *, coop: Coop, data: bytes, name: str, by: Person, at: datetime
) -> tuple[queries.Looked, Import | None]:
    """Enter the lines of a list that are right; those that are there already stay as they are.

    Nothing new in it: nothing is entered, and there is no import.
    """
    held = hold(coop)
    if reason := why_not_keep_money(inside(held, by, at)):
        raise Refused(reason, status=403)
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
    _note("coop.hours_entered", held, by, at, lines=made.lines)
    return looked, made


@transaction.atomic
def correct_hours(*, hours: Hours, worked: Decimal, wages: int, by: Person, at: datetime) -> Hours:
    """Say a line otherwise."""
    held = _held(hours, by, at)
    held.hours, held.wages = worked, wages
    held.save(update_fields=["hours", "wages"])
    _note("coop.hours_corrected", held.member.coop, by, at)
    return held


@transaction.atomic
def take_out(*, hours: Hours, by: Person, at: datetime) -> None:
    """Take a line out that is there by mistake."""
    held = _held(hours, by, at)
    held.delete()
    _note("coop.hours_corrected", held.member.coop, by, at)


def _held(hours: Hours, by: Person, at: datetime) -> Hours:
    coop = hold(hours.member.coop)
    if reason := why_not_keep_money(inside(coop, by, at)):
        raise Refused(reason, status=403)
    found = Hours.objects.select_related("member__coop").get(pk=hours.pk)
    number = rules.number_on(coop, found.begins_on)
    if reason := rules.why_not_change_hours(list(queries.current(coop).filter(number=number))):
        raise Refused(reason, _("What is posted or before the members stays as they saw it."))
    return found


def _note(act: str, coop: Coop, by: Person, at: datetime, **facts: object) -> None:
    record.write(
        act=act,
        subject=f"coop/{coop.pk}",
        at=at,
        audience=Audience.INSTITUTION,
        actor=by.reference,
        facts=facts,
    )
