"""Who is inside a co-op, and what each may do there. Of the inside, nobody else learns anything.

A keeper is a steward of the institution, or the member whose office it is. A delegate (a co-op
developer who prepares bids, say) speaks for the co-op outside and sees nothing within.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.coops.models import Coop, Member, Office, OfficeKind, Status
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.people.models import Person

#: What somebody is who sees what all inside see.
BELONGING = (Status.CANDIDATE, Status.MEMBER, Status.INACTIVE)


def today(coop: Coop, at: datetime) -> date:
    """The day it is where the co-op is."""
    return at.astimezone(ZoneInfo(coop.zone)).date()


@dataclass(frozen=True)
class Inside:
    """A person as their co-op knows them on a day: member or none, status, offices, steward or not."""

    coop: Coop
    person: Person
    member: Member | None
    status: Status | None
    offices: frozenset[OfficeKind]
    is_steward: bool

    @property
    def keeps_register(self) -> bool:
        """Members, bylaws, decisions."""
        return self.is_steward or OfficeKind.SECRETARY in self.offices

    @property
    def keeps_money(self) -> bool:
        """Hours, years, accounts, rounds."""
        return self.is_steward or OfficeKind.TREASURER in self.offices

    @property
    def belongs(self) -> bool:
        """Sees what all inside see. Who left sees their own account, and nothing else."""
        return self.is_steward or self.status in BELONGING


def inside(coop: Coop, person: Person | AnonymousUser, at: datetime) -> Inside | None:
    """The person within the co-op; None for everybody who has nothing to do with it. Three queries."""
    if not isinstance(person, Person):
        return None
    steward = why_not_look_after(coop.institution, person) is None
    member = coop.members.filter(person=person).first()
    if member is None and not steward:
        return None
    status, offices = None, frozenset[OfficeKind]()
    if member is not None:
        standing = member.standings.filter(until__isnull=True).first()
        status = Status(standing.status) if standing else None
        if status in (Status.MEMBER, Status.INACTIVE):
            held = Office.objects.filter(member=member, until__isnull=True)
            offices = frozenset(OfficeKind(kind) for kind in held.values_list("kind", flat=True))
    return Inside(coop, person, member, status, offices, steward)


def why_not_keep_register(who: Inside | None) -> str | Promise | None:
    if who is not None and who.keeps_register:
        return None
    return _("Only the secretary, or a steward of the co-op, keeps its members and decisions.")


def why_not_keep_money(who: Inside | None) -> str | Promise | None:
    if who is not None and who.keeps_money:
        return None
    return _("Only the treasurer, or a steward of the co-op, keeps its hours, years and accounts.")
