"""The people around a register of policies, and policies of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Institution, Role
from interlock.web.observatory import actions
from interlock.web.observatory.models import Coding, Policy
from interlock.web.people.models import Person
from tests.world import START, World, entrust

Code = tuple[int, str]
AT = START + timedelta(days=1)


@dataclass
class Readers:
    """Kim is steward of a trusted federation, and Cleo, Dov and Eve its delegates; Bob only proposes."""

    bob: Person
    kim: Person
    cleo: Person
    dov: Person
    eve: Person
    federation: Institution


def readers(world: World) -> Readers:
    kim, cleo, dov, eve = (
        Person.objects.by_email(f"{name}@example.org") for name in ("kim", "cleo", "dov", "eve")
    )
    federation = entrust(kim)
    for one in (cleo, dov, eve):
        give_role(institution=federation, person=one, role=Role.DELEGATE, by=kim, at=START)
    return Readers(world.bob, kim, cleo, dov, eve, federation)


def said(**other: Any) -> actions.Said:
    told: actions.Said = {
        "institution": None, "area": "Rosewater", "country": "US", "adopted_on": date(2024, 5, 1),
        "title": "Ordinance 14-22", "passage": "Worker co-ops may bid without a bond.",
        "source": "https://rosewater.example/14-22",
    }  # fmt: skip
    told.update(other)  # type: ignore[typeddict-item]
    return told


def proposed(people: Readers, **other: Any) -> Policy:
    return actions.propose(by=people.bob, at=AT, said=said(**other))


def confirmed(people: Readers, **other: Any) -> Policy:
    return actions.confirm(policy=proposed(people, **other), by=people.kim, at=AT)


def code(policy: Policy, by: Person, told: Code, at: datetime = AT) -> Coding:
    policy.refresh_from_db()
    order, direction = told
    return actions.code(
        policy=policy, by=by, at=at, text_version=policy.text_version, order=order,
        direction=direction, reason=f"{by.email} says so",
    )  # fmt: skip


def coded(people: Readers, *codes: Code, **other: Any) -> Policy:
    """One that Cleo and Dov, and perhaps Eve, coded so."""
    policy = confirmed(people, **other)
    for person, told in zip(_coders(people), codes, strict=False):
        code(policy, person, told)
    policy.refresh_from_db()
    return policy


def _coders(people: Readers) -> Sequence[Person]:
    return people.cleo, people.dov, people.eve
