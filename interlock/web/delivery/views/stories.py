"""What residents chose and what became of it: all of it, a process, one project; and its officers' acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from interlock.web.budgets import queries as budgets
from interlock.web.budgets.models import Process
from interlock.web.budgets.rules import why_not_organise
from interlock.web.delivery.actions import awarding, finishing, stories
from interlock.web.delivery.forms.stories import (
    AmountForm,
    DelayForm,
    NewsForm,
    PlanForm,
    ReasonForm,
    WordsForm,
)
from interlock.web.delivery.models import Award, Call, Delivery, Stage
from interlock.web.delivery.queries import stories as queries
from interlock.web.delivery.queries.awarding import free, sides
from interlock.web.delivery.queries.waiting import todo
from interlock.web.delivery.rules.stories import why_not_officer
from interlock.web.delivery.views.asking import asked, kept
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

A_PAGE = 24
STEPS_A_PAGE = 30


def today(process: Process) -> date:
    """The day it is where the process is."""
    return timezone.now().astimezone(ZoneInfo(process.zone)).date()


def deliveries(request: HttpRequest) -> HttpResponse:
    """What residents of all processes chose, and where it stands."""
    found, stage = queries.in_a_list(), request.GET.get("stage", "")
    if stage in Stage.values:
        found = queries.at_stage(found, Stage(stage))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "stage": stage,
        "stages": [(one.value, one.label) for one in Stage],
        "late": {one.pk for one in page if queries.is_late(one, today(one.project.process))},
    }
    return render(request, "delivery/deliveries.html", context)


def process(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of one vote: by area, on time or late, awarded, paid and given back."""
    found = get_object_or_404(budgets.published(), slug=slug)
    day, areas = today(found), queries.by_area(found)
    context = {
        "process": found,
        "areas": areas,
        "sums": queries.sums(Delivery.objects.filter(project__process=found), day),
        "years": list(queries.years(found, day)),
        "late": {one.pk for area in areas for one in area.deliveries if queries.is_late(one, day)},
        "stuck": sum(one.stage == Stage.STUCK for area in areas for one in area.deliveries),
        "moved": queries.moved(found),
        "own": not why_not_organise(found, request.user),
    }
    return render(request, "delivery/process.html", context)


@require_POST
@login_required
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the deliveries of a result that was published before this room was there."""
    found = get_object_or_404(budgets.published(), slug=slug)
    stories.ask_for_records(process=found, by=person_of(request), at=timezone.now())
    messages.success(request, _("What was funded is on record, each with a page of its own."))
    return redirect("delivery:process", slug)


def found(slug: str, ref: str) -> Delivery:
    return get_object_or_404(queries.deliveries(), project__process__slug=slug, project__ref=ref)


def delivery(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """One project: its money, who delivers it, its story, and who has to act."""
    held, user = found(slug, ref), request.user
    mine = sides(held, user)
    waits = todo(user, held) if mine and isinstance(user, Person) else []
    awards = queries.awards(held)
    story = Paginator(queries.steps(held), STEPS_A_PAGE)
    officer = held.responsible in mine
    call = queries.call_of(held, drafts=officer)
    context = {
        "delivery": held,
        "process": held.project.process,
        "awards": awards,
        "call": call,
        "reason": queries.reason(held),
        "page": story.get_page(request.GET.get("page")),
        "late": queries.is_late(held, today(held.project.process)),
        "waits": waits,
        "officer": officer,
        "deliverer": any(one != held.responsible for one in mine),
        "next": next_of(held, call, [one for one in awards if not hasattr(one, "annulment")]),
        "free": free(held) if mine else 0,
        "follows": isinstance(user, Person) and held.follows.filter(person=user).exists(),
        "followers": held.follows.count(),
    }
    return render(request, "delivery/delivery.html", context)


def next_of(held: Delivery, call: Call | None, awards: Sequence[Award]) -> str:
    """What an officer does next with what nobody waits for."""
    if held.done_at or held.given_up_at:
        return ""
    if held.stuck_at:
        return "resume"
    if call and not awards and (held.called_at or call.published_at is None):
        return "organise"
    if not held.plan:
        return "plan"
    return "news" if awards else "award"


@require_POST
@login_required
def follow(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Be told of each step, or no longer."""
    held, person = found(slug, ref), person_of(request)
    if "stop" in request.POST:
        stories.unfollow(delivery=held, person=person)
        messages.success(request, _("You are not told any more."))
    else:
        stories.follow(delivery=held, person=person, at=timezone.now())
        messages.success(request, _("From now on a mail tells you of each step."))
    return redirect(held)


@dataclass(frozen=True)
class Act:
    """What an officer may do with a delivery by a form."""

    title: str | Promise
    button: str | Promise
    done: str | Promise
    form: type[Form]
    verb: Callable[..., object]
    lede: str | Promise = ""


ACTS = {
    "plan": Act(
        gettext_lazy("Write the plan"),
        gettext_lazy("Publish the plan"),
        gettext_lazy("The plan is on the page."),
        PlanForm,
        stories.plan,
        gettext_lazy("What will be done, and by when. Residents and bidders read it first."),
    ),
    "delay": Act(
        gettext_lazy("Say that it is delayed"),
        gettext_lazy("Publish the delay"),
        gettext_lazy("The delay is on the page, with its reason."),
        DelayForm,
        stories.delay,
        gettext_lazy("A delay that is explained costs little trust; one that is hidden costs all."),
    ),
    "stuck": Act(
        gettext_lazy("Say that it is stuck"),
        gettext_lazy("Publish"),
        gettext_lazy("The page says that it is stuck, and at what."),
        ReasonForm,
        stories.stop,
    ),
    "resume": Act(
        gettext_lazy("Say that it goes on"),
        gettext_lazy("Publish"),
        gettext_lazy("The page says that it goes on."),
        WordsForm,
        stories.resume,
    ),
    "done": Act(
        gettext_lazy("Say that it is done"),
        gettext_lazy("It is done"),
        gettext_lazy("Done. What was left of its money went back to the pot."),
        WordsForm,
        finishing.finish,
        gettext_lazy(
            "What is left of its money goes back to the pot it came from. Payments may still follow."
        ),
    ),
    "give-up": Act(
        gettext_lazy("Give it up"),
        gettext_lazy("Give it up"),
        gettext_lazy("Given up. What was left of its money went back to the pot."),
        ReasonForm,
        finishing.give_up,
        gettext_lazy("Residents chose this. All of its money that is left goes back to the pot."),
    ),
    "give-back": Act(
        gettext_lazy("Give money back to the pot"),
        gettext_lazy("Give it back"),
        gettext_lazy("The money is back in the pot."),
        AmountForm,
        awarding.give_back,
        gettext_lazy(
            "Each pot gets back in proportion to what it gave. It cannot be awarded here any more."
        ),
    ),
}


def own(request: HttpRequest, slug: str, ref: str) -> Delivery:
    """A delivery of whose responsible body one is an officer; finding it is the permission check."""
    held = found(slug, ref)
    if reason := why_not_officer(held, request.user):
        raise Refused(
            reason,
            _("Ask one of them to let you in."),
            status=403,
            steps=[Step.to(held.responsible)],
        )
    return held


@login_required
def act(request: HttpRequest, slug: str, ref: str, name: str) -> HttpResponse:
    """One of the acts of an officer."""
    if name not in ACTS:
        raise Http404
    held, one = own(request, slug, ref), ACTS[name]
    options: dict[str, Any] = {}
    if one.form is PlanForm:
        options = {"delivery": held}
    elif one.form is AmountForm:
        options = {"currency": held.project.process.currency, "most": free(held)}
    form = one.form(request.POST or None, **options)

    def do() -> None:
        one.verb(delivery=held, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    return asked(
        request, form, do,
        title=one.title, lede=one.lede, button=one.button, done=one.done, back=held,
    )  # fmt: skip


@login_required
def news(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Tell what happened, for the responsible body or for those who deliver."""
    held = found(slug, ref)
    mine = sides(held, request.user)
    if not mine:
        raise Refused(
            _("The responsible body and those who deliver tell what happens."),
            _("You can follow the project: a mail tells you of each step."),
            status=403,
            steps=[Step.to(held)],
        )
    form = NewsForm(request.POST or None, request.FILES or None, sides=mine)

    def do() -> None:
        stories.news(
            delivery=held,
            acting=form.acting,
            text=form.cleaned_data["text"],
            picture=kept(form),
            picture_alt=form.cleaned_data["picture_alt"],
            by=person_of(request),
            at=timezone.now(),
        )

    return asked(
        request, form, do,
        title=_("Tell what happened"),
        lede=_("Those who follow the project get it as a mail. A picture says it quickest."),
        button=_("Publish"), done=_("It is on the page."), back=held,
    )  # fmt: skip
