"""What the database itself refuses, whoever writes to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from interlock.web.delivery.actions import (
    agreeing,
    awarding,
    calls,
    evaluating,
    paying,
    stories,
)
from interlock.web.delivery.models import (
    Agreement,
    Award,
    Delivery,
    Milestone,
    NoAward,
    PaymentKind,
    Posting,
    PostingKind,
    Version,
)
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.delivery.calling import CLOSES, LATER, Fair, with_own_keys
from tests.web.delivery.chain import AFTER, BEGIN, Chain, called
from tests.world import START


@staged
@with_own_keys()
def full(chain: Chain) -> Chain:
    """A row in every table of the chain."""
    offers = called(chain, 500, 600)
    NoAward.objects.create(lot=offers[0].lot, reason="Too dear", at=BEGIN)
    annulled = chain.award(100)
    awarding.annul(award=annulled, reason="So", by=chain.alice, at=BEGIN)
    award = chain.award(3_000)
    complaint = awarding.complain(
        award=award, institution=chain.firm, text="No call?", by=chain.fred, at=BEGIN
    )
    awarding.answer(complaint=complaint, answer="Small.", is_upheld=False, by=chain.alice, at=BEGIN)
    agreement = chain.sign(chain.draft(award, chain.terms(1_000, 2_000, advance=500)))
    payment = chain.pay(agreement, 500, kind=PaymentKind.ADVANCE)
    paying.confirm_receipt(
        payment=payment, amount=500, received_on=AFTER.date(), by=chain.mia, at=AFTER
    )
    chain.accept(agreement)
    awarding.give_back(delivery=chain.delivery, amount=5, by=chain.alice, at=AFTER)
    return chain


#: Table, what somebody would have liked to change.
CHANGES = [
    ("posting", "amount = 1"),
    ("posting", "kind = 'paid'"),
    ("step", "text = 'It went well.'"),
    ("step", "at = '2020-01-01'"),
    ("award", "value = 1"),
    ("award", "reasons = 'Others'"),
    ("supplier", "position = 7"),
    ("annulment", "reason = 'Others'"),
    ("noaward", "reason = 'Others'"),
    ("report", "text = 'Others'"),
    ("acceptance", "amount = 1"),
    ("receipt", "amount = 1"),
    ("complaint", "text = 'Others'"),
    ("complaint", "answer = 'Others'"),
    ("complaint", "answered_at = NULL"),
    ("delivery", "cost = 99"),
    ("delivery", "awarded = 0"),
    ("delivery", "returned = 0"),
    ("agreement", "signed_at = NULL"),
    ("agreement", "payer_id = payer_id + 1"),
    ("agreement", "value = 9"),
    ("agreement", "advance = 9"),
    ("agreement", "retainage = 9"),
    ("agreement", "accepted = 0"),
    ("agreement", "approved = 0"),
    ("agreement", "paid = 0"),
    ("version", "value = 9"),
    ("version", "milestones_sum = 9"),
    ("version", "in_force_at = NULL"),
    ("version", "payer_signed_at = NULL"),
    ("milestone", "amount = 9"),
    ("milestone", "title = 'Others'"),
    ("payment", "amount = 9"),
    ("payment", "payee_id = payee_id + 1"),
    ("payment", "paid_on = '2020-01-01'"),
    ("payment", "paid_at = NULL"),
    ("payment", "invoice_number = '8'"),
    ("payment", "approved_at = '2020-01-01'"),
    ("payment", "approved_by_id = approved_by_id + 1"),
]  # fmt: skip
#: What has nothing of the kind to remove can be emptied: a draft, a follow.
REMOVED = sorted({table for table, _change in CHANGES})


@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_facts_are_not_edited(full: Chain, table: str, change: str) -> None:
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE delivery_{table} SET {change}")


@pytest.mark.parametrize("table", REMOVED)
def test_facts_are_not_removed(full: Chain, table: str) -> None:
    with (
        pytest.raises(IntegrityError, match=r"only added to|stays?\b"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM delivery_{table}")


@staged
@with_own_keys()
def compared(fair: Fair) -> Fair:
    """A call that is ranked, with a question and a later deadline."""
    call = fair.published()
    asked = calls.ask(call=call, text="Is there a cellar?", by=fair.bob, at=START)
    calls.answer(question=asked, answer="No.", by=fair.alice, at=START)
    later = CLOSES + timedelta(minutes=5)
    calls.extend(call=call, closes_at=later, reason="A holiday.", by=fair.alice, at=START)
    fair.both_bid(call)
    opened = fair.opened(call)
    fair.score_all(opened)
    evaluating.rank(call=opened, by=fair.alice, at=LATER)
    return fair


COMPARED = [
    ("call", "terms = '{}'"),
    ("call", "standstill_days = 1"),
    ("call", "preference_size = 7"),
    ("call", "published_at = NULL"),
    ("call", "closed_at = NULL"),
    ("call", "ranked_at = NULL"),
    ("lot", "budget = 1"),
    ("criterion", "weight = 1"),
    ("question", "answer = 'Yes.'"),
    ("notice", "reason = 'None'"),
    ("bid", "digest = 'f'"),
    ("bid", "sealed_at = '2020-01-01'"),
    ("bid", "content = '{}'"),
    ("bid", "lead_id = lead_id + 1"),
    ("offer", "price = 1"),
    ("score", "points = 1"),
    ("score", "sentence = 'Others'"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "change"), COMPARED)
def test_what_a_ranking_followed_from_is_not_edited(
    compared: Fair, table: str, change: str
) -> None:
    with (
        pytest.raises(IntegrityError, match=r"stays|only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE delivery_{table} SET {change}")


@pytest.mark.parametrize("table", sorted({table for table, _change in COMPARED}))
def test_what_a_ranking_followed_from_is_not_removed(compared: Fair, table: str) -> None:
    with (
        pytest.raises(IntegrityError, match=r"stays|only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM delivery_{table}")


def test_what_came_back_to_a_pot_is_what_was_posted(full: Chain) -> None:
    for table in ("pot SET returned = 4", "pot SET returned = 6"):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE budgets_{table}")


def refused(write: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def test_more_than_the_cost_is_not_posted(full: Chain) -> None:
    held = full.refresh()
    award = Award.objects.filter(annulment=None).get()
    refused(
        lambda: Posting.objects.create(
            kind=PostingKind.AWARDED, delivery=held, award=award, amount=held.unawarded + 1,
            at=AFTER,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("accepted", 2_001), ("approved", 501), ("paid", 1)],
)
def test_more_than_is_worth_earned_or_approved_is_not_posted(
    full: Chain, kind: str, amount: int
) -> None:
    agreement = Agreement.objects.get()
    payment = full.invoice(agreement, 600)
    refused(
        lambda: Posting.objects.create(
            kind=kind,
            delivery=full.delivery,
            agreement=agreement,
            payment=None if kind == "accepted" else payment,
            amount=amount,
            at=AFTER,
        )
    )


def test_payment_is_not_posted_twice_nor_a_negative_one_alone(full: Chain) -> None:
    agreement = Agreement.objects.get()
    payment = agreement.payments.get()
    told = {"delivery": full.delivery, "agreement": agreement, "payment": payment, "at": AFTER}
    refused(lambda: Posting.objects.create(kind="paid", amount=1, **told))
    refused(lambda: Posting.objects.create(kind="paid", amount=-1, **told))


def test_version_comes_into_force_with_the_sum_of_its_milestones_and_of_its_award(
    full: Chain,
) -> None:
    agreement = Agreement.objects.get()

    def forced(value: int, *parts: int) -> Callable[[], object]:
        def force() -> None:
            version = Version.objects.create(
                agreement=agreement, number=9, value=value, reason="So", drafted_at=AFTER
            )
            for position, part in enumerate(parts):
                Milestone.objects.create(
                    version=version, code=f"M{position}", position=position, title="A",
                    due_on=AFTER.date(), amount=part,
                )  # fmt: skip
            version.payer_signed_at = version.deliverer_signed_at = AFTER
            version.in_force_at = AFTER
            version.save(update_fields=["payer_signed_at", "deliverer_signed_at", "in_force_at"])

        return force

    refused(forced(3_000, 1_000, 1_999))
    refused(forced(3_001, 1_000, 2_001))
    forced(3_000, 1_500, 1_500)()
    agreement.refresh_from_db()
    assert (agreement.value, agreement.advance) == (3_000, 0)


def test_nothing_is_added_to_what_one_side_has_signed(full: Chain) -> None:
    agreement = Agreement.objects.get()
    version = full.draft(agreement.award, full.terms(3_000), AFTER, reason="So")
    agreeing.sign(version=version, acting=full.city, by=full.alice, at=AFTER)
    refused(
        lambda: Milestone.objects.create(
            version=version, code="M9", position=9, title="A", due_on=AFTER.date(), amount=1
        )
    )


def test_nothing_is_born_with_sums(full: Chain) -> None:
    other = Delivery.objects.exclude(pk=full.delivery.pk).get()
    refused(
        lambda: Delivery.objects.create(
            project=full.world.process.projects.get(ref="2"), responsible=full.city,
            cost=other.cost, awarded=1, recorded_at=AFTER,
        )
    )  # fmt: skip


def test_delivery_does_not_end_with_money_left(full: Chain) -> None:
    refused(lambda: Delivery.objects.filter(pk=full.delivery.pk).update(done_at=AFTER))


def test_person_who_goes_takes_their_name_along_and_no_fact(full: Chain) -> None:
    clerk = Person.objects.by_email("clerk@example.org")
    award = Award.objects.create(
        delivery=full.delivery, kind="direct", value=1, reasons="So", awarded_at=AFTER,
        awarded_by=clerk, standstill_until=AFTER,
    )  # fmt: skip
    clerk.delete()
    award.refresh_from_db()
    assert award.awarded_by is None
    refused(lambda: Award.objects.filter(pk=award.pk).update(awarded_by=full.alice))


def test_what_is_not_signed_may_still_go(full: Chain) -> None:
    version = full.draft(
        Award.objects.filter(annulment=None).get(), full.terms(3_000), AFTER, reason="So"
    )
    version.milestones.all().delete()
    version.refresh_from_db()
    assert version.milestones_sum == 0
    version.delete()


def test_story_goes_on(full: Chain) -> None:
    stories.stop(delivery=full.delivery, reason="No permit.", by=full.alice, at=AFTER)
    assert full.refresh().stuck_at == AFTER
