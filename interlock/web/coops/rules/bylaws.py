"""When the bylaws change, and by what."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.coops.models import Bylaws, Coop, Decision
from interlock.web.coops.rules.access import today


def asks_decision(coop: Coop) -> bool:
    """Whether changes need a decision: once the members were asked anything by these bylaws."""
    return coop.decisions.filter(announced_at__isnull=False).exists()


def why_not_change(
    latest: Bylaws, effective_on: date, reason: str, decision: Decision | None
) -> str | Promise | None:
    coop = latest.coop
    if not reason.strip():
        return _("Say what changed and why: it stays with the version.")
    if effective_on < latest.effective_on:
        return _("It cannot be in force before the version that it changes.")
    if decision is None:
        if asks_decision(coop):
            return _(
                "The members decide by these bylaws already. They change by a decision on the "
                "bylaws that was carried."
            )
        return None
    if decision.coop_id != coop.pk or decision.kind != "bylaws" or not decision.is_carried:
        return _("A change of the bylaws rests on a decision about them that was carried.")
    if decision.decided_at and effective_on < today(coop, decision.decided_at):
        return _("It cannot be in force before it was decided.")
    return None
