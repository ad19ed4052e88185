"""How often one network does a thing is known for an hour, and from where nobody can tell."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from interlock.web.look.refusals import Refused
from interlock.web.surveys import limiting


def often(what: str, address: str, times: int, **headers: str) -> None:
    request = RequestFactory().post("/", REMOTE_ADDR=address, headers=headers)
    for _time in range(times):
        limiting.heed(request, what)


def test_network_is_refused_after_so_many_and_others_are_not() -> None:
    often("code", "203.0.113.7", limiting.MOST["code"])
    with pytest.raises(Refused, match="too often"):
        often("code", "203.0.113.7", 1)
    often("code", "203.0.113.8", 1)
    often("naming", "203.0.113.7", 1)


def test_what_is_counted_has_no_address_in_it() -> None:
    often("code", "203.0.113.7", 1)
    assert "203.0.113.7" not in repr(limiting._counts)


def test_behind_a_proxy_the_visitor_counts_and_not_what_they_say(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    for number in range(limiting.MOST["code"]):
        passed = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7"}
        often("code", "127.0.0.1", 1, **passed)
    with pytest.raises(Refused):
        often("code", "127.0.0.1", 1, **{"x-forwarded-for": "203.0.113.7"})
    often("code", "127.0.0.1", 1, **{"x-forwarded-for": "203.0.113.8"})
