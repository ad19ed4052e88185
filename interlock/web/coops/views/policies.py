"""Policies: in plain words, the one before too, and a new one from a model."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from interlock.methods.surplus import PRESETS
from interlock.web.coops.actions.policies import adopt_policy
from interlock.web.coops.forms.years import PolicyForm
from interlock.web.coops.models import Coop, Policy
from interlock.web.coops.rules import policies as rules
from interlock.web.coops.views.inside import entered, keeping_money
from interlock.web.people.access import person_of


def words_of(policy: Policy, coop: Coop) -> list[str]:
    return list(rules.in_words(rules.read(policy.body), coop.currency))


def _latest(coop: Coop) -> list[Policy]:
    return list(coop.policies.select_related("decision").order_by("-number")[:20])


@login_required
@require_safe
def policies(request: HttpRequest, slug: str) -> HttpResponse:
    who = entered(request, slug)
    found = [(one, words_of(one, who.coop)) for one in _latest(who.coop)]
    models = [
        (key, called, list(rules.in_words(PRESETS[key], who.coop.currency)))
        for key, called in rules.MODELS.items()
    ]
    context = {"who": who, "coop": who.coop, "policies": found, "models": models}
    return render(request, "coops/policies.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, slug: str, preset: str) -> HttpResponse:
    who = keeping_money(request, slug)
    form = PolicyForm(request.POST or None, preset=preset, coop=who.coop)
    is_first = not who.coop.policies.exists()
    if is_first:
        del form.fields["reason"]
    if form.is_valid():
        adopt_policy(
            coop=who.coop,
            body=form.policy(),
            preset=preset,
            adopted_on=form.cleaned_data["adopted_on"],
            reason=form.cleaned_data.get("reason", ""),
            decision=form.cleaned_data.get("decision"),
            by=person_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The policy is on record."))
        return redirect("coops:years", slug=slug) if is_first else redirect("coops:policies", slug)
    context = {"who": who, "coop": who.coop, "form": form, "called": rules.MODELS[preset]}
    return render(request, "coops/policy_form.html", context, status=422 if form.errors else 200)
