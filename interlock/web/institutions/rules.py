"""Who may do what with an institution; an answer is a reason, or None when they may."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import Identifier, Institution, Membership, Role
from interlock.web.people.models import Person


def why_not_look_after(
    institution: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    if not isinstance(person, Person):
        return gettext_lazy(
            "Only people who look after this institution can do that, and you are not signed in."
        )
    if not institution.memberships.stewards().filter(person=person).exists():
        return gettext_lazy("Only people who look after this institution can do that.")
    return None


def why_not_identifiers(
    identifiers: Sequence[tuple[str, str]], institution: Institution | None = None
) -> dict[tuple[str, str], str]:
    """For each identifier that another institution has, the sentence that names it."""
    asked = Q(pk__in=[])
    for scheme, value in identifiers:
        asked |= Q(scheme=scheme, value=value)
    taken = Identifier.objects.filter(asked).select_related("institution")
    return {
        (one.scheme, one.value): _("%(name)s already has this number: %(number)s.")
        % {"name": one.institution, "number": one}
        for one in taken
        if institution is None or one.institution_id != institution.pk
    }


def why_not_give(institution: Institution, person: Person, role: str) -> str | None:
    if institution.memberships.filter(person=person, role=role, until__isnull=True).exists():
        return _("This person has that role already.")
    return None


def why_not_end(membership: Membership) -> str | None:
    if membership.until is not None:
        return _("This role has ended already.")
    others = membership.institution.memberships.stewards().exclude(pk=membership.pk)
    if membership.role == Role.STEWARD and not others.exists():
        return _("Nobody else looks after this page. Add another steward first.")
    return None
