from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.power import (
    least_detectable,
    least_rate_ratio,
    odds_power,
    rate_power,
    redraw_power,
)
from interlock.methods.places.colocation.ratios import exact_ratio
from interlock.methods.places.colocation.table import Areas, areas
from tests.methods.places.colocation.samples import few, town


def test_rate_power_is_how_often_the_exact_test_finds_it() -> None:
    one, rng = town(), np.random.default_rng(0)
    share = one.population * np.where(one.marked, 1.5, 1)
    found = [
        exact_ratio(one.counting(rng.multinomial(one.events, share / share.sum()))).p_more <= 0.05
        for _ in range(1_000)
    ]
    assert rate_power(one, 1.5).value == pytest.approx(np.mean(found), abs=0.05)


@settings(max_examples=40)
@given(few(), some.floats(1, 5), some.floats(1, 5))
def test_power_rises_with_the_ratio_and_is_the_level_at_one(
    given_areas: Areas, first: float, second: float
) -> None:
    low, high = sorted([first, second])
    found = [rate_power(given_areas, ratio).value for ratio in (1.0, low, high)]
    assert found == pytest.approx(sorted(found))
    assert found[0] <= 0.05 + 1e-12


def test_least_ratio_is_found_with_the_power_wanted() -> None:
    least = least_rate_ratio(town())
    assert least is not None
    assert rate_power(town(), least).value == pytest.approx(0.8, abs=0.001)
    assert rate_power(town(), least * 0.9).value < 0.8


def test_two_events_find_nothing() -> None:
    poor = areas("abc", [10, 10, 10], [1, 0, 0], [1, 1, 0])
    assert rate_power(poor, 50.0).value == 0
    assert least_rate_ratio(poor) is None


def test_redraw_power_is_the_level_at_one_and_near_the_exact_above() -> None:
    one = town(number=200)
    flat = redraw_power(one, 1.0, simulations=200, resamples=199)
    assert flat.low <= 0.05 <= flat.high
    exact, found = rate_power(one, 1.4).value, redraw_power(one, 1.4, simulations=200)
    assert found.value == pytest.approx(exact, abs=0.25)
    wild = redraw_power(one, 1.4, alpha=1.0, simulations=200)
    assert wild.value < found.value


def test_odds_power_rises_with_the_ratio_and_with_the_list() -> None:
    one = town(number=200)
    rare = one.counting(np.maximum(one.counts - 4, 0))
    low, high, more = (
        odds_power(rare, ratio, marks=marks, simulations=100).value
        for ratio, marks in ((1.0, None), (4.0, 10.0), (4.0, 80.0))
    )
    assert low < 0.15
    assert low < high < more


def test_least_detectable_is_where_the_power_is_reached() -> None:
    least = least_detectable(partial(rate_power, town()), steps=12)
    assert least == pytest.approx(least_rate_ratio(town()), rel=0.01)
    poor = areas("abc", [10, 10, 10], [1, 0, 0], [1, 1, 0])
    assert least_detectable(partial(rate_power, poor)) is None


@pytest.mark.parametrize("power", [redraw_power, odds_power])
def test_two_processes_give_the_very_same(power: object) -> None:
    one = town().counting(np.maximum(town().counts - 2, 0))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = power(one, 2.0, simulations=110, executor=executor)  # type: ignore[operator]
    assert shared == power(one, 2.0, simulations=110)  # type: ignore[operator]


def test_empty_simulated_lists_find_nothing() -> None:
    one = areas("abcde", [10, 20, 30, 40, 50], [0, 1, 0, 1, 0], [0, 1, 0, 1, 0])
    found = odds_power(one, 1.0, marks=0.2, simulations=50)
    assert found.value < 0.2


@pytest.mark.parametrize(("ratio", "level"), [(0.0, 0.05), (2.0, 0.0), (2.0, 1.0)])
def test_ratio_or_level_out_of_range_is_refused(ratio: float, level: float) -> None:
    with pytest.raises(ValueError, match="A ratio is above 0"):
        rate_power(town(), ratio, level=level)
    with pytest.raises(ValueError, match="Marked areas are more than none"):
        odds_power(town().counting(town().counts > 4), 2.0, marks=60)
