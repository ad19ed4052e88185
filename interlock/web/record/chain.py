"""How one fact is linked to the next; anyone can redo it with a SHA-256 and a list of entries."""

import hashlib
import json
from datetime import UTC

from interlock.web.record.models import Entry

BEGINNING = "0" * 64


def canonical(data: object) -> str:
    """The one text of plain data: JSON, keys sorted, no spaces, letters as they are."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(data: object) -> str:
    """What a fact, a rulebook or the terms of a call are known by: the SHA-256 of that text."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


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
