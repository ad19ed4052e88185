"""Redemption, journal, worksheet and interest."""

from dataclasses import replace
from fractions import Fraction

import pytest

from interlock.methods.surplus import (
    PRESETS,
    Line,
    Losses,
    Notice,
    Slip,
    SurplusError,
    Worker,
    Year,
    close,
    journal,
    most_interest,
    redemption,
    reversal,
    worksheet,
)

SELC = PRESETS["selc"]
WORKERS = Worker("ana", Fraction(3)), Worker("ben", Fraction(1))
NOTICES = (
    Notice("ben", 2024, 500_00),
    Notice("ana", 2022, 100_00),
    Notice("ben", 2022, 50_00),
    Notice("ana", 2023, 100_01),
    Notice("ben", 2023, 200_00),
)


def paid(cash: int) -> list[tuple[str, int, int, int]]:
    return [
        (one.notice.member, one.notice.year, one.paid, one.left)
        for one in redemption(NOTICES, cash)
    ]


def test_oldest_notices_are_redeemed_first_and_pro_rata_where_cash_is_short() -> None:
    """150.00 for 2022; 100.00 is left for 300.01 of 2023: 33.3355… and 66.6644…"""
    assert paid(250_00) == [
        ("ana", 2022, 100_00, 0),
        ("ben", 2022, 50_00, 0),
        ("ana", 2023, 33_34, 66_67),
        ("ben", 2023, 66_66, 133_34),
        ("ben", 2024, 0, 500_00),
    ]


def test_redemption_with_more_cash_than_is_owed() -> None:
    assert [left for *_, left in paid(2000_00)] == [0, 0, 0, 0, 0]
    assert sum(part for _, _, part, _ in paid(2000_00)) == 950_01


def test_redemption_without_cash_or_notices() -> None:
    assert sum(part for _, _, part, _ in paid(0)) == 0
    assert redemption((), 100) == ()


def test_redemption_refuses_what_is_wrong_all_at_once() -> None:
    wrong = Notice("ana", 2022, -1), Notice("ana", 2022, 5)
    with pytest.raises(SurplusError) as refused:
        redemption(wrong, -1)
    assert str(refused.value).splitlines() == [
        "cash: It is below 0. Enter 0 or more.",
        "notices[0].amount: It is below 0. Enter 0 or more.",
        "notices: ana, 2022 is there twice. Enter each once, with the sum.",
    ]


def test_journal_of_a_gain() -> None:
    lines = journal(close(Year(SELC, 1000_00, WORKERS, nonmember_hours=Fraction(1))))
    assert lines == (
        Line("income", "", 1000_00, 0),
        Line("fund", "Collective account", 0, 250_00),
        Line("payable", "ana", 0, 281_25),
        Line("member", "ana", 0, 281_25),
        Line("payable", "ben", 0, 93_75),
        Line("member", "ben", 0, 93_75),
    )
    assert sum(one.debit for one in lines) == sum(one.credit for one in lines)


def test_journal_of_a_loss_and_of_what_is_carried() -> None:
    policy = replace(SELC, losses=Losses(0, below_zero=False))
    lines = journal(close(Year(policy, -1000_00, WORKERS, accounts={"ana": 500_00})))
    assert lines == (
        Line("income", "", 0, 1000_00),
        Line("fund", "Collective account", 250_00, 0),
        Line("carried", "", 250_00, 0),
        Line("member", "ana", 500_00, 0),
    )


def test_journal_is_taken_back_by_its_reversal() -> None:
    lines = journal(close(Year(SELC, 1000_00, WORKERS)))
    back = reversal(lines)
    assert [one.debit - one.credit for one in back] == [one.credit - one.debit for one in lines]
    assert reversal(back) == lines


def test_worksheet_names_who_has_ten_dollars() -> None:
    """36.00 divided 3 to 1 leaves the pool of 27.00: 20.25 and 6.75."""
    year = Year(SELC, 36_00, WORKERS)
    assert worksheet(close(year)) == (Slip("ana", 20_25, 0),)
    assert worksheet(close(replace(year, net=53_33))) == (
        Slip("ana", 30_00, 0),
        Slip("ben", 10_00, 0),
    )


def test_worksheet_counts_nonqualified_notices_when_redeemed() -> None:
    closed = close(Year(replace(SELC, is_qualified=False), 36_00, WORKERS))
    assert worksheet(closed, {"ben": 7_00, "cho": 10_00, "dee": 9_99}) == (
        Slip("ana", 10_13, 0),
        Slip("ben", 3_38, 7_00),
        Slip("cho", 0, 10_00),
    )


@pytest.mark.parametrize("regime", ["K", "none"])
def test_worksheet_is_of_subchapter_t_only(regime: str) -> None:
    assert worksheet(close(Year(replace(SELC, regime=regime), 36_00, WORKERS))) == ()


def test_interest_has_a_limit() -> None:
    assert most_interest(1000_03) == 150_00
    assert most_interest(1000_00, Fraction(1, 10), Fraction(1, 2)) == 50_00
    with pytest.raises(ValueError, match="0 or more"):
        most_interest(-1)
