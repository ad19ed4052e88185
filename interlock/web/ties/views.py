"""The pages of ties."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

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
from django.views.decorators.http import require_http_methods, require_POST

from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import called, spoken_for_by
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.look.amounts import day
from interlock.web.look.refusals import Refused
from interlock.web.people.access import person_of
from interlock.web.people.models import Person
from interlock.web.ties import actions, queries, rules
from interlock.web.ties.forms import FilterForm, ReasonForm, TermsForm, TieForm
from interlock.web.ties.models import Change, NoMail, Predicate, Tie

MOST_FOUND = 20


def existing(number: int) -> Tie:
    """One as it is stored; a withdrawn one says that it was."""
    found = Tie.objects.select_related("subject", "object", "said_by", "disputed_by")
    tie = get_object_or_404(found, pk=number)
    if tie.withdrawn_at:
        raise Refused(
            _("This tie was withdrawn on %(day)s: nobody stands for it any more.")
            % {"day": day(tie.withdrawn_at, "UTC")},
            _("If it is so after all, either side can say it again."),
            status=410,
        )
    return tie


# Lists.


def ties(request: HttpRequest) -> HttpResponse:
    """Everything that is said of anybody here."""
    return _list(request, queries.current(), None)


def of(request: HttpRequest, slug: str) -> HttpResponse:
    """All ties of one institution."""
    institution = get_object_or_404(Institution.objects.select_related("kind"), slug=slug)
    return _list(request, queries.of(institution), institution)


def _list(request: HttpRequest, found: Any, institution: Institution | None) -> HttpResponse:
    wanted = queries.wanted(request.GET.dict())
    some = queries.narrowed(found, wanted).order_by("-said_at", "-pk")
    page = Paginator(some, queries.A_PAGE).get_page(request.GET.get("page"))
    context = {
        "institution": institution,
        "page": page,
        "wanted": wanted,
        "filter": FilterForm(wanted),
        "shared": queries.shared_people(institution, timezone.now()) if institution else None,
    }
    return render(request, "ties/list.html", context)


def words(request: HttpRequest) -> HttpResponse:
    """What each word for a tie means, from either side."""
    return render(request, "ties/words.html", {"predicates": list(Predicate)})


# One tie.


@dataclass(frozen=True)
class Part:
    """What a reader may do about a tie for one institution that they speak for."""

    institution: Institution
    confirm: bool
    dispute: bool
    withdraw: bool
    change: bool
    agree: bool
    drop: bool
    ask: bool
    form: ReasonForm
    #: Why another person has to answer for this side, where that is so.
    alone: str | None

    @property
    def asked(self) -> bool:
        """Whether the other side waits for an answer."""
        return self.confirm or self.agree


def _part(
    tie: Tie,
    waiting: Change | None,
    one: Institution,
    by: Person,
    at: datetime,
    sent: ReasonForm | None,
) -> Part:
    side = tie.is_side(one)
    may_agree = side and not rules.why_not_agree(tie, waiting, one)
    may_confirm = side and not rules.why_not_confirm(tie, one)
    alone = rules.why_not_for_both(tie, one, by) if may_agree or may_confirm else None
    return Part(
        institution=one,
        confirm=may_confirm and not alone,
        dispute=side and not rules.why_not_dispute(tie, one, "-"),
        withdraw=not rules.why_not_withdraw(tie, one),
        change=not rules.why_not_change(tie, one),
        agree=may_agree and not alone,
        drop=bool(waiting and waiting.said_by_id == one.pk),
        ask=not rules.why_not_ask(tie, one, at),
        form=sent or ReasonForm(auto_id=f"{one.slug}-%s"),
        alone=alone,
    )


def tie(request: HttpRequest, number: int) -> HttpResponse:
    return _tie(request, existing(number))


def _tie(
    request: HttpRequest,
    tie: Tie,
    *,
    sent: Mapping[int, ReasonForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Its page, with a form that was sent wrong in its place or what was refused at its head."""
    waiting = Change.objects.select_related("said_by").filter(tie=tie).first()
    user, at = request.user, timezone.now()
    parts = []
    if isinstance(user, Person):
        own = queries.spoken_for(tie, user)
        parts = [_part(tie, waiting, one, user, at, (sent or {}).get(one.pk)) for one in own]
    context = {
        "tie": tie,
        "told": queries.told_terms(tie.terms),
        "waiting": waiting,
        "changes": queries.told_changes(tie.terms, waiting.terms) if waiting else [],
        "story": queries.story(tie),
        "parts": parts,
        "refusal": refusal,
    }
    return render(request, "ties/tie.html", context, status=status)


#: What one can do about a tie, and what its page says when it is done.
ACTS: Mapping[str, tuple[Callable[..., Tie], Promise]] = {
    "confirm": (actions.confirm, gettext_lazy("Confirmed. Both sides have said so.")),
    "dispute": (actions.dispute, gettext_lazy("Disputed. The page says so, and why.")),
    "withdraw": (actions.withdraw, gettext_lazy("Your word is taken back.")),
    "agree": (actions.agree, gettext_lazy("Agreed. The tie says so from now on.")),
    "decline": (actions.decline, gettext_lazy("Done. The tie stays as it was.")),
    "ask": (actions.ask, gettext_lazy("Asked. A mail is on its way.")),
}


@require_POST
@login_required
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Answer what is said, or take one's word back, for one institution."""
    tie = existing(number)
    speaker = get_object_or_404(Institution, slug=request.POST.get("speaker", ""))
    by = person_of(request)
    what = request.POST.get("act", "")
    if what not in ACTS:
        raise Http404
    given: dict[str, Any] = {}
    if what in ("confirm", "agree"):
        given["read"] = request.POST.get("read", "")
    if what == "dispute" and tie.is_side(speaker) and not why_not_speak_for(speaker, by):
        form = ReasonForm(request.POST, auto_id=f"{speaker.slug}-%s")
        if not form.is_valid():
            return _tie(request, tie, sent={speaker.pk: form}, status=422)
    if what in ("dispute", "decline"):
        given["reason"] = request.POST.get("reason", "")
    verb, told = ACTS[what]
    try:
        done = verb(tie=tie, speaker=speaker, by=by, at=timezone.now(), **given)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        return _tie(request, existing(number), refusal=refusal, status=409)
    messages.success(request, str(told))
    return redirect("ties:of", speaker.slug) if done.withdrawn_at else redirect(done)


@login_required
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Say other terms, such as when it ended."""
    tie, person = existing(number), person_of(request)
    own = queries.spoken_for(tie, person)
    asked = request.POST.get("speaker") or request.GET.get("as")
    speaker = next((one for one in own if one.slug == asked), own[0] if own else None)
    if speaker is None:
        reason = why_not_speak_for(tie.subject, person) or rules.why_not_touch(tie)
        raise Refused(reason or "", _("Ask one of them to let you in."), status=403)
    if reason := rules.why_not_change(tie, speaker):
        raise Refused(reason, status=409)
    form = TermsForm(request.POST or None, stored=tie)
    if request.method == "POST" and form.is_valid():
        try:
            done = actions.change(
                tie=tie, speaker=speaker, by=person, at=timezone.now(), **form.terms
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            waits = Change.objects.filter(tie=done).exists()
            messages.success(
                request,
                _("Proposed. It counts when the other side agrees.") if waits else _("Changed."),
            )
            return redirect(done)
    context = {"tie": tie, "speaker": speaker, "form": form}
    return render(request, "ties/change.html", context, status=422 if form.errors else 200)


# A new one.


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Who speaks, of whom, with whom: found one after the other; then what there is to say."""
    person, asked = person_of(request), request.GET
    own = list(spoken_for_by(person).order_by("slug"))
    if not own:
        raise Refused(
            _("A tie is said by an institution, and you speak for none yet."),
            _("Register yours, or ask its stewards for a role as steward or delegate."),
            status=403,
        )
    speaker = next((one for one in own if one.slug == asked.get("as")), own[0])
    others = asked.get("others") == "1"
    one = _here(asked.get("one")) if others else speaker
    other = _here(asked.get("with"))
    if one and other and one != other:
        return _say(request, speaker, one, other)
    words = asked.get("q", "").strip()
    found = list(called(words)[: MOST_FOUND + 1])
    context = {
        "own": own,
        "speaker": speaker,
        "others": others,
        "one": one,
        "other": other,
        "words": words,
        "found": [each for each in found[:MOST_FOUND] if each != one],
        "more": len(found) > MOST_FOUND,
        "then": _then(speaker, one, others=others),
    }
    return render(request, "ties/search.html", context)


def _then(speaker: Institution, one: Institution | None, *, others: bool) -> str:
    """Where one goes on with an institution that was missing: its slug follows."""
    said = {"as": speaker.slug, **({"others": "1"} if others else {})}
    if others and one:
        said["one"] = one.slug
    missing = "one" if others and not one else "with"
    return f"{reverse('ties:new')}?{urlencode({**said, missing: ''})}"


def _here(slug: str | None) -> Institution | None:
    """One that is here and has not left; what an address names wrongly is searched for again."""
    return Institution.objects.filter(slug=slug, left_at=None).first() if slug else None


def _say(
    request: HttpRequest, speaker: Institution, one: Institution, other: Institution
) -> HttpResponse:
    form = TieForm(one, other, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, person = form.tie, person_of(request)
        if known := _said_with_more(said, speaker, form.terms):
            messages.success(request, _("This was said before. Read it, then answer."))
            return redirect(known)
        try:
            made = actions.say(**said, **form.terms, speaker=speaker, by=person, at=timezone.now())
        except Refused as refusal:
            if refusal.status == 403:
                raise
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, made.state)
            return redirect(made)
    context = {"form": form, "speaker": speaker, "one": one, "other": other}
    return render(request, "ties/new.html", context, status=422 if form.errors else 200)


def _said_with_more(
    said: Mapping[str, Any], speaker: Institution, terms: Mapping[str, Any]
) -> Tie | None:
    """What the other side said before with terms that this one leaves out: to be read first."""
    subject, object = actions.in_order(said["predicate"], said["subject"], said["object"])
    known = queries.said_before(
        subject=subject,
        predicate=said["predicate"],
        object=object,
        since=terms["since"],
        speaker=speaker,
    )
    if known is None or not known.is_side(speaker) or known.said_at_by(speaker):
        return None
    stored = known.terms
    more = any(stored[name] not in ("", None) and terms[name] in ("", None) for name in stored)
    other = any(terms[name] not in ("", None, stored[name]) for name in stored)
    return known if more and not other else None


# From a mail, without an account.


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link only shows two buttons: mail scanners open links by themselves."""
    link, at = actions.link_of(token), timezone.now()
    email = link.institution.email if link else ""
    if reason := rules.why_not_use(link, actions.address_hash(email), at):
        remedy = _("Who looks after the page of an institution answers there, at any time.")
        raise Refused(reason, remedy, status=410)
    assert link
    tie = link.tie
    waiting = Change.objects.filter(tie=tie).exclude(said_by=link.institution).first()
    form, refusal, status = ReasonForm(), None, 200
    if request.method == "POST":
        yes = request.POST.get("answer") == "yes"
        form = ReasonForm(None if yes else request.POST)
        if yes or form.is_valid():
            try:
                done = actions.answer_by_link(
                    token=token,
                    yes=yes,
                    at=at,
                    reason=request.POST.get("reason", ""),
                    read=request.POST.get("read", ""),
                )
            except Refused as refused:
                if refused.status != 409:
                    raise
                refusal, status = refused, 409
            else:
                messages.success(request, _("Thank you. Your answer counts from now on."))
                return (
                    redirect("ties:of", link.institution.slug)
                    if done.withdrawn_at
                    else redirect(done)
                )
        else:
            status = 422
    context = {
        "link": link,
        "tie": tie,
        "waiting": waiting,
        "told": queries.told_changes(tie.terms, waiting.terms)
        if waiting
        else queries.told_terms(tie.terms),
        "read": (waiting or tie).fingerprint,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "ties/answer.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest, signed: str) -> HttpResponse:
    """No more mails about ties; or again, for who changes their mind."""
    hash = actions.address_of(signed)
    if request.method == "POST":
        actions.stop_mail(signed=signed, at=timezone.now(), stop="again" not in request.POST)
        return redirect("ties:mail", signed)
    stopped = NoMail.objects.filter(address_hash=hash).exists()
    return render(request, "ties/mail.html", {"stopped": stopped})
