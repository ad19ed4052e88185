"""The pages of exploring."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from interlock.methods.formats.formulas import guarded
from interlock.web.explore import mapping
from interlock.web.institutions import queries as register
from interlock.web.institutions.vocabulary import ACTIVITIES


def map_page(request: HttpRequest) -> HttpResponse:
    """The map, with all that the register can be narrowed by."""
    picture = mapping.look(register.wanted(request.GET.dict()))
    context = {"map": picture, "wanted": picture.wanted, "activities": ACTIVITIES.items()}
    return render(request, "explore/map.html", context)


def map_csv(request: HttpRequest) -> HttpResponse:
    """What is drawn, and nothing else."""
    picture = mapping.look(register.wanted(request.GET.dict()))
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(
        ["code", "name", "public_bodies", "co_ops", "others", "all", "latitude", "longitude"]
    )
    for row in picture.drawn_rows:
        told = row.sum
        where = [row.latitude, row.longitude]
        rows.writerow(
            [row.code, guarded(row.name), told.public, told.coops, told.others, told.number, *where]
        )
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="map.csv"'
    return answer
