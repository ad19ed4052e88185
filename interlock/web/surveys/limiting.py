"""How often one address may do a thing within an hour: counted in memory only, and never readable.

An address is kept as an HMAC with a salt that is drawn anew each day and lies nowhere else, in each
web process by itself. Nothing of it is written down anywhere.
"""

import hmac
import secrets
from datetime import date
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from interlock.web.look.refusals import Refused

#: So often within an hour. An assembly that answers together has one address.
MOST = {"begin": 300, "code": 60, "naming": 30, "contact": 60}
_KEYS = 50_000  # more than these at once are an attack, and counting begins anew

_lock = Lock()
_counts: dict[tuple[str, int, bytes], int] = {}
_salt: tuple[date, bytes] = (date.min, b"")


def heed(request: HttpRequest, what: str) -> None:
    """Count this request; refused when its address has done this too often within the hour."""
    if _counted(what, _address(request)) > MOST[what]:
        raise Refused(
            _("From this network that was done too often within an hour."),
            _("Wait for an hour, or use another network, such as that of your phone."),
            status=429,
        )


def forget() -> None:
    """Count anew."""
    with _lock:
        _counts.clear()


def _counted(what: str, address: str) -> int:
    global _salt
    at = timezone.now()
    with _lock:
        if _salt[0] != at.date():
            _salt = (at.date(), secrets.token_bytes(32))
            _counts.clear()
        if len(_counts) >= _KEYS:
            _counts.clear()
        key = (what, at.hour, hmac.digest(_salt[1], address.encode(), "sha256"))
        _counts[key] = _counts.get(key, 0) + 1
        return _counts[key]


def _address(request: HttpRequest) -> str:
    """Of the visitor; behind a proxy, as the proxy says (its own entry is the last one)."""
    if settings.SESSION_COOKIE_SECURE and (passed := request.headers.get("X-Forwarded-For")):
        return passed.split(",")[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
