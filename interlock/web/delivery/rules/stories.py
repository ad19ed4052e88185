"""Who may tell the story of a delivery, and when; an answer is a reason, or None when they may."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.budgets.queries import insiders
from interlock.web.delivery.models import Award, AwardKind, Delivery
from interlock.web.institutions.models import Institution, Role
from interlock.web.institutions.rules import why_not_look_after, why_not_speak_for
from interlock.web.people.models import Person


def why_not_officer(delivery: Delivery, person: Person | AnonymousUser) -> str | Promise | None:
    """Officers are those who look after the responsible body."""
    return why_not_look_after(delivery.responsible, person)


def why_both_sides(
    delivery: Delivery, others: Iterable[Institution], person: Person | AnonymousUser
) -> str | None:
    """An officer decides nothing about an institution they belong to, too: a member of a co-op gets a
    share of what it earns. A role somebody was given lets them act for it, so it counts at once; to be
    a member takes their word.

    What the responsible body does itself has but one side.
    """
    if not isinstance(person, Person):
        return None
    parties = [one.pk for one in others if one.pk != delivery.responsible_id]
    roles = Q(accepted_at__isnull=False) | ~Q(role=Role.MEMBER)
    found = Institution.objects.filter(belonging(person, Q(until=None) & roles), pk__in=parties)
    if one := found.first():
        told = _("You belong to %(name)s too, so another officer has to do that.")
        return told % {"name": one.name}
    return None


def belonging(person: Person, roles: Q) -> Q:
    """The institutions in which a person has such a role, or is inside of a co-op."""
    own = Q(pk__in=person.memberships.filter(roles).values("institution"))
    for ask in insiders:
        own |= Q(pk__in=ask(person).values("pk"))
    return own


def why_not_tell(
    delivery: Delivery, acting: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """The responsible body and those to whom something was awarded tell what happens."""
    if acting.pk == delivery.responsible_id:
        return why_not_officer(delivery, person)
    standing = delivery.awards.filter(annulment=None, suppliers__institution=acting)
    if not standing.exists():
        return _("%(name)s has no part in this delivery.") % {"name": acting.name}
    return why_not_speak_for(acting, person)


def why_over(delivery: Delivery) -> str | None:
    """Why nothing more happens with it."""
    if delivery.done_at:
        return _("This delivery is done.")
    if delivery.given_up_at:
        return _("This delivery was given up.")
    return None


def why_not_plan(delivery: Delivery, due_on: date | None) -> str | None:
    if reason := why_over(delivery):
        return reason
    if delivery.due_on and (due_on is None or due_on > delivery.due_on):
        return _("A later day is a delay, and a delay has a reason: say it as one.")
    return None


def why_not_delay(delivery: Delivery, due_on: date, reason: str) -> str | None:
    if why := why_over(delivery):
        return why
    if delivery.due_on is None:
        return _("There is no day yet that could be delayed. Write the plan first.")
    if due_on <= delivery.due_on:
        return _("A delay is to a later day than the one that was said before.")
    return None if reason.strip() else _("A delay has a reason: say it.")


def why_not_stop(delivery: Delivery, reason: str) -> str | None:
    if why := why_over(delivery):
        return why
    if delivery.stuck_at:
        return _("It is said to be stuck already.")
    return None if reason.strip() else _("Say what it is stuck at.")


def why_not_resume(delivery: Delivery) -> str | None:
    return why_over(delivery) or (None if delivery.stuck_at else _("It is not stuck."))


def why_not_finish(delivery: Delivery) -> str | None:
    """Done is what was awarded and accepted to the last milestone."""
    if reason := why_over(delivery):
        return reason
    awards = delivery.awards.filter(annulment=None).select_related("agreement")
    if not awards:
        return _("Nothing was awarded yet, so nothing can be done.")
    for award in awards:
        agreement = getattr(award, "agreement", None)
        if agreement is None or agreement.signed_at is None:
            if award.kind == AwardKind.OWN and agreement is None:
                continue
            return _("An award has no signed agreement yet.")
        if agreement.ended_at is None and agreement.accepted < agreement.value:
            return _("Milestones of an agreement are not all accepted yet.")
    return None


def why_not_give_up(delivery: Delivery, reason: str) -> str | None:
    if why := why_over(delivery):
        return why
    if not reason.strip():
        return _("Residents chose this. Say why it is given up.")
    bound = Award.objects.filter(delivery=delivery, annulment=None)
    if bound.filter(Q(agreement=None) | Q(agreement__signed_at=None)).exists():
        return _("Something is awarded: annul the award first.")
    if bound.filter(agreement__ended_at=None).exists():
        return _("An agreement runs: end it first.")
    return None
