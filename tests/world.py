"""The people and the town of the tests, made by the verbs that the site uses.

Alice organises for Riverbend, Bob has an account and nothing else, Carol organises for another
city. Wheelhouse is a worker co-op. Voters have codes, no names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from i18nfield.strings import LazyI18nString

from interlock.web.budgets import actions, queries
from interlock.web.budgets.counting import count_process
from interlock.web.budgets.models import FundType, Process
from interlock.web.institutions import claiming
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from interlock.web.voting import actions as voting

START = datetime(2027, 5, 3, 15, 0, tzinfo=UTC)
CLOSE = START + timedelta(days=14)
DOLLARS = 100

PROJECTS = {
    "city-wide": (("Shade at bus stops", "Sombra en las paradas", 64_000), ("Night bus", "Autobús nocturno", 118_000)),
    "harbor": (("Tool library", "Biblioteca de herramientas", 48_000), ("Pier lights", "Luces del muelle", 27_000)),
}  # fmt: skip


def both(en: str, es: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "es": es})


@dataclass
class World:
    """Alice's city with one process in preparation, ready to open: two areas, four projects."""

    alice: Person
    bob: Person
    carol: Person
    city: Institution
    wheelhouse: Institution
    process: Process
    letters: list[voting.Letter] = field(default_factory=list)

    def refresh(self) -> Process:
        self.process = queries.processes().get(pk=self.process.pk)
        return self.process

    def open(self, at: datetime = START) -> "World":
        actions.open_process(process=self.process, at=at, by=self.alice)
        self.refresh()
        return self

    def cast(
        self, letter: int, choices: Mapping[str, Sequence[str]], nonce: str = "", draft: str = ""
    ) -> str:
        """Cast with the code of the letter of that place, counted from 0."""
        return actions.cast_ballot(
            process=self.process,
            voting_code=self.letters[letter].code,
            choices=choices,
            nonce=nonce or voting.new_nonce(),
            draft_code=draft,
        )

    def cast_many(self, number: int) -> "World":
        """So many voters, half for the shade and half for the night bus, all for the tools."""
        for letter in range(number):
            half = (
                {"city-wide": ["1"], "harbor": ["3"]}
                if letter % 2
                else {"city-wide": ["2"], "harbor": ["3"]}
            )
            self.cast(letter, half)
        return self

    def close(self) -> "World":
        self.process = actions.close_if_due(process=self.process, at=CLOSE)
        self.refresh()
        return self

    def count(self) -> "World":
        count_process(process=self.process, at=CLOSE + timedelta(minutes=1))
        self.refresh()
        return self

    def publish(self) -> "World":
        actions.publish(process=self.process, at=CLOSE + timedelta(hours=1), by=self.alice)
        self.refresh()
        return self


def entrust(person: Person, name: str = "Trusted Federation") -> Institution:
    """An institution that the site trusts, looked after by this person: who may enter lists."""
    trusted = register(name=name, kind=Kind.FEDERATION, steward=person, at=START)
    return claiming.trust(institution=trusted, at=START)


def make_world(*, letters: int = 40, closes_at: datetime = CLOSE, at: datetime = START) -> World:
    alice, bob, carol = (
        Person.objects.by_email(f"{name}@example.org") for name in ("alice", "bob", "carol")
    )
    city = register(
        name=both("City of Riverbend", "Ciudad de Riverbend"),
        kind=Kind.PUBLIC_BODY,
        at=at,
        steward=alice,
    )
    register(name=both("Hilltown", "Villacerro"), kind=Kind.PUBLIC_BODY, at=at, steward=carol)
    wheelhouse = register(
        name=both("Wheelhouse Cooperative", "Cooperativa Wheelhouse"), kind=Kind.WORKER_COOP, at=at
    )
    process = actions.create_process(
        institution=city,
        title=both("Riverbend decides", "Riverbend decide"),
        summary=both("Four projects in two areas.", "Cuatro proyectos en dos zonas."),
        contact=both("555-0142", "555-0142"),
        closes_at=closes_at,
        zone="America/Chicago",
        rule="equalshares/add1",
        direct_up_to=100_000 * DOLLARS,
        at=at,
        by=alice,
    )
    pot = actions.put_pot(
        process=process,
        name=both("Capital budget", "Presupuesto de inversiones"),
        source=city,
        fund_type=FundType.CAPITAL,
        amount=200_000 * DOLLARS,
    )
    names = {"city-wide": both("City-wide", "Toda la ciudad"), "harbor": both("Harbor", "Puerto")}
    money = {"city-wide": 150_000, "harbor": 50_000}
    for key, projects in PROJECTS.items():
        area = actions.put_area(
            process=process,
            name=names[key],
            max_choices=1 if key == "city-wide" else 2,
            allocations={pot: money[key] * DOLLARS},
        )
        for en, es, cost in projects:
            actions.put_project(
                area=area,
                title=both(en, es),
                description=both(f"About {en.lower()}.", f"Sobre {es.lower()}."),
                cost=cost * DOLLARS,
                delivery_partner=wheelhouse if en == "Tool library" else None,
            )
    made = voting.enrol(box=process.box, letters=letters)
    return World(
        alice, bob, carol, city, wheelhouse, queries.processes().get(pk=process.pk), list(made)
    )
