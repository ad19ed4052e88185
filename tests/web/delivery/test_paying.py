"""Reported, accepted, planned, invoiced, approved, paid, confirmed; and taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from interlock.web.budgets.models import Pot, Process
from interlock.web.delivery.actions import agreeing, awarding, finishing, paying
from interlock.web.delivery.models import (
    Agreement,
    AwardKind,
    Outcome,
    Payment,
    PaymentKind,
    Posting,
)
from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Role
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.ties.models import Tie
from tests.web.delivery.chain import AFTER, BEGIN, DAY, Chain
from tests.web.delivery.test_stories import mails, steps


def stand(agreement: Agreement) -> tuple[int, int, int]:
    agreement.refresh_from_db()
    return agreement.accepted, agreement.approved, agreement.paid


def plan(chain: Chain, agreement: Agreement, amount: int, **said: object) -> Payment:
    told: dict[str, object] = {
        "kind": PaymentKind.MILESTONE, "payee": chain.mill, "code": "M1", "by": chain.alice,
        "at": AFTER, **said,
    }  # fmt: skip
    return paying.plan_payment(agreement=agreement, amount=amount, **told)  # type: ignore[arg-type]


def test_payment_goes_from_planned_to_confirmed(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000)
    chain.accept(agreement)
    mails()
    payment = plan(chain, agreement, 1_000, planned_on=AFTER.date())
    paying.invoice(payment=payment, number="2027-7", sha256="a" * 64, by=chain.dan, at=AFTER)
    assert mails() == ["alice@example.org: Tool library: An invoice waits for approval"]
    paying.approve(payment=payment, by=chain.alice, at=AFTER)
    assert stand(agreement) == (1_000, 1_000, 0)
    paid = paying.pay(
        payment=payment, paid_on=AFTER.date() - DAY, proof_sha256="b" * 64, by=chain.alice, at=AFTER
    )
    assert stand(agreement) == (1_000, 1_000, 1_000)
    told = "Tool library: A payment to you is on record: say whether you got it"
    assert mails() == [f"{name}@example.org: {told}" for name in ("dan", "mia")]
    assert (paid.invoice_number, paid.paid_on, paid.approved_by) == (
        "2027-7", AFTER.date() - DAY, chain.alice,
    )  # fmt: skip
    receipt = paying.confirm_receipt(
        payment=payment, amount=1_000, received_on=AFTER.date(), by=chain.dan, at=AFTER
    )
    assert not receipt.is_other
    assert steps(chain)[-1] == "paid"
    acts = Entry.objects.filter(subject=f"delivery/{chain.delivery.pk}").order_by("pk")
    assert [one.act.removeprefix("delivery.") for one in acts][-4:] == [
        "invoiced", "approved", "paid", "received",
    ]  # fmt: skip


def test_receipt_that_differs_is_shown_beside_what_was_paid(chain: Chain) -> None:
    agreement = chain.agree(1_000)
    chain.accept(agreement)
    payment = chain.pay(agreement, 1_000)
    mails()
    receipt = paying.confirm_receipt(
        payment=payment, amount=900, received_on=AFTER.date(), by=chain.mia, at=AFTER
    )
    assert receipt.is_other
    told = "Tool library: The receiving side got another amount than is on record"
    assert mails() == [f"alice@example.org: {told}"]
    assert stand(agreement) == (1_000, 1_000, 1_000)


def test_first_payment_ties_who_pays_to_who_is_paid(chain: Chain) -> None:
    for kind, predicate in ((AwardKind.DIRECT, "buys_from"), (AwardKind.GRANT, "funds")):
        award = chain.award(1_000, kind=kind)
        agreement = chain.sign(chain.draft(award, chain.terms(1_000, advance=500)))
        assert not Tie.objects.filter(predicate=predicate).exists()
        for _twice in range(2):
            chain.pay(agreement, 250, kind=PaymentKind.ADVANCE)
        tie = Tie.objects.get(predicate=predicate)
        assert (tie.subject, tie.object, tie.witness, tie.since) == (
            chain.city, chain.mill, f"agreement/{agreement.pk}", AFTER.date(),
        )  # fmt: skip


def test_milestone_is_accepted_in_parts_never_beyond_its_amount(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000)
    chain.accept(agreement, "M1", 400)
    report = chain.report(agreement)
    told = {"report": report, "by": chain.alice, "at": AFTER}
    for outcome, amount, reason, why in (
        ("partiallyMet", 600, "So", "less than what is left"),
        ("partiallyMet", 0, "So", "more than nothing"),
        ("partiallyMet", 100, " ", "what is missing"),
        ("notMet", None, "", "what is missing"),
        ("notMet", 1, "So", "earns nothing"),
        ("met", 599, "", "all that is left"),
    ):
        with pytest.raises(Refused, match=why):
            paying.accept(**told, outcome=outcome, amount=amount, reason=reason)
    assert paying.accept(**told, outcome="met").amount == 600
    with pytest.raises(Refused, match="answered already"):
        paying.accept(**told, outcome="met")
    with pytest.raises(Refused, match="accepted already"):
        chain.report(agreement)
    assert stand(agreement)[0] == 1_000


def test_report_is_of_who_delivers_and_waits_for_its_answer(chain: Chain) -> None:
    version = chain.draft(chain.award(1_000), chain.terms(1_000))
    with pytest.raises(Refused, match="not signed yet"):
        chain.report(version.agreement)
    agreement = chain.sign(version)
    with pytest.raises(Refused, match="no such milestone"):
        chain.report(agreement, "M9")
    for acting, by in (
        (chain.city, chain.alice), (chain.firm, chain.fred), (chain.mill, chain.alice),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            paying.report(agreement=agreement, code="M1", text="So", acting=acting, by=by, at=AFTER)
        assert refusal.value.status == 403
    chain.report(agreement)
    with pytest.raises(Refused, match="waits for its answer"):
        chain.report(agreement)


def test_only_what_is_earned_or_advanced_is_approved(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, advance=600, retainage=1_000)
    early = chain.invoice(agreement, 700)
    with pytest.raises(Refused, match="Nothing of M1 is accepted yet"):
        paying.approve(payment=early, by=chain.alice, at=AFTER)
    chain.pay(agreement, 600, kind=PaymentKind.ADVANCE)
    chain.accept(agreement, "M1")
    # 1,000 earned, 100 of it held back, 600 of it advanced.
    with pytest.raises(Refused, match=r"Only \$3 may be approved"):
        paying.approve(payment=early, by=chain.alice, at=AFTER)
    paying.reverse(payment=early, reason="Too much.", by=chain.alice, at=AFTER)
    chain.pay(agreement, 300)
    assert stand(agreement) == (1_000, 900, 900)


def test_milestone_is_paid_as_far_as_it_is_accepted_itself(chain: Chain) -> None:
    """Neither an advance nor another milestone pays for it in its name."""
    agreement = chain.agree(1_000, 2_000, advance=3_000)
    chain.accept(agreement, "M2")
    with pytest.raises(Refused, match="Nothing of M1 is accepted yet"):
        chain.pay(agreement, 100)
    chain.accept(agreement, "M1", 400)
    chain.pay(agreement, 300)
    with pytest.raises(Refused, match=r"of M1 only \$1 is not approved yet"):
        chain.pay(agreement, 101)
    chain.pay(agreement, 100)
    assert stand(agreement) == (2_400, 400, 400)


def test_planning_for_what_is_not_accepted_says_so(
    chain: Chain, signed_in: Callable[[Person], Client]
) -> None:
    agreement = chain.agree(1_000, advance=500)
    page = signed_in(chain.alice).post(
        f"/delivery/agreements/{agreement.pk}/payments/",
        {"what": "M1", "amount": "1"},
        follow=True,
    )
    assert agreement.payments.count() == 1
    assert "Nothing of M1 is accepted yet. It can be approved once" in page.content.decode()


def test_what_is_held_back_is_paid_once_it_is_released(chain: Chain) -> None:
    agreement = chain.agree(1_000, retainage=1_000)
    chain.accept(agreement)
    chain.pay(agreement, 900)
    rest = chain.invoice(agreement, 100, kind=PaymentKind.RETAINAGE)
    with pytest.raises(Refused, match=r"Only \$0 may be approved"):
        paying.approve(payment=rest, by=chain.alice, at=AFTER)
    with pytest.raises(Refused) as refusal:
        paying.release(agreement=agreement, by=chain.mia, at=AFTER)
    assert refusal.value.status == 403
    finishing.finish(delivery=chain.delivery, by=chain.alice, at=AFTER)
    paying.release(agreement=agreement, by=chain.alice, at=AFTER)
    with pytest.raises(Refused, match="released already"):
        paying.release(agreement=agreement, by=chain.alice, at=AFTER)
    paying.approve(payment=rest, by=chain.alice, at=AFTER)
    assert stand(agreement) == (1_000, 1_000, 900)


def test_payments_that_are_not_planned(chain: Chain) -> None:
    version = chain.draft(chain.award(1_000), chain.terms(1_000, advance=400))
    with pytest.raises(Refused, match="not signed yet"):
        plan(chain, version.agreement, 1)
    agreement = chain.sign(version)
    for amount, said, reason in (
        (0, {}, "of something"),
        (1_001, {}, r"more than the agreement is worth: at most \$10 more"),
        (1, {"code": ""}, "names it"),
        (1, {"kind": PaymentKind.ADVANCE}, "names it"),
        (1, {"code": "M9"}, "no such milestone"),
        (401, {"kind": PaymentKind.ADVANCE, "code": ""}, r"as an advance: at most \$4 more"),
        (1, {"kind": PaymentKind.RETAINAGE, "code": ""}, "Nothing is held back"),
        (1, {"payee": chain.firm}, "Only those who deliver"),
    ):
        with pytest.raises(Refused, match=reason):
            plan(chain, agreement, amount, **said)  # type: ignore[arg-type]
    plan(chain, agreement, 1_000)
    with pytest.raises(Refused, match="more than the agreement"):
        plan(chain, agreement, 1)


def test_who_is_paid_may_plan_and_invoices_but_never_approves(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = plan(chain, agreement, 500, kind=PaymentKind.ADVANCE, code="", by=chain.dan)
    for by in (chain.alice, chain.fred):
        with pytest.raises(Refused) as refusal:
            paying.invoice(payment=payment, by=by, at=AFTER)
        assert refusal.value.status == 403
    with pytest.raises(Refused, match="no invoice yet"):
        paying.approve(payment=payment, by=chain.alice, at=AFTER)
    paying.invoice(payment=payment, by=chain.dan, at=AFTER)
    with pytest.raises(Refused, match="invoiced already"):
        paying.invoice(payment=payment, by=chain.dan, at=AFTER)
    with pytest.raises(Refused, match="not approved yet"):
        paying.pay(payment=payment, paid_on=AFTER.date(), by=chain.alice, at=AFTER)
    for by in (chain.mia, chain.dan, chain.fred):
        with pytest.raises(Refused) as refusal:
            paying.approve(payment=payment, by=by, at=AFTER)
        assert refusal.value.status == 403


def test_officer_who_speaks_for_the_other_side_too_leaves_it_to_another(chain: Chain) -> None:
    both_sides = Person.objects.by_email("both@example.org")
    for one, by in ((chain.city, chain.alice), (chain.mill, chain.mia)):
        give_role(institution=one, person=both_sides, role=Role.STEWARD, by=by, at=BEGIN)

    def refused(act: Callable[..., object], **said: object) -> None:
        with pytest.raises(Refused, match="You belong to Mill too") as refusal:
            act(**said, by=both_sides)
        assert refusal.value.status == 403

    told = {"delivery": chain.delivery, "kind": "grant", "value": 1_000, "reasons": "So"}
    refused(awarding.award_directly, **told, suppliers=[chain.firm, chain.mill], at=BEGIN)
    award = chain.award(1_000)
    refused(awarding.annul, award=award, reason="So", at=BEGIN)
    complaint = awarding.complain(
        award=award, institution=chain.firm, text="No.", by=chain.fred, at=BEGIN
    )
    answered = {"complaint": complaint, "answer": "So.", "is_upheld": False, "at": BEGIN}
    refused(awarding.answer, **answered)
    awarding.answer(**answered, by=chain.alice)
    version = chain.draft(award, chain.terms(1_000, advance=500, retainage=500))
    refused(agreeing.sign, version=version, acting=chain.city, at=AFTER)
    agreement = chain.sign(version)
    report = chain.report(agreement)
    refused(paying.accept, report=report, outcome=Outcome.MET, at=AFTER)
    paying.accept(report=report, outcome=Outcome.MET, by=chain.alice, at=AFTER)
    refused(paying.release, agreement=agreement, at=AFTER)
    payment = chain.invoice(agreement, 500)
    refused(paying.approve, payment=payment, at=AFTER)
    paying.approve(payment=payment, by=chain.alice, at=AFTER)
    refused(paying.pay, payment=payment, paid_on=AFTER.date(), at=AFTER)
    refused(paying.reverse, payment=payment, reason="So", at=AFTER)
    refused(agreeing.end, agreement=agreement, reason="So", at=AFTER)


def test_today_is_today_where_the_process_is(chain: Chain) -> None:
    """In Auckland the new day has begun while Greenwich is still at the one before."""
    Process.objects.update(zone="Pacific/Auckland")
    agreement = chain.agree(1_000, advance=500)
    payment = chain.invoice(agreement, 500, kind=PaymentKind.ADVANCE)
    paying.approve(payment=payment, by=chain.alice, at=AFTER)
    at = AFTER.replace(hour=20)
    today = at.date() + DAY
    with pytest.raises(Refused, match="still to come"):
        paying.pay(payment=payment, paid_on=today + DAY, by=chain.alice, at=at)
    paying.pay(payment=payment, paid_on=today, by=chain.alice, at=at)
    told = {"payment": payment, "amount": 500, "by": chain.mia, "at": at}
    with pytest.raises(Refused, match="still to come"):
        paying.confirm_receipt(**told, received_on=today + DAY)
    paying.confirm_receipt(**told, received_on=today)


def test_own_work_is_paid_by_its_only_side(chain: Chain) -> None:
    award = chain.award(1_000, to=[chain.city], kind=AwardKind.OWN)
    version = chain.draft(award, chain.terms(1_000, advance=1_000))
    agreeing.sign(version=version, acting=chain.city, by=chain.alice, at=AFTER)
    agreement = Agreement.objects.get()
    payment = plan(chain, agreement, 1_000, kind=PaymentKind.ADVANCE, code="", payee=chain.city)
    paying.invoice(payment=payment, by=chain.alice, at=AFTER)
    paying.approve(payment=payment, by=chain.alice, at=AFTER)
    paying.pay(payment=payment, paid_on=AFTER.date(), by=chain.alice, at=AFTER)
    assert (stand(agreement), Tie.objects.count()) == ((0, 1_000, 1_000), 0)


def test_payment_is_approved_and_paid_once(chain: Chain) -> None:
    agreement = chain.agree(1_000)
    chain.accept(agreement)
    payment = chain.pay(agreement, 500)
    with pytest.raises(Refused, match="approved already"):
        paying.approve(payment=payment, by=chain.alice, at=AFTER)
    with pytest.raises(Refused, match="paid already"):
        paying.pay(payment=payment, paid_on=AFTER.date(), by=chain.alice, at=AFTER)
    assert stand(agreement) == (1_000, 500, 500)


def test_nobody_is_paid_on_a_day_to_come(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = chain.invoice(agreement, 500, kind=PaymentKind.ADVANCE)
    paying.approve(payment=payment, by=chain.alice, at=AFTER)
    with pytest.raises(Refused, match="still to come"):
        paying.pay(
            payment=payment, paid_on=AFTER.date() + timedelta(days=1), by=chain.alice, at=AFTER
        )


def test_mistake_is_taken_back_by_postings_beside_it(chain: Chain) -> None:
    agreement = chain.agree(1_000)
    chain.accept(agreement)
    payment = chain.pay(agreement, 1_000)
    with pytest.raises(Refused, match="Say why"):
        paying.reverse(payment=payment, reason="", by=chain.alice, at=AFTER)
    with pytest.raises(Refused) as refusal:
        paying.reverse(payment=payment, reason="So", by=chain.mia, at=AFTER)
    assert refusal.value.status == 403
    paying.reverse(payment=payment, reason="The wrong account.", by=chain.alice, at=AFTER)
    assert stand(agreement) == (1_000, 0, 0)
    posted = Posting.objects.filter(payment=payment).values_list("kind", "amount")
    assert list(posted) == [
        ("approved", 1_000), ("paid", 1_000), ("paid", -1_000), ("approved", -1_000),
    ]  # fmt: skip
    assert steps(chain)[-1] == "reversed"
    for act in (
        lambda: paying.reverse(payment=payment, reason="So", by=chain.alice, at=AFTER),
        lambda: paying.approve(payment=payment, by=chain.alice, at=AFTER),
        lambda: paying.pay(payment=payment, paid_on=AFTER.date(), by=chain.alice, at=AFTER),
        lambda: paying.invoice(payment=payment, by=chain.mia, at=AFTER),
        lambda: paying.confirm_receipt(
            payment=payment, amount=1, received_on=AFTER.date(), by=chain.mia, at=AFTER
        ),
    ):
        with pytest.raises(Refused, match="taken back"):
            act()
    chain.pay(agreement, 1_000)
    assert stand(agreement) == (1_000, 1_000, 1_000)


def test_what_was_received_is_not_taken_back(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = chain.pay(agreement, 500, kind=PaymentKind.ADVANCE)
    told = {"payment": payment, "received_on": AFTER.date(), "at": AFTER}
    with pytest.raises(Refused) as refusal:
        paying.confirm_receipt(**told, amount=500, by=chain.alice)
    assert refusal.value.status == 403
    paying.confirm_receipt(**told, amount=500, by=chain.mia)
    with pytest.raises(Refused, match="said already"):
        paying.confirm_receipt(**told, amount=500, by=chain.mia)
    with pytest.raises(Refused, match="got this money"):
        paying.reverse(payment=payment, reason="So", by=chain.alice, at=AFTER)


def test_what_the_two_sides_say_differently_is_taken_back_and_said_anew(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = chain.pay(agreement, 500, kind=PaymentKind.ADVANCE)
    told = {"received_on": AFTER.date(), "by": chain.mia, "at": AFTER}
    paying.confirm_receipt(payment=payment, amount=400, **told)
    paying.reverse(payment=payment, reason="It was 400.", by=chain.alice, at=AFTER)
    again = chain.pay(agreement, 400, kind=PaymentKind.ADVANCE)
    paying.confirm_receipt(payment=again, amount=400, **told)
    agreement.refresh_from_db()
    assert agreement.paid == 400


def test_confirmed_advance_is_paid_back_once_the_agreement_ended(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = chain.pay(agreement, 500, kind=PaymentKind.ADVANCE)
    paying.confirm_receipt(
        payment=payment, amount=500, received_on=AFTER.date(), by=chain.mia, at=AFTER
    )
    agreeing.end(agreement=agreement, reason="They left.", by=chain.alice, at=AFTER)
    paying.reverse(payment=payment, reason="They paid it back.", by=chain.alice, at=AFTER)
    agreement.refresh_from_db()
    assert (agreement.paid, chain.refresh().awarded) == (0, 0)


def test_nothing_is_received_that_is_not_paid(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = chain.invoice(agreement, 500, kind=PaymentKind.ADVANCE)
    with pytest.raises(Refused, match="not on record as paid"):
        paying.confirm_receipt(
            payment=payment, amount=500, received_on=AFTER.date(), by=chain.mia, at=AFTER
        )


def test_advance_is_not_approved_after_the_agreement_ended(chain: Chain) -> None:
    agreement = chain.agree(1_000, advance=500)
    payment = chain.invoice(agreement, 500, kind=PaymentKind.ADVANCE)
    agreeing.end(agreement=agreement, reason="They left.", by=chain.alice, at=AFTER)
    with pytest.raises(Refused, match=r"Only \$0 may be approved"):
        paying.approve(payment=payment, by=chain.alice, at=AFTER)


def test_advance_that_came_back_after_the_end_may_be_awarded_again(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, advance=1_500)
    chain.accept(agreement, amount=400)
    payment = chain.pay(agreement, 1_500, kind=PaymentKind.ADVANCE)
    agreeing.end(agreement=agreement, reason="They left.", by=chain.alice, at=AFTER)
    assert chain.refresh().awarded == 1_500
    paying.reverse(payment=payment, reason="It came back.", by=chain.alice, at=AFTER)
    assert chain.refresh().awarded == 400
    assert chain.delivery.unawarded == chain.delivery.cost - 400


def test_advance_that_comes_back_when_all_is_over_goes_on_to_the_pot(chain: Chain) -> None:
    agreement = chain.agree(1_000, 2_000, advance=1_500)
    payment = chain.pay(agreement, 1_500, kind=PaymentKind.ADVANCE)
    agreeing.end(agreement=agreement, reason="They left.", by=chain.alice, at=AFTER)
    finishing.give_up(delivery=chain.delivery, reason="Nobody else.", by=chain.alice, at=AFTER)
    paying.reverse(payment=payment, reason="It came back.", by=chain.alice, at=AFTER)
    held = chain.refresh()
    assert (held.awarded, held.returned) == (0, held.cost)
    assert Pot.objects.get(returned__gt=0).returned == held.cost
    assert steps(chain)[-2:] == ["reversed", "returned"]
    agreement.refresh_from_db()
    assert (agreement.approved, agreement.paid) == (0, 0)


def test_answers_to_reports_are_an_officers(chain: Chain) -> None:
    report = chain.report(chain.agree(1_000))
    for by in (chain.mia, chain.dan, chain.fred):
        with pytest.raises(Refused) as refusal:
            paying.accept(report=report, outcome=Outcome.MET, by=by, at=AFTER)
        assert refusal.value.status == 403
