"""Wheelhouse from within: its people, one of them a candidate, and its bylaws with one change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from interlock.web.coops.actions import members
from interlock.web.coops.actions.bylaws import change_bylaws
from interlock.web.coops.actions.opening import open_coop, show
from interlock.web.coops.actions.owing import pay_in, plan_buy_in
from interlock.web.coops.models import Coop, OfficeKind, Status
from interlock.web.coops.queries.bylaws import latest, terms
from interlock.web.coops.rules.access import today
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

#: Who works there, as what, and since how many days; the first is who looks after its page.
PEOPLE = (
    ("Rosa Delgado", "", Status.MEMBER, 2_600),
    ("Theo Brandt", "treasurer@wheelhouse.example", Status.MEMBER, 2_600),
    ("Mina Farah", "secretary@wheelhouse.example", Status.MEMBER, 1_900),
    ("Jonah Pike", "jonah@wheelhouse.example", Status.MEMBER, 1_100),
    ("Lucía Serrano", "lucia@wheelhouse.example", Status.MEMBER, 700),
    ("Noor Haddad", "noor@wheelhouse.example", Status.CANDIDATE, 150),
    ("Ines Carvalho", "", Status.WORKER, 90),
)


def make(made: Mapping[str, Institution], people: Mapping[str, Person], at: datetime) -> Coop:
    """Its steward opens the inside and enters everybody; treasurer, secretary and Noor came in."""
    steward = people["wheelhouse"]
    coop = open_coop(
        institution=made["Wheelhouse Cooperative"],
        preset="selc",
        # So that the year of the city's payments is over, and they are in it.
        first_year_begins_on=(at - timedelta(days=425)).date().replace(day=1),
        by=steward,
        at=at,
    )
    day = today(coop, at)
    for name, email, status, days in PEOPLE:
        member = members.add_member(
            coop=coop,
            name=name,
            email=email,
            status=status,
            since=day - timedelta(days=days),
            buy_in=100_000,
            person=None if email or status == Status.WORKER else steward,
            by=steward,
            at=at,
        )
        if email:
            members.invite(member=member, by=steward, at=at)
            members.accept_invitation(member=member, by=Person.objects.by_email(email), at=at)
    for name, kind in (
        ("Theo Brandt", OfficeKind.TREASURER),
        ("Mina Farah", OfficeKind.SECRETARY),
    ):
        members.give_office(
            member=coop.members.get(name=name),
            kind=kind,
            since=day - timedelta(days=400),
            by=steward,
            at=at,
        )
    begun = latest(coop)
    assert begun
    known = terms(begun)
    asks = replace(known.membership, has_trainings=True)
    change_bylaws(
        coop=coop,
        bylaws=replace(known, membership=asks),
        effective_on=day,
        reason="Candidates learn to read the books: our bylaws, article 4.",
        by=steward,
        at=at,
    )
    members.note_training(
        member=coop.members.get(name="Noor Haddad"),
        name="Reading the books",
        on=day - timedelta(days=20),
        by=steward,
        at=at,
    )
    _paid_in(coop, steward, day, at)
    return show(coop=coop, shows_size=True, shows_commons=False, by=steward, at=at)


def _paid_in(coop: Coop, steward: Person, day: date, at: datetime) -> None:
    """The members paid their buy-in long ago; Noor does so in ten parts, of which three are paid."""
    for member in coop.members.filter(standings__status=Status.MEMBER).order_by("pk"):
        first = coop.first_year_begins_on
        pay_in(member=member, amount=member.buy_in, on=first, by=steward, at=at)
    noor = coop.members.get(name="Noor Haddad")
    begun = day - timedelta(days=140)
    plan_buy_in(member=noor, amount=noor.buy_in, parts=10, first_on=begun, by=steward, at=at)
    for month in range(3):
        on = begun + timedelta(days=30 * month)
        pay_in(member=noor, amount=noor.buy_in // 10, on=on, by=steward, at=at)
