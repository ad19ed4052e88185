"""Who around here could deliver this: what is asked, where, and everybody near who may, with reasons.

The order is no secret, and the page tells it: worker co-ops first if the reader wants it, then those
with more of what was asked, then the nearer ones. Nothing adds up to a score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from math import cos, radians
from typing import Any
from urllib.parse import urlencode

from babel.numbers import format_decimal
from django.conf import settings
from django.db.models import Avg, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from interlock.methods.formats.register.cells import sameness
from interlock.methods.matching.activities import activity
from interlock.methods.matching.words import stem, words
from interlock.methods.places.distance import box_around, distance_km
from interlock.methods.places.gazetteer import Place, packaged
from interlock.web.explore.queries import IS_CONFIRMED, shown
from interlock.web.institutions.models import Certification, Institution, Kind, Status
from interlock.web.institutions.queries import activities_with, alike
from interlock.web.institutions.vocabulary import ACTIVITIES
from interlock.web.institutions.whereabouts import MIDDLES
from interlock.web.look import amounts
from interlock.web.needs.models import Exchange, Listing, Term
from interlock.web.ties.models import Predicate

KM_A_MILE = 1.609344
MILES = ("US", "GB", "LR")  # where people say how far something is in miles
FAR = (5, 10, 25, 50, 100, 250)
USUAL = 25
LONGEST = 200
MOST_WORDS = 12
#: So many are read, the nearest first; the page says when there are more.
MOST_READ = 200
#: So many are read for several questions at once.
MOST_TOGETHER = 1_000
#: How many there are says nothing of what is to be done.
NUMERALS = frozenset(
    [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "twelve",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "doce",
    ]
)
#: What is read of each.
NEEDED = (
    "slug", "name", "kind", "place", "about", "searched", "activity", "other_activities", "status",
    "tags", "latitude", "longitude", "placed_by", "is_synthetic",
)  # fmt: skip


@dataclass(frozen=True)
class Sought:
    """A word that says what is to be done: as it was written, by its stems, and as offers are found.

    `activities` are those that it is part of the name of.
    """

    shown: str
    stems: tuple[str, ...]
    keys: tuple[str, ...]
    activities: tuple[str, ...]

    def is_in(self, text: str) -> bool:
        return any(one in text for one in self.stems)


@dataclass(frozen=True)
class Asked:
    """What a reader wants done, where, and how far they look."""

    words: str = ""
    activity: str = ""
    where: str = ""
    at: str = ""
    far: int = USUAL
    coops_first: bool = True

    @property
    def is_empty(self) -> bool:
        return not (self.where or self.at)

    def address(self, **changes: object) -> str:
        said = replace(self, **changes)  # type: ignore[arg-type]
        told = {
            "q": said.words,
            "activity": said.activity,
            "where": said.where,
            "at": said.at,
            "far": str(said.far),
            "order": "" if said.coops_first else "all",
        }
        return "?" + urlencode({name: value for name, value in told.items() if value})


def asked(given: Mapping[str, str]) -> Asked:
    """A question as an address tells it."""

    def said(name: str) -> str:
        return given.get(name, "").replace("\0", "").strip()[:LONGEST]

    far = said("far")
    return Asked(
        words=said("q"),
        activity=activity(said("activity")) if said("activity") in ACTIVITIES else "",
        where=said("where"),
        at="" if said("where") else said("at"),
        far=int(far) if far.isdecimal() and int(far) in FAR else USUAL,
        coops_first=said("order") != "all",
    )


def in_miles() -> bool:
    return settings.INTERLOCK_REGION in MILES


def how_far(km: float) -> str:
    """A distance in the reader's unit."""
    return unit(km / KM_A_MILE if in_miles() else km)


def unit(value: float) -> str:
    """So many of the reader's unit: "3.2 miles"."""
    told = format_decimal(round(value, 1 if value < 10 else 0), "#,##0.#", amounts.locale())
    if in_miles():
        return _("%(number)s miles") % {"number": told}
    return _("%(number)s km") % {"number": told}


@dataclass(frozen=True)
class Spot:
    """A point that is looked around, and what it is called."""

    name: str
    latitude: float
    longitude: float
    institution: Institution | None = None
    #: Sentences that name whose table found it.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Where:
    """What "where" may mean: the first is taken, the others are offered."""

    spots: tuple[Spot, ...] = ()
    wrong: str = ""


def where_is(asked: Asked) -> Where:
    """The place that a question names: an institution's, or a town's, ZIP code's or county's."""
    if asked.at:
        one = Institution.objects.filter(slug=asked.at, left_at=None).first()
        if one is None:
            return Where(wrong=_("There is no such institution. Write a town or a ZIP code."))
        if one.latitude is None or one.longitude is None:
            wrong = _("Nobody said where %(name)s is. Write a town or a ZIP code.")
            return Where(wrong=wrong % {"name": one})
        return Where((Spot(str(one.name), one.latitude, one.longitude, one),))
    gazetteer = packaged()
    found = gazetteer.find(asked.where)
    if found:
        return Where(tuple(_spot(place, gazetteer.sources) for place in found[:6]))
    if spots := _towns(asked.where):
        return Where(spots)
    return Where(
        wrong=_(
            "No such place is known here. Write a town with its state (Rochester, NY), a ZIP code or "
            "a county; elsewhere, a town where somebody in the register is."
        )
    )


def _spot(place: Place, sources: tuple[str, ...]) -> Spot:
    name = place.name if place.kind == "zip" else f"{place.name}, {place.state}"
    return Spot(name, place.latitude, place.longitude, sources=sources)


def _towns(text: str) -> tuple[Spot, ...]:
    """Towns that institutions of the register are in."""
    here = Institution.objects.filter(place__iexact=text, latitude__isnull=False, left_at=None)
    rows = (
        here.values("place", "region", "country")
        .annotate(number=Count("pk"), north=Avg("latitude"), east=Avg("longitude"))
        .order_by("-number", "region")[:6]
    )
    return tuple(
        Spot(", ".join(filter(None, (row["place"], row["region"]))), row["north"], row["east"])
        for row in rows
    )


@dataclass(frozen=True)
class Candidate:
    """Somebody who may, and what speaks for it; what is shared with the question comes first."""

    institution: Institution
    km: float
    same_activity: bool
    shared: tuple[str, ...]
    offers: tuple[Listing, ...] = ()
    #: The words that its offers say.
    offered: tuple[str, ...] = ()

    @property
    def away(self) -> str:
        return how_far(self.km)

    @property
    def matched(self) -> int:
        """How much of what was asked it has."""
        return self.same_activity + len({*self.shared, *self.offered}) + bool(self.offers)


@dataclass(frozen=True)
class Shown:
    """A candidate with its reasons, as the page tells them."""

    candidate: Candidate
    reasons: tuple[str, ...]


class Answer:
    """Who could deliver something around a spot."""

    def __init__(self, asked: Asked, spot: Spot, at: datetime) -> None:
        self.asked = asked
        self.spot = spot
        self.at = at
        self.today = timezone.localdate(at)
        #: What each that was read says, folded; shared by questions that are read together.
        self.texts: dict[int, str] = {}

    @property
    def km(self) -> float:
        return self.asked.far * (KM_A_MILE if in_miles() else 1)

    @cached_property
    def _alike(self) -> list[str]:
        """The codes of the kind of work that is asked for."""
        return alike(self.asked.activity) if self.asked.activity else []

    @cached_property
    def sought(self) -> list[Sought]:
        return sought(self.asked.words)

    @property
    def words(self) -> list[str]:
        """What is looked for: the words that say something."""
        return [one.shown for one in self.sought]

    @cached_property
    def _offers(self) -> QuerySet[Listing]:
        """Open offers of what was asked."""
        keys = [key for one in self.sought for key in one.keys]
        worded = Exists(Term.objects.filter(listing=OuterRef("pk"), key__in=keys))
        same = Q(activity__in=self._alike)
        found = Listing.objects.open(self.at).filter(exchange_type=Exchange.OFFER)
        return found.filter(same | worded if keys else same)

    @cached_property
    def _offered(self) -> dict[int, list[Listing]]:
        """Of each institution that was read, its offers of what was asked: one question."""
        if not self.sought and not self.asked.activity:
            return {}
        numbers = [one.pk for one in self._read]
        offers = self._offers.filter(institution__in=numbers).only(
            "institution", "title", "activity", "terms"
        )
        found: dict[int, list[Listing]] = {}
        for one in offers.order_by("pk"):
            found.setdefault(one.institution_id, []).append(one)
        return found

    @cached_property
    def _read(self) -> list[Institution]:
        near = self._near().filter(self._may()).select_related("kind").only(*NEEDED)
        return list(near.order_by("far", "pk")[: MOST_READ + 1])

    def take(self, read: list[Institution], offers: Mapping[int, Sequence[Listing]]) -> None:
        """Answer from what was read for several questions at once."""
        keys = {key for one in self.sought for key in one.keys}
        self._read = read
        self._offered = {
            one.pk: [
                offer
                for offer in offers.get(one.pk, ())
                if offer.activity in self._alike or not keys.isdisjoint(offer.said.keys)
            ]
            for one in read
        }

    @property
    def is_cut(self) -> bool:
        return len(self._read) > MOST_READ

    @property
    def here(self) -> Q:
        """A box around what is looked at."""
        box = box_around(self.spot.latitude, self.spot.longitude, self.km)
        across = Q()
        for west, east in box.spans:
            across |= Q(longitude__range=(west, east))
        return across & Q(latitude__range=(box.south, box.north))

    def _near(self) -> QuerySet[Any]:
        squeeze = cos(radians(self.spot.latitude))
        north = F("latitude") - Value(self.spot.latitude)
        east_by = (F("longitude") - Value(self.spot.longitude)) * Value(squeeze)
        return (
            Institution.objects.filter(self.here, _at_work(self.today))
            .exclude(pk=self.spot.institution.pk if self.spot.institution else 0)
            .annotate(far=Cast(north * north + east_by * east_by, FloatField()))
        )

    def _may(self) -> Q:
        """What it has of what was asked; everybody, where nothing was."""
        if not self.sought and not self.asked.activity:
            return Q()
        found = Q(activity__in=self._alike)
        for one in self.sought:
            found |= Q(activity__in=one.activities)
            for part in one.stems:
                found |= Q(searched__contains=part) | Q(about__icontains=part)
        return found | Q(Exists(self._offers.filter(institution=OuterRef("pk"))))

    @cached_property
    def candidates(self) -> list[Candidate]:
        """All of them in the order that the page tells."""
        found = [one for one in map(self._candidate, self._read[:MOST_READ]) if one.km <= self.km]
        return sorted(found, key=self._order)

    def _order(self, one: Candidate) -> tuple[bool, int, float, int]:
        coop = one.institution.kind_id == Kind.WORKER_COOP
        return self.asked.coops_first and not coop, -one.matched, one.km, one.institution.pk

    def _candidate(self, one: Institution) -> Candidate:
        assert one.latitude is not None
        assert one.longitude is not None
        km = distance_km(self.spot.latitude, self.spot.longitude, one.latitude, one.longitude)
        said = self._text_of(one) if self.sought else ""
        shared = tuple(
            word.shown
            for word in self.sought
            if word.is_in(said) or one.activity in word.activities
        )
        same = not {one.activity, *one.other_activities}.isdisjoint(self._alike)
        offers = tuple(self._offered.get(one.pk, ()))
        keys = frozenset(key for offer in offers for key in offer.said.keys)
        offered = tuple(word.shown for word in self.sought if keys.intersection(word.keys))
        return Candidate(one, km, same, shared, offers, offered)

    def _text_of(self, one: Institution) -> str:
        if one.pk not in self.texts:
            self.texts[one.pk] = f"{one.searched}\n{sameness(str(one.about.data))}"
        return self.texts[one.pk]

    def shown(self, some: Sequence[Candidate]) -> list[Shown]:
        """A page of candidates, each with all its reasons: two questions more."""
        numbers = [one.institution.pk for one in some]
        valid = Certification.objects.filter(institution__in=numbers).filter(
            Q(expires_on=None) | Q(expires_on__gte=self.today)
        )
        certified: dict[int, list[str]] = {}
        for one in valid:
            certified.setdefault(one.institution_id, []).append(one.name)
        ties = shown().filter(subject__in=numbers, predicate=Predicate.DELIVERS_FOR)
        delivers = {
            row["subject"]: (row["confirmed"], row["number"])
            for row in ties.values("subject").annotate(
                number=Count("pk"), confirmed=Count("pk", filter=IS_CONFIRMED)
            )
        }
        return [
            Shown(one, tuple(_reasons(one, certified.get(pk, []), *delivers.get(pk, (0, 0)))))
            for one in some
            if (pk := one.institution.pk)
        ]


def read_together(answers: Sequence[Answer], *, kind: str) -> bool:
    """Read for several questions at once who of one kind is near: two queries, however many they are.

    Who has nothing of what is asked is among the candidates, with `matched` 0. Says whether somebody
    was left out, for there are more than `MOST_TOGETHER`. Raises ValueError where there is no question.
    """
    if not answers:
        raise ValueError("There is no question.")
    today, at = answers[0].today, answers[0].at
    boxes = {(one.spot.latitude, one.spot.longitude, one.km): one.here for one in answers}
    here = Q()
    for box in boxes.values():
        here |= box
    found = Institution.objects.filter(here, _at_work(today), kind=kind).select_related("kind")
    rows = list(found.only(*NEEDED).order_by("pk")[: MOST_TOGETHER + 1])
    offers: dict[int, list[Listing]] = {}
    listed = Listing.objects.open(at).filter(exchange_type=Exchange.OFFER, institution__in=rows)
    for offer in listed.only("institution", "title", "activity", "terms").order_by("pk"):
        offers.setdefault(offer.institution_id, []).append(offer)
    near: dict[tuple[float, float, float], list[Institution]] = {}
    texts: dict[int, str] = {}
    for answer in answers:
        spot, key = answer.spot, (answer.spot.latitude, answer.spot.longitude, answer.km)
        if key not in near:
            near[key] = _nearest(rows[:MOST_TOGETHER], spot, answer.km)
        own = spot.institution.pk if spot.institution else 0
        answer.texts = texts
        answer.take([one for one in near[key] if one.pk != own], offers)
    return len(rows) > MOST_TOGETHER


def _nearest(rows: Sequence[Institution], spot: Spot, km: float) -> list[Institution]:
    far = {
        one.pk: distance_km(spot.latitude, spot.longitude, one.latitude or 0, one.longitude or 0)
        for one in rows
    }
    return sorted((one for one in rows if far[one.pk] <= km), key=lambda one: far[one.pk])


def _at_work(today: date) -> Q:
    """Those that are here, and work or are about to."""
    lasts = Q(closed_on=None) | Q(closed_on__gt=today)
    return lasts & Q(left_at=None, status__in=[Status.ACTIVE, Status.IN_PLANNING])


def _reasons(one: Candidate, certified: Sequence[str], confirmed: int, number: int) -> list[str]:
    institution = one.institution
    told = []
    if one.same_activity:
        name = ACTIVITIES.get(institution.activity, institution.activity)
        told.append(_("It does what you look for: %(activity)s.") % {"activity": name})
    if one.shared:
        told.append(_("Its page says: %(words)s.") % {"words": ", ".join(one.shared)})
    if institution.placed_by in MIDDLES:
        told.append(
            _("How far it is, is known only roughly: it is drawn at %(middle)s.")
            % {"middle": institution.get_placed_by_display()}
        )
    if confirmed:
        text = ngettext(
            "It has delivered for %(number)s other; both sides say so.",
            "It has delivered for %(number)s others; both sides say so.",
            confirmed,
        )
        told.append(text % {"number": amounts.number(confirmed)})
    elif number:
        text = ngettext(
            "One side says that it has delivered for %(number)s other.",
            "One side says that it has delivered for %(number)s others.",
            number,
        )
        told.append(text % {"number": amounts.number(number)})
    if certified:
        told.append(_("Certified today: %(names)s.") % {"names": ", ".join(certified)})
    told.append(
        _("It is still being planned.")
        if institution.status == Status.IN_PLANNING
        else _("It is active.")
    )
    return told


def sought(text: str) -> list[Sought]:
    """The words of a text that say what is to be done, each once.

    A word that the reader's language has for grammar alone is none, nor is a number; the others are looked for by their
    stems in every language of the site, since nobody says in which a project's title is.
    """
    found: dict[tuple[str, ...], Sought] = {}
    for word in words(text):
        plain = word.casefold()
        if plain.isdecimal() or plain in NUMERALS:
            continue
        if not stem(word, get_language() or settings.LANGUAGE_CODE):
            continue
        by_language = {
            code: one for code, _name in settings.LANGUAGES if len(one := stem(word, code)) > 2
        }
        stems = tuple(dict.fromkeys(by_language.values()))
        if stems and stems not in found:
            keys = [f"{code}:{one}" for code, one in by_language.items()]
            named = {code for one in stems for code in activities_with(one)}
            found[stems] = Sought(word.lower(), stems, tuple(keys), tuple(sorted(named)))
    return list(found.values())[:MOST_WORDS]
