"""Where one begins: one's own co-ops, what this part of the site is, opening an inside."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from interlock.web.coops.actions import opening as actions
from interlock.web.coops.forms.opening import BeginningForm, OpenForm, ShowForm
from interlock.web.coops.models import Coop
from interlock.web.coops.queries import members, opening
from interlock.web.coops.rules.opening import why_not_correct, why_not_open
from interlock.web.coops.views.inside import entered
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person


def start(request: HttpRequest) -> HttpResponse:
    """One's own co-ops; for everybody, what this is and how it begins."""
    context: dict[str, object] = {}
    if isinstance(request.user, Person):
        context = {
            "own": opening.coops_of(request.user),
            "left": opening.left_by(request.user),
            "invitations": members.invitations_of(request.user),
            "to_open": opening.to_open_by(request.user),
        }
    return render(request, "coops/start.html", context)


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    institution = get_object_or_404(Institution.objects.select_related("kind"), slug=slug)
    if reason := why_not_open(institution, request.user):
        raise Refused(reason, status=403, steps=[Step.to(institution)])
    if known := Coop.objects.filter(institution=institution).first():
        return redirect(known)
    now = timezone.now()
    form = OpenForm(request.POST or None, initial={"first_year_begins_on": date(now.year, 1, 1)})
    if request.method == "POST" and form.is_valid():
        coop = actions.open_coop(
            institution=institution, by=person_of(request), at=now, **form.cleaned_data
        )
        messages.success(request, _("It is open. Nobody outside sees anything of it."))
        return redirect("coops:register", coop.institution.slug)
    context = {"form": form, "institution": institution}
    return render(request, "coops/new.html", context, status=422 if form.errors else 200)


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """What the public page tells: the stewards' to say."""
    who = entered(request, slug)
    if not who.is_steward:
        raise Refused(
            _("Only a steward of the co-op says what its page shows."),
            status=403,
            steps=[Step.to(who.coop)],
        )
    form = ShowForm(request.POST or None, instance=who.coop)
    if request.method == "POST" and form.is_valid():
        actions.show(coop=who.coop, by=who.person, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(who.coop)
    return render(request, "coops/show.html", {"who": who, "coop": who.coop, "form": form})


@login_required
def beginning(request: HttpRequest, slug: str) -> HttpResponse:
    """First day, currency and zone said again: the stewards', as long as nothing rests on them."""
    who = entered(request, slug)
    home = [Step.to(who.coop)]
    if not who.is_steward:
        raise Refused(
            _("Only a steward of the co-op corrects how it was opened."), status=403, steps=home
        )
    if reason := why_not_correct(who.coop):
        raise Refused(reason, _("Ask whoever runs this site."), steps=home)
    given = {name: getattr(who.coop, name) for name in BeginningForm.base_fields}
    form = BeginningForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        if reason := why_not_correct(who.coop, form.cleaned_data["currency"]):
            form.add_error("currency", str(reason))
        else:
            actions.correct(coop=who.coop, by=who.person, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("coops:years", slug)
    context = {"who": who, "coop": who.coop, "form": form}
    return render(request, "coops/beginning.html", context, status=422 if form.errors else 200)
