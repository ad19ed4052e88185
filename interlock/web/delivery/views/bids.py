"""The pages of those who bid: a few short steps, and what became of it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from interlock.web.delivery.actions import bids
from interlock.web.delivery.forms import bids as forms
from interlock.web.delivery.models import Bid, Call
from interlock.web.delivery.queries import bids as queries
from interlock.web.delivery.queries.calls import could_bid
from interlock.web.delivery.rules import bids as rules
from interlock.web.delivery.rules import calls as calls_rules
from interlock.web.delivery.rules import evaluating as evaluating_rules
from interlock.web.delivery.views.calls import found_by
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import called
from interlock.web.institutions.speaking import acting_for
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of

STEPS = {
    "price": gettext_lazy("Price"),
    "plan": gettext_lazy("Plan"),
    "partners": gettext_lazy("Partners"),
    "files": gettext_lazy("Files"),
    "sign": gettext_lazy("Sign and seal"),
}
FORMS = {"price": forms.PriceForm, "plan": forms.PlanForm, "sign": forms.ConflictForm}
MOST_FOUND = 20
# Opened by itself it is a file and nothing else, whatever its bytes were.
ALONE = "default-src 'none'; sandbox"


@login_required
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """For whom one bids; who speaks for one institution goes on at once."""
    call, person = found_by(request, number), person_of(request)
    if reason := rules.why_not_take(call):
        raise Refused(reason, steps=[Step.to(call)])
    acting_for(person, _("A bid is an institution’s, and you speak for none yet."))
    own = could_bid(call, person)
    if not own:
        raise Refused(_("Who calls for bids does not bid."), status=403, steps=[Step.to(call)])
    if request.method == "POST":
        lead = next((one for one in own if one.slug == request.POST.get("lead")), None)
        if lead is None:
            raise Http404
        bid = bids.begin(call=call, lead=lead, by=person)
        return redirect("delivery:bid_step", call.pk, bid.pk, "price")
    return render(request, "delivery/bid_begin.html", {"call": call, "own": own})


@login_required
def bid(request: HttpRequest, number: int, ref: UUID) -> HttpResponse:
    """A bid as its own people see it."""
    found = _own(request, number, ref)
    person = person_of(request)
    draft = queries.draft_of(found)
    partners = list(found.partners.select_related("institution"))
    context = {
        "bid": found,
        "call": found.call,
        "draft": draft,
        "prices": _prices(found.call, draft),
        "steps": _steps(found, ""),
        "partners": [(one, rules.why_not_agree(one, person) is None) for one in partners],
        "prepares": rules.why_not_prepare(found, person) is None,
        "signs": rules.why_not_sign(found.lead, person) is None,
        "open": rules.why_not_take(found.call) is None,
        "why_not_agree": rules.why_not_complete(found.call, draft),
    }
    return render(request, "delivery/bid.html", context)


@login_required
def step(request: HttpRequest, number: int, ref: UUID, name: str) -> HttpResponse:
    """One step of a bid. Each is saved as it is left, and can be left."""
    found, person = _own(request, number, ref), person_of(request)
    if name not in STEPS:
        raise Http404
    if reason := rules.why_not_prepare(found, person):
        status = 409 if rules.why_not_take(found.call) else 403
        raise Refused(reason, status=status, steps=[_to(found)])
    draft = queries.draft_of(found)
    words = request.POST.get("q", request.GET.get("q", "")).strip()
    if name == "partners" and "search" in request.POST:
        return redirect(f"{_step(found, name)}?{urlencode({'q': words})}")
    form: Any = None
    if name in FORMS:
        form = FORMS[name](request.POST or None, call=found.call, draft=draft)
    elif name == "partners":
        form = forms.PartnerForm(request.POST or None)
    else:
        form = forms.FileForm(request.POST or None, request.FILES or None)
    posted = request.method == "POST"
    if posted and (
        _is_empty(request, name, words) or (form.is_valid() and _kept(request, found, name, form))
    ):
        return redirect(_after(request, found, name))
    partners = list(found.partners.select_related("institution"))
    context = {
        "bid": found,
        "call": found.call,
        "form": form,
        "name": name,
        "title": STEPS[name],
        "steps": _steps(found, name),
        "draft": draft,
        "prices": _prices(found.call, draft),
        "criteria": list(found.call.criteria.all()) if name == "plan" else [],
        "partners": partners,
        "words": words,
        "found": _found(found, words, request.POST.get("institution", ""))
        if name == "partners"
        else [],
        "signs": rules.why_not_sign(found.lead, person) is None,
        "gaps": _gaps(found, draft) if name == "sign" else [],
    }
    return render(request, "delivery/bid_step.html", context, status=422 if posted else 200)


def _is_empty(request: HttpRequest, name: str, words: str) -> bool:
    """Whether one goes on from a step where nothing was named or chosen that could be lost."""
    if "add" in request.POST or name not in ("partners", "files"):
        return False
    typed = words if words != request.POST.get("searched", "") else ""
    return not (typed or request.POST.get("institution") or request.FILES)


def _found(bid: Bid, words: str, chosen: str) -> list[Institution]:
    """Who is called so and could be asked; the one that was chosen is among them."""
    taken = [bid.lead_id, bid.call.issuer_id, *bid.partners.values_list("institution", flat=True)]
    known = called(words).exclude(pk__in=taken)[:MOST_FOUND]
    named = Institution.objects.filter(slug=chosen, left_at=None).exclude(pk__in=taken)
    return list(named.select_related("kind")) or list(known)


def _kept(request: HttpRequest, found: Bid, name: str, form: Any) -> bool:
    """Keep what was typed; a refusal that the page can show is shown there."""
    person = person_of(request)
    try:
        if name in FORMS:
            bids.save_draft(bid=found, by=person, **form.said())
        elif name == "partners":
            other = form.cleaned_data["institution"]
            bids.ask_partner(bid=found, institution=other, by=person, at=timezone.now())
            messages.success(request, _("Asked. A mail tells its stewards."))
        else:
            file = form.cleaned_data["file"]
            bids.attach(bid=found, by=person, name=file.name, data=file.read())
        if name == "sign" and "seal" in request.POST:
            found.refresh_from_db()
            bids.seal(bid=found, by=person, at=timezone.now())
            messages.success(request, _("Sealed. Nobody can read it before the call is closed."))
    except Refused as refusal:
        if refusal.status not in (409, 422) or rules.why_not_take(found.call):
            raise
        form.add_error(None, f"{refusal.reason} {refusal.remedy}".strip())
        return False
    return True


def _after(request: HttpRequest, found: Bid, name: str) -> str:
    """The next step; the same one after something was added; the bid itself after the last."""
    names = list(STEPS)
    if "add" in request.POST:
        then = name
    elif "leave" in request.POST or name == names[-1]:
        return reverse("delivery:bid", args=[found.call_id, found.pk])
    else:
        then = names[names.index(name) + 1]
    return _step(found, then)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: int, ref: UUID) -> HttpResponse:
    found = _own(request, number, ref)
    bids.withdraw(bid=found, by=person_of(request), at=timezone.now())
    messages.success(request, _("Withdrawn. What was sealed is erased."))
    return redirect(_address(found))


@require_POST
@login_required
def partner(request: HttpRequest, number: int, ref: UUID, which: int) -> HttpResponse:
    """A partner agrees to the bid, or one of the two sides goes on without the other."""
    found, person = _own(request, number, ref), person_of(request)
    one = get_object_or_404(found.partners.select_related("institution", "bid__call"), pk=which)
    if "drop" in request.POST:
        bids.drop_partner(partner=one, by=person)
        messages.success(request, _("They are no longer part of the bid."))
        mine = queries.of_person(found.call, person).filter(pk=found.pk).exists()
        return redirect(_address(found) if mine else found.call.get_absolute_url())
    bids.agree(partner=one, by=person, at=timezone.now())
    messages.success(request, _("Agreed, to the bid as it is now."))
    return redirect(_address(found))


@require_POST
@login_required
def detach(request: HttpRequest, number: int, ref: UUID, file: UUID) -> HttpResponse:
    found = _own(request, number, ref)
    bids.detach(bid=found, by=person_of(request), ref=file)
    return redirect("delivery:bid_step", number, ref, "files")


@login_required
def file(request: HttpRequest, number: int, ref: UUID, file: UUID) -> HttpResponse:
    """A file of a bid: of the draft for its own people, of an opened one for those who compare."""
    call = found_by(request, number)
    found = get_object_or_404(call.bids.select_related("lead"), pk=ref)
    found.call = call
    person = person_of(request)
    if rules.why_not_read_draft(found, person) is None:
        data = queries.draft_file(found, file) or queries.opened_file(found, file)
    else:
        compares = evaluating_rules.why_not_read(found, person) is None
        organises = calls_rules.why_not_organise(call, person) is None
        if not compares and (not organises or evaluating_rules.why_bidding(call, person)):
            raise Http404
        data = queries.opened_file(found, file)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file}.pdf"'
    answer["Content-Security-Policy"] = ALONE
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def copy(request: HttpRequest, number: int, ref: UUID) -> JsonResponse:
    """The draft as a file, to keep: with custodians it is erased once it is sealed."""
    found = _own(request, number, ref)
    answer = JsonResponse(queries.draft_of(found), json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="bid.json"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _own(request: HttpRequest, number: int, ref: UUID) -> Bid:
    """A bid of the person's own institution, or that it is a partner of; to all others there is none."""
    call = found_by(request, number)
    found = get_object_or_404(queries.of_person(call, person_of(request)), pk=ref)
    found.call = call
    return found


def _gaps(found: Bid, draft: dict[str, Any]) -> list[tuple[str, Any]]:
    """What is still missing, with the step that mends it; but for what this very step asks about."""
    gaps = [gap for gap in rules.gaps(found.call, draft) if gap.step != "sign"]
    if reason := rules.why_not_agreed(found):
        gaps.append(rules.Gap("partners", reason))
    return [(_step(found, gap.step), gap.reason) for gap in gaps]


def _prices(call: Call, draft: dict[str, Any]) -> list[tuple[Any, int]]:
    prices = draft["prices"]
    return [
        (lot, prices[str(lot.position)]) for lot in call.lots.all() if str(lot.position) in prices
    ]


def _steps(found: Bid, now: str) -> list[tuple[str, Any, str]]:
    """Each step with its address and whether one is at it."""
    return [
        (
            _step(found, name),
            label,
            "now" if name == now else "",
        )
        for name, label in STEPS.items()
    ]


def _step(found: Bid, name: str) -> str:
    return reverse("delivery:bid_step", args=[found.call_id, found.pk, name])


def _address(found: Bid) -> str:
    return reverse("delivery:bid", args=[found.call_id, found.pk])


def _to(found: Bid) -> Step:
    return Step(_("The bid"), _address(found))
