"""Two joint proposals of the demo's town: one in the works, one that waits for a signature."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.ways import actions
from interlock.web.ways.models import Proposal, State
from interlock.web.ways.twelve import template_of

DAY = timedelta(days=1)

Texts = Sequence[tuple[str, str]]

# fmt: off
KITCHEN: Texts = (
    ("Last spring residents chose the **Bike kitchen**, $58,000 from the capital pot of the city.", "La primavera pasada el vecindario eligió el **Taller abierto de bicicletas**, $58,000 del fondo de inversión de la ciudad."),
    ("Wheelhouse fits out the workshop and runs it for a year. Its eight members decided so on their meeting of the first of the month.", "Wheelhouse equipa el taller y lo lleva durante un año. Sus ocho miembros lo decidieron en la reunión del día primero."),
    ("- Keys and tools: half is paid, before the first wages are due.\n- Open doors: a quarter.\n- A hundred bicycles repaired: the last quarter.", "- Llaves y herramientas: se paga la mitad, antes de los primeros sueldos.\n- Puertas abiertas: una cuarta parte.\n- Cien bicicletas arregladas: la última cuarta parte."),
    ("Each month a number on the door and on this page: bicycles, visitors, money.", "Cada mes un número en la puerta y en esta página: bicicletas, visitas, dinero."),
    ("Whoever sees first that a date will not hold says so within a week. Tools stay with the city.", "Quien vea primero que una fecha no se cumplirá lo dice en una semana. Las herramientas se quedan con la ciudad."),
)
HARVEST: Texts = (
    ("Cooking for six assemblies, forty people each, in spring; bread and soup, two without meat.", "Cocina para seis asambleas, cuarenta personas en cada una, en primavera; pan y sopa, dos sin carne."),
    ("Two growers cook and serve, at $380 an evening.", "Dos personas de la cooperativa cocinan y sirven, por $380 cada tarde."),
    ("One evening each: how a budget is read, and how eleven people decide together.", "Una tarde cada parte: cómo se lee un presupuesto, y cómo deciden juntas once personas."),
    ("The school kitchen garden is on this year’s ballot and would be ours: our people do not facilitate its table.", "El huerto de la cocina escolar está en la papeleta de este año y sería nuestro: nuestra gente no facilita su mesa."),
    ("Within thirty days, out of the money for running the process.", "En treinta días, del dinero para llevar el proceso."),
)
# fmt: on


def both(en: str, es: str) -> LazyI18nString:
    return LazyI18nString({"en": en, "es": es})


def propose(made: Mapping[str, Institution], people: Mapping[str, Person], at: datetime) -> None:
    """Between the city and two of its co-ops, in the weeks before `at`."""
    city, organiser = made["City of Riverbend"], people["organiser"]
    wheelhouse, sundial = made["Wheelhouse Cooperative"], made["Sundial Growers Cooperative"]
    kitchen = _written(
        way="deliver-what-was-chosen",
        title=both("The bike kitchen opens its doors", "El taller de bicicletas abre sus puertas"),
        texts=KITCHEN,
        first=(city, organiser),
        second=(wheelhouse, people["wheelhouse"]),
        at=at - 40 * DAY,
    )
    actions.say(
        proposal=kitchen,
        acting=wheelhouse,
        by=people["wheelhouse"],
        at=at - 37 * DAY,
        text="Can half of it come first?",
    )
    _sign(kitchen, city, organiser, at - 36 * DAY)
    _sign(kitchen, wheelhouse, people["wheelhouse"], at - 35 * DAY)
    actions.move(
        proposal=kitchen,
        acting=wheelhouse,
        by=people["wheelhouse"],
        at=at - 9 * DAY,
        state=State.IN_THE_WORKS,
        sentence="Keys handed over; benches in, forty tools too.",
    )
    soup = _written(
        way="work-for-the-process",
        title=both("Soup for six assemblies", "Sopa para seis asambleas"),
        texts=HARVEST,
        first=(sundial, people["sundial"]),
        second=(city, organiser),
        at=at - 6 * DAY,
    )
    _sign(soup, sundial, people["sundial"], at - 2 * DAY)


Side = tuple[Institution, Person]


def _written(
    *, way: str, title: LazyI18nString, texts: Texts, first: Side, second: Side, at: datetime
) -> Proposal:
    """Begun by one, joined by the other, and written by the first."""
    sections = template_of(way)
    proposal = actions.begin(
        institution=first[0], title=title, way=way, sections=sections, by=first[1], at=at
    )
    asked = actions.invite(
        proposal=proposal, institution=second[0], acting=first[0], by=first[1], at=at
    )
    joined = actions.accept(party=asked, by=second[1], at=at + DAY)
    filled = [
        {**section, "text": {"en": en, "es": es}}
        for section, (en, es) in zip(sections, texts, strict=True)
    ]
    actions.write(
        proposal=proposal,
        acting=first[0],
        by=first[1],
        at=at + 2 * DAY,
        base=joined.number,
        title=title,
        sections=filled,
    )
    proposal.refresh_from_db()
    return proposal


def _sign(proposal: Proposal, acting: Institution, by: Person, at: datetime) -> None:
    text = proposal.versions.get(number=proposal.version)
    actions.sign(
        proposal=proposal,
        acting=acting,
        by=by,
        at=at,
        version=text.number,
        read=text.fingerprint,
    )
