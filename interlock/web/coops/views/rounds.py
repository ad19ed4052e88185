"""The pages of a co-op's own PB: rounds, a round with its next step, projects, pledges."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from interlock.web.budgets import actions as budgets
from interlock.web.budgets import queries as processes
from interlock.web.budgets.models import Phase
from interlock.web.budgets.rules import why_not_tell
from interlock.web.coops.actions import rounds as actions
from interlock.web.coops.forms.rounds import (
    AllowancesForm,
    BeginForm,
    EndForm,
    IdeaForm,
    OpenForm,
    PledgeForm,
)
from interlock.web.coops.models import Goal, Round
from interlock.web.coops.queries import rounds as queries
from interlock.web.coops.rules import rounds as rules
from interlock.web.coops.rules.access import Inside, today
from interlock.web.coops.views.home import PARTS
from interlock.web.coops.views.inside import entered, keeping_money
from interlock.web.look.refusals import Refused, Step

A_PAGE = 20


def _round(who: Inside, number: int) -> Round:
    """A round of the co-op, closed on the way when its time has come."""
    now = timezone.now()
    held = get_object_or_404(queries.rounds(who.coop), number=number)
    if rules.is_due(held, now):
        held = actions.close_pledges(round=held, at=now)
    elif not held.is_pledged:
        held.process = budgets.close_if_due(process=held.process, at=now)
    return held


def _form(
    request: HttpRequest,
    who: Inside,
    form: BaseForm,
    title: str,
    button: str,
    held: Round | None = None,
    **more: object,
) -> HttpResponse:
    context = {
        "who": who, "coop": who.coop, "round": held, "form": form, "title": title,
        "button": button, **more,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "coops/round_form.html", context, status=status)


def _say_in(form: BaseForm, refusal: Refused) -> None:
    """A refusal of what was typed is told in the form, so that nothing typed is lost."""
    if refusal.status != 422:
        raise refusal
    form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())


def told(who: Inside, _now: datetime) -> object:
    """The part of the first page: what is going on, and where one begins."""
    going = queries.rounds(who.coop).filter(settled_at=None)[:3]
    return {"who": who, "rounds": list(going)}


PARTS.append(("coops/home_rounds.html", told))


@login_required
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    who = entered(request, slug)
    page = Paginator(queries.rounds(who.coop), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "coops/rounds.html", {"who": who, "coop": who.coop, "page": page})


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_money(request, slug)
    if not queries.sources(who.coop):
        raise Refused(
            _("There is no money in a fund or a commons pot yet."),
            _("A year’s surplus fills one, or enter what it holds as an opening balance."),
            steps=[Step.to(who.coop)],
        )
    form = BeginForm(request.POST or None, coop=who.coop)
    if request.method == "POST" and form.is_valid():
        try:
            begun = actions.begin_round(
                coop=who.coop, by=who.person, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            if refusal.status == 403:
                raise
            form.add_error("amount", f"{refusal.reason} {refusal.remedy}".strip())
        else:
            return redirect(begun)
    return _form(request, who, form, _("A round among the members"), _("Begin the round"))


@login_required
@never_cache
def round_(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A round: where it stands, what comes next, its projects and its money."""
    who = entered(request, slug)
    held = _round(who, number)
    mine = queries.allowance(held, who.member)
    few = (
        held.process.phase is Phase.COUNTED
        and rules.why_not_end(held, processes.ballots_counted(held.process)) is None
    )
    context = {
        "who": who,
        "coop": who.coop,
        "round": held,
        "process": held.process,
        "stage": queries.stage(held),
        "steps": queries.stage_steps(held),
        "source": queries.source_in_words(held.source),
        "lines": queries.lines(held, who.member),
        "allowance": mine,
        "left": mine.amount - mine.pledged if mine else 0,
        "may_propose": rules.why_not_propose(held, who) is None,
        "few": few,
    }
    return render(request, "coops/round.html", context)


@login_required
def project(request: HttpRequest, slug: str, number: int, ref: str = "") -> HttpResponse:
    """Add a project, or change one that is one's own."""
    who = entered(request, slug)
    held, now = _round(who, number), timezone.now()
    goals = Goal.objects.select_related("project")
    goal = (
        get_object_or_404(goals, project__process=held.process, project__ref=ref) if ref else None
    )
    reason = rules.why_not_edit(held, goal, who) if goal else rules.why_not_propose(held, who)
    if reason:
        status = 409 if rules.why_not_change(held) else 403
        raise Refused(reason, status=status, steps=[Step.to(held)])
    if goal and "remove" in request.POST:
        actions.remove_project(round=held, project=goal.project, by=who.person, at=now)
        return redirect(held)
    form = IdeaForm(request.POST or None, held=held, goal=goal)
    if request.method == "POST" and form.is_valid():
        try:
            actions.put_project(
                round=held,
                project=goal.project if goal else None,
                by=who.person,
                at=now,
                **form.cleaned_data,
            )
        except Refused as refusal:
            _say_in(form, refusal)
        else:
            if "another" in request.POST:
                return redirect("coops:new_round_project", slug, number)
            return redirect(held)
    title = _("Change a project") if goal else _("Add a project")
    return _form(
        request, who, form, title, _("Save"), held, removable=goal is not None, another=not goal
    )


@login_required
def open_(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The last step before it goes out: who takes part, and until when."""
    who = keeping_money(request, slug)
    held, now = _round(who, number), timezone.now()
    if reason := rules.why_not_change(held):
        raise Refused(reason, steps=[Step.to(held)])
    electors = queries.electors(held, today(held.coop, now))
    form = (
        AllowancesForm(request.POST or None, held=held, at=now, electors=electors)
        if held.is_pledged
        else OpenForm(request.POST or None, held=held, at=now)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_round(
                round=held,
                record_on=form.cleaned_data["record_on"],
                closes_at=form.cleaned_data["closes_at"],
                given=form.given if isinstance(form, AllowancesForm) else None,
                by=who.person,
                at=now,
            )
        except Refused as refusal:
            _say_in(form, refusal)
        else:
            messages.success(request, _("It is open. Each who takes part gets a mail."))
            return redirect(held)
    return _form(
        request, who, form, _("Open the round"), _("Open it and send the mails"), held,
        electors=electors,
    )  # fmt: skip


@login_required
@never_cache
def pledges(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What one gives to each project, of what one has."""
    who = entered(request, slug)
    held, now = _round(who, number), timezone.now()
    if reason := rules.why_not_pledge(held, now):
        raise Refused(reason, steps=[Step.to(held)])
    mine = queries.allowance(held, who.member)
    if mine is None:
        raise Refused(
            _("You have no allowance in this round: it began with who was in the register then."),
            status=403,
            steps=[Step.to(held)],
        )
    form = PledgeForm(request.POST or None, held=held, lines=queries.lines(held, who.member))
    if request.method == "POST" and form.is_valid():
        try:
            actions.pledge(round=held, amounts=form.amounts, by=who.person, at=now)
        except Refused as refusal:
            _say_in(form, refusal)
        else:
            messages.success(
                request, _("Your pledges are kept. You can change them until the end.")
            )
            return redirect(held)
    return _form(request, who, form, _("My pledges"), _("Keep my pledges"), held, allowance=mine)


@login_required
def result(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The counted result, for whoever publishes it to the members."""
    who = keeping_money(request, slug)
    held = _round(who, number)
    if held.process.phase is not Phase.COUNTED:
        raise Refused(_("There is no finished count to look at yet."), steps=[Step.to(held)])
    if few := why_not_tell(held.process, processes.ballots_counted(held.process)):
        raise Refused(few, steps=[Step.to(held)])
    context = {
        "process": held.process,
        "result": processes.result(held.process),
        "fingerprint": held.process.fingerprint[:16],
        "bundle_name": processes.bundle_path(held.process).name,
        "preview": reverse("coops:publish_round", args=[slug, number]),
    }
    return render(request, "budgets/result.html", context)


@login_required
@require_POST
def publish(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    held = actions.publish_round(round=_round(who, number), by=who.person, at=timezone.now())
    return redirect(held)


@login_required
@require_POST
def count_again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_money(request, slug)
    held = actions.count_again(round=_round(who, number), by=who.person, at=timezone.now())
    return redirect(held)


@login_required
def end(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """End a round with nothing decided."""
    who = keeping_money(request, slug)
    held = _round(who, number)
    if reason := rules.why_not_end(held, processes.ballots_counted(held.process)):
        raise Refused(reason, steps=[Step.to(held)])
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.end_round(
            round=held, why=form.cleaned_data["why"], by=who.person, at=timezone.now()
        )
        return redirect(held)
    return _form(request, who, form, _("End the round"), _("End it and give the money back"), held)
