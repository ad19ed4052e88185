"""What a span says about all its shares, beside the exact run at each of them."""

import random
from collections.abc import Callable, Sequence

import pytest

from interlock.methods.counting.names import rule
from interlock.methods.counting.purchases import Market, Run
from interlock.methods.counting.raises import raised, stepped
from interlock.methods.counting.spans import Opening, Span

from .elections import ADVERSARIAL, Plain, Pointed, crowded, weighty
from .sweep import seeds
from .test_equal_shares_points import drawn, market, small


def populous(rng: random.Random) -> Plain:
    """So many voters that those who are out are left away."""
    ids = [f"p{number}" for number in range(rng.randint(8, 14))]
    ballots = [rng.sample(ids, rng.randint(2, 6)) for _ in range(rng.randint(500, 900))]
    costs = {p: rng.choice([rng.randint(1, 3000), 600]) for p in ids}
    return Plain(costs, rng.randint(3000, 9000), ballots)


MAKERS = [*ADVERSARIAL, weighty, populous]
COUNTED = rule("equalshares/cardinality/add1")


def told(span: Span) -> list[tuple[int, list[int]]]:
    """Follow a span to where it is unclear, and all that it said on the way."""
    said = list[tuple[int, list[int]]]()

    def never(spent: int, open: Sequence[int]) -> bool:
        said.append((spent, list(open)))
        return False

    span.follow(never)
    return said


def check(span: Span, runs: dict[int, Run]) -> int:
    """Everything a span says holds at each of its shares; how many of them are told exactly."""
    said = told(span)
    bought = span.basket.bought
    for step in range(span.first, span.last + 1):
        basket = runs[step].basket
        assert basket.bought[: len(bought)] == bought
        if span.finished:
            assert (basket.bought, basket.open) == (bought, span.basket.open)
        for spent, open in said:
            assert basket.spent <= spent
            assert set(open) <= set(basket.open)
    if span.finished or span.first == span.last:
        return span.finished * (span.last - span.first + 1)
    later, earlier = span.parts()
    assert (span.first, span.last) == (earlier.first, later.last)
    assert earlier.last + 1 == later.first
    return check(later, runs) + check(earlier, runs)


@pytest.mark.parametrize("make", MAKERS)
def test_what_is_said_of_a_span_holds_at_each_share(make: Callable[[random.Random], Plain]) -> None:
    exact = told_exactly = 0
    for seed in seeds(20):
        votes, order, utility = drawn(make, seed)
        one = market(small(votes), order, f"equalshares/{utility}/add1")
        last = random.Random(seed).choice([3, 12, 25])
        runs = {step: Run(one, step).finish() for step in range(last + 1)}
        told_exactly += check(Span(Opening(one), 0, last), runs)
        exact += last + 1
    # Even where ties abound, floating point tells most shares, or the spans would be of no use.
    assert told_exactly > exact / 2


@pytest.mark.parametrize("make", MAKERS)
def test_what_opens_a_count_opens_it_at_every_share(make: Callable[[random.Random], Plain]) -> None:
    longest = 0
    for seed in seeds(40):
        votes, order, utility = drawn(make, seed)
        one = market(small(votes), order, f"equalshares/{utility}/add1")
        opening = Opening(one)
        longest = max(longest, len(opening.projects))
        for step in (0, 1, 7, 40):
            run = Run(one, step).finish()
            purchases = run.purchases[: len(opening.projects)]
            assert [purchase.project for purchase in purchases] == opening.projects
            assert not any(purchase.partial for purchase in purchases)
    assert longest > 1


def wrong_answers(make: Callable[[random.Random], Plain] = crowded) -> int:
    wrong = 0
    for seed in range(25):
        votes, order, utility = drawn(make, seed)
        name = f"equalshares/{utility}/add1"
        one = market(small(votes), order, name)
        wrong += raised(one, rule(name)) != stepped(one, rule(name))
    return wrong


def test_without_the_lines_spans_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A span that takes the first of its candidates, wherever their lines cross."""
    assert wrong_answers() == 0
    monkeypatch.setattr(Span, "_is_below", lambda span, one, other: True)
    assert wrong_answers()


def test_without_the_cut_or_with_too_small_a_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cut only saves time, and one that is too small skips what ends the count."""
    monkeypatch.setattr(Span, "_cut", lambda span, payable, most: most)
    assert wrong_answers() == 0
    monkeypatch.setattr(Span, "_cut", lambda span, payable, most: 0)
    assert wrong_answers()


def test_without_the_opening_condition_spans_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who are said to pay in full at every share, whatever they have."""
    monkeypatch.setattr(Opening, "error", -1.0)
    assert wrong_answers()


def test_two_projects_alike_are_told_apart_by_the_order() -> None:
    """The same voters support both for one cost: no share tells them apart, and none is counted
    exactly for it."""
    votes, order, _utility = drawn(crowded, 1)
    first = next(iter(votes.costs))
    twin = {**votes.costs, "twin": votes.costs[first]}
    given = [{**b, "twin": b[first]} if first in b else b for b in votes.given]
    doubled = type(votes)(twin, votes.budget, given, votes.kind, votes.unit, votes.limits)
    for names in ([*order, "twin"], ["twin", *order]):
        one = market(small(doubled), names, "equalshares/add1")
        runs = {step: Run(one, step).finish() for step in range(13)}
        assert check(Span(Opening(one), 0, 12), runs) == 13


def test_a_span_in_a_wider_one_knows_what_that_knows() -> None:
    votes, order, _utility = drawn(crowded, 5)
    one: Market = market(small(votes), order, "equalshares/add1")
    span = Span(Opening(one), 0, 25)
    told(span)
    for part in span.parts():
        told(part)
        bought = span.basket.bought
        assert part.basket.bought[: len(bought)] == bought


def test_who_is_out_does_not_pay_in_full() -> None:
    """100 supporters of b pay 60 for others and give a the rest, so b's other 300 pay for it.

    They pay 99 each, as the 300 of c do, at every share; and c comes first in the order.
    """
    paid = [f"d{number}" for number in range(6)]
    ballots = [[*paid, "a"]] * 400 + [[*paid, "a", "b"]] * 100
    ballots += [["a"]] * 500 + [["b"]] * 300 + [["c"]] * 300
    costs = {**dict.fromkeys(paid, 5_000), "a": 45_000, "b": 29_700, "c": 29_700}
    votes = Plain(costs, 160_000, ballots)
    order = [*paid, "a", "c", "b"]
    ranks = [order.index(p) for p in costs]
    one = Market(votes.election, rule("equalshares/cardinality/add1"), ranks)
    runs = {step: Run(one, step).finish() for step in range(4)}
    assert [votes.election.projects[p] for p in runs[3].basket.bought] == order
    span = Span(Opening(one), 0, 3)
    assert check(span, runs) == 4
    assert span.finished


def test_a_project_whose_supporters_are_all_out_is_passed() -> None:
    """300 voters pay for four others before it is looked at, and have nothing left."""
    cheap = ["c1", "c2", "c3", "c4"]
    ballots = [[*cheap, "big", "q"]] * 300 + [["big"]] * 200
    costs = {**dict.fromkeys(cheap, 600), "big": 2_400, "q": 2_850}
    one = Market(Plain(costs, 5_000, ballots).election, COUNTED, range(6))
    assert raised(one, COUNTED) == stepped(one, COUNTED)


def test_where_rates_cross_beyond_what_floats_hold_the_span_is_parted_in_the_middle() -> None:
    heavy = 2**53 + 1
    given = [
        {"p0": 3, "all": heavy}, {"p1": 3, "all": 1}, {"p1": 3, "all": 2**61}, {"p1": 100},
        {"p2": 10**6, "all": heavy}, {"p2": 10**6}, {"p2": 3},
    ]  # fmt: skip
    costs = {"p0": 2, "p1": 220_000_000, "p2": 220_000_000, "all": 450_000_000}
    votes = Pointed(costs, 890_000_005, given, "scoring", 278_126)
    one = market(votes, ["p2", "all", "p0", "p1"], "equalshares/points/add1")
    assert raised(one, COUNTED) == stepped(one, COUNTED)


def test_equal_rates_by_the_same_sum_are_told_apart_by_the_order() -> None:
    """a and b share 50 poor supporters, and 60 of each alone pay in full: equal at every share."""
    paid = [f"d{number}" for number in range(6)]
    ballots = [[*paid, "a", "b"]] * 50 + [["a"]] * 60 + [["b"]] * 60
    costs = {**dict.fromkeys(paid, 500), "a": 5_200, "b": 5_200}
    votes = Plain(costs, 17_000, ballots)
    for order in ([*paid, "a", "b"], [*paid, "b", "a"]):
        ranks = [order.index(p) for p in costs]
        one = Market(votes.election, COUNTED, ranks)
        runs = {step: Run(one, step).finish() for step in range(8)}
        bought = [votes.election.projects[p] for p in runs[7].basket.bought]
        assert bought == order
        assert check(Span(Opening(one), 0, 7), runs) == 8


def test_a_known_purchase_with_weaker_lines_leaves_nothing_and_no_nonsense() -> None:
    """A wider span lets go of lines that fall below 0 at one end; a narrower one may keep them,
    and then cannot see that what is known is paid for."""
    costs = {"d": 2_004, "t": 3_000, "f": 8_000, "g": 4_525, "z": 7_069}
    purses = [
        *[(["d"], 8_990)] * 10, (["d", "t"], 8_300), (["d"], 7_500), (["t", "z"], 5_995),
        (["z"], 2_000), (["g"], 4_700), (["g"], 8_500), (["f"], 4_800), (["f"], 4_800),
    ]  # fmt: skip
    given = list[dict[str, int]]()
    for number, (marks, spent) in enumerate(purses):
        # Bought first, by this voter alone.
        costs[f"w{number}"] = spent
        given.append({**dict.fromkeys(marks, 1), f"w{number}": 1_000})
    votes = Pointed(costs, (9_000 - 90) * len(given), given, "scoring", 10)
    name = "equalshares/points/add1"
    one = market(votes, list(costs), name)
    assert raised(one, rule(name)) == stepped(one, rule(name)) == 12


@pytest.mark.parametrize(
    "gaps",
    [
        (1.0000000000000004, 0.25000000000000006, -(2.0**-53)),  # the root of less than nothing
        (2.0**-53, 0.5407724463942992, -0.8218648903269591),  # a division by nothing
    ],
)
def test_a_crossing_without_a_root_is_sought_in_the_middle(
    gaps: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    votes, order, _utility = drawn(crowded, 5)
    span = Span(Opening(market(small(votes), order, "equalshares/add1")), 0, 100)
    span._begin()
    one, other = (span._candidate(p)._replace(above=(1.0, 1.0)) for p in span.market.paid[:2])
    curves = {one.project: (0.0, 0.0, 0.0), other.project: gaps}
    monkeypatch.setattr(span, "_curve", lambda each: curves[each.project])
    assert 0 <= span._crossing(one, other) <= 100
