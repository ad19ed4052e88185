"""When a decision may be drafted, announced, opened and cast on, and by whom."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.coops.models import Status
from interlock.web.coops.rules.access import Inside


def why_not_draft(who: Inside | None) -> str | Promise | None:
    """Members propose; who keeps register or money drafts for all."""
    if who is not None and (who.keeps_register or who.keeps_money or who.status == Status.MEMBER):
        return None
    return _(
        "Members of the co-op, and those who keep its register or its money, propose decisions."
    )
