"""When a ballot may be cast; an answer is a reason, or None when it may."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interlock.web.voting.models import Box


def why_not_cast(box: Box) -> str | Promise | None:
    """The state of the box decides, never the clock: a late worker still closes by state."""
    if box.opened_at is None:
        return _("Voting has not opened yet.")
    if box.closed_at is not None:
        return _("Voting is closed.")
    return None


def is_due(box: Box, at: datetime) -> bool:
    """Whether the announced time has come and someone has to close the box now."""
    return box.is_open and box.closes_at is not None and box.closes_at <= at
