"""Agreements: read, drafted, signed, changed by a new version, ended early."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interlock.web.delivery.actions import agreeing
from interlock.web.delivery.forms.agreeing import Milestones, TermsForm, terms_of
from interlock.web.delivery.forms.stories import ReasonForm
from interlock.web.delivery.models import Agreement, Award, Delivery, Milestone, Version
from interlock.web.delivery.queries import agreeing as queries
from interlock.web.delivery.queries.awarding import sides, suppliers
from interlock.web.delivery.rules import agreeing as rules
from interlock.web.delivery.views import awarding
from interlock.web.delivery.views.asking import asked
from interlock.web.delivery.views.stories import today
from interlock.web.institutions.models import Institution
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of
from interlock.web.people.models import Person

NEW_ROWS = 4


def found(number: int) -> Agreement:
    return get_object_or_404(queries.agreements(), pk=number)


def acting(request: HttpRequest, award: Award) -> list[Institution]:
    """The sides of an award for which one may speak; without one there is no way in."""
    ends = {award.delivery.responsible_id, *[one.pk for one in suppliers(award)]}
    mine = [one for one in sides(award.delivery, request.user) if one.pk in ends]
    if not mine:
        raise Refused(
            _("Only the two sides of this agreement do that."),
            _("Everybody can read it."),
            status=403,
            steps=[Step.to(award.delivery)],
        )
    return mine


def agreement(request: HttpRequest, number: int) -> HttpResponse:
    """What was agreed, what of it is earned and paid, and what waits for whom."""
    made, user = found(number), request.user
    award, held = made.award, made.award.delivery
    parties = suppliers(award)
    mine = sides(held, user)
    terms = queries.terms(made)
    signing: list[Institution] = []
    reason: Any = None
    if terms.waiting and isinstance(user, Person):
        terms.waiting.agreement = made
        reason = rules.why_not_sign(terms.waiting, timezone.now())
        signing = [one for one in mine if _signs(terms.waiting, one, award, user)]
    context = {
        "agreement": made,
        "award": award,
        "delivery": held,
        "process": held.project.process,
        "suppliers": parties,
        "terms": terms,
        "today": today(held.project.process),
        "payments": queries.payments(made),
        "officer": held.responsible in mine,
        "deliverer": any(one in mine for one in parties),
        "signing": signing,
        "why_not": reason,
    }
    return render(request, "delivery/agreement.html", context)


def _signs(version: Version, side: Institution, award: Award, user: Person) -> bool:
    is_payer = side.pk == award.delivery.responsible_id
    signed = version.payer_signed_at if is_payer else version.deliverer_signed_at
    return not signed and not rules.why_not_sign_for(award, side, user)


def versions(request: HttpRequest, number: int) -> HttpResponse:
    """Every version, who signed it when, and why it changed."""
    made = found(number)
    context = {
        "agreement": made,
        "delivery": made.award.delivery,
        "process": made.award.delivery.project.process,
        "versions": list(queries.versions(made).reverse()),
    }
    return render(request, "delivery/versions.html", context)


@login_required
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Terms for an award, or other terms for what is agreed on."""
    award = awarding.found(number)
    side = acting(request, award)[0]
    held: Delivery = award.delivery
    made = Agreement.objects.filter(award=award).first()
    currency = held.project.process.currency
    is_change = made is not None and made.versions.filter(dropped_at__isnull=False).exists()
    is_change = is_change or (made is not None and made.signed_at is not None)
    last = queries.versions(made).filter(dropped_at=None).last() if made else None
    rows = [
        {"code": one.code, "title": one.title, "due_on": one.due_on, "amount": one.amount}
        for one in (last.milestones.all() if last else ())
    ]
    initial: dict[str, Any] = {}
    if last:
        initial = {"advance": last.advance, "retainage": last.retainage / 100}
    form = TermsForm(request.POST or None, currency=currency, is_change=is_change, initial=initial)
    formset = Milestones(
        request.POST or None, initial=rows, prefix="part", form_kwargs={"currency": currency}
    )
    formset.extra = 2 if rows else NEW_ROWS
    if request.method == "POST" and not formset.is_valid():
        form.add_error(None, _("A milestone below needs another look."))

    def do() -> None:
        used = Milestone.objects.filter(version__agreement__award=award)
        agreeing.draft(
            award=award,
            terms=terms_of(form, formset, used.values_list("code", flat=True)),
            acting=side,
            reason=form.cleaned_data.get("reason", ""),
            by=person_of(request),
            at=timezone.now(),
        )

    return asked(
        request, form, do,
        title=_("Change the agreement") if is_change else _("Draft the agreement"),
        lede=_(
            "What is done when, and what it earns. It binds nobody before both sides have signed it."
        ),
        button=_("Save the draft"), done=_("The draft waits for both signatures."),
        back=_Back(award), template="delivery/draft.html", formset=formset, award=award,
        delivery=held, process=held.project.process, agreement=made,
    )  # fmt: skip


class _Back:
    """The agreement of an award, once there is one."""

    def __init__(self, award: Award) -> None:
        self.award = award

    def get_absolute_url(self) -> str:
        made = Agreement.objects.filter(award=self.award).first()
        return made.get_absolute_url() if made else self.award.get_absolute_url()

    def __str__(self) -> str:
        return str(self.award.delivery)


def _version(request: HttpRequest, number: int, version: int) -> tuple[Version, list[Institution]]:
    made = found(number)
    mine = acting(request, made.award)
    one = get_object_or_404(made.versions, pk=version)
    one.agreement = made
    return one, mine


@require_POST
@login_required
def sign(request: HttpRequest, number: int, version: int) -> HttpResponse:
    one, mine = _version(request, number, version)
    ready = [side for side in mine if str(side.pk) == request.POST.get("acting", str(side.pk))]
    if not ready:
        raise Refused(_("You sign for a side of this agreement."), status=403)
    signed = agreeing.sign(version=one, acting=ready[0], by=person_of(request), at=timezone.now())
    in_force = signed.in_force_at is not None
    told = _("It is in force.") if in_force else _("Signed. The other side is told.")
    messages.success(request, told)
    return redirect(one.agreement)


@require_POST
@login_required
def drop(request: HttpRequest, number: int, version: int) -> HttpResponse:
    one, mine = _version(request, number, version)
    agreeing.drop(version=one, acting=mine[0], by=person_of(request), at=timezone.now())
    messages.success(request, _("The draft is dropped."))
    return redirect(one.agreement)


@login_required
def end(request: HttpRequest, number: int) -> HttpResponse:
    made = found(number)
    awarding.officers(request, made.award.delivery)
    form = ReasonForm(request.POST or None)

    def do() -> None:
        agreeing.end(agreement=made, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    return asked(
        request, form, do,
        title=_("End the agreement early"),
        lede=_(
            "What is accepted stays earned. What is neither accepted nor paid in advance can be "
            "awarded to somebody else."
        ),
        button=_("End it"), done=_("Ended. What is free again can be awarded."), back=made,
    )  # fmt: skip
