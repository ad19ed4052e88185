"""The verbs of the bylaws: begun with a model, and changed, each version whole and for good."""

from datetime import datetime

from interlock.methods import deciding
from interlock.web.coops.models import Bylaws, Coop
from interlock.web.coops.rules.access import today
from interlock.web.people.models import Person
from interlock.web.record.chain import digest


def begin_with(*, coop: Coop, preset: str, by: Person, at: datetime) -> Bylaws:
    """The first version: one of the models, in force at once."""
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
