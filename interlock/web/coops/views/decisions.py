"""The pages of decisions: the list, one decision, its ballot, its meeting."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from interlock.methods import deciding as library
from interlock.web.coops.actions import deciding, decisions
from interlock.web.coops.forms import decisions as forms
from interlock.web.coops.models import (
    Choice,
    Coop,
    Decision,
    DecisionForm,
    DecisionStage,
    Elector,
    Member,
    Minutes,
    Option,
    Wish,
)
from interlock.web.coops.queries import decisions as queries
from interlock.web.coops.queries.bylaws import terms as terms_of
from interlock.web.coops.queries.members import register_on
from interlock.web.coops.rules import access
from interlock.web.coops.rules import decisions as rules
from interlock.web.coops.views.home import PARTS
from interlock.web.coops.views.inside import entered, keeping_register, key_of
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.models import Person
from interlock.web.voting.actions import new_nonce

A_PAGE = 20


def _home(who: access.Inside, now: datetime) -> dict[str, Any]:
    """On the first page inside: what is open or announced."""
    open_now = queries.seen_by(who).filter(announced_at__isnull=False, decided_at=None)
    listed = queries.in_a_list(open_now.filter(cancelled_at=None))[:5]
    return {"decisions": list(listed), "coop": who.coop}


PARTS.append(("coops/home_decisions.html", _home))


@login_required
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    who = entered(request, slug)
    found = queries.in_a_list(queries.seen_by(who))
    context = {
        "who": who,
        "coop": who.coop,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "may_draft": rules.why_not_draft(who) is None,
        "kinds": forms.KINDS,
    }
    return render(request, "coops/decisions.html", context)


@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a decision: its kind first, since the rule comes with it."""
    who, now = entered(request, slug), timezone.now()
    if reason := rules.why_not_draft(who):
        raise Refused(reason, status=403, steps=[Step(_("Decisions"), _list(who.coop))])
    kind = request.GET.get("kind", "ordinary")
    if kind not in forms.KINDS:
        raise Http404
    terms = _terms(who.coop, now)
    form = _draft_form(request, who.coop, terms, kind, now)
    if request.method == "POST" and form.is_valid():
        made = decisions.draft_decision(coop=who.coop, by=who.person, at=now, **form.said())
        messages.success(request, _("Saved as a draft."))
        return redirect(made)
    context = {
        "who": who,
        "coop": who.coop,
        "form": form,
        "kind": kind,
        "kinds": forms.KINDS,
        "rule": _rule_in_words(terms, terms.rule(kind), who.coop, kind, now),
    }
    return render(request, "coops/decision_new.html", context, status=_status(form))


@login_required
def edit(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    who, now = entered(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    if reason := rules.why_not_change(who, found):
        raise Refused(reason, status=409 if found.announced_at else 403, steps=[Step.to(found)])
    terms = _terms(who.coop, now)
    form = _draft_form(request, who.coop, terms, found.kind, now, found)
    if request.method == "POST" and form.is_valid():
        decisions.change(decision=found, by=who.person, at=now, **form.said())
        messages.success(request, _("Saved."))
        return redirect(found)
    return _form_page(request, who, found, form, _("Change the draft"), _("Save"))


@login_required
def one(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """A decision: the rule before the vote, one's own vote, and afterwards the arithmetic."""
    who, now = entered(request, slug), timezone.now()
    return _page(request, who, found_decision(who, ref, now), now)


def _page(
    request: HttpRequest,
    who: access.Inside,
    found: Decision,
    now: datetime,
    form: forms.VoteForm | None = None,
) -> HttpResponse:
    electors = list(found.electors.select_related("member", "vote"))
    mine = next((one for one in electors if who.member and one.member_id == who.member.pk), None)
    options = list(found.options.all())
    why_not_vote = rules.why_not_take_part(found, mine, who.status, now)
    is_open = found.stage is DecisionStage.OPEN
    if form is None and why_not_vote is None and not found.is_secret:
        initial = forms.vote_initial(mine, found)
        form = forms.VoteForm(decision=found, options=options, initial=initial)
    signed = list(queries.signed(found))
    own = {one.wish for one in signed if who.member and one.member_id == who.member.pk}
    context = {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "stage": found.stage,
        "kind": forms.KINDS.get(found.kind, found.kind),
        "options": options,
        "electors": electors,
        "answers": answers_of(electors, options),
        "voted": sum(hasattr(one, "vote") for one in electors),
        "mine": mine,
        "why_not_vote": why_not_vote if is_open else None,
        "form": form,
        "objections": list(found.objections.select_related("member")),
        "instead": forms.InsteadForm(),
        "result": result_of(found, options),
        "minutes": Minutes.objects.filter(decision=found).first(),
        "own_wishes": own,
        **_rule_context(found, who, electors, signed, now),
    }
    status = _status(form) if form is not None and form.is_bound else 200
    return render(request, "coops/decision.html", context, status=status)


def _rule_context(
    found: Decision,
    who: access.Inside,
    electors: list[Elector],
    signed: list[Any],
    now: datetime,
) -> dict[str, Any]:
    """The rule in words: the frozen one, or of a draft the one of today; and what signatures do."""
    if found.rule:
        rule = queries.frozen_rule(found)
        told = told_rule(rule, len(electors), found.method, found.seats)
        asked = sum(one.wish == Wish.OTHERWISE for one in signed)
        return {"rule": told, "asking": rule.asking(len(electors)), "asked": asked}
    terms = _terms(found.coop, now)
    rule = queries.rule_of(terms, found.kind, is_secret=found.is_secret)
    level = queries.forcing(terms)
    members = queries.active_members(found.coop, access.today(found.coop, now))
    return {
        "rule": _rule_in_words(terms, rule, found.coop, found.kind, now, found.seats),
        "signatures": [one for one in signed if one.wish == Wish.BALLOT],
        "needed": level.least(members) if level else None,
        "why_not_sign": rules.why_not_sign(who, found, level),
        "may_change": rules.why_not_change(who, found) is None,
    }


@dataclass(frozen=True)
class Result:
    """What came of it, told: the steps, those of the first rule, and the tables of an election."""

    result: str
    way: str
    is_withheld: bool
    winners: list[str]
    steps: list[tuple[str, bool | None]]
    first: list[tuple[str, bool | None]]
    quota: int | None
    names: list[str]
    rounds: list[tuple[list[str], str]]
    pairs: list[tuple[str, list[tuple[str, int]]]]


def result_of(found: Decision, options: list[Option]) -> Result | None:
    told = found.outcome
    if told is None:
        return None
    count = told.get("count") or {}
    names = [one.name for one in options if one.withdrawn_at is None]
    among = count.get("candidates", [])
    return Result(
        result=told["result"],
        way=told["way"],
        is_withheld=told.get("is_withheld", False),
        winners=told.get("winners", []),
        steps=_lines(told["steps"]),
        first=_lines(told["first"]["steps"]) if "first" in told else [],
        quota=count.get("quota"),
        names=names,
        rounds=[
            ([one["votes"].get(name, "") for name in names], one["lost"])
            for one in count.get("rounds", [])
        ],
        pairs=[
            (name, list(zip(among, row, strict=True)))
            for name, row in zip(among, count.get("pairs", []), strict=True)
        ],
    )


def answers_of(electors: list[Elector], options: list[Option]) -> list[tuple[Elector, str]]:
    """Everybody on the roll, with what they answered openly; in an election the names in their order."""
    names = {one.position: one.name for one in options}
    return [
        (
            one,
            (one.vote.get_choice_display() or ", ".join(names[place] for place in one.vote.ranks))
            if hasattr(one, "vote")
            else "",
        )
        for one in electors
    ]


def _lines(steps: list[dict[str, Any]]) -> list[tuple[str, bool | None]]:
    made = [queries.step_of(one) for one in steps]
    return [(queries.told(one), one.is_met) for one in made]


@never_cache
@login_required
def ballot(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """The secret ballot: choose, type the code, cast."""
    who, now = entered(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    mine = found.electors.filter(member=who.member).first() if who.member else None
    if not found.is_secret:
        return redirect(found)
    if reason := rules.why_not_take_part(found, mine, who.status, now):
        raise Refused(reason, steps=[Step.to(found)])
    options = list(found.options.all())
    form = forms.VoteForm(request.POST or None, decision=found, options=options, needs_code=True)
    nonce = request.POST.get("nonce", "") or new_nonce()
    if request.method == "POST" and form.is_valid():
        try:
            receipt = deciding.cast_secret(
                decision=found,
                by=who.person,
                at=now,
                voting_code=form.cleaned_data["code"],
                nonce=nonce,
                **form.said(),
            )
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error("code", f"{refusal.reason} {refusal.remedy}")
        else:
            return redirect(reverse("voting:receipt", args=[receipt]) + "?cast")
    entitled = found.electors.count()
    context = {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "form": form,
        "nonce": nonce,
        "rule": told_rule(queries.frozen_rule(found), entitled, found.method, found.seats),
    }
    return render(request, "coops/decision_ballot.html", context, status=_status(form))


@require_POST
@login_required
def vote(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """Answer openly; an objection with its reason."""
    who, now = entered(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    form = forms.VoteForm(request.POST, decision=found, options=list(found.options.all()))
    if not form.is_valid():
        return _page(request, who, found, now, form)
    said = form.said()
    if said.get("choice") == Choice.OBJECT:
        text = form.cleaned_data["text"]
        deciding.object_to(decision=found, text=text, by=who.person, at=now)
    else:
        deciding.cast(decision=found, by=who.person, at=now, **said)
    messages.success(request, _("Your answer is written down."))
    return redirect(found)


@login_required
def announce(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """When it is decided: at a meeting, or by a ballot until a time."""
    who, now = keeping_register(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    if found.announced_at or found.cancelled_at:
        raise Refused(_("It was announced before."), steps=[Step.to(found)])
    terms = _terms(who.coop, now)
    rule = queries.rule_of(terms, found.kind, is_secret=found.is_secret)
    initial = {"record_on": access.today(who.coop, now)}
    form = forms.PlanForm(request.POST or None, zone=who.coop.zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            decisions.announce(decision=found, by=who.person, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())
        else:
            messages.success(request, _("Announced: all who are entitled get a mail."))
            return redirect(found)
    context = {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "form": form,
        "kind": forms.KINDS.get(found.kind, found.kind),
        "rule": _rule_in_words(terms, rule, who.coop, found.kind, now, found.seats),
        "is_secret": rule.is_secret,
    }
    return render(request, "coops/decision_announce.html", context, status=_status(form))


@login_required
def meeting(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """At the meeting: who came and left, open the vote, count hands or votes, close it."""
    who, now = keeping_register(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    if found.meets_at is None or found.stage not in (DecisionStage.ANNOUNCED, DecisionStage.OPEN):
        raise Refused(
            _("This page is for a meeting, from its announcement to the close of the vote."),
            steps=[Step.to(found)],
        )
    electors = list(found.electors.select_related("member", "vote"))
    hands = forms.HandsForm(request.POST if "hands" in request.POST else None, initial=found.hands)
    if request.method == "POST":
        if "hands" in request.POST:
            if hands.is_valid() and _entered_hands(found, who, now, hands):
                messages.success(request, _("The hands are entered."))
                return redirect(request.path)
        elif "votes" in request.POST:
            votes = {
                one.number: request.POST[f"vote_{one.number}"]
                for one in electors
                if request.POST.get(f"vote_{one.number}")
            }
            deciding.enter_votes(decision=found, votes=votes, by=who.person, at=now)
            messages.success(request, _("The votes are entered."))
            return redirect(request.path)
        else:
            came = _numbers(request, "came")
            left = _numbers(request, "left") & came
            deciding.record_attendance(decision=found, came=came, left=left, by=who.person, at=now)
            messages.success(request, _("Written down."))
            return redirect(request.path)
    rule = queries.frozen_rule(found)
    there = sum(one.came_at is not None and one.left_at is None for one in electors)
    context = {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "stage": found.stage,
        "electors": electors,
        "there": there,
        "quorum": rule.quorum.least(len(electors)),
        "hands": hands,
        "why_not_open": rules.why_not_open(found, now),
        "answers": [
            (one, label)
            for one, label in (
                forms.CONSENTS if found.form == DecisionForm.CONSENT else forms.ANSWERS
            ).items()
            if one != Choice.OBJECT
        ],
    }
    status = _status(hands) if hands.is_bound else 200
    return render(request, "coops/decision_meeting.html", context, status=status)


def _entered_hands(
    found: Decision, who: access.Inside, now: datetime, form: forms.HandsForm
) -> bool:
    try:
        deciding.enter_hands(decision=found, by=who.person, at=now, **form.cleaned_data)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        form.add_error(None, f"{refusal.reason} {refusal.remedy}")
        return False
    return True


def _numbers(request: HttpRequest, name: str) -> set[int]:
    return {int(one) for one in request.POST.getlist(name) if one.isdecimal()}


@dataclass(frozen=True)
class Act:
    """One thing done with a button: its form, the verb, and what is said when it is done."""

    form: Callable[..., Any]
    do: Callable[[Decision, Person, datetime, Any], object]
    done: str | Promise


def _objection(decision: Decision, form: Any) -> Any:
    return get_object_or_404(decision.objections.all(), pk=key_of(form.data.get("objection")))


def _option(decision: Decision, form: Any) -> Any:
    return get_object_or_404(decision.options.all(), pk=key_of(form.data.get("option")))


#: What is done with a button on the page of a decision, by the last word of its address.
ACTS: dict[str, Act] = {
    "open": Act(
        django_forms.Form,
        lambda one, by, at, form: decisions.open_vote(decision=one, by=by, at=at),
        gettext_lazy("The vote is open."),
    ),
    "close": Act(
        django_forms.Form,
        lambda one, by, at, form: deciding.close(decision=one, by=by, at=at),
        gettext_lazy("The vote is closed and counted."),
    ),
    "cancel": Act(
        forms.ReasonForm,
        lambda one, by, at, form: decisions.cancel(
            decision=one, reason=form.cleaned_data["text"], by=by, at=at
        ),
        gettext_lazy("Cancelled."),
    ),
    "sign": Act(
        django_forms.Form,
        lambda one, by, at, form: decisions.sign(decision=one, by=by, at=at),
        gettext_lazy("Signed."),
    ),
    "unsign": Act(
        django_forms.Form,
        lambda one, by, at, form: decisions.unsign(decision=one, by=by, at=at),
        gettext_lazy("Your signature is taken back."),
    ),
    "stand-down": Act(
        django_forms.Form,
        lambda one, by, at, form: decisions.stand_down(option=_option(one, form), by=by, at=at),
        gettext_lazy("Does not stand any more."),
    ),
    "otherwise": Act(
        django_forms.Form,
        lambda one, by, at, form: deciding.ask_otherwise(decision=one, by=by, at=at),
        gettext_lazy("You have asked for the other rule."),
    ),
    "code": Act(
        django_forms.Form,
        lambda one, by, at, form: deciding.send_code(decision=one, by=by, at=at),
        gettext_lazy("A new code is on its way to you by mail. The one before is void."),
    ),
    "resolve": Act(
        forms.ResolutionForm,
        lambda one, by, at, form: deciding.resolve_objection(
            objection=_objection(one, form), resolution=form.cleaned_data["text"], by=by, at=at
        ),
        gettext_lazy("Written down; who objects gets a mail."),
    ),
    "withdraw": Act(
        forms.InsteadForm,
        lambda one, by, at, form: deciding.withdraw_objection(
            objection=_objection(one, form), choice=form.cleaned_data["choice"], by=by, at=at
        ),
        gettext_lazy("Your objection is withdrawn."),
    ),
}


@require_POST
@login_required
def act(request: HttpRequest, slug: str, ref: UUID, verb: str) -> HttpResponse:
    who, now = entered(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    if verb not in ACTS:
        raise Http404
    doing = ACTS[verb]
    form = doing.form(request.POST)
    if not form.is_valid():
        return _form_page(request, who, found, form, found.title, _("Save"))
    doing.do(found, who.person, now, form)
    messages.success(request, str(doing.done))
    return redirect(found)


@login_required
def cancel(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """Ask for the reason before it is cancelled."""
    who, now = entered(request, slug), timezone.now()
    found = found_decision(who, ref, now)
    if reason := rules.why_not_cancel(who, found):
        raise Refused(reason, steps=[Step.to(found)])
    if request.method == "POST":
        return act(request, slug, ref, "cancel")
    form = forms.ReasonForm()
    return _form_page(request, who, found, form, _("Cancel this decision"), _("Cancel it"))


@require_POST
@login_required
def discard(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    who, now = entered(request, slug), timezone.now()
    decisions.discard(decision=found_decision(who, ref, now), by=who.person, at=now)
    messages.success(request, _("The draft is gone."))
    return redirect(_list(who.coop))


# What the pages share.


def found_decision(who: access.Inside, ref: UUID, now: datetime) -> Decision:
    """A decision that somebody inside may read, opened or closed on the way when its time has come."""
    among = queries.seen_by(who).select_related(
        "coop__institution", "box", "bylaws", "proposed_by", "subject"
    )
    return deciding.brought_up_to(decision=get_object_or_404(among, pk=ref), at=now)


def _terms(coop: Coop, now: datetime) -> library.Bylaws:
    stored = queries.bylaws_on(coop, access.today(coop, now))
    if stored is None:
        raise Refused(
            _("The co-op has no bylaws here yet, so there is no rule to decide by."),
            _("The secretary enters them first: one of the models is a good beginning."),
            steps=[Step.to(coop)],
        )
    return terms_of(stored)


def _rule_in_words(
    terms: library.Bylaws,
    rule: library.Rule,
    coop: Coop,
    kind: str,
    now: datetime,
    seats: int = 1,
) -> list[str]:
    """The rule with the numbers of the electorate of today."""
    entitled = len(queries.entitled(terms, rule, coop, access.today(coop, now)))
    return told_rule(rule, entitled, terms.board.method if kind == rules.ELECTION else "", seats)


def told_rule(rule: library.Rule, entitled: int, method: str = "", seats: int = 1) -> list[str]:
    """A rule in words; of an election (whose method is given) how the seats are filled."""
    if method:
        steps = library.described_election(method, seats, rule, entitled)
    else:
        steps = library.described(rule, entitled)
    return [queries.told(one) for one in steps]


def _draft_form(
    request: HttpRequest,
    coop: Coop,
    terms: library.Bylaws,
    kind: str,
    now: datetime,
    decision: Decision | None = None,
) -> forms.DraftForm:
    known = Member.objects.filter(pk__in=register_on(coop, access.today(coop, now)).values("pk"))
    return forms.DraftForm(
        request.POST or None, kind=kind, rule=terms.rule(kind), members=known, decision=decision
    )


def _form_page(
    request: HttpRequest,
    who: access.Inside,
    found: Decision,
    form: Any,
    title: str,
    button: str,
) -> HttpResponse:
    context = {
        "who": who,
        "coop": who.coop,
        "decision": found,
        "form": form,
        "title": title,
        "button": button,
        "hidden": {name: form.data[name] for name in ("objection",) if name in form.data},
    }
    return render(request, "coops/decision_form.html", context, status=_status(form))


def _list(coop: Coop) -> str:
    return reverse("coops:decisions", args=[coop.institution.slug])


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
