"""The register's pages."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from interlock.web.institutions import actions, queries
from interlock.web.institutions.forms import InstitutionForm
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.access import person_of


def register(request: HttpRequest) -> HttpResponse:
    """The list, by kind; `register` is what the field calls it."""
    kind = request.GET.get("kind", "")
    found = Institution.objects.all()
    if kind in Kind.values:
        found = found.filter(kind=kind)
    page = Paginator(found, 60).get_page(request.GET.get("page"))
    context = {"page": page, "kind": kind, "kinds": Kind.choices}
    return render(request, "institutions/register.html", context)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    institution = get_object_or_404(Institution, slug=slug)
    context = {
        "institution": institution,
        "deeds": queries.deeds_of(institution),
        "looked_after": institution.stewards.exists(),
    }
    return render(request, "institutions/page.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("kind")
    form = InstitutionForm(
        request.POST or None, initial={"kind": asked if asked in Kind.values else None}
    )
    if request.method == "POST" and form.is_valid():
        made = actions.register(**form.cleaned_data, at=timezone.now(), steward=person_of(request))
        return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "institutions/new.html", {"form": form}, status=status)
