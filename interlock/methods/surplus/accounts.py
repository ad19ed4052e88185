"""What follows for member accounts and books: redemption, journal, worksheet, interest.

Amounts are whole minor units.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from interlock.methods.surplus.apportioning import apportioned
from interlock.methods.surplus.closing import Closed
from interlock.methods.surplus.policy import SUBCHAPTER_T
from interlock.methods.surplus.reasons import Fault, SurplusError, fault

# The accounts of the books
INCOME, FUND, MEMBER, PAYABLE, CARRIED = "income", "fund", "member", "payable", "carried"
#: Whoever was paid as much gets a Form 1099-PATR: 10 US dollars.
LEAST_REPORTED = 10_00
#: California's limit for what worker co-ops pay on contributed capital, a year (Corporations Code).
MOST_INTEREST = Fraction(15, 100)


@dataclass(frozen=True)
class Notice:
    """What a member was allocated for a fiscal year in writing, and is still owed."""

    member: str
    year: int
    amount: int


@dataclass(frozen=True)
class Redeemed:
    """What is paid of a notice."""

    notice: Notice
    paid: int

    @property
    def left(self) -> int:
        """What is still owed after it."""
        return self.notice.amount - self.paid


@dataclass(frozen=True)
class Line:
    """One line of a journal. `kind` is one of this module's accounts, `name` a fund or a member."""

    kind: str
    name: str
    debit: int
    credit: int


@dataclass(frozen=True)
class Slip:
    """What the Form 1099-PATR of a member needs, but for name and tax number, which stay outside.

    `dividends` is box 1, `redeemed` box 5.
    """

    member: str
    dividends: int
    redeemed: int


def redemption(notices: Sequence[Notice], cash: int) -> tuple[Redeemed, ...]:
    """Pay `cash` on notices: the oldest year first, and where it is short pro rata to what is owed.

    Within the year it does not suffice for, largest remainders decide as in `apportioned`. Notices come
    back in the order of their years and members, those that get nothing too. Raises SurplusError
    for amounts below 0, and for a member with two notices of one year.

    >>> notices = Notice("ana", 2024, 100), Notice("ben", 2023, 60), Notice("ana", 2023, 30)
    >>> [(one.notice.member, one.notice.year, one.paid) for one in redemption(notices, 70)]
    [('ana', 2023, 23), ('ben', 2023, 47), ('ana', 2024, 0)]
    """
    if faults := tuple(_faults_of_redemption(notices, cash)):
        raise SurplusError(faults)
    found = list[Redeemed]()
    in_order = sorted(notices, key=lambda one: (one.year, one.member))
    for _, group in groupby(in_order, key=lambda one: one.year):
        owed = {one.member: one for one in group}
        paid = min(cash, sum(one.amount for one in owed.values()))
        parts = apportioned(paid, {name: one.amount for name, one in owed.items()})
        found += [Redeemed(one, parts[name]) for name, one in owed.items()]
        cash -= paid
    return tuple(found)


def journal(closed: Closed) -> tuple[Line, ...]:
    """The closing as double entry: debits and credits have one sum.

    The net income leaves INCOME for each FUND, for PAYABLE (what members are paid in cash) and
    for MEMBER accounts; a loss the other way round, with CARRIED for what nobody bears yet. Lines
    of nothing are left out.

    >>> from interlock.methods.surplus import PRESETS, Worker, Year, close
    >>> for line in journal(close(Year(PRESETS["selc"], 100_00, (Worker("ana", Fraction(9)),)))):
    ...     print(line.kind, line.name, line.debit, line.credit)
    income  10000 0
    fund Collective account 0 2500
    payable ana 0 3750
    member ana 0 3750
    """
    lines = [
        _line(INCOME, "", -closed.year.net),
        *(_line(FUND, name, amount) for name, amount in closed.funds.items()),
        _line(CARRIED, "", closed.carried),
    ]
    for share in closed.members:
        lines += [
            _line(PAYABLE, share.worker.id, share.cash),
            _line(MEMBER, share.worker.id, share.account),
        ]
    return tuple(one for one in lines if one.debit or one.credit)


def reversal(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The entry that takes a journal back: what was posted is never edited."""
    return tuple(Line(one.kind, one.name, one.credit, one.debit) for one in lines)


def worksheet(closed: Closed, redeemed: Mapping[str, int] | None = None) -> tuple[Slip, ...]:
    """The members to whom a Form 1099-PATR is due, by name: those with 10 dollars or more.

    Box 1 is cash and qualified written notices at face value, box 5 nonqualified notices that were
    `redeemed` in the calendar year, by member; a qualified notice was reported when it was issued.
    Amounts are cents of US dollars. Only Subchapter T has the form: by another regime nobody is
    due one. Source: the Internal Revenue Service's instructions for Form 1099-PATR.
    """
    if closed.year.policy.regime != SUBCHAPTER_T:
        return ()
    paid = redeemed or {}
    dividends = dict.fromkeys(paid, 0)
    for share in closed.members:
        noticed = share.notice if closed.year.policy.is_qualified else 0
        dividends[share.worker.id] = share.cash + noticed
    slips = (Slip(name, box, paid.get(name, 0)) for name, box in sorted(dividends.items()))
    return tuple(one for one in slips if one.dividends + one.redeemed >= LEAST_REPORTED)


def most_interest(
    capital: int, most: Fraction = MOST_INTEREST, part_of_year: Fraction = Fraction(1)
) -> int:
    """The most interest that contributed `capital` may bear in a part of a year, rounded down.

    Raises ValueError for numbers below 0.

    >>> most_interest(1000_01), most_interest(1000_00, part_of_year=Fraction(73, 365))
    (15000, 3000)
    """
    if capital < 0 or most < 0 or part_of_year < 0:
        raise ValueError("Capital, rate and part of the year are 0 or more.")
    return math.floor(capital * most * part_of_year)


def _line(kind: str, name: str, credit: int) -> Line:
    return Line(kind, name, max(0, -credit), max(0, credit))


def _faults_of_redemption(notices: Sequence[Notice], cash: int) -> Iterator[Fault]:
    if cash < 0:
        yield fault("below-zero", "cash")
    for index, one in enumerate(notices):
        if one.amount < 0:
            yield fault("below-zero", f"notices[{index}].amount")
    for (member, year), times in Counter((one.member, one.year) for one in notices).items():
        if times > 1:
            yield fault("again", "notices", name=f"{member}, {year}")
