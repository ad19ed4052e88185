"""The worker's half of the profile pages: each month's edition of the register, its states and its metros.

Only the worker imports this; a web process never loads numpy. What is stored is records and numbers;
the page words them (`panels`).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from interlock.methods.formats import network_json, network_packages
from interlock.methods.formats.packages import archive
from interlock.web.institutions.models import Institution
from interlock.web.observatory import gathering, queries
from interlock.web.observatory.models import Edition, Portrait

log = logging.getLogger(__name__)

#: A state or a metropolitan area has an edition of its own once it has so many institutions, and is not
#: all there is.
FEWEST = 3


@transaction.atomic
def request_editions(at: datetime) -> bool:
    """Ask for this month's editions, once there is anybody to measure; say whether any was asked."""
    day = timezone.localdate(at)
    if queries.is_measured_in(day) or queries.editions_due(at).exists():
        return False
    numbers = queries.institutions_by_place()
    if not numbers:
        return False
    parts = {
        place
        for place, number in numbers.items()
        if len(place) > 2 and FEWEST <= number < numbers[""]
    }
    Edition.objects.bulk_create(
        [Edition(place=place, day=day, requested_at=at) for place in sorted({"", *parts})],
        ignore_conflicts=True,
    )
    return True


def measure_due(at: datetime, must_stop: Callable[[], bool]) -> bool:
    """Work out one edition that is due, and say whether there was one.

    It waits while `must_stop` says so. What fails is kept with its reason, for whoever runs the site,
    and tried again a day later.
    """
    due = queries.editions_due(at).first()
    if due is None or must_stop():
        return False
    try:
        records = gathering.register(at, due.place)
        due.records = network_json.compose(records)
        due.outcome = network_json.measured(records)
        portrayed = {} if due.place else network_json.portrayed(records)
        if not due.place:
            due.package = archive(network_packages.files(records, due.outcome, portrayed))
        # What waited or is tried again is of today, and not of the day when it was asked for.
        due.day, due.done_at, due.failure = timezone.localdate(at), at, ""
    except Exception as error:
        log.exception("edition %s failed", due.pk)
        due.failure = str(error) or repr(error)
    due.tries, due.tried_at = due.tries + 1, at
    told = ["day", "records", "outcome", "package", "done_at", "failure", "tries", "tried_at"]
    with transaction.atomic():
        due.save(update_fields=told)
        if due.done_at and not due.place:
            _portray(due, portrayed)
    return True


def _portray(edition: Edition, portrayed: Mapping[str, Any]) -> None:
    """Put the portraits of an edition in place of those of the one before."""
    Portrait.objects.all().delete()
    known = Institution.objects.filter(left_at=None).values_list("slug", "pk")
    Portrait.objects.bulk_create(
        [
            Portrait(edition=edition, institution_id=pk, outcome=portrayed[slug])
            for slug, pk in known
            if slug in portrayed
        ],
        batch_size=500,
    )
