import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.measure import Chance, Measure, chance, exactly, interval
from interlock.methods.network.reasons import Finding
from interlock.methods.plain import plain


def measure(value: float, draws: int = 99, level: float = 0.05) -> Measure:
    beside = chance(value, np.arange(float(draws)), "null", level)
    return Measure("m", value, "ties", 9, 1.0, beside, level=level)


@pytest.mark.parametrize(
    ("value", "finding", "p"),
    [
        (99.0, Finding.ABOVE, 0.02),
        (98.0, Finding.ABOVE, 0.04),
        (97.0, Finding.WITHIN, 0.06),
        (49.0, Finding.WITHIN, 1.0),
        (1.0, Finding.WITHIN, 0.06),
        (0.0, Finding.BELOW, 0.04),
    ],
)
def test_finding_is_that_of_the_band_and_of_p(value: float, finding: Finding, p: float) -> None:
    found = measure(value)
    assert (found.finding, found.chance and found.chance.p) == (finding, pytest.approx(p))


def test_too_few_draws_find_nothing() -> None:
    assert measure(1000.0, draws=38).finding == Finding.TOO_FEW_DRAWS
    assert measure(1000.0, draws=39).finding == Finding.ABOVE


def test_measure_without_chance_describes() -> None:
    assert Measure("m", 1.0, "ties", 9, 1.0).finding == Finding.DESCRIBED
    assert measure(math.nan).finding == Finding.UNDEFINED
    none = chance(1.0, np.array([math.nan]), "null")
    assert Measure("m", 1.0, "ties", 9, 1.0, none).finding == Finding.TOO_FEW_DRAWS


@given(
    st.lists(st.integers(-5, 5), min_size=39, max_size=80),
    st.integers(-6, 6),
    st.sampled_from([0.05, 0.1, 0.3]),
)
def test_value_is_outside_the_band_exactly_where_p_is_at_most_the_level(
    draws: list[int], value: int, level: float
) -> None:
    found = chance(float(value), np.array(draws, np.float64), "null", level)
    assert (not found.low <= value <= found.high) == (found.p <= level + 1e-12)
    assert 0 < found.p <= 1


@pytest.mark.parametrize("others", [20, 40, 80, 120])
def test_exact_band_and_exact_p_never_disagree(others: int) -> None:
    """Among 40 others the one co-op is met with probability 1/40: p is the level but for a rounding error."""
    for coops, tied in itertools.product(range(1, 4), range(1, 4)):
        odds = hypergeom.pmf(np.arange(tied + 1), others, coops, tied)
        for number in np.flatnonzero(odds > 0).tolist():
            found = exactly(number, odds, tied, "null")
            assert (not found.low <= number / tied <= found.high) == (found.p <= 0.05)


def test_p_of_pure_chance_is_at_most_the_level_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    worlds = rng.normal(size=(4000, 40))
    rejected = sum(chance(one[0], one[1:], "null").p <= 0.05 for one in worlds) / 4000
    # Of 40 values that are alike any two are the outermost: one in twenty, exactly.
    assert rejected == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 4000))


def test_interval_leaves_out_what_is_not_defined() -> None:
    found = interval(np.array([math.nan, *range(101)]), "draws", 0.1)
    assert found is not None
    assert (found.low, found.high) == (5.0, 95.0)
    assert interval(np.array([1.0, math.nan]), "draws") is None


def test_measure_is_plain_with_its_finding() -> None:
    told = plain({"x": (measure(99.0), Chance("n", math.nan, 0.0, 1.0, 0.5, 9), np.arange(2))})
    assert told["x"][0]["finding"] == "above-chance"
    assert told["x"][1]["mean"] is None
    assert told["x"][2] == [0, 1]


def test_drawing_refuses_what_is_out_of_range() -> None:
    with pytest.raises(ValueError, match="level"):
        Drawing(level=1.0)
    with pytest.raises(ValueError, match="seed"):
        Drawing(seed=-1).drawn(lambda rng, number: rng.random(number), numbers=1)
    with pytest.raises(ValueError, match="Resamples"):
        Drawing(resamples=0).drawn(lambda rng, number: rng.random(number), numbers=1)
