"""What a respondent's browser keeps for them. The database has no session of theirs, and no code.

Each cookie is signed, kept from scripts, and sent to the addresses that need it and to no others:
the one with somebody's code never to the pages where institutions are named or an address is left.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HOUR = 3600
DAY = 24 * HOUR

#: The coupon or link somebody came by, until they consent.
ARRIVAL = "survey-arrival"
ARRIVAL_PATH = "/surveys/s/"
#: The code of whoever answers on this device. It goes with the browser's session.
MINE = "survey-mine"
MINE_PATH = "/surveys/mine/"
#: Whether somebody began a survey on this device: which one, and nothing else.
HERE = "survey-here"
HERE_PATH = "/surveys/"
#: Leave to do one more thing, on the one page where it is done.
LEAVE = "survey-leave"

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Never stored by anybody on the way, never found by a search, never told to another site."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return kept


def put(
    response: HttpResponse, name: str, value: str, path: str, *, lifetime: int | None = None
) -> HttpResponse:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=lifetime,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def get(request: HttpRequest, name: str, *, lifetime: int) -> str:
    """What was put there, if it was put within that many seconds; else nothing."""
    found = request.get_signed_cookie(name, default="", salt=name, max_age=lifetime)
    return str(found)


def drop(response: HttpResponse, name: str, path: str) -> HttpResponse:
    response.delete_cookie(name, path=path, samesite="Lax")
    return response


def mine(request: HttpRequest) -> str:
    """The code of whoever answers here."""
    return get(request, MINE, lifetime=DAY).partition(" ")[0]


def put_mine(response: HttpResponse, code: str, *, resumed: bool = False) -> HttpResponse:
    """Whoever comes back with a code is not timed: they read the questions before."""
    return put(response, MINE, f"{code} again" if resumed else code, MINE_PATH)


def is_faster(request: HttpRequest, seconds: int) -> bool:
    """Whether somebody consented on this device less than so many seconds ago."""
    code, _space, again = get(request, MINE, lifetime=seconds).partition(" ")
    return bool(code) and not again
