"""Who may bid, who may sign, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.delivery.models import Bid, Call, Lot, Partner
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_look_after, why_not_speak_for
from interlock.web.look.amounts import money
from interlock.web.people.models import Person

MOST_FILES = 5
LARGEST_FILE = 5 * 2**20
MOST_PARTNERS = 8
#: So often a bid asks for a partner in all; each time is a mail to those who look after one.
MOST_ASKED = 20
LONGEST_TEXT = 20_000


def why_not_bid(
    call: Call, institution: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """Why this person does not prepare a bid of this institution."""
    if institution.left_at:
        return gettext_lazy("This institution has left the site.")
    if institution.pk == call.issuer_id:
        return gettext_lazy("Who calls for bids does not bid.")
    return why_not_take(call) or why_not_speak_for(institution, person)


def why_not_take(call: Call) -> str | Promise | None:
    """Why a call takes no bid, change or withdrawal. Its state decides, never the clock."""
    if call.is_elsewhere:
        return gettext_lazy("This call is held elsewhere: follow its link to bid.")
    if call.cancelled_at:
        return gettext_lazy("This call was cancelled. What was sealed stays unread.")
    if call.closed_at:
        return gettext_lazy(
            "The call is closed, so no bid is taken, changed or withdrawn any more."
        )
    if call.published_at is None:
        return gettext_lazy("This call is not published yet.")
    return None


def why_not_prepare(bid: Bid, person: Person | AnonymousUser) -> str | Promise | None:
    return why_not_take(bid.call) or why_not_speak_for(bid.lead, person)


def why_not_read_draft(bid: Bid, person: Person | AnonymousUser) -> str | Promise | None:
    """Those who bid read what they bid: the lead's people, and the partners'."""
    reason = why_not_speak_for(bid.lead, person)
    if reason is None:
        return None
    own = [one.institution for one in bid.partners.select_related("institution")]
    return None if any(not why_not_speak_for(one, person) for one in own) else reason


def why_not_seal(
    bid: Bid, content: Mapping[str, Any], person: Person | AnonymousUser
) -> str | Promise | None:
    """Why it is not sealed now. Signing binds the institution, so one of its stewards does it."""
    return (
        why_not_take(bid.call)
        or why_not_sign(bid.lead, person)
        or why_not_complete(bid.call, content)
        or why_not_agreed(bid)
    )


def why_not_sign(institution: Institution, person: Person | AnonymousUser) -> str | None:
    if why_not_look_after(institution, person):
        return _("A bid binds %(name)s, so one of its stewards signs and withdraws it.") % {
            "name": institution
        }
    return None


@dataclass(frozen=True)
class Gap:
    """What keeps a bid from being sealed, and the step of its form that mends it."""

    step: str
    reason: str | Promise


def gaps(call: Call, content: Mapping[str, Any]) -> list[Gap]:
    """All that is missing or wrong in what a bid says, in the order of its steps."""
    prices = content.get("prices") or {}
    found = []
    if not prices:
        found.append(Gap("price", gettext_lazy("Say your price for at least one lot.")))
    for lot in call.lots.all():
        if reason := why_not_price(lot, prices.get(str(lot.position), 0), call.currency):
            found.append(Gap("price", f"{lot}: {reason}"))
    if not str(content.get("plan", "")).strip():
        found.append(Gap("plan", gettext_lazy("Say how you would do it.")))
    if content.get("has_conflict") is None:
        found.append(Gap("sign", gettext_lazy("Say whether you have a conflict of interest.")))
    elif content["has_conflict"] and not str(content.get("conflict", "")).strip():
        found.append(Gap("sign", gettext_lazy("Say what the conflict of interest is.")))
    return found


def why_not_price(lot: Lot, price: int, currency: str) -> str | None:
    if price > lot.budget:
        return _("More than the %(most)s of this lot; it would be excluded.") % {
            "most": money(lot.budget, currency)
        }
    return None


def why_not_complete(call: Call, content: Mapping[str, Any]) -> str | None:
    return " ".join(str(gap.reason) for gap in gaps(call, content)) or None


def why_not_agreed(bid: Bid) -> str | Promise | None:
    waiting = [
        str(one.institution)
        for one in bid.partners.select_related("institution")
        if one.agreed_at is None
    ]
    if waiting:
        return _("These partners have not agreed to the bid as it is now: %(names)s.") % {
            "names": ", ".join(waiting)
        }
    return None


def why_not_agree(partner: Partner, person: Person | AnonymousUser) -> str | Promise | None:
    """A joint bid binds each partner, so a steward of each says yes."""
    if reason := why_not_take(partner.bid.call):
        return reason
    if why_not_look_after(partner.institution, person):
        return _("A joint bid binds %(name)s, so one of its stewards agrees.") % {
            "name": partner.institution
        }
    return None


def why_not_partner(bid: Bid, institution: Institution) -> str | Promise | None:
    if institution.left_at:
        return gettext_lazy("This institution has left the site.")
    if institution.pk in (bid.lead_id, bid.call.issuer_id):
        return gettext_lazy("A partner is another one than the bidder, and than who calls.")
    if not institution.memberships.stewards().exists():
        return _("Nobody looks after the page of %(name)s, so nobody could agree.") % {
            "name": institution
        }
    if bid.partners.filter(institution=institution).exists():
        return gettext_lazy("It is a partner already.")
    if bid.partners.count() >= MOST_PARTNERS:
        return _("At most %(most)s partners.") % {"most": MOST_PARTNERS}
    if (bid.times_asked or 0) >= MOST_ASKED:
        return _("This bid has asked %(most)s times already. Go on with those who agreed.") % {
            "most": MOST_ASKED
        }
    return None


def why_not_file(data: bytes) -> str | Promise | None:
    """Why this is not kept: only a PDF that could be one, and not too large a one."""
    if len(data) > LARGEST_FILE:
        return _("The file is larger than %(most)s megabytes.") % {"most": LARGEST_FILE // 2**20}
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        return gettext_lazy("This is not a PDF. Save it as PDF, and attach that.")
    return None


def why_not_open(call: Call) -> str | Promise | None:
    """Why bids stay sealed. They are opened once, after the close."""
    if call.cancelled_at:
        return gettext_lazy("This call was cancelled. What was sealed stays unread.")
    if call.closed_at is None:
        return gettext_lazy("Bids stay sealed until the call is closed.")
    if call.opened_at:
        return gettext_lazy("The bids are opened already.")
    judged = call.criteria.filter(is_price=False).exists()
    there = call.bids.filter(sealed_at__isnull=False, withdrawn_at=None).exists()
    if judged and there and not call.panel.exists():
        return gettext_lazy("Name the panel first: who compares is known before what they compare.")
    return None
