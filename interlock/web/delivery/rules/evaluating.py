"""Who compares bids, and when."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
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
from interlock.web.delivery.rules.stories import why_both_sides
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
    """Whether all of the panel are gone, or recused from one bid."""
    seats = list(call.panel.prefetch_related("recusals"))
    bids = Bid.objects.filter(call=call, content__isnull=False).defer("draft", "sealed", "content")
    return any(
        all(is_recused_from(seat, bid) for seat in seats)
        for bid in bids.prefetch_related("partners")
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
    """A role in a bidder that is no conflict they named: one can come after what they declared."""
    bids = Bid.objects.filter(offers__lot__call=panelist.call_id)
    partners = Partner.objects.filter(bid__in=bids)
    named = [*panelist.recusals.values_list("institution", flat=True), *(one.pk for one in said)]
    own = panelist.person.memberships.filter(until=None).exclude(institution__in=named)
    among = own.filter(
        Q(institution__in=bids.values("lead")) | Q(institution__in=partners.values("institution"))
    )
    if found := among.select_related("institution").first():
        return _("You have a role in %(name)s on this site, so say that as a conflict.") % {
            "name": found.institution
        }
    return None


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
    return None


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
    bidders = {bid.lead_id, *(one.institution_id for one in bid.partners.all())}
    return any(one.institution_id in bidders for one in panelist.recusals.all())


def why_bidding(call: Call, person: Person | AnonymousUser) -> str | Promise | None:
    """Who speaks for a bidder decides nothing of what becomes of the others, not even as an officer:
    who compares them, which is left out, who gets it, or that nobody does.
    """
    bids = call.bids.filter(sealed_at__isnull=False, withdrawn_at=None)
    partners = Partner.objects.filter(bid__in=bids)
    bidders = Institution.objects.filter(
        Q(pk__in=bids.values("lead")) | Q(pk__in=partners.values("institution"))
    )
    return why_both_sides(call.delivery, bidders, person) if call.delivery else None


def why_not_exclude(offer: Offer) -> str | Promise | None:
    if offer.lot.call.ranked_at:
        return gettext_lazy("The bids are compared already.")
    if offer.excluded_at:
        return gettext_lazy("It is excluded already.")
    return None


def why_not_rank(call: Call) -> str | Promise | None:
    """Why it cannot be ranked, but for scores that are missing: the sheet tells those."""
    if call.cancelled_at:
        return gettext_lazy("This call was cancelled.")
    if call.opened_at is None:
        return gettext_lazy("The bids are still sealed.")
    if call.ranked_at:
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
