"""The verbs of ties."""

from datetime import datetime

from django.db import transaction

from interlock.web.institutions.models import Institution
from interlock.web.ties.models import Tie


@transaction.atomic
def witness(
    *, subject: Institution, predicate: str, object: Institution, witness: str, at: datetime
) -> Tie:
    """A tie that the platform saw itself: `witness` is the subject of the record that shows it.

    Seen again, it stays the one tie it is. It needs nobody's word, and nobody can dispute the act.
    """
    tie, _made = Tie.objects.get_or_create(
        subject=subject,
        predicate=predicate,
        object=object,
        witness=witness,
        defaults={"said_at": at},
    )
    return tie
