"""The pages of the observatory: its front page, and the four words of a place."""

import csv
import io
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from interlock.methods.places.metros import metros
from interlock.web.observatory import panels, queries
from interlock.web.observatory.models import Edition


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    edition = queries.editions().first()
    context = _context(edition, "") if edition else {"progress": queries.progress()}
    return render(request, "observatory/home.html", context)


@require_safe
def profile(request: HttpRequest, place: str = "") -> HttpResponse:
    """The four words of a place, of its latest edition or of that of a day.

    Before the first is worked out, the page says how far the worker is.
    """
    edition = _editions(request, place).first()
    if edition is None:
        if "day" in request.GET or not queries.is_to_come(place):
            raise Http404
        return render(request, "observatory/to_come.html", _whereabouts(place))
    context = _context(edition, place) | _whereabouts(place)
    return render(request, "observatory/profile.html", context)


def _context(edition: Edition, place: str) -> dict[str, object]:
    every = list(queries.editions(place).defer("records"))
    latest = queries.latest()
    coded = latest.outcome["measures"] if latest and not place else {}
    numbers = f"{_address('profile_csv', place)}?day={edition.day}"
    return {
        "edition": edition,
        "editions": every,
        "panels": panels.panels(
            edition,
            coded,
            [one for one in reversed(every) if one.day < edition.day],
            csv=numbers,
            command=f"interlock measure {file_name(edition)}",
        ),
        "place": panels.place_name(place),
        "records": f"{_address('profile_records', place)}?day={edition.day}",
        "numbers": numbers,
    }


@dataclass(frozen=True)
class Way:
    """The way to the profile of a place."""

    place: str
    name: str
    address: str


def _way(place: str) -> Way:
    return Way(place, panels.place_name(place), _address("profile", place))


def _whereabouts(place: str) -> dict[str, object]:
    """Which place it is, the ways to all others, and how far the worker is."""
    measured = queries.measured_places()
    by_state: dict[str, list[Way]] = {}
    for code in measured:
        if metro := metros().get(code):
            for state in metro.states:
                by_state.setdefault(state.name, []).append(_way(code))
    ways = sorted((_way(code) for code in measured if code not in metros()), key=_name)
    return {
        "place": panels.place_name(place),
        "metro": metros().get(place),
        "everywhere": _way(""),
        "here": _way(place),
        "states": ways,
        "metros": [(name, sorted(some, key=_name)) for name, some in sorted(by_state.items())],
        "number_of_metros": sum(code in metros() for code in measured),
        "progress": queries.progress(),
    }


def _name(way: Way) -> str:
    return way.name


def _address(name: str, place: str) -> str:
    return reverse(f"observatory:{name}", args=[place] if place else [])


def _editions(request: HttpRequest, place: str) -> QuerySet[Edition]:
    """Those of a place, or the one of the day that is asked for."""
    found = queries.editions(place)
    if text := request.GET.get("day"):
        day = queries.day_of(text)
        found = found.filter(day=day) if day else found.none()
    return found


def _edition(request: HttpRequest, place: str) -> Edition:
    edition = _editions(request, place).first()
    if edition is None:
        raise Http404
    return edition


def file_name(edition: Edition) -> str:
    """What the records of an edition are called as a file."""
    metro = metros().get(edition.place)
    place = f"metro-of-{metro.vintage}-{metro.code}" if metro else edition.place
    return "-".join(("network", *([place] if place else []), f"{edition.day}.json"))


@require_safe
def records(request: HttpRequest, place: str = "") -> HttpResponse:
    """All that was measured: `interlock measure` computes the same from it."""
    edition = _edition(request, place)
    answer = JsonResponse(edition.records, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{file_name(edition)}"'
    return answer


@require_safe
def numbers(request: HttpRequest, place: str = "") -> HttpResponse:
    """Every measure of an edition, one a line."""
    edition = _edition(request, place)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(panels.COLUMNS)
    writer.writerows(panels.lines(edition))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = file_name(edition).replace("network", "measures").replace(".json", ".csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
