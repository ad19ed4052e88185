"""Needs and offers for other programs: Murmurations profiles."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import StreamingHttpResponse
from django.urls import reverse

from interlock.methods.formats import murmurations
from interlock.web.institutions.records import one_language
from interlock.web.needs.models import Contact, Listing

CHUNK = 500


def profile(listing: Listing) -> dict[str, Any]:
    """A listing as a Murmurations profile, which keeps to the schema."""
    published = listing.contact == Contact.PUBLISHED and listing.institution.email
    return murmurations.offer_profile(
        murmurations.Offer(
            exchange_type=listing.exchange_type,
            item_type=listing.item_type,
            title=one_language(listing.title),
            description=one_language(listing.text)[: murmurations.LONGEST_TEXT]
            or one_language(listing.title),
            transaction_types=tuple(listing.transaction_types),
            tags=tuple(listing.tags),
            geographic_scope=listing.geographic_scope,
            details_url=address(listing),
            latitude=listing.latitude,
            longitude=listing.longitude,
            email=listing.institution.email if published else "",
            contact_form=f"{settings.INTERLOCK_ORIGIN}{reverse('needs:ask', args=[listing.pk])}",
            expires_at=listing.expires_at.timestamp(),
            is_synthetic=listing.institution.is_synthetic,
        )
    )


def profiles(at: datetime) -> Iterator[str]:
    """The addresses of all profiles."""
    for pk in Listing.objects.open(at).order_by("pk").values_list("pk", flat=True).iterator(CHUNK):
        yield settings.INTERLOCK_ORIGIN + reverse("needs:profile", args=[pk])


def address(listing: Listing) -> str:
    """Where its page is, for readers elsewhere."""
    return f"{settings.INTERLOCK_ORIGIN}{listing.get_absolute_url()}"


def streamed(addresses: Iterable[str]) -> StreamingHttpResponse:
    """A list of addresses as JSON, written as it is read."""

    def text() -> Iterator[str]:
        yield '{"profiles": ['
        before = "\n"
        for url in addresses:
            yield before + json.dumps(url)
            before = ",\n"
        yield "\n]}\n"

    return StreamingHttpResponse(text(), content_type="application/json")
