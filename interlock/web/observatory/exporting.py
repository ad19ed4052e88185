"""The register of policies for other programs: what everybody may read, and no person but by reference."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from interlock.web.institutions.records import one_language
from interlock.web.observatory import queries
from interlock.web.observatory.models import Coding, Policy

COLUMNS = (
    *("number", "address", "place", "institution", "country", "adopted_on", "title", "passage"),
    *("source", "state", "order", "direction", "text_version", "edition"),
    *("first_order", "first_direction", "second_order", "second_direction"),
    *("settled_order", "settled_direction", "entered_by", "withdrawn_because", "synthetic"),
)
CHUNK = 200


def _public(wanted: queries.Wanted) -> Iterator[Policy]:
    found = queries.search(queries.readable_by(AnonymousUser()), wanted)
    found = queries.with_codings(found.select_related("institution", "entered_by"))
    yield from found.iterator(CHUNK)


def policies(wanted: queries.Wanted) -> Iterator[dict[str, Any]]:
    for one in _public(wanted):
        yield policy(one)


def policy(one: Policy) -> dict[str, Any]:
    """An entry with its codings; empty until both of the blind ones are in."""
    return {
        "number": one.pk,
        "url": f"{settings.INTERLOCK_ORIGIN}{one.get_absolute_url()}",
        "place": _place(one),
        "institution": one.institution.slug if one.institution else "",
        "synthetic": one.is_synthetic,
        "country": one.country,
        "adopted_on": one.adopted_on,
        "title": one.title,
        "passage": one.passage,
        "source": one.source,
        "state": one.state,
        "order": one.order,
        "direction": one.direction,
        "version": one.version,
        "text_version": one.text_version,
        "entered_by": one.entered_by.reference if one.entered_by else "",
        "withdrawn_because": one.withdrawn_because,
        "codings": [
            {
                "blind": each.is_blind,
                "order": each.order,
                "direction": each.direction,
                "reason": each.reason,
                "edition": each.edition,
            }
            for each in queries.codings_shown(one)
        ],
    }


def rows(wanted: queries.Wanted) -> Iterator[list[Any]]:
    """The same in `COLUMNS`, without reasons."""
    for one in _public(wanted):
        told = policy(one)
        codings: list[Coding | None] = [*queries.codings_shown(one)]
        editions = sorted({each.edition for each in codings if each})
        codings += [None] * (3 - len(codings))
        codes = [
            part
            for each in codings
            for part in ((each.order, each.direction) if each else ("", ""))
        ]
        order = "" if one.order is None else one.order
        yield [
            *(told["number"], told["url"], told["place"], told["institution"], told["country"]),
            *(told["adopted_on"].isoformat(), told["title"], told["passage"], told["source"]),
            *(told["state"], order, told["direction"], told["text_version"]),
            *("+".join(map(str, editions)), *codes, told["entered_by"], told["withdrawn_because"]),
            "true" if told["synthetic"] else "",
        ]


def _place(one: Policy) -> str:
    return one_language(one.institution.name) if one.institution else one.area
