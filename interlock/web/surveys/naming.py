"""After the survey, and apart from it: name institutions and ties, or leave an address for results.

Whoever finished holds a leave for each, once. It comes in a form from the page of thanks, goes into a
cookie of that one page, and nothing here knows whose answers it came with: their cookie is not sent to
these addresses.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from interlock.web.institutions.queries import kinds_by_group
from interlock.web.surveys import actions, cookies, limiting, queries
from interlock.web.surveys.forms import ContactForm, NamesForm, TieForm
from interlock.web.surveys.models import Purpose, Study

#: So many ties are named at once.
ROWS = 3


@cookies.private
def name(request: HttpRequest) -> HttpResponse:
    return _with_leave(request, "surveys:name", Purpose.NAMING, _name)


@cookies.private
def updates(request: HttpRequest) -> HttpResponse:
    return _with_leave(request, "surveys:updates", Purpose.CONTACT, _updates)


def _with_leave(
    request: HttpRequest,
    page: str,
    purpose: str,
    answer: Callable[[HttpRequest, Study, str], HttpResponse],
) -> HttpResponse:
    """The page, for who has leave; a leave that is posted here is kept in a cookie of this page."""
    path = reverse(page)
    if request.method == "POST" and "leave" in request.POST:
        given = request.POST["leave"][:40]
        return cookies.put(redirect(page), cookies.LEAVE, given, path, lifetime=cookies.HOUR)
    leave = cookies.get(request, cookies.LEAVE, lifetime=cookies.HOUR)
    study = queries.study_of(leave, purpose)
    if study is None:
        return render(request, "surveys/no_leave.html", status=410)
    if request.method == "POST":
        limiting.heed(request, purpose)
    return answer(request, study, leave)


def _name(request: HttpRequest, _study: Study, leave: str) -> HttpResponse:
    data = request.POST or None
    kinds = kinds_by_group()
    form = NamesForm(data)
    rows = [
        TieForm(kinds, data, prefix=str(place), is_first=place == 1) for place in range(1, ROWS + 1)
    ]
    if data is not None and all([form.is_valid(), *[row.is_valid() for row in rows]]):
        named = [row.named() for row in rows if row.is_filled()]
        actions.name_ties(leave=leave, named=named)
        messages.success(
            request, _("Thank you. They enter the register within a day, as not confirmed.")
        )
        return cookies.drop(redirect("surveys:thanks"), cookies.LEAVE, request.path)
    wrong = data is not None
    context = {"form": form, "rows": rows, "wrong": wrong}
    return render(request, "surveys/name.html", context, status=422 if wrong else 200)


def _updates(request: HttpRequest, study: Study, leave: str) -> HttpResponse:
    form = ContactForm(request.POST or None)
    if form.is_valid():
        actions.leave_contact(
            leave=leave, email=form.cleaned_data["email"], language=get_language() or ""
        )
        messages.success(request, _("Thank you. You get one e-mail, when there are results."))
        return cookies.drop(redirect("surveys:thanks"), cookies.LEAVE, request.path)
    return render(
        request,
        "surveys/updates.html",
        {"form": form, "study": study},
        status=422 if form.errors else 200,
    )
