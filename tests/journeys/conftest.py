"""A browser for the journeys: Debian's chromium, the site behind it, and nobody else.

Every page is watched: a request to another host, a broken script or a breach of the content
policy fails the test that caused it.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from interlock.web.people.models import Person
from tests.world import World, make_world

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = 390
HEIGHTS = {360: 780, PHONE: 844, 1280: 900}

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGS))
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def slow_line() -> Iterator[None]:
    """With SLOW=0.3 in the environment, each page comes that many seconds after its head.

    A press is over when the head is there. A test that then reads at once, instead of waiting for
    what it reads, fails one time in ten thousand, or, with this, each time.
    """
    delay = float(os.environ.get("SLOW", "0"))
    answer = WSGIHandler.__call__

    def late(page: HttpResponse) -> Iterator[bytes]:
        yield b""
        time.sleep(delay)
        yield from page
        page.close()

    def slowly(handler: WSGIHandler, environ: Any, start_response: Any) -> Any:
        response = answer(handler, environ, start_response)
        is_page = isinstance(response, HttpResponse) and "html" in response["Content-Type"]
        return late(response) if is_page else response

    with pytest.MonkeyPatch.context() as patch:
        if delay:
            patch.setattr(WSGIHandler, "__call__", slowly)
        yield


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, emptied: None) -> Iterator[Visit]:
    """`visit()` is a page on a device of its own: `visit(width=1280, javascript=False, by=alice)`."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        # The browser notes each 404 and 422 there as well; those are answers. And a page that is
        # left takes its own request along, which htmx may still tell.
        usual = ("the server responded with a status of", "htmx:error: Failed to fetch")
        if message.type == "error" and not any(text in message.text for text in usual):
            trouble.append(message.text)

    def notice(request: Request) -> None:
        if not request.url.startswith((live_server.url + "/", "data:", "blob:")):
            trouble.append(request.url)

    def page_of(*, width: int = PHONE, javascript: bool = True, by: Person | None = None) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="en-US",
            viewport={"width": width, "height": HEIGHTS[width]},
            java_script_enabled=javascript,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("request", notice)
        context.on("console", complain)
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        if by is not None:
            sign_in(context, by, live_server.url)
        return context.new_page()

    yield page_of
    for context in contexts:
        context.close()
    assert trouble == []


def sign_in(context: BrowserContext, person: Person, url: str) -> None:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def open_world(*, letters: int = 40) -> World:
    """A vote that is really open: it began yesterday and closes in twelve days."""
    now = datetime.now(UTC)
    world = make_world(
        letters=letters, at=now - timedelta(days=2), closes_at=now + timedelta(days=12)
    )
    return world.open(at=now - timedelta(days=1))


def counted_world(ballots: int = 40) -> World:
    return make_world().open().cast_many(ballots).close().count()


@pytest.fixture
def town(emptied: None) -> World:
    return open_world()
