"""The receipt: where a ballot is, for whoever holds its code."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from interlock.web.people.models import Person
from interlock.web.voting import codes, queries
from interlock.web.voting.models import Box


@dataclass(frozen=True)
class Matter:
    """What a box is about, for pages of this room: rooms above say it through `matters`."""

    title: str
    url: str
    ballot_url: str
    zone: str
    result_url: str


# Asked for a person: to whoever may not see a vote, its box is about nothing.
matters: list[Callable[[Box, Person | AnonymousUser], Matter | None]] = []


def matter_of(box: Box, person: Person | AnonymousUser) -> Matter | None:
    return next((matter for ask in matters if (matter := ask(box, person))), None)


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Where to type a receipt's code."""
    if typed := request.GET.get("code", "").strip():
        code = codes.typed_receipt(typed)
        return redirect("voting:receipt", code=code) if code else _unknown(request, typed[:60])
    return render(request, "voting/check.html")


def _unknown(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "voting/receipt_unknown.html", {"code": code}, status=404)


@never_cache
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """One page before and after the count; right after casting it says thank you as well."""
    found = queries.find_receipt(code)
    if found.box is None:
        return _unknown(request, code)
    context = {
        "code": code.lower(),
        "box": found.box,
        "matter": matter_of(found.box, request.user),
        "counted": found.standing is queries.Standing.COUNTED,
        "just_cast": "cast" in request.GET,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "voting/receipt.html", context)
