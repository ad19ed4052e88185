"""The one verb of the sums: a co-op says what stayed with its people."""

from datetime import datetime

from django.db import transaction

from interlock.web.delivery.models import Kept
from interlock.web.delivery.queries.sums import received
from interlock.web.delivery.rules import sums as rules
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record import actions as record
from interlock.web.record.models import Audience


@transaction.atomic
def say_kept(
    *,
    institution: Institution,
    year: int,
    currency: str,
    wages: int,
    patronage: int,
    collective: int,
    by: Person,
    at: datetime,
) -> Kept:
    """Say it for a year, or correct it. No amount of it is written on the record."""
    held = Institution.objects.select_for_update(of=("self",), no_key=True).get(pk=institution.pk)
    if reason := rules.why_not_say(held, by):
        raise Refused(reason, status=403)
    came = received({held.pk}).get((held.pk, year, currency), 0)
    if why := rules.why_not_so_much(wages + patronage + collective, came, currency):
        raise Refused(why, status=422)
    said, _created = Kept.objects.update_or_create(
        institution=held,
        year=year,
        currency=currency,
        defaults={
            "wages": wages,
            "patronage": patronage,
            "collective": collective,
            "said_at": at,
        },
    )
    record.write(
        act="delivery.kept",
        subject=f"institution/{held.slug}",
        at=at,
        is_synthetic=held.is_synthetic,
        audience=Audience.INSTITUTION,
        actor=by.reference,
        facts={"year": str(year)},
    )
    return said


def forget_kept(institution: Institution, at: datetime) -> None:
    """For `leaving.endings`: what it said of itself goes with it; payments to it stay on record."""
    Kept.objects.filter(institution=institution).delete()
