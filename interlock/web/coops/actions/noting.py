"""What all verbs of the inside begin and end with: the co-op is held, and one fact is recorded."""

from datetime import datetime

from interlock.web.coops.models import Coop
from interlock.web.coops.rules.access import inside, why_not_keep_money, why_not_keep_register
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words


def hold_coop(coop: Coop) -> Coop:
    """As it is stored, held against others until the act is done."""
    found = Coop.objects.select_for_update(of=("self",)).select_related("institution")
    return found.get(pk=coop.pk)


def kept_by(coop: Coop, by: Person, at: datetime) -> Coop:
    """The co-op, held, only for who keeps its register."""
    held = hold_coop(coop)
    if reason := why_not_keep_register(inside(held, by, at)):
        raise Refused(reason, status=403)
    return held


def books_kept_by(coop: Coop, by: Person, at: datetime) -> Coop:
    """The co-op, held, only for who keeps its hours, years and accounts."""
    held = hold_coop(coop)
    if reason := why_not_keep_money(inside(held, by, at)):
        raise Refused(reason, status=403)
    return held


def note(what: str, coop: Coop, at: datetime, by: Person | None = None, **facts: object) -> None:
    """One fact of a co-op's inside, for its own people. It says no name and no amount of a member."""
    record.write(
        act=f"coop.{what}",
        subject=f"institution/{coop.institution.slug}",
        at=at,
        is_synthetic=coop.institution.is_synthetic,
        audience=Audience.INSTITUTION,
        actor=by.reference if by else "",
        facts={"name": words(coop.institution.name), **facts},
    )
