"""The verbs of member accounts: paid in, opened with, redeemed, paid out, interest, leaving."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from interlock.methods.surplus import apportioned
from interlock.methods.surplus.accounts import MOST_INTEREST, most_interest
from interlock.web.coops import reading
from interlock.web.coops.actions.accounts import account, opened, overdrawn, transfer
from interlock.web.coops.actions.noting import books_kept_by, note
from interlock.web.coops.models import (
    Account,
    AccountKind,
    Coop,
    Import,
    ImportKind,
    Instalment,
    Member,
    Transfer,
    TransferKind,
)
from interlock.web.coops.queries import accounts as queries
from interlock.web.coops.rules.accounts import why_not_settle
from interlock.web.look.amounts import money
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person

MOST_INSTALMENTS = 120


@transaction.atomic
def plan_buy_in(
    *, member: Member, amount: int, parts: int, first_on: date, by: Person, at: datetime
) -> list[Instalment]:
    """Divide what a member is to pay in into monthly instalments; the plan before goes."""
    held = books_kept_by(member.coop, by, at)
    if not 1 <= parts <= MOST_INSTALMENTS or amount < parts:
        raise Refused(_("A plan has from 1 to 120 instalments, of something each."), status=422)
    Member.objects.filter(pk=member.pk).update(buy_in=amount)
    member.instalments.all().delete()
    even = apportioned(amount, dict.fromkeys((f"{part:03}" for part in range(parts)), 1))
    made = Instalment.objects.bulk_create(
        Instalment(member=member, due_on=_months_on(first_on, part), amount=even[f"{part:03}"])
        for part in range(parts)
    )
    note("buy_in_planned", held, at, by)
    return made


def _months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last one that there is before it."""
    year, month = divmod(day.month - 1 + months, 12)
    for of_month in range(day.day, 27, -1):
        try:
            return date(day.year + year, month + 1, of_month)
        except ValueError:
            continue
    return date(day.year + year, month + 1, min(day.day, 28))


@transaction.atomic
def pay_in(
    *, member: Member, amount: int, on: date, by: Person, at: datetime, why: str = ""
) -> Transfer:
    """A member paid a part of their buy-in, or all of it."""
    held = books_kept_by(member.coop, by, at)
    return transfer(
        coop=held,
        kind=TransferKind.BUY_IN,
        debit=account(coop=held, kind=AccountKind.BANK),
        credit=account(coop=held, kind=AccountKind.CONTRIBUTION, member=member),
        amount=amount,
        on=on,
        by=by,
        at=at,
        why=why,
    )


@transaction.atomic
def pay_out(*, owed: Account, amount: int, on: date, by: Person, at: datetime) -> Transfer:
    """Record that a member was paid what the co-op owed them."""
    held = books_kept_by(owed.coop, by, at)
    if owed.kind not in (AccountKind.PAYABLE, AccountKind.DEBT):
        raise Refused(
            _("Only what is to be paid out is paid out."), _("Redeem the notice first."), status=422
        )
    return transfer(
        coop=held,
        kind=TransferKind.PAYOUT,
        debit=owed,
        credit=account(coop=held, kind=AccountKind.BANK),
        amount=amount,
        on=on,
        by=by,
        at=at,
    )


@transaction.atomic
def enter_balances(
    *, coop: Coop, data: bytes, name: str, total: int, on: date, by: Person, at: datetime
) -> Import | None:
    """Enter what members had before the co-op kept its books here; all of it, or nothing.

    `total` is the accountant's sum of all of them. The same list twice is entered once.
    """
    held = books_kept_by(coop, by, at)
    try:
        looked = queries.look_over(held, data)
    except reading.Unreadable as error:
        raise Refused(str(error), status=422) from None
    if wrong := looked.wrong:
        raise Refused(
            _("Line %(line)s: %(why)s") % {"line": wrong[0].line, "why": wrong[0].why}, status=422
        )
    if looked.total != total:
        raise Refused(
            _("The list adds up to %(list)s, the accountant’s total is %(total)s.")
            % {"list": money(looked.total, held.currency), "total": money(total, held.currency)},
            _("Find the difference first: nothing was entered."),
            status=422,
        )
    if not looked.new:
        return None
    made = Import.objects.create(
        coop=held,
        kind=ImportKind.BALANCES,
        name=name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        lines=len(looked.new),
        at=at,
        by=by,
    )
    bank = Account.of(AccountKind.BANK)
    moves = [(bank, one.account, one.amount) for one in looked.new if one.account]
    _move(held, TransferKind.OPENING, moves, on, by, at)
    note("balances_entered", held, at, by, lines=made.lines)
    return made


@transaction.atomic
def redeem(
    *, coop: Coop, cash: int, on: date, by: Person, at: datetime
) -> list[tuple[Account, int]]:
    """Repay notices, the oldest year first, pro rata where the cash is short: they become payable."""
    held = books_kept_by(coop, by, at)
    if cash <= 0:
        raise Refused(_("The amount must be more than 0."), status=422)
    paid = queries.redeemed(held, cash)
    moves = [
        (one, Account.of(AccountKind.PAYABLE, one.member), amount) for one, amount in paid if amount
    ]
    if not moves:
        raise Refused(_("No notice is outstanding."), _("Nothing is to be redeemed."))
    _move(held, TransferKind.REDEMPTION, moves, on, by, at)
    note("notices_redeemed", held, at, by)
    return [(one, amount) for one, amount in paid if amount]


@transaction.atomic
def pay_interest(
    *, coop: Coop, percent: Fraction, on: date, by: Person, at: datetime
) -> list[tuple[Account, int]]:
    """Owe members interest on what they paid in, at most 15 per cent a year, however often."""
    held = books_kept_by(coop, by, at)
    if not 0 < percent <= MOST_INTEREST * 100:
        raise Refused(
            _("Interest is more than 0 and at most %(most)s per cent of what was paid in.")
            % {"most": int(MOST_INTEREST * 100)},
            status=422,
        )
    paid = held.accounts.filter(kind=AccountKind.CONTRIBUTION, balance__gt=0)
    earned = [
        (one, most_interest(one.balance, percent / 100)) for one in paid.select_related("member")
    ]
    before = queries.interest_of_year(held, on)
    over = [
        one
        for one, amount in earned
        if amount + before.get(one.member_id, 0) > most_interest(one.balance)
    ]
    if over:
        raise Refused(
            _("With what %(name)s got in this year, it is more than %(most)s per cent.")
            % {"name": over[0].member, "most": int(MOST_INTEREST * 100)},
            _("Enter less."),
            status=422,
        )
    result = Account.of(AccountKind.RESULT)
    moves = [
        (result, Account.of(AccountKind.PAYABLE, one.member), amount)
        for one, amount in earned
        if amount
    ]
    if not moves:
        raise Refused(_("Nobody has paid anything in."), _("There is nothing to bear interest."))
    _move(held, TransferKind.INTEREST, moves, on, by, at)
    note("interest_owed", held, at, by)
    return [(one, amount) for one, amount in earned if amount]


@transaction.atomic
def leave(*, member: Member, due_on: date, on: date, by: Person, at: datetime) -> Account:
    """What is in the account of somebody who left becomes a debt, to be repaid by a day."""
    held = books_kept_by(member.coop, by, at)
    if reason := why_not_settle(member.standings.filter(until__isnull=True).first()):
        raise Refused(reason, status=422)
    kinds = (AccountKind.CONTRIBUTION, AccountKind.NOTICE)
    mine = list(held.accounts.filter(member=member, kind__in=kinds).exclude(balance=0))
    debt = Account.of(AccountKind.DEBT, member, due_on=due_on)
    # What the member owes by a loss is set off first.
    owing = [one for one in mine if one.balance < 0]
    short = -sum(one.balance for one in owing)
    moves: list[tuple[Account, Account, int]] = []
    for one in sorted((one for one in mine if one.balance > 0), key=lambda one: one.year or 0):
        left = one.balance
        for other in owing:
            taken = min(left, -other.balance)
            if taken:
                moves.append((one, other, taken))
                other.balance += taken
                left -= taken
                short -= taken
        if left:
            moves.append((one, debt, left))
    if not any(credit is debt for _debit, credit, _amount in moves):
        raise Refused(
            _("Nothing is in the account that could be repaid."), _("Nothing more is to be done.")
        )
    _move(held, TransferKind.LEAVING, moves, on, by, at)
    note("account_left", held, at, by)
    return Account.objects.get(coop=held, ref=debt.ref)


def _move(
    coop: Coop,
    kind: TransferKind,
    moves: Iterable[tuple[Account, Account, int]],
    on: date,
    by: Person,
    at: datetime,
) -> None:
    """Several transfers of one kind, their accounts opened where they are not yet."""
    listed = list(moves)
    accounts = opened(coop, [one for debit, credit, _amount in listed for one in (debit, credit)])
    with overdrawn(coop, _("Look at the accounts again: they changed meanwhile.")):
        Transfer.objects.bulk_create(
            Transfer(
                coop=coop,
                kind=kind,
                debit=accounts[debit.ref],
                credit=accounts[credit.ref],
                amount=amount,
                on=on,
                at=at,
                by=by,
            )
            for debit, credit, amount in listed
        )
