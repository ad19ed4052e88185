"""The verbs of paying: reported, accepted, planned, invoiced, approved, paid, confirmed.

We keep records; no money moves through this site.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interlock.web.delivery.actions.awarding import return_money
from interlock.web.delivery.actions.stories import (
    Words,
    ask,
    check_picture,
    hold,
    in_words,
    note,
    tell,
    witness_of,
)
from interlock.web.delivery.models import (
    Acceptance,
    Agreement,
    AwardKind,
    Delivery,
    Outcome,
    Payment,
    PaymentKind,
    Posting,
    PostingKind,
    Receipt,
    Report,
    StepKind,
)
from interlock.web.delivery.queries.awarding import suppliers
from interlock.web.delivery.rules import paying as rules
from interlock.web.delivery.rules.stories import why_not_officer, why_over
from interlock.web.files.models import Picture
from interlock.web.institutions.models import Institution
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Refused, Step
from interlock.web.people.models import Person
from interlock.web.record.wording import words
from interlock.web.ties.actions import witness
from interlock.web.ties.models import Predicate


@transaction.atomic
def report(
    *,
    agreement: Agreement,
    code: str,
    text: Words,
    acting: Institution,
    by: Person,
    at: datetime,
    picture: Picture | None = None,
    picture_alt: Words = "",
) -> Report:
    """Those who deliver say that a milestone is met, or how far it is."""
    held, stored = _hold(agreement)
    if reason := rules.why_not_report(stored, code, acting, by):
        raise Refused(reason, status=403)
    if not str(text).strip():
        raise Refused(_("Say what was done."), status=422)
    check_picture(picture, picture_alt)
    made = Report.objects.create(
        agreement=stored,
        code=code,
        by=acting,
        text=text,
        picture=picture,
        picture_alt=picture_alt,
        at=at,
    )
    found = rules.milestone(stored, code)
    assert found
    tell(
        held, StepKind.REPORTED, at, by, acting,
        text=text, about=found.title, picture=picture, picture_alt=picture_alt,
    )  # fmt: skip
    what = gettext_lazy(
        "A milestone is reported: accept it, in part or whole, or say what is missing"
    )
    ask([held.responsible], held, what, stored, at, but=by)
    return made


@transaction.atomic
def accept(
    *,
    report: Report,
    outcome: Outcome | str,
    by: Person,
    at: datetime,
    amount: int | None = None,
    reason: Words = "",
) -> Acceptance:
    """Answer a report: accepted, accepted in part (with the amount earned), or rejected."""
    held, agreement = _hold(report.agreement)
    _officer(held, by)
    if why := rules.why_both_sides_of(agreement, by):
        raise Refused(why, status=403)
    outcome = Outcome(outcome)
    report = Report.objects.get(pk=report.pk)
    report.agreement = agreement
    whole = rules.left_to_accept(agreement, report.code) if outcome == Outcome.MET else 0
    earned = whole if amount is None else amount
    if why := rules.why_not_accept(report, outcome, earned, str(reason)):
        raise Refused(why, status=422)
    made = Acceptance.objects.create(
        report=report, outcome=outcome, amount=earned, reason=reason, at=at, by=by
    )
    if earned:
        Posting.objects.create(
            kind=PostingKind.ACCEPTED,
            delivery=held,
            agreement=agreement,
            acceptance=made,
            amount=earned,
            at=at,
        )
    found = rules.milestone(agreement, report.code)
    assert found
    parties = suppliers(agreement.award)
    tell(
        held, StepKind.IN_PART if outcome == Outcome.PARTIALLY_MET else StepKind.ACCEPTED, at, by,
        text=reason, about=found.title, party=parties[0], amount=earned,
        facts={"outcome": outcome},
    )  # fmt: skip
    ask(parties, held, gettext_lazy("Your report is answered"), agreement, at, but=by)
    return made


@transaction.atomic
def plan_payment(
    *,
    agreement: Agreement,
    kind: PaymentKind | str,
    amount: int,
    payee: Institution,
    by: Person,
    at: datetime,
    code: str = "",
    planned_on: date | None = None,
) -> Payment:
    """Put a payment on record that is to come."""
    _held, stored = _hold(agreement)
    if reason := rules.why_not_pay_side(stored, payee, by):
        raise Refused(reason, status=403)
    kind = PaymentKind(kind)
    if reason := rules.why_not_plan(stored, kind, amount, payee, code):
        raise Refused(reason, status=422)
    return Payment.objects.create(
        agreement=stored,
        payee=payee,
        kind=kind,
        code=code,
        amount=amount,
        planned_on=planned_on,
        planned_at=at,
    )


@transaction.atomic
def invoice(
    *, payment: Payment, by: Person, at: datetime, number: str = "", sha256: str = ""
) -> Payment:
    """The receiving side has sent its invoice; of the document only its SHA-256 is kept."""
    held, stored = _hold_payment(payment)
    if reason := rules.why_not_invoice(stored, by):
        raise Refused(reason, status=403)
    stored.invoiced_at, stored.invoice_number, stored.invoice_sha256 = at, number, sha256
    stored.save(update_fields=["invoiced_at", "invoice_number", "invoice_sha256"])
    _note("invoiced", held, stored, by, at)
    what = gettext_lazy("An invoice waits for approval")
    ask([held.responsible], held, what, stored.agreement, at, but=by)
    return stored


@transaction.atomic
def approve(*, payment: Payment, by: Person, at: datetime) -> Payment:
    """An officer approves what is earned, or agreed on as an advance; never the invoicing side."""
    held, stored = _hold_payment(payment)
    if reason := rules.why_not_approve(stored, by):
        raise Refused(reason, status=403)
    if reason := rules.why_not_earned(stored):
        raise Refused(
            reason,
            _("Answer its report first. What is paid before is planned as an advance."),
            steps=[Step.to(stored.agreement)],
        )
    payable = stored.agreement.payable
    if stored.amount > payable:
        raise Refused(
            _("Only %(payable)s may be approved today.")
            % {"payable": money(max(0, payable), held.project.process.currency)},
            _("Accept a milestone first, or release what is held back."),
        )
    stored.approved_at, stored.approved_by = at, by
    stored.save(update_fields=["approved_at", "approved_by"])
    _post(PostingKind.APPROVED, held, stored, at)
    _note("approved", held, stored, by, at)
    return stored


@transaction.atomic
def pay(
    *, payment: Payment, paid_on: date, by: Person, at: datetime, proof_sha256: str = ""
) -> Payment:
    """It was paid, outside this site, that day."""
    held, stored = _hold_payment(payment)
    if reason := rules.why_not_pay(stored, by):
        raise Refused(reason, status=403)
    _check_day(held, paid_on, at)
    stored.paid_on, stored.paid_at, stored.proof_sha256 = paid_on, at, proof_sha256
    stored.save(update_fields=["paid_on", "paid_at", "proof_sha256"])
    _post(PostingKind.PAID, held, stored, at)
    agreement = stored.agreement
    if agreement.award.kind != AwardKind.OWN:
        assert agreement.signed_at
        grant = agreement.award.kind == AwardKind.GRANT
        witness(
            subject=held.responsible,
            predicate=Predicate.FUNDS if grant else Predicate.BUYS_FROM,
            object=stored.payee,
            witness=witness_of(agreement.pk),
            at=at,
            since=agreement.signed_at.date(),
        )
    tell(
        held, StepKind.PAID, at, by,
        about=_about(stored), party=stored.payee, amount=stored.amount,
        facts={"payment": stored.pk},
    )  # fmt: skip
    what = gettext_lazy("A payment to you is on record: say whether you got it")
    ask([stored.payee], held, what, agreement, at, but=by)
    return stored


@transaction.atomic
def confirm_receipt(
    *, payment: Payment, amount: int, received_on: date, by: Person, at: datetime
) -> Receipt:
    """The receiving side's own word. Where it differs, both are shown."""
    held, stored = _hold_payment(payment)
    if reason := rules.why_not_confirm(stored, by):
        raise Refused(reason, status=403)
    _check_day(held, received_on, at)
    made = Receipt.objects.create(
        payment=stored, amount=amount, received_on=received_on, at=at, by=by
    )
    note(
        "received", held, at, by,
        {"by": words(stored.payee.name), "amount": amount, "money": in_words(held, amount)},
    )  # fmt: skip
    if amount != stored.amount:
        what = gettext_lazy("The receiving side got another amount than is on record")
        ask([held.responsible], held, what, stored.agreement, at, but=by)
    return made


@transaction.atomic
def reverse(*, payment: Payment, reason: str, by: Person, at: datetime) -> Payment:
    """Take a payment back that was recorded by mistake, or that came back. The record stays."""
    held, stored = _hold_payment(payment)
    _officer(held, by)
    if why := rules.why_both_sides_of(stored.agreement, by):
        raise Refused(why, status=403)
    if why := rules.why_not_reverse(stored, reason):
        raise Refused(why)
    stored.reversed_at, stored.reversed_for = at, reason
    stored.save(update_fields=["reversed_at", "reversed_for"])
    # What was paid goes first: nothing is ever paid that is not approved.
    for kind in (PostingKind.PAID, PostingKind.APPROVED):
        for posted in stored.postings.filter(kind=kind, reverses=None):
            _post(kind, held, stored, at, reverses=posted)
    if stored.paid_at:
        tell(
            held, StepKind.REVERSED, at, by,
            text=reason, about=_about(stored), party=stored.payee, amount=stored.amount,
            facts={"payment": stored.pk},
        )  # fmt: skip
    else:
        _note("called_off", held, stored, by, at)
    _free(held, stored.agreement, by, at)
    what = gettext_lazy("A payment to you was taken back")
    ask([stored.payee], held, what, stored.agreement, at, but=by)
    return stored


@transaction.atomic
def release(*, agreement: Agreement, by: Person, at: datetime) -> Agreement:
    """What was held back of each milestone may be paid now."""
    held, stored = _hold(agreement)
    _officer(held, by)
    if why := rules.why_both_sides_of(stored, by):
        raise Refused(why, status=403)
    if reason := rules.why_not_release(stored):
        raise Refused(reason)
    stored.released_at = at
    stored.save(update_fields=["released_at"])
    note("released", held, at, by, {"party": words(suppliers(stored.award)[0].name)})
    what = gettext_lazy("What was held back is released: send your invoice")
    ask(suppliers(stored.award), held, what, stored, at, but=by)
    return stored


def _hold(agreement: Agreement) -> tuple[Delivery, Agreement]:
    held = hold(agreement.award.delivery)
    found = Agreement.objects.select_for_update(of=("self",), no_key=True)
    stored = found.select_related("award").get(pk=agreement.pk)
    stored.award.delivery = held
    return held, stored


def _hold_payment(payment: Payment) -> tuple[Delivery, Payment]:
    held, agreement = _hold(payment.agreement)
    found = Payment.objects.select_for_update(of=("self",), no_key=True)
    stored = found.select_related("payee").get(pk=payment.pk)
    stored.agreement = agreement
    return held, stored


def _officer(held: Delivery, by: Person) -> None:
    if reason := why_not_officer(held, by):
        raise Refused(reason, status=403)


def _check_day(held: Delivery, day: date, at: datetime) -> None:
    """A day that has come, in Greenwich or, further east, where the process is."""
    if day > max(at.date(), at.astimezone(ZoneInfo(held.project.process.zone)).date()):
        raise Refused(_("That day is still to come."), _("Record it once it is paid."), status=422)


def _post(
    kind: PostingKind,
    held: Delivery,
    payment: Payment,
    at: datetime,
    reverses: Posting | None = None,
) -> None:
    Posting.objects.create(
        kind=kind,
        delivery=held,
        agreement=payment.agreement,
        payment=payment,
        reverses=reverses,
        amount=-payment.amount if reverses else payment.amount,
        at=at,
    )


def _free(held: Delivery, agreement: Agreement, by: Person, at: datetime) -> None:
    """What came back of an agreement that was ended early may be awarded again, or given back.

    Of what is over nothing is awarded any more, so from there it goes on to the pots.
    """
    if agreement.ended_at is None:
        return
    agreement.refresh_from_db(fields=["accepted", "approved"])
    posted = Posting.objects.filter(kind=PostingKind.AWARDED, award=agreement.award)
    promised = posted.aggregate(sum=Sum("amount"))["sum"]
    freed = promised - max(agreement.accepted, agreement.approved)
    if not freed:
        return
    Posting.objects.create(
        kind=PostingKind.AWARDED, delivery=held, award=agreement.award, amount=-freed, at=at
    )
    if why_over(held):
        return_money(held, freed, by, at)


def _about(payment: Payment) -> Words:
    """The milestone that is paid for, if one is."""
    found = rules.milestone(payment.agreement, payment.code) if payment.code else None
    return found.title if found else ""


def _note(what: str, held: Delivery, payment: Payment, by: Person, at: datetime) -> None:
    facts = {
        "party": words(payment.payee.name),
        "amount": payment.amount,
        "money": in_words(held, payment.amount),
        "payment": payment.pk,
    }
    note(what, held, at, by, facts)
