"""Questions about the register."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from urllib.parse import urlencode

from babel.dates import format_date
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from interlock.methods.formats.register.cells import sameness
from interlock.methods.places.states import state_of
from interlock.web.institutions import whereabouts
from interlock.web.institutions.models import (
    Claim,
    Group,
    Institution,
    Kind,
    Membership,
    MembershipQuerySet,
    coded,
)
from interlock.web.institutions.rules import MOST_WAITING
from interlock.web.institutions.vocabulary import ACTIVITIES
from interlock.web.look import amounts
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting
from interlock.web.record.wording import words

MOST_WORDS = 8
LONGEST_SEARCH = 200
#: So many that have the same words in their names are compared with a new one.
MOST_ALIKE = 200


@dataclass(frozen=True)
class Deed:
    """Something an institution does elsewhere on the site, as its page lists it."""

    title: str
    url: str
    note: str | Promise


@dataclass(frozen=True)
class Panel:
    """A section of an institution's page that another room fills."""

    template: str
    context: Mapping[str, object]


@dataclass(frozen=True)
class View:
    """Another way to look at what was found in the register."""

    label: str | Promise
    url: str


# Rooms join these lists: given an institution, what it does in that room; given it and who looks at
# its page, a section of that page; given it, what a file of all that is known of it holds.
deeds: list[Callable[[Institution], Iterable[Deed]]] = []
panels: list[Callable[[Institution, Person | AnonymousUser], Panel | None]] = []
exports: dict[str, Callable[[Institution], object]] = {}
# Given a search of the register, the same elsewhere.
views: list[Callable[["Wanted"], View]] = []


def deeds_of(institution: Institution) -> list[Deed]:
    return [deed for ask in deeds for deed in ask(institution)]


def panels_of(institution: Institution, reader: Person | AnonymousUser) -> list[Panel]:
    return [panel for ask in panels if (panel := ask(institution, reader))]


def looked_after_by(person: Person) -> QuerySet[Institution]:
    """The institutions a person may act for here."""
    own = person.memberships.stewards().values("institution")
    return Institution.objects.filter(pk__in=own).select_related("kind")


def spoken_for_by(person: Person) -> QuerySet[Institution]:
    """The institutions a person may speak for in meetings and proposals."""
    own = person.memberships.speakers().values("institution")
    return Institution.objects.filter(pk__in=own).select_related("kind")


def people_of(institution: Institution) -> QuerySet[Membership]:
    """Those with a role there today, whoever looks after the page first."""
    now = institution.memberships.filter(until__isnull=True).select_related("person")
    return now.order_by("-role", "since", "pk")


def vouching() -> QuerySet[Institution]:
    """Those that may vouch for people of others, and can answer."""
    stewards = Membership.objects.stewards().filter(institution=OuterRef("pk"))
    return Institution.objects.filter(
        Exists(stewards), trusted_at__isnull=False, left_at=None
    ).order_by("slug")


def questions_to(institution: Institution) -> QuerySet[Claim]:
    """Who waits for its stewards' answer: to be let in, or to be vouched for elsewhere."""
    asked = institution.questions.filter(settled_at=None)
    return asked.select_related("person", "institution", "vouched_by")


def how_claimed(institution: Institution) -> Claim | None:
    """The claim by which it came to be looked after by its own people, if it was one."""
    first = institution.claims.filter(granted=True).exclude(proven_at=None, vouched_by=None)
    return first.select_related("vouched_by").order_by("settled_at").first()


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: who asks the institutions that a person looks after."""
    stewards = person.memberships.stewards().values("institution")
    asked = Claim.objects.filter(asked_of__in=stewards, settled_at=None).exclude(person=person)
    for claim in asked.select_related("asked_of", "institution")[:MOST_WAITING]:
        assert claim.asked_of
        title = (
            _("Somebody asks to be let in to %(name)s")
            if claim.is_to_join
            else _("Somebody asks you to vouch for them: %(name)s")
        )
        url = reverse("institutions:people", args=[claim.asked_of.slug])
        yield Waiting(title % {"name": claim.institution}, url)


def roles_waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: roles that stewards gave a person, who has not said that they are right."""
    given = person.memberships.to_accept().select_related("institution")
    for one in given.order_by("since", "pk")[:MOST_WAITING]:
        yield Waiting(
            _("Do you belong to %(name)s?") % {"name": one.institution},
            one.institution.get_absolute_url(),
            one.get_role_display(),
        )


def profiles_waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: profiles of other sites that were read, and what becomes of them."""
    read = person.followed.filter(entered_at=None, stopped_at=None, looked_at__isnull=False)
    for one in read.defer("contents", "given")[:MOST_WAITING]:
        yield Waiting(
            _("A profile was read: see what it would change"), one.get_absolute_url(), one.url
        )


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for in the register; empty is everything.

    A part of the map is a state or a county of the United States by its FIPS code, or a box of
    degrees: west, south, east, north.
    """

    words: str = ""
    group: str = ""
    kind: str = ""
    activity: str = ""
    country: str = ""
    region: str = ""
    unclaimed: bool = False
    state: str = ""
    county: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def part(self) -> dict[str, str]:
        """The part of the map, as an address tells it."""
        told = {
            "state": "" if self.county else self.state,
            "county": self.county,
            "box": ",".join(f"{one:.5f}" for one in self.box or ()),
        }
        return {name: said for name, said in told.items() if said}

    @property
    def asked(self) -> dict[str, str]:
        """The whole search as an address tells it; `wanted` reads it back."""
        told = {
            "q": self.words,
            "group": self.group,
            "kind": self.kind,
            "activity": self.activity,
            "country": self.country,
            "region": self.region,
            "unclaimed": "1" if self.unclaimed else "",
            **self.part,
        }
        return {name: said for name, said in told.items() if said}


@dataclass(frozen=True)
class Choice:
    """One value of a facet, and how many there are of it among all that matches otherwise."""

    value: str
    label: str
    number: int
    chosen: bool


@dataclass(frozen=True)
class Narrowing:
    """A part of a search: the address of the list without it, and how many there are then."""

    label: str
    address: str
    number: int


def is_empty() -> bool:
    """Whether nobody is entered at all, so that there is nothing to search."""
    return not Institution.objects.filter(left_at=None).exists()


@dataclass(frozen=True)
class Found:
    institutions: QuerySet[Institution]
    number: int
    unclaimed: int
    of_every_kind: int
    groups: list[Choice]
    kinds: list[Choice]
    activities: list[Choice]
    countries: list[Choice]
    regions: list[Choice]
    narrowings: list[Narrowing]


def wanted(asked: Mapping[str, str]) -> Wanted:
    """A search as an address tells it; what nobody could have chosen is left out."""

    def said(name: str) -> str:
        return asked.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH]

    country = said("country") if said("country") in countries() else ""
    county = said("county") if re.fullmatch(r"[0-9]{5}", said("county"), re.ASCII) else ""
    state = state_of(county[:2] or said("state"))
    return Wanted(
        words=said("q"),
        group=said("group") if said("group") in Group.values else "",
        kind=said("kind"),
        activity=said("activity") if said("activity") in ACTIVITIES else "",
        country=country,
        region=said("region") if country else "",
        unclaimed=said("unclaimed") == "1",
        state=state.fips if state else "",
        county=county if state else "",
        box=_box(said("box")),
    )


def _box(said: str) -> tuple[float, float, float, float] | None:
    """A box of degrees as an address tells it; None where it is none."""
    numbers = said.split(",")
    if len(numbers) != 4 or not all(re.fullmatch(DEGREES, one, re.ASCII) for one in numbers):
        return None
    west, south, east, north = map(float, numbers)
    on_earth = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if on_earth else None


DEGREES = r"-?[0-9]{1,3}(\.[0-9]{1,6})?"


def matching(wanted: Wanted, kinds: Iterable[Kind]) -> QuerySet[Institution]:
    """All that a search finds, in no order; `kinds` are those of the site."""
    kind, group = _kind_of(wanted, kinds)
    conditions = _conditions(wanted, kind, group).values()
    return Institution.objects.filter(*conditions, left_at=None).order_by()


def _kind_of(wanted: Wanted, kinds: Iterable[Kind]) -> tuple[Kind | None, str]:
    """The kind and the group that are looked for."""
    kind = next((one for one in kinds if one.pk == wanted.kind), None)
    return kind, kind.group if kind else wanted.group


def _conditions(wanted: Wanted, kind: Kind | None, group: str) -> dict[str, Q]:
    return {
        "words": _with_words(wanted.words),
        "kind": Q(kind=kind) if kind else Q(kind__group=group) if group else Q(),
        "activity": Q(activity=wanted.activity) if wanted.activity else Q(),
        "place": _at_place(wanted),
        "part": _in_part(wanted),
        "unclaimed": Q(~Exists(_stewards())) if wanted.unclaimed else Q(),
    }


def _stewards() -> MembershipQuerySet:
    return Membership.objects.stewards().filter(institution=OuterRef("pk"))


def search(wanted: Wanted) -> Found:
    """What matches, and for each facet the numbers of what would match with another value of it.

    Six queries however much there is; one more when nothing matches the words.
    """
    kinds = list(Kind.objects.all())
    kind, group = _kind_of(wanted, kinds)
    stewards = _stewards()
    conditions = _conditions(wanted, kind, group)

    def but(facet: str) -> QuerySet[Institution]:
        found = Institution.objects.filter(left_at__isnull=True)
        kept = [condition for name, condition in conditions.items() if name != facet]
        return found.filter(*kept).order_by()

    of_kind = _numbers(but("kind"), "kind")
    of_activity = _numbers(but("activity"), "activity")
    of_place = but("place").values_list("country", "region").annotate(Count("pk"))
    of_country: dict[str, int] = {}
    of_region: dict[str, int] = {}
    for country, region, number in of_place:
        of_country[country] = of_country.get(country, 0) + number
        if country == wanted.country:
            of_region[region] = of_region.get(region, 0) + number
    totals = but("unclaimed").aggregate(
        everyone=Count("pk"), unclaimed=Count("pk", filter=~Exists(stewards))
    )
    number = totals["unclaimed"] if wanted.unclaimed else totals["everyone"]
    groups = {
        one: sum(of_kind.get(kind.pk, 0) for kind in kinds if kind.group == one)
        for one in Group.values
    }
    narrowings = list(
        _narrowings(
            wanted,
            kind_label=str(kind or (Group(group).label if group else "")),
            without={
                "words": but("words").count() if wanted.words and not number else 0,
                "kind": sum(of_kind.values()),
                "activity": sum(of_activity.values()),
                "country": sum(of_country.values()),
                "region": sum(of_region.values()),
                "part": but("part").count() if wanted.part else 0,
                "unclaimed": totals["everyone"],
            },
        )
    )
    return Found(
        institutions=but("")
        .select_related("kind", "picture")
        .annotate(looked_after=Exists(stewards))
        .order_by("slug"),
        number=number,
        unclaimed=totals["unclaimed"],
        of_every_kind=sum(of_kind.values()),
        groups=[
            Choice(one, str(Group(one).label), groups[one], chosen=one == group)
            for one in Group.values
            if groups[one] or one == group
        ],
        kinds=[
            Choice(one.pk, str(one), of_kind.get(one.pk, 0), chosen=one == kind)
            for one in kinds
            if one.group == group and (of_kind.get(one.pk) or one == kind)
        ],
        activities=_choices(
            of_activity, {k: str(v) for k, v in ACTIVITIES.items()}, wanted.activity
        ),
        countries=_choices(of_country, countries(), wanted.country),
        regions=_choices(of_region, {one: one for one in of_region}, wanted.region),
        narrowings=narrowings,
    )


def _narrowings(
    wanted: Wanted, *, kind_label: str, without: Mapping[str, int]
) -> Iterator[Narrowing]:
    told = {
        "words": (f"“{wanted.words}”" if wanted.words else "", {"q"}),
        "kind": (kind_label, {"kind", "group"}),
        "activity": (str(ACTIVITIES.get(wanted.activity, "")), {"activity"}),
        "country": (countries().get(wanted.country, ""), {"country", "region"}),
        "region": (wanted.region, {"region"}),
        "part": (part_name(wanted), {"state", "county", "box"}),
        "unclaimed": (_("nobody looks after it") if wanted.unclaimed else "", {"unclaimed"}),
    }
    for facet, (label, dropped) in told.items():
        if label:
            kept = {name: said for name, said in wanted.asked.items() if name not in dropped}
            yield Narrowing(label, "?" + urlencode(kept), without[facet])


def _numbers(institutions: QuerySet[Institution], field: str) -> dict[str, int]:
    return dict(institutions.values_list(field).annotate(Count("pk")))


def _choices(numbers: Mapping[str, int], labels: Mapping[str, str], chosen: str) -> list[Choice]:
    """The values that occur, in the order of their names."""
    values = {value for value in numbers if value} | ({chosen} - {""})
    found = [
        Choice(value, labels.get(value, value), numbers.get(value, 0), chosen=value == chosen)
        for value in values
    ]
    return sorted(found, key=lambda choice: (choice.label.casefold(), choice.value))


def searched_words(text: str) -> list[str]:
    """The words of a search as `Institution.searched` has them; no more than a handful."""
    said = text[:LONGEST_SEARCH].replace("\0", "").split()[:MOST_WORDS]
    return [word for word in map(sameness, said) if word]


def called(text: str) -> QuerySet[Institution]:
    """Institutions with each of these words in a name or the town; none where there is no word."""
    known = searched_words(text)
    found = Institution.objects.filter(left_at=None) if known else Institution.objects.none()
    for word in known:
        found = found.filter(searched__contains=word)
    return found.select_related("kind").order_by("slug")


def same_names(names: Iterable[str]) -> list[Institution]:
    """Institutions that are called so, however it is written, in any language or besides."""
    wanted = {known for name in names if (known := sameness(name))}
    if not wanted:
        return []
    some = Q(pk__in=[])
    for known in wanted:
        some |= Q(searched__contains=known)
    found = Institution.objects.filter(some, left_at=None).select_related("kind").order_by("slug")
    return [one for one in found[:MOST_ALIKE] if wanted & set(map(sameness, _names_of(one)))]


def _names_of(institution: Institution) -> list[str]:
    said = words(institution.name)
    return [*(said.values() if isinstance(said, dict) else [said]), *institution.other_names]


def _at_place(wanted: Wanted) -> Q:
    place = Q(country=wanted.country) if wanted.country else Q()
    return place & Q(region=wanted.region) if wanted.region else place


def _in_part(wanted: Wanted) -> Q:
    """Within a part of the map. One without a county is in the state that its region names."""
    part = Q()
    if wanted.county:
        part = Q(county=wanted.county)
    elif state := state_of(wanted.state):
        named = Q(region__iexact=state.name) | Q(region__iexact=state.code)
        part = Q(county__startswith=state.fips) | named & Q(county="")
        part &= Q(country__in=["US", ""])
    if wanted.box:
        west, south, east, north = wanted.box
        part &= Q(latitude__range=(south, north), longitude__range=(west, east))
    return part


def part_name(wanted: Wanted) -> str:
    """What the part of the map is called."""
    state = state_of(wanted.state)
    name = state.name if state else ""
    if wanted.county:
        name = ", ".join(filter(None, (whereabouts.county_name(wanted.county), name)))
    inner = _("a part of the map") if wanted.box else ""
    return " · ".join(filter(None, (name, inner)))


def _with_words(text: str) -> Q:
    """Each word is in the name in some language, in the town, or in the activity's name."""
    known = searched_words(text)
    found = Q(pk__in=[]) if text.split() and not known else Q()
    for word in known:
        codes = activities_with(word)
        found &= Q(searched__contains=word) | Q(activity__in=codes) | _does_besides(codes)
    return found


def _does_besides(codes: Iterable[str]) -> Q:
    """That one of these is among its other activities."""
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(searched__contains=coded(code))
    return found


def activities_with(word: str) -> list[str]:
    """The activities that a word, folded, is part of the name of, in any language of the site."""
    return [code for code, label in _activity_names() if word in label]


@cache
def _activity_names() -> list[tuple[str, str]]:
    """Every activity in every language of the site."""
    told = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            told += [(code, sameness(str(label))) for code, label in ACTIVITIES.items()]
    return told


def countries() -> dict[str, str]:
    """ISO 3166-1's two letters and the country's name in the reader's language."""
    return _countries(translation.get_language() or settings.LANGUAGE_CODE)


@cache
def _countries(_language: str) -> dict[str, str]:
    names = amounts.locale().territories
    return {
        code: name
        for code, name in sorted(names.items(), key=lambda pair: pair[1].casefold())
        if code.isalpha() and len(code) == 2 and code not in NO_COUNTRIES
    }


#: What Unicode lists among the countries: unions, unknown places, and parts that ISO leaves out.
NO_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


@dataclass(frozen=True)
class Fact:
    label: str
    value: str
    url: str = ""


def facts_of(institution: Institution) -> list[Fact]:
    """What it is and does; what nobody entered is left out, and all of one that left."""
    one = institution
    if one.left_at:
        return []
    activity, structure = one.get_activity_display(), one.get_structure_display()
    besides = ", ".join(str(ACTIVITIES.get(code, code)) for code in one.other_activities)
    told = (
        ("other_names", ", ".join(one.other_names)),
        ("activity", activity),
        ("other_activities", besides),
        ("tags", ", ".join(one.tags)),
        ("structure", structure),
        ("membership_type", one.get_membership_type_display()),
        ("status", one.get_status_display()),
        ("scope", one.get_scope_display()),
        ("founded_on", _day(one.founded_on)),
        ("closed_on", _day(one.closed_on)),
        ("workers", _in_year(one.workers, one.workers_year)),
        ("members", _in_year(one.members, one.members_year)),
    )
    return [Fact(_label(name), str(value)) for name, value in told if value]


def why_not_on_the_map(institution: Institution) -> str | None:
    """What is missing for it to have a place on the map."""
    if institution.latitude is not None:
        return None
    if not institution.country:
        return _("It is not on the map yet: nobody said in which country it is.")
    if institution.country != whereabouts.COUNTRY:
        return _("It is not on the map yet: outside the United States that takes coordinates.")
    if not institution.place and not institution.postcode:
        return _("It is not on the map yet: say its ZIP code, or its town and state.")
    return _("It is not on the map yet: no such town or ZIP code is known. Say its coordinates.")


def whereabouts_of(institution: Institution) -> list[Fact]:
    """Where it is and how to reach it."""
    one = institution
    town = " ".join(part for part in (one.postcode, one.place) if part)
    country = countries().get(one.country, one.country)
    address = ", ".join(part for part in (one.street, town, one.region, country) if part)
    where = f"{one.latitude:.4f}, {one.longitude:.4f}" if one.latitude is not None else ""
    county, by = whereabouts.county_in_state(one.county), one.get_placed_by_display()
    if where and one.placed_by in whereabouts.MIDDLES:
        where = f"{where} ({by})"
    elif county and one.placed_by:
        county = f"{county} ({by})"
    told = (
        (_("Address"), address, ""),
        (_("Coordinates"), where, f"geo:{one.latitude},{one.longitude}"),
        (_label("county"), county, ""),
        (_label("website"), *_site(one.website)),
        *((_label("links"), *_site(link)) for link in one.links),
        (_("E-mail"), one.email, f"mailto:{one.email}"),
        (_label("phone"), one.phone, f"tel:{''.join(one.phone.split())}"),
    )
    return [Fact(label, value, url) for label, value, url in told if value]


def _site(address: str) -> tuple[str, str]:
    """A web address as people write it, and where it leads if it may."""
    told = address.removeprefix("https://").removeprefix("http://").rstrip("/")
    return told, address if address.startswith(("https://", "http://")) else ""


@dataclass(frozen=True)
class Certified:
    """A certification as its page tells it."""

    name: str
    issuer: str
    issued: str
    expires: str
    expired: bool


def certifications_of(institution: Institution, today: date) -> list[Certified]:
    return [
        Certified(
            one.name,
            one.issuer,
            _day(one.issued_on),
            _day(one.expires_on),
            expired=one.expires_on is not None and one.expires_on < today,
        )
        for one in institution.certifications.all()
    ]


def _label(field: str) -> str:
    return capfirst(str(Institution._meta.get_field(field).verbose_name))  # type: ignore[union-attr]


def _day(day: date | None) -> str:
    return format_date(day, "long", amounts.locale()) if day else ""


def _in_year(number: int | None, year: int | None) -> str:
    if number is None:
        return ""
    told = amounts.number(number)
    return _("%(number)s in %(year)s") % {"number": told, "year": year} if year else told


def kinds_by_group() -> list[tuple[str, list[Kind]]]:
    """All kinds under the names of their groups."""
    order = Group.values.index
    kinds = sorted(Kind.objects.all(), key=lambda kind: order(kind.group))
    return [
        (str(Group(group).label), list(some))
        for group, some in groupby(kinds, key=lambda kind: kind.group)
    ]
