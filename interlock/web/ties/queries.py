"""Questions about ties."""

from datetime import date

from django.db.models import Q, QuerySet

from interlock.web.institutions.models import Institution
from interlock.web.ties.models import Tie

_NAMES = ("subject", "object", "said_by", "disputed_by")


def current() -> QuerySet[Tie]:
    """All that is shown to everybody: whatever was not withdrawn, confirmed or not."""
    return Tie.objects.filter(withdrawn_at=None).select_related(*_NAMES)


def of(institution: Institution) -> QuerySet[Tie]:
    """All that is shown of one institution's ties, from either side."""
    return current().filter(Q(subject=institution) | Q(object=institution))


def said_before(
    *,
    subject: Institution,
    predicate: str,
    object: Institution,
    since: date | None,
    speaker: Institution,
) -> Tie | None:
    """The tie that somebody means who says this one, if it was said before.

    That is the one with the same beginning. Of one that only the other side said, the speaker may
    know the beginning or not: it is the same tie unless it had ended before.
    """
    same = current().filter(subject=subject, predicate=predicate, object=object, witness="")
    for tie in same.filter(since=since):
        return tie
    found = [
        tie
        for tie in same
        if (since is None or tie.since is None)
        and not (since and tie.until and tie.until < since)
        and tie.is_side(speaker)
        and not tie.said_at_by(speaker)
    ]
    return found[0] if len(found) == 1 else None
