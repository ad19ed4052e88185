import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from interlock.methods.places.colocation.ratios import exact_ratio, rate_ratio
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.colocation.regression import Ratio
from interlock.methods.places.colocation.sensitivity import (
    beside_control,
    evalue,
    leave_one_out,
)
from interlock.methods.places.colocation.synthetic import country, world
from interlock.methods.places.colocation.table import areas
from tests.methods.places.colocation.samples import town


def ratio(value: float, low: float, high: float) -> Ratio:
    return Ratio("marked", value, low, high, 0.0, 0.0, "")


@given(some.floats(1.0, 50.0), some.floats(1.0, 2.0))
def test_evalue_is_the_same_upside_down(value: float, reach: float) -> None:
    up = evalue(ratio(value, value / reach, value * reach))
    down = evalue(ratio(1 / value, 1 / (value * reach), reach / value))
    assert up.estimate == pytest.approx(down.estimate)
    assert up.limit == pytest.approx(down.limit)
    assert 1 <= up.limit <= up.estimate


def test_evalue_of_an_interval_with_one_in_it_is_one() -> None:
    assert evalue(ratio(1.77, 0.38, 8.24)).limit == 1
    assert evalue(ratio(4.0, 0.9, 9.0), is_common=True).estimate == pytest.approx(2 + math.sqrt(2))
    assert evalue(ratio(math.inf, 2.0, math.inf)).estimate == math.inf


def test_area_left_out_is_named_with_its_answer() -> None:
    found = leave_one_out(town(), lambda rest: rate_ratio(rest).ratio.value)
    marked = [code for code, one in zip(town().codes, town().marked, strict=True) if one]
    assert list(found.values) == marked
    assert found.low < rate_ratio(town()).ratio.value < found.high
    assert found.reasons == {}


def test_answer_that_goes_with_an_area_is_told() -> None:
    one = areas("abcd", [10, 10, 10, 10], [1, 1, 0, 0], [3, 0, 1, 1])
    found = leave_one_out(one, lambda rest: rate_ratio(rest).ratio.value)
    assert (math.isnan(found.values["a"]), found.reasons["a"].kind) == (True, "separated")
    assert found.low == found.high
    alone = areas("abc", [10, 10, 10], [1, 0, 0], [3, 1, 1])
    left = leave_one_out(alone, lambda rest: exact_ratio(rest).value)
    assert math.isnan(left.low)


@pytest.mark.parametrize("by_region", [False, True])
def test_control_shows_a_hidden_cause(by_region: bool) -> None:
    made = country(seed=1)
    driven = world(made, hidden=1.0, events=1_500, seed=5)
    share = driven.counts + 0.02
    control = np.random.default_rng(0).poisson(3 * share)
    found = beside_control(driven, control, by_region=by_region)
    assert (found.control.ratio.low > 1) is not by_region
    assert found.beyond.low < 1.3


def test_control_without_a_ratio_leaves_the_own() -> None:
    planted = world(country(seed=1), ratio=3.0, events=1_500, seed=5)
    control = np.random.default_rng(0).poisson(3_000 * planted.population / planted.people)
    found = beside_control(planted, control)
    assert found.control.ratio.low < 1 < found.control.ratio.high
    assert found.beyond.low < 3 < found.beyond.high
    assert found.beyond.value == pytest.approx(
        found.own.ratio.value / found.control.ratio.value, rel=1e-6
    )


def test_control_of_one_region_has_robust_errors_and_needs_marked_areas() -> None:
    one = areas("abcdef", [9, 9, 9, 9, 9, 9], [1, 1, 1, 0, 0, 0], [3, 4, 2, 1, 2, 1])
    assert beside_control(one, np.array([1, 2, 1, 1, 2, 2])).beyond.method == "Wald, HC1"
    gone = areas("abc", [9, 9, 9], [1, 0, 0], [0, 2, 1])
    with pytest.raises(ColocationError, match="No area is marked"):
        beside_control(gone, np.array([0, 1, 1]))
