"""Questions about the record."""

from django.db.models import QuerySet

from interlock.web.record.chain import BEGINNING, digest, fact_of, link
from interlock.web.record.models import Audience, Entry


def public() -> QuerySet[Entry]:
    return Entry.objects.filter(audience=Audience.PUBLIC)


def first_broken_link() -> Entry | None:
    """The first entry whose fact or link does not fit, or None when the whole chain holds."""
    previous = BEGINNING
    for entry in Entry.objects.order_by("pk").iterator():
        expected = link(previous, digest(fact_of(entry)))
        if entry.previous != previous or entry.link != expected:
            return entry
        previous = entry.link
    return None
