"""What bids say: the draft to those who bid, what was opened to those who compare."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from interlock.web.delivery import sealing
from interlock.web.delivery.models import Attachment, Bid, Call
from interlock.web.people.models import Person

EMPTY: dict[str, Any] = {
    "prices": {},
    "plan": "",
    "team": "",
    "subcontractors": "",
    "has_conflict": None,
    "conflict": "",
    "attachments": [],
}


def draft_of(bid: Bid) -> dict[str, Any]:
    """What a draft says so far; `prices` are minor units by the position of their lot."""
    if bid.draft is None:
        return dict(EMPTY)
    return {**EMPTY, **json.loads(sealing.opened_by_site(bytes(bid.draft), sealing.DRAFTS))}


def draft_file(bid: Bid, ref: UUID) -> bytes | None:
    """A file of a draft, as it was attached."""
    one = bid.attachments.filter(ref=ref, draft__isnull=False).first()
    return sealing.opened_by_site(bytes(one.draft or b""), sealing.DRAFTS) if one else None


def opened_file(bid: Bid, ref: UUID) -> bytes | None:
    one = Attachment.objects.filter(bid=bid, ref=ref, content__isnull=False).first()
    return bytes(one.content or b"") if one else None


def sealed_of(call: Call) -> QuerySet[Bid]:
    """The bids that were in time, as little as may be known of them before they are opened."""
    return call.bids.filter(sealed_at__isnull=False, withdrawn_at=None)


def of_person(call: Call, person: Person) -> QuerySet[Bid]:
    """The bids that a person prepares for a call, or as a partner's."""
    own = person.memberships.speakers().values("institution")
    led = call.bids.filter(lead__in=own)
    joined = call.bids.filter(partners__institution__in=own)
    return (led | joined).distinct().select_related("lead__kind", "call").defer("sealed")
