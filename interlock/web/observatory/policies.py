"""The pages of the register of policies, its codebook, and the question whether a paradigm changes."""

import csv
import io
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from interlock.methods.formats.formulas import guarded
from interlock.web.look.refusals import Refused, Step
from interlock.web.observatory import actions, codebook, exporting, paradigms, queries, rules
from interlock.web.observatory.forms import CodingForm, PolicyForm, WithdrawForm
from interlock.web.observatory.models import Direction, Order, Policy, State
from interlock.web.people.access import person_of

A_PAGE = 20


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    wanted = queries.wanted(request.GET.dict())
    found = queries.search(queries.readable_by(request.user), wanted)
    context = {
        "wanted": wanted,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "orders": Order.choices,
        "directions": Direction.choices,
        "states": State.choices,
    }
    return render(request, "observatory/policies.html", context)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """What everybody may read, one policy a line, as its list is narrowed."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(exporting.COLUMNS)
    for row in exporting.rows(queries.wanted(request.GET.dict())):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="policies.csv"'
    return answer


@require_safe
def document(request: HttpRequest) -> JsonResponse:
    """The same as JSON, with every coding and its reason."""
    told = exporting.policies(queries.wanted(request.GET.dict()))
    return JsonResponse({"policies": list(told)}, json_dumps_params={"ensure_ascii": False})


@require_safe
def book(request: HttpRequest) -> HttpResponse:
    return render(request, "observatory/codebook.html", {"book": codebook})


@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.propose(by=person_of(request), at=timezone.now(), said=form.said())
        messages.success(request, _("Proposed. Somebody who keeps the register looks at it next."))
        return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "observatory/policy_form.html", {"form": form}, status=status)


@require_safe
def policy(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    return _page(request, found)


def _page(
    request: HttpRequest, found: Policy, withdrawing: WithdrawForm | None = None
) -> HttpResponse:
    user, codings = request.user, queries.codings_shown(found)
    why_not_code = rules.why_not_code(found, user)
    context: dict[str, Any] = {
        "policy": found,
        "codings": codings,
        "so_far": queries.coded_so_far(found) if found.state == State.TO_CODE else 0,
        "own": None if codings else queries.own_coding(found, user),
        "versions": list(found.versions.all()),
        "confirms": not rules.why_not_confirm(found, user),
        "corrects": not rules.why_not_correct(found, user),
        "why_not_code": why_not_code,
        "withdraw_form": withdrawing or WithdrawForm(),
    }
    return render(request, "observatory/policy.html", context, status=422 if withdrawing else 200)


@login_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    if reason := rules.why_not_correct(found, request.user):
        raise Refused(reason, status=403, steps=[Step.to(found)])
    form = PolicyForm(request.POST or None, policy=found)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        try:
            actions.correct(
                policy=found, by=person_of(request), at=timezone.now(), said=form.said(), note=note
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Saved. What it said before stays below."))
            return redirect(found)
    context = {"form": form, "policy": found, "fixed": rules.why_not_change_text(found)}
    status = 422 if form.errors else 200
    return render(request, "observatory/policy_form.html", context, status=status)


@require_POST
@login_required
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    actions.confirm(policy=found, by=person_of(request), at=timezone.now())
    messages.success(request, _("Confirmed. Everybody reads it now, and it waits to be coded."))
    return redirect(found)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    found = _found(request, number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        if reason := rules.why_not_withdraw(found, request.user):
            raise Refused(reason, status=403, steps=[Step.to(found)])
        return _page(request, found, form)
    reason = form.cleaned_data["reason"]
    actions.withdraw(policy=found, by=person_of(request), at=timezone.now(), reason=reason)
    messages.success(request, _("Withdrawn. Its page stays, with the reason."))
    return redirect(found)


@login_required
def code(request: HttpRequest, number: int) -> HttpResponse:
    """Read the passage beside the codebook, and say what it is."""
    found = _found(request, number)
    if reason := rules.why_not_code(found, request.user):
        raise Refused(reason, status=403, steps=[Step.to(found)])
    form = CodingForm(request.POST or None, initial={"text_version": found.text_version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.code(
                policy=found, by=person_of(request), at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            if refusal.status == 403:
                raise
            # What they said stays, for the text that stands now.
            form.data = {**form.data.dict(), "text_version": str(found.text_version)}  # type: ignore[attr-defined]
            form.add_error(None, f"{refusal.reason} {refusal.remedy}")
        else:
            messages.success(request, _("Thank you. Your coding is in."))
            return redirect(found)
    context = {
        "form": form,
        "policy": found,
        "book": codebook,
        "codings": queries.codings_shown(found),
    }
    status = 422 if form.errors else 200
    return render(request, "observatory/code.html", context, status=status)


@require_safe
def paradigm(request: HttpRequest) -> HttpResponse:
    """What would count as evidence, said before the numbers; then the numbers."""
    counts, reckoned = queries.counts(), queries.latest()
    conditions = paradigms.conditions(reckoned, counts)
    context = {
        "book": codebook,
        "counts": counts,
        "reckoned": reckoned,
        "zone": settings.TIME_ZONE,
        "due": queries.due().exists(),
        "conditions": conditions,
        "overall": paradigms.overall(conditions),
        "agreement": paradigms.agreement(reckoned),
    }
    return render(request, "observatory/paradigm.html", context)


def _found(request: HttpRequest, number: int) -> Policy:
    """One that the reader may see; to all others there is none."""
    return get_object_or_404(queries.readable_by(request.user), pk=number)
