"""Who is inside a co-op, and what each may do there. Of the inside, nobody else learns anything.

A keeper is a steward of the institution, or the member whose office it is. A delegate (a co-op
developer who prepares bids, say) speaks for the co-op outside and sees nothing within.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, FilteredRelation, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.coops.models import Coop, Member, OfficeKind, Status
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
    """The person within the co-op; None for everybody who has nothing to do with it. Two queries."""
    if not isinstance(person, Person):
        return None
    steward = why_not_look_after(coop.institution, person) is None
    # A row an office that is held now; one without where there is none.
    rows = list(
        coop.members.filter(person=person)
        .annotate(
            now=FilteredRelation("standings", condition=Q(standings__until__isnull=True)),
            held=FilteredRelation("offices", condition=Q(offices__until__isnull=True)),
        )
        .annotate(status_now=F("now__status"), office_held=F("held__kind"))
    )
    if not rows:
        return Inside(coop, person, None, None, frozenset(), steward) if steward else None
    status = Status(rows[0].status_now) if rows[0].status_now else None
    offices = frozenset[OfficeKind]()
    if status in (Status.MEMBER, Status.INACTIVE):
        offices = frozenset(OfficeKind(one.office_held) for one in rows if one.office_held)
    return Inside(coop, person, rows[0], status, offices, steward)


def why_not_keep_register(who: Inside | None) -> str | Promise | None:
    if who is not None and who.keeps_register:
        return None
    return _("Only the secretary, or a steward of the co-op, keeps its members and decisions.")


def why_not_keep_money(who: Inside | None) -> str | Promise | None:
    if who is not None and who.keeps_money:
        return None
    return _("Only the treasurer, or a steward of the co-op, keeps its hours, years and accounts.")
