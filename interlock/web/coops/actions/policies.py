"""The verb of policies: adopted, as a new version. What was adopted is never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.methods.surplus import SurplusError
from interlock.web.coops.actions.noting import books_kept_by, note
from interlock.web.coops.models import Coop, Decision, Policy
from interlock.web.coops.rules import policies as rules
from interlock.web.coops.telling import told_fault
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.chain import digest


@transaction.atomic
def adopt_policy(
    *,
    coop: Coop,
    body: Mapping[str, Any],
    adopted_on: date,
    by: Person,
    at: datetime,
    preset: str = "",
    reason: str = "",
    decision: Decision | None = None,
) -> Policy:
    """Say by which policy years are divided, and since when. Adopting the same twice is once."""
    held = books_kept_by(coop, by, at)
    try:
        rules.read(body)
    except SurplusError as error:
        raise Refused(told_fault(error.faults[0]), status=422) from None
    latest = held.policies.last()
    sha256 = digest(body)
    if latest and (latest.sha256, latest.adopted_on) == (sha256, adopted_on):
        return latest
    if latest and not reason.strip():
        raise Refused(_("Say what changed, and why."), status=422)
    if decision and (why := rules.why_not_rest_on(decision, held, adopted_on)):
        raise Refused(why, status=422)
    made = Policy.objects.create(
        coop=held,
        number=latest.number + 1 if latest else 1,
        preset=preset,
        body=dict(body),
        sha256=sha256,
        adopted_on=adopted_on,
        reason=reason,
        decision=decision,
        said_at=at,
        by=by,
    )
    note("policy_adopted", held, at, by, number=made.number, sha256=sha256)
    return made
