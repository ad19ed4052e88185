"""A country that does not exist on the map of one that does: worker co-ops, participatory budgets and
those around them, all invented, spread over the United States as real ones were counted.

So that the map, the measures and their change over time show something. Every institution is marked as
made up (`Institution.is_synthetic`), on each page and in each file. Towns and counties are geography,
from the gazetteer of the package; names are of invented words, web and e-mail addresses end in
`.example`, and nobody has a street.

What is as published, of worker co-ops in 2019, the last year that was counted by place:

| what | number | source |
|---|---|---|
| known in the country | 465, with 6,454 workers | NCEO, "The state of worker cooperatives", 2019 |
| in the metropolitan area of New York | 58 | DAWI, "2019 Worker Cooperative Economic Census" |
| in the Bay Area of San Francisco | 55 | the same |
| in Puerto Rico | 50 | the same |
| rural (here: in a county outside each metropolitan area) | 56 | the same |
| of all, known by 2013, and by 2017 | 256, and 450 | DAWI, "State of the Sector", 2013; NCEO, 2019 |
| in New York by 2014 | 23 | The Working World, 2015-02-26 |
| metropolitan areas with five or more | 28 | DAWI and USFWC, the map of "State of the Sector", 2021 |
| metropolitan areas with participatory budgeting | 12 | participatorybudgeting.org, read for `observatory.held` |
| districts of New York with participatory budgeting | 32 | council.nyc.gov, 2019-05-22 |

Years of founding are drawn so that as many stand in each of these years as were known then. All else is
ours: how many stand in every other place, the hundred budgets altogether, and every tie, need and offer.

What is planted, for whoever asks the observatory whether it finds it:

- **the two worlds keep apart**: of ties between budgets and co-ops there are a few, far fewer than if
  everybody tied with whoever was there;
- **within the co-op world** federations join many, and co-ops supply their neighbours;
- **most of what budgets need, some co-op offers**, a third of it in the same state, and next to none of
  it along a tie: potential that nobody has met yet;
- nothing is witnessed: nobody here was awarded anything, so collaboration has nothing to tell of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import cycle, product
from random import Random
from typing import Any

from django.db import transaction
from i18nfield.strings import LazyI18nString

from interlock.methods.formats.register import Address, Headcount, Record, write
from interlock.methods.places.states import state_of
from interlock.web.demo.town import both
from interlock.web.institutions import importing, whereabouts
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.needs.actions import post
from interlock.web.needs.models import Exchange, Item, Transaction
from interlock.web.people.models import Person
from interlock.web.ties.actions import confirm, say, signed_address, stop_mail
from interlock.web.ties.models import Predicate

DAY = timedelta(days=1)
WORKERS = 6_454
#: As many worker co-ops were known by the end of each of these years; and of those in New York.
KNOWN_BY = {2013: 256, 2017: 450, 2019: 465}
KNOWN_IN_NEW_YORK_BY = {
    2014: 23,
    2017: 50,
    2019: 58,
}  # of 2017 it is ours: all but 15 of 465 were known
#: So many of each have people here, who say ties and post; nobody looks after the others' pages.
COOPS_WITH_PEOPLE, BUDGETS_WITH_PEOPLE = 120, 36


@dataclass(frozen=True)
class Area:
    """A metropolitan area, or another part of the country: how many are there, and in which towns.

    A town is "Town, ST", or "Town, ST 00000" where only its ZIP code is known to the gazetteer.
    """

    coops: int
    budgets: int
    region: str
    towns: tuple[str, ...]


# fmt: off
AREAS: Mapping[str, Area] = {
    "New York": Area(58, 32, "mid-atlantic", ("New York, NY", "Brooklyn, NY", "Queens, NY", "Bronx, NY", "Newark, NJ", "Jersey City, NJ")),
    "San Francisco": Area(50, 8, "pacific", ("San Francisco, CA", "Oakland, CA", "Berkeley, CA", "Richmond, CA")),
    "San Jose": Area(3, 3, "pacific", ("San Jose, CA",)),
    "Vallejo": Area(2, 2, "pacific", ("Vallejo, CA",)),
    "Puerto Rico": Area(50, 0, "puerto rico", ("San Juan, PR 00901", "Ponce, PR 00731", "Mayagüez, PR 00680", "Caguas, PR 00725", "Bayamón, PR 00961", "Carolina, PR 00983", "Aguadilla, PR 00603")),
    "rural": Area(56, 0, "", (
        "Montpelier, VT", "Brattleboro, VT", "Barre, VT", "Belfast, ME", "Rockland, ME", "Waterville, ME", "Keene, NH",
        "Oneonta, NY", "Cortland, NY", "Athens, OH", "Berea, KY", "Boone, NC", "Oxford, MS", "Marquette, MI",
        "Traverse City, MI", "Northfield, MN", "Bemidji, MN", "Menomonie, WI", "Stevens Point, WI", "Oskaloosa, IA",
        "Durango, CO", "Moscow, ID", "Livingston, MT", "Arcata, CA", "Ukiah, CA", "Coos Bay, OR", "Port Townsend, WA", "Gallup, NM",
    )),
    "Boston": Area(20, 8, "new england", ("Boston, MA", "Cambridge, MA")),
    "Springfield": Area(10, 0, "new england", ("Springfield, MA", "Northampton, MA")),
    "Worcester": Area(6, 0, "new england", ("Worcester, MA",)),
    "Providence": Area(6, 0, "new england", ("Providence, RI",)),
    "Hartford": Area(1, 3, "new england", ("Hartford, CT",)),
    "Burlington": Area(6, 0, "new england", ("Burlington, VT",)),
    "Portland, ME": Area(5, 0, "new england", ("Portland, ME",)),
    "Philadelphia": Area(16, 0, "mid-atlantic", ("Philadelphia, PA", "Camden, NJ")),
    "Baltimore": Area(8, 0, "mid-atlantic", ("Baltimore, MD",)),
    "Washington": Area(10, 0, "mid-atlantic", ("Washington, DC", "Alexandria, VA")),
    "Buffalo": Area(2, 4, "mid-atlantic", ("Buffalo, NY",)),
    "Rochester": Area(2, 0, "mid-atlantic", ("Rochester, NY",)),
    "Durham": Area(6, 0, "south", ("Durham, NC",)),
    "Greensboro": Area(1, 5, "south", ("Greensboro, NC",)),
    "Asheville": Area(7, 0, "south", ("Asheville, NC",)),
    "Atlanta": Area(6, 0, "south", ("Atlanta, GA",)),
    "Jackson": Area(5, 0, "south", ("Jackson, MS",)),
    "Austin": Area(8, 0, "south", ("Austin, TX",)),
    "Chicago": Area(16, 12, "midwest", ("Chicago, IL", "Evanston, IL")),
    "Cleveland": Area(6, 3, "midwest", ("Cleveland, OH",)),
    "Cincinnati": Area(6, 0, "midwest", ("Cincinnati, OH",)),
    "Madison": Area(12, 0, "midwest", ("Madison, WI",)),
    "Minneapolis": Area(14, 0, "midwest", ("Minneapolis, MN", "Saint Paul, MN")),
    "Denver": Area(10, 0, "mountain", ("Denver, CO", "Aurora, CO")),
    "Boulder": Area(7, 0, "mountain", ("Boulder, CO",)),
    "Phoenix": Area(0, 12, "mountain", ("Phoenix, AZ", "Mesa, AZ")),
    "Los Angeles": Area(15, 8, "pacific", ("Los Angeles, CA", "Long Beach, CA", "Anaheim, CA")),
    "San Diego": Area(5, 0, "pacific", ("San Diego, CA",)),
    "Portland, OR": Area(13, 0, "pacific", ("Portland, OR",)),
    "Olympia": Area(5, 0, "pacific", ("Olympia, WA",)),
    "Seattle": Area(12, 0, "pacific", ("Seattle, WA", "Tacoma, WA")),
}
#: Where each federation has its office, and an incubator and a lender beside it; "" is all of them.
OFFICES = {
    "": "Philadelphia, PA", "new england": "Boston, MA", "mid-atlantic": "New York, NY", "south": "Durham, NC",
    "midwest": "Madison, WI", "mountain": "Denver, CO", "pacific": "Oakland, CA", "puerto rico": "San Juan, PR 00901",
}

#: What a co-op does: in English, in Spanish, the code of its activity, and what a budget may need of it.
TRADES = (
    ("Bakery", "Panadería", "AM60", ""), ("Cleaning", "Limpieza", "AM70", ""), ("Child Care", "Guardería", "AM80", "child care"),
    ("Home Care", "Cuidados", "AM80", ""), ("Press", "Imprenta", "AM10", "printing"), ("Builders", "Construcción", "AM90", ""),
    ("Gardens", "Jardinería", "AM110", ""), ("Bicycle", "Bicicletas", "AM120", ""), ("Interpreters", "Traducción", "AM40", "interpreting"),
    ("Kitchen", "Comidas", "AM60", "catering"), ("Farm", "Huerta", "AM130", ""), ("Software", "Informática", "AM70", "software"),
    ("Taxi", "Taxis", "AM160", ""), ("Solar", "Energía Solar", "AM50", ""), ("Design", "Diseño", "AM10", ""),
    ("Compost", "Compostaje", "AM120", ""), ("Grocery", "Abarrotes", "AM60", ""), ("Facilitation", "Facilitación", "AM30", "facilitation"),
)
#: What budgets need and co-ops offer, by its tag: the need, the offer.
EXCHANGES = {
    "child care": (("Child care at evening meetings", "Cuidado infantil en reuniones de tarde"), ("Child care for your meetings", "Cuidado infantil para sus reuniones")),
    "printing": (("Printing of ballots and posters", "Impresión de papeletas y carteles"), ("Printing on recycled paper", "Impresión en papel reciclado")),
    "interpreting": (("Interpreters for assemblies", "Intérpretes para asambleas"), ("Interpreting in four languages", "Interpretación en cuatro idiomas")),
    "catering": (("Food for assemblies", "Comida para asambleas"), ("Meals for sixty people", "Comidas para sesenta personas")),
    "software": (("Help with computers on voting days", "Ayuda con ordenadores en los días de voto"), ("Computers set up and looked after", "Ordenadores instalados y cuidados")),
    "facilitation": (("Facilitators for idea assemblies", "Facilitación de asambleas de ideas"), ("Facilitators for large meetings", "Facilitación de grandes reuniones")),
}
# Of these, words that no language has and, as far as is known, no firm.
_BEGIN = ("Bel", "Bro", "Cal", "Cor", "Dal", "Dro", "Fen", "Fla", "Gal", "Gro", "Hob", "Hov", "Jal", "Kel", "Lor", "Lum", "Mal", "Nor", "Orv", "Pal", "Quel", "Ras", "Sol", "Tam", "Vel", "Zar")
_END = ("abrin", "adova", "afelt", "agorn", "akesta", "alunt", "amiro", "anveth", "apello", "arusk", "asavin", "atarbo", "avelin", "ebrosk", "edalo", "efenn", "egarth", "ekanto", "elumen", "emorva", "enquist", "epasho", "erondel", "esimor", "etulin", "ezandy")
# fmt: on


@dataclass(frozen=True)
class Made:
    """An invented institution before it is entered: `tag` is what it offers or needs, if anything."""

    kind: str
    name: tuple[str, str]
    word: str
    town: str
    region: str
    founded: int
    activity: str
    tag: str = ""
    workers: int = 0

    @property
    def email(self) -> str:
        return f"desk@{self.word.lower()}.example"


@dataclass
class Country:
    """Who is there: those with people by kind and region; those without are in lists."""

    random: Random
    at: datetime
    with_people: list[Made] = field(default_factory=list)
    listed: list[Made] = field(default_factory=list)
    entered: dict[Made, Institution] = field(default_factory=dict)
    people: dict[Made, Person] = field(default_factory=dict)

    def of(self, kind: str, region: str = "") -> list[Made]:
        return [
            one
            for one in self.with_people
            if one.kind == kind and (not region or one.region == region)
        ]


def invented(seed: int) -> list[Made]:
    """Every one of them, the same for the same seed; nothing is entered."""
    random = Random(seed)
    words = [begin + end for begin, end in product(_BEGIN, _END)]
    random.shuffle(words)
    return [*_coops(random, words), *_budgets(random, words), *_offices(words)]


@transaction.atomic
def make(*, at: datetime, seed: int = 2019) -> None:
    """The whole layer as it stands on the day `at`: entered, tied, with needs and offers."""
    random = Random(seed)
    country = Country(random, at)
    _part(country, invented(seed))
    for kind, name in ((Kind.WORKER_COOP, "co-ops"), (Kind.PB_AUTHORITY, "budgets")):
        _enter_list(country, kind, f"invented-{name}.csv")
    for number, one in enumerate(country.with_people):
        _register(country, one, at - (300 - number % 60) * DAY)
    _tie(country)
    _exchange(country)


def _coops(random: Random, words: list[str]) -> list[Made]:
    places = [
        (name, area.region, town)
        for name, area in AREAS.items()
        for town, _number in zip(cycle(area.towns), range(area.coops), strict=False)
    ]
    workers = _workers(random, len(places))
    founded = _founded(random, [name == "New York" for name, _region, _town in places])
    made = []
    for (name, region, town), number, year in zip(places, workers, founded, strict=True):
        english, spanish, activity, tag = random.choice(TRADES)
        word = words.pop()
        made.append(
            Made(
                Kind.WORKER_COOP,
                (f"{word} {english} Co-op", f"Cooperativa {word} de {spanish}"),
                word,
                town,
                region or name,
                year,
                activity,
                tag,
                number,
            )
        )
    return made


def _workers(random: Random, coops: int) -> list[int]:
    """How many work in each: most in few, half of all co-ops have six or fewer, and the sum is known."""
    drawn = sorted(max(2, round(random.lognormvariate(1.85, 0.85))) for _ in range(coops))
    drawn[-1] = WORKERS - sum(drawn[:-1])
    random.shuffle(drawn)
    return drawn


def _founded(random: Random, in_new_york: Sequence[bool]) -> list[int]:
    """Years of founding, so that as many stand by each year as were known."""
    new_york = _years(random, KNOWN_IN_NEW_YORK_BY, sum(in_new_york))
    before: dict[int, int] = {
        year: number - sum(each <= year for each in new_york) for year, number in KNOWN_BY.items()
    }
    elsewhere = _years(random, before, len(in_new_york) - len(new_york))
    return [new_york.pop() if one else elsewhere.pop() for one in in_new_york]


def _years(random: Random, known_by: Mapping[int, int], number: int) -> list[int]:
    years: list[int] = []
    begin = 1974
    for end, known in known_by.items():
        # More were founded of late.
        years += [
            max(random.randint(begin, end), random.randint(begin, end))
            for _ in range(known - len(years))
        ]
        begin = end + 1
    assert len(years) == number
    random.shuffle(years)
    return years


def _budgets(random: Random, words: list[str]) -> list[Made]:
    needs = cycle(EXCHANGES)
    made = []
    for area in AREAS.values():
        for town, _number in zip(cycle(area.towns), range(area.budgets), strict=False):
            word = words.pop()
            name = (f"Residents’ Budget of {word} Ward", f"Presupuesto Vecinal del Distrito {word}")
            year = random.randint(2011, 2019)
            made.append(
                Made(Kind.PB_AUTHORITY, name, word, town, area.region, year, "AM30", next(needs))
            )
    return made


def _offices(words: list[str]) -> Iterator[Made]:
    """A federation of the whole country, and in each region one, with an incubator and a lender."""
    for region, town in OFFICES.items():
        word = words.pop()
        name = (f"{word} Federation of Worker Co-ops", f"Federación {word} de Cooperativas")
        yield Made(Kind.FEDERATION, name, word, town, region, 2004, "AM20")
        if region:
            word = words.pop()
            name = (f"{word} Co-op Workshop", f"Taller de Cooperativas {word}")
            yield Made("incubator", name, word, town, region, 2009, "AM40")
            word = words.pop()
            name = (f"{word} Fund for Shared Work", f"Fondo {word} de Trabajo Compartido")
            yield Made("lender", name, word, town, region, 2007, "AM100")


def _part(country: Country, everybody: Iterable[Made]) -> None:
    """Some have people here: offices all of them; of co-ops and budgets a third from anywhere, and for
    the rest such as have something to exchange where there are both.
    """
    both_here = {one.region for one in everybody if one.kind == Kind.PB_AUTHORITY}
    chosen: set[Made] = set()
    for kind, most in (
        (Kind.WORKER_COOP, COOPS_WITH_PEOPLE),
        (Kind.PB_AUTHORITY, BUDGETS_WITH_PEOPLE),
    ):
        some = [one for one in everybody if one.kind == kind]
        country.random.shuffle(some)
        anywhere, rest = some[: most // 3], some[most // 3 :]
        rest.sort(key=lambda one: not (one.tag and one.region in both_here))
        chosen |= {*anywhere, *rest[: most - len(anywhere)]}
    for one in everybody:
        few = one.kind in (Kind.WORKER_COOP, Kind.PB_AUTHORITY)
        (country.listed if few and one not in chosen else country.with_people).append(one)


def _where(town: str) -> dict[str, str]:
    name, _comma, rest = town.partition(", ")
    code, _blank, postcode = rest.partition(" ")
    state = state_of(code)
    assert state
    return {"place": name, "region": state.name, "postcode": postcode, "country": "US"}


def _enter_list(country: Country, kind: str, file_name: str) -> None:
    """Those whom nobody speaks for, as a list that whoever runs the site enters."""
    records = []
    for line, one in enumerate((one for one in country.listed if one.kind == kind), start=2):
        where = _where(one.town)
        address = Address("", where["place"], where["region"], where["postcode"], where["country"])
        is_coop = kind == Kind.WORKER_COOP
        records.append(
            Record(
                line,
                one.name[0],
                names=(("en", one.name[0]), ("es", one.name[1])),
                structures=("OS115",) if is_coop else ("OS220",),
                membership="BMT30" if is_coop else "",
                activities=(one.activity,),
                tags=(one.tag,) if is_coop and one.tag else (),
                address=address,
                founded=f"{one.founded}-03-01",
                workers=Headcount(one.workers, 2019) if one.workers else None,
                is_synthetic=True,
            )
        )
    importing.enter_at_once(
        data=write(records).encode(),
        file_name=file_name,
        choices=importing.Choices(kind=kind),
        at=country.at - 300 * DAY,
        credit="Invented for demonstration",
    )


def _register(country: Country, one: Made, at: datetime) -> None:
    """One that its own people enter. They read no mail about ties: nobody is there to read it."""
    person = Person.objects.by_email(one.email)
    where = _where(one.town)
    is_coop = one.kind == Kind.WORKER_COOP
    placed: Any = whereabouts.placed(where)
    country.entered[one] = register(
        name=both(*one.name),
        about=_about(one),
        kind=one.kind,
        steward=person,
        at=at,
        is_synthetic=True,
        structure="OS115" if is_coop else "OS220" if one.kind == Kind.PB_AUTHORITY else "OS200",
        membership_type="BMT30" if is_coop else "",
        activity=one.activity,
        tags=[one.tag] if is_coop and one.tag else [],
        founded_on=date(one.founded, 3, 1),
        place=where["place"],
        region=where["region"],
        postcode=where["postcode"],
        country=where["country"],
        workers=one.workers or None,
        workers_year=2019 if one.workers else None,
        **placed,
    )
    country.people[one] = person
    stop_mail(signed=signed_address(one.email), at=at)


def _about(one: Made) -> LazyI18nString:
    if one.kind == Kind.PB_AUTHORITY:
        return both(
            "A fictional ward whose residents decide a part of its budget each year.",
            "Un distrito ficticio cuyo vecindario decide cada año una parte del presupuesto.",
        )
    if one.kind == Kind.WORKER_COOP:
        return both(
            "A fictional firm that the people who work in it own.",
            "Una empresa ficticia que es de quienes trabajan en ella.",
        )
    return both("A fictional office for co-ops.", "Una oficina ficticia para cooperativas.")


def _tie(country: Country) -> None:
    """What they say of each other: within each world, to those who help, and a few across."""
    random = country.random
    everywhere = next(one for one in country.of(Kind.FEDERATION) if not one.region)
    pairs: list[tuple[Made, Predicate, Made]] = []
    for region, town in OFFICES.items():
        if not region:
            continue
        coops = country.of(Kind.WORKER_COOP, region)
        budgets = country.of(Kind.PB_AUTHORITY, region)
        federation, workshop, fund = (
            next(one for one in country.of(kind, region) if one.town == town)
            for kind in (Kind.FEDERATION, "incubator", "lender")
        )
        pairs.append((federation, Predicate.FEDERATED_IN, everywhere))
        pairs += [(one, Predicate.FEDERATED_IN, federation) for one in _some(random, coops, 0.7)]
        pairs += [(workshop, Predicate.INCUBATES, one) for one in _some(random, coops, 0.2)]
        pairs += [(fund, Predicate.LENDS_TO, one) for one in _some(random, coops, 0.25)]
        pairs += _between(random, coops, Predicate.SUPPLIES, len(coops) // 2)
        pairs += _between(random, budgets, Predicate.ADVISES, len(budgets) // 2)
        pairs += _between(random, budgets, Predicate.PARTNERS_WITH, len(budgets) // 3)
        across = min(len(coops), len(budgets)) // 4
        pairs += zip(
            random.sample(coops, across),
            cycle((Predicate.DELIVERS_FOR, Predicate.SUPPLIES)),
            random.sample(budgets, across),
            strict=False,
        )
    for number, pair in enumerate(dict.fromkeys(pairs)):
        _say(country, number, *pair)


def _some(random: Random, among: Sequence[Made], share: float) -> list[Made]:
    return random.sample(among, round(share * len(among)))


def _between(
    random: Random, among: Sequence[Made], predicate: Predicate, number: int
) -> Iterator[tuple[Made, Predicate, Made]]:
    if len(among) > 1:
        for _ in range(number):
            one, other = random.sample(among, 2)
            yield one, predicate, other


def _say(country: Country, number: int, one: Made, predicate: Predicate, other: Made) -> None:
    """The one says so and, of nine in ten, the other too."""
    day = country.at - (200 - number % 150) * DAY
    begun = max(one.founded, other.founded, 2010)
    tie = say(
        subject=country.entered[one],
        predicate=predicate,
        object=country.entered[other],
        speaker=country.entered[one],
        by=country.people[one],
        at=day,
        since=date(country.random.randint(begun, max(begun, 2025)), 5, 1),
    )
    if number % 10:
        confirm(tie=tie, speaker=country.entered[other], by=country.people[other], at=day + DAY)


def _exchange(country: Country) -> None:
    """What budgets need, and what co-ops of such a trade offer."""
    for kind, exchange, place in (
        (Kind.PB_AUTHORITY, Exchange.WANT, 0),
        (Kind.WORKER_COOP, Exchange.OFFER, 1),
    ):
        for number, one in enumerate(one for one in country.of(kind) if one.tag):
            if number % 3 == 2:
                continue
            post(
                institution=country.entered[one],
                by=country.people[one],
                at=country.at - (5 + number % 60) * DAY,
                exchange_type=exchange,
                item_type=Item.SERVICE,
                transaction_types=[Transaction.BUY_SELL],
                title=both(*EXCHANGES[one.tag][place]),
                tags=[one.tag],
                geographic_scope="local",
            )
