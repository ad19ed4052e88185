"""Two officers at the same moment: never more than the pot, never twice."""

from collections.abc import Callable
from typing import Any

import pytest

from interlock.web.delivery.actions import agreeing, awarding, evaluating, paying, stories
from interlock.web.delivery.models import (
    Agreement,
    Award,
    Delivery,
    NoAward,
    Payment,
    PaymentKind,
    Posting,
    PostingKind,
    Version,
)
from interlock.web.look.refusals import Refused
from tests.web.delivery.chain import AFTER, BEGIN, Chain, called, new_chain
from tests.web.threads import Crew

MANY = 6


@pytest.fixture
def raced(emptied: None) -> Chain:
    return new_chain()


def trying(job: Callable[[], Any]) -> Callable[[], str]:
    """ "done", or the reason of the refusal."""

    def tried() -> str:
        try:
            job()
        except Refused as refusal:
            return str(refusal.reason)
        return "done"

    return tried


def test_officers_awarding_at_once_never_promise_more_than_the_cost(raced: Chain) -> None:
    cost = raced.delivery.cost
    part = cost * 2 // 5  # two fit, a third does not

    def award() -> Award:
        return awarding.award_directly(
            delivery=raced.delivery, kind="direct", suppliers=[raced.mill], value=part,
            reasons="So", by=raced.alice, at=BEGIN,
        )  # fmt: skip

    with Crew(MANY) as crew:
        said = crew.at_once(*[trying(award)] * MANY)
    assert said.count("done") == 2
    assert raced.refresh().awarded == 2 * part
    assert Posting.objects.filter(kind=PostingKind.AWARDED).count() == 2


def test_a_lot_awarded_at_once_by_two_is_awarded_once(raced: Chain) -> None:
    offer, _other = called(raced, 1_000, 2_000)
    job = trying(
        lambda: awarding.award(offer=offer, reasons="So", by=raced.alice, at=BEGIN),
    )
    with Crew(2) as crew:
        said = crew.at_once(job, job)
    assert sorted(said) == ["This lot is awarded already.", "done"]
    assert Award.objects.count() == 1


def test_a_lot_is_never_awarded_and_given_to_nobody_at_once(raced: Chain) -> None:
    for offer in called(raced, *[1_000, 2_000] * MANY)[::2]:
        give = trying(
            lambda offer=offer: awarding.award(offer=offer, reasons="So", by=raced.alice, at=BEGIN)
        )
        keep = trying(
            lambda offer=offer: evaluating.decide_no_award(
                lot=offer.lot, reason="So", by=raced.alice, at=BEGIN
            )
        )
        with Crew(2) as crew:
            assert sorted(crew.at_once(give, keep))[1] == "done"
        taken = Award.objects.filter(offer=offer).exists()
        assert taken != NoAward.objects.filter(lot=offer.lot).exists()


def test_awarding_and_giving_back_at_once_share_what_is_left(raced: Chain) -> None:
    cost = raced.delivery.cost
    half = cost // 2 + 1
    with Crew(4) as crew:
        said = crew.at_once(
            trying(
                lambda: awarding.give_back(
                    delivery=raced.delivery, amount=half, by=raced.alice, at=BEGIN
                )
            ),
            trying(lambda: raced.award(half)),
            trying(
                lambda: awarding.give_back(
                    delivery=raced.delivery, amount=half, by=raced.alice, at=BEGIN
                )
            ),
            trying(
                lambda: awarding.award_directly(
                    delivery=raced.delivery, kind="grant", suppliers=[raced.firm], value=half,
                    reasons="So", by=raced.alice, at=BEGIN,
                )
            ),
        )  # fmt: skip
    assert said.count("done") == 1
    held = raced.refresh()
    assert held.awarded + held.returned == half


def test_payments_approved_at_once_never_exceed_what_is_earned(raced: Chain) -> None:
    agreement = raced.agree(10_000)
    raced.accept(agreement, amount=5_000)
    payments = [raced.invoice(agreement, 2_000 if n else 1_000) for n in range(4)]
    jobs = [
        trying(lambda one=one: paying.approve(payment=one, by=raced.alice, at=AFTER))
        for one in payments
    ]
    with Crew(4) as crew:
        said = crew.at_once(*jobs)
    agreement.refresh_from_db()
    assert agreement.approved <= agreement.accepted == 5_000
    assert said.count("done") in (2, 3)
    approved = Payment.objects.filter(approved_at__isnull=False)
    assert sum(one.amount for one in approved) == agreement.approved


def test_one_payment_recorded_by_many_at_once_is_paid_once(raced: Chain) -> None:
    agreement = raced.agree(10_000, advance=5_000)
    payment = raced.invoice(agreement, 5_000, kind=PaymentKind.ADVANCE)
    day = AFTER.date()
    with Crew(MANY) as crew:
        approved = crew.at_once(
            *[trying(lambda: paying.approve(payment=payment, by=raced.alice, at=AFTER))] * MANY
        )
        paid = crew.at_once(
            *[trying(lambda: paying.pay(payment=payment, paid_on=day, by=raced.alice, at=AFTER))]
            * MANY
        )
    assert (approved.count("done"), paid.count("done")) == (1, 1)
    agreement.refresh_from_db()
    assert (agreement.approved, agreement.paid) == (5_000, 5_000)


def test_report_answered_by_two_at_once_earns_once(raced: Chain) -> None:
    agreement = raced.agree(10_000)
    report = raced.report(agreement)
    with Crew(4) as crew:
        said = crew.at_once(
            *[trying(lambda: paying.accept(report=report, outcome="met", by=raced.alice, at=AFTER))]
            * 4
        )
    agreement.refresh_from_db()
    assert (said.count("done"), agreement.accepted) == (1, 10_000)


def test_both_sides_sign_at_once_and_it_is_in_force(raced: Chain) -> None:
    version = raced.draft(raced.award(10_000), raced.terms(10_000))
    with Crew(2) as crew:
        said = crew.at_once(
            trying(
                lambda: agreeing.sign(version=version, acting=raced.city, by=raced.alice, at=AFTER)
            ),
            trying(
                lambda: agreeing.sign(version=version, acting=raced.mill, by=raced.mia, at=AFTER)
            ),
        )
    assert said == ["done", "done"]
    assert Agreement.objects.get().value == 10_000


def test_annulled_and_signed_at_once_it_is_one_of_them(raced: Chain) -> None:
    award = raced.award(10_000)
    version = raced.draft(award, raced.terms(10_000))
    agreeing.sign(version=version, acting=raced.city, by=raced.alice, at=AFTER)
    with Crew(2) as crew:
        said = crew.at_once(
            trying(
                lambda: agreeing.sign(version=version, acting=raced.mill, by=raced.mia, at=AFTER)
            ),
            trying(lambda: awarding.annul(award=award, reason="So", by=raced.alice, at=AFTER)),
        )
    assert said.count("done") == 1
    in_force = Version.objects.filter(in_force_at__isnull=False).exists()
    assert raced.refresh().awarded == (10_000 if in_force else 0)


def test_funded_projects_recorded_by_two_at_once_are_recorded_once(raced: Chain) -> None:
    process = raced.world.process
    with Crew(4) as crew:
        crew.at_once(
            *[trying(lambda: stories.ask_for_records(process=process, by=raced.alice, at=BEGIN))]
            * 4
        )
    assert Delivery.objects.count() == 2
