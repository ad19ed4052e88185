"""How one comes in: the two public pages, a link from hand to hand, a code to go on with."""

from dataclasses import dataclass
from math import ceil

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from interlock.methods.questionnaires import core_pages, pages, seconds
from interlock.web.look.refusals import Refused
from interlock.web.surveys import actions, codes, cookies, limiting, queries, rules
from interlock.web.surveys.answering import language_of
from interlock.web.surveys.forms import CodeForm, ConsentForm
from interlock.web.surveys.models import Coupon, FormVersion, Study

#: So many surveys with results are listed; the API lists all.
MOST_RESULTS = 50


@dataclass(frozen=True)
class Side:
    """One of the two public pages: the same survey, told to those who come by it."""

    title: str | Promise
    lede: str | Promise
    other: str
    other_title: str | Promise


SIDES = {
    "cooperators": Side(
        gettext_lazy("For cooperators"),
        gettext_lazy(
            "You work in a worker co-op, start one, or help one along? Say how near you are to those "
            "who decide on public money together, and what the two could do for each other."
        ),
        "pbers",
        gettext_lazy("For PBers"),
    ),
    "pbers": Side(
        gettext_lazy("For PBers"),
        gettext_lazy(
            "You voted, brought ideas, or organised in participatory budgeting? Say how near you are "
            "to those who own their work together, and what the two could do for each other."
        ),
        "cooperators",
        gettext_lazy("For cooperators"),
    ),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Both doors, every survey that is open, and the latest that have results."""
    told = queries.told_of()[:MOST_RESULTS]
    context = {"studies": queries.open_studies(timezone.now()), "told": told}
    return render(request, "surveys/home.html", context)


@cookies.private
def door(request: HttpRequest, which: str) -> HttpResponse:
    """One of the two public pages: what is asked, and the consent; or how a survey can be launched."""
    side, study = SIDES[which], queries.at_the_doors(timezone.now())
    if study is None:
        context = {"side": side, "which": which}
        return render(request, "surveys/nothing_open.html", context)
    return _invitation(request, study, title=side.title, lede=side.lede, side=side)


@cookies.private
def study(request: HttpRequest, slug: str) -> HttpResponse:
    """A survey's own page, for one that is not at the doors."""
    found = queries.shown_studies().filter(slug=slug).first()
    if found is None:
        raise Http404
    if rules.why_not_answer(found, timezone.now()):
        return render(request, "surveys/closed.html", {"study": found})
    return _invitation(request, found, title=found.title, lede=found.about)


@csrf_exempt
def arrive(request: HttpRequest, code: str) -> HttpResponse:
    """The address that is passed on. It reads nothing and uses nothing up: chat programs open it too.

    The code goes into a cookie and out of the address, before anything can go wrong with it that
    would be written to a log. So it takes every method, too: a refused one would be logged.
    """
    response = redirect("surveys:arrived")
    cookies.put(
        response,
        cookies.ARRIVAL,
        codes.read(code[:40]),
        cookies.ARRIVAL_PATH,
        lifetime=cookies.HOUR,
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return cookies.private(lambda _request: response)(request)


@cookies.private
def arrived(request: HttpRequest) -> HttpResponse:
    """Whoever came by a coupon or a link, with the code out of the address.

    Whether a coupon was used is told to whoever would use it, and to nobody who looks.
    """
    code = cookies.get(request, cookies.ARRIVAL, lifetime=cookies.HOUR)
    coupon = queries.coupon_of(code) if code else None
    link = queries.link_of(code) if code and not coupon else None
    found = coupon or link
    reason = (
        rules.why_not_answer(found.study, timezone.now())
        if found
        else rules.why_not_show(None, timezone.now())
    )
    if coupon and not reason:
        agrees = request.method == "POST" and ConsentForm(request.POST).is_valid()
        why_not = rules.why_not_use if agrees else rules.why_not_show
        reason = why_not(coupon, timezone.now())
    if reason or found is None:
        context = {
            "reason": reason,
            "coupon": coupon,
            "is_spent": reason == rules.why_spent(),
            "known": found is not None,
            "here": found is not None and _was_here(request, found.study),
        }
        return render(request, "surveys/not_by_this_link.html", context, status=410)
    return _invitation(
        request,
        found.study,
        title=found.study.title,
        lede=found.study.about,
        coupon=coupon,
        link="" if coupon else code,
        code=code if coupon else "",
    )


def _invitation(
    request: HttpRequest,
    study: Study,
    *,
    title: object,
    lede: object,
    side: Side | None = None,
    coupon: Coupon | None = None,
    code: str = "",
    link: str = "",
) -> HttpResponse:
    """What is asked and what people agree to; agreeing is what begins it."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if coupon is None:
            limiting.heed(request, "begin")
        flags = ["trap"] if form.cleaned_data["website"] else []
        entered = actions.consent(
            study=study, at=timezone.now(), coupon=code, link=link, flags=flags
        )
        response = redirect("surveys:mine")
        cookies.put_mine(response, entered.code)
        cookies.put(
            response, cookies.HERE, study.slug, cookies.HERE_PATH, lifetime=cookies.DAY * 90
        )
        return cookies.drop(response, cookies.ARRIVAL, cookies.ARRIVAL_PATH)
    version = queries.current_version(study)
    assert version
    context = {
        "study": study,
        "title": title,
        "lede": lede,
        "side": side,
        "coupon": coupon,
        "form": form,
        "consent": study.consents.first(),
        "minutes": minutes(version),
        "here": _was_here(request, study),
    }
    wrong = request.method == "POST"
    return render(request, "surveys/invitation.html", context, status=422 if wrong else 200)


def _was_here(request: HttpRequest, study: Study) -> bool:
    """Whether somebody began this survey on this device."""
    return cookies.get(request, cookies.HERE, lifetime=cookies.DAY * 90) == study.slug


def minutes(version: FormVersion) -> dict[str, int]:
    """About how long the core takes, and all of it, by the library's guess."""
    form, language = queries.form_of(version), language_of(version)
    core = [name for page in pages(form)[: core_pages(form)] for name in page.names]
    all_ = [name for page in pages(form) for name in page.names]
    return {
        "core": ceil(seconds(form, language, core) / 60),
        "all": ceil(seconds(form, language, all_) / 60),
    }


@cookies.private
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a code, on any device."""
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        limiting.heed(request, "code")
        if form.is_valid():
            code = form.cleaned_data["code"]
            if queries.respondent_of(code):
                return cookies.put_mine(redirect("surveys:mine"), code, resumed=True)
            form.add_error(
                "code", _("There is no such code, or its answers were taken back already.")
            )
    return render(
        request, "surveys/resume.html", {"form": form}, status=422 if form.errors else 200
    )


@cookies.private
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take all answers back, with the code and nothing else."""
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        limiting.heed(request, "code")
        if form.is_valid():
            try:
                actions.withdraw(code=form.cleaned_data["code"], at=timezone.now())
            except Refused as refusal:
                form.add_error("code", str(refusal.reason))
            else:
                messages.success(request, _("Your answers are deleted. Nothing of them is left."))
                response = redirect("surveys:home")
                cookies.drop(response, cookies.HERE, cookies.HERE_PATH)
                return cookies.drop(response, cookies.MINE, cookies.MINE_PATH)
    return render(
        request, "surveys/withdraw.html", {"form": form}, status=422 if form.errors else 200
    )
