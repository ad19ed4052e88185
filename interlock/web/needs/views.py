"""The pages of needs, offers and introductions."""

from copy import copy
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from interlock.methods.matching.ranking import REACH_KM
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.institutions.speaking import acting_for
from interlock.web.look.amounts import distance
from interlock.web.look.refusals import Refused, Step
from interlock.web.needs import actions, exporting, queries, rules
from interlock.web.needs.forms import (
    AnswerForm,
    AskForm,
    CloseForm,
    ConcludeForm,
    ListingForm,
    ProcessForm,
)
from interlock.web.needs.models import Contact, Exchange, Introduction, Listing
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

A_PAGE = 30


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages of what a search has counted already."""

    def __init__(self, found: queries.Found) -> None:
        super().__init__(found.listings, A_PAGE)
        self.found = found

    @cached_property
    def count(self) -> int:
        return self.found.number


def listings(request: HttpRequest) -> HttpResponse:
    """All that is open, with what it can be narrowed by."""
    wanted = queries.wanted(request.GET.dict())
    found = queries.search(wanted, timezone.now())
    page = Counted(found).get_page(request.GET.get("page"))
    by = Institution.objects.filter(slug=wanted.by).first() if wanted.by else None
    reach = distance(REACH_KM["local"])
    context = {"wanted": wanted, "found": found, "page": page, "by": by, "reach": reach}
    return render(request, "needs/listings.html", context)


def listing(request: HttpRequest, number: int) -> HttpResponse:
    """One, with what could meet it and why."""
    return _page(request, _found(number))


def _page(
    request: HttpRequest, found: Listing, close_form: CloseForm | None = None
) -> HttpResponse:
    at = timezone.now()
    is_open = found.is_open(at)
    own = isinstance(request.user, Person) and not why_not_speak_for(
        found.institution, request.user
    )
    context = {
        "listing": found,
        "open": is_open,
        "own": own,
        "ending": found.expires_at <= at + rules.REMINDED_BEFORE,
        "matches": queries.matches_of(found, at) if is_open else [],
        "introductions": list(found.introductions.waiting().select_related("asker")) if own else [],
        "email": found.institution.email if found.contact == Contact.PUBLISHED else "",
        "close_form": close_form or CloseForm(),
    }
    wrong = close_form is not None and bool(close_form.errors)
    return render(request, "needs/listing.html", context, status=422 if wrong else 200)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    own, at = _own(request), timezone.now()
    exchange = request.GET.get("exchange", "")
    known = exchange if exchange in Exchange.values else ""
    form = ListingForm(own, request.POST or None, at=at, exchange=known)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.post(
                institution=form.acting, by=person_of(request), at=at, **form.said()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Posted. Here is who could meet it."))
            return redirect(made)
    context = {"form": form, "exchange": known or Exchange.WANT}
    return render(request, "needs/new.html", context, status=422 if form.errors else 200)


@login_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    found = _own_listing(request, number)
    at = timezone.now()
    form = ListingForm([found.institution], request.POST or None, at=at, instance=copy(found))
    if request.method == "POST" and form.is_valid():
        actions.change(listing=found, by=person_of(request), at=at, **form.said())
        messages.success(request, _("Saved. The page says so from now on."))
        return redirect(found)
    context = {"form": form, "listing": found}
    return render(request, "needs/edit.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def renew(request: HttpRequest, number: int) -> HttpResponse:
    found = _own_listing(request, number)
    actions.renew(listing=found, by=person_of(request), at=timezone.now())
    messages.success(request, _("Renewed: it holds for three more months."))
    return redirect(found)


@require_POST
@login_required
def close(request: HttpRequest, number: int) -> HttpResponse:
    found = _own_listing(request, number)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    actions.close(
        listing=found,
        by=person_of(request),
        at=timezone.now(),
        closing=form.cleaned_data["closing"],
    )
    messages.success(request, _("Closed. It is listed no longer."))
    return redirect(found)


@login_required
def process(request: HttpRequest) -> HttpResponse:
    """The needs of a participatory budget as drafts, posted at once."""
    own, at = _own(request), timezone.now()
    form = ProcessForm(own, request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = [
                    actions.post(institution=form.acting, by=person_of(request), at=at, **said)
                    for said in form.said()
                ]
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            said = ngettext("%(number)s need is posted.", "%(number)s needs are posted.", len(made))
            messages.success(request, said % {"number": len(made)})
            return redirect("needs:around", form.acting.slug)
    return render(
        request, "needs/process.html", {"form": form}, status=422 if form.wrong() else 200
    )


@login_required
def around(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits around here for an institution: its listings, each with the best matches."""
    institution = get_object_or_404(Institution.objects.select_related("kind"), slug=slug)
    if reason := why_not_speak_for(institution, request.user):
        raise Refused(
            reason,
            _("Ask its stewards for a role as steward or delegate."),
            status=403,
            steps=[Step.to(institution)],
        )
    page = Paginator(queries.introductions_of(institution), A_PAGE)
    context = {
        "institution": institution,
        "rows": queries.around(institution, timezone.now()),
        "page": page.get_page(request.GET.get("page")),
    }
    return render(request, "needs/around.html", context)


@login_required
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Ask to be introduced about a listing."""
    found, at, person = _found(number), timezone.now(), person_of(request)
    own = [one for one in _own(request) if one != found.institution]
    if not own:
        raise Refused(
            _("This is your own."),
            _("Who could meet it stands on its page."),
            status=403,
            steps=[Step.to(found)],
        )
    # What keeps all of them from asking is said before anybody writes anything.
    reasons = [rules.why_not_ask(found, one, person, at) for one in own]
    if all(reasons):
        raise Refused(reasons[0] or "", steps=[Step.to(found)])
    own = [one for one, reason in zip(own, reasons, strict=True) if not reason]
    meeting = queries.meeting(found, own, at)
    best = str(meeting.best.pk) if meeting.best else ""
    chosen = request.GET.get("with", best)
    form = AskForm(own, meeting.listings, person, request.POST or None, chosen=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask(
                listing=found,
                acting=form.acting,
                own_listing=form.own_listing,
                by=person,
                at=at,
                sentence=form.cleaned_data["sentence"],
                reach=form.cleaned_data["reach"],
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Asked. A mail tells you the answer."))
            return redirect(made)
    context = {"form": form, "listing": found}
    return render(request, "needs/ask.html", context, status=422 if form.errors else 200)


@login_required
def introduction(request: HttpRequest, number: int) -> HttpResponse:
    """One introduction, for the two sides and nobody else."""
    return _introduction(request, number)


@require_POST
@login_required
def answer(request: HttpRequest, number: int) -> HttpResponse:
    held, person = _own_introduction(request, number), person_of(request)
    if reason := why_not_speak_for(held.asked, person):
        raise Refused(reason, status=403, steps=[_to(held)])
    if reason := rules.why_not_settle(held):
        raise Refused(reason, steps=[_to(held)])
    form = AnswerForm(person, request.POST)
    if not form.is_valid():
        return _introduction(request, number, answer_form=form)
    said = form.cleaned_data
    if not form.declines and (reason := rules.why_not_accept(held, timezone.now())):
        form.add_error(None, reason)
        return _introduction(request, number, answer_form=form)
    if form.declines:
        actions.decline(introduction=held, by=person, at=timezone.now(), answer=said["answer"])
        messages.success(request, _("Declined. A mail tells them."))
    else:
        actions.accept(
            introduction=held,
            by=person,
            at=timezone.now(),
            answer=said["answer"],
            reach=said["reach"],
        )
        messages.success(request, _("You are introduced. Both sides have a mail."))
    return redirect(held)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    held = _own_introduction(request, number)
    actions.withdraw(introduction=held, by=person_of(request), at=timezone.now())
    messages.success(request, _("Withdrawn."))
    return redirect(held)


@require_POST
@login_required
def conclude(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    held, person = _own_introduction(request, number), person_of(request)
    side = next((one for one in queries.own_sides(held, person) if one.slug == slug), None)
    if side is None:
        raise Refused(
            _("Only the people of that side can say what became of it."),
            status=403,
            steps=[_to(held)],
        )
    form = ConcludeForm(held, side, request.POST)
    if form.is_valid():
        try:
            actions.conclude(
                introduction=held, side=side, by=person, at=timezone.now(), **form.said()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Saved."))
            return redirect(held)
    return _introduction(request, number, conclude_form=form)


def _introduction(
    request: HttpRequest,
    number: int,
    *,
    answer_form: AnswerForm | None = None,
    conclude_form: ConcludeForm | None = None,
) -> HttpResponse:
    held, person = _own_introduction(request, number), person_of(request)
    sides = queries.own_sides(held, person)
    forms = [
        conclude_form if conclude_form and conclude_form.side == side else ConcludeForm(held, side)
        for side in sides
        if held.accepted
    ]
    context: dict[str, Any] = {
        "introduction": held,
        "asks": held.asker in sides,
        "answers": held.asked in sides,
        "why_not_yes": rules.why_not_accept(held, timezone.now()),
        "answer_form": answer_form or AnswerForm(person),
        "conclude_forms": forms,
    }
    wrong = answer_form or conclude_form
    return render(request, "needs/introduction.html", context, status=422 if wrong else 200)


def profile(request: HttpRequest, number: int) -> JsonResponse:
    """A listing's Murmurations profile, at the address that an index is given."""
    found = _found(number)
    if not found.is_open(timezone.now()):
        raise Http404
    return JsonResponse(exporting.profile(found), json_dumps_params={"ensure_ascii": False})


def profiles(request: HttpRequest) -> StreamingHttpResponse:
    """The addresses of all profiles, for whoever gives them to an index."""
    return exporting.streamed(exporting.profiles(timezone.now()))


def _found(number: int) -> Listing:
    found = Listing.objects.select_related("institution__kind")
    return get_object_or_404(found, pk=number)


def _own(request: HttpRequest) -> list[Institution]:
    """The institutions one can act for here."""
    reason = _("A need or an offer is an institution’s, and you speak for none yet.")
    return acting_for(person_of(request), reason)


def _own_listing(request: HttpRequest, number: int) -> Listing:
    """One that the signed-in person may change; finding it is the permission check."""
    found = _found(number)
    if reason := why_not_speak_for(found.institution, request.user):
        remedy, steps = _("Ask one of them."), [Step.to(found.institution)]
        raise Refused(reason, remedy, status=403, steps=steps)
    if reason := rules.why_not_change(found):
        raise Refused(
            reason, steps=[Step(_("Post a need or an offer"), reverse("needs:new")), Step.to(found)]
        )
    return found


def _to(held: Introduction) -> Step:
    return Step(str(held.listing), held.get_absolute_url())


def _own_introduction(request: HttpRequest, number: int) -> Any:
    """One of the person's own; to all others there is none."""
    return get_object_or_404(queries.of_person(person_of(request)), pk=number)
