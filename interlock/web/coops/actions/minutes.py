"""Writing the minutes of a decision, and signing its record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.coops.actions.decisions import held_by, note
from interlock.web.coops.models import Decision, Minutes
from interlock.web.coops.queries.records import record_of
from interlock.web.coops.rules import decisions as rules
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.chain import digest


@transaction.atomic
def write_minutes(*, decision: Decision, text: str, by: Person, at: datetime) -> Minutes:
    """Write down what was said, or write it anew until it is signed."""
    held = held_by(decision, by, at)
    _refuse_unless_unsigned(held)
    minutes, _made = Minutes.objects.update_or_create(
        decision=held, defaults={"text": text, "written_at": at}
    )
    return minutes


@transaction.atomic
def sign_record(*, decision: Decision, name: str, by: Person, at: datetime) -> Minutes:
    """Sign the record, by one's name. From then on neither it nor the minutes change."""
    held = held_by(decision, by, at)
    _refuse_unless_unsigned(held)
    minutes = Minutes.objects.filter(decision=held).first()
    if minutes is None:
        raise Refused(_("Write the minutes first: what is signed is the decision with them."))
    minutes.signed_at, minutes.signed_by, minutes.signed_name = at, by, name
    minutes.body = record_of(held, minutes)
    minutes.sha256 = digest(minutes.body)
    minutes.save()
    note("signed", held, at, by, {"sha256": minutes.sha256})
    return minutes


def _refuse_unless_unsigned(decision: Decision) -> None:
    if reason := rules.why_not_minutes(decision):
        raise Refused(reason)
    if Minutes.objects.filter(decision=decision, signed_at__isnull=False).exists():
        raise Refused(
            _("The record is signed, so it stays as it is."),
            _("What was wrong in it is put right by a decision of its own."),
        )
