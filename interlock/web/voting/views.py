"""The receipt: where a ballot is, for whoever holds its code."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

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


matters: list[Callable[[Box], Matter | None]] = []


def matter_of(box: Box) -> Matter | None:
    return next((matter for ask in matters if (matter := ask(box))), None)


def check(request: HttpRequest) -> HttpResponse:
    """Where to type a receipt's code."""
    if code := request.GET.get("code", "").strip():
        return redirect("voting:receipt", code="".join(code.lower().replace("-", "").split()))
    return render(request, "voting/check.html")


def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """One page before and after the count; right after casting it says thank you as well."""
    found = queries.find_receipt(code)
    if found.box is None:
        context = {"code": code, "digits": codes.RECEIPT_DIGITS}
        return render(request, "voting/receipt_unknown.html", context, status=404)
    context = {
        "code": code.lower(),
        "box": found.box,
        "matter": matter_of(found.box),
        "counted": found.standing is queries.Standing.COUNTED,
        "just_cast": "cast" in request.GET,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "voting/receipt.html", context)
