"""The verbs of the bylaws: begun with a model, and changed, each version whole and for good."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.methods import deciding
from interlock.web.coops.actions.noting import kept_by, note
from interlock.web.coops.models import Bylaws, Coop, Decision
from interlock.web.coops.queries.bylaws import latest
from interlock.web.coops.rules.access import today
from interlock.web.coops.rules.bylaws import why_not_change
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.chain import digest


def begin_with(*, coop: Coop, preset: str, by: Person, at: datetime) -> Bylaws:
    """The first version: one of the models, in force since the first year began."""
    body = deciding.to_json(deciding.PRESETS[preset])
    return Bylaws.objects.create(
        coop=coop,
        number=1,
        preset=preset,
        body=body,
        sha256=digest(body),
        effective_on=min(coop.first_year_begins_on, today(coop, at)),
        adopted_at=at,
        by=by,
    )


@transaction.atomic
def change_bylaws(
    *,
    coop: Coop,
    bylaws: deciding.Bylaws,
    effective_on: date,
    reason: str,
    by: Person,
    at: datetime,
    decision: Decision | None = None,
    preset: str = "",
) -> Bylaws:
    """A new version, whole; those before it stay, and decisions under way keep theirs."""
    held = kept_by(coop, by, at)
    before = latest(held)
    assert before is not None  # the co-op began with one
    before.coop = held
    if why := why_not_change(before, effective_on, reason, decision):
        raise Refused(why, status=422)
    body = deciding.to_json(bylaws)
    if digest(body) == before.sha256:
        raise Refused(_("Nothing is different from the version before."), status=422)
    made = Bylaws.objects.create(
        coop=held,
        number=before.number + 1,
        preset=preset,
        body=body,
        sha256=digest(body),
        effective_on=effective_on,
        reason=reason,
        decision=decision,
        adopted_at=at,
        by=by,
    )
    note("bylaws_changed", held, at, by, number=made.number)
    return made
