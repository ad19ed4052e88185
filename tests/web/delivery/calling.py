"""A call for somebody to build the tool library, and who could: made by the verbs of the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.test.utils import override_settings

from interlock.web.delivery.actions import bids, calls, evaluating
from interlock.web.delivery.actions.calls import CriterionSaid, LotSaid
from interlock.web.delivery.models import Bid, Call, Delivery, Offer, Panelist
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.people.models import Person
from tests.world import DOLLARS, START, World, both

COST = 48_000 * DOLLARS
CLOSES = START + timedelta(days=30)
LATER = CLOSES + timedelta(hours=1)
PDF = b"%PDF-1.7\nthe budget of our plan\n%%EOF\n"
PLAN = "Reclaimed oak shelves, three evenings of teaching, opened by harvest."


@contextmanager
def with_own_keys() -> Iterator[None]:
    """For a town with calls that is staged: their keys go, for another's calls have their numbers."""
    with TemporaryDirectory() as folder, override_settings(INTERLOCK_HOME=Path(folder)):
        yield


@dataclass
class Fair:
    """Alice's city calls. Bob is steward of the co-op Spokes, Dora its delegate; Finn of a firm.

    Ana and Ben compare the bids.
    """

    world: World
    delivery: Delivery
    alice: Person
    bob: Person
    dora: Person
    finn: Person
    ana: Person
    ben: Person
    city: Institution
    spokes: Institution
    firm: Institution

    def call(self, at: datetime = START, **said: Any) -> Call:
        """A draft that could be published: one lot, the price for 40 of the hundred."""
        told: dict[str, Any] = {
            "title": both("A tool library", "Una biblioteca de herramientas"),
            "scope": both("Build it, and teach its use.", "Construirla y enseñar su uso."),
            "closes_at": at + (CLOSES - START),
            "lots": [LotSaid(both("The library", "La biblioteca"), COST)],
            "criteria": [
                CriterionSaid(both("Price", "Precio"), 40, is_price=True),
                CriterionSaid(both("Plan", "Plan"), 60, text=both("Clear steps.", "Pasos claros.")),
            ],
            **said,
        }
        return calls.draft_call(delivery=self.delivery, by=self.alice, at=at, **told)

    def published(self, at: datetime = START, **said: Any) -> Call:
        return calls.publish(call=self.call(at, **said), by=self.alice, at=at)

    def preferring(self, at: datetime = START, **said: Any) -> Call:
        """Published, with ten per cent off the price of worker co-ops for the comparing."""
        return self.published(
            at,
            preference="discount",
            preference_size=1_000,
            legal_basis=both("Ordinance 12, section 3.", "Ordenanza 12, artículo 3."),
            **said,
        )

    def draft(
        self,
        call: Call,
        lead: Institution | None = None,
        by: Person | None = None,
        price: int = 45_000,
        **said: Any,
    ) -> Bid:
        bid = bids.begin(call=call, lead=lead or self.spokes, by=by or self.bob)
        told: dict[str, Any] = {
            "prices": {"1": price * DOLLARS},
            "plan": PLAN,
            "team": "Six members.",
            "has_conflict": False,
            **said,
        }
        bids.save_draft(bid=bid, by=by or self.bob, **told)
        bid.refresh_from_db()
        return bid

    def sealed(self, call: Call, at: datetime = START, **said: Any) -> Bid:
        bid = self.draft(call, **said)
        bids.seal(bid=bid, by=said.get("by", self.bob), at=at)
        bid.refresh_from_db()
        return bid

    def both_bid(self, call: Call, at: datetime = START) -> tuple[Bid, Bid]:
        """The co-op bids 45,000, the firm 43,000."""
        ours = self.sealed(call, at)
        theirs = self.sealed(call, at, lead=self.firm, by=self.finn, price=43_000)
        return ours, theirs

    def closed(self, call: Call, at: datetime = LATER) -> Call:
        return calls.close_if_due(call=call, at=at)

    def panel(self, call: Call, at: datetime = START) -> list[Panelist]:
        return [
            evaluating.name_panelist(call=call, person=one, name=name, by=self.alice, at=at)
            for one, name in ((self.ana, "Ana Ruiz"), (self.ben, "Ben Okafor"))
        ]

    def opened(self, call: Call, at: datetime = LATER) -> Call:
        self.panel(call, call.published_at or START)
        return bids.open_bids(call=self.closed(call, at), by=self.alice, at=at)

    def offer(self, call: Call, lead: Institution) -> Offer:
        return Offer.objects.select_related("bid", "lot__call").get(lot__call=call, bid__lead=lead)

    def scored(self, call: Call, at: datetime = LATER, points: int = 7) -> Call:
        """Opened, everybody declared, and each offer given so many points by each."""
        opened = self.opened(call, at)
        self.score_all(opened, at, points)
        return opened

    def score_all(self, call: Call, at: datetime = LATER, points: int = 7) -> None:
        judged = list(call.criteria.filter(is_price=False))
        for seat in call.panel.select_related("person", "call"):
            seat = evaluating.declare(panelist=seat, by=seat.person, at=at, conflicts={})
            for offer in Offer.objects.filter(lot__call=call, excluded_at=None):
                evaluating.score(
                    panelist=seat,
                    offer=offer,
                    by=seat.person,
                    at=at,
                    given={one: (points, "The steps are clear.") for one in judged},
                )

    def ranked(self, call: Call, at: datetime = LATER) -> Call:
        """Two bids, compared: the firm's is cheaper, the co-op's is preferred."""
        scored = self.scored(call, at)
        evaluating.rank(call=scored, by=self.alice, at=at)
        scored.refresh_from_db()
        return scored


def make_fair(world: World, at: datetime = START) -> Fair:
    dora, finn, ana, ben = (
        Person.objects.by_email(f"{name}@example.org") for name in ("dora", "finn", "ana", "ben")
    )
    spokes = register(
        name=both("Spokes Cooperative", "Cooperativa Spokes"),
        kind=Kind.WORKER_COOP,
        steward=world.bob,
        at=at,
    )
    give_role(institution=spokes, person=dora, role=Role.DELEGATE, by=world.bob, at=at)
    firm = register(name="Green Ltd", kind="firm", steward=finn, at=at)
    delivery = Delivery.objects.create(
        project=world.process.projects.get(ref="3"),
        responsible=world.city,
        cost=COST,
        recorded_at=at,
    )
    return Fair(
        world, delivery, world.alice, world.bob, dora, finn, ana, ben, world.city, spokes, firm
    )
