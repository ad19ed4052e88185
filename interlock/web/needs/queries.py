"""Questions about needs, offers and introductions. What is open is asked for a moment, `at`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from interlock.methods.formats.register.cells import sameness
from interlock.methods.matching.activities import activity, kinship
from interlock.methods.matching.listings import Listing as Compared
from interlock.methods.matching.ranking import REACH_KM, Match, Rarity, ranked
from interlock.methods.matching.reasons import Reason, told
from interlock.methods.matching.words import stem, tag_key
from interlock.methods.places.distance import box_around
from interlock.methods.places.gazetteer import packaged
from interlock.web.institutions.models import Institution, Membership, Scope
from interlock.web.institutions.queries import LONGEST_SEARCH, MOST_WORDS, Panel
from interlock.web.institutions.vocabulary import ACTIVITIES
from interlock.web.look import amounts
from interlock.web.needs.drafts import DRAFTS, in_all_languages
from interlock.web.needs.models import (
    Exchange,
    Introduction,
    Item,
    Listing,
    ListingQuerySet,
    Term,
    Transaction,
)
from interlock.web.needs.rules import REMINDED_BEFORE
from interlock.web.people.models import Person
from interlock.web.people.waiting import Waiting
from interlock.web.record.wording import words

#: So many candidates are compared for one page, and so many of its words are looked for.
MOST_BY_WORDS, MOST_BY_WORK = 300, 100
MOST_KEYS = 200
#: So many matches a page shows of one listing, and of each of an institution's.
MOST_MATCHES, FEW_MATCHES = 12, 3
MOST_OWN = 30
MOST_WAITING = 20
FEW = 6
MOST_TAGS = 12
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def by_language(text: LazyI18nString | str) -> dict[str, str]:
    """A text by its languages; one that names none is in the site's."""
    said = words(text)
    told = said if isinstance(said, dict) else {settings.LANGUAGE_CODE: said}
    return {code: one for code, one in told.items() if one}


def in_a_list() -> ListingQuerySet:
    return Listing.objects.select_related("institution__kind").defer("terms", "institution__about")


# Searching.


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for among needs and offers; empty is everything."""

    words: str = ""
    exchange: str = ""
    item: str = ""
    scope: str = ""
    process: str = ""
    tag: str = ""
    near: str = ""
    by: str = ""

    @property
    def address(self) -> dict[str, str]:
        """As the address of the list tells it."""
        told = {"q" if name == "words" else name: said for name, said in vars(self).items()}
        return {name: said for name, said in told.items() if said}


def wanted(asked: Mapping[str, str]) -> Wanted:
    """What an address asks for. What it cannot mean is left out: old links still find something."""

    def said(name: str, *known: str) -> str:
        one = asked.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH]
        return one if not known or one in known else ""

    return Wanted(
        words=said("q"),
        exchange=said("exchange", *Exchange.values),
        item=said("item", *Item.values),
        scope=said("scope", *Scope.values),
        process=said("process", "1"),
        tag=said("tag"),
        near=said("near"),
        by=said("by"),
    )


@dataclass(frozen=True)
class Choice:
    """One value of a facet, how many there would be of it, and where these are listed."""

    value: str
    label: str
    number: int
    chosen: bool
    address: str


@dataclass(frozen=True)
class Spot:
    """A place to look around, as it was found."""

    name: str
    latitude: float
    longitude: float
    #: Sentences that name whose table found it.
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    listings: ListingQuerySet
    number: int
    spot: Spot | None
    of_any_exchange: int
    exchanges: list[Choice]
    items: list[Choice]
    scopes: list[Choice]
    processes: int
    tags: list[Choice]


_FACETS = ("exchange_type", "item_type", "geographic_scope", "of_process")


def search(wanted: Wanted, at: datetime) -> Found:
    """What is open and matches, and for each facet the numbers with another value of it.

    Three queries however much there is; one more where a place is named.
    """
    spot = spot_of(wanted.near) if wanted.near else None
    base = Listing.objects.open(at).filter(_with_words(wanted.words)).order_by()
    if wanted.by:
        base = base.filter(institution__slug=wanted.by)
    if wanted.near:
        base = base.filter(close_to(spot) if spot else Q(place__iexact=wanted.near))
    if wanted.tag:
        tagged = Term.objects.filter(listing=OuterRef("pk"), key=facet_key(wanted.tag))
        base = base.filter(Exists(tagged))
    cube = list(base.values_list(*_FACETS).annotate(Count("pk")))
    chosen = (wanted.exchange, wanted.item, wanted.scope, bool(wanted.process) or "")

    def numbers(facet: int) -> dict[object, int]:
        """How many there are of each value when the other facets stay as they are."""
        sums: dict[object, int] = {}
        for *values, number in cube:
            fits = (
                place == facet or not one or values[place] == one
                for place, one in enumerate(chosen)
            )
            if all(fits):
                sums[values[facet]] = sums.get(values[facet], 0) + number
        return sums

    def choices(facet: int, name: str, labels: Iterable[tuple[str, Any]]) -> list[Choice]:
        of = numbers(facet)
        return [
            Choice(
                value, str(label), of.get(value, 0), value == chosen[facet],
                _address(wanted, **{name: "" if value == chosen[facet] else value}),
            )
            for value, label in labels
            if of.get(value) or value == chosen[facet]
        ]  # fmt: skip

    kept = {name: one for name, one in zip(_FACETS, chosen, strict=True) if one != ""}
    matching = base.filter(**kept)
    of_exchange = numbers(0)
    number = of_exchange.get(wanted.exchange, 0) if wanted.exchange else sum(of_exchange.values())
    return Found(
        listings=in_a_list().filter(pk__in=matching.values("pk")).order_by("-posted_at", "-pk"),
        number=number,
        spot=spot,
        of_any_exchange=sum(of_exchange.values()),
        exchanges=choices(0, "exchange", Exchange.choices),
        items=choices(1, "item", Item.choices),
        scopes=choices(2, "scope", Scope.choices),
        processes=numbers(3).get(True, 0),
        tags=_tags(matching, wanted),
    )


def facet_key(tag: str) -> str:
    """A tag as the list finds it."""
    return f"#{tag_key(tag, settings.LANGUAGE_CODE)}"


def _address(wanted: Wanted, **changed: str) -> str:
    said = {**wanted.address, **changed}
    return "?" + urlencode({name: one for name, one in said.items() if one})


def _tags(matching: ListingQuerySet, wanted: Wanted) -> list[Choice]:
    """The commonest tags of what was found."""
    rows = Term.objects.filter(key__startswith="#", listing__in=matching.values("pk"))
    counted = rows.values_list("key").annotate(number=Count("pk"), word=Min("word"))
    own = facet_key(wanted.tag) if wanted.tag else ""
    return [
        Choice(word, word, number, key == own, _address(wanted, tag="" if key == own else word))
        for key, number, word in counted.order_by("-number", "key")[:MOST_TAGS]
    ]


def _with_words(text: str) -> Q:
    """Each word is in title, text or tags in some form, or in the name or town of the institution.

    What the reader's language says everywhere is not looked for.
    """
    said = text.split()[:MOST_WORDS]
    found = Q(pk__in=[]) if said and not any(map(sameness, said)) else Q()
    for word in filter(sameness, said):
        plain = word.strip(".,;:!?()\"'“”¿¡")
        if stem(plain, get_language() or settings.LANGUAGE_CODE):
            keys = [f"{code}:{stem(plain, code)}" for code in LANGUAGES]
            here = Exists(Term.objects.filter(listing=OuterRef("pk"), key__in=keys))
            found &= Q(here) | Q(institution__searched__contains=sameness(word))
    return found


def spot_of(text: str) -> Spot | None:
    """The place somebody means: a town of the register, else one of the packaged gazetteer."""
    town, _comma, region = (part.strip() for part in text.partition(","))
    here = Institution.objects.filter(place__iexact=town, latitude__isnull=False, left_at=None)
    if region:
        here = here.filter(region__iexact=region)
    for one in here.order_by("pk")[:1]:
        assert one.latitude is not None
        assert one.longitude is not None
        name = ", ".join(filter(None, (one.place, one.region)))
        return Spot(name, one.latitude, one.longitude)
    gazetteer = packaged()
    for place in gazetteer.find(text)[:1]:
        name = f"{place.name}, {place.state}"
        return Spot(name, place.latitude, place.longitude, gazetteer.sources)
    return None


def close_to(spot: Spot) -> Q:
    """What can be reached locally from a place."""
    return _within(spot.latitude, spot.longitude, REACH_KM["local"])


def _within(latitude: float, longitude: float, km: float) -> Q:
    box = box_around(latitude, longitude, km)
    spans = Q(pk__in=[])
    for west, east in box.spans:
        spans |= Q(longitude__range=(west, east))
    return spans & Q(latitude__range=(box.south, box.north))


# Matching.


@dataclass(frozen=True)
class Told:
    """A match as a page tells it."""

    listing: Listing
    match: Match
    sentences: list[str]


def compared(listing: Listing) -> Compared:
    """A listing as the library compares it."""
    return Compared(
        id=listing.pk,
        terms=listing.said,
        activity=listing.activity,
        transactions=frozenset(listing.transaction_types),
        scope=listing.geographic_scope,
        town=listing.place,
        region=listing.region,
        country=listing.country,
        latitude=listing.latitude,
        longitude=listing.longitude,
    )


def matches_of(listing: Listing, at: datetime, *, most: int = MOST_MATCHES) -> list[Told]:
    """What could answer a need, or who needs what is offered; with the reasons, the best first.

    Three queries, and no more than `MOST_BY_WORDS` + `MOST_BY_WORK` comparisons, however much there
    is.
    """
    (found,) = _matches([listing], at, most=most).values()
    return found


def around(institution: Institution, at: datetime) -> list[tuple[Listing, list[Told]]]:
    """For each open listing of an institution, the best of what could meet it. Four queries."""
    own = list(institution.listings.open(at).select_related("institution")[:MOST_OWN])
    found = _matches(own, at, most=FEW_MATCHES)
    return [(listing, found.get(listing.pk, [])) for listing in own]


def matches_of_each(
    listings: Sequence[Listing], at: datetime, *, most: int
) -> dict[int, list[Told]]:
    """The matches of listings of several institutions, by their ids: three queries in all."""
    return _matches(listings, at, most=most)


def _matches(own: Sequence[Listing], at: datetime, *, most: int) -> dict[int, list[Told]]:
    """The matches of listings, by their ids."""
    if not own:
        return {}
    candidates = _candidates(own, at)
    sides = {one.pk: compared(one) for one in (*own, *candidates)}
    rarity = Rarity.of(sides.values())
    by_pk = {one.pk: one for one in candidates}
    found = {}
    for one in own:
        others = (
            sides[pk]
            for pk, each in by_pk.items()
            if each.exchange_type != one.exchange_type and each.institution_id != one.institution_id
        )
        best = ranked(sides[one.pk], others, most=most, rarity=rarity)
        found[one.pk] = [
            Told(by_pk[each.listing.id], each, [sentence_of(reason) for reason in each.reasons])
            for each in best
        ]
    return found


def _candidates(own: Sequence[Listing], at: datetime) -> list[Listing]:
    """Open listings of others that may meet one of these: by words first, then by kind of work."""
    opposite = {Exchange(one.exchange_type).opposite for one in own}
    there = Listing.objects.open(at).filter(exchange_type__in=opposite)
    if len({one.institution_id for one in own}) == 1:
        there = there.exclude(institution=own[0].institution_id)
    if len(own) == 1:
        there = there.filter(_reached(own[0]))
    keys = _keys(own)
    by_words = (
        Term.objects.filter(key__in=keys, listing__in=there.order_by().values("pk"))
        .values_list("listing")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "-listing")[:MOST_BY_WORDS]
    )
    pks = [pk for pk, _shared in by_words]
    kinds = {code for code in ACTIVITIES if any(_same_work(one, code) for one in own)}
    if kinds:
        by_work = there.filter(activity__in=kinds).exclude(pk__in=pks).order_by("-posted_at")
        pks += by_work.values_list("pk", flat=True)[:MOST_BY_WORK]
    fetched = Listing.objects.filter(pk__in=pks).select_related("institution__kind")
    return list(fetched.order_by("pk"))


def _same_work(one: Listing, code: str) -> bool:
    return kinship(activity(one.activity), code) == "same"


def _reached(one: Listing) -> Q:
    """What cannot be out of its reach, as far as a database can tell."""
    km = REACH_KM.get(one.geographic_scope)
    if km is None or one.latitude is None or one.longitude is None:
        return Q()
    return Q(latitude=None) | _within(one.latitude, one.longitude, km)


def _keys(own: Sequence[Listing]) -> list[str]:
    """The words by which others are looked for: those of tags and titles first."""
    weights: dict[str, int] = {}
    for one in own:
        said = one.said
        for language in {*said.words, *said.tags}:
            for key, word in said.of_language(language).items():
                name = f"{language}:{key}"
                weights[name] = max(word.weight, weights.get(name, 0))
    return sorted(weights, key=lambda name: (-weights[name], name))[:MOST_KEYS]


def sentence_of(reason: Reason) -> str:
    """A reason in the reader's language and unit."""
    values: dict[str, Callable[[Any], str]] = {
        "activity": _activity,
        "other": _activity,
        "distance": amounts.distance,
        "terms": lambda some: ", ".join(str(Transaction(one).label) for one in some),
    }
    language = get_language() or settings.LANGUAGE_CODE
    return told(reason, language=language, translate=_, values=values)


def _activity(code: str) -> str:
    return str(ACTIVITIES.get(code, code))


# Introductions.


#: The two ties that an introduction may have led to, with their ends.
_TIES = [f"{by}_tie__{end}" for by in ("asker", "asked") for end in ("subject", "object")]


def of_person(person: Person) -> QuerySet[Introduction]:
    """Those in which a person speaks for a side."""
    own = person.memberships.speakers().values("institution")
    return Introduction.objects.filter(Q(asker__in=own) | Q(asked__in=own)).select_related(
        "listing", "own_listing", "asker", "asked", *_TIES
    )


def own_sides(introduction: Introduction, person: Person) -> list[Institution]:
    """The sides that a person speaks for."""
    own = set(person.memberships.speakers().values_list("institution", flat=True))
    return [side for side in introduction.sides if side.pk in own]


def introductions_of(institution: Institution) -> QuerySet[Introduction]:
    """All of one institution, the latest first."""
    either = Q(asker=institution) | Q(asked=institution)
    found = Introduction.objects.filter(either, withdrawn_at=None)
    return found.select_related("listing", "own_listing", "asker", "asked")


@dataclass(frozen=True)
class Meeting:
    """What one's own institutions could meet a listing with: the likeliest first, then the latest."""

    listings: list[Listing]
    #: The one that matches best, if any does.
    best: Listing | None


def meeting(listing: Listing, own: Sequence[Institution], at: datetime) -> Meeting:
    """Open listings of these institutions that are of the other side."""
    opposite = Exchange(listing.exchange_type).opposite
    there = Listing.objects.open(at).filter(institution__in=own, exchange_type=opposite)
    found = list(there.select_related("institution").order_by("-posted_at", "-pk"))
    matches = ranked(compared(listing), map(compared, found), most=len(found))
    place = {one.listing.id: number for number, one in enumerate(matches)}
    found.sort(key=lambda one: place.get(one.pk, len(place)))
    return Meeting(found, found[0] if place else None)


def posted_of_process(own: Sequence[Institution], at: datetime) -> dict[str, dict[str, Listing]]:
    """What is open already of each need that a process has: by draft, by the institution's slug.

    A need is told by the draft's title or its first tag, in any language of the site.
    """
    needs = Listing.objects.open(at).filter(
        institution__in=own, exchange_type=Exchange.WANT, of_process=True
    )
    some = list(needs.select_related("institution").defer("terms").order_by("-posted_at", "-pk"))
    posted: dict[str, dict[str, Listing]] = {}
    for draft in DRAFTS:
        titles = set(by_language(in_all_languages(draft.title)).values())
        tags = {
            facet_key(said.partition(",")[0])
            for said in by_language(in_all_languages(draft.tags)).values()
        }
        same = [
            one
            for one in some
            if titles & set(by_language(one.title).values()) or tags & set(map(facet_key, one.tags))
        ]
        posted[draft.key] = {one.institution.slug: one for one in reversed(same)}
    return posted


# What other rooms show.


def waiting(person: Person) -> Iterator[Waiting]:
    """For the desk: who asks to be introduced, and listings that end soon."""
    at = timezone.now()
    own = person.memberships.speakers().values("institution")
    asked = Introduction.objects.waiting().filter(asked__in=own)
    for one in asked.select_related("listing", "asker")[:MOST_WAITING]:
        yield Waiting(
            _("%(name)s asks to be introduced") % {"name": one.asker},
            one.get_absolute_url(),
            _("About “%(title)s”.") % {"title": one.listing},
        )
    ending = Listing.objects.open(at).filter(
        institution__in=own, expires_at__lte=at + REMINDED_BEFORE
    )
    for listing in ending.defer("terms").order_by("expires_at")[:MOST_WAITING]:
        yield Waiting(
            _("“%(title)s” ends soon") % {"title": listing},
            listing.get_absolute_url(),
            _("One press renews it."),
        )


def panel(institution: Institution, reader: Person | AnonymousUser) -> Panel | None:
    """What it needs and offers, on its page."""
    if institution.left_at:
        return None
    some = institution.listings.open(timezone.now()).defer("terms")[: FEW + 1]
    found = list(some)
    speaks = (
        isinstance(reader, Person)
        and Membership.objects.speakers().filter(institution=institution, person=reader).exists()
    )
    if not found and not speaks:
        return None
    context = {
        "institution": institution,
        "listings": found[:FEW],
        "more": len(found) > FEW,
        "speaks": speaks,
    }
    return Panel("needs/panel.html", context)


def export(institution: Institution) -> Iterator[dict[str, object]]:
    """All needs and offers of an institution, with its introductions, for its own file."""
    hidden = {"id", "terms", "posted_by", "institution"}
    fields = [one for one in Listing._meta.concrete_fields if one.name not in hidden]
    for listing in institution.listings.order_by("pk").iterator():
        yield {
            "number": listing.pk,
            **{one.name: getattr(listing, one.attname) for one in fields},
        }
    found = introductions_of(institution).order_by("pk")
    for one in found.iterator():
        mine = one.asker_id == institution.pk
        yield {
            "introduction": one.pk,
            "about": one.listing_id,
            "with": one.own_listing_id,
            "asker": one.asker.slug,
            "asked": one.asked.slug,
            "asked_at": one.asked_at,
            "sentence": one.sentence,
            "answered_at": one.answered_at,
            "accepted": one.accepted,
            "answer": one.answer,
            # How to reach the other was told to this side only after both had said yes.
            "asker_reach": one.asker_reach if mine or one.accepted else "",
            "asked_reach": one.asked_reach,
            "asker_says": one.asker_says,
            "asked_says": one.asked_says,
        }
