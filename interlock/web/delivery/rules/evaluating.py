"""Who compares bids, and when."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet, Value, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.delivery.models import (
    MOST_POINTS,
    Bid,
    Call,
    Lot,
    NoAward,
    Offer,
    Panelist,
    Partner,
)
from interlock.web.delivery.rules.stories import belonging, why_both_sides
from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person

MOST_PANELISTS = 15


def why_not_name(call: Call, person: Person) -> str | Promise | None:
    if call.is_elsewhere or call.cancelled_at or call.published_at is None:
        return gettext_lazy("A panel is named for an open call of this site.")
    if call.ranked_at:
        return gettext_lazy("The bids are compared already.")
    if call.opened_at and not _lacks_somebody(call):
        return gettext_lazy(
            "The bids are opened: who compares is known before what they compare. Somebody may join "
            "only where nobody is left to score a bid."
        )
    if call.panel.filter(person=person).exists():
        return gettext_lazy("This person is on the panel already.")
    if call.panel.count() >= MOST_PANELISTS:
        return _("At most %(most)s people.") % {"most": MOST_PANELISTS}
    return None


def _lacks_somebody(call: Call) -> bool:
    """Whether all of the panel are gone, or may not score one offer."""
    seats = list(call.panel.prefetch_related("recusals"))
    apart = {(seat.pk, lot.pk) for seat, lot in undeclared(call, call.lots.all())}
    offers = Offer.objects.filter(lot__call=call, excluded_at=None).select_related("bid")
    return any(
        all((seat.pk, one.lot_id) in apart or is_recused(seat, one) for seat in seats)
        for one in offers.defer("bid__draft", "bid__sealed", "bid__content").prefetch_related(
            "bid__partners"
        )
    )


def why_not_drop(panelist: Panelist) -> str | Promise | None:
    if panelist.call.cancelled_at or panelist.call.published_at is None:
        return gettext_lazy("A panel is named for an open call of this site.")
    if panelist.call.ranked_at:
        return gettext_lazy("The bids are compared already.")
    if panelist.scores.exists():
        return gettext_lazy("This person has scored already. What they said stays.")
    return None


def why_not_sit(call: Call, person: Person | AnonymousUser) -> str | Promise | None:
    """Why somebody does not compare the bids of this call."""
    if not isinstance(person, Person) or not call.panel.filter(person=person).exists():
        return gettext_lazy("Only the panel of this call compares its bids.")
    return None


def why_not_declare(panelist: Panelist) -> str | Promise | None:
    if panelist.call.opened_at is None:
        return gettext_lazy("The bids are still sealed, so nobody knows whose they are.")
    if panelist.call.ranked_at:
        return gettext_lazy("The bids are compared already.")
    return None


def why_not_conflicts(
    panelist: Panelist, conflicts: Mapping[Institution, str]
) -> str | Promise | None:
    """A bidder in which a panelist has a role on this site is one they have a conflict with."""
    if reason := why_has_a_part(panelist, conflicts):
        return reason
    if not all(reason.strip() for reason in conflicts.values()):
        return gettext_lazy("Say in a few words what the conflict is.")
    return None


def why_has_a_part(panelist: Panelist, said: Iterable[Institution] = ()) -> str | None:
    """A role in a bidder that is no conflict they named: one can come after what they declared.

    They alone are asked, so a role counts that they have not said yes to.
    """
    own = _parts(panelist.call, [panelist], and_offered=True)[panelist.pk]
    named = {one.pk for one in said}
    for bid in _opened(panelist.call):
        bidders = _bidders(bid)
        parts = [one for pk, one in own.items() if pk in bidders]
        if parts and not is_recused_from(panelist, bid) and not named & bidders:
            told = _("You have a role in %(name)s on this site, so say that as a conflict.")
            return told % {"name": parts[0]}
    return None


class Undeclared(NamedTuple):
    """Somebody of the panel has a part in a bidder of this lot, and did not say so."""

    panelist: Panelist
    lot: Lot


def undeclared(call: Call, lots: QuerySet[Lot]) -> list[Undeclared]:
    """Who of the panel has a part in a bidder of which of these lots and has not declared it.

    It is looked for anew whenever something follows from it: somebody may join a bidder when they
    have scored. What is set aside already is left out. Only roles count that they said yes to, for
    others learn of it, and no bidder could get rid of a panelist by giving them one. Nor could it by
    naming whom they work for: who is to work for a bidder stands in its bid in words, and panelists
    are asked to declare what they read there.
    """
    prefetch_related_objects([call], "panel__person", "panel__recusals", "panel__conflicts")
    seats = [seat for seat in call.panel.all() if seat.declared_at]
    parts = _parts(call, seats)
    if not any(parts.values()):
        return []
    wanted = {lot.pk: lot for lot in lots}
    stand: dict[object, set[int]] = {}
    offers = Offer.objects.filter(lot__in=wanted, excluded_at=None)
    for bid, lot in offers.values_list("bid", "lot"):
        stand.setdefault(bid, set()).add(lot)
    bids = _opened(call)
    found = []
    for seat in seats:
        touched = {
            lot
            for bid in bids
            if not is_recused_from(seat, bid) and not _bidders(bid).isdisjoint(parts[seat.pk])
            for lot in stand.get(bid.pk, ())
        }
        touched -= {one.lot_id for one in seat.conflicts.all() if one.set_aside_at}
        found += [Undeclared(seat, lot) for lot in wanted.values() if lot.pk in touched]
    return found


def _parts(
    call: Call, seats: Sequence[Panelist], *, and_offered: bool = False
) -> dict[int, dict[int, Institution]]:
    """In which institutions each of them has a part, by their seats: a role now or at any time since
    the call was published, or the inside of a co-op; with `and_offered` roles they were given, too.
    """
    known = Q(accepted_at__isnull=False)
    known &= Q(until=None) | Q(until__gte=call.published_at)
    if and_offered:
        known |= Q(until=None)
    found = []
    for seat in seats:
        own = Institution.objects.filter(belonging(seat.person, known))
        among = own.order_by().only("slug", "name")
        found.append(among.annotate(seat=Value(seat.pk)))
    parts: dict[int, dict[int, Institution]] = {seat.pk: {} for seat in seats}
    for one in found[0].union(*found[1:], all=True) if found else ():
        parts[one.seat][one.pk] = one
    return parts


def _opened(call: Call) -> QuerySet[Bid]:
    bids = Bid.objects.filter(call=call, content__isnull=False).select_related("lead")
    return bids.defer("draft", "sealed", "content").prefetch_related("partners")


def _bidders(bid: Bid) -> set[int]:
    return {bid.lead_id, *(one.institution_id for one in bid.partners.all())}


def why_not_score(panelist: Panelist, offer: Offer) -> str | Promise | None:
    if panelist.call.ranked_at:
        return gettext_lazy("The bids are compared already. Scores stay as they are.")
    if panelist.declared_at is None:
        return gettext_lazy("First declare whether you have a conflict of interest.")
    if offer.excluded_at:
        return gettext_lazy("This offer is excluded, so it is not scored.")
    if is_recused(panelist, offer):
        return gettext_lazy("You are recused from this bid.")
    return why_has_a_part(panelist)


def why_not_read(bid: Bid, person: Person | AnonymousUser) -> str | Promise | None:
    """The panel reads opened bids, each but those that its member is recused from."""
    if reason := why_not_sit(bid.call, person):
        return reason
    assert isinstance(person, Person)
    seat = bid.call.panel.get(person=person)
    if seat.declared_at is None:
        return gettext_lazy("First declare whether you have a conflict of interest.")
    if is_recused_from(seat, bid):
        return gettext_lazy("You are recused from this bid.")
    return why_has_a_part(seat)


def why_not_points(points: int, sentence: str) -> str | Promise | None:
    if not 0 <= points <= MOST_POINTS:
        return _("Points are from 0 to %(most)s.") % {"most": MOST_POINTS}
    if not sentence.strip():
        return gettext_lazy("Say why, in a sentence: bidders and neighbors read it.")
    return None


def is_recused(panelist: Panelist, offer: Offer) -> bool:
    return is_recused_from(panelist, offer.bid)


def is_recused_from(panelist: Panelist, bid: Bid) -> bool:
    """A conflict with one of those who bid together is one with their bid."""
    bidders = _bidders(bid)
    return any(one.institution_id in bidders for one in panelist.recusals.all())


def why_bidding(call: Call, person: Person | AnonymousUser) -> str | Promise | None:
    """Who speaks for a bidder decides nothing of what becomes of the others, not even as an officer:
    who compares them, which is left out, who gets it, or that nobody does.
    """
    bids = call.bids.filter(sealed_at__isnull=False, withdrawn_at=None)
    # Whom a bidder asked since has no part in what is sealed.
    partners = Partner.objects.filter(bid__in=bids, asked_at__lte=F("bid__sealed_at"))
    bidders = Institution.objects.filter(
        Q(pk__in=bids.values("lead")) | Q(pk__in=partners.values("institution"))
    )
    if call.opened_at is None and isinstance(person, Person):
        # Members do not learn by a refusal that theirs has bid; who speaks for it knows.
        bidders = bidders.filter(pk__in=person.memberships.speakers().values("institution"))
    return why_both_sides(call.delivery, bidders, person) if call.delivery else None


def why_not_exclude(offer: Offer) -> str | Promise | None:
    if offer.lot.call.ranked_at:
        return gettext_lazy("The bids are compared already.")
    if offer.excluded_at:
        return gettext_lazy("It is excluded already.")
    return None


def why_not_rank(call: Call, is_conflicted: bool) -> str | Promise | None:
    """Why it cannot be ranked, but for scores that are missing: the sheet tells those.

    It is ranked again only where somebody of the panel turned out to have a part in a bidder.
    """
    if call.cancelled_at:
        return gettext_lazy("This call was cancelled.")
    if call.opened_at is None:
        return gettext_lazy("The bids are still sealed.")
    if call.ranked_at and not is_conflicted:
        return gettext_lazy("The bids are compared already.")
    return None


def why_not_no_award(lot: Lot) -> str | Promise | None:
    call = lot.call
    if call.cancelled_at or call.opened_at is None:
        return gettext_lazy("First the bids are opened.")
    if NoAward.objects.filter(lot=lot).exists():
        return gettext_lazy("This is decided already.")
    if lot.offers.filter(awards__isnull=False, awards__annulment=None).exists():
        return gettext_lazy("This lot is awarded. Annul the award first, with its reason.")
    return None
