import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.measure import Interval, Measure, chance
from interlock.methods.network.policy import (
    Condition,
    Direction,
    Policy,
    convergence,
    paradigm,
    policies,
)
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK

TOWARDS, AWAY, NEITHER = Direction.TOWARDS, Direction.AWAY, Direction.NEITHER

CODED = [
    Policy("a", "east", (1, 1), (TOWARDS, TOWARDS)),
    Policy("b", "east", (2, 2), (TOWARDS, TOWARDS)),
    Policy("c", "west", (3, 3), (AWAY, AWAY)),
    Policy("d", "west", (1, 1), (NEITHER, NEITHER)),
    Policy("e", "west", (2, 3), (TOWARDS, NEITHER)),
    Policy("f", "north", (3, None), (TOWARDS, TOWARDS)),
    Policy("g", "north"),
]


def test_policies_count_where_both_coders_agree() -> None:
    found = {one.name: one for one in policies(CODED, QUICK)}
    assert list(found) == [
        *("alpha-ordinal", "alpha-nominal"),
        *("first-order", "second-order", "third-order", "direction"),
    ]
    shares = [found[name].value for name in ("first-order", "second-order", "third-order")]
    assert shares == [0.5, 0.25, 0.25]
    assert (found["first-order"].n, found["first-order"].coverage) == (4, pytest.approx(4 / 7))
    # Three towards, one away, of five that both gave one direction.
    assert found["direction"].value == 0.5
    assert (found["direction"].n, found["direction"].coverage) == (4, pytest.approx(5 / 7))
    assert (found["alpha-ordinal"].n, found["alpha-nominal"].n) == (5, 6)


def test_order_of_policies_changes_nothing() -> None:
    assert policies(CODED[::-1], QUICK) == policies(CODED, QUICK)


def test_direction_of_many_places_is_found() -> None:
    many = [Policy(f"{at}", f"place{at}", (1, 1), (TOWARDS, TOWARDS)) for at in range(12)]
    found = policies(many, Drawing(resamples=199))[-1]
    assert (found.value, found.finding) == (1.0, Finding.ABOVE)


def test_direction_of_one_place_is_no_finding() -> None:
    """Twelve policies of one place are one place's word."""
    many = [Policy(f"{at}", "east", (1, 1), (TOWARDS, TOWARDS)) for at in range(12)]
    assert policies(many, Drawing(resamples=199))[-1].finding == Finding.WITHIN


def test_nothing_coded_is_not_defined() -> None:
    for listed in ([], [Policy("a", "east")]):
        assert {one.finding for one in policies(listed, QUICK)} == {Finding.UNDEFINED}


def test_order_beyond_three_is_refused() -> None:
    with pytest.raises(ValueError, match="policy a"):
        policies([Policy("a", "east", (4, 1))])


def places(seed: int, nearer: float) -> Any:
    """Forty places that keep so much of their distance from 0.5, with noise as large as that allows."""
    rng = np.random.default_rng(seed)
    before = rng.normal(0.5, 0.2, 40)
    noise = rng.normal(0, 0.2 * math.sqrt(1 - 0.8**2), 40)
    return before, 0.5 + 0.8 * nearer * (before - 0.5) + nearer * noise


def test_places_that_come_nearer_are_found_so() -> None:
    found = convergence(*places(1, 0.4), model=0.5, drawing=QUICK)
    assert [one.name for one in found] == ["sigma", "beta", "delta"]
    assert {one.finding for one in found} == {Finding.BELOW}
    for one in found:
        assert one.interval is not None
        assert one.interval.low < one.value < one.interval.high


def test_regression_to_the_mean_is_no_catching_up() -> None:
    """Before and after alike but for noise: the slope is below 0, and that is chance."""
    found = [
        convergence(*places(seed, 1.0), model=0.5, drawing=Drawing(resamples=99, seed=seed))
        for seed in range(60)
    ]
    assert np.mean([one[1].value for one in found]) == pytest.approx(-0.2, abs=0.05)
    for place in range(3):
        assert sum(one[place].finding != Finding.WITHIN for one in found) <= 9


def test_places_unknown_at_one_time_are_left_out() -> None:
    before, after = np.array([0.0, 0.5, 1.0, math.nan]), np.array([0.2, 0.5, 0.8, 1.0])
    found = convergence(before, after, drawing=QUICK)
    assert [(one.name, one.n, one.coverage) for one in found] == [
        ("sigma", 3, 0.75),
        ("beta", 3, 0.75),
    ]
    assert found[0].value == pytest.approx(-0.2)
    assert found[1].value == pytest.approx(-0.4)
    with pytest.raises(ValueError, match="before and one after"):
        convergence(before, after[:2])
    assert {one.finding for one in convergence(before[:2], after[:2])} == {Finding.UNDEFINED}


def beside_chance(value: float) -> Measure:
    beside = chance(value, np.arange(99.0), "null")
    return Measure("m", value, "places", 9, 1.0, beside)


def test_paradigm_is_three_conditions_and_says_what_it_cannot_say() -> None:
    third = Measure("third-order", 0.3, "policies", 9, 1.0, None, Interval("b", 0.1, 0.5))
    assert paradigm(third, beside_chance(-1.0), beside_chance(100.0)) == {
        Condition.THIRD_ORDER: True,
        Condition.SIGMA: True,
        Condition.MONEY: True,
    }
    few = replace(third, interval=Interval("b", 0.0, 0.5))
    assert paradigm(few, beside_chance(-1.0), beside_chance(100.0))[Condition.THIRD_ORDER] is None
    none = replace(third, value=0.0, interval=Interval("b", 0.0, 0.0))
    assert list(paradigm(none, beside_chance(100.0), beside_chance(50.0)).values()) == [
        False,
        False,
        None,
    ]
    unknown = replace(third, value=math.nan)
    assert list(paradigm(unknown, beside_chance(math.nan), beside_chance(-1.0)).values()) == [
        None,
        None,
        False,
    ]
