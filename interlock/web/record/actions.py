"""The one verb of the record: write a fact down."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from interlock.web.record.chain import BEGINNING, digest, fact_of, link
from interlock.web.record.models import Audience, Entry

_LOCK = 0x1E7E_0BDE  # one number for the whole chain, for PostgreSQL's advisory lock


@transaction.atomic
def write(
    *,
    act: str,
    subject: str,
    at: datetime,
    is_synthetic: bool,
    audience: Audience = Audience.PUBLIC,
    actor: str = "",
    facts: Mapping[str, object] | None = None,
) -> Entry:
    """Add one fact to the end of the chain, in the transaction of the act itself.

    Whoever writes says whether it is of something made up (`is_synthetic`): that is part of the fact.

    SQLite already lets one writer in at a time; on PostgreSQL two writers would read the same
    end and fork the chain, so they queue up. `UNIQUE(previous)` refuses a fork in any case.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    previous = Entry.objects.order_by("-pk").values_list("link", flat=True).first() or BEGINNING
    told = dict(facts or {}) | ({"synthetic": True} if is_synthetic else {})
    entry = Entry(at=at, audience=audience, act=act, actor=actor, subject=subject, facts=told)
    entry.digest = digest(fact_of(entry))
    entry.previous = previous
    entry.link = link(previous, entry.digest)
    entry.save(force_insert=True)
    return entry
