"""Whom a person acts for, in all that is an institution's to do."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import spoken_for_by
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.models import Person


def acting_for(person: Person, reason: str | Promise) -> list[Institution]:
    """The institutions a person can act for, or `reason` and how to come to one."""
    own = list(spoken_for_by(person).filter(left_at=None).order_by("slug"))
    if own:
        return own
    raise Refused(
        reason,
        _(
            "Find yours in the register: claim its page, or ask its stewards for a role as steward or "
            "delegate. If it is not there, register it; it takes a name and a kind."
        ),
        status=403,
        steps=[
            Step(_("Find it in the register"), reverse("institutions:register")),
            Step(_("Register an institution"), reverse("institutions:new")),
        ],
        title=_("First, an institution"),
    )
