"""Accounts: both sides of every entry, balances that the database keeps, and nothing edited."""

import contextlib
from datetime import date
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
    rule,
    run_state_machine_as_test,
)

from interlock.web.coops.actions.accounts import account, reverse, transfer
from interlock.web.coops.models import Account, AccountKind, Transfer, TransferKind
from interlock.web.look.refusals import Refused
from tests.web.coops.spokes import NOW, Spokes, other_steward, spokes

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)
PICK = st.integers(0, 7)


def move(one: Spokes, debit: Account, credit: Account, amount: int) -> Transfer:
    return transfer(
        coop=one.coop, kind=TransferKind.OPENING, debit=debit, credit=credit,
        amount=amount, on=DAY, by=one.sol, at=NOW,
    )  # fmt: skip


def test_transfer_moves_an_amount_and_the_database_keeps_both_balances():
    one = spokes()
    bank = account(coop=one.coop, kind=AccountKind.BANK)
    fund = account(coop=one.coop, kind=AccountKind.FUND, name="education")
    move(one, bank, fund, 500_00)
    bank.refresh_from_db()
    fund.refresh_from_db()
    assert (bank.balance, fund.balance) == (-500_00, 500_00)


def test_account_is_opened_once():
    one = spokes()
    first = account(coop=one.coop, kind=AccountKind.NOTICE, member=one.ben, year=3)
    again = account(coop=one.coop, kind=AccountKind.NOTICE, member=one.ben, year=3)
    other = account(
        coop=one.coop, kind=AccountKind.NOTICE, member=one.ben, year=3, is_qualified=False
    )
    assert first == again
    assert (first.ref, other.ref) == (
        f"notice/{one.ben.pk}/3",
        f"notice/{one.ben.pk}/3/nonqualified",
    )


def test_account_is_not_overdrawn():
    one = spokes()
    bank = account(coop=one.coop, kind=AccountKind.BANK)
    fund = account(coop=one.coop, kind=AccountKind.FUND, name="education")
    move(one, bank, fund, 500_00)
    with pytest.raises(Refused) as refused:
        move(one, fund, bank, 500_01)
    assert str(refused.value.reason) == "“education” has only $500."


def test_reversal_is_the_other_way_round_and_only_once():
    one = spokes()
    bank = account(coop=one.coop, kind=AccountKind.BANK)
    fund = account(coop=one.coop, kind=AccountKind.FUND, name="education")
    wrong = move(one, bank, fund, 500_00)
    undone = reverse(transfer=wrong, on=DAY, by=one.sol, at=NOW, why="Entered twice.")
    assert (undone.debit, undone.credit, undone.amount) == (fund, bank, 500_00)
    fund.refresh_from_db()
    assert fund.balance == 0
    for again in (wrong, undone):
        with pytest.raises(Refused):
            reverse(transfer=again, on=DAY, by=one.sol, at=NOW, why="Once more.")


#: What somebody with the database open may try.
TAMPERING = {
    "amount": "UPDATE coops_transfer SET amount = amount + 1",
    "gone": "DELETE FROM coops_transfer",
    "balance": "UPDATE coops_account SET balance = balance + 1",
    "owner": "UPDATE coops_account SET member_id = NULL",
    "kind": "UPDATE coops_account SET kind = 'bank'",
}


@pytest.mark.parametrize("tampering", TAMPERING.values(), ids=TAMPERING)
def test_database_refuses(tampering: str):
    one = spokes()
    bank = account(coop=one.coop, kind=AccountKind.BANK)
    owed = account(coop=one.coop, kind=AccountKind.PAYABLE, member=one.ben)
    move(one, bank, owed, 500_00)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tampering)


def test_transfer_stays_within_its_coop_and_a_reversal_is_exact():
    one = spokes()
    bank = account(coop=one.coop, kind=AccountKind.BANK)
    fund = account(coop=one.coop, kind=AccountKind.FUND, name="education")
    first = move(one, bank, fund, 500_00)
    wrong: dict[str, dict[str, Any]] = {
        "another amount": {"reverses": first, "debit": fund, "credit": bank, "amount": 1},
        "the same way": {"reverses": first, "debit": bank, "credit": fund, "amount": 500_00},
    }
    for facts in wrong.values():
        with pytest.raises(DatabaseError), transaction.atomic():
            Transfer.objects.create(coop=one.coop, kind="reversal", on=DAY, at=NOW, **facts)
    other_steward()
    other = type(one.coop).objects.exclude(pk=one.coop.pk).get()
    elsewhere = account(coop=other, kind=AccountKind.BANK)
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.create(
            coop=one.coop, kind="opening", debit=elsewhere, credit=fund, amount=1, on=DAY, at=NOW
        )


BOUNDED = (AccountKind.PAYABLE, AccountKind.FUND)


class Books(RuleBasedStateMachine):
    """Whatever is moved and undone: all balances together are 0, and each is its transfers' sum."""

    @initialize()
    def begin(self) -> None:
        self.one = spokes()
        kinds = (AccountKind.BANK, AccountKind.RESULT, AccountKind.COLLECTIVE)
        self.accounts = [account(coop=self.one.coop, kind=kind) for kind in kinds]
        for member in (self.one.ana, self.one.ben):
            for kind in (AccountKind.CONTRIBUTION, AccountKind.PAYABLE):
                self.accounts.append(account(coop=self.one.coop, kind=kind, member=member))
        self.accounts.append(account(coop=self.one.coop, kind=AccountKind.FUND, name="education"))

    @rule(debit=PICK, credit=PICK, amount=st.integers(-5, 1_000))
    def move(self, debit: int, credit: int, amount: int) -> None:
        source = self.accounts[debit]
        if debit != credit and self.tried(
            lambda: move(self.one, source, self.accounts[credit], amount)
        ):
            source.refresh_from_db()
            # What was reversed may have been spent; nothing else takes more than there is.
            assert source.kind not in BOUNDED or source.balance >= 0

    @rule(which=st.integers(0, 1_000))
    def undo(self, which: int) -> None:
        done = list(Transfer.objects.all())
        if done:
            chosen = done[which % len(done)]
            self.tried(
                lambda: reverse(transfer=chosen, on=DAY, by=self.one.sol, at=NOW, why="Wrong.")
            )

    def tried(self, act: Any) -> bool:
        with contextlib.suppress(Refused):
            act()
            return True
        return False

    @invariant()
    def nothing_appears_or_vanishes(self) -> None:
        found = list(Account.objects.all())
        assert sum(one.balance for one in found) == 0
        for one in found:
            came = one.credits.aggregate(sum=Sum("amount"))["sum"] or 0
            went = one.debits.aggregate(sum=Sum("amount"))["sum"] or 0
            assert one.balance == came - went
            undone = one.debits.filter(kind=TransferKind.REVERSAL).exists()
            if one.kind == AccountKind.FUND or (one.kind == AccountKind.PAYABLE and not undone):
                assert one.balance >= 0


def test_books_always_balance():
    class Fresh(Books):
        """Each example begins from nothing, and leaves nothing."""

        def __init__(self) -> None:
            super().__init__()
            self.around = transaction.atomic()
            self.around.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Fresh,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
