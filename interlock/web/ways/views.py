"""The twelve ways, and the pages of joint proposals."""

from collections.abc import Callable, Iterable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interlock.web.institutions.models import Institution
from interlock.web.institutions.speaking import acting_for
from interlock.web.look.navigation import places
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person
from interlock.web.ways import actions, queries, rules
from interlock.web.ways.forms import (
    AnswerForm,
    BeginForm,
    InviteForm,
    LeaveForm,
    MessageForm,
    MoveForm,
    SignForm,
    WritingForm,
)
from interlock.web.ways.models import Version
from interlock.web.ways.twelve import WAYS, template_of
from interlock.web.ways.twelve.shape import Begins, Money
from interlock.web.ways.writing import Text, changes, readings

Page = Callable[..., HttpResponse]


# The twelve ways.


def ways(request: HttpRequest) -> HttpResponse:
    """All twelve, by who begins or by what money they take."""
    by_money = request.GET.get("by") == "money"
    agreed = queries.agreed_by_way()
    groups = [
        (
            kind.label,
            [
                (way, agreed.get(way.slug, 0))
                for way in WAYS.values()
                if kind == (way.facts.money if by_money else way.facts.begins)
            ],
        )
        for kind in (Money if by_money else Begins)
    ]
    return render(request, "ways/ways.html", {"groups": groups, "by_money": by_money})


def way(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in WAYS:
        raise Http404
    found = WAYS[slug]
    told, facts = found.told, found.facts
    some = list(queries.agreed().filter(way=slug)[: queries.FEW + 1])
    context = {
        "way": found,
        "told": told,
        "evidence": list(zip(told.evidence, facts.evidence, strict=True)),
        "needs": [
            (_("Money"), told.needs.money),
            (_("Law"), told.needs.law),
            (_("People"), told.needs.people),
            (_("Time"), told.needs.time),
        ],
        "roles": [
            (_("The city"), told.roles.city),
            (_("The co-op"), told.roles.coop),
            (_("The federation"), told.roles.federation),
            (_("Residents"), told.roles.residents),
        ],
        "helps": [place for place in places if place.section in facts.helps],
        "proposals": some[: queries.FEW],
        "more": len(some) > queries.FEW,
        "next": list(WAYS.values())[found.number % len(WAYS)],
    }
    return render(request, "ways/way.html", context)


# Joint proposals.


def proposals(request: HttpRequest) -> HttpResponse:
    """What was agreed here, perhaps by one way or with one institution; drafts of who is signed in."""
    way = WAYS.get(request.GET.get("way", ""))
    institution = _named(request)
    found = queries.agreed_of(institution) if institution else queries.agreed()
    if way:
        found = found.filter(way=way.slug)
    user = request.user
    context = {
        "page": Paginator(found, queries.A_PAGE).get_page(request.GET.get("page")),
        "drafts": list(queries.drafts_of(user)[: queries.A_PAGE])
        if isinstance(user, Person)
        else [],
        "way": way,
        "institution": institution,
    }
    return render(request, "ways/proposals.html", context)


def _named(request: HttpRequest) -> Institution | None:
    """The institution that an address names as the one to propose something with."""
    slug = request.GET.get("with", "").replace("\0", "")
    return Institution.objects.filter(slug=slug).first()


@login_required
def new(request: HttpRequest) -> HttpResponse:
    reason = _("A joint proposal is made by institutions, and you speak for none here yet.")
    own = acting_for(person_of(request), reason)
    way = WAYS.get(request.GET.get("way", ""))
    other = _named(request)
    initial = {"way": way.slug if way else ""}
    form = BeginForm(own, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.begin(
                institution=form.acting,
                title=said["title"],
                way=said["way"],
                sections=template_of(said["way"]),
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            _add(form, refusal)
        else:
            messages.success(request, _("The draft is there. Invite another institution to it."))
            query = {"q": str(other)} if other else {}
            return redirect(reverse("ways:invite", args=[made.pk], query=query))
    context = {"form": form, "way": way, "other": other}
    return render(request, "ways/new.html", context, status=422 if form.errors else 200)


def _add(form: Form, refusal: Refused) -> None:
    """A refusal as an error of the form that asked for it."""
    form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())


def _table(request: HttpRequest, number: int) -> queries.Table:
    """One that the reader may see; finding it is the permission check."""
    found = get_object_or_404(queries.readable_by(request.user), pk=number)
    return queries.table(found, request.user)


def _own_table(request: HttpRequest, number: int) -> queries.Table:
    """One in which the reader speaks for a party."""
    table = _table(request, number)
    if not table.own:
        raise Refused(
            _("Only stewards and delegates of an institution that takes part can do that."),
            _("If yours is invited, accept the invitation first."),
            status=403,
            steps=[Step.to(table.proposal)],
        )
    return table


def or_sign_in(view: Page) -> Page:
    """Who is not signed in and finds nothing may be somebody whose draft it is."""

    @wraps(view)
    def wrapped(request: HttpRequest, number: int) -> HttpResponse:
        try:
            return view(request, number)
        except Http404:
            if request.user.is_authenticated:
                raise
            return redirect_to_login(request.get_full_path())

    return wrapped


@or_sign_in
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    return _page(request, _table(request, number))


def _page(
    request: HttpRequest,
    table: queries.Table,
    *,
    refusal: Refused | None = None,
    answered: AnswerForm | None = None,
    **sent: Form,
) -> HttpResponse:
    """The page of one, with the form that was sent wrong in its place, or what was refused."""
    before = request.GET.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 19 else None
    latest = table.version
    forms: dict[str, Form] = {}
    if table.to_sign:
        read = {"version": latest.number, "read": latest.fingerprint}
        forms["sign_form"] = SignForm(table.to_sign, initial=read)
    if table.own:
        forms["message_form"] = MessageForm(table.own, prefix="message")
    context: dict[str, Any] = {
        "proposal": table.proposal,
        "table": table,
        "way": WAYS.get(table.proposal.way),
        "thread": queries.thread(table.proposal, number) if table.own else None,
        "before": number,
        "steps": list(table.proposal.steps.select_related("institution"))
        if table.proposal.agreed_at
        else [],
        "refusal": refusal,
        "answers": [
            answered if answered and answered.party == one else AnswerForm(one)
            for one in table.asked
        ],
        **forms,
        **sent,
    }
    status = refusal.status if refusal else 422 if sent or answered else 200
    return render(request, "ways/proposal.html", context, status=status)


def _done(
    request: HttpRequest, table: queries.Table, act: Callable[[], object], told: str
) -> HttpResponse:
    """Do it and go back to the page; or the page as it is now, with what was refused."""
    try:
        act()
    except Refused as refusal:
        return _page(request, _table(request, table.proposal.pk), refusal=refusal)
    messages.success(request, told)
    return redirect(table.proposal)


@require_POST
@login_required
def answer(request: HttpRequest, number: int, party: int) -> HttpResponse:
    """Accept an invitation, or decline it."""
    table = _table(request, number)
    asked = next((one for one in table.asked if one.pk == party), None)
    if asked is None:
        raise Refused(
            _("There is no invitation that you could answer."),
            _("It may have been answered or taken back, or it went to another institution."),
            status=403,
            steps=[Step.to(table.proposal)],
        )
    form = AnswerForm(asked, request.POST)
    if not form.is_valid():
        return _page(request, table, answered=form)
    by, at = person_of(request), timezone.now()
    if not form.declines:
        act = partial(actions.accept, party=asked, by=by, at=at)
        return _done(request, table, act, _("You take part. Read the text, change it, sign it."))
    actions.decline(party=asked, by=by, at=at, reason=form.cleaned_data["reason"])
    messages.success(request, _("Declined. A mail tells the parties."))
    return redirect("ways:proposals")


@require_POST
@login_required
def sign(request: HttpRequest, number: int) -> HttpResponse:
    table = _own_table(request, number)
    form = SignForm(table.to_sign or table.own, request.POST)
    if not form.is_valid():
        return _page(request, table, sign_form=form)
    act = partial(
        actions.sign,
        proposal=table.proposal,
        acting=form.acting,
        by=person_of(request),
        at=timezone.now(),
        version=form.cleaned_data["version"],
        read=form.cleaned_data["read"],
    )
    return _done(request, table, act, _("Signed."))


@require_POST
@login_required
def say(request: HttpRequest, number: int) -> HttpResponse:
    table = _own_table(request, number)
    form = MessageForm(table.own, request.POST, prefix="message")
    if not form.is_valid():
        return _page(request, table, message_form=form)
    act = partial(
        actions.say,
        proposal=table.proposal,
        acting=form.acting,
        by=person_of(request),
        at=timezone.now(),
        text=form.cleaned_data["text"],
    )
    return _done(request, table, act, _("Sent to the other parties."))


@login_required
def invite(request: HttpRequest, number: int) -> HttpResponse:
    """Search the other institution, and invite it."""
    table = _own_table(request, number)
    words = request.GET.get("q", "")
    form = InviteForm(table.own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["institution"]
        try:
            actions.invite(
                proposal=table.proposal,
                institution=chosen,
                acting=form.acting,
                by=person_of(request),
                at=timezone.now(),
            )
        except Refused as refusal:
            _add(form, refusal)
        else:
            if chosen.memberships.stewards().exists():
                told = _("Invited. A mail tells those who speak for %(name)s.")
            else:
                told = _("Invited. Nobody looks after the page of %(name)s: tell them yourself.")
            messages.success(request, told % {"name": chosen})
            return redirect(table.proposal)
    context = {
        "table": table,
        "proposal": table.proposal,
        "form": form,
        "words": words,
        "found": queries.to_invite(words),
        "known": {one.party.institution_id for one in (*table.bound, *table.waiting)},
    }
    return render(request, "ways/invite.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def take_back(request: HttpRequest, number: int, party: int) -> HttpResponse:
    table = _own_table(request, number)
    asked = get_object_or_404(table.proposal.parties.select_related("institution"), pk=party)
    act = partial(
        actions.take_back,
        party=asked,
        acting=table.own[0],
        by=person_of(request),
        at=timezone.now(),
    )
    return _done(request, table, act, _("Taken back."))


@login_required
def write(request: HttpRequest, number: int) -> HttpResponse:
    """The text in a form. What others did meanwhile is shown beside it, and nothing is saved then."""
    table = _own_table(request, number)
    proposal, latest = table.proposal, table.version
    if not proposal.is_draft:
        raise Refused(rules.why_not_write(proposal, table.text) or "", steps=[Step.to(proposal)])
    if request.method != "POST":
        form = WritingForm(
            table.own,
            proposal.way,
            table.text,
            base=latest.number,
            voids=_numbers(one.signature for one in table.signed if one.signature),
        )
        return _writing(request, table, form)
    form = WritingForm(table.own, proposal.way, table.text, request.POST)
    if not form.is_valid():
        return _writing(request, table, form, status=422)
    try:
        made = actions.write(
            proposal=proposal,
            acting=form.acting,
            by=person_of(request),
            at=timezone.now(),
            **form.written(),
        )
    except actions.Overtaken as refusal:
        anew = WritingForm(
            table.own,
            proposal.way,
            refusal.merged.text,
            clashes=refusal.merged.clashes,
            base=refusal.version.number,
            voids=_numbers(refusal.version.signatures.all()),
            note=form.cleaned_data["note"],
            acting=form.acting.slug,
        )
        return _writing(request, _own_table(request, number), anew, refusal=refusal)
    except actions.WouldVoid as refusal:
        data = request.POST.copy()
        data["voids"] = _numbers(refusal.signatures)
        anew = WritingForm(table.own, proposal.way, table.text, data)
        return _writing(request, _own_table(request, number), anew, refusal=refusal)
    except Refused as refusal:
        _add(form, refusal)
        return _writing(request, table, form, status=422)
    if made.number == latest.number:
        messages.success(request, _("Nothing was changed."))
    else:
        messages.success(request, _("Saved as version %(number)s.") % {"number": made.number})
    return redirect(proposal)


def _numbers(signatures: Iterable[Any]) -> str:
    return ",".join(str(one.pk) for one in signatures)


def _writing(
    request: HttpRequest,
    table: queries.Table,
    form: WritingForm,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "table": table,
        "proposal": table.proposal,
        "form": form,
        "refusal": refusal,
        "longest": rules.LONGEST_TEXT,
    }
    status = refusal.status if refusal else status
    return render(request, "ways/write.html", context, status=status)


@login_required
def versions(request: HttpRequest, number: int) -> HttpResponse:
    """Every text there was, for those who take part."""
    table = _own_table(request, number)
    found = table.proposal.versions.select_related("institution", "person").defer(
        "document", "sections"
    )
    page = Paginator(found, queries.A_PAGE).get_page(request.GET.get("page"))
    context = {"table": table, "proposal": table.proposal, "page": page}
    return render(request, "ways/versions.html", context)


@login_required
def version(request: HttpRequest, number: int, version: int) -> HttpResponse:
    """One text as it stood, and what it changed; or how it differs from any earlier one."""
    table = _own_table(request, number)
    every = table.proposal.versions.select_related("institution", "person")
    shown = get_object_or_404(every, number=version)
    since = request.GET.get("since", "")
    wanted = int(since) if since.isdecimal() and len(since) < 9 else shown.number - 1
    earlier = every.filter(number=wanted, number__lt=shown.number).first()
    context = {
        "table": table,
        "proposal": table.proposal,
        "version": shown,
        "readings": readings(_text_of(shown), request.LANGUAGE_CODE),
        "earlier": earlier,
        "changes": changes(_text_of(earlier), _text_of(shown)) if earlier else [],
        "numbers": range(shown.number - 1, 0, -1),
    }
    return render(request, "ways/version.html", context)


def _text_of(version: Version) -> Text:
    return Text.of(version.title, version.sections)


@login_required
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Say what became of an agreed proposal."""
    table = _own_table(request, number)
    if not table.proposal.moves:
        reason = rules.why_not_move(table.proposal, "")
        raise Refused(reason or "", steps=[Step.to(table.proposal)])
    form = MoveForm(table.proposal, table.own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act = partial(
            actions.move,
            proposal=table.proposal,
            acting=form.acting,
            by=person_of(request),
            at=timezone.now(),
            state=said["state"],
            sentence=said["sentence"],
        )
        return _done(request, table, act, _("Said. Everybody can read it."))
    context = {"table": table, "proposal": table.proposal, "form": form}
    return render(request, "ways/move.html", context, status=422 if form.errors else 200)


@login_required
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """No longer take part, with what follows from it."""
    table = _own_table(request, number)
    if reason := rules.why_not_leave(table.proposal):
        raise Refused(reason, steps=[Step.to(table.proposal)])
    form = LeaveForm(table.proposal, table.own, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.leave(
            proposal=table.proposal,
            acting=form.acting,
            by=person_of(request),
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, _("It no longer takes part."))
        return redirect(table.proposal if table.proposal.agreed_at else "ways:proposals")
    context = {"table": table, "proposal": table.proposal, "form": form}
    return render(request, "ways/leave.html", context, status=422 if form.errors else 200)


@or_sign_in
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The text to the letter: the SHA-256 of this file is its fingerprint."""
    table = _table(request, number)
    answer = HttpResponse(table.version.document, content_type="text/markdown; charset=utf-8")
    name = f"proposal-{number}-{table.version.number}.md"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
