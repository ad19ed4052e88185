"""Spokes, a co-op of five with its books: the people and the verbs of the tests of years and accounts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from interlock.web.coops.models import Coop, Member, Office, OfficeKind, Standing, Status
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind, Membership, Role
from interlock.web.people.models import Person
from tests.world import both

NOW = datetime(2027, 3, 1, 16, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 1, 1)


@dataclass
class Spokes:
    """Sol is steward; Ana treasurer; Ben and Chi members, Dee a candidate, Eva left in 2026."""

    coop: Coop
    sol: Person
    ana: Member
    ben: Member
    chi: Member
    dee: Member
    eva: Member

    @property
    def slug(self) -> str:
        return self.coop.institution.slug


def person(name: str) -> Person:
    return Person.objects.by_email(f"{name}@example.org")


def join(
    coop: Coop,
    number: str,
    name: str,
    *standings: tuple[Status, date, date | None],
    with_account: bool = True,
) -> Member:
    made = Member.objects.create(
        coop=coop,
        number=number,
        name=name,
        email=f"{name.split()[0].lower()}@example.org",
        person=person(name.split()[0].lower()) if with_account else None,
    )
    for status, since, until in standings:
        Standing.objects.create(member=made, status=status, since=since, until=until, said_at=NOW)
    return made


def spokes() -> Spokes:
    sol = person("sol")
    institution = register(
        name=both("Spokes Cooperative", "Cooperativa Spokes"),
        kind=Kind.WORKER_COOP,
        at=NOW,
        steward=sol,
    )
    coop = Coop.objects.create(
        institution=institution, first_year_begins_on=FIRST_DAY, opened_at=NOW
    )
    since = date(2024, 1, 1)
    ana = join(coop, "1", "Ana Ortiz", (Status.MEMBER, since, None))
    Office.objects.create(member=ana, kind=OfficeKind.TREASURER, since=since)
    ben = join(coop, "2", "Ben Yusuf", (Status.MEMBER, since, None))
    chi = join(
        coop, "3", "Chi Okafor",
        (Status.CANDIDATE, since, date(2026, 7, 1)), (Status.MEMBER, date(2026, 7, 1), None),
    )  # fmt: skip
    dee = join(coop, "4", "Dee Park", (Status.CANDIDATE, date(2026, 9, 1), None))
    left = date(2026, 10, 1)
    eva = join(coop, "5", "Eva Lindt", (Status.MEMBER, since, left), (Status.FORMER, left, None))
    return Spokes(coop, sol, ana, ben, chi, dee, eva)


def delegate(one: Spokes) -> Person:
    """Somebody who speaks for the co-op outside, and sees nothing within."""
    found = person("delia")
    Membership.objects.create(
        institution=one.coop.institution, person=found, role=Role.DELEGATE, since=NOW
    )
    return found


def other_steward() -> Person:
    """The steward of another co-op that keeps its inside here too."""
    found = person("omar")
    institution = register(
        name=both("Bakers", "Panaderos"), kind=Kind.WORKER_COOP, at=NOW, steward=found
    )
    Coop.objects.create(institution=institution, first_year_begins_on=FIRST_DAY, opened_at=NOW)
    return found


def officer() -> Person:
    """The steward of a city."""
    found = person("carl")
    register(name=both("Hilltown", "Villacerro"), kind=Kind.PUBLIC_BODY, at=NOW, steward=found)
    return found
