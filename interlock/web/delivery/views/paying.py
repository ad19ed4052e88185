"""Reports and their answers; payments from planned to confirmed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from interlock.web.delivery.actions import paying
from interlock.web.delivery.forms.paying import (
    AcceptForm,
    InvoiceForm,
    PaidForm,
    PaymentForm,
    ReceiptForm,
    ReportForm,
    ReverseForm,
)
from interlock.web.delivery.models import Payment, PaymentKind, Report
from interlock.web.delivery.queries.awarding import suppliers
from interlock.web.delivery.rules import paying as rules
from interlock.web.delivery.rules.stories import why_not_officer
from interlock.web.delivery.views import agreeing, awarding
from interlock.web.delivery.views.asking import asked, kept
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.access import person_of


@login_required
def report(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Those who deliver say that a milestone is met."""
    made = agreeing.found(number)
    parties = suppliers(made.award)
    mine = [one for one in agreeing.acting(request, made.award) if one in parties]
    if not mine:
        raise Refused(
            _("Those who deliver report what is done."), status=403, steps=[Step.to(made.award)]
        )
    milestone = rules.milestone(made, code)
    if milestone is None:
        raise Refused(_("The agreement in force has no such milestone."), steps=[Step.to(made)])
    form = ReportForm(request.POST or None, request.FILES or None, sides=mine)

    def do() -> None:
        paying.report(
            agreement=made,
            code=code,
            text=form.cleaned_data["text"],
            acting=form.acting,
            picture=kept(form),
            picture_alt=form.cleaned_data["picture_alt"],
            by=person_of(request),
            at=timezone.now(),
        )

    return asked(
        request, form, do,
        title=_("Report a milestone"), lede=milestone.title,
        button=_("Send the report"), done=_("Reported. The other side is told."), back=made,
    )  # fmt: skip


@login_required
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Accept a report, in part or whole, or say what is missing."""
    found = Report.objects.select_related(
        "agreement__award__delivery__project__process", "agreement__award__delivery__responsible",
        "by", "picture",
    )  # fmt: skip
    one = get_object_or_404(found, pk=number)
    held = one.agreement.award.delivery
    awarding.officers(request, held)
    currency = held.project.process.currency
    form = AcceptForm(request.POST or None, currency=currency)

    def do() -> None:
        paying.accept(report=one, by=person_of(request), at=timezone.now(), **form.said())

    left = rules.left_to_accept(one.agreement, one.code)
    told = _("%(left)s of this milestone is not accepted yet.")
    return asked(
        request, form, do,
        title=_("Answer the report"), lede=told % {"left": money(left, currency)},
        button=_("Publish the answer"), done=_("Answered. Those who deliver are told."),
        back=one.agreement, template="delivery/answer.html", report=one,
        milestone=rules.milestone(one.agreement, one.code), process=held.project.process,
    )  # fmt: skip


@login_required
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Put a payment on record that is to come."""
    made = agreeing.found(number)
    agreeing.acting(request, made.award)
    version = rules.in_force(made)
    if version is None:
        raise Refused(_("The agreement is not signed yet."), steps=[Step.to(made)])
    form = PaymentForm(
        request.POST or None,
        agreement=made,
        milestones=list(version.milestones.all()),
        payees=suppliers(made.award),
        currency=made.award.delivery.project.process.currency,
    )

    def do() -> None:
        planned = paying.plan_payment(
            agreement=made, by=person_of(request), at=timezone.now(), **form.said()
        )
        if reason := rules.why_not_earned(planned):
            then = _("It can be approved once its report is accepted.")
            messages.warning(request, f"{reason} {then}")

    return asked(
        request, form, do,
        title=_("Plan a payment"),
        lede=_("No money moves through this site: here it is only written down, by both sides."),
        button=_("Plan it"), done=_("Planned. Next comes the invoice."), back=made,
    )  # fmt: skip


def found(number: int) -> Payment:
    payments = Payment.objects.select_related(
        "agreement__award__delivery__project__process",
        "agreement__award__delivery__responsible",
        "payee",
        "receipt",
    )
    return get_object_or_404(payments, pk=number)


def payment(request: HttpRequest, number: int) -> HttpResponse:
    """One payment, what is on record of it, and what comes next."""
    one, user = found(number), request.user
    held = one.agreement.award.delivery
    has_receipt = hasattr(one, "receipt")
    payable = one.agreement.payable
    if one.kind == PaymentKind.MILESTONE:
        payable = min(payable, rules.left_to_approve(one.agreement, one.code))
    context = {
        "payment": one,
        "agreement": one.agreement,
        "delivery": held,
        "process": held.project.process,
        "milestone": rules.milestone(one.agreement, one.code) if one.code else None,
        "may": {
            "invoice": not rules.why_not_invoice(one, user),
            "approve": not rules.why_not_approve(one, user),
            "pay": not rules.why_not_pay(one, user),
            "confirm": not has_receipt and not rules.why_not_confirm(one, user),
            "reverse": not why_not_officer(held, user) and not rules.why_not_reverse(one, "-"),
        },
        "payable": max(0, payable),
    }
    return render(request, "delivery/payment.html", context)


@login_required
def invoice(request: HttpRequest, number: int) -> HttpResponse:
    one = found(number)
    _only(rules.why_not_invoice(one, request.user), one)
    form = InvoiceForm(request.POST or None, request.FILES or None)

    def do() -> None:
        paying.invoice(payment=one, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    return asked(
        request, form, do,
        title=_("Say that the invoice is sent"),
        lede=_("The responsible body is told, and approves it or says why not."),
        button=_("The invoice is sent"), done=_("On record. The other side is told."), back=one,
    )  # fmt: skip


@require_POST
@login_required
def approve(request: HttpRequest, number: int) -> HttpResponse:
    one = found(number)
    paying.approve(payment=one, by=person_of(request), at=timezone.now())
    messages.success(request, _("Approved. Record it here once it is paid."))
    return redirect(one)


@login_required
def pay(request: HttpRequest, number: int) -> HttpResponse:
    one = found(number)
    _only(rules.why_not_pay(one, request.user), one)
    form = PaidForm(request.POST or None, request.FILES or None)

    def do() -> None:
        paying.pay(payment=one, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    return asked(
        request, form, do,
        title=_("Record it as paid"),
        lede=_("Those who are paid are asked whether they got it."),
        button=_("It is paid"), done=_("On record as paid. The other side is asked."), back=one,
    )  # fmt: skip


@login_required
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    one = found(number)
    _only(rules.why_not_confirm(one, request.user), one)
    form = ReceiptForm(
        request.POST or None,
        currency=one.agreement.award.delivery.project.process.currency,
        paid=one.amount,
    )

    def do() -> None:
        paying.confirm_receipt(
            payment=one, by=person_of(request), at=timezone.now(), **form.cleaned_data
        )

    return asked(
        request, form, do,
        title=_("Say what you received"),
        lede=_("Your own word stands beside the other side's. Where they differ, both are shown."),
        button=_("Confirm it"), done=_("On record. Thank you."), back=one,
    )  # fmt: skip


@login_required
def reverse(request: HttpRequest, number: int) -> HttpResponse:
    one = found(number)
    awarding.officers(request, one.agreement.award.delivery)
    form = ReverseForm(request.POST or None)

    def do() -> None:
        paying.reverse(payment=one, by=person_of(request), at=timezone.now(), **form.cleaned_data)

    return asked(
        request, form, do,
        title=_("Take the payment back"),
        lede=_("The record stays, and the opposite amount stands beside it."),
        button=_("Take it back"), done=_("Taken back."), back=one,
    )  # fmt: skip


@require_POST
@login_required
def release(request: HttpRequest, number: int) -> HttpResponse:
    made = agreeing.found(number)
    paying.release(agreement=made, by=person_of(request), at=timezone.now())
    messages.success(request, _("Released. Those who deliver are told to send their invoice."))
    return redirect(made)


def _only(reason: object, one: Payment) -> None:
    if reason:
        raise Refused(str(reason), status=403, steps=[Step.to(one.agreement)])
