"""The organiser's pages: prepare, open, watch, publish."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from interlock.web.budgets import actions, queries, rules
from interlock.web.budgets.forms import (
    AreaForm,
    CodesForm,
    PotForm,
    ProcessForm,
    ProjectForm,
)
from interlock.web.budgets.models import Phase, Process
from interlock.web.institutions.queries import looked_after_by
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.voting import codes
from interlock.web.voting import queries as box_queries


def own_process(request: HttpRequest, slug: str) -> Process:
    """A process the signed-in person may organise; finding it is the permission check."""
    process = get_object_or_404(queries.known_to(person_of(request)), slug=slug)
    if reason := rules.why_not_organise(process, request.user):
        remedy, steps = _("Ask one of them to let you in."), [Step.to(process.institution)]
        raise Refused(reason, remedy, status=403, steps=steps)
    if process.is_internal:
        raise Refused(
            _("What is decided among members is prepared on their own pages."),
            _("Their first page leads there."),
            steps=[Step.to(process.institution)],
        )
    return actions.close_if_due(process=process, at=timezone.now())


def changeable_process(request: HttpRequest, slug: str) -> Process:
    """One's own process while its rulebook is not frozen."""
    process = own_process(request, slug)
    if reason := rules.why_not_change(process):
        remedy = _("The desk of the process shows where it stands.")
        raise Refused(reason, remedy, steps=[_desk_of(process)])
    return process


def _desk_of(process: Process) -> Step:
    return Step(str(process.title), reverse("budgets:organise", args=[process.slug]))


@contextmanager
def refusals_in(form: BaseForm) -> Iterator[None]:
    """A refusal is told in the form that was sent, so that nothing typed is lost."""
    try:
        yield
    except Refused as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.remedy}")


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """The first step of a participatory budget; without an institution, the one before it."""
    if not looked_after_by(person_of(request)).exists():
        messages.info(request, _("First, who runs it? Register your city, school or association."))
        return redirect(reverse("institutions:new") + "?kind=public_body")
    form = ProcessForm(request.POST or None, person=person_of(request))
    if request.method == "POST" and form.is_valid():
        process = actions.create_process(
            **form.cleaned_data, at=timezone.now(), by=person_of(request)
        )
        return redirect("budgets:organise", slug=process.slug)
    return _form(request, form, None, _("A new participatory budget"))


@login_required
@never_cache
def organise(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk of one process: where it stands, what is missing, what comes next."""
    process = own_process(request, slug)
    lines = rules.readiness(process, timezone.now()) if process.phase is Phase.DRAFT else []
    entries, voted = box_queries.turnout(process.box)
    context = {
        "process": process,
        "phase": process.phase.value,
        "steps": queries.phase_steps(process),
        "lines": lines,
        "ready": rules.is_ready(lines),
        "missing": sum(not (line.done or line.advice) for line in lines),
        "areas": queries.areas_with_projects(process),
        "pots": queries.pots(process),
        "earlier": queries.earlier_votes(process) if process.phase is Phase.DRAFT else [],
        "entries": entries,
        "voted": voted,
        "rule": rules.rule_in_words(process.rule),
    }
    return render(request, "budgets/organise.html", context)


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    process = changeable_process(request, slug)
    form = ProcessForm(request.POST or None, person=person_of(request), process=process)
    if request.method == "POST" and form.is_valid():
        actions.change_process(process=process, changes=form.cleaned_data)
        return redirect("budgets:organise", slug=slug)
    return _form(request, form, process, _("Title, time and rule"))


@login_required
def pot(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    process = changeable_process(request, slug)
    held = get_object_or_404(process.pots, pk=pk) if pk else None
    if held and "remove" in request.POST:
        actions.remove_pot(pot=held)
        return redirect("budgets:organise", slug=slug)
    form = PotForm(request.POST or None, process=process, person=person_of(request), pot=held)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            actions.put_pot(process=process, pot=held, **form.cleaned_data)
            return redirect("budgets:organise", slug=slug)
    title = _("Change a pot") if held else _("Add a pot of money")
    return _form(request, form, process, title, removable=held is not None)


@login_required
def area(request: HttpRequest, slug: str, ref: str | None = None) -> HttpResponse:
    process = changeable_process(request, slug)
    held = get_object_or_404(process.areas, ref=ref) if ref else None
    if held and "remove" in request.POST:
        actions.remove_area(area=held)
        return redirect("budgets:organise", slug=slug)
    form = AreaForm(request.POST or None, process=process, area=held)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            actions.put_area(
                process=process,
                area=held,
                name=form.cleaned_data["name"],
                max_choices=form.cleaned_data["max_choices"],
                allocations=form.allocations,
            )
            return redirect("budgets:organise", slug=slug)
    title = _("Change an area") if held else _("Add an area")
    return _form(request, form, process, title, removable=held is not None)


@login_required
def project(request: HttpRequest, slug: str, ref: str | None = None) -> HttpResponse:
    process = changeable_process(request, slug)
    held = get_object_or_404(process.projects, ref=ref) if ref else None
    if held and "remove" in request.POST:
        actions.remove_project(project=held)
        return redirect("budgets:organise", slug=slug)
    form = ProjectForm(request.POST or None, process=process, project=held)
    if request.method == "POST" and form.is_valid():
        actions.put_project(project=held, **form.cleaned_data)
        if "another" in request.POST:
            return redirect("budgets:new_project", slug=slug)
        return redirect(reverse("budgets:organise", args=[slug]) + "#projects")
    title = _("Change a project") if held else _("Add a project")
    return _form(request, form, process, title, removable=held is not None, another=not held)


@login_required
@never_cache
def roll(request: HttpRequest, slug: str) -> HttpResponse:
    """Make voting codes. They leave the server in this one answer and are kept only as hashes."""
    process = own_process(request, slug)
    if process.box.closed_at:
        reason = _("Voting is closed, so new codes could not be used.")
        raise Refused(reason, steps=[_desk_of(process)])
    form = CodesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        letters = actions.make_codes(
            process=process,
            letters=form.cleaned_data["letters"],
            at=timezone.now(),
            by=person_of(request),
        )
        response = HttpResponse(
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{slug}-codes.csv"'},
        )
        writer = csv.writer(response)
        writer.writerow(("letter", "voting_code"))
        writer.writerows((letter.number, codes.grouped(letter.code)) for letter in letters)
        return response
    entries, _voted = box_queries.turnout(process.box)
    context = {"process": process, "form": form, "entries": entries}
    return render(request, "budgets/codes.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    process = own_process(request, slug)
    actions.open_process(process=process, at=timezone.now(), by=person_of(request))
    messages.success(request, _("Voting is open, and the rulebook is frozen."))
    return redirect("budgets:organise", slug=slug)


@login_required
@require_POST
def count_again(request: HttpRequest, slug: str) -> HttpResponse:
    process = own_process(request, slug)
    actions.ask_for_count(process=process, at=timezone.now())
    return redirect("budgets:organise", slug=slug)


@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The result as it will be published, for its organisers only."""
    process = own_process(request, slug)
    if process.phase not in {Phase.COUNTED, Phase.PUBLISHED}:
        reason = _("There is no finished count to look at yet.")
        raise Refused(reason, steps=[_desk_of(process)])
    if few := rules.why_not_tell(process, queries.ballots_counted(process)):
        raise Refused(few, steps=[_desk_of(process)])
    context = {
        "process": process,
        "result": queries.result(process),
        "fingerprint": process.fingerprint[:16],
        "bundle_name": queries.bundle_path(process).name,
        "preview": (
            reverse("budgets:publish", args=[slug]) if process.phase is Phase.COUNTED else ""
        ),
    }
    return render(request, "budgets/result.html", context)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    process = own_process(request, slug)
    actions.publish(process=process, at=timezone.now(), by=person_of(request))
    return redirect("budgets:result", slug=slug)


def _form(
    request: HttpRequest, form: object, process: Process | None, title: str, **more: object
) -> HttpResponse:
    context = {"form": form, "process": process, "title": title, **more}
    status = 422 if form.errors else 200  # type: ignore[attr-defined]
    return render(request, "budgets/form.html", context, status=status)
