"""The pages that stand in when there is none."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "look/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the request: what broke may be the database, and a page's navigation asks it.
    return HttpResponse(render_to_string("look/server_error.html"), status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "look/form_expired.html", status=403)
