"""Closing a year: by hand, to the smallest unit."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from interlock.methods.surplus import (
    PRESETS,
    Cap,
    Closed,
    Losses,
    Patronage,
    Policy,
    Slice,
    Step,
    SurplusError,
    Worker,
    Year,
    amount_text,
    apportioned,
    close,
    sentence,
)

ANA, BEN, CHO = (
    Worker("ana", Fraction(2000), 60_000_00),
    Worker("ben", Fraction(1500), 30_000_00),
    Worker("cho", Fraction(500), 10_000_00),
)
SELC = PRESETS["selc"]


def allocations(closed: Closed) -> dict[str, int]:
    return {one.worker.id: one.allocation for one in closed.members if one.counts}


def test_closing_by_selc() -> None:
    """80,000 of 100,000 is surplus. 25 % is 25,000: the profit of 20,000 and 5,000 more."""
    closed = close(Year(SELC, 100_000_00, (ANA, BEN, CHO), nonmember_hours=Fraction(1000)))
    assert (closed.surplus, closed.profit, closed.pool) == (80_000_00, 20_000_00, 75_000_00)
    assert [(one.amount, one.from_profit, one.from_surplus) for one in closed.given] == [
        (20_000_00, 20_000_00, 0),
        (5_000_00, 0, 5_000_00),
        (75_000_00, 0, 75_000_00),
    ]
    assert closed.funds == {"Collective account": 25_000_00}
    assert [(one.allocation, one.cash, one.notice) for one in closed.members] == [
        (37_500_00, 18_750_00, 18_750_00),
        (28_125_00, 14_062_50, 14_062_50),
        (9_375_00, 4_687_50, 4_687_50),
    ]


def test_closing_by_colab() -> None:
    """Half of 1,000.01 is 500.005, rounded up; the fifth in cash is rounded up too."""
    closed = close(Year(PRESETS["colab"], 1000_01, (ANA, BEN, CHO)))
    assert closed.funds == {"Collective account": 500_01}
    assert [(one.allocation, one.cash) for one in closed.members] == [
        (250_00, 50_00),
        (187_50, 37_50),
        (62_50, 12_50),
    ]


def test_closing_by_hypha() -> None:
    """80 % to the reserve; who has 15 hours has no share, and who has 16 does."""
    workers = ANA, BEN, replace(CHO, hours=Fraction(15)), Worker("dee", Fraction(16))
    closed = close(Year(PRESETS["hypha"], 17_580_00, workers))
    assert closed.funds == {"Reserve": 14_064_00}
    assert allocations(closed) == {"ana": 2000_00, "ben": 1500_00, "dee": 16_00}
    assert [one.cash for one in closed.members] == [0, 0, 0, 0]


def test_closing_by_mondragon() -> None:
    """10 % and 45 % to funds, 45 % to accounts in proportion to pay: 60, 30 and 10 of 100."""
    closed = close(Year(PRESETS["mondragon"], 200_000_00, (ANA, BEN, CHO)))
    assert closed.funds == {"Education and promotion": 20_000_00, "Reserve": 90_000_00}
    assert allocations(closed) == {"ana": 54_000_00, "ben": 27_000_00, "cho": 9_000_00}
    assert [one.notice for one in closed.members] == [54_000_00, 27_000_00, 9_000_00]


def test_closing_by_italian_law() -> None:
    """Wages 100,000 of 125,000: surplus 80,000. Ristorni are held to 30 % of the members' wages."""
    year = Year(PRESETS["italy"], 100_000_00, (ANA, BEN, CHO), nonmember_wages=25_000_00)
    closed = close(year)
    assert (closed.surplus, closed.profit) == (80_000_00, 20_000_00)
    assert [(one.slice.fund, one.amount, one.from_profit) for one in closed.given] == [
        ("Legal reserve", 30_000_00, 20_000_00),
        ("Mutual fund", 3_000_00, 0),
        ("Ristorni", 30_000_00, 0),
        ("Legal reserve", 37_000_00, 0),
    ]
    assert closed.funds == {"Legal reserve": 67_000_00, "Mutual fund": 3_000_00}
    assert [(one.allocation, one.cash) for one in closed.members] == [
        (18_000_00, 18_000_00),
        (9_000_00, 9_000_00),
        (3_000_00, 3_000_00),
    ]


# Slices


def waterfall(*slices: Slice, **more: object) -> Policy:
    return replace(SELC, slices=slices, **more)  # type: ignore[arg-type]


def test_commons_pot_takes_its_part_of_what_is_left() -> None:
    policy = waterfall(
        Slice("Reserve", "reserve", "net", Fraction(1, 2)),
        Slice("Commons", "commons", "remainder", Fraction(1, 10)),
        Slice("Dividend", "dividend", "rest", source="surplus"),
        Slice("Reserve", "reserve", "rest"),
    )
    closed = close(Year(policy, 1000_00, (ANA,)))
    assert closed.funds == {"Reserve": 500_00, "Commons": 50_00}
    assert closed.pool == 450_00


@pytest.mark.parametrize(("balance", "given"), [(0, 300_00), (800_00, 200_00), (1100_00, 0)])
def test_reserve_is_filled_up_to_its_balance(balance: int, given: int) -> None:
    policy = waterfall(
        Slice("Reserve", "reserve", "net", Fraction(3, 10), cap=Cap("balance", 1000_00)),
        Slice("Dividend", "dividend", "rest", source="surplus"),
        Slice("Common", "collective", "rest"),
    )
    closed = close(Year(policy, 1000_00, (ANA,), balances={"Reserve": balance}))
    assert (closed.funds["Reserve"], closed.pool) == (given, 1000_00 - given)


def test_slice_is_held_to_an_amount_and_to_what_is_left() -> None:
    policy = waterfall(
        Slice("Pot", "commons", "net", Fraction(1, 2), cap=Cap("amount", 100_00)),
        Slice("Reserve", "reserve", "net", Fraction(95, 100)),
        Slice("Dividend", "dividend", "rest", source="surplus"),
        Slice("Reserve", "reserve", "rest"),
    )
    closed = close(Year(policy, 1000_00, (ANA,)))
    assert [one.amount for one in closed.given] == [100_00, 900_00, 0, 0]


def test_balance_counts_what_earlier_slices_gave_and_wages_are_never_exceeded() -> None:
    policy = waterfall(
        Slice("Reserve", "reserve", "net", Fraction(1, 10)),
        Slice("Reserve", "reserve", "net", Fraction(3, 10), cap=Cap("balance", 250_00)),
        Slice(
            "Dividend", "dividend", "rest", source="surplus", cap=Cap("wages", 0, Fraction(1, 2))
        ),
        Slice("Common", "collective", "rest"),
    )
    closed = close(Year(policy, 1000_00, (replace(ANA, wages=5),)))
    assert [one.amount for one in closed.given] == [100_00, 150_00, 2, 749_98]


def test_dividend_of_another_regime_may_come_from_profit_only() -> None:
    policy = waterfall(
        Slice("Dividend", "dividend", "rest", source="profit"),
        Slice("Common", "collective", "rest"),
        regime="none",
    )
    closed = close(Year(policy, 1000_00, (ANA,), nonpatronage=300_00))
    assert (closed.pool, closed.funds) == (300_00, {"Common": 700_00})
    assert closed.given[0].from_profit == 300_00


def test_limited_rest_does_not_end_a_waterfall() -> None:
    limited = Slice("Common", "collective", "rest", cap=Cap("amount", 100_00))
    with pytest.raises(SurplusError) as refused:
        close(Year(waterfall(limited), 1000_00))
    assert [one.code for one in refused.value.faults] == ["not-all-profit", "not-all-surplus"]


def test_equal_remainders_go_to_the_larger_weight_then_by_name() -> None:
    assert apportioned(2, {"a": 1, "z": 3}) == {"a": 0, "z": 2}
    assert apportioned(1, {"b": 1, "a": 1}) == {"b": 0, "a": 1}
    with pytest.raises(ValueError, match="0 or more"):
        apportioned(-1, {"a": 1})


# Patronage


@pytest.mark.parametrize(
    ("patronage", "shares"),
    [
        (Patronage("hours"), (500_00, 375_00, 125_00)),
        (Patronage("wages"), (600_00, 300_00, 100_00)),
        (Patronage("equal"), (333_34, 333_33, 333_33)),
        (Patronage("mix", Fraction(1, 2)), (550_00, 337_50, 112_50)),
    ],
)
def test_patronage_is_measured_by(patronage: Patronage, shares: tuple[int, ...]) -> None:
    policy = replace(PRESETS["colab"], patronage=patronage)
    closed = close(Year(policy, 2000_00, (ANA, BEN, CHO)))
    assert tuple(one.allocation for one in closed.members) == shares


def test_mix_is_told_with_both_parts() -> None:
    """Half of 2,000 of 4,000 hours and half of 60,000 of 100,000 is 55 per cent."""
    policy = replace(PRESETS["colab"], patronage=Patronage("mix", Fraction(1, 2)))
    closed = close(Year(policy, 2000_00, (ANA, BEN, CHO)))
    assert sentence(closed.members[0].steps[0]) == (
        "By hours and wages: 1,000.00 × (50 / 100 × 2000 / 4000 + 50 / 100 × 60,000.00 / "
        "100,000.00) = 550.00."
    )


def test_mix_of_which_one_part_is_nothing_is_the_other() -> None:
    policy = replace(PRESETS["colab"], patronage=Patronage("mix", Fraction(1, 3)))
    unpaid = [replace(one, wages=0) for one in (ANA, BEN)]
    closed = close(Year(policy, 700_00, tuple(unpaid)))
    assert allocations(closed) == {"ana": 200_00, "ben": 150_00}
    assert sentence(closed.members[0].steps[0]) == "By hours: 350.00 × 2000 / 3500 = 200.00."
    uncounted = [replace(one, hours=Fraction(0)) for one in (ANA, BEN)]
    closed = close(Year(policy, 600_00, tuple(uncounted)))
    assert sentence(closed.members[0].steps[0]) == (
        "By wages: 300.00 × 60,000.00 / 90,000.00 = 200.00."
    )


def test_small_dividend_is_paid_in_full() -> None:
    closed = close(Year(replace(SELC, all_in_cash=125_00), 1333_33, (ANA, BEN, CHO)))
    assert [(one.allocation, one.cash) for one in closed.members] == [
        (500_00, 250_00),
        (375_00, 187_50),
        (125_00, 125_00),
    ]


@pytest.mark.parametrize(
    ("regime", "is_qualified", "cash"),
    [("T", True, 247), ("T", False, 0), ("K", True, 0), ("none", True, 0)],
)
def test_floor_of_cash_is_that_of_subchapter_t(regime: str, is_qualified: bool, cash: int) -> None:
    policy = replace(
        SELC,
        slices=(
            Slice("Dividend", "dividend", "rest", source="surplus"),
            Slice("C", "collective", "rest"),
        ),
        regime=regime,
        is_qualified=is_qualified,
        cash_rate=Fraction(0),
    )
    (share,) = close(Year(policy, 1234, (ANA,))).members
    assert (share.cash, share.notice) == (cash, 1234 - cash)


# Edges


def test_nobody_with_hours_leaves_the_pool_to_the_collective_fund() -> None:
    closed = close(Year(SELC, 1000_00, (Worker("ana"),)))
    assert closed.funds == {"Collective account": 1000_00}
    assert allocations(closed) == {}
    assert sentence(closed.sharing[0]) == (
        "Nobody has a share in the dividend of 750.00, so it goes to Collective account."
    )


def test_no_worker_at_all() -> None:
    assert close(Year(SELC, 1000_00)).funds == {"Collective account": 1000_00}


def test_only_others_worked() -> None:
    closed = close(Year(SELC, 1000_00, nonmember_hours=Fraction(10)))
    assert (closed.surplus, closed.profit) == (0, 1000_00)
    assert closed.funds == {"Collective account": 1000_00}


def test_net_of_nothing() -> None:
    closed = close(Year(SELC, 0, (ANA, BEN)))
    assert (closed.surplus, closed.profit, closed.funds) == (0, 0, {"Collective account": 0})
    assert allocations(closed) == {"ana": 0, "ben": 0}


def test_member_who_left_gets_the_share() -> None:
    gone = replace(BEN, left=date(2025, 6, 30))
    with_date = close(Year(SELC, 1000_00, (ANA, gone), begins=date(2025, 1, 1)))
    assert allocations(with_date) == allocations(close(Year(SELC, 1000_00, (ANA, BEN))))
    assert sentence(with_date.members[1].steps[0]) == (
        "Left on 2025-06-30; the hours as a member until then count."
    )


def test_hours_before_membership_and_of_others_make_profit() -> None:
    workers = (
        replace(ANA, hours=Fraction(600), hours_before=Fraction(100)),
        Worker("eve", Fraction(200), is_member=False),
        Worker("fay", is_member=False, hours_before=Fraction(50)),
    )
    closed = close(Year(SELC, 1000_00, workers, nonmember_hours=Fraction(50)))
    assert (closed.surplus, closed.profit) == (600_00, 400_00)
    assert [one.worker.id for one in closed.members] == ["ana"]


def test_income_that_no_labour_made_is_profit() -> None:
    closed = close(Year(SELC, 1000_00, (ANA,), nonpatronage=100_00))
    assert (closed.surplus, closed.profit) == (900_00, 100_00)


@pytest.mark.parametrize(("nonpatronage", "surplus"), [(1500_00, 0), (-200_00, 1000_00)])
def test_surplus_is_from_nothing_to_the_net_income(nonpatronage: int, surplus: int) -> None:
    closed = close(Year(SELC, 1000_00, (ANA,), nonpatronage=nonpatronage))
    assert (closed.surplus, closed.profit) == (surplus, 1000_00 - surplus)


def test_policy_adopted_after_the_year_began_is_discretionary() -> None:
    begins = date(2025, 1, 1)
    late = replace(SELC, adopted=date(2025, 1, 2))
    closed = close(Year(late, 1000_00, (ANA,), begins=begins))
    assert closed.is_discretionary
    assert closed.year.lacks_reason
    assert [one.code for one in closed.opening[:2]] == ["late", "late-why"]
    said = close(Year(late, 1000_00, (ANA,), begins=begins, reason="First year"))
    assert said.is_discretionary
    assert not said.year.lacks_reason
    in_time = replace(SELC, adopted=begins)
    assert not close(Year(in_time, 1000_00, (ANA,), begins=begins)).is_discretionary


# Losses


def test_loss_of_a_first_year_is_collective() -> None:
    closed = close(Year(SELC, -1000_00, (ANA, BEN), number=2))
    assert closed.funds == {"Collective account": -1000_00}
    assert allocations(closed) == {"ana": 0, "ben": 0}


def test_loss_is_shared_later() -> None:
    closed = close(Year(SELC, -1000_00, (ANA, BEN, CHO), number=3))
    assert closed.funds == {"Collective account": -250_00}
    assert allocations(closed) == {"ana": -375_00, "ben": -281_25, "cho": -93_75}


def test_loss_by_hypha_takes_the_reserve_up_to_its_balance() -> None:
    year = Year(PRESETS["hypha"], -1000_00, (ANA, BEN, CHO), balances={"Reserve": 600_00})
    closed = close(year)
    assert closed.funds == {"Reserve": -600_00}
    assert allocations(closed) == {"ana": -200_00, "ben": -150_00, "cho": -50_00}


def test_loss_stops_at_an_empty_account() -> None:
    """Ana bears 500, has 480; Ben bears 375 and has it; Cho has nothing. 145 is carried forward."""
    policy = replace(SELC, losses=Losses(0, Fraction(0), below_zero=False))
    accounts = {"ana": 480_00, "ben": 400_00, "cho": -5_00}
    closed = close(Year(policy, -1000_00, (ANA, BEN, CHO), accounts=accounts))
    assert allocations(closed) == {"ana": -480_00, "ben": -375_00, "cho": 0}
    assert (closed.carried, closed.funds) == (-145_00, {"Collective account": 0})


def test_loss_that_nobody_shares_is_collective() -> None:
    closed = close(Year(SELC, -1000_00, (Worker("ana"),), number=3))
    assert (closed.funds, closed.carried) == ({"Collective account": -1000_00}, 0)


# The arithmetic, told


def test_every_line_can_be_worked_out_by_hand() -> None:
    workers = Worker("a", Fraction(1)), Worker("b", Fraction(1)), Worker("c", Fraction(1))
    policy = replace(SELC, cash_rate=Fraction(1, 5))
    closed = close(Year(policy, 133_33, workers, nonmember_hours=Fraction(0)))
    assert [sentence(step) for step in closed.steps[:6]] == [
        (
            "Hours that members worked as members: 3. All other hours, those before membership "
            "among them: 0. Together: 3."
        ),
        ("Surplus: (133.33 − 0.00) × 3 / 3 = 133.33. Profit is the rest: 133.33 − 133.33 = 0.00."),
        "Collective account: everything that is left, 0.00.",
        (
            "Collective account: at least 25 per cent of 133.33, which is 33.33. It has 0.00 of "
            "that already, so 33.33 is missing."
        ),
        "Dividend: everything that is left, 100.00.",
        "Shares go by hours. All hours that count: 3.",
    ]
    assert [sentence(step) for step in closed.members[0].steps] == [
        "By hours: 100.00 × 1 / 3 = 33.3333….",
        (
            "Rounded up to 33.34. All shares are rounded down first. Of the smallest coin 1 are left "
            "over then, one each for the shares that lost most: the last to get one had lost 1/3 of a "
            "coin, this one 1/3. Of equal ones the larger share comes first, then the name."
        ),
        "In cash: 20 per cent of 33.34, rounded to 6.67.",
        "The rest, 26.67, goes into the member account as a qualified written notice.",
    ]


def test_step_is_stored_and_told_in_another_language() -> None:
    closed = close(Year(SELC, 100_00, (ANA, BEN, CHO), nonmember_hours=Fraction(7, 2)))
    assert [Step.from_json(one.to_json()) for one in closed.steps] == list(closed.steps)
    told = sentence(
        closed.sharing[0],
        translate={
            "Shares go by hours. All hours that count: %(all)s.": "Horas: %(all)s."
        }.__getitem__,
        number=lambda number: f"{int(number):,}",
    )
    assert told == "Horas: 4,000."
    yen = sentence(closed.given[0].steps[0], money=lambda amount: f"¥{amount_text(amount, 0)}")
    assert yen == "Collective account: everything that is left, ¥9."
    with pytest.raises(ValueError, match="is no step"):
        Step.from_json({"step": "x", "amounts": {}, "numbers": {}, "names": {}})
