"""The first page inside a co-op: what each of its parts has to say today."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from interlock.web.coops.rules.access import Inside
from interlock.web.coops.views.inside import entered

#: What each part tells on the first page: the template, and what goes into it. In order.
PARTS: list[tuple[str, Callable[[Inside, datetime], object]]] = []


@login_required
def coop(request: HttpRequest, slug: str) -> HttpResponse:
    who, now = entered(request, slug), timezone.now()
    parts = [(template, tell(who, now)) for template, tell in PARTS]
    return render(request, "coops/coop.html", {"who": who, "coop": who.coop, "parts": parts})
