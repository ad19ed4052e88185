"""The pages of exploring."""

import csv
import io
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.methods.formats import geojson
from interlock.methods.formats.formulas import guarded
from interlock.methods.formats.register.cells import sameness
from interlock.web.explore import chains, delivering, mapping, zooming
from interlock.web.explore.networks import Network
from interlock.web.institutions import exporting
from interlock.web.institutions import queries as register
from interlock.web.institutions.models import Institution
from interlock.web.institutions.vocabulary import different_activities

A_PAGE = 30
MOST_CANDIDATES = 8


def map_page(request: HttpRequest) -> HttpResponse:
    """The map, with all that the register can be narrowed by."""
    picture = mapping.look(register.wanted(request.GET.dict()))
    context = {
        "map": picture,
        "wanted": picture.wanted,
        "activities": different_activities(),
        "most_points": zooming.MOST_POINTS,
    }
    return render(request, "explore/map.html", context)


def map_csv(request: HttpRequest) -> HttpResponse:
    """What is drawn, and nothing else."""
    picture = mapping.look(register.wanted(request.GET.dict()))
    text = io.StringIO()
    rows = csv.writer(text)
    columns = ("public_bodies", "co_ops", "others", "all", "synthetic", "latitude", "longitude")
    rows.writerow(["code", "name", *columns])
    for row in picture.drawn_rows:
        told = row.sum
        numbers = (told.public, told.coops, told.others, told.number, told.made_up)
        rows.writerow([row.code, guarded(row.name), *numbers, row.latitude, row.longitude])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="map.csv"'
    return answer


def points(request: HttpRequest) -> StreamingHttpResponse:
    """Everybody whom the map shows, as GeoJSON; with the place in its drawing."""
    picture = mapping.look(register.wanted(request.GET.dict()))
    text = geojson.chunks(zooming.points(picture), exporting.attribution())
    return StreamingHttpResponse(text, content_type="application/geo+json")


def outlines(request: HttpRequest) -> JsonResponse:
    """The areas of the map without what lies in them."""
    return JsonResponse(
        zooming.outlines(mapping.look(register.wanted(request.GET.dict()))),
        json_dumps_params={"ensure_ascii": False},
    )


def around(request: HttpRequest, slug: str) -> HttpResponse:
    """An institution's neighbourhood. Who has left has none."""
    found = Institution.objects.filter(left_at=None).select_related("kind")
    steps = 2 if request.GET.get("steps") == "2" else 1
    network = Network(get_object_or_404(found, slug=slug), steps)
    return render(request, "explore/around.html", {"network": network})


@dataclass
class End:
    """One end of a path: what was written, and the institution that it means."""

    name: str
    label: str | Promise
    text: str
    institution: Institution | None = None
    candidates: list[Institution] | None = None
    wrong: str = ""


def paths(request: HttpRequest) -> HttpResponse:
    """The shortest chains between two institutions, chosen by name."""
    ends = [
        _end(request, "from", _("From which institution?")),
        _end(request, "to", _("To which institution?")),
    ]
    one, other = (end.institution for end in ends)
    if one and one == other:
        ends[1].wrong = _("That is the same institution. Choose another.")
    confirmed_only = request.GET.get("confirmed") == "1"
    found = None
    if one and other and one != other:
        found = chains.between(one, other, confirmed_only=confirmed_only)
    context = {
        "ends": ends,
        "found": found,
        "confirmed_only": confirmed_only,
        "most_steps": chains.MOST_STEPS,
    }
    wrong = any(end.wrong for end in ends)
    return render(request, "explore/paths.html", context, status=422 if wrong else 200)


def _end(request: HttpRequest, name: str, label: str) -> End:
    """The institution that a text means: by its slug, by its name, or a few to choose from."""
    text = request.GET.get(name, "").replace("\0", "").strip()[: register.LONGEST_SEARCH]
    if not text:
        return End(name, label, "")
    here = Institution.objects.filter(left_at=None).select_related("kind")
    folded = sameness(text)
    some = list(
        here.filter(Q(slug=text) | Q(searched__contains=folded) if folded else Q(slug=text))
        .order_by("slug")[: MOST_CANDIDATES + 1]
    )  # fmt: skip
    exact = next((one for one in some if one.slug == text), None)
    if exact is None and text.isascii() and len(some) > MOST_CANDIDATES:
        exact = here.filter(slug=text).first()
    if exact or len(some) == 1:
        one = exact or some[0]
        return End(name, label, str(one.name), one)
    if some:
        return End(name, label, text, candidates=some[:MOST_CANDIDATES])
    wrong = _("Nobody in the register is called so. Write a part of the name.")
    return End(name, label, text, wrong=wrong)


def deliver(request: HttpRequest) -> HttpResponse:
    """Who around a place could deliver something."""
    asked = delivering.asked(request.GET.dict())
    where = delivering.Where() if asked.is_empty else delivering.where_is(asked)
    context: dict[str, object] = {
        "asked": asked,
        "where": where,
        "activities": different_activities(),
        "distances": [(far, delivering.unit(far)) for far in delivering.FAR],
    }
    if where.spots:
        answer = delivering.Answer(asked, where.spots[0], timezone.now())
        page = Paginator(answer.candidates, A_PAGE).get_page(request.GET.get("page"))
        others = [(one.name, asked.address(where=one.name, at="")) for one in where.spots[1:]]
        context |= {
            "others": others,
            "answer": answer,
            "page": page,
            "shown": answer.shown(list(page)),
        }
    return render(request, "explore/deliver.html", context, status=422 if where.wrong else 200)
