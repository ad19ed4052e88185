"""The one verb of the record: write a fact down."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection, transaction

from interlock.web.record.models import Audience, Entry

BEGINNING = "0" * 64
_LOCK = 0x1E7E_0BDE  # one number for the whole chain, for PostgreSQL's advisory lock


def digest(fact: Mapping[str, object]) -> str:
    canonical = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def link(previous: str, fact_digest: str) -> str:
    return hashlib.sha256(f"{previous}\n{fact_digest}".encode()).hexdigest()


def fact_of(entry: Entry) -> dict[str, object]:
    """The fact as it is hashed: everything an entry says, its time in UTC."""
    return {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "audience": entry.audience,
        "act": entry.act,
        "actor": entry.actor,
        "subject": entry.subject,
        "facts": entry.facts,
    }


@transaction.atomic
def write(
    *,
    act: str,
    subject: str,
    at: datetime,
    audience: Audience = Audience.PUBLIC,
    actor: str = "",
    facts: Mapping[str, object] | None = None,
) -> Entry:
    """Add one fact to the end of the chain, in the transaction of the act itself.

    SQLite already lets one writer in at a time; on PostgreSQL two writers would read the same
    end and fork the chain, so they queue up. `UNIQUE(previous)` refuses a fork in any case.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    previous = Entry.objects.order_by("-pk").values_list("link", flat=True).first() or BEGINNING
    entry = Entry(
        at=at, audience=audience, act=act, actor=actor, subject=subject, facts=dict(facts or {})
    )
    entry.digest = digest(fact_of(entry))
    entry.previous = previous
    entry.link = link(previous, entry.digest)
    entry.save(force_insert=True)
    return entry
