"""A town with something to need and to offer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.messages.models import Mail
from interlock.web.needs import actions
from interlock.web.needs.models import Exchange, Introduction, Item, Listing
from interlock.web.people.models import Person
from tests.staging import staged
from tests.world import START, World, both

WHERE = {"place": "Riverbend", "region": "Illinois", "country": "US"}
HERE = {**WHERE, "latitude": 40.5, "longitude": -89.65}


@dataclass
class Town:
    """Alice's city needs a translation; Bob's co-op, of which Dora is delegate, offers one."""

    world: World
    city: Institution
    coop: Institution
    alice: Person
    bob: Person
    dora: Person
    need: Listing
    offer: Listing

    def post(self, institution: Institution, by: Person, **said: Any) -> Listing:
        return actions.post(
            institution=institution,
            by=by,
            at=said.pop("at", START),
            **{
                "exchange_type": Exchange.OFFER,
                "item_type": Item.SERVICE,
                "transaction_types": ["buy-sell"],
                "title": "Help",
                "geographic_scope": "local",
                **said,
            },
        )

    def ask(self, **said: Any) -> Introduction:
        """Bob's co-op asks the city about its need, with its own offer."""
        told: dict[str, Any] = {
            "listing": self.need,
            "own_listing": self.offer,
            "acting": self.coop,
            "by": self.bob,
            "at": START,
            "sentence": "We translate ballots.",
            "reach": "bob@tongue.example",
            **said,
        }
        return actions.ask(**told)

    def accept(self, introduction: Introduction, at: datetime = START) -> Introduction:
        return actions.accept(
            introduction=introduction,
            by=self.alice,
            at=at,
            answer="Yes, please.",
            reach="555-0142",
        )


@staged
def town(world: World) -> Town:
    city = world.city
    for name, value in HERE.items():
        setattr(city, name, value)
    city.email = "budget@riverbend.example"
    city.save()
    coop = register(
        name=both("Tongue", "Lengua"),
        kind=Kind.WORKER_COOP,
        steward=world.bob,
        at=START,
        **HERE,  # type: ignore[arg-type]
    )
    dora = Person.objects.by_email("dora@example.org")
    give_role(institution=coop, person=dora, role=Role.DELEGATE, by=world.bob, at=START)
    made = Town(world, city, coop, world.alice, world.bob, dora, Listing(), Listing())
    made.need = made.post(
        city,
        world.alice,
        exchange_type=Exchange.WANT,
        title=both("Translation of the ballot", "Traducción de la papeleta"),
        text="Into Spanish, within a week.",
        tags=["translation", "Spanish"],
        of_process=True,
    )
    made.offer = made.post(
        coop,
        world.bob,
        title=both("We translate", "Traducimos"),
        tags=["translations", "spanish"],
        geographic_scope="regional",
    )
    Mail.objects.all().delete()
    return made
