"""What may be reported, accepted and paid, and by whom; an answer is a reason, or None."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from interlock.web.delivery.models import (
    Acceptance,
    Agreement,
    Milestone,
    Outcome,
    Payment,
    PaymentKind,
    Receipt,
    Report,
    Version,
)
from interlock.web.delivery.rules.agreeing import accepted_by_code
from interlock.web.delivery.rules.stories import why_both_sides, why_not_officer
from interlock.web.institutions.models import Institution
from interlock.web.institutions.rules import why_not_speak_for
from interlock.web.look.amounts import money
from interlock.web.people.models import Person


def in_force(agreement: Agreement) -> Version | None:
    return agreement.versions.filter(in_force_at__isnull=False).last()


def milestone(agreement: Agreement, code: str) -> Milestone | None:
    """The milestone of that code, as the version in force has it."""
    version = in_force(agreement)
    return version.milestones.filter(code=code).first() if version else None


def left_to_accept(agreement: Agreement, code: str) -> int:
    """What of a milestone's amount is not accepted yet."""
    found = milestone(agreement, code)
    return found.amount - accepted_by_code(agreement).get(code, 0) if found else 0


def why_not_report(
    agreement: Agreement, code: str, acting: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    if not agreement.award.suppliers.filter(institution=acting).exists():
        return _("Those who deliver report what is done.")
    if reason := why_not_speak_for(acting, person):
        return reason
    if agreement.signed_at is None:
        return _("The agreement is not signed yet.")
    if agreement.ended_at:
        return _("This agreement was ended.")
    if milestone(agreement, code) is None:
        return _("The agreement in force has no such milestone.")
    if left_to_accept(agreement, code) <= 0:
        return _("This milestone is accepted already.")
    if Report.objects.filter(agreement=agreement, code=code, acceptance=None).exists():
        return _("A report on this milestone waits for its answer.")
    return None


def why_not_accept(report: Report, outcome: Outcome, amount: int, reason: str) -> str | None:
    """`amount` is what the report earns of its milestone; a part of it or nothing has a reason."""
    agreement = report.agreement
    if agreement.ended_at:
        return _("This agreement was ended.")
    if Acceptance.objects.filter(report=report).exists():
        return _("This report was answered already.")
    left = left_to_accept(agreement, report.code)
    if outcome == Outcome.MET and (left <= 0 or amount != left):
        return _("Accepting it whole accepts all that is left of the milestone.")
    if outcome == Outcome.PARTIALLY_MET and not 0 < amount < left:
        return _(
            "A part is more than nothing, and less than what is left of the milestone: %(left)s."
        ) % {"left": _money(agreement, left)}
    if outcome == Outcome.NOT_MET and amount:
        return _("What is rejected earns nothing.")
    if outcome != Outcome.MET and not reason.strip():
        return _("Say what is missing.")
    return None


def why_not_pay_side(
    agreement: Agreement, payee: Institution, person: Person | AnonymousUser
) -> str | Promise | None:
    """Officers plan payments; so do those who are paid, when they send an invoice."""
    if not why_not_speak_for(payee, person):
        return None
    return why_not_officer(agreement.award.delivery, person)


def why_not_plan(
    agreement: Agreement, kind: PaymentKind, amount: int, payee: Institution, code: str
) -> str | None:
    if agreement.signed_at is None:
        return _("The agreement is not signed yet.")
    if not agreement.award.suppliers.filter(institution=payee).exists():
        return _("Only those who deliver are paid.")
    if amount <= 0:
        return _("A payment is of something.")
    if (kind == PaymentKind.MILESTONE) != bool(code):
        return _("A payment for a milestone names it, and no other does.")
    if code and milestone(agreement, code) is None:
        return _("The agreement in force has no such milestone.")
    live = agreement.payments.filter(reversed_at=None)
    left = agreement.value - _sum(live)
    if amount > left:
        return _("Payments would be more than the agreement is worth: at most %(left)s more.") % {
            "left": _money(agreement, left)
        }
    left = agreement.advance - _sum(live.filter(kind=kind))
    if kind == PaymentKind.ADVANCE and amount > left:
        return _("So much was not agreed on as an advance: at most %(left)s more.") % {
            "left": _money(agreement, left)
        }
    if kind == PaymentKind.RETAINAGE and not agreement.retainage:
        return _("Nothing is held back in this agreement.")
    return None


def why_not_invoice(payment: Payment, person: Person | AnonymousUser) -> str | Promise | None:
    if reason := why_not_speak_for(payment.payee, person):
        return reason
    if payment.reversed_at:
        return _("This payment was taken back.")
    return _("This payment is invoiced already.") if payment.invoiced_at else None


def why_both_sides_of(agreement: Agreement, person: Person | AnonymousUser) -> str | None:
    """Who delivers neither accepts nor approves it, not even as an officer."""
    award = agreement.award
    parties = [one.institution for one in award.suppliers.select_related("institution")]
    return why_both_sides(award.delivery, parties, person)


def why_not_approve(payment: Payment, person: Person | AnonymousUser) -> str | Promise | None:
    """An officer approves, never somebody of the side that sent the invoice."""
    agreement = payment.agreement
    if reason := why_not_officer(agreement.award.delivery, person):
        return reason
    if reason := why_both_sides_of(payment.agreement, person):
        return reason
    if payment.reversed_at:
        return _("This payment was taken back.")
    if payment.approved_at:
        return _("This payment is approved already.")
    return None if payment.invoiced_at else _("There is no invoice yet.")


def left_to_approve(agreement: Agreement, code: str) -> int:
    """What of a milestone is accepted, and not yet approved for payment."""
    live = agreement.payments.filter(code=code, approved_at__isnull=False, reversed_at=None)
    return accepted_by_code(agreement).get(code, 0) - _sum(live)


def why_not_earned(payment: Payment) -> str | None:
    """A payment for a milestone is of what that milestone has earned; an advance is called one."""
    if payment.kind != PaymentKind.MILESTONE:
        return None
    agreement = payment.agreement
    left = max(0, left_to_approve(agreement, payment.code))
    if payment.amount <= left:
        return None
    if not accepted_by_code(agreement).get(payment.code):
        return _("Nothing of %(code)s is accepted yet.") % {"code": payment.code}
    return _("Of what is accepted of %(code)s only %(left)s is not approved yet.") % {
        "code": payment.code,
        "left": _money(agreement, left),
    }


def why_not_pay(payment: Payment, person: Person | AnonymousUser) -> str | Promise | None:
    if reason := why_not_officer(payment.agreement.award.delivery, person):
        return reason
    if reason := why_both_sides_of(payment.agreement, person):
        return reason
    if payment.reversed_at:
        return _("This payment was taken back.")
    if payment.paid_at:
        return _("This payment is on record as paid already.")
    return None if payment.approved_at else _("This payment is not approved yet.")


def why_not_confirm(payment: Payment, person: Person | AnonymousUser) -> str | Promise | None:
    if reason := why_not_speak_for(payment.payee, person):
        return reason
    if payment.reversed_at:
        return _("This payment was taken back.")
    if payment.paid_at is None:
        return _("This payment is not on record as paid yet.")
    if Receipt.objects.filter(payment=payment).exists():
        return _("It is said already what was received.")
    return None


def why_not_reverse(payment: Payment, reason: str) -> str | None:
    if payment.reversed_at:
        return _("This payment was taken back already.")
    # Where the two sides say different things one of them is wrong; and what an agreement leaves behind
    # when it ends early may be paid back.
    got = Receipt.objects.filter(payment=payment, amount=payment.amount)
    if payment.agreement.ended_at is None and got.exists():
        return _("The receiving side says that it got this money.")
    return None if reason.strip() else _("Say why it is taken back.")


def why_not_release(agreement: Agreement) -> str | None:
    if agreement.signed_at is None:
        return _("The agreement is not signed yet.")
    if not agreement.retainage:
        return _("Nothing is held back in this agreement.")
    if agreement.released_at:
        return _("What was held back is released already.")
    if agreement.accepted < agreement.value and agreement.ended_at is None:
        return _("Milestones are not all accepted yet.")
    return None


def _money(agreement: Agreement, amount: int) -> str:
    return money(max(0, amount), agreement.award.delivery.project.process.currency)


def _sum(payments: object) -> int:
    return payments.aggregate(sum=Sum("amount"))["sum"] or 0  # type: ignore[attr-defined]
