"""What may be awarded, complained of and annulled; an answer is a reason, or None when it may."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.delivery.models import (
    Agreement,
    Award,
    AwardKind,
    Bid,
    Complaint,
    Delivery,
    Lot,
    NoAward,
    Offer,
    Posting,
    PostingKind,
)
from interlock.web.delivery.rules.evaluating import undeclared, why_bidding
from interlock.web.delivery.rules.stories import why_both_sides, why_not_officer, why_over
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.look.amounts import money
from interlock.web.people.models import Person

MOST_STANDSTILL = 60


def why_not_award(offer: Offer, reasons: str) -> str | None:
    """Why an offer of a call cannot be awarded its lot."""
    call, lot = offer.lot.call, offer.lot
    assert call.delivery
    if reason := why_over(call.delivery):
        return reason
    if call.cancelled_at:
        return _("This call was cancelled.")
    if call.ranked_at is None:
        return _("The bids are not ranked yet.")
    if offer.excluded_at:
        return _("This offer is excluded.")
    if Award.objects.filter(annulment=None, offer__lot=lot).exists():
        return _("This lot is awarded already.")
    if Award.objects.filter(offer=offer).exists():
        return _("The award of this offer was annulled. Choose another, or award nobody.")
    if NoAward.objects.filter(lot=lot).exists():
        return _("It was decided that nobody gets this lot.")
    if offer.price > lot.budget:
        return _("The price is above what the call offers at most.")
    partners = offer.bid.partners.select_related("institution")
    if gone := [one for one in (offer.bid.lead, *(p.institution for p in partners)) if one.left_at]:
        return _("%(name)s has left the site.") % {"name": gone[0].name}
    if not reasons.strip():
        return _("An award has reasons: say them.")
    if found := undeclared(call, Lot.objects.filter(pk=lot.pk)):
        return _(
            "%(name)s compared these bids and has a part in one of the bidders that came to light "
            "since. Rank them again without what they scored, on the desk of the call."
        ) % {"name": found[0].panelist}
    return None


def most_without_call(delivery: Delivery) -> int | None:
    """Up to what amount the rulebook lets something be awarded without a call; None for no limit.

    Of a vote that was held elsewhere the rules are not known here: its officers answer for them.
    """
    process = delivery.project.process
    if process.imported_from:
        return None
    rulebook = getattr(process, "rulebook", None)
    return (rulebook.body.get("direct_up_to") or 0) if rulebook else 0


def why_not_without_call(delivery: Delivery, kind: AwardKind | str, more: int) -> str | None:
    """`more` is what an award, or a change order of one, adds: in parts it would be no less.

    The responsible body may always do the work itself.
    """
    most = None if kind == AwardKind.OWN else most_without_call(delivery)
    if most is None:
        return None
    if most == 0:
        return _("By the rulebook of this vote everything is awarded after a public call.")
    before = awarded_without_call(delivery)
    if before + more <= most:
        return None
    told = without_call_in_words(delivery)
    if not before:
        return told
    currency = delivery.project.process.currency
    already = _("%(before)s of this project already is.") % {"before": money(before, currency)}
    return f"{told} {already}"


def awarded_without_call(delivery: Delivery) -> int:
    """What of its cost is promised directly or as a grant, change orders and all."""
    kinds = (AwardKind.DIRECT, AwardKind.GRANT)
    posted = Posting.objects.filter(
        kind=PostingKind.AWARDED, delivery=delivery, award__kind__in=kinds
    )
    return posted.aggregate(sum=Sum("amount"))["sum"] or 0


def without_call_in_words(delivery: Delivery) -> str:
    """The same for whoever is about to award."""
    most = most_without_call(delivery)
    if most is None:
        return ""
    if most == 0:
        return _("By the rulebook of this vote only what you do yourselves needs no call.")
    told = {"most": money(most, delivery.project.process.currency)}
    return _("By the rulebook of this vote at most %(most)s is awarded without a call.") % told


def why_not_award_directly(
    delivery: Delivery, kind: AwardKind, suppliers: Sequence[Institution], reasons: str
) -> str | None:
    if reason := why_over(delivery):
        return reason
    if kind == AwardKind.CALL:
        return _("An award after a call is of one of its offers.")
    if not suppliers or len({one.pk for one in suppliers}) < len(suppliers):
        return _("Say to whom it is awarded, each once.")
    own = [one.pk for one in suppliers] == [delivery.responsible_id]
    if kind == AwardKind.OWN and not own:
        return _("What the responsible body does itself is awarded to nobody else.")
    if kind != AwardKind.OWN and any(one.pk == delivery.responsible_id for one in suppliers):
        return _(
            "The responsible body cannot be its own supplier: say that it does the work itself."
        )
    if gone := [one for one in suppliers if one.left_at]:
        return _("%(name)s has left the site.") % {"name": gone[0].name}
    return None if reasons.strip() else _("An award has reasons: say them.")


def why_not_complain(
    award: Award, institution: Institution, person: Person | AnonymousUser, at: datetime
) -> str | Promise | None:
    """Who bid may complain of an award after a call; of any other award, every institution may."""
    if reason := why_not_look_after(institution, person):
        return reason
    if hasattr(award, "annulment"):
        return _("This award was annulled.")
    if at >= award.standstill_until:
        return _("The time for complaints is over.")
    if Agreement.objects.filter(award=award, signed_at__isnull=False).exists():
        return _("The agreement is signed already.")
    if award.suppliers.filter(institution=institution).exists():
        return _("%(name)s has this award itself.") % {"name": institution.name}
    if award.offer and not has_bid(award.offer, institution):
        return _("Only those who bid for it can complain of this award.")
    if award.complaints.filter(by=institution).exists():
        return _("%(name)s has complained already.") % {"name": institution.name}
    return None


def has_bid(offer: Offer, institution: Institution) -> bool:
    sealed = Bid.objects.filter(
        call=offer.lot.call_id, sealed_at__isnull=False, withdrawn_at__isnull=True
    )
    return (
        sealed.filter(lead=institution).exists()
        or sealed.filter(
            partners__institution=institution, partners__agreed_at__isnull=False
        ).exists()
    )


def why_not_answer(complaint: Complaint, person: Person | AnonymousUser) -> str | Promise | None:
    award = complaint.award
    if reason := why_not_officer(award.delivery, person):
        return reason
    suppliers = [one.institution for one in award.suppliers.select_related("institution")]
    if reason := why_both_sides(award.delivery, [complaint.by, *suppliers], person):
        return reason
    return _("This complaint was answered already.") if complaint.answered_at else None


def why_party_to(award: Award, person: Person | AnonymousUser) -> str | Promise | None:
    """Who speaks for one that has the award, or that bid for it, takes it from nobody."""
    if award.offer and (reason := why_bidding(award.offer.lot.call, person)):
        return reason
    parties = [one.institution for one in award.suppliers.select_related("institution")]
    return why_both_sides(award.delivery, parties, person)


def why_not_annul(award: Award, reason: str) -> str | None:
    if why := why_over(award.delivery):
        return why
    if hasattr(award, "annulment"):
        return _("This award was annulled already.")
    if Agreement.objects.filter(award=award, signed_at__isnull=False).exists():
        return _("The agreement is signed. It can be changed, or ended.")
    return None if reason.strip() else _("Say why the award does not stand.")


def why_not_give_back(delivery: Delivery, amount: int, free: int) -> str | None:
    if reason := why_over(delivery):
        return reason
    if amount <= 0:
        return _("There is nothing to give back.")
    if amount > free:
        return _("Less than that is left: the rest is awarded, or reserved for an open call.")
    return None


def in_proportion(amount: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of an amount in proportion to weights, by largest remainder, then in order.

    >>> in_proportion(10, [1, 1, 1])
    [4, 3, 3]
    """
    whole = sum(weights)
    exact = [Fraction(amount * weight, whole) for weight in weights]
    parts = [int(one) for one in exact]
    rest = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in rest[: amount - sum(parts)]:
        parts[place] += 1
    return parts
