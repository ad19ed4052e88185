"""The pages of the observatory: its front page, and the four words of a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from interlock.methods.formats import measure_tables
from interlock.methods.formats.packages import SYNTHETIC, table_file
from interlock.methods.places.metros import metros
from interlock.web.look.printing import pdf_answer
from interlock.web.observatory import panels, pictures, queries
from interlock.web.observatory.models import Edition
from interlock.web.surveys import queries as surveys
from interlock.web.surveys.findings import words_told


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    edition = queries.editions().first()
    context = _context(edition, "") if edition else {"progress": queries.progress()}
    return render(request, "observatory/home.html", context)


@require_safe
def paper(request: HttpRequest, place: str = "") -> HttpResponse:
    """The same on paper."""
    edition = _edition(request, place)
    name = edition.file_name.replace("network", "interlocking").replace(".json", ".pdf")
    context = profile_of(edition, place, root=settings.INTERLOCK_ORIGIN)
    return pdf_answer(request, "observatory/profile_paper.html", context, name)


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
    context = profile_of(edition, place) | _whereabouts(place)
    return render(request, "observatory/profile.html", context)


def profile_of(edition: Edition, place: str, root: str = "") -> dict[str, Any]:
    """All that the page tells; `root` goes before the addresses of files, which on paper are read."""
    context = _context(edition, place, root)
    names = queries.names_of(pictures.drawn(edition))
    context["pictures"] = pictures.figures(
        edition, names, csv=context["numbers"], command=edition.command
    )
    if not place and (told := surveys.latest_told()):
        words = {one.name: one for one in words_told(told.outcome or {}, {})}
        context |= {"survey": told, "answered": words["convergence"]}
    return context


def _context(edition: Edition, place: str, root: str = "") -> dict[str, Any]:
    every = list(queries.editions(place).defer("records"))
    latest = queries.latest()
    coded = latest.outcome["measures"] if latest and not place else {}
    numbers = f"{root}{_address('profile_csv', place)}?day={edition.day}"
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
        "records": f"{_address('profile_records', place)}?day={edition.day}",
        "numbers": numbers,
        "report": f"{_address('profile_paper', place)}?day={edition.day}",
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


@require_safe
def records(request: HttpRequest, place: str = "") -> HttpResponse:
    """All that was measured: `interlock measure` computes the same from it."""
    edition = _edition(request, place)
    answer = JsonResponse(edition.records, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{edition.file_name}"'
    return answer


@require_safe
def package(request: HttpRequest) -> HttpResponse:
    """Records, measures, tables and GraphML as one data package; those of before there were any have none."""
    edition = _edition(request, "")
    if edition.package is None:
        raise Http404
    answer = HttpResponse(bytes(edition.package), content_type="application/zip")
    name = edition.file_name.replace(".json", ".zip")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def numbers(request: HttpRequest, place: str = "") -> HttpResponse:
    """Every measure of an edition, one a line."""
    edition = _edition(request, place)
    name = edition.file_name.replace("network", "measures").replace(".json", ".csv")
    return measures_file(edition.outcome, name, is_synthetic=edition.is_synthetic)


def measures_file(outcome: Mapping[str, Any], name: str, *, is_synthetic: bool) -> HttpResponse:
    """Measures as a table to keep, called `name`; of what is made up with a column that says so."""
    fields, rows = measure_tables.FIELDS, measure_tables.rows(outcome)
    if is_synthetic:
        fields, rows = (*fields, SYNTHETIC), ([*row, True] for row in rows)
    data = table_file(fields, rows)
    answer = HttpResponse(data, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
