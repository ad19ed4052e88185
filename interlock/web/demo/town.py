"""Riverbend, a town that does not exist: one vote counted and published, one open, and a register
of the co-ops and others around it.

Everything is made by the verbs that people use, with made-up ballots from a seed, so the same
seed gives the same town.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from i18nfield.strings import LazyI18nString

from interlock.web.budgets import actions, queries
from interlock.web.budgets.counting import count_process
from interlock.web.budgets.models import FundType, Process
from interlock.web.budgets.recounting import work_out_margin
from interlock.web.demo import (
    decisions,
    delivery,
    explore,
    loop,
    members,
    needs,
    policies,
    surveys,
    ties,
)
from interlock.web.demo import register as register_room
from interlock.web.demo.files import show_pictures
from interlock.web.demo.ways import propose
from interlock.web.institutions.actions import Certificate, register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from interlock.web.voting import actions as voting
from interlock.web.voting import codes

ORGANISER = "organiser@riverbend.example"
#: Who looks after what; nobody looks after the others.
STEWARDS = {
    "organiser": (ORGANISER, "City of Riverbend"),
    "wheelhouse": ("desk@wheelhouse.example", "Wheelhouse Cooperative"),
    "sundial": ("desk@sundial.example", "Sundial Growers Cooperative"),
    "federation": ("desk@threerivers.example", "Three Rivers Federation of Co-ops"),
    "workshop": ("desk@eastbank.example", "Eastbank Co-op Workshop"),
}
ZONE = "America/Chicago"


@dataclass(frozen=True)
class Item:
    """A project of the demo: its area, texts, cost in dollars, and who likes it by nature.

    `appeal` is the part of voters of each bloc (river, hill, young) who would tick it.
    """

    area: str
    en: str
    es: str
    en_text: str
    es_text: str
    dollars: int
    appeal: tuple[float, float, float]
    partner: str = ""


# fmt: off
LAST_YEAR = [
    Item("city", "Resurface Dock Road", "Repavimentar la calle del Muelle", "New asphalt, kerbs and a cycle lane from the bridge to the mill.", "Asfalto, bordillos y un carril para bicicletas del puente al molino.", 148_000, (.62, .55, .12)),
    Item("city", "Library steps and ramp", "Escalera y rampa de la biblioteca", "A ramp everyone can use, and steps that do not ice over.", "Una rampa para todo el mundo y una escalera que no se hiela.", 86_000, (.42, .52, .30)),
    Item("city", "Bike kitchen", "Taller abierto de bicicletas", "A workshop where people repair their bikes with tools and help.", "Un taller donde cada cual repara su bicicleta con herramientas y ayuda.", 58_000, (.10, .12, .78), "Wheelhouse Cooperative"),
    Item("city", "Eastbank day garden", "Huerto de día de la Ribera", "Raised beds, a greenhouse and a paid gardener for two seasons.", "Bancales, un invernadero y un jardinero pagado durante dos temporadas.", 34_000, (.14, .10, .62), "Sundial Growers Cooperative"),
    Item("city", "Mill Park trees", "Árboles para el parque del Molino", "Sixty trees, watered for three summers.", "Sesenta árboles, con riego durante tres veranos.", 42_000, (.36, .24, .34)),
    Item("city", "Public toilets, two", "Dos aseos públicos", "Clean, open and safe at the bus station and in Mill Park.", "Limpios, abiertos y seguros, en la estación y en el parque del Molino.", 95_000, (.48, .44, .06)),
    Item("city", "Summer jobs, 40 places", "Empleo de verano, 40 plazas", "Six paid weeks for people aged 15 to 18.", "Seis semanas pagadas para jóvenes de 15 a 18 años.", 92_000, (.30, .26, .50)),
    Item("city", "Heat-pump pilot at the hall", "Bomba de calor en el ayuntamiento", "The first public building without gas.", "El primer edificio público sin gas.", 76_000, (.18, .28, .16)),
    Item("city", "Harbor fish market roof", "Techo de la lonja del puerto", "A roof that lasts forty years.", "Un techo para cuarenta años.", 49_000, (.38, .10, .05)),
    Item("city", "Bandstand repair", "Arreglo del quiosco de música", "New boards and rails, the old ornaments kept.", "Tablas y barandillas nuevas, y los adornos de siempre.", 61_000, (.16, .22, .04)),
]
THIS_YEAR = [
    Item("city", "Shade at eight bus stops", "Sombra en ocho paradas", "Shelters with benches and a water tap where people wait longest in the sun.", "Marquesinas con bancos y agua donde más se espera al sol.", 64_000, (.5, .4, .3)),
    Item("city", "Night bus, one year", "Autobús nocturno, un año", "Fridays and Saturdays until two, on the hospital line.", "Viernes y sábados hasta las dos, en la línea del hospital.", 118_000, (.2, .3, .7)),
    Item("city", "Free swim lessons", "Clases de natación gratuitas", "Six hundred places for children and for adults who never learned.", "Seiscientas plazas para niños y para adultos que nunca aprendieron.", 42_000, (.4, .4, .4)),
    Item("city", "Seniors’ home repair crew", "Cuadrilla de arreglos para mayores", "Grab rails, door locks and small leaks, at no charge, for 300 homes.", "Asideros, cerraduras y goteras, sin costo, en 300 casas.", 88_000, (.5, .5, .1), "Wheelhouse Cooperative"),
    Item("harbor", "Harbor tool library", "Biblioteca de herramientas del puerto", "Drills, ladders and a repair bench to borrow, in the old fire station.", "Taladros, escaleras y un banco de trabajo en préstamo, en el antiguo parque de bomberos.", 48_000, (.6, .1, .4)),
    Item("harbor", "Harbor basketball court", "Cancha de baloncesto del puerto", "New surface, hoops at two heights and a wall to sit on.", "Suelo nuevo, aros a dos alturas y un muro para sentarse.", 39_000, (.4, .1, .6)),
    Item("harbor", "Fishers’ pier lights", "Luces del muelle pesquero", "Low lamps that do not blind the boats.", "Luces bajas que no ciegan a los barcos.", 27_000, (.5, .1, .1)),
    Item("north", "Crossing at Fifth and Oak", "Paso de peatones en Quinta y Roble", "A raised crossing and lights between the school and the clinic.", "Un paso elevado con luces entre la escuela y la clínica.", 72_000, (.1, .6, .3)),
    Item("north", "School kitchen garden", "Huerto de la cocina escolar", "Beds, a shed and a paid gardener for two growing seasons.", "Bancales, un cobertizo y un jardinero pagado durante dos temporadas.", 31_500, (.1, .5, .5), "Sundial Growers Cooperative"),
    Item("north", "Skate bowl at Mill Park", "Pista de patinaje en el parque del Molino", "A concrete bowl drawn by the skaters, with a shaded side.", "Una pista de hormigón dibujada por patinadores, con un lado a la sombra.", 95_000, (.1, .1, .8)),
]
# fmt: on

AREAS = {
    "city": ("City-wide", "Toda la ciudad"),
    "harbor": ("Harbor", "Puerto"),
    "north": ("Northside", "Barrio Norte"),
}


def both(en: str, es: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "es": es})


def why_not_make() -> str | None:
    if Institution.objects.exists():
        return "The demo town is made on an empty site only, and something is registered here."
    return None


@transaction.atomic
def make(*, at: datetime, seed: int = 2027) -> None:
    """The whole town as it stands on the day `at`, with several hundred ballots."""
    random = Random(seed)
    people = {key: Person.objects.by_email(email) for key, (email, _name) in STEWARDS.items()}
    organiser = people["organiser"]
    begun = at - timedelta(days=280)
    made = _institutions(begun, people)
    show_pictures(made, {name: people[key] for key, (_email, name) in STEWARDS.items()}, begun)
    city, partners = made["City of Riverbend"], made
    _counted(city, organiser, partners, begun, random)
    _open(city, organiser, partners, at, random)
    ties.make(made, people, at)
    needs.make(made, people, at=at)
    propose(made, people, at)
    wheelhouse = members.make(made, people, at)
    decisions.make(wheelhouse, at)
    register_room.make(made, at=at)
    delivery.make(made, people, at=at)
    loop.make(wheelhouse, at)
    federation = made["Three Rivers Federation of Co-ops"]
    surveys.make(federation, people["federation"], at=at)
    policies.make(federation, people["federation"], city, at=at)


def spare_codes(number: int) -> list[str]:
    """New, unused voting codes of the open demo vote, for whoever tries it out."""
    process = queries.open_now().filter(institution__slug="city-of-riverbend").first()
    if process is None:
        return []
    return [codes.grouped(one.code) for one in voting.enrol(box=process.box, letters=number)]


#: Everybody in the register, with what their pages say. Numbers, addresses and registers are made up.
# fmt: off
INSTITUTIONS: Sequence[dict[str, Any]] = (
    {
        "name": ("City of Riverbend", "Ciudad de Riverbend"), "kind": Kind.PUBLIC_BODY,
        "about": ("A fictional town on a river, where residents decide a part of the budget each year.", "Una ciudad ficticia junto a un río, donde el vecindario decide cada año una parte del presupuesto."),
        "structure": "OS220", "activity": "AM30", "scope": "local", "street": "1 Bridge Square", "postcode": "00001",
        "latitude": 40.5012, "longitude": -89.6531, "founded_on": date(1848, 5, 2), "workers": 412, "workers_year": 2026,
        "website": "https://riverbend.example", "email": "budget@riverbend.example", "phone": "555-0142",
        "identifiers": [("XI-EXAMPLE", "RB-0001")],
    },
    {
        "name": ("Wheelhouse Cooperative", "Cooperativa Wheelhouse"), "kind": Kind.WORKER_COOP,
        "about": ("Eight people who repair bicycles and homes, and own the firm together.", "Ocho personas que arreglan bicicletas y casas, dueñas juntas de la empresa."),
        "structure": "OS115", "membership_type": "BMT30", "activity": "AM120", "scope": "local", "street": "14 Dock Road", "postcode": "00002",
        "latitude": 40.4987, "longitude": -89.6480, "founded_on": date(2014, 9, 1), "workers": 8, "workers_year": 2026, "members": 8, "members_year": 2026,
        "website": "https://wheelhouse.example", "email": "hello@wheelhouse.example", "phone": "555-0118",
        "tags": ["bicycles", "home repair", "bicicletas", "reparaciones"], "other_names": ["Wheelhouse"], "links": ["https://social.example/@wheelhouse"], "other_activities": ["AM40"],
        "identifiers": [("XI-EXAMPLE", "RB-0108")],
        "certifications": [Certificate("Worker-owned", "Three Rivers", date(2024, 1, 1), date(2028, 12, 31)), Certificate("Safe workshop", "City of Riverbend", date(2019, 3, 1), date(2022, 2, 28))],
    },
    {
        "name": ("Sundial Growers Cooperative", "Cooperativa Hortelana Sundial"), "kind": Kind.WORKER_COOP,
        "about": ("Gardeners who feed two schools and teach whoever asks.", "Hortelanas y hortelanos que dan de comer a dos escuelas y enseñan a quien pide."),
        "structure": "OS115", "membership_type": "BMT30", "activity": "AM60", "scope": "local", "street": "Greenhouse Lane", "postcode": "00003",
        "latitude": 40.5121, "longitude": -89.6377, "founded_on": date(2018, 3, 20), "workers": 11, "workers_year": 2026, "members": 9, "members_year": 2026,
        "website": "https://sundial.example", "phone": "555-0133", "identifiers": [("XI-EXAMPLE", "RB-0121")],
    },
    {
        "name": ("Three Rivers Federation of Co-ops", "Federación de Cooperativas Tres Ríos"), "kind": Kind.FEDERATION,
        "about": ("Nineteen fictional co-ops that buy insurance, bookkeeping and advice together.", "Diecinueve cooperativas ficticias que contratan juntas seguros, contabilidad y asesoría."),
        "structure": "OS200", "membership_type": "BMT40", "activity": "AM20", "scope": "regional", "street": "20 Mill Street", "postcode": "00001",
        "founded_on": date(2009, 6, 12), "workers": 4, "workers_year": 2026, "members": 19, "members_year": 2026,
        "website": "https://threerivers.example", "email": "office@threerivers.example",
    },
    {
        "name": ("Eastbank Co-op Workshop", "Taller de Cooperativas de la Ribera"), "kind": "incubator",
        "about": ("A fictional year-long course, and a desk to start from, for people who want to own their work.", "Un curso ficticio de un año, y una mesa donde empezar, para quien quiere ser dueño de su trabajo."),
        "structure": "OS20", "membership_type": "BMT40", "activity": "AM40", "scope": "regional", "founded_on": date(2020, 1, 15), "workers": 3, "workers_year": 2026,
        "website": "https://eastbank.example",
    },
    {
        "name": ("Harbor Light Credit Union", "Cooperativa de Crédito Luz del Puerto"), "kind": "credit_union",
        "about": ("A fictional credit union of dockers and teachers that lends to co-ops without a landlord’s guarantee.", "Una cooperativa de crédito ficticia de estibadores y docentes que presta a cooperativas sin aval."),
        "structure": "OS80", "membership_type": "BMT10", "activity": "AM100", "scope": "local", "street": "3 Harbor Steps", "postcode": "00002",
        "founded_on": date(1962, 10, 1), "workers": 17, "workers_year": 2026, "members": 5_240, "members_year": 2026, "phone": "555-0160", "email": "desk@harborlight.example",
        "identifiers": [("XI-EXAMPLE", "CU-0007")],
    },
    {
        "name": ("Northside Neighbors", "Vecinas y Vecinos del Barrio Norte"), "kind": "community_organisation",
        "about": ("Fictional neighbors who bring ideas to the vote and help others fill their ballot.", "Un vecindario ficticio que lleva ideas a la votación y ayuda a rellenar la papeleta."),
        "structure": "OS10", "membership_type": "BMT50", "activity": "AM30", "scope": "local", "founded_on": date(1996, 4, 1), "members": 140, "members_year": 2025,
    },
    {
        "name": ("Riverbend Homes Land Trust", "Fideicomiso de Tierras Casas de Riverbend"), "kind": "land_trust", "status": "in_planning",
        "about": ("A fictional land trust that is being founded, so that homes stay affordable.", "Un fideicomiso de tierras ficticio que se está fundando para que la vivienda siga siendo asequible."),
        "structure": "OS20", "membership_type": "BMT50", "activity": "AM90", "scope": "local",
    },
)
# fmt: on


def _institutions(at: datetime, people: Mapping[str, Person]) -> dict[str, Institution]:
    """All of them by their English names."""
    made = {}
    stewards = {name: people[key] for key, (_email, name) in STEWARDS.items()}
    for said in INSTITUTIONS:
        texts = {"name": both(*said["name"]), "about": both(*said["about"])}
        where = {"place": "Riverbend", "region": "Illinois", "country": "US"}
        name = said["name"][0]
        made[name] = register(
            **{**said, **where, **texts, **explore.PLACES[name]},
            at=at,
            steward=stewards.get(name),
            is_synthetic=True,
        )
    return made


def _counted(
    city: Institution, by: Person, partners: dict[str, Institution], at: datetime, random: Random
) -> None:
    process = actions.create_process(
        institution=city,
        title=both("Riverbend decided $400,000", "Riverbend decidió $400,000"),
        summary=both(
            "Ten projects for streets, parks and young people.",
            "Diez proyectos para calles, parques y jóvenes.",
        ),
        at=at,
        by=by,
        zone=ZONE,
        closes_at=at + timedelta(days=30),
        rule="equalshares/add1",
        direct_up_to=45_000 * 100,
        contact=both("555-0142, or the library desk", "555-0142, o el mostrador de la biblioteca"),
    )
    _fill(process, city, {"city": 400_000}, {"city": 5}, LAST_YEAR, partners)
    _vote(process, by, at + timedelta(days=7), LAST_YEAR, 412, random)
    closed = actions.close_if_due(
        process=queries.processes().get(pk=process.pk), at=at + timedelta(days=30)
    )
    counted = count_process(process=closed, at=at + timedelta(days=30, minutes=1))
    while work_out_margin(at + timedelta(days=30, minutes=2), lambda: False):
        pass
    actions.publish(process=counted, at=at + timedelta(days=31), by=by)


def _open(
    city: Institution, by: Person, partners: dict[str, Institution], at: datetime, random: Random
) -> None:
    process = actions.create_process(
        institution=city,
        title=both("Riverbend decides $600,000", "Riverbend decide $600,000"),
        summary=both(
            "Ten projects in three areas. Everyone aged 14 and over who lives here may vote.",
            "Diez proyectos en tres zonas. Puede votar quien vive aquí y tiene 14 años o más.",
        ),
        at=at - timedelta(days=20),
        by=by,
        zone=ZONE,
        closes_at=(at + timedelta(days=14)).replace(hour=1, minute=0, second=0, microsecond=0),
        rule="equalshares/add1",
        direct_up_to=45_000 * 100,
        contact=both("555-0142, or the library desk", "555-0142, o el mostrador de la biblioteca"),
    )
    money = {"city": 330_000, "harbor": 120_000, "north": 150_000}
    _fill(process, city, money, {"city": 3, "harbor": 2, "north": 2}, THIS_YEAR, partners)
    _vote(process, by, at - timedelta(days=5), THIS_YEAR, 138, random)


def _fill(
    process: Process,
    city: Institution,
    dollars: dict[str, int],
    most: dict[str, int],
    items: Sequence[Item],
    partners: dict[str, Institution],
) -> None:
    pot = actions.put_pot(
        process=process,
        name=both("Capital budget", "Presupuesto de inversiones"),
        source=city,
        fund_type=FundType.CAPITAL,
        amount=100 * sum(dollars.values()),
    )
    areas = {
        key: actions.put_area(
            process=process,
            name=both(*AREAS[key]),
            max_choices=most[key],
            allocations={pot: 100 * amount},
        )
        for key, amount in dollars.items()
    }
    for item in items:
        actions.put_project(
            area=areas[item.area],
            title=both(item.en, item.es),
            description=both(item.en_text, item.es_text),
            cost=100 * item.dollars,
            delivery_partner=partners.get(item.partner),
        )


def _vote(
    process: Process,
    by: Person,
    at: datetime,
    items: Sequence[Item],
    voters: int,
    random: Random,
) -> None:
    """Open the vote and let made-up residents cast, each with a code of their own."""
    letters = voting.enrol(box=process.box, letters=voters + 60)
    actions.open_process(process=process, at=at, by=by)
    opened = queries.processes().get(pk=process.pk)
    areas = queries.areas_with_projects(opened)
    by_title = {item.en: item for item in items}
    for letter in letters[:voters]:
        bloc = random.choices((0, 1, 2), (5, 4, 3))[0]
        choices = {}
        for area in areas:
            liked = [
                project.ref
                for project in area.projects.all()
                if random.random() < by_title[project.title.data["en"]].appeal[bloc]
            ]
            random.shuffle(liked)
            if liked:
                choices[area.ref] = liked[: area.max_choices]
        if choices:
            actions.cast_ballot(
                process=opened,
                voting_code=letter.code,
                choices=choices,
                nonce=f"{random.getrandbits(128):032x}",
            )
