"""Reading needs and offers by machine: what is open, and what could meet one of them."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from interlock.web.needs import exporting, queries
from interlock.web.needs.models import Contact, Listing
from interlock.web.record.wording import words

router = Router(tags=["needs"])
MOST = 100


class ListingOut(Schema):
    id: int
    url: str
    exchange_type: str
    item_type: str
    transaction_types: list[str]
    title: dict[str, str] | str
    text: dict[str, str] | str
    tags: list[str]
    activity: str
    geographic_scope: str
    of_process: bool
    institution: str
    synthetic: bool
    place: str
    region: str
    country: str
    latitude: float | None
    longitude: float | None
    email: str
    posted_at: datetime
    expires_at: datetime


class MatchOut(Schema):
    listing: ListingOut
    reasons: list[dict[str, Any]]
    sentences: list[str]


def _out(listing: Listing) -> dict[str, object]:
    published = listing.contact == Contact.PUBLISHED
    plain = (
        "exchange_type", "item_type", "transaction_types", "tags", "activity", "geographic_scope",
        "of_process", "place", "region", "country", "latitude", "longitude", "posted_at",
        "expires_at",
    )  # fmt: skip
    return {
        "id": listing.pk,
        "url": exporting.address(listing),
        "title": words(listing.title),
        "text": words(listing.text),
        "institution": listing.institution.slug,
        "synthetic": listing.institution.is_synthetic,
        "email": listing.institution.email if published else "",
        **{name: getattr(listing, name) for name in plain},
    }


@router.get("/listings", response=list[ListingOut], summary="Open needs and offers, newest first")
def listings(
    request: HttpRequest,
    q: str = "",
    exchange: str = "",
    item: str = "",
    scope: str = "",
    process: str = "",
    tag: str = "",
    near: str = "",
    by: str = "",
    offset: int = 0,
) -> list[dict[str, object]]:
    """At most a hundred from `offset` on. All else narrows as the page's own address does."""
    wanted = queries.wanted(request.GET.dict())
    start = min(max(offset, 0), 10**6)
    found = queries.search(wanted, timezone.now()).listings[start : start + MOST]
    return [_out(one) for one in found]


@router.get("/listings/{number}", response=ListingOut, summary="One open need or offer")
def listing(request: HttpRequest, number: int) -> dict[str, object]:
    return _out(_found(number))


@router.get(
    "/listings/{number}/matches",
    response=list[MatchOut],
    summary="What could meet it, the best first, with the reasons",
)
def matches(request: HttpRequest, number: int) -> list[dict[str, object]]:
    """Reasons are data; `sentences` tell them in the language that was asked for."""
    found = queries.matches_of(_found(number), timezone.now())
    return [
        {
            "listing": _out(one.listing),
            "reasons": [reason.to_json() for reason in one.match.reasons],
            "sentences": one.sentences,
        }
        for one in found
    ]


def _found(number: int) -> Listing:
    open_ones = Listing.objects.open(timezone.now()).select_related("institution")
    return get_object_or_404(open_ones, pk=number)
