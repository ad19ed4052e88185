"""The verbs of a co-op's inside as a whole: opened, and what its public page tells of it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from interlock.web.coops.actions.bylaws import begin_with
from interlock.web.coops.actions.noting import hold_coop, note
from interlock.web.coops.models import Coop, Import, Member, Office, Standing, Training
from interlock.web.coops.rules.access import inside
from interlock.web.coops.rules.opening import why_not_correct, why_not_open
from interlock.web.institutions.actions import hold
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.models import Person


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


@transaction.atomic
def correct(
    *, coop: Coop, first_year_begins_on: date, currency: str, zone: str, by: Person, at: datetime
) -> Coop:
    """What was said at the opening, said again, as long as nothing rests on it."""
    held = hold_coop(coop)
    who = inside(held, by, at)
    if who is None or not who.is_steward:
        raise Refused(_("Only a steward of the co-op corrects how it was opened."), status=403)
    if reason := why_not_correct(held, currency):
        raise Refused(reason, status=422)
    held.first_year_begins_on, held.currency, held.zone = first_year_begins_on, currency, zone
    held.save(update_fields=["first_year_begins_on", "currency", "zone"])
    note("opening_corrected", held, at, by)
    return held


def close(institution: Institution, at: datetime) -> None:
    """For `leaving.endings`: who its people were goes with it. What was decided and posted stays as
    numbers that nobody can read here, because nobody is inside any more."""
    coop = Coop.objects.filter(institution=institution, closed_at=None).first()
    if coop is None:
        return
    held = hold_coop(coop)
    people = Member.objects.filter(coop=held)
    people.update(name="", email="", person=None, number=Cast("pk", CharField()))
    Training.objects.filter(member__coop=held).delete()
    Office.objects.filter(member__coop=held).delete()
    Standing.objects.filter(member__coop=held).update(reason="", said_by=None)
    Import.objects.filter(coop=held).update(name="", by=None)
    held.closed_at, held.shows_size, held.shows_commons = at, False, False
    held.save(update_fields=["closed_at", "shows_size", "shows_commons"])
    note("closed", held, at)
