"""An institution as JSON-LD in the words of schema.org, for the page it has.

The properties are those of https://schema.org/Organization. schema.org has no word for a worker
co-op, so that the kind is told as `keywords`, not by a type that means something else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from interlock.methods.formats.register.record import NOWHERE, Address, Headcount, Identifier

CONTEXT = "https://schema.org"


@dataclass(frozen=True)
class Organization:
    """What a page says of an institution: `url` is the page, `website` the institution's own.

    `disambiguation` tells it from what it may be taken for: that it is made up, say.
    """

    url: str
    name: str
    other_names: Sequence[str] = ()
    description: str = ""
    identifiers: Sequence[Identifier] = ()
    address: Address = NOWHERE
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    links: Sequence[str] = ()
    email: str = ""
    phone: str = ""
    image: str = ""
    founded: str = ""
    closed: str = ""
    workers: Headcount | None = None
    keywords: Sequence[str] = ()
    member_of: Sequence[str] = ()
    disambiguation: str = ""


def organization(one: Organization) -> dict[str, Any]:
    """What schema.org calls an Organization; nothing that is unknown is told.

    >>> organization(Organization("https://x.example/tree", "Tree", founded="2003"))
    ... # doctest: +NORMALIZE_WHITESPACE
    {'@context': 'https://schema.org', '@type': 'Organization', '@id': 'https://x.example/tree',
     'url': 'https://x.example/tree', 'name': 'Tree', 'foundingDate': '2003'}
    """
    said = {
        "@context": CONTEXT,
        "@type": "Organization",
        "@id": one.url,
        "url": one.url,
        "name": one.name,
        "alternateName": list(one.other_names),
        "description": one.description,
        "disambiguatingDescription": one.disambiguation,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": number.scheme, "value": number.id}
            for number in one.identifiers
        ],
        "address": _address(one.address),
        "location": _location(one),
        "sameAs": _same_as(one),
        "email": one.email,
        "telephone": one.phone,
        "image": one.image,
        "foundingDate": one.founded,
        "dissolutionDate": one.closed,
        "numberOfEmployees": _workers(one.workers),
        "keywords": list(one.keywords),
        "memberOf": [{"@type": "Organization", "@id": url} for url in one.member_of],
    }
    return {key: value for key, value in said.items() if value}


def script(data: object) -> str:
    r"""JSON for a script element: nothing in it ends the element, or begins a comment.

    >>> script({"name": "</script><!--"})
    '{"name": "\\u003c/script\\u003e\\u003c!--"}'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _address(place: Address) -> dict[str, str]:
    said = {
        "streetAddress": place.street,
        "addressLocality": place.locality,
        "addressRegion": place.region,
        "postalCode": place.postcode,
        "addressCountry": place.country,
    }
    found = {key: value for key, value in said.items() if value}
    return {"@type": "PostalAddress", **found} if found else {}


def _same_as(one: Organization) -> str | list[str]:
    addresses = list(filter(None, (one.website, *one.links)))
    return addresses[0] if len(addresses) == 1 else addresses


def _location(one: Organization) -> dict[str, Any]:
    if one.latitude is None or one.longitude is None:
        return {}
    geo = {"@type": "GeoCoordinates", "latitude": one.latitude, "longitude": one.longitude}
    return {"@type": "Place", "geo": geo}


def _workers(count: Headcount | None) -> dict[str, Any]:
    return {"@type": "QuantitativeValue", "value": count.number} if count else {}
