"""Questions about policies and what they add up to, editions of the register, and lists that were asked."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interlock import __version__
from interlock.methods.formats.register.cells import sameness
from interlock.methods.places.metros import metro_of
from interlock.methods.places.states import state_of
from interlock.web.institutions.models import Institution, Membership
from interlock.web.look import amounts
from interlock.web.observatory.held import HELD
from interlock.web.observatory.models import (
    CODED,
    Asked,
    AskedFile,
    Coding,
    Direction,
    Edition,
    Order,
    Policy,
    PolicyQuerySet,
    Portrait,
    Reckoning,
    State,
)
from interlock.web.observatory.rules import codes, keeps
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting

LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for in the register; empty is everything but what is withdrawn."""

    words: str = ""
    place: str = ""
    order: str = ""
    direction: str = ""
    state: str = ""

    @property
    def address(self) -> str:
        """As addresses tell it."""
        told = {"q" if name == "words" else name: said for name, said in vars(self).items()}
        return urlencode({name: said for name, said in told.items() if said})


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it cannot mean is left out."""

    def said(name: str, *known: str) -> str:
        one = asked.get(name, "").replace("\0", "").strip()[:LONGEST]
        return one if not known or one in known else ""

    return Wanted(
        words=said("q"),
        place=said("place"),
        order=said("order", *map(str, Order.values)),
        direction=said("direction", *Direction.values),
        state=said("state", *State.values),
    )


def readable_by(reader: Person | AnonymousUser) -> PolicyQuerySet:
    """What is confirmed, for everybody; a proposal for who made it and those who keep the register."""
    found = Policy.objects.select_related("institution")
    if keeps(reader):
        return found
    public = Q(confirmed_at__isnull=False)
    return found.filter(public | Q(entered_by=reader.pk) if reader.pk else public)


def search(found: PolicyQuerySet, wanted: Wanted) -> PolicyQuerySet:
    """Those that match, the latest adopted first."""
    if wanted.words:
        found = found.filter(Q(title__icontains=wanted.words) | Q(passage__icontains=wanted.words))
    if wanted.place:
        here = Q(area__icontains=wanted.place)
        if known := sameness(wanted.place):
            here |= Q(institution__searched__contains=known)
        found = found.filter(here)
    if wanted.order:
        found = found.filter(order=int(wanted.order))
    if wanted.direction:
        found = found.filter(direction=wanted.direction)
    if wanted.state:
        return found.filter(state=wanted.state)
    return found.exclude(state=State.WITHDRAWN)


def with_codings(found: PolicyQuerySet) -> PolicyQuerySet:
    """With `shown`: of each that both have coded its codings, of all others none."""
    shown = Coding.objects.filter(policy__state__in=[*CODED, State.WITHDRAWN]).order_by("place")
    return found.prefetch_related(Prefetch("codings", shown, to_attr="read"))


def codings_shown(policy: Policy) -> list[Coding]:
    """The codings of the text as it stands, where everybody may see them: both are in, or none is."""
    read: list[Coding] | None = getattr(policy, "read", None)
    rows = list(policy.codings.all()) if read is None else read
    current = [one for one in rows if one.text_version == policy.text_version]
    return current if sum(one.is_blind for one in current) == 2 else []


def coded_so_far(policy: Policy) -> int:
    """How many of the two codings are in."""
    return (
        policy.codings.filter(text_version=policy.text_version).exclude(place=Coding.THIRD).count()
    )


def own_coding(policy: Policy, person: Person | AnonymousUser) -> Coding | None:
    """What somebody said themselves; they may always read that."""
    if not isinstance(person, Person):
        return None
    return policy.codings.filter(text_version=policy.text_version, coder=person).first()


def to_code(person: Person | OuterRef) -> PolicyQuerySet:
    """What waits for the coding of somebody who codes here: blind first, and to settle."""
    own = Coding.objects.filter(
        policy=OuterRef("pk"),
        text_version=OuterRef("text_version"),
        coder=OuterRef(person) if isinstance(person, OuterRef) else person,
    )
    found = Policy.objects.filter(state__in=[State.TO_CODE, State.APART])
    return found.exclude(entered_by=person).exclude(Exists(own))


def newly_asked(policy: Policy) -> QuerySet[Person]:
    """Those for whom this policy waits to be coded, and nothing else does: so far nobody asked them."""
    speaking = Membership.objects.speakers().filter(
        person=OuterRef("pk"), institution__trusted_at__isnull=False, institution__left_at=None
    )
    theirs = to_code(OuterRef("pk"))
    this, others = theirs.filter(pk=policy.pk), theirs.exclude(pk=policy.pk)
    return Person.objects.filter(Exists(speaking), Exists(this), ~Exists(others)).order_by("pk")


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: what waits to be coded, settled or confirmed."""
    # Whoever keeps the register speaks for a trusted institution, and so codes too.
    if not codes(person):
        return
    home = reverse("observatory:policies")
    rows = to_code(person).order_by().values_list("state").annotate(Count("pk"))
    numbers = dict(rows)
    if many := numbers.get(State.TO_CODE, 0):
        said = ngettext(
            "%(number)s policy waits to be coded",
            "%(number)s policies wait to be coded",
            many,
        )
        note = _("Two people code each without seeing what the other says. It takes minutes.")
        yield Waiting(said % {"number": amounts.number(many)}, f"{home}?state=to_code", note)
    if many := numbers.get(State.APART, 0):
        said = ngettext(
            "%(number)s policy was coded apart", "%(number)s policies were coded apart", many
        )
        note = _("A third person can settle it, with a reason.")
        yield Waiting(said % {"number": amounts.number(many)}, f"{home}?state=apart", note)
    if keeps(person):
        proposed = Policy.objects.filter(state=State.PROPOSED).exclude(entered_by=person)
        if many := proposed.count():
            said = ngettext(
                "%(number)s policy waits to be confirmed",
                "%(number)s policies wait to be confirmed",
                many,
            )
            note = _("Look whether the source says so.")
            yield Waiting(said % {"number": amounts.number(many)}, f"{home}?state=proposed", note)


# What it adds up to.


@dataclass(frozen=True)
class Cell:
    """How many policies have an order and a direction."""

    order: Order
    towards: int
    away: int
    neither: int

    @property
    def all(self) -> int:
        return self.towards + self.away + self.neither


@dataclass(frozen=True)
class Counts:
    """Policies by what became of them, and those that stand by order and direction."""

    states: Mapping[str, int]
    cells: list[Cell]
    #: How many of all are made up.
    made_up: int = 0

    @property
    def coded(self) -> int:
        return sum(self.states.get(state, 0) for state in CODED)

    @property
    def standing(self) -> int:
        return sum(one.all for one in self.cells)

    @property
    def alike(self) -> int:
        return self.states.get(State.ALIKE, 0)

    @property
    def apart(self) -> int:
        return self.states.get(State.APART, 0)

    @property
    def settled(self) -> int:
        return self.states.get(State.SETTLED, 0)

    @property
    def to_code(self) -> int:
        return self.states.get(State.TO_CODE, 0)


def counts() -> Counts:
    """One query: of all that is confirmed, how many are where."""
    rows = (
        Policy.objects.filter(confirmed_at__isnull=False)
        .order_by()
        .values_list("state", "order", "direction")
        .annotate(
            number=Count("pk"),
            invented=Count(
                "pk",
                filter=Q(institution__is_synthetic=True) | Q(institution=None, is_invented=True),
            ),
        )
    )
    states: dict[str, int] = {}
    standing: dict[tuple[int, str], int] = {}
    made_up = 0
    for state, order, direction, number, invented in rows:
        made_up += invented
        states[state] = states.get(state, 0) + number
        if state in (State.ALIKE, State.SETTLED):
            standing[order, direction] = standing.get((order, direction), 0) + number
    cells = [
        Cell(order, *(standing.get((order.value, one), 0) for one in Direction.values))
        for order in (Order.SETTING, Order.INSTRUMENT, Order.GOALS, Order.NONE)
    ]
    return Counts(states, cells, made_up)


def due() -> QuerySet[Reckoning]:
    """Reckonings that nobody has worked out, the latest first."""
    return Reckoning.objects.filter(done_at=None, failure="").order_by("-pk")


def latest() -> Reckoning | None:
    """The latest that was worked out."""
    return Reckoning.objects.filter(done_at__isnull=False).order_by("-pk").first()


def parts_of(country: str, region: str, county: str) -> tuple[str, ...]:
    """The places that an institution is part of: its state, or the country where it is in none; its metro.

    As "US-IL" or "GB"; and the code of the metropolitan area of 2019. Nothing if not even its country
    is known. Its county tells its state before its region does, as on the map.
    """
    state = state_of(county[:2] or region) if country == "US" else None
    if state is None:
        return (country,) if country else ()
    metro = metro_of(county)
    return (f"US-{state.code}", metro.code) if metro else (f"US-{state.code}",)


def institutions_by_place() -> Counter[str]:
    """How many institutions are where; everywhere is the empty place."""
    found: Counter[str] = Counter()
    rows = Institution.objects.filter(left_at=None).values_list("country", "region", "county")
    for country, region, county, number in rows.annotate(Count("pk")).order_by():
        for place in ("", *parts_of(country, region, county)):
            found[place] += number
    return found


def editions(place: str = "") -> QuerySet[Edition]:
    """What was measured of a place (of everything, if empty), the latest first.

    Each says whether it `has_package`, which itself is megabytes.
    """
    found = Edition.objects.filter(place=place, done_at__isnull=False)
    packed = ExpressionWrapper(Q(package__isnull=False), BooleanField())
    return found.annotate(has_package=packed).defer("package").order_by("-day")


#: An edition is tried so often in all, a day apart, until the next month is asked for.
MOST_TRIES = 3


def _asked_last() -> QuerySet[Edition]:
    """The editions asked for last. Earlier ones that are not done stay so: their day is over."""
    newest = Edition.objects.order_by("-requested_at", "-pk").values("requested_at")[:1]
    return Edition.objects.filter(requested_at=Subquery(newest))


def editions_due(at: datetime) -> QuerySet[Edition]:
    """Those to be worked out now, the whole register before its parts; what failed a day ago comes last."""
    again = Q(tries__lt=MOST_TRIES, tried_at__lte=at - timedelta(days=1))
    waiting = _asked_last().filter(Q(failure="") | again, done_at=None)
    return waiting.order_by("tries", "day", "place")


@dataclass(frozen=True)
class Progress:
    """How far the latest editions are: of so many places, how many are done, and how many failed so far."""

    day: date
    asked: int
    done: int
    failed: int


def progress() -> Progress | None:
    """The editions asked for last, while any of them is still to be worked out."""
    told = _asked_last().aggregate(
        day=Max("day"),
        asked=Count("pk"),
        done=Count("done_at"),
        failed=Count("pk", filter=Q(done_at=None, tries__gt=0, tries__lt=MOST_TRIES)),
        given_up=Count("pk", filter=Q(done_at=None, tries__gte=MOST_TRIES)),
    )
    given_up = told.pop("given_up")
    return Progress(**told) if told["asked"] > told["done"] + given_up else None


def is_to_come(place: str) -> bool:
    """Whether an edition of a place was asked for and will be worked out."""
    return _asked_last().filter(place=place, done_at=None, tries__lt=MOST_TRIES).exists()


def is_measured_in(day: date) -> bool:
    """Whether an edition was asked for in the month of a day."""
    return Edition.objects.filter(place="", day__year=day.year, day__month=day.month).exists()


def measured_places() -> list[str]:
    """The parts of the register of which there is an edition."""
    found = Edition.objects.filter(done_at__isnull=False).exclude(place="").order_by("place")
    return list(found.values_list("place", flat=True).distinct())


def names_of(slugs: Collection[str]) -> dict[str, str]:
    """What institutions are called, by their slugs."""
    found = Institution.objects.filter(slug__in=slugs).values_list("slug", "name")
    return {slug: str(name) for slug, name in found}


def portrait_of(institution: Institution) -> Portrait | None:
    """What the latest edition says of an institution alone."""
    found = Portrait.objects.filter(institution=institution).select_related("edition")
    return found.defer("edition__records", "edition__package").first()


def policies_of(institution: Institution) -> PolicyQuerySet:
    """Those of an institution that everybody may read, and that stand."""
    return search(readable_by(AnonymousUser()).filter(institution=institution), Wanted())


def day_of(text: str) -> date | None:
    """The day of an address, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def asked_by(person: Person) -> QuerySet[Asked]:
    """What somebody asked of lists, without the answers themselves."""
    return (
        Asked.objects.filter(by=person)
        .defer("package")
        .prefetch_related(Prefetch("files", AskedFile.objects.defer("data")))
    )


def held_code(name: str) -> str:
    """What the answer of a list that comes with the site is called, by this version."""
    return f"{name}-{__version__}"


def held() -> QuerySet[Asked]:
    """The lists that come with the site, as this version answers them."""
    codes = [held_code(name) for name in HELD]
    return Asked.objects.filter(by=None, code__in=codes).prefetch_related(
        Prefetch("files", AskedFile.objects.defer("data"))
    )
