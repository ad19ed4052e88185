"""The lists that rooms join when the app is ready: doors of the front page, links of every page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language


@dataclass(frozen=True)
class Place:
    """A link in the main navigation; `section` is the first part of its address."""

    section: str
    label: str | Promise
    url: Callable[[], str]
    position: int


@dataclass(frozen=True)
class Door:
    """One answer to "What brings you here?" and where it leads, on an empty site too."""

    icon: str
    title: str | Promise
    text: str | Promise
    url: Callable[[], str]
    position: int


places: list[Place] = []
doors: list[Door] = []


def for_page(request: HttpRequest) -> dict[str, object]:
    """What every page needs: its navigation, the languages, and its own address without them."""
    section = request.path.strip("/").split("/")[0]
    return {
        "places": [
            {"label": place.label, "url": place.url(), "here": place.section == section}
            for place in sorted(places, key=lambda place: place.position)
        ],
        "languages": [
            {"code": code, "name": name, "here": code == get_language()}
            for code, name in settings.LANGUAGES
        ],
    }
