"""Who may do what with the register of policies; an answer is a reason, or None.

Anybody with an account proposes. What is published and what is counted is decided by people whom this
site trusts, as for lists: stewards of a trusted institution confirm, correct and withdraw; those who speak
for one (its stewards and delegates) code. Without that, one person with three addresses would be both
coders, and the agreement of two would mean nothing.
"""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.institutions.rules import why_not_enter_lists
from interlock.web.observatory.models import Asked, Coding, Policy, State
from interlock.web.people.models import Person

DAY = timedelta(days=1)
#: So many one person proposes within a day, and so long a passage is.
MOST_PROPOSED = 30
LONGEST_PASSAGE = 4_000

NOT_SIGNED_IN = gettext_lazy("That takes an account, and you are not signed in.")


def keeps(person: Person | AnonymousUser) -> bool:
    """Whether somebody keeps the register: whoever enters lists here does."""
    return why_not_enter_lists(person) is None


def why_not_keep(person: Person | AnonymousUser) -> str | Promise | None:
    if not isinstance(person, Person):
        return NOT_SIGNED_IN
    if keeps(person):
        return None
    return gettext_lazy(
        "The register of policies is kept by whoever runs this site, and by stewards of institutions "
        "that the site trusts."
    )


def codes(person: Person | AnonymousUser) -> bool:
    """Whether somebody is one of those who code here at all."""
    if not isinstance(person, Person):
        return False
    own = person.memberships.speakers()
    trusted = own.filter(institution__trusted_at__isnull=False, institution__left_at=None)
    return person.is_superuser or trusted.exists()


def why_not_propose(person: Person, at: datetime) -> str | None:
    entered = person.policies_entered.filter(entered_at__gt=at - DAY)
    if entered.count() >= MOST_PROPOSED:
        return _("You entered %(most)s policies within a day. Go on tomorrow.") % {
            "most": MOST_PROPOSED
        }
    return None


def why_not_confirm(policy: Policy, person: Person | AnonymousUser) -> str | Promise | None:
    """Somebody else than who entered it looks whether the source says so."""
    if policy.state != State.PROPOSED:
        return _("This entry is confirmed or withdrawn already.")
    if reason := why_not_keep(person):
        return reason
    if policy.entered_by_id == person.pk:
        return _("You entered it yourself: somebody else looks whether the source says so.")
    return None


def why_not_correct(policy: Policy, person: Person | AnonymousUser) -> str | Promise | None:
    """Who entered it until it is confirmed; then those who keep the register."""
    if policy.state == State.WITHDRAWN:
        return _("This entry is withdrawn.")
    if (
        isinstance(person, Person)
        and policy.state == State.PROPOSED
        and policy.entered_by_id == person.pk
    ):
        return None
    return why_not_keep(person)


def why_not_change_text(policy: Policy) -> str | None:
    """What two people have coded stays as they read it."""
    if policy.is_coded:
        return _(
            "Both codings are in, so title and passage stay as the coders read them. Withdraw the entry "
            "with a reason, and enter it anew."
        )
    return None


def why_not_withdraw(policy: Policy, person: Person | AnonymousUser) -> str | Promise | None:
    return why_not_correct(policy, person)


def why_not_code(policy: Policy, person: Person | AnonymousUser) -> str | Promise | None:
    """Two code it blind, a third settles what they see apart; nobody who entered it, nobody twice."""
    if not isinstance(person, Person):
        return NOT_SIGNED_IN
    if policy.state == State.PROPOSED:
        return _("This entry is not confirmed yet.")
    if policy.state not in (State.TO_CODE, State.APART):
        return _("Nothing of this entry waits to be coded.")
    if not codes(person):
        return gettext_lazy(
            "Policies are coded by people who speak for an institution that this site trusts: its "
            "stewards and delegates."
        )
    if policy.entered_by_id == person.pk:
        return _("You entered this policy, and chose its passage: others code it.")
    if Coding.objects.filter(
        policy=policy, text_version=policy.text_version, coder=person
    ).exists():
        return _("You have coded it. The page shows both codings once the other is in.")
    return None


#: So many questions of one person may wait, and an answer is kept so long.
MOST_WAITING = 3
KEPT = timedelta(days=90)


def why_not_ask(person: Person) -> str | None:
    """Why somebody may not ask of lists now."""
    if Asked.objects.filter(by=person).waiting().count() >= MOST_WAITING:
        return _("Lists of yours wait already. Wait until they are done, or take one back.")
    return None
