"""The two ends of a delivery: done, or given up. What is left of its money goes back to the pots."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.delivery.actions.awarding import return_money
from interlock.web.delivery.actions.stories import Words, end, held_by
from interlock.web.delivery.models import Delivery, StepKind
from interlock.web.delivery.queries.awarding import open_lots
from interlock.web.delivery.rules import stories as rules
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person


@transaction.atomic
def finish(*, delivery: Delivery, by: Person, at: datetime, text: Words = "") -> Delivery:
    """It is done: all that was awarded is accepted. Payments may still follow."""
    held = held_by(delivery, by)
    if reason := rules.why_not_finish(held):
        raise Refused(reason, _("Accept what is done, or end what will not be."))
    return _end(held, StepKind.DONE, by, at, text)


@transaction.atomic
def give_up(*, delivery: Delivery, reason: Words, by: Person, at: datetime) -> Delivery:
    """It will not be done, and why."""
    held = held_by(delivery, by)
    if why := rules.why_not_give_up(held, str(reason)):
        raise Refused(why)
    return _end(held, StepKind.GIVEN_UP, by, at, reason)


def _end(held: Delivery, kind: StepKind, by: Person, at: datetime, text: Words) -> Delivery:
    if open_lots(held).exists():
        raise Refused(
            _("A call for it is open."), _("Cancel the call, or award its lots, or award nobody.")
        )
    if held.unawarded:
        return_money(held, held.unawarded, by, at)
    return end(held, kind, by, at, text)
