"""What holds for every co-op, and a second calculation in plain whole numbers beside the first.

More hours, more money: with a pool that stays the same, a member's allocation never falls when that
member's own hours grow, for every other exact share shrinks, and so do the parts cut off from those
that keep their whole units. When the hours make the pool grow too (others' labour is in the split),
largest remainders have their known weakness (the Alabama paradox): the share may fall by one unit,
never by more. Both are tested, and an example of the second is kept.
"""

import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.surplus import (
    PRESETS,
    Cap,
    Closed,
    Losses,
    Patronage,
    Policy,
    Slice,
    Worker,
    Year,
    apportioned,
    close,
    journal,
    sentence,
)
from interlock.methods.surplus.presets import simple

COOPS = 10_000

hours = st.integers(0, 400_000).map(lambda hundredths: Fraction(hundredths, 100))
nets = st.integers(-(10**9), 10**9)
shares = st.integers(0, 100).map(lambda percent: Fraction(percent, 100))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Waterfalls of all kinds of slices, with whatever limits, that end with what is left."""
    caps = st.one_of(
        st.none(),
        st.builds(Cap, st.sampled_from(["amount", "balance"]), st.integers(0, 10**8)),
        st.builds(Cap, st.just("wages"), st.just(0), shares),
    )
    slices = draw(
        st.lists(
            st.builds(
                Slice,
                st.sampled_from(["A", "B", "C"]),
                st.just("reserve"),
                st.sampled_from(["net", "remainder", "target", "rest"]),
                shares,
                st.sampled_from(["profit", "surplus", "any"]),
                caps,
            ),
            max_size=4,
        )
    )
    dividend = Slice("Dividend", "dividend", "rest", source="surplus", cap=draw(caps))
    slices.insert(draw(st.integers(0, len(slices))), dividend)
    return Policy(
        "any",
        (*slices, Slice("Rest", "collective", "rest")),
        Patronage(
            draw(st.sampled_from(["hours", "wages", "mix", "equal"])), draw(shares), draw(hours)
        ),
        draw(shares),
        draw(st.integers(0, 10**4)),
        draw(st.booleans()),
        draw(st.sampled_from(["T", "K", "none"])),
        Losses(draw(st.integers(0, 2)), draw(shares), "", draw(st.booleans()), draw(st.booleans())),
        draw(st.sampled_from(["hours", "wages", "undivided"])),
    )


@st.composite
def years(draw: st.DrawFn) -> Year:
    workers = [
        Worker(
            f"m{index}", draw(hours), draw(st.integers(0, 10**7)), draw(st.booleans()), draw(hours)
        )
        for index in range(draw(st.integers(0, 6)))
    ]
    accounts = {one.id: draw(st.integers(-(10**6), 10**8)) for one in workers}
    return Year(
        draw(policies()),
        draw(nets),
        tuple(workers),
        draw(hours),
        draw(nets),
        draw(st.integers(1, 4)),
        draw(st.integers(0, 10**7)),
        balances={"Rest": draw(st.integers(-100, 10**9))},
        accounts=accounts,
    )


def of_members(closed: Closed) -> dict[str, tuple[int, int, int]]:
    return {one.worker.id: (one.allocation, one.cash, one.notice) for one in closed.members}


@given(years())
@settings(max_examples=100)
def test_nothing_is_lost_and_nothing_made(year: Year) -> None:
    closed = close(year)
    assert closed.collective + closed.allocated + closed.carried == year.net
    assert all(sentence(step) for step in closed.steps)
    if year.net >= 0:
        assert closed.surplus + closed.profit == year.net == sum(one.amount for one in closed.given)
        assert min(closed.surplus, closed.profit, *closed.funds.values(), 0) == 0
        assert closed.allocated in (closed.pool, 0)
    lines = journal(closed)
    assert sum(one.debit for one in lines) == sum(one.credit for one in lines)
    for one in closed.members:
        assert one.cash + one.account == one.allocation
        assert abs(one.allocation) <= abs(one.exact) + 1
        if year.policy.has_floor and year.net > 0:
            assert 5 * one.cash >= one.allocation


@given(years(), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_order_of_workers_changes_nothing(year: Year, order: random.Random) -> None:
    mixed = list(year.workers)
    order.shuffle(mixed)
    one, other = close(year), close(replace(year, workers=tuple(mixed)))
    assert of_members(one) == of_members(other)
    assert (one.funds, one.carried, one.opening) == (other.funds, other.carried, other.opening)


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 1000), min_size=1, max_size=8),
    st.integers(1, 99),
)
@settings(max_examples=100)
def test_weights_in_another_unit_change_nothing(
    total: int, weights: list[int], factor: int
) -> None:
    named = {f"m{index}": weight for index, weight in enumerate(weights)}
    found = apportioned(total, named)
    assert found == apportioned(total, {name: weight * factor for name, weight in named.items()})
    assert found == apportioned(
        total, {name: Fraction(weight, factor) for name, weight in named.items()}
    )
    for name, weight in named.items():
        assert sum(weights) == 0 or abs(found[name] - Fraction(total * weight, sum(weights))) < 1


@given(
    st.integers(0, 10**4),
    st.lists(st.integers(0, 60), min_size=1, max_size=8),
    st.integers(1, 20),
    st.sampled_from(["hours", "mix"]),
)
@settings(max_examples=100)
def test_more_hours_never_less_of_the_same_pool(
    net: int, worked: list[int], more: int, by: str
) -> None:
    policy = replace(simple(), patronage=Patronage(by, Fraction(1, 3), Fraction(10)))
    workers = [Worker(f"m{i}", Fraction(one), 7 * i) for i, one in enumerate(worked)]
    year = Year(policy, net, tuple(workers))
    harder = replace(workers[0], hours=workers[0].hours + more)
    before = close(year).members[0]
    after = close(replace(year, workers=(harder, *workers[1:]))).members[0]
    # All labour is the members' own, so that the pool is the same, unless nobody had a share in it.
    assert (after.allocation, after.cash) >= (before.allocation, before.cash)


@given(
    st.integers(0, 10**4),
    st.lists(st.integers(0, 60), min_size=1, max_size=8),
    st.integers(1, 20),
    st.integers(0, 100),
)
@settings(max_examples=100)
def test_more_hours_in_a_growing_pool_cost_at_most_one_unit(
    net: int, worked: list[int], more: int, others: int
) -> None:
    workers = [Worker(f"m{i}", Fraction(one)) for i, one in enumerate(worked)]
    year = Year(simple(), net, tuple(workers), Fraction(others))
    harder = replace(workers[0], hours=workers[0].hours + more)
    before, after = close(year), close(replace(year, workers=(harder, *workers[1:])))
    assert after.pool >= before.pool
    assert after.members[0].exact >= before.members[0].exact
    assert after.members[0].allocation >= before.members[0].allocation - 1


def test_more_hours_in_a_growing_pool_may_cost_one_unit() -> None:
    """Of 3 cents the exact share is 0.31…, of 4 it is 0.50…: others' parts cut off overtake it."""
    workers = [Worker(f"m{i}", Fraction(one)) for i, one in enumerate((9, 2, 7, 34, 33))]
    year = Year(simple(), 5, tuple(workers), Fraction(37))
    harder = replace(workers[0], hours=Fraction(11))
    before, after = close(year), close(replace(year, workers=(harder, *workers[1:])))
    assert (before.pool, after.pool) == (3, 4)
    assert [one.allocation for one in before.members] == [1, 0, 0, 1, 1]
    assert [one.allocation for one in after.members] == [0, 0, 0, 2, 2]


# A second calculation: whole numbers only, written apart from the library


def divided(total: int, weights: dict[str, int]) -> dict[str, int]:
    whole = sum(weights.values())
    if whole == 0:
        return dict.fromkeys(weights, 0)
    found = {name: total * weight // whole for name, weight in weights.items()}
    cut = sorted((-(total * weight % whole), -weight, name) for name, weight in weights.items())
    for _, _, name in cut[: total - sum(found.values())]:
        found[name] += 1
    return found


def by_hand(
    net: int,
    worked: dict[str, int],
    others: int,
    apart: int,
    least: int,
    cash: int,
    qualified: bool,
) -> tuple[int, int, int, dict[str, tuple[int, int, int]]]:
    """Surplus, profit, collective and members; hours in hundredths, `least` and `cash` in per cent."""
    mine = sum(worked.values())
    surplus = (2 * (net - apart) * mine + mine + others) // (2 * (mine + others))
    profit = net - surplus
    target = (2 * least * net + 100) // 200
    collective = min(surplus, max(0, target - profit))
    members = {}
    for name, part in divided(surplus - collective, worked).items():
        paid = (2 * part * cash + 100) // 200
        if qualified and 5 * paid < part:
            paid = (part + 4) // 5
        members[name] = part, paid, part - paid
    return surplus, profit, profit + collective, members


def test_ten_thousand_coops_close_as_by_hand() -> None:
    lots = random.Random(2025)
    for _ in range(COOPS):
        net = lots.randint(0, 10 ** lots.randint(1, 9))
        worked = {f"m{index}": lots.randint(1, 400_000) for index in range(lots.randint(1, 9))}
        others, apart = lots.choice([0, lots.randint(0, 5_000_000)]), lots.randint(0, net)
        least, cash, qualified = lots.randint(0, 100), lots.randint(0, 100), lots.random() < 0.7
        expected = by_hand(net, worked, others, apart, least, cash, qualified)
        workers = tuple(Worker(name, Fraction(one, 100)) for name, one in worked.items())
        policy = simple(Fraction(least, 100), Fraction(cash, 100), qualified)
        closed = close(Year(policy, net, workers, Fraction(others, 100), apart))
        found = closed.surplus, closed.profit, closed.collective, of_members(closed)
        assert found == expected
        assert closed.collective + closed.allocated == net


def test_a_thousand_losses_divide_as_by_hand() -> None:
    lots = random.Random(2026)
    for _ in range(COOPS // 10):
        loss, number = lots.randint(1, 10**8), lots.randint(1, 4)
        worked = {f"m{index}": lots.randint(1, 400_000) for index in range(lots.randint(1, 9))}
        collective = loss if number <= 2 else (2 * 25 * loss + 100) // 200
        workers = tuple(Worker(name, Fraction(one, 100)) for name, one in worked.items())
        closed = close(Year(PRESETS["selc"], -loss, workers, number=number))
        assert closed.funds == {"Collective account": -collective}
        expected = divided(loss - collective, worked)
        assert {one.worker.id: -one.allocation for one in closed.members} == expected
