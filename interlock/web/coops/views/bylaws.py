"""The bylaws: in plain words, their versions, and what changes them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from interlock.web.coops.actions.bylaws import change_bylaws
from interlock.web.coops.forms.bylaws import MembershipForm, ModelForm, RuleForm
from interlock.web.coops.models import Coop
from interlock.web.coops.queries import bylaws as queries
from interlock.web.coops.rules.access import today
from interlock.web.coops.views.inside import entered, keeping_register
from interlock.web.look.refusals import Refused

MODEL, MEMBERSHIP = "model", "membership"


@login_required
def bylaws(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The version in force, or another; each rule with the numbers of today's members."""
    who = entered(request, slug)
    day = today(who.coop, timezone.now())
    versions = list(who.coop.bylaws.select_related("decision").order_by("-number"))
    begun = [one for one in versions if one.effective_on <= day]
    in_force = max(begun, key=lambda one: (one.effective_on, one.number), default=None)
    shown = in_force or (versions[-1] if versions else None)
    if number is not None:
        shown = next((one for one in versions if one.number == number), None)
    if shown is None:
        raise Http404
    terms = queries.terms(shown)
    context = {
        "who": who,
        "coop": who.coop,
        "shown": shown,
        "in_force": in_force,
        "versions": versions,
        "rules": queries.told_rules(who.coop, terms, day),
        "asked": list(queries.asked(terms.membership)),
        "own_rules": [pair for pair in queries.KINDS.items() if pair[0] not in terms.decisions],
        "to_enter": queries.to_enter(who.coop) if who.keeps_register else [],
    }
    return render(request, "coops/bylaws.html", context)


@login_required
def change(request: HttpRequest, slug: str, part: str) -> HttpResponse:
    """A new version: a model instead of it, or one part of it anew."""
    who = keeping_register(request, slug)
    form = _form(request, who.coop, part)
    if request.method == "POST" and form.is_valid():
        try:
            change_bylaws(
                coop=who.coop,
                bylaws=form.bylaws(),
                by=who.person,
                at=timezone.now(),
                **form.version(),
            )
        except Refused as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())
        else:
            messages.success(request, _("A new version is entered. The one before it stays."))
            return redirect("coops:bylaws", slug)
    label = {MODEL: _("Another model"), MEMBERSHIP: _("Becoming and staying a member")}
    context = {
        "who": who,
        "coop": who.coop,
        "form": form,
        "label": label.get(part) or queries.KINDS[part],
    }
    return render(request, "coops/bylaws_change.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, coop: Coop, part: str) -> ModelForm | MembershipForm | RuleForm:
    latest = queries.latest(coop)
    if latest is None or part not in (MODEL, MEMBERSHIP, *queries.KINDS):
        raise Http404
    latest.coop = coop
    told = {"initial": {"effective_on": today(coop, timezone.now())}}
    if part == MODEL:
        return ModelForm(request.POST or None, latest=latest, **told)
    terms = queries.terms(latest)
    if part == MEMBERSHIP:
        return MembershipForm(request.POST or None, latest=latest, terms=terms, **told)
    return RuleForm(request.POST or None, latest=latest, terms=terms, kind=part, **told)
