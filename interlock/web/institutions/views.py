"""The register's pages."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from interlock.web.institutions import actions, exporting, queries, rules
from interlock.web.institutions.forms import InstitutionForm, RoleForm
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

A_PAGE = 60


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages of what a search has counted already."""

    def __init__(self, found: queries.Found) -> None:
        super().__init__(found.institutions, A_PAGE)
        self.found = found

    @cached_property
    def count(self) -> int:
        return self.found.number


def own_institution(request: HttpRequest, slug: str) -> Institution:
    """One that the signed-in person looks after; finding it is the permission check."""
    institution = get_object_or_404(Institution, slug=slug)
    if reason := rules.why_not_look_after(institution, request.user):
        raise Refused(reason, _("Ask one of them to let you in."), status=403)
    return institution


def register(request: HttpRequest) -> HttpResponse:
    """The list, with all that it can be narrowed by; `register` is what the field calls it."""
    wanted = queries.wanted(request.GET.dict())
    found = queries.search(wanted)
    page = Counted(found).get_page(request.GET.get("page"))
    empty = not found.number and queries.is_empty()
    context = {"page": page, "wanted": wanted, "found": found, "empty": empty}
    return render(request, "institutions/register.html", context)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = Institution.objects.select_related("kind").prefetch_related("identifiers")
    institution = get_object_or_404(found, slug=slug)
    stewards = set(institution.memberships.stewards().values_list("person", flat=True))
    context = {
        "institution": institution,
        "facts": queries.facts_of(institution),
        "whereabouts": queries.whereabouts_of(institution),
        "identifiers": list(institution.identifiers.all()),
        "certifications": queries.certifications_of(institution, timezone.localdate()),
        "deeds": queries.deeds_of(institution),
        "panels": queries.panels_of(institution, request.user),
        "looked_after": bool(stewards),
        "own": request.user.pk in stewards,
        # What its script element holds is safe as it is: `jsonld.script` leaves no sign of markup.
        "json_ld": mark_safe(exporting.json_ld(institution)),
    }
    return render(request, "institutions/page.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    form = InstitutionForm(request.POST or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        made = actions.register(**form.said(), at=timezone.now(), steward=person_of(request))
        return redirect(made)
    status = 422 if form.wrong() else 200
    return render(request, "institutions/new.html", {"form": form}, status=status)


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    institution = own_institution(request, slug)
    form = InstitutionForm(request.POST or None, instance=copy(institution))
    if request.method == "POST" and form.is_valid():
        actions.change(
            institution=institution, by=person_of(request), at=timezone.now(), **form.said()
        )
        messages.success(request, _("Saved. The page says so from now on."))
        return redirect(institution)
    context = {"form": form, "institution": institution}
    return render(request, "institutions/edit.html", context, status=422 if form.wrong() else 200)


@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has a role there, for those who look after it and nobody else."""
    institution = own_institution(request, slug)
    by, at = person_of(request), timezone.now()
    if ending := request.POST.get("end"):
        some = queries.people_of(institution)
        membership = get_object_or_404(some, pk=ending if ending.isdecimal() else 0)
        actions.end_role(membership=membership, by=by, at=at)
        messages.success(request, _("The role has ended."))
        if membership.person == by and rules.why_not_look_after(institution, by):
            return redirect(institution)
        return redirect("institutions:people", slug=slug)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = Person.objects.by_email(form.cleaned_data["email"])
        role = form.cleaned_data["role"]
        if reason := rules.why_not_give(institution, person, role):
            form.add_error("email", reason)
        else:
            actions.give_role(institution=institution, person=person, role=role, by=by, at=at)
            messages.success(request, _("Added. Tell them to sign in with that address."))
            return redirect("institutions:people", slug=slug)
    context = {
        "institution": institution,
        "people": queries.people_of(institution),
        "form": form,
    }
    return render(request, "institutions/people.html", context, status=422 if form.errors else 200)
