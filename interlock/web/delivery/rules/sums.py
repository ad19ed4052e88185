"""Who may say what a co-op kept, and what of it is told; an answer is a reason, or None."""

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.look.amounts import money
from interlock.web.people.models import Person

#: So many institutions are told together, at least: of fewer one could tell what one of them said.
FEWEST = 3
#: In days: within so many after its result a project should be done (PB Key Metrics).
THREE_YEARS = 3 * 365


def why_not_say(institution: Institution, person: Person | AnonymousUser) -> str | Promise | None:
    return why_not_look_after(institution, person)


def why_not_so_much(kept: int, received: int, currency: str) -> str | None:
    """What stayed is a part of what came, so that the share means something."""
    if not received:
        return _("No payment to you is on record for that year.")
    if kept > received:
        return _("Together that is %(kept)s, and only %(received)s was paid to you that year.") % {
            "kept": money(kept, currency),
            "received": money(received, currency),
        }
    return None
