"""The minutes of a decision, and its record: to read, on paper and as data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from interlock.web.coops.actions import minutes as minutes_actions
from interlock.web.coops.forms import decisions as forms
from interlock.web.coops.models import DecisionStage, Minutes
from interlock.web.coops.queries import decisions as queries
from interlock.web.coops.queries.records import record_of
from interlock.web.coops.rules import access
from interlock.web.coops.rules import decisions as rules
from interlock.web.coops.views.decisions import answers_of, found_decision, result_of, told_rule
from interlock.web.coops.views.inside import entered, keeping_register
from interlock.web.look.printing import pdf_answer
from interlock.web.look.refusals import Refused, Step
from interlock.web.record.chain import canonical, digest


@login_required
def minutes(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """Write the minutes, and sign the record."""
    who, now = keeping_register(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    if reason := rules.why_not_minutes(found):
        raise Refused(reason, steps=[Step.to(found)])
    stored = Minutes.objects.filter(decision=found).first()
    if stored and stored.signed_at:
        return redirect("coops:decision_record", slug, found.pk)
    form = forms.MinutesForm(
        request.POST if "text" in request.POST else None,
        initial={"text": stored.text if stored else ""},
    )
    signing = forms.SignatureForm(
        request.POST if "name" in request.POST else None,
        initial={"name": who.member.name if who.member else str(who.person)},
    )
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        minutes_actions.write_minutes(decision=found, text=text, by=who.person, at=now)
        messages.success(request, _("Saved. Read it once more, then sign below."))
        return redirect(request.path)
    if signing.is_bound and signing.is_valid():
        name = signing.cleaned_data["name"]
        minutes_actions.sign_record(decision=found, name=name, by=who.person, at=now)
        messages.success(request, _("Signed: the record stays as it is."))
        return redirect("coops:decision_record", slug, found.pk)
    context = {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "form": form,
        "signing": signing,
        "minutes": stored,
    }
    wrong = form.errors or signing.errors
    return render(request, "coops/decision_minutes.html", context, status=422 if wrong else 200)


@login_required
def record(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """The record of a decision, to read."""
    who, now = entered(request, slug), timezone.now()
    return render(request, "coops/decision_record.html", _record_context(who, ref, now))


@login_required
def record_pdf(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    who, now = entered(request, slug), timezone.now()
    context = _record_context(who, ref, now)
    name = f"{slug}-decision-{context['decision'].number}.pdf"
    return pdf_answer(request, "coops/decision_paper.html", context, name)


@login_required
def record_json(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """The same as data, in the names of Popolo; its SHA-256 is the one on paper."""
    who, now = entered(request, slug), timezone.now()
    context = _record_context(who, ref, now)
    name = f"{slug}-decision-{context['decision'].number}.json"
    return HttpResponse(
        canonical(context["body"]),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _record_context(who: access.Inside, ref: UUID, now: datetime) -> dict[str, Any]:
    found = found_decision(who, ref, now)
    if found.stage is not DecisionStage.DECIDED:
        raise Refused(_("There is a record once it is decided."), steps=[Step.to(found)])
    stored = Minutes.objects.filter(decision=found).first()
    options = list(found.options.all())
    body = stored.body if stored and stored.body else record_of(found, stored)
    electors = list(found.electors.select_related("member", "vote"))
    return {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "kind": forms.KINDS.get(found.kind, found.kind),
        "minutes": stored,
        "body": body,
        "sha256": digest(body),
        "answers": answers_of(electors, options),
        "options": options,
        "objections": list(found.objections.select_related("member")),
        "rule": told_rule(queries.frozen_rule(found), len(electors), found.method, found.seats),
        "result": result_of(found, options),
    }
