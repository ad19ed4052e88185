"""The co-op Spokes and its people, made by the verbs of the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from interlock.web.coops.actions import members
from interlock.web.coops.actions.opening import open_coop
from interlock.web.coops.models import Bylaws, Coop, Member, OfficeKind, Status
from interlock.web.institutions.actions import accept_role, give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.people.models import Person
from tests.world import START

#: When the guild is made at START; made at another time, all days move with it.
#: Bob was there from the beginning, the others came later, all of them before the co-op came here.
FOUNDED = date(2025, 1, 1)
JOINED = date(2026, 2, 1)
#: Cam became a candidate, Iris inactive, Fay left.
LATELY = date(2027, 3, 1)


@dataclass
class Guild:
    """Spokes, a worker co-op of five members, and all others who could want to look inside.

    Bob is its steward and a member, Ana its treasurer, Ben its secretary, Eva a member with no
    office, Iris an inactive member. Cam is a candidate, Wes works there, Fay left. Dora, a co-op
    developer, is its delegate and no member; Carol is a steward of another co-op.
    """

    coop: Coop
    spokes: Institution
    other: Coop
    bob: Person
    ana: Person
    ben: Person
    eva: Person
    iris: Person
    cam: Person
    wes: Person
    fay: Person
    dora: Person
    carol: Person

    def member(self, name: str) -> Member:
        """As the register has them: `guild.member("Ana")`."""
        return self.coop.members.get(name__startswith=f"{name} ")


PEOPLE = {
    "ana": ("Ana Ruiz", Status.MEMBER, JOINED),
    "ben": ("Ben Okafor", Status.MEMBER, JOINED),
    "eva": ("Eva Lind", Status.MEMBER, JOINED),
    "iris": ("Iris Haddad", Status.INACTIVE, LATELY),
    "cam": ("Cam Petrov", Status.CANDIDATE, LATELY),
    "wes": ("Wes Tanaka", Status.WORKER, LATELY),
    "fay": ("Fay Moreau", Status.FORMER, LATELY),
}


def make_guild(*, preset: str = "hypha", at: datetime = START) -> Guild:
    moved = at.date() - START.date()
    names = ("bob", "dora", "carol", *PEOPLE)
    people = {name: Person.objects.by_email(f"{name}@example.org") for name in names}
    bob, dora, carol = people["bob"], people["dora"], people["carol"]
    spokes = register(name="Spokes Cooperative", kind=Kind.WORKER_COOP, at=at, steward=bob)
    given = give_role(institution=spokes, person=dora, role=Role.DELEGATE, by=bob, at=at)
    accept_role(membership=given, by=dora, at=at)
    elsewhere = register(name="Gears Cooperative", kind=Kind.WORKER_COOP, at=at, steward=carol)
    begun = date(at.year, 1, 1)
    coop = open_coop(institution=spokes, preset=preset, first_year_begins_on=begun, by=bob, at=at)
    other = open_coop(
        institution=elsewhere, preset="selc", first_year_begins_on=begun, by=carol, at=at
    )
    members.add_member(
        coop=coop,
        name="Bob Marsh",
        status=Status.MEMBER,
        since=FOUNDED + moved,
        person=bob,
        by=bob,
        at=at,
    )
    for name, (called, status, since) in PEOPLE.items():
        joins = members.add_member(
            coop=coop,
            name=called,
            email=people[name].email,
            status=status,
            since=since + moved,
            by=bob,
            at=at,
        )
        members.invite(member=joins, by=bob, at=at)
        members.accept_invitation(member=joins, by=people[name], at=at)
    guild = Guild(coop=coop, spokes=spokes, other=other, **people)
    for name, office in (("Ana", OfficeKind.TREASURER), ("Ben", OfficeKind.SECRETARY)):
        members.give_office(
            member=guild.member(name), kind=office, since=JOINED + moved, by=bob, at=at
        )
    return guild


def put_bylaws(coop: Coop, body: Mapping[str, Any]) -> Bylaws:
    """A version with this body, whatever it says, in force as long as the one before it was."""
    before = coop.bylaws.latest("number")
    return Bylaws.objects.create(
        coop=coop,
        number=before.number + 1,
        body=body,
        sha256="0" * 64,
        effective_on=before.effective_on,
        adopted_at=before.adopted_at,
    )
