"""Whatever is done, in whatever order: no money appears or vanishes, and no fact is edited."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interlock.web.budgets.models import Pot
from interlock.web.delivery.actions import agreeing, awarding, finishing, paying
from interlock.web.delivery.models import (
    Acceptance,
    Agreement,
    Award,
    AwardKind,
    Delivery,
    Outcome,
    Payment,
    PaymentKind,
    Posting,
    Receipt,
    Report,
    Step,
    Version,
)
from interlock.web.delivery.rules.agreeing import accepted_by_code
from interlock.web.delivery.rules.awarding import in_proportion
from interlock.web.look.refusals import Refused
from tests.web.delivery.chain import AFTER, Chain, new_chain

SHARES = st.lists(st.integers(1, 9), min_size=1, max_size=4)
PICK = st.integers(0, 7)
#: Of what is asked for, per cent: often all of it, at times too much.
PART = st.sampled_from([1, 10, 35, 50, 99, 100, 100, 100, 101, 150])

#: What somebody with the database open may try.
TAMPERING = {
    "posting": (Posting, "amount = amount + 1"),
    "step": (Step, "text = 'another'"),
    "award": (Award, "value = value + 1"),
    "acceptance": (Acceptance, "amount = amount + 1"),
    "receipt": (Receipt, "amount = amount + 1"),
    "report": (Report, "code = 'M9'"),
    "payment": (Payment, "amount = amount + 1"),
    "signed": (Version, "value = value + 1"),
    "sum": (Delivery, "awarded = awarded + 1"),
    "cost": (Delivery, "cost = cost + 1"),
    "back": (Delivery, "returned = returned + 1"),
    "paid": (Agreement, "paid = paid + 1"),
    "accepted": (Agreement, "accepted = accepted + 1"),
    "worth": (Agreement, "value = value + 1"),
    "pot": (Pot, "returned = returned + 1"),
}


def total(kind: str, **where: Any) -> int:
    found = Posting.objects.filter(kind=kind, **where)
    return found.aggregate(sum=Sum("amount"))["sum"] or 0


class Money(RuleBasedStateMachine):
    """Two funded projects, and all that may happen with their money."""

    chain: Chain

    #: Ends come seldom, or little would happen before them.
    seldom = precondition(lambda self: self.count % 5 == 0)

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = AFTER
        self.count = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        """Two projects; of one, most is agreed on with the Mill, in three parts."""
        self.deliveries = list(Delivery.objects.order_by("pk")[:2])
        cost = self.delivery(0).cost
        self.chain.agree(cost // 2, cost // 5, cost // 10, advance=cost // 4, retainage=500)

    def attempt(self, verb: Callable[..., Any], **said: Any) -> Any:
        """Done, or refused with a reason: the database never has to refuse what a verb does."""
        self.count += 1
        try:
            return verb(**said, at=self.now)
        except Refused:
            return None

    def one(self, found: Any, pick: int) -> Any:
        return found[pick % len(found)] if found else None

    def delivery(self, pick: int) -> Delivery:
        found: Delivery = self.one(self.deliveries, pick)
        self.chain.delivery = found
        return self.chain.refresh()

    def agreements(self) -> list[Agreement]:
        return list(Agreement.objects.filter(signed_at__isnull=False).order_by("pk"))

    @rule(
        pick=PICK, part=PART, kind=st.sampled_from(["direct", "grant", "own"]), joint=st.booleans()
    )
    def award(self, pick: int, part: int, kind: str, joint: bool) -> None:
        held = self.delivery(pick)
        own = kind == AwardKind.OWN
        to = [self.chain.city] if own else [self.chain.mill, *[self.chain.firm] * joint]
        self.attempt(
            awarding.award_directly,
            delivery=held,
            kind=kind,
            suppliers=to,
            value=held.unawarded * part // 100,
            reasons="So",
            by=self.chain.alice,
            standstill_days=0,
        )

    @seldom
    @rule(pick=PICK)
    def annul(self, pick: int) -> None:
        if award := self.one(list(Award.objects.order_by("pk")), pick):
            self.attempt(awarding.annul, award=award, reason="Wrong", by=self.chain.alice)

    @rule(
        pick=PICK,
        shares=SHARES,
        part=PART,
        advance=PART,
        retainage=st.sampled_from([0, 333, 1_000]),
    )
    def agree(self, pick: int, shares: list[int], part: int, advance: int, retainage: int) -> None:
        """Terms for an award, or other terms for what is agreed on, signed by both."""
        award = self.one(list(Award.objects.order_by("pk")), pick)
        if award is None:
            return
        agreement = Agreement.objects.filter(award=award, signed_at__isnull=False).first()
        value = agreement.value * part // 100 if agreement else award.value
        parts = in_proportion(value, shares)
        terms = self.chain.terms(
            *parts, advance=value * (advance % 100) // 100, retainage=retainage
        )
        version = self.attempt(
            agreeing.draft,
            award=award,
            terms=terms,
            acting=self.chain.city,
            by=self.chain.alice,
            reason="Otherwise",
        )
        if version:
            self.attempt(
                agreeing.sign, version=version, acting=self.chain.city, by=self.chain.alice
            )
            self.attempt(agreeing.sign, version=version, acting=self.chain.mill, by=self.chain.mia)

    @rule(pick=PICK, by_mill=st.booleans())
    def drop(self, pick: int, by_mill: bool) -> None:
        if version := self.one(list(Version.objects.order_by("pk")), pick):
            acting, by = (
                (self.chain.mill, self.chain.mia)
                if by_mill
                else (self.chain.city, self.chain.alice)
            )
            self.attempt(agreeing.drop, version=version, acting=acting, by=by)

    @rule(pick=PICK, code=st.integers(1, 4), outcome=st.sampled_from(Outcome.values), part=PART)
    def accept(self, pick: int, code: int, outcome: str, part: int) -> None:
        agreement = self.one(self.agreements(), pick)
        if agreement is None:
            return
        own = agreement.award.kind == AwardKind.OWN
        acting, by = (
            (self.chain.city, self.chain.alice) if own else (self.chain.mill, self.chain.mia)
        )
        report = self.attempt(
            paying.report, agreement=agreement, code=f"M{code}", text="Done", acting=acting, by=by
        )
        if report:
            left = agreement.value * part // 300
            amount = {"met": None, "partiallyMet": left, "notMet": 0}[outcome]
            self.attempt(
                paying.accept, report=report, outcome=outcome, amount=amount, reason="Hm",
                by=self.chain.alice,
            )  # fmt: skip

    @rule(
        pick=PICK,
        kind=st.sampled_from(PaymentKind.values),
        code=st.integers(1, 4),
        part=PART,
        is_paid=st.booleans(),
    )
    def plan(self, pick: int, kind: str, code: int, part: int, is_paid: bool) -> None:
        """A payment of what may be paid, or of what may not be paid yet."""
        agreement = self.one(self.agreements(), pick)
        if agreement is None:
            return
        payment = self.attempt(
            paying.plan_payment,
            agreement=agreement,
            kind=kind,
            amount=(agreement.payable or agreement.value // 5) * part // 100,
            payee=agreement.award.suppliers.all()[0].institution,
            code=f"M{code}" if kind == PaymentKind.MILESTONE else "",
            by=self.chain.alice,
        )
        if payment and is_paid:
            self.go_on(payment)

    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        if payment := self.one(list(Payment.objects.order_by("-pk")), pick):
            self.go_on(payment)

    def go_on(self, payment: Payment) -> None:
        """Invoiced, approved and paid, as far as that goes."""
        own = payment.payee == self.chain.city
        by = self.chain.alice if own else self.chain.mia
        self.attempt(paying.invoice, payment=payment, by=by)
        self.attempt(paying.approve, payment=payment, by=self.chain.alice)
        self.attempt(paying.pay, payment=payment, paid_on=self.now.date(), by=self.chain.alice)

    @rule(pick=PICK, part=PART)
    def confirm(self, pick: int, part: int) -> None:
        if payment := self.one(list(Payment.objects.filter(paid_at__isnull=False)), pick):
            self.attempt(
                paying.confirm_receipt,
                payment=payment,
                amount=payment.amount * part // 100,
                received_on=self.now.date(),
                by=self.chain.mia,
            )

    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        if payment := self.one(list(Payment.objects.order_by("pk")), pick):
            self.attempt(paying.reverse, payment=payment, reason="Twice", by=self.chain.alice)

    @rule(pick=PICK)
    def release(self, pick: int) -> None:
        if agreement := self.one(self.agreements(), pick):
            self.attempt(paying.release, agreement=agreement, by=self.chain.alice)

    @seldom
    @rule(pick=PICK)
    def end(self, pick: int) -> None:
        if agreement := self.one(self.agreements(), pick):
            self.attempt(agreeing.end, agreement=agreement, reason="Gone", by=self.chain.alice)

    @rule(pick=PICK, part=PART)
    def give_back(self, pick: int, part: int) -> None:
        held = self.delivery(pick)
        self.attempt(
            awarding.give_back,
            delivery=held,
            amount=held.unawarded * part // 100,
            by=self.chain.alice,
        )

    @seldom
    @rule(pick=PICK)
    def finish(self, pick: int) -> None:
        self.attempt(finishing.finish, delivery=self.delivery(pick), by=self.chain.alice)

    @seldom
    @rule(pick=PICK)
    def give_up(self, pick: int) -> None:
        self.attempt(
            finishing.give_up, delivery=self.delivery(pick), reason="No site", by=self.chain.alice
        )

    @rule(what=st.sampled_from(sorted(TAMPERING)), gone=st.booleans())
    def tamper(self, what: str, gone: bool) -> None:
        """Rows are neither changed nor removed, by whoever has the database open."""
        model, change = TAMPERING[what]
        found = model.objects.all()  # type: ignore[attr-defined]
        if model is Version:
            found = found.filter(payer_signed_at__isnull=False)
        if row := found.order_by("pk").last():
            table = model._meta.db_table  # type: ignore[attr-defined]
            act = f"UPDATE {table} SET {change}"
            if gone and model is not Pot:
                act = f"DELETE FROM {table}"
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"{act} WHERE id = {row.pk}")

    @rule()
    def wait(self) -> None:
        self.now += timedelta(days=1)

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        for held in Delivery.objects.all():
            awarded, returned = total("awarded", delivery=held), total("returned", delivery=held)
            assert (held.awarded, held.returned) == (awarded, returned)
            assert held.cost == awarded + returned + held.unawarded
            assert held.unawarded >= 0
            if held.done_at or held.given_up_at:
                assert held.unawarded == 0
        for pot in Pot.objects.all():
            assert pot.returned == total("returned", pot=pot)
            assert pot.returned <= pot.amount - pot.unallocated
        assert sum(pot.returned for pot in Pot.objects.all()) == total("returned")

    @invariant()
    def agreements_keep_their_sums(self) -> None:
        for agreement in self.agreements():
            version = agreement.versions.filter(in_force_at__isnull=False).last()
            assert version
            parts = {one.code: one.amount for one in version.milestones.all()}
            assert sum(parts.values()) == version.value == agreement.value
            worth = total("awarded", award=agreement.award)
            kept = max(agreement.accepted, agreement.approved)
            assert worth == (kept if agreement.ended_at else agreement.value)
            assert agreement.accepted == total("accepted", agreement=agreement)
            assert agreement.accepted == sum(accepted_by_code(agreement).values())
            for code, accepted in accepted_by_code(agreement).items():
                assert accepted <= parts[code]

    @invariant()
    def nobody_is_paid_what_is_not_earned(self) -> None:
        for agreement in self.agreements():
            approved, paid = (total(one, agreement=agreement) for one in ("approved", "paid"))
            assert (agreement.approved, agreement.paid) == (approved, paid)
            assert 0 <= paid <= approved
            earned = agreement.accepted - agreement.held_back
            assert approved <= max(agreement.advance, earned)
            live = agreement.payments.filter(reversed_at=None)
            assert paid == sum(one.amount for one in live if one.paid_at)


@pytest.mark.django_db
def test_money_never_appears_or_vanishes_and_facts_are_never_edited() -> None:
    Money.chain = new_chain()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=15,
            stateful_step_count=50,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
