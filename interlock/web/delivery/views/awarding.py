"""Awards: made, shown as a notice, complained of, answered, annulled."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from interlock.web.delivery.actions import awarding
from interlock.web.delivery.forms.awarding import (
    AnswerForm,
    ComplaintForm,
    DirectForm,
    ReasonsForm,
)
from interlock.web.delivery.forms.stories import ReasonForm
from interlock.web.delivery.models import Award, Complaint, Delivery, Offer
from interlock.web.delivery.queries import evaluating
from interlock.web.delivery.queries.awarding import free, suppliers
from interlock.web.delivery.queries.evaluating import Place
from interlock.web.delivery.rules import awarding as rules
from interlock.web.delivery.rules.stories import why_not_officer
from interlock.web.delivery.views.asking import asked
from interlock.web.delivery.views.stories import own
from interlock.web.institutions.models import Institution
from interlock.web.institutions.queries import called, looked_after_by
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

MOST_FOUND = 20


def found(number: int) -> Award:
    awards = Award.objects.select_related(
        "delivery__project__process", "delivery__responsible", "annulment", "agreement",
        "offer__lot__call", "offer__bid",
    )  # fmt: skip
    return get_object_or_404(awards, pk=number)


def officers(request: HttpRequest, delivery: Delivery) -> None:
    """Refuses whoever is none."""
    if reason := why_not_officer(delivery, request.user):
        remedy = _("Ask one of them to let you in.")
        raise Refused(reason, remedy, status=403, steps=[Step.to(delivery.responsible)])


def award(request: HttpRequest, number: int) -> HttpResponse:
    """The notice: who, how much, why, and until when and how to complain."""
    return _notice(request, found(number))


def _notice(request: HttpRequest, made: Award, form: ComplaintForm | None = None) -> HttpResponse:
    at, user = timezone.now(), request.user
    sides = list(looked_after_by(user)) if isinstance(user, Person) else []
    mine = [one for one in sides if not rules.why_not_complain(made, one, user, at)]
    offers, compared = _offers(made)
    complaints = list(made.complaints.select_related("by"))
    context = {
        "award": made,
        "delivery": made.delivery,
        "process": made.delivery.project.process,
        "suppliers": suppliers(made),
        "call": made.offer.lot.call if made.offer else None,
        "compared": compared,
        "offers": offers,
        "complaints": complaints,
        "unanswered": any(one.answered_at is None for one in complaints),
        "is_open": at < made.standstill_until and not hasattr(made, "annulment"),
        "officer": made.delivery.responsible in sides,
        "form": form or (ComplaintForm(sides=mine) if mine else None),
    }
    wrong = form is not None and bool(form.errors)
    return render(request, "delivery/award.html", context, status=422 if wrong else 200)


def _offers(made: Award) -> tuple[list[Offer], list[Place]]:
    """What was offered for the lot: what the panel did not compare, and the rest as it was ranked."""
    if made.offer is None:
        return [], []
    lot = made.offer.lot
    lots = evaluating.shown(lot.call, evaluating.ranking_of(lot.call))
    compared = next(one.places for one in lots if one.lot == lot)
    among = {place.offer.pk for place in compared}
    return list(lot.offers.exclude(pk__in=among).select_related("bid__lead")), compared


@login_required
def directly(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Award without a call; to whom is searched in the register."""
    held = own(request, slug, ref)
    words, currency = request.GET.get("q", ""), held.project.process.currency
    form = DirectForm(request.POST or None, currency=currency, most=free(held))
    chosen = request.POST.getlist("suppliers")

    def do() -> None:
        said = dict(form.cleaned_data)
        to = list(said.pop("suppliers"))
        if said["kind"] == "own":
            to = [held.responsible]
        awarding.award_directly(
            delivery=held, suppliers=to, by=person_of(request), at=timezone.now(), **said
        )

    named = Institution.objects.filter(slug__in=chosen).select_related("kind")
    some = list(named) if chosen else list(called(words)[:MOST_FOUND]) if words else []
    lede = _("Directly, as a grant, or to yourselves. The notice is public, and so is the reason.")
    lede = f"{lede} {rules.without_call_in_words(held)}".strip()
    return asked(
        request, form, do,
        title=_("Award without a call"),
        lede=lede,
        button=_("Award it"), done=_("Awarded. The notice is public."), back=held,
        template="delivery/directly.html", words=words, found=some, chosen=chosen, delivery=held,
    )  # fmt: skip


@login_required
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """Award a lot of a call to one of its offers."""
    offers = Offer.objects.select_related("lot__call__delivery__responsible", "bid__lead")
    made = get_object_or_404(offers, pk=number, lot__call__delivery__isnull=False)
    held = made.lot.call.delivery
    assert held
    officers(request, held)
    form = ReasonsForm(request.POST or None)

    def do() -> None:
        awarding.award(offer=made, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    told = _("%(lot)s goes to %(name)s, at the price of the offer.")
    return asked(
        request, form, do,
        title=_("Award it to %(name)s") % {"name": made.bid.lead.name},
        lede=told % {"lot": made.lot.title, "name": made.bid.lead.name},
        button=_("Award it"), done=_("Awarded. The notice is public."), back=held,
    )  # fmt: skip


@login_required
def complain(request: HttpRequest, number: int) -> HttpResponse:
    made, person = found(number), person_of(request)
    sides = list(looked_after_by(person))
    if not sides:
        reason = _("Institutions complain of an award, by those who look after them.")
        raise Refused(reason, status=403, steps=[Step.to(made.delivery)])
    reasons = [rules.why_not_complain(made, one, person, timezone.now()) for one in sides]
    if all(reasons):
        raise Refused(reasons[0] or "", status=403, steps=[Step.to(made.delivery)])
    mine = [one for one, reason in zip(sides, reasons, strict=True) if not reason]
    form = ComplaintForm(request.POST or None, sides=mine)

    def do() -> None:
        awarding.complain(
            award=made,
            institution=form.institution,
            text=form.cleaned_data["text"],
            by=person,
            at=timezone.now(),
        )

    return asked(
        request, form, do,
        title=_("Complain of this award"),
        lede=_("No agreement is signed before your complaint is answered, in public."),
        button=_("Send the complaint"), done=_("Your complaint is on the page."), back=made,
    )  # fmt: skip


@login_required
def answer(request: HttpRequest, number: int, complaint: int) -> HttpResponse:
    made = found(number)
    officers(request, made.delivery)
    one = get_object_or_404(Complaint, pk=complaint, award=made)
    form = AnswerForm(request.POST or None)

    def do() -> None:
        awarding.answer(
            complaint=one, by=person_of(request), at=timezone.now(), **form.cleaned_data
        )

    return asked(
        request, form, do,
        title=_("Answer the complaint"), lede=format_html('<span lang="">{}</span>', one.text),
        button=_("Publish the answer"), done=_("The answer is on the page."), back=made,
    )  # fmt: skip


@login_required
def annul(request: HttpRequest, number: int) -> HttpResponse:
    made = found(number)
    officers(request, made.delivery)
    form = ReasonForm(request.POST or None)

    def do() -> None:
        awarding.annul(award=made, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    return asked(
        request, form, do,
        title=_("Annul the award"),
        lede=_("The notice stays, with your reason beside it. The money can be awarded again."),
        button=_("Annul it"), done=_("Annulled. The money can be awarded again."), back=made,
    )  # fmt: skip
