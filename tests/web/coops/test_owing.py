"""Member accounts: buy-ins, opening balances, redemption, interest, leaving."""

from datetime import date
from fractions import Fraction

import pytest

from interlock.web.coops.actions.accounts import account
from interlock.web.coops.actions.owing import (
    enter_balances,
    leave,
    pay_in,
    pay_interest,
    pay_out,
    plan_buy_in,
    redeem,
)
from interlock.web.coops.models import Account, AccountKind, Import, Member, Status
from interlock.web.coops.queries import accounts as queries
from interlock.web.look.refusals import Refused
from tests.web.coops.spokes import NOW, Spokes, spokes

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 1)

BALANCES = """member;contribution;year;notice
1;1.000,00;2024;600
Ben Yusuf;500;2023;300,50
2;;2024;400
"""


def enter(one: Spokes, text: str = BALANCES, total: int = 2_800_50) -> Import | None:
    return enter_balances(
        coop=one.coop, data=text.encode(), name="b.csv", total=total, on=DAY, by=one.sol, at=NOW
    )


def balances(member: Member) -> dict[str, int]:
    return {
        f"{one.kind} {one.year or ''}".strip(): one.balance
        for one in queries.of_member(member)
        if one.balance
    }


def test_opening_balances_are_entered_once_and_only_with_the_accountants_total():
    one = spokes()
    with pytest.raises(Refused) as refused:
        enter(one, total=2_800_00)
    assert str(refused.value.reason) == (
        "The list adds up to $2,800.50, the accountant’s total is $2,800."
    )
    assert Account.objects.count() == 0
    assert enter(one)
    assert enter(one) is None
    assert balances(one.ana) == {"contribution": 1_000_00, "notice 2024": 600_00}
    assert balances(one.ben) == {
        "contribution": 500_00,
        "notice 2023": 300_50,
        "notice 2024": 400_00,
    }


def test_list_with_a_wrong_line_enters_nothing():
    one = spokes()
    with pytest.raises(Refused) as refused:
        enter(one, "member,contribution\n1,100\nNobody,5\n", 105_00)
    assert str(refused.value.reason) == (
        "Line 3: Nobody here has this number or name. Enter them as a member or worker first."
    )
    assert Account.objects.count() == 0


def test_redemption_goes_by_year_and_pro_rata():
    one = spokes()
    enter(one)
    paid = redeem(coop=one.coop, cash=400_50, on=DAY, by=one.sol, at=NOW)
    assert [(found.year, found.member.name, amount) for found, amount in paid if found.member] == [
        (2023, "Ben Yusuf", 300_50),
        (2024, "Ana Ortiz", 60_00),
        (2024, "Ben Yusuf", 40_00),
    ]
    assert balances(one.ben) == {"contribution": 500_00, "notice 2024": 360_00, "payable": 340_50}


def test_pay_out_is_at_most_what_is_owed():
    one = spokes()
    enter(one)
    redeem(coop=one.coop, cash=400_50, on=DAY, by=one.sol, at=NOW)
    owed = account(coop=one.coop, kind=AccountKind.PAYABLE, member=one.ben)
    with pytest.raises(Refused) as refused:
        pay_out(owed=owed, amount=340_51, on=DAY, by=one.sol, at=NOW)
    assert str(refused.value.reason) == "“To be paid out” has only $340.50."
    pay_out(owed=owed, amount=340_50, on=DAY, by=one.sol, at=NOW)
    assert "payable" not in balances(one.ben)


def test_buy_in_is_planned_in_instalments_and_paid():
    one = spokes()
    plan = plan_buy_in(
        member=one.dee, amount=1_000_00, parts=3, first_on=date(2027, 1, 31), by=one.sol, at=NOW
    )
    assert [(part.due_on, part.amount) for part in plan] == [
        (date(2027, 1, 31), 333_34),
        (date(2027, 2, 28), 333_33),
        (date(2027, 3, 31), 333_33),
    ]
    pay_in(member=one.dee, amount=333_34, on=DAY, by=one.sol, at=NOW)
    assert balances(one.dee) == {"contribution": 333_34}
    assert queries.still_to_pay(one.dee, 333_34) == [(plan[1], 333_33), (plan[2], 333_33)]
    assert queries.still_to_pay(one.dee, 400_00) == [(plan[1], 266_67), (plan[2], 333_33)]
    assert queries.still_to_pay(one.dee, 1_000_00) == []


def test_interest_has_a_limit():
    one = spokes()
    enter(one)
    with pytest.raises(Refused):
        pay_interest(coop=one.coop, percent=Fraction(16), on=DAY, by=one.sol, at=NOW)
    pay_interest(coop=one.coop, percent=Fraction(3), on=DAY, by=one.sol, at=NOW)
    assert balances(one.ana)["payable"] == 30_00
    with pytest.raises(Refused, match="more than 15 per cent"):
        pay_interest(coop=one.coop, percent=Fraction(13), on=DAY, by=one.sol, at=NOW)
    pay_interest(coop=one.coop, percent=Fraction(12), on=DAY, by=one.sol, at=NOW)
    pay_interest(coop=one.coop, percent=Fraction(15), on=date(2028, 1, 1), by=one.sol, at=NOW)
    assert balances(one.ana)["payable"] == 300_00


def test_account_of_somebody_who_left_becomes_a_debt():
    one = spokes()
    enter(one)
    with pytest.raises(Refused, match="has to say first that they left"):
        leave(member=one.ben, due_on=date(2032, 3, 1), on=DAY, by=one.sol, at=NOW)
    one.ben.standings.update(status=Status.FORMER)
    debt = leave(member=one.ben, due_on=date(2032, 3, 1), on=DAY, by=one.sol, at=NOW)
    assert (debt.balance, debt.due_on) == (1_200_50, date(2032, 3, 1))
    assert balances(one.ben) == {"debt": 1_200_50}
    pay_out(owed=debt, amount=200_50, on=DAY, by=one.sol, at=NOW)
    assert balances(one.ben) == {"debt": 1_000_00}
    with pytest.raises(Refused):
        leave(member=one.ben, due_on=date(2032, 3, 1), on=DAY, by=one.sol, at=NOW)
