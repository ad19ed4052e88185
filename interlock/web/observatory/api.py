"""Reading the register of policies by machine: what its pages show to everybody."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from interlock.web.observatory import exporting, queries

A_PAGE = 100
FURTHEST = 10**6

router = Router(tags=["observatory"])


class CodingOut(Schema):
    blind: bool
    order: int
    direction: str
    reason: str
    edition: int


class PolicyOut(Schema):
    """`order` is Hall's (0: none of the three), null until both coders agree or a third settled it.

    `codings` is empty until both are in. `entered_by` is the reference that the record uses.
    """

    number: int
    url: str
    place: str
    institution: str
    synthetic: bool
    country: str
    adopted_on: date
    title: str
    passage: str
    source: str
    state: str
    order: int | None
    direction: str
    version: int
    text_version: int
    entered_by: str
    withdrawn_because: str
    codings: list[CodingOut]


class PoliciesOut(Schema):
    total: int
    offset: int
    policies: list[PolicyOut]


@router.get("/policies", response=PoliciesOut, summary="Policies and how they are coded")
def policies(
    request: HttpRequest,
    q: str = "",
    place: str = "",
    order: str = "",
    direction: str = "",
    state: str = "",
    offset: int = 0,
) -> dict[str, Any]:
    """At most a hundred from `offset` on, the latest adopted first. Unknown values narrow nothing."""
    asked = {"q": q, "place": place, "order": order, "direction": direction, "state": state}
    found = queries.search(queries.readable_by(AnonymousUser()), queries.wanted(asked))
    start = min(max(offset, 0), FURTHEST)
    some = queries.with_codings(found.select_related("institution", "entered_by"))
    return {
        "total": found.count(),
        "offset": start,
        "policies": [exporting.policy(one) for one in some[start : start + A_PAGE]],
    }


@router.get("/policies/{number}", response=PolicyOut, summary="One policy with its codings")
def policy(request: HttpRequest, number: int) -> dict[str, Any]:
    found = queries.readable_by(AnonymousUser()).select_related("institution", "entered_by")
    return exporting.policy(get_object_or_404(queries.with_codings(found), pk=number))
