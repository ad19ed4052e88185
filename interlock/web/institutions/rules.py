"""Who may do what with an institution; an answer is a reason, or None when they may."""

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person


def why_not_look_after(
    institution: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    if not isinstance(person, Person):
        return _(
            "Only people who look after this institution can do that, and you are not signed in."
        )
    if not institution.stewards.filter(person=person).exists():
        return _("Only people who look after this institution can do that.")
    return None
