"""The pages of the observatory: its front page, and the four words of a place."""

import csv
import io
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from interlock.web.observatory import panels, pictures, queries
from interlock.web.observatory.models import Edition
from interlock.web.surveys import queries as surveys
from interlock.web.surveys.findings import words_told


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    edition = queries.editions().first()
    return render(request, "observatory/home.html", _context(edition, "") if edition else {})


@require_safe
def profile(request: HttpRequest, place: str = "") -> HttpResponse:
    """The four words of a place, of its latest edition or of that of a day."""
    edition = _edition(request, place)
    context = _context(edition, place)
    names = queries.names_of(pictures.drawn(edition))
    context["pictures"] = pictures.figures(
        edition, names, csv=context["numbers"], command=edition.command
    )
    if not place and (told := surveys.latest_told()):
        words = {one.name: one for one in words_told(told.outcome or {}, {})}
        context |= {"survey": told, "answered": words["convergence"]}
    return render(request, "observatory/profile.html", context)


def _context(edition: Edition, place: str) -> dict[str, Any]:
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
            command=edition.command,
        ),
        "place": panels.place_name(place),
        "measured": [
            (code, panels.place_name(code), _address("profile", code))
            for code in ("", *queries.measured_places())
        ],
        "records": f"{_address('profile_records', place)}?day={edition.day}",
        "numbers": numbers,
    }


def _address(name: str, place: str) -> str:
    return reverse(f"observatory:{name}", args=[place] if place else [])


def _edition(request: HttpRequest, place: str) -> Edition:
    found = queries.editions(place)
    if text := request.GET.get("day"):
        day = queries.day_of(text)
        found = found.filter(day=day) if day else found.none()
    edition = found.first()
    if edition is None:
        raise Http404
    return edition


@require_safe
def records(request: HttpRequest, place: str = "") -> HttpResponse:
    """All that was measured: `interlock measure` computes the same from it."""
    edition = _edition(request, place)
    answer = JsonResponse(edition.records, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{edition.file_name}"'
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
    name = edition.file_name.replace("network", "measures").replace(".json", ".csv")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
