"""A joint proposal in each of its stages, between Riverbend and a co-op."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from interlock.web.ways import actions
from interlock.web.ways.models import Party, Proposal, Signature, State, Version
from interlock.web.ways.twelve import template_of
from tests.world import START, World, both

WAY = "fair-bids"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class Sides:
    """Alice's city, and a mill that Mia looks after; the proposal between them."""

    alice: Person
    city: Institution
    mia: Person
    mill: Institution
    proposal: Proposal

    @property
    def number(self) -> int:
        return self.proposal.pk

    def latest(self) -> Version:
        self.proposal.refresh_from_db()
        return self.proposal.versions.get(number=self.proposal.version)

    def party(self, institution: Institution) -> Party:
        return self.proposal.parties.get(institution=institution)

    def invite(self, institution: Institution, at: datetime = START) -> Party:
        return actions.invite(
            proposal=self.proposal, institution=institution, acting=self.city, by=self.alice, at=at
        )

    def write(
        self,
        text: str | Mapping[str, str] = "We buy bread.",
        *,
        acting: Institution | None = None,
        by: Person | None = None,
        at: datetime = START,
        **options: Any,
    ) -> Version:
        """Write the first section anew, by the city if nobody else is named."""
        latest = self.latest()
        sections = [dict(one) for one in latest.sections]
        sections[0]["text"] = {"en": text} if isinstance(text, str) else text
        return actions.write(
            proposal=self.proposal,
            acting=acting or self.city,
            by=by or self.alice,
            at=at,
            **{
                "base": latest.number,
                "title": latest.title,
                "sections": sections,
                "voids": [one.pk for one in latest.signatures.all()],
                **options,
            },
        )

    def sign(self, institution: Institution, by: Person, at: datetime = START) -> Signature:
        text = self.latest()
        return actions.sign(
            proposal=self.proposal,
            acting=institution,
            by=by,
            at=at,
            version=text.number,
            read=text.fingerprint,
        )

    def move(self, state: State, at: datetime = START, by: Person | None = None) -> None:
        actions.move(
            proposal=self.proposal,
            acting=self.city if by in (None, self.alice) else self.mill,
            by=by or self.alice,
            at=at,
            state=state,
            sentence="So it stands.",
        )


def new_mill(name: str = "Mill", at: datetime = START) -> tuple[Institution, Person]:
    steward = Person.objects.by_email(f"steward@{name.lower()}.example")
    mill = register(name=both(name, f"{name} es"), kind=Kind.WORKER_COOP, steward=steward, at=at)
    return mill, steward


def begun(world: World, at: datetime = START, sections: Sequence[Any] | None = None) -> Sides:
    """A draft of the city alone."""
    mill, mia = new_mill()
    proposal = actions.begin(
        institution=world.city,
        title=both("Bread", "Pan"),
        way=WAY,
        sections=template_of(WAY) if sections is None else sections,
        by=world.alice,
        at=at,
    )
    return Sides(world.alice, world.city, mia, mill, proposal)


def invited(world: World) -> Sides:
    sides = begun(world)
    sides.invite(sides.mill)
    return sides


def joined(world: World) -> Sides:
    sides = invited(world)
    actions.accept(party=sides.party(sides.mill), by=sides.mia, at=START)
    return sides


def written(world: World) -> Sides:
    sides = joined(world)
    sides.write()
    return sides


def half_signed(world: World) -> Sides:
    sides = written(world)
    sides.sign(sides.city, sides.alice)
    return sides


def agreed(world: World) -> Sides:
    sides = half_signed(world)
    sides.sign(sides.mill, sides.mia)
    sides.proposal.refresh_from_db()
    return sides
