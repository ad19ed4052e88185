"""The lists that rooms join when the app is ready: doors, links of every page, what to take away."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language


@dataclass(frozen=True)
class Place:
    """A link in the main navigation; `section` is the first part of its address.

    One that lies `under` another's section is a link of that part of the site only, beside the
    other, which is called `beside` there.
    """

    section: str
    label: str | Promise
    url: Callable[[], str]
    position: int
    under: str = ""
    beside: str | Promise = ""


@dataclass(frozen=True)
class Door:
    """One answer to "What brings you here?" and where it leads, on an empty site too."""

    icon: str
    title: str | Promise
    text: str | Promise
    url: Callable[[], str]
    position: int


@dataclass(frozen=True)
class Download:
    """What anyone may take away of a room, and its addresses by the name of their format."""

    title: str | Promise
    text: str | Promise
    formats: tuple[tuple[str | Promise, Callable[[], str]], ...]
    position: int


places: list[Place] = []
doors: list[Door] = []
downloads: list[Download] = []


def for_page(request: HttpRequest) -> dict[str, object]:
    """What every page needs: its navigation, the languages, and its own address without them."""
    section = request.path.strip("/").split("/")[0]
    ordered = sorted(places, key=lambda place: place.position)
    part = next((place.under for place in ordered if place.section == section), "") or section
    inside = [place for place in ordered if part and part in (place.section, place.under)]
    return {
        "places": [
            {"label": place.label, "url": place.url(), "here": place.section == part}
            for place in ordered
            if not place.under
        ],
        "part": [
            {
                "label": place.beside or place.label,
                "url": place.url(),
                "here": place.section == section,
            }
            for place in inside
            if len(inside) > 1
        ],
        "languages": [
            {"code": code, "name": name, "here": code == get_language()}
            for code, name in settings.LANGUAGES
        ],
    }
