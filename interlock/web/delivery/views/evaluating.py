"""The pages of the panel, and the ranking for everybody."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from interlock.methods.awarding import results
from interlock.methods.formats import sheets
from interlock.web.delivery.actions import evaluating
from interlock.web.delivery.forms.evaluating import DeclareForm, ScoreForm
from interlock.web.delivery.models import Call, Offer, Panelist
from interlock.web.delivery.queries import evaluating as queries
from interlock.web.delivery.queries.calls import bidders_of
from interlock.web.delivery.rules import evaluating as rules
from interlock.web.delivery.views.calls import found_by
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of


@login_required
def scores(request: HttpRequest, number: int) -> HttpResponse:
    """A panelist's own page: first the conflicts, then the bids one by one."""
    call, seat = _seat(request, number)
    bidders = bidders_of(call) if call.opened_at else []
    institutions = {one.lead.pk: one.lead for one in bidders} | {
        partner.institution.pk: partner.institution
        for one in bidders
        for partner in one.partners.all()
    }
    recusals = list(seat.recusals.all())
    named = {one.institution_id for one in recusals}
    others = [one for one in institutions.values() if one.pk not in named]
    form = DeclareForm(others, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            evaluating.declare(
                panelist=seat, by=seat.person, at=timezone.now(), conflicts=form.conflicts()
            )
        except Refused as refusal:
            if refusal.status != 422:
                raise
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Noted. Now the bids."))
            return redirect("delivery:scores", call.pk)
    context = {
        "call": call,
        "seat": seat,
        "form": form,
        "recusals": recusals,
        "rows": queries.to_score(seat) if seat.declared_at else [],
        "aside": [one for one in seat.conflicts.all() if one.set_aside_at],
    }
    return render(request, "delivery/scores.html", context, status=422 if form.errors else 200)


@login_required
def score(request: HttpRequest, number: int, offer: int) -> HttpResponse:
    """One offer: what its bid says, and the points."""
    call, seat = _seat(request, number)
    among = Offer.objects.filter(lot__call=call).select_related("bid__lead__kind", "lot")
    found = get_object_or_404(among.defer("bid__draft", "bid__sealed"), pk=offer)
    found.bid.call = found.lot.call = call
    if reason := rules.why_not_score(seat, found):
        raise Refused(reason, steps=[Step(_("Your scores"), _scores(call))])
    criteria = [one for one in call.criteria.all() if not one.is_price]
    given = list(seat.scores.filter(offer=found))
    form = ScoreForm(criteria, given, request.POST or None)
    if request.method == "POST" and form.is_valid():
        evaluating.score(
            panelist=seat, offer=found, by=seat.person, at=timezone.now(), given=form.given()
        )
        then = next((row.offer for row in queries.to_score(seat) if row.is_missing), None)
        messages.success(request, _("Saved. You can change it until the bids are ranked."))
        if then:
            return redirect("delivery:score", call.pk, then.pk)
        return redirect("delivery:scores", call.pk)
    context = {
        "call": call,
        "offer": found,
        "bid": found.bid,
        "content": found.bid.content or {},
        "partners": list(found.bid.partners.select_related("institution")),
        "form": form,
    }
    return render(request, "delivery/score.html", context, status=422 if form.errors else 200)


def ranking(request: HttpRequest, number: int) -> HttpResponse:
    """The ranking with its arithmetic, once it is done."""
    call = _ranked(request, number)
    prefetch_related_objects([call], "panel__recusals__institution", "panel__conflicts__lot")
    context = {
        "call": call,
        "lots": queries.shown(call, queries.ranking_of(call)),
        "panel": list(call.panel.all()),
        "conflicts": queries.to_set_aside(call),
    }
    return render(request, "delivery/ranking.html", context)


def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """All that the ranking follows from, for `interlock ranking`."""
    call = _ranked(request, number)
    found = queries.ranking_of(call)
    text = "".join(sheets.lines(found.sheet, results(found)))
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="call-{call.pk}.csv"'
    return answer


def _ranked(request: HttpRequest, number: int) -> Call:
    call = found_by(request, number)
    if call.ranked_at is None:
        raise Refused(
            _("The bids of this call are not ranked yet."),
            _("Scores are public once all of them are there."),
            steps=[Step.to(call)],
        )
    return call


def _seat(request: HttpRequest, number: int) -> tuple[Call, Panelist]:
    """The call and one's own seat on its panel; finding it is the permission check."""
    call, person = found_by(request, number), person_of(request)
    if reason := rules.why_not_sit(call, person):
        raise Refused(reason, status=403, steps=[Step.to(call)])
    seats = call.panel.prefetch_related("recusals__institution", "conflicts__lot")
    seat = seats.select_related("person").get(person=person)
    seat.call = call
    return call, seat


def _scores(call: Call) -> str:
    return reverse("delivery:scores", args=[call.pk])
