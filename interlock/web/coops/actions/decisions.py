"""The verbs of a decision: draft it, announce it, open it, vote, object, close it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.coops.models import Coop, Decision, DecisionForm, Member
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.coops.rules import decisions as rules
from interlock.web.coops.rules.access import inside, today
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person

#: What follows from a decision, in the transaction in which it becomes decided, carried or not.
following: list[Callable[[Decision, datetime], None]] = []


@transaction.atomic
def draft_decision(
    *,
    coop: Coop,
    kind: str,
    form: DecisionForm,
    title: str,
    text: str,
    by: Person,
    at: datetime,
    proposed_by: Member | None = None,
    subject: Member | None = None,
) -> Decision:
    """Begin a decision of a kind that the bylaws name.

    A member who does not keep the register begins an initiative: all see the draft and may sign it.
    """
    who = inside(coop, by, at)
    if reason := rules.why_not_draft(who):
        raise Refused(reason, status=403)
    bylaws = bylaws_on(coop, today(coop, at))
    if bylaws is None:
        raise Refused(
            _("The co-op has no bylaws here yet, so there is no rule to decide by."),
            _("The secretary enters them first: one of the models is a good beginning."),
        )
    return Decision.objects.create(
        coop=coop,
        kind=kind,
        form=form,
        title=title,
        text=text,
        subject=subject,
        bylaws=bylaws,
        proposed_by=proposed_by or (who.member if who else None),
        is_initiative=who is not None and not who.keeps_register,
        drafted_at=at,
    )
