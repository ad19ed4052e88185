"""The register of a co-op: its list, each one's page, and the steps between."""

from collections.abc import Callable
from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from interlock.methods import deciding
from interlock.web.coops.actions import members as actions
from interlock.web.coops.forms.members import (
    AddForm,
    DetailsForm,
    OfficeForm,
    StatusForm,
    TrainingForm,
)
from interlock.web.coops.models import Coop, Member, Office, Standing, Status
from interlock.web.coops.queries import members as queries
from interlock.web.coops.queries import progress
from interlock.web.coops.queries.bylaws import terms, told
from interlock.web.coops.queries.decisions import bylaws_on
from interlock.web.coops.rules.access import Inside, today
from interlock.web.coops.views.home import PARTS
from interlock.web.coops.views.inside import entered, keeping_register
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of

A_PAGE = 60


def tell(who: Inside, at: datetime) -> dict[str, object]:
    """For the first page inside: how many there are, and where one stands oneself."""
    day = today(who.coop, at)
    bylaws = _bylaws(who.coop, day)
    conditions: list[tuple[bool | None, str]] = []
    if who.member is not None and who.status == Status.CANDIDATE:
        standing = who.member.standings.select_related("member").get(until__isnull=True)
        conditions = _conditions(standing, day, bylaws)
    everybody = list(queries.register_on(who.coop, day))
    hours = progress.hours_of(who.coop, day) if who.keeps_register else {}
    return {
        "workforce": queries.workforce_of(everybody),
        "conditions": conditions,
        "short": len(progress.short_of_hours(everybody, hours, day, bylaws)),
    }


PARTS.append(("coops/home_members.html", tell))


@login_required
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody, or those of one status. Hours are for whoever keeps register or money."""
    who, status = entered(request, slug), request.GET.get("status", "")
    day = today(who.coop, timezone.now())
    everybody = list(queries.register_on(who.coop, day))
    if status in Status.values:
        found = [one for one in everybody if one.status == status]
    else:
        status, found = "", [one for one in everybody if one.status != Status.FORMER]
    workforce = queries.workforce_of(everybody)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    keeps = who.keeps_register or who.keeps_money
    hours = progress.hours_of(who.coop, day) if keeps else {}
    context = {
        "who": who,
        "coop": who.coop,
        "page": page,
        "rows": [
            (one, str(Status(one.status).label), hours.get(one.pk))
            for one in found[max(page.start_index() - 1, 0) : page.end_index()]
        ],
        "status": status,
        "workforce": workforce,
        "tabs": [(one, workforce.numbers[one]) for one in Status if workforce.numbers[one]],
        "keeps": keeps,
        "to_invite": sum(
            bool(one.email and not one.person_id and not one.invited_at)
            for one in everybody
            if one.status != Status.FORMER
        ),
        "short": progress.short_of_hours(everybody, hours, day, _bylaws(who.coop, day))
        if keeps
        else [],
    }
    return render(request, "coops/register.html", context)


@login_required
def add(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_register(request, slug)
    form = AddForm(request.POST or None, coop=who.coop, may_be_me=who.member is None)
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data}
        person = who.person if said.pop("is_me", False) else None
        if _done(
            form,
            lambda: actions.add_member(
                coop=who.coop, by=who.person, at=timezone.now(), person=person, **said
            ),
        ):
            messages.success(request, _("Entered: %(name)s.") % {"name": said["name"]})
            return redirect("coops:register", slug)
    context = {"who": who, "coop": who.coop, "form": form}
    return render(request, "coops/add.html", context, status=422 if form.errors else 200)


@login_required
def member(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = entered(request, slug)
    return _page(request, who, find(who.coop, number))


@login_required
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_register(request, slug)
    one = find(who.coop, number)
    given = {name: getattr(one, name) for name in ("name", "number", "email", "buy_in")}
    form = DetailsForm(request.POST or None, coop=who.coop, member=one, initial=given)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            form,
            lambda: actions.correct_member(
                member=one, by=who.person, at=timezone.now(), **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("Saved."))
        return redirect(one)
    context = {"who": who, "coop": who.coop, "member": one, "form": form}
    return render(request, "coops/member_edit.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def status(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_register(request, slug)
    one, now = find(who.coop, number), timezone.now()
    form = _status_form(who, one, request)
    if form.is_valid() and _done(
        form,
        lambda: actions.change_status(member=one, by=who.person, at=now, **form.cleaned_data),
    ):
        messages.success(request, _("Saved."))
        return redirect(one)
    return _page(request, who, one, status=form)


@login_required
@require_POST
def training(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_register(request, slug)
    one = find(who.coop, number)
    form = TrainingForm(request.POST, auto_id="training_%s")
    if form.is_valid() and _done(
        form,
        lambda: actions.note_training(
            member=one,
            name=form.called(),
            on=form.cleaned_data["on"],
            by=who.person,
            at=timezone.now(),
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(one)
    return _page(request, who, one, training=form)


@login_required
@require_POST
def office(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_register(request, slug)
    one = find(who.coop, number)
    form = OfficeForm(request.POST, auto_id="office_%s")
    if form.is_valid() and _done(
        form,
        lambda: actions.give_office(
            member=one, by=who.person, at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Saved."))
        return redirect(one)
    return _page(request, who, one, office=form)


@login_required
@require_POST
def end_office(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_register(request, slug)
    held = get_object_or_404(Office, pk=number, member__coop=who.coop)
    actions.end_office(office=held, by=who.person, at=timezone.now())
    messages.success(request, _("The office has ended."))
    return redirect(held.member)


@login_required
@require_POST
def invite(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    who = keeping_register(request, slug)
    one = find(who.coop, number)
    actions.invite(member=one, by=who.person, at=timezone.now())
    messages.success(request, _("A mail is on its way to %(email)s.") % {"email": one.email})
    return redirect(one)


@login_required
@require_POST
def invite_all(request: HttpRequest, slug: str) -> HttpResponse:
    who = keeping_register(request, slug)
    asked = actions.invite_all(coop=who.coop, by=who.person, at=timezone.now())
    told = ngettext("%(number)s mail is on its way.", "%(number)s mails are on their way.", asked)
    messages.success(request, told % {"number": asked})
    return redirect("coops:register", slug)


@login_required
def invitation(request: HttpRequest, slug: str) -> HttpResponse:
    """For whoever reads the mail: is it you? To everybody else there is no such page."""
    person = person_of(request)
    asked = queries.invitations_of(person).filter(coop__institution__slug=slug).first()
    if asked is None:
        raise Http404
    if request.method == "POST":
        if "decline" in request.POST:
            actions.decline_invitation(member=asked, by=person, at=timezone.now())
            messages.success(request, _("Thank you. You will not be asked again."))
            return redirect("coops:start")
        actions.accept_invitation(member=asked, by=person, at=timezone.now())
        return redirect(asked.coop)
    return render(request, "coops/invitation.html", {"member": asked, "coop": asked.coop})


def find(coop: Coop, number: int) -> Member:
    found: Member = get_object_or_404(coop.members.select_related("coop__institution"), pk=number)
    return found


def _page(request: HttpRequest, who: Inside, one: Member, **sent: forms.Form) -> HttpResponse:
    """One's page; a form that did not go through stands in it with what is wrong."""
    day = today(who.coop, timezone.now())
    is_me = who.member is not None and who.member.pk == one.pk
    standings = list(one.standings.select_related("decision"))
    now = standings[-1]
    now.member = one
    knows = is_me or who.keeps_register
    bylaws = _bylaws(who.coop, day)
    wants = knows and now.status in (Status.CANDIDATE, Status.WORKER)
    context: dict[str, object] = {
        "who": who,
        "coop": who.coop,
        "member": one,
        "standing": now,
        "standings": standings if knows else [],
        "offices": list(one.offices.filter(until__isnull=True)),
        "is_me": is_me,
        "knows": knows,
        "conditions": _conditions(now, day, bylaws) if wants else [],
        "hours": progress.hours_of(who.coop, day).get(one.pk) if is_me or who.keeps_money else None,
        "trainings": list(one.trainings.all()) if knows else [],
    }
    if who.keeps_register:
        context |= {
            "status_form": sent.get("status") or _status_form(who, one),
            "training_form": sent.get("training")
            or TrainingForm(initial={"on": day}, auto_id="training_%s"),
            "office_form": sent.get("office")
            or OfficeForm(initial={"since": day}, auto_id="office_%s"),
        }
    return render(request, "coops/member.html", context, status=422 if sent else 200)


def _status_form(who: Inside, one: Member, request: HttpRequest | None = None) -> StatusForm:
    day = today(who.coop, timezone.now())
    standing = one.standings.select_related("member").get(until__isnull=True)
    return StatusForm(
        request.POST if request else None,
        standing=standing,
        bylaws=_bylaws(who.coop, day),
        today=day,
        auto_id="status_%s",
    )


def _conditions(
    standing: Standing, day: date, bylaws: deciding.Bylaws | None
) -> list[tuple[bool | None, str]]:
    """What the bylaws ask of a candidate, each with whether it is there."""
    steps = progress.conditions_of(standing, day, bylaws)
    return [(step.is_met, told(step)) for step in steps]


def _bylaws(coop: Coop, day: date) -> deciding.Bylaws | None:
    stored = bylaws_on(coop, day)
    return terms(stored) if stored else None


def _done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the act was done; why not stands in the form."""
    try:
        act()
    except Refused as refusal:
        form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())
        return False
    return True
