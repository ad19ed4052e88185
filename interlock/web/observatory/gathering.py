"""What the site's own records say of who is tied to whom, needs what, and was awarded what.

Only the worker imports this: what it gives are values of the library, which loads numpy. All of it is
public on the site already. An institution is of participatory budgeting where that is its kind, where
it runs a public process here, or is responsible for what residents chose; of the co-operative world
where it is a worker co-op or a federation; or of both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from interlock.methods.formats.network_json import Records
from interlock.methods.network import collaboration, exchange, graph
from interlock.methods.places.metros import metros
from interlock.web.budgets.queries import listed
from interlock.web.delivery.models import Award, AwardKind, Bid, Delivery
from interlock.web.delivery.queries.sums import days_late
from interlock.web.institutions.models import Institution, Kind
from interlock.web.needs.models import Listing
from interlock.web.observatory.queries import parts_of
from interlock.web.ties.models import Tie
from interlock.web.ties.queries import current

COOPERATIVE = {Kind.WORKER_COOP, Kind.FEDERATION}
FEW = 500


def register(at: datetime, place: str = "") -> Records:
    """The register on a day, or the part of it in one place, and who of it delivers for whom.

    One that is made up makes up the whole: no number could be told apart by whom it is from. Where most
    are real, though, those made up are left out, so that nobody spoils what is measured by inventing one.
    """
    here = Institution.objects.filter(left_at=None)
    if metro := metros().get(place):
        here = here.filter(county__in=metro.counties)
    rows = here.only("slug", "kind", "country", "region", "county", "tags", "is_synthetic")
    parts = {one.pk: parts_of(one.country, one.region, one.county) for one in rows}
    institutions = {one.pk: one for one in rows if not place or place in parts[one.pk]}
    invented = sum(one.is_synthetic for one in institutions.values())
    if 2 * invented < len(institutions):
        institutions = {pk: one for pk, one in institutions.items() if not one.is_synthetic}
    by_slug = {one.slug: one for one in institutions.values()}
    budgeting = _budgeting()
    needs, offers = _listings(at, institutions)
    needed, offered = _terms(needs), _terms(offers)
    _currency, awards = awarded(by_slug)
    made = graph.network(
        (
            graph.Institution(
                one.slug,
                side_of(one, pk in budgeting),
                next(iter(parts[pk]), ""),
                frozenset(offered.get(one.slug, ())),
                frozenset(needed.get(one.slug, ())),
                frozenset(str(tag).casefold() for tag in one.tags),
            )
            for pk, one in institutions.items()
        ),
        _ties(institutions),
    )
    day = timezone.localdate(at)
    return Records(
        made.at(day),
        day,
        tuple(needs),
        tuple(offers),
        tuple(awards),
        is_synthetic=any(one.is_synthetic for one in institutions.values()),
    )


def _terms(listings: Iterable[exchange.Listing]) -> Mapping[str, set[str]]:
    """What each institution has listed."""
    found = dict[str, set[str]]()
    for one in listings:
        found.setdefault(one.institution, set()).add(one.term)
    return found


def side_of(one: Institution, budgets: bool) -> graph.Kind:
    """Which of the two worlds an institution is of."""
    budgets = budgets or one.kind_id == Kind.PB_AUTHORITY
    if one.kind_id in COOPERATIVE:
        return graph.Kind.BOTH if budgets else graph.Kind.COOP
    return graph.Kind.PB if budgets else graph.Kind.OTHER


def _budgeting() -> set[int]:
    """Who runs a process that everybody may see, or is responsible for what came of one."""
    responsible = Delivery.objects.filter(project__process__is_internal=False)
    return {
        *listed().values_list("institution", flat=True),
        *responsible.values_list("responsible", flat=True),
    }


def _ties(institutions: dict[int, Institution]) -> list[graph.Tie]:
    """Those that stand; a word that the other side disputes is none."""
    found = (
        current().filter(Q(disputed_at=None) | ~Q(witness="")).select_related(None).order_by("pk")
    )
    if len(institutions) <= FEW:  # of a small place the database reads only its ties
        found = found.filter(subject__in=list(institutions))
    return [
        graph.Tie(
            institutions[one.subject_id].slug,
            institutions[one.object_id].slug,
            one.predicate,
            one.since,
            one.until,
            _evidence(one),
        )
        for one in found
        if one.subject_id in institutions and one.object_id in institutions
    ]


def _evidence(one: Tie) -> graph.Evidence:
    return graph.Evidence.WITNESSED if one.witness else graph.Evidence.REPORTED


def _listings(
    at: datetime, institutions: dict[int, Institution]
) -> tuple[list[exchange.Listing], list[exchange.Listing]]:
    """Needs and offers that are open, a row a tag."""
    sides: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    rows = Listing.objects.open(at).only("institution", "exchange_type", "tags")
    for one in rows:
        if institution := institutions.get(one.institution_id):
            sides[one.is_need] |= {(institution.slug, str(tag).casefold()) for tag in one.tags}
    needs, offers = (
        [exchange.Listing(*row) for row in sorted(sides[side])] for side in (True, False)
    )
    return needs, offers


def awarded(
    by_slug: dict[str, Institution] | None = None,
) -> tuple[str, list[collaboration.Award]]:
    """What was awarded of what residents chose, in the currency of most awards; of some institutions.

    A joint award is its lead's. What a body does itself is no award to anybody.
    """
    rows = (
        Award.objects.filter(annulment=None, delivery__project__process__is_internal=False)
        .exclude(kind=AwardKind.OWN)
        .select_related("delivery__project__process", "delivery__responsible", "offer__lot__call")
        .prefetch_related(
            "suppliers__institution",
            Prefetch(
                "offer__lot__call__bids",
                Bid.objects.filter(content__isnull=False, withdrawn_at=None).select_related("lead"),
            ),
        )
    )
    late = days_late()
    found = [
        award
        for one in rows
        if (award := _award(one, late)) and (by_slug is None or _all_in(award, by_slug))
    ]
    currencies = Counter(one.currency for one in found)
    currency = min(currencies, key=lambda one: (-currencies[one], one), default="")
    return currency, [one for one in found if one.currency == currency]


def parties(awards: Sequence[collaboration.Award]) -> list[graph.Institution]:
    """Who buys, delivers or bids in these, those who left among them."""
    slugs = {slug for one in awards for slug in (one.buyer, one.deliverer, *one.bidders)}
    budgeting = _budgeting()
    return [
        graph.Institution(one.slug, side_of(one, one.pk in budgeting))
        for one in Institution.objects.filter(slug__in=slugs).only("slug", "kind")
    ]


def _award(one: Award, late: Mapping[int, int]) -> collaboration.Award | None:
    lead = next((each.institution for each in one.suppliers.all()), None)
    if lead is None:
        return None
    call = one.offer.lot.call if one.offer else None
    bidders: Iterable[str] = (bid.lead.slug for bid in call.bids.all()) if call else ()
    return collaboration.Award(
        one.delivery.responsible.slug,
        lead.slug,
        timezone.localdate(one.awarded_at),
        one.value,
        one.delivery.project.process.currency,
        call.activity if call else "",
        frozenset(bidders),
        {"days-late": late[one.delivery_id]} if one.delivery_id in late else {},
    )


def _all_in(award: collaboration.Award, by_slug: dict[str, Institution]) -> bool:
    return {award.buyer, award.deliverer, *award.bidders} <= by_slug.keys()
