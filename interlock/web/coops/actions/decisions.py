"""The verbs of decisions."""

from datetime import datetime

from django.db import transaction

from interlock.web.coops.models import Coop, Decision, DecisionForm, Member
from interlock.web.people.models import Person


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
    """Begin a decision of a kind that the bylaws name."""
    return Decision.objects.create(
        coop=coop,
        kind=kind,
        form=form,
        title=title,
        text=text,
        subject=subject,
        bylaws=coop.bylaws.latest("number"),
        proposed_by=proposed_by,
        drafted_at=at,
    )
