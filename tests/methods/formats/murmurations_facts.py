"""What Murmurations' two published schemas require, stated again, and asked of a profile.

Read in the repository of the Murmurations library (schemas/organizations_schema-v1.0.0.json,
schemas/offers_wants_schema-v0.1.0.json and their fields) and in the schema as the index serves it.
Written apart from `formats.murmurations`, so that a mistake in one is no mistake in both.
"""

import re
from typing import Any

URL = {"text": True, "starts": r"https?://", "longest": 2000}
TEXT = {"text": True}
NUMBER = {"number": (float("-inf"), float("inf"))}
SCOPE = {"one of": ["local", "regional", "national", "international"]}
PLACE = {
    "fields": {"lat": {"number": (-90, 90)}, "lon": {"number": (-180, 180)}},
    "needs": "lat lon",
}
NAMES = {"list of": {"text": True, "is": r"[a-z][a-z0-9_]{7,97}-v[0-9]+\.[0-9]+\.[0-9]+"}}
CONTACT = {"fields": {"email": TEXT, "contact_form": {"text": True, "starts": r"https?://"}}}

FACTS: dict[str, dict[str, Any]] = {
    "organizations_schema-v1.0.0": {
        "needs": "linked_schemas name",
        "fields": {
            "linked_schemas": {**NAMES, "least": 1, "unique": True},
            "name": {"text": True, "longest": 200},
            "nickname": TEXT,
            "primary_url": URL,
            "tags": {
                "list of": {"text": True, "longest": 100},
                "least": 1,
                "most": 100,
                "unique": True,
            },
            "urls": {
                "list of": {"fields": {"name": TEXT, "url": URL}, "needs": "url"},
                "unique": True,
            },
            "description": TEXT,
            "mission": TEXT,
            "status": {"one of": ["active", "completed", "cancelled", "on_hold", "in_planning"]},
            "full_address": TEXT,
            "country_iso_3166": {"text": True, "is": "[A-Z]{2}"},
            "geolocation": PLACE,
            "image": URL,
            "relationships": {
                "list of": {
                    "fields": {"predicate_url": URL, "object_url": URL},
                    "needs": "predicate_url object_url",
                },
                "unique": True,
            },
            "starts_at": NUMBER,
            "ends_at": NUMBER,
            "contact_details": CONTACT,
            "telephone": TEXT,
            "geographic_scope": SCOPE,
            "unique_id": TEXT,
        },
    },
    "offers_wants_schema-v0.1.0": {
        "needs": "linked_schemas exchange_type transaction_type tags title description "
        "geographic_scope contact_details",
        "fields": {
            "linked_schemas": {**NAMES, "least": 1, "unique": True},
            "exchange_type": {"one of": ["offer", "want"]},
            "item_type": {"one of": ["good", "service"]},
            "transaction_type": {
                "list of": {"one of": ["borrow-lend", "rent-lease", "buy-sell", "receive-donate"]}
            },
            "tags": {"list of": TEXT, "unique": True},
            "title": TEXT,
            "description": TEXT,
            "image": {"text": True, "starts": r"https?://"},
            "details_url": {"text": True, "starts": r"https?://"},
            "geolocation": PLACE,
            "geographic_scope": SCOPE,
            "contact_details": CONTACT,
            "expires_at": NUMBER,
        },
    },
}


def wrong(value: Any, fact: dict[str, Any], path: str = "") -> list[str]:
    """The paths at which a value is not what a fact says; every field must be a known one."""
    if "one of" in fact:
        return [] if value in fact["one of"] else [path]
    if "number" in fact:
        least, most = fact["number"]
        sound = isinstance(value, int | float) and not isinstance(value, bool)
        return [] if sound and least <= value <= most else [path]
    if "list of" in fact:
        if not isinstance(value, list) or len(value) < fact.get("least", 0):
            return [path]
        twice = fact.get("unique") and any(one in value[:n] for n, one in enumerate(value))
        if twice or len(value) > fact.get("most", len(value)):
            return [path]
        found = (wrong(one, fact["list of"], f"{path}[{n}]") for n, one in enumerate(value))
        return [each for one in found for each in one]
    if "fields" in fact:
        if not isinstance(value, dict):
            return [path]
        missing = [f"{path}.{key}" for key in fact.get("needs", "").split() if key not in value]
        unknown = [f"{path}.{key}" for key in value if key not in fact["fields"]]
        known = (
            wrong(value[key], inner, f"{path}.{key}")
            for key, inner in fact["fields"].items()
            if key in value
        )
        return [*missing, *unknown, *(each for one in known for each in one)]
    sound = isinstance(value, str) and len(value) <= fact.get("longest", len(value))
    sound = sound and re.fullmatch(fact.get("is", "(?s:.*)"), value) is not None
    return [] if sound and re.match(fact.get("starts", ""), value) else [path]
