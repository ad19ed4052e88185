"""“What if”: a published vote counted again with another budget, cost or rule, and by all rules."""

import time

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from interlock.web.budgets import actions, queries
from interlock.web.budgets.forms import WhatIfForm
from interlock.web.budgets.models import Area, Process, WhatIf
from interlock.web.budgets.rules import rule_in_words
from interlock.web.budgets.views import published_process, with_public_ballots

# A page waits that long for the worker before it says that the count goes on.
PATIENCE = 1.0


def countable_process(request: HttpRequest, slug: str) -> Process:
    """A published process whose ballots everyone may count."""
    process = published_process(request, slug)
    with_public_ballots(process)
    return process


def _counted_areas(process: Process) -> QuerySet[Area]:
    """Its areas, each with its count but for the long result."""
    return process.areas.select_related("count").defer("count__result")


@require_safe
def other_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The same ballots by every rule, side by side."""
    process = countable_process(request, slug)
    context = {"process": process, "areas": queries.by_other_rules(process)}
    return render(request, "budgets/other_rules.html", context)


@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, slug: str, ref: str = "") -> HttpResponse:
    """Ask what another budget, cost or rule would have funded in one area."""
    process = countable_process(request, slug)
    areas = _counted_areas(process)
    area = get_object_or_404(areas, ref=ref) if ref else areas.first()
    assert area is not None  # a published process has one
    form = WhatIfForm(request.POST or None, area=area, rule=request.GET.get("rule", ""))
    if request.method == "POST" and form.is_valid():
        asked = actions.ask_what_if(area=area, at=timezone.now(), **form.cleaned_data)
        return redirect("budgets:what_if_answer", slug=slug, ref=area.ref, key=asked.key)
    return _page(request, process, area, form, status=422 if form.errors else 200)


@require_safe
def answer(request: HttpRequest, slug: str, ref: str, key: str) -> HttpResponse:
    """The answer, or how far it is. With JavaScript it comes by itself, else by looking again."""
    process = countable_process(request, slug)
    area = get_object_or_404(_counted_areas(process), ref=ref)
    until = time.monotonic() + PATIENCE
    asked = get_object_or_404(area.what_ifs, key=key)
    while asked.waits and time.monotonic() < until:
        time.sleep(0.05)
        asked.refresh_from_db()
    form = WhatIfForm(area=area, asked=asked)
    return _page(request, process, area, form, asked=asked)


def _page(
    request: HttpRequest,
    process: Process,
    area: Area,
    form: WhatIfForm,
    *,
    asked: WhatIf | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "process": process,
        "area": area,
        "areas": list(process.areas.all()),
        "form": form,
        "asked": asked,
        "told": queries.what_if(asked) if asked else None,
        "rule": rule_in_words(asked.rule, area.count.ballot) if asked else "",
    }
    return render(request, "budgets/what_if.html", context, status=status)
