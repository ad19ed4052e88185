"""Who may do what with an institution; an answer is a reason, or None when they may."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.models import (
    Claim,
    Identifier,
    Institution,
    Membership,
    Role,
)
from interlock.web.people.models import Person

DAY = timedelta(days=1)
# A shared mailbox is not read every hour.
CODE_LIFETIME = 3 * DAY
MOST_ATTEMPTS = 5
# So many mails with a code go to one institution in a day, and so many of them for one person.
MOST_CODES = 4
MOST_CODES_OF_ONE = 2
# So many codes and questions a person may begin in a day, wherever; so many people they may add.
MOST_CLAIMS = 5
MOST_GIVEN = 30
# So many institutions one person types in within a day.
MOST_REGISTERED = 30
# So many may wait for the answer of one institution.
MOST_WAITING = 20
# Who was declined asks the same ones again after this.
BEFORE_ASKING_AGAIN = 30 * DAY
# From the wish to leave until it is done: long enough that every steward has read the mail.
BEFORE_LEAVING = 7 * DAY

# So many tags, names and addresses are kept of one institution, and so many signs of each.
MOST_ITEMS = 50
LONGEST_ITEM = {"tags": 100, "other_names": 200, "links": 500, "other_activities": 8}

# Rooms join this list: given an institution, why it cannot leave yet, or None.
bonds: list[Callable[[Institution], str | None]] = []


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


def why_not_correct(
    institution: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """Until its own people look after a page, whoever typed it in may correct it."""
    reason = why_not_look_after(institution, person)
    if reason and isinstance(person, Person) and institution.entered_by_id == person.pk:
        alone = not institution.memberships.stewards().exists() and not institution.left_at
        return None if alone else reason
    return reason


def why_not_register(person: Person, at: datetime) -> str | None:
    typed = Institution.objects.filter(entered_by=person, registered_at__gt=at - DAY)
    if typed.count() >= MOST_REGISTERED:
        return _("You registered %(most)s institutions within a day. Go on tomorrow.") % {
            "most": MOST_REGISTERED
        }
    return None


def why_not_publish_address(email: str, own: bool) -> str | None:
    """Who reads the address of a page answers for it, so nobody else says which that is."""
    if email and not own:
        return _("Leave it empty: only its own people say by which address they are asked.")
    return None


def why_not_speak_for(
    institution: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """Its stewards and delegates speak for it in meetings and proposals."""
    if not isinstance(person, Person):
        return gettext_lazy(
            "Only stewards and delegates of this institution can do that, and you are not signed in."
        )
    if not institution.memberships.speakers().filter(person=person).exists():
        return gettext_lazy("Only stewards and delegates of this institution can do that.")
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


def why_not_give(
    institution: Institution, person: Person, role: str, by: Person, at: datetime
) -> str | None:
    if institution.memberships.filter(person=person, role=role, until__isnull=True).exists():
        return _("This person has that role already.")
    own = by.memberships.stewards().values("institution")
    given = Membership.objects.filter(institution__in=own, since__gt=at - DAY).exclude(person=by)
    if given.count() >= MOST_GIVEN:
        return _("You added %(most)s people within a day. Each gets a mail: go on tomorrow.") % {
            "most": MOST_GIVEN
        }
    return None


def why_not_end(membership: Membership) -> str | None:
    if membership.until is not None:
        return _("This role has ended already.")
    others = membership.institution.memberships.stewards().exclude(pk=membership.pk)
    if membership.role == Role.STEWARD and not others.exists():
        return _("Nobody else looks after this page. Add another steward first.")
    return None


def why_not_send_code(institution: Institution, person: Person, at: datetime) -> str | None:
    """Why no code goes to its published address, by which this person could claim its page."""
    if reason := _why_nobody_claims(institution) or why_not_trust_address(institution):
        return reason
    codes = institution.claims.exclude(code_hash="").filter(asked_at__gt=at - DAY)
    sent = list(codes.values_list("person", flat=True))
    if len(sent) >= MOST_CODES or sent.count(person.pk) >= MOST_CODES_OF_ONE:
        return _("Enough codes were sent to this address today. Try again tomorrow.")
    return _why_not_begin(person, at)


def why_not_trust_address(institution: Institution) -> str | None:
    """Why whoever reads its published address does not speak for it.

    Lists are entered by those whom the site trusts, so that an address from one is as good as one that
    somebody typed. What a list brought that was undone since proves nothing, nor does what a profile
    says that a stranger chose, and wrote perhaps.
    """
    if not institution.email:
        return _("Its page shows no e-mail address.")
    if is_of_undone_list(institution, "email"):
        return _("Its e-mail address came from a list that was undone, which proves nothing.")
    made = institution.followed.filter(made=True).select_related("by").first()
    if made and made.by and why_not_enter_lists(made.by):
        return _(
            "Its e-mail address came from a profile that somebody chose, which proves nothing."
        )
    return None


def is_of_undone_list(institution: Institution, field: str) -> bool:
    """Whether what a field says came from a list that was undone, and from no other list."""
    brought = institution.import_rows.filter(
        **{f"given__{field}": getattr(institution, field)}, entering__entered_at__isnull=False
    )
    undone = list(brought.values_list("entering__undone_at", flat=True))
    return bool(undone) and all(undone)


def why_not_enter_lists(person: Person | AnonymousUser) -> str | Promise | None:
    """A list changes the pages of others: whoever runs the site enters it, or whom the site trusts."""
    if not isinstance(person, Person):
        return gettext_lazy(
            "Only people whom this site trusts enter lists, and you are not signed in."
        )
    own = person.memberships.stewards()
    trusted = own.filter(institution__trusted_at__isnull=False, institution__left_at=None)
    if person.is_superuser or trusted.exists():
        return None
    return gettext_lazy(
        "A list changes the pages of others. It is entered by whoever runs this site, or by a steward "
        "of an institution that the site trusts."
    )


def why_not_prove(claim: Claim | None, at: datetime) -> str | None:
    if claim is None:
        return _("There is no code to type. Let one be sent first.")
    if claim.asked_at + CODE_LIFETIME <= at:
        return _("This code is too old. Let another one be sent.")
    return None


def why_not_vouch(federation: Institution) -> str | None:
    """Why an institution may not vouch for people of others: trust comes from the operator alone.

    Who is vouched for is not thereby trusted, so no circle of pages can vouch for itself.
    """
    if not federation.trusted_at or federation.left_at:
        return _("%(name)s is not trusted to vouch for others on this site.") % {"name": federation}
    if not federation.memberships.stewards().exists():
        return _("Nobody looks after the page of %(name)s, so nobody could answer.") % {
            "name": federation
        }
    return None


def why_not_ask(
    institution: Institution, person: Person, asked_of: Institution, at: datetime
) -> str | None:
    """Why a person cannot ask a federation to vouch for them, or its own stewards to let them in."""
    reason = (
        _why_nobody_joins(institution, person)
        if asked_of == institution
        else _why_nobody_claims(institution) or why_not_vouch(asked_of)
    )
    if reason:
        return reason
    mine = institution.claims.filter(person=person, asked_of__isnull=False)
    if mine.filter(settled_at=None).exists():
        return _("You have asked already. Wait for the answer, or withdraw the question.")
    declined = mine.filter(
        asked_of=asked_of, granted=False, settled_at__gt=at - BEFORE_ASKING_AGAIN
    )
    if declined.exclude(answer="").exists():
        return _("You were declined less than 30 days ago. Talk with them first.")
    if asked_of.questions.filter(settled_at=None).count() >= MOST_WAITING:
        return _("Too many people wait for their answer already. Try again later.")
    return _why_not_begin(person, at)


def why_not_answer(claim: Claim, person: Person) -> str | Promise | None:
    if claim.settled_at or claim.asked_of is None:
        return _("This was answered already.")
    if reason := why_not_look_after(claim.asked_of, person):
        return reason
    if claim.person_id == person.pk:
        return _("Nobody vouches for themselves: another steward has to answer.")
    return None if claim.is_to_join else why_not_vouch(claim.asked_of)


def _why_nobody_claims(institution: Institution) -> str | None:
    if institution.left_at:
        return _("This institution has left the site.")
    if institution.memberships.stewards().exists():
        return _("Its own people look after this page already: ask them to let you in.")
    return None


def _why_nobody_joins(institution: Institution, person: Person) -> str | None:
    if institution.left_at:
        return _("This institution has left the site.")
    if not institution.memberships.stewards().exists():
        return _("Nobody looks after this page yet, so nobody could answer. You can claim it.")
    if institution.memberships.filter(person=person, until__isnull=True).exists():
        return _("You have a role there already; its stewards can give you another.")
    return None


def _why_not_begin(person: Person, at: datetime) -> str | None:
    if person.claims.filter(asked_at__gt=at - DAY).count() >= MOST_CLAIMS:
        return _("You asked %(most)s times within a day. Go on tomorrow.") % {"most": MOST_CLAIMS}
    return None


def bonds_of(institution: Institution) -> list[str]:
    """All that has to be brought to an end before it can leave."""
    return [reason for ask in bonds if (reason := ask(institution))]


def why_not_leave(institution: Institution) -> str | None:
    if institution.left_at:
        return _("This institution has left the site.")
    if institution.leaving_at:
        return _("It is leaving already.")
    return " ".join(bonds_of(institution)) or None
