"""The verbs of a co-op's inside as a whole: opened, and what its public page tells of it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.web.coops.actions.bylaws import begin_with
from interlock.web.coops.models import Coop
from interlock.web.coops.rules.access import inside
from interlock.web.coops.rules.opening import why_not_open
from interlock.web.institutions.actions import hold
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience
from interlock.web.record.wording import words


@transaction.atomic
def open_coop(
    *,
    institution: Institution,
    preset: str,
    first_year_begins_on: date,
    by: Person,
    at: datetime,
    currency: str = "USD",
    zone: str = "America/Chicago",
) -> Coop:
    """A co-op begins to keep its inside here, with one of the model bylaws."""
    held = hold(institution)
    if reason := why_not_open(held, by):
        raise Refused(reason, status=403)
    if known := Coop.objects.filter(institution=held).first():
        raise Refused(_("Its inside is open already."), steps=[Step.to(known)])
    coop = Coop.objects.create(
        institution=held,
        currency=currency,
        zone=zone,
        first_year_begins_on=first_year_begins_on,
        opened_at=at,
    )
    begin_with(coop=coop, preset=preset, by=by, at=at)
    note("opened", coop, at, by)
    return coop


@transaction.atomic
def show(*, coop: Coop, shows_size: bool, shows_commons: bool, by: Person, at: datetime) -> Coop:
    """What the public page tells of the inside: numbers at most, never who."""
    held = hold_coop(coop)
    who = inside(held, by, at)
    if who is None or not who.is_steward:
        raise Refused(_("Only a steward of the co-op says what its page shows."), status=403)
    held.shows_size, held.shows_commons = shows_size, shows_commons
    held.save(update_fields=["shows_size", "shows_commons"])
    note("shown", held, at, by, size=shows_size, commons=shows_commons)
    return held


def hold_coop(coop: Coop) -> Coop:
    """As it is stored, held against others until the act is done."""
    found = Coop.objects.select_for_update(of=("self",)).select_related("institution")
    return found.get(pk=coop.pk)


def note(what: str, coop: Coop, at: datetime, by: Person | None = None, **facts: object) -> None:
    """One fact of a co-op's inside, for its own people. It says no name and no amount of a member."""
    record.write(
        act=f"coop.{what}",
        subject=f"institution/{coop.institution.slug}",
        at=at,
        audience=Audience.INSTITUTION,
        actor=by.reference if by else "",
        facts={"name": words(coop.institution.name), **facts},
    )
