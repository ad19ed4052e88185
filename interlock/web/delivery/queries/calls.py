"""Calls as they are read: the list, and what waits for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from interlock.web.delivery.models import Award, Bid, Call, Lot, NoAward, Preference
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import alike
from interlock.web.institutions.vocabulary import different_activities
from interlock.web.needs.models import Listing
from interlock.web.needs.queries import Spot, close_to, spot_of
from interlock.web.people.models import Person

OPEN, PAST = "open", "past"


@dataclass(frozen=True)
class Wanted:
    """How the list of calls is narrowed."""

    state: str = OPEN
    activity: str = ""
    near: str = ""


@dataclass(frozen=True)
class Found:
    """What there is, and by what it can be narrowed further."""

    calls: QuerySet[Call]
    activities: list[tuple[str, str]]
    spot: Spot | None


def wanted(asked: Mapping[str, str]) -> Wanted:
    state = asked.get("state", "")
    return Wanted(
        PAST if state == PAST else OPEN,
        asked.get("activity", "")[:8],
        asked.get("near", "").strip(),
    )


def search(wanted: Wanted) -> Found:
    """Published calls: those that are open, the next to close first; or the past ones, newest first."""
    published = Call.objects.filter(published_at__isnull=False)
    is_open = Q(closed_at=None, cancelled_at=None)
    base = published.filter(is_open) if wanted.state == OPEN else published.exclude(is_open)
    spot = spot_of(wanted.near) if wanted.near else None
    if wanted.near:
        here = Listing.objects.filter(
            close_to(spot) if spot else Q(place__iexact=wanted.near), pk=OuterRef("listing")
        )
        base = base.filter(Exists(here))
    codes = set(base.exclude(activity="").order_by().values_list("activity", flat=True).distinct())
    if wanted.activity:
        base = base.filter(activity__in=alike(wanted.activity))
    order = ("closes_at", "pk") if wanted.state == OPEN else ("-closes_at", "-pk")
    return Found(
        base.select_related("issuer", "delivery__project__process").defer("terms").order_by(*order),
        [(code, str(name)) for code, name in different_activities() if codes & set(alike(code))],
        spot,
    )


def whole() -> QuerySet[Call]:
    """Calls as one page of them needs them."""
    return Call.objects.select_related(
        "issuer__kind",
        "delivery__project__process",
        "delivery__responsible",
        "listing__institution",
    )


@dataclass(frozen=True)
class Example:
    """The preference with numbers: a price of `price` counts as `evaluated`; nothing else changes."""

    price: int
    evaluated: int


def example_of(call: Call) -> Example | None:
    """What the discount makes of a price of nine tenths of the largest lot."""
    if call.preference != Preference.DISCOUNT:
        return None
    largest = max((lot.budget for lot in call.lots.all()), default=0)
    price = largest * 9 // 10
    return Example(price, round(Fraction(price * (10_000 - call.preference_size), 10_000)))


def undecided_lots(call: Call) -> QuerySet[Lot]:
    """Lots that are neither awarded nor said to go to nobody."""
    awarded = Award.objects.filter(annulment=None, offer__lot=OuterRef("pk"))
    return call.lots.filter(~Exists(awarded), no_award=None)


def drafts_of(person: Person) -> QuerySet[Call]:
    """Drafts of calls that a person prepares for an institution they look after."""
    own = person.memberships.stewards().values("institution")
    return Call.objects.filter(issuer__in=own, published_at=None, url="").select_related("issuer")


def could_bid(call: Call, person: Person) -> list[Institution]:
    """The institutions for which a person could prepare a bid."""
    own = person.memberships.speakers().values("institution")
    found = Institution.objects.filter(pk__in=own, left_at=None).exclude(pk=call.issuer_id)
    return list(found.select_related("kind").order_by("slug"))


def why_calls_bind(institution: Institution) -> str | None:
    """Why it cannot leave yet: its call is open or being compared, or it has bid in one that is."""
    going_on = Q(published_at__isnull=False, cancelled_at=None, ranked_at=None, url="")
    own = Call.objects.filter(going_on, issuer=institution)
    its = Q(bids__lead=institution) | Q(bids__partners__institution=institution)
    sealed = Q(bids__sealed_at__isnull=False, bids__withdrawn_at=None)
    for call in own[:1]:
        return _("Its call “%(title)s” is not decided yet.") % {"title": call}
    for call in Call.objects.filter(going_on, its & sealed)[:1]:
        return _("It has bid in the call “%(title)s”, which is not decided yet.") % {"title": call}
    return None


def awards_of(call: Call) -> list[Award]:
    """What of it was awarded, and stands; lot by lot."""
    found = Award.objects.filter(offer__lot__call=call, annulment=None)
    return list(found.select_related("offer__bid__lead").order_by("offer__lot__position"))


def unawarded_of(call: Call) -> list[NoAward]:
    """What of it nobody gets, and why."""
    return list(NoAward.objects.filter(lot__call=call).select_related("lot"))


def bidders_of(call: Call) -> list[Bid]:
    """Opened bids with what they offer, by name; for everybody."""
    opened = call.bids.filter(sealed_at__isnull=False, withdrawn_at=None)
    found = opened.select_related("lead__kind").prefetch_related(
        "partners__institution", "offers__lot"
    )
    return list(found.defer("draft", "sealed", "content").order_by("lead__slug"))
