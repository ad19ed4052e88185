"""The pages that belong to no room alone."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from interlock.web.budgets import queries as budgets
from interlock.web.institutions.queries import looked_after_by
from interlock.web.institutions.whereabouts import ATTRIBUTION
from interlock.web.look.navigation import doors, downloads
from interlock.web.people.access import person_of
from interlock.web.people.waiting import waiting_for


def home(request: HttpRequest) -> HttpResponse:
    """The idea in two sentences, open votes, and the doors that rooms have joined."""
    context = {
        "open": budgets.in_a_list(budgets.open_now(), "summary")[:6],
        "published": budgets.in_a_list(budgets.published())[:3],
        "doors": [
            {"icon": door.icon, "title": door.title, "text": door.text, "url": door.url()}
            for door in sorted(doors, key=lambda door: door.position)
        ],
    }
    return render(request, "front/home.html", context)


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """What the signed-in person looks after."""
    person = person_of(request)
    context = {
        "waiting": waiting_for(person),
        "institutions": looked_after_by(person),
        "processes": budgets.organised_by(person),
    }
    return render(request, "front/desk.html", context)


def data(request: HttpRequest) -> HttpResponse:
    """Everything public to take away, as rooms have joined it."""
    parts = [
        {
            "title": one.title,
            "text": one.text,
            "formats": [{"name": name, "url": url()} for name, url in one.formats],
        }
        for one in sorted(downloads, key=lambda one: one.position)
    ]
    context = {
        "parts": parts,
        "origin": settings.INTERLOCK_ORIGIN,
        "today": timezone.now(),
        "places_by": ATTRIBUTION,
    }
    return render(request, "front/data.html", context)


def help_(request: HttpRequest) -> HttpResponse:
    return render(request, "front/help.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "front/privacy.html")


def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the server: 200 when pages and database answer."""
    budgets.open_now().exists()
    return HttpResponse("ok", content_type="text/plain")
