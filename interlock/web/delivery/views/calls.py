"""The pages of calls: the list, one call, and the desk of who organises it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from interlock.methods.matching.ranking import REACH_KM
from interlock.web.delivery.actions import bids, calls, evaluating
from interlock.web.delivery.forms import calls as forms
from interlock.web.delivery.models import Call, CallStage, Delivery, Panelist, Score
from interlock.web.delivery.queries import calls as queries
from interlock.web.delivery.queries.awarding import free
from interlock.web.delivery.queries.bids import of_person
from interlock.web.delivery.queries.evaluating import missing, to_award, to_set_aside
from interlock.web.delivery.rules import bids as bid_rules
from interlock.web.delivery.rules import calls as rules
from interlock.web.institutions.rules import why_not_look_after
from interlock.web.institutions.speaking import acting_for
from interlock.web.look.amounts import distance
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

A_PAGE = 20


def listed(request: HttpRequest) -> HttpResponse:
    """Calls that are open, or the past ones."""
    wanted = queries.wanted(request.GET.dict())
    found = queries.search(wanted)
    drafts = queries.drafts_of(request.user) if isinstance(request.user, Person) else []
    context = {
        "wanted": wanted,
        "found": found,
        "page": Paginator(found.calls, A_PAGE).get_page(request.GET.get("page")),
        "reach": distance(REACH_KM["local"]),
        "drafts": drafts,
    }
    return render(request, "delivery/calls.html", context)


def call(request: HttpRequest, number: int) -> HttpResponse:
    """One call, for everybody."""
    return _page(request, found_by(request, number))


def _page(
    request: HttpRequest, call: Call, question_form: forms.QuestionForm | None = None
) -> HttpResponse:
    at, person = timezone.now(), request.user
    is_known = isinstance(person, Person)
    own = list(of_person(call, person)) if isinstance(person, Person) else []
    context = {
        "call": call,
        "lots": list(call.lots.all()),
        "criteria": list(call.criteria.all()),
        "example": queries.example_of(call),
        "questions": list(call.questions.all()),
        "notices": list(call.notices.all()),
        "custodians": list(call.custodians.all()) if call.has_custodians else [],
        "panel": list(call.panel.all()),
        "bidders": queries.bidders_of(call) if call.opened_at else [],
        "awards": queries.awards_of(call) if call.ranked_at else [],
        "unawarded": queries.unawarded_of(call) if call.ranked_at else [],
        "organises": rules.why_not_organise(call, person) is None,
        "own": own,
        "why_not_ask": rules.why_not_ask(call, person, at) if isinstance(person, Person) else None,
        "sits": is_known and any(seat.person_id == person.pk for seat in call.panel.all()),
        "question_form": question_form or forms.QuestionForm(),
    }
    wrong = question_form is not None
    return render(request, "delivery/call.html", context, status=422 if wrong else 200)


@require_POST
@login_required
def ask(request: HttpRequest, number: int) -> HttpResponse:
    found = found_by(request, number)
    form = forms.QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    said = form.cleaned_data["text"]
    calls.ask(call=found, text=said, by=person_of(request), at=timezone.now())
    messages.success(request, _("Asked. A mail tells you the answer."))
    return redirect(found)


@login_required
def new(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a call for a delivery."""
    among = Delivery.objects.select_related("project__process", "responsible")
    delivery = get_object_or_404(among, pk=number)
    if reason := why_not_look_after(delivery.responsible, request.user):
        raise Refused(reason, status=403, steps=[Step.to(delivery)])
    if reason := rules.why_not_call(delivery):
        raise Refused(reason, steps=[Step.to(delivery)])
    process = delivery.project.process
    form = forms.CallForm(
        request.POST or None, delivery=delivery, zone=process.zone, currency=process.currency
    )
    if request.method == "POST" and form.is_valid():
        made = calls.draft_call(
            delivery=delivery, by=person_of(request), at=timezone.now(), **form.said()
        )
        messages.success(request, _("Saved as a draft. Below is what it needs to be published."))
        return redirect("delivery:organise", made.pk)
    context = {
        "form": form,
        "title": _("Call for a delivery partner"),
        "delivery": delivery,
        "free": free(delivery),
        "currency": process.currency,
    }
    return render(request, "delivery/call_form.html", context, status=_status(form))


@login_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    found = organised(request, number)
    if reason := rules.why_not_change(found):
        raise Refused(reason, steps=[_desk(found)])
    assert found.delivery
    form = forms.CallForm(
        request.POST or None,
        delivery=found.delivery,
        zone=found.zone,
        currency=found.currency,
        call=found,
    )
    if request.method == "POST" and form.is_valid():
        calls.change_call(call=found, by=person_of(request), **form.said())
        messages.success(request, _("Saved."))
        return redirect("delivery:organise", found.pk)
    context = {
        "form": form,
        "title": _("Change the draft"),
        "call": found,
        "free": free(found.delivery),
        "currency": found.currency,
    }
    return render(request, "delivery/call_form.html", context, status=_status(form))


@login_required
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Tell of a call that is held elsewhere."""
    own = acting_for(
        person_of(request), _("A call is an institution’s, and you speak for none yet.")
    )
    form = forms.ElsewhereForm(own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = calls.record_elsewhere(by=person_of(request), at=timezone.now(), **form.said())
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Told. Whoever could answer it is found now."))
            return redirect(made)
    return render(request, "delivery/elsewhere.html", {"form": form}, status=_status(form))


@dataclass(frozen=True)
class Act:
    """One thing that an organiser does: its form, and the verb with what was typed."""

    form: Callable[..., Any]
    do: Callable[[Call, Person, Any], object]
    done: str | Promise
    needs_call: bool = False


def _person(form: Any) -> Person:
    return Person.objects.by_email(form.cleaned_data["email"])


def _custodian(call: Call, by: Person, form: Any) -> object:
    name, at = form.cleaned_data["name"], timezone.now()
    return calls.name_custodian(call=call, person=_person(form), name=name, by=by, at=at)


def _panelist(call: Call, by: Person, form: Any) -> object:
    name, at = form.cleaned_data["name"], timezone.now()
    return evaluating.name_panelist(call=call, person=_person(form), name=name, by=by, at=at)


def _drop_custodian(call: Call, by: Person, form: Any) -> None:
    seat = get_object_or_404(call.custodians.all(), pk=form.cleaned_data["number"])
    calls.drop_custodian(custodian=seat, by=by)


def _drop_panelist(call: Call, by: Person, form: Any) -> None:
    seat = get_object_or_404(call.panel.all(), pk=form.cleaned_data["number"])
    evaluating.drop_panelist(panelist=seat, by=by, at=timezone.now())


def _answer(call: Call, by: Person, form: Any) -> object:
    question = get_object_or_404(call.questions.all(), pk=form.cleaned_data["number"])
    said = form.cleaned_data["answer"]
    return calls.answer(question=question, answer=said, by=by, at=timezone.now())


#: What an organiser does, by the last word of its address.
ACTS: dict[str, Act] = {
    "publish": Act(
        forms.NothingForm,
        lambda call, by, form: calls.publish(call=call, by=by, at=timezone.now()),
        gettext_lazy("Published. What it says is frozen now."),
    ),
    "custodian": Act(
        forms.PersonForm, _custodian, gettext_lazy("Named. A mail tells them to take their code.")
    ),
    "drop-custodian": Act(forms.NumberForm, _drop_custodian, gettext_lazy("Taken off.")),
    "panelist": Act(forms.PersonForm, _panelist, gettext_lazy("Named. A mail tells them.")),
    "drop-panelist": Act(forms.NumberForm, _drop_panelist, gettext_lazy("Taken off.")),
    "answer": Act(forms.AnswerForm, _answer, gettext_lazy("Answered, for all to read.")),
    "extend": Act(
        forms.ExtendForm,
        lambda call, by, form: calls.extend(
            call=call, by=by, at=timezone.now(), **form.cleaned_data
        ),
        gettext_lazy("The deadline is moved on, and all who bid are told."),
        needs_call=True,
    ),
    "cancel": Act(
        forms.CancelForm,
        lambda call, by, form: calls.cancel(
            call=call, by=by, at=timezone.now(), **form.cleaned_data
        ),
        gettext_lazy("Cancelled."),
    ),
    "open": Act(
        forms.OpenForm,
        lambda call, by, form: bids.open_bids(
            call=call, by=by, at=timezone.now(), codes=form.codes()
        ),
        gettext_lazy("The bids are opened. Who bids, and for how much, is public now."),
        needs_call=True,
    ),
    "exclude": Act(
        forms.ExcludeForm,
        lambda call, by, form: evaluating.exclude(by=by, at=timezone.now(), **form.cleaned_data),
        gettext_lazy("Excluded, with the reason."),
        needs_call=True,
    ),
    "rank": Act(
        forms.NothingForm,
        lambda call, by, form: evaluating.rank(call=call, by=by, at=timezone.now()),
        gettext_lazy("Ranked. Scores and sentences are public now."),
    ),
    "no-award": Act(
        forms.NoAwardForm,
        lambda call, by, form: evaluating.decide_no_award(
            by=by, at=timezone.now(), **form.cleaned_data
        ),
        gettext_lazy("Decided, with the reason."),
        needs_call=True,
    ),
}


@login_required
def organise(request: HttpRequest, number: int) -> HttpResponse:
    """What an organiser has to do next, and can do."""
    return _organise(request, organised(request, number))


@require_POST
@login_required
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    found = organised(request, number)
    if what == "discard":
        calls.discard(call=found, by=person_of(request))
        messages.success(request, _("Thrown away."))
        return redirect("delivery:calls")
    if what not in ACTS:
        raise Http404
    one = ACTS[what]
    form = one.form(request.POST, call=found) if one.needs_call else one.form(request.POST)
    if form.is_valid():
        try:
            one.do(found, person_of(request), form)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, f"{refusal.reason} {refusal.remedy}")
        else:
            messages.success(request, str(one.done))
            return redirect("delivery:organise", found.pk)
    return _organise(request, found, what, form)


def _organise(
    request: HttpRequest, call: Call, what: str = "", wrong: django_forms.BaseForm | None = None
) -> HttpResponse:
    at = timezone.now()
    stage = call.stage

    def form_of(name: str) -> Any:
        if name == what and wrong is not None:
            return wrong
        one = ACTS[name]
        return one.form(call=call, prefix=None) if one.needs_call else one.form()

    questions = list(call.questions.filter(answered_at=None))
    no_award = form_of("no-award") if call.opened_at else None
    delivery = call.delivery if stage == CallStage.DRAFT else None
    needs = rules.readiness(call, at, free(delivery)) if delivery else []
    scored = Exists(Score.objects.filter(panelist=OuterRef("pk")))
    prefetch_related_objects(
        [call], Prefetch("panel", Panelist.objects.annotate(has_scored=scored))
    )
    comparing = stage in (CallStage.OPENED, CallStage.RANKED)
    conflicts = to_set_aside(call) if comparing else []
    context = {
        "call": call,
        "stage": stage,
        "stages": CallStage,
        "what": what,
        "needs": needs,
        "is_ready": not any(need.reason for need in needs),
        "custodians": list(call.custodians.all()) if call.has_custodians else [],
        "panel": list(call.panel.all()),
        "questions": [
            (one, wrong if what == "answer" and _is_of(wrong, one.pk) else None)
            for one in questions
        ],
        "custodian_form": form_of("custodian"),
        "panelist_form": form_of("panelist"),
        "extend_form": form_of("extend"),
        "cancel_form": form_of("cancel"),
        "open_form": form_of("open"),
        "why_not_open": bid_rules.why_not_open(call) if stage == CallStage.CLOSED else None,
        "exclude_form": form_of("exclude") if stage == CallStage.OPENED else None,
        "no_award_form": no_award if no_award and no_award.lots else None,
        "offers": to_award(call, conflicts) if stage == CallStage.RANKED else [],
        "missing": missing(call, conflicts) if stage == CallStage.OPENED else [],
        "conflicts": conflicts,
    }
    return render(request, "delivery/organise.html", context, status=422 if wrong else 200)


def _is_of(form: Any, number: int) -> bool:
    return form is not None and str(form.data.get("number")) == str(number)


@login_required
def custody(request: HttpRequest, number: int) -> HttpResponse:
    """Where a custodian takes a code, which is shown once."""
    found = _closed_if_due(_get(number))
    seat = get_object_or_404(found.custodians.all(), person=person_of(request))
    code = ""
    if request.method == "POST":
        code = calls.take_key(custodian=seat, by=person_of(request), at=timezone.now())
    context = {"call": found, "seat": seat, "code": code, "why_not": rules.why_not_take_key(found)}
    answer = render(request, "delivery/custody.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def found_by(request: HttpRequest, number: int) -> Call:
    """A call as it is now: closed by the first who comes late. Drafts are there for their own only."""
    found = _get(number)
    if found.published_at is None and rules.why_not_organise(found, request.user):
        raise Http404
    return _closed_if_due(found)


def organised(request: HttpRequest, number: int) -> Call:
    """One that the signed-in person organises; finding it is the permission check."""
    found = found_by(request, number)
    if reason := rules.why_not_organise(found, request.user):
        raise Refused(reason, _("Ask one of them."), status=403, steps=[Step.to(found)])
    return found


def _get(number: int) -> Call:
    return get_object_or_404(queries.whole(), pk=number)


def _closed_if_due(found: Call) -> Call:
    return calls.close_if_due(call=found, at=timezone.now())


def _desk(found: Call) -> Step:
    return Step(str(found), reverse("delivery:organise", args=[found.pk]))


def _status(form: Any) -> int:
    return 422 if form.errors else 200
