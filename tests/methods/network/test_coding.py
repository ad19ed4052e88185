import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from interlock.methods.network.coding import Scale, alpha, reliability
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four coders, twelve units.
PUBLISHED = (
    np.array(
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
            [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
        ]
    )
    - 1
)


@pytest.mark.parametrize(("scale", "value"), [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815)])
def test_alpha_is_that_published(scale: Scale, value: float) -> None:
    assert alpha(PUBLISHED, scale) == pytest.approx(value, abs=0.0005)


def test_alpha_of_two_coders_is_that_by_hand() -> None:
    """Units 0-0, 0-1, 1-1, 1-1: 1 - 7 x 2 / (2 x 3 x 5)."""
    assert alpha(np.array([[0, 0, 1, 1], [0, 1, 1, 1]])) == pytest.approx(1 - 14 / 30)


CODES = arrays(
    np.int64, st.tuples(st.integers(2, 4), st.integers(1, 8)), elements=st.integers(-1, 3)
)


def by_pairs(codes: Any, scale: Scale) -> float:
    """The definition, pair of codes by pair of codes."""
    units = [column[column >= 0] for column in codes.T]
    units = [unit for unit in units if len(unit) > 1]
    every = np.concatenate(units) if units else np.array([], int)
    many = np.bincount(every, minlength=4)

    def apart(one: int, other: int) -> float:
        if scale == Scale.NOMINAL:
            return float(one != other)
        low, high = min(one, other), max(one, other)
        return float(many[low : high + 1].sum() - (many[low] + many[high]) / 2) ** 2

    seen = sum(
        apart(a, b) / (len(unit) - 1)
        for unit in units
        for i, a in enumerate(unit)
        for j, b in enumerate(unit)
        if i != j
    )
    chance = sum(apart(a, b) for i, a in enumerate(every) for j, b in enumerate(every) if i != j)
    return 1 - seen / len(every) / (chance / len(every) / (len(every) - 1)) if chance else math.nan


@settings(max_examples=80)
@given(CODES, st.sampled_from(Scale))
def test_alpha_is_that_of_its_definition(codes: Any, scale: Scale) -> None:
    found = alpha(codes, scale)
    assert found == pytest.approx(by_pairs(codes, scale), nan_ok=True)
    assert math.isnan(found) or found <= 1


@settings(max_examples=40)
@given(CODES, st.permutations([0, 1, 2, 3]))
def test_names_of_codes_and_order_do_not_matter(codes: Any, names: list[int]) -> None:
    renamed = np.array([*names, -1])[codes]
    assert alpha(renamed) == pytest.approx(alpha(codes), nan_ok=True)
    assert alpha(codes[::-1, ::-1]) == pytest.approx(alpha(codes), nan_ok=True)


def test_reliability_has_interval_and_chance() -> None:
    found = reliability(PUBLISHED, Scale.NOMINAL, Drawing(resamples=199))
    assert (found.name, found.n, found.coverage) == ("alpha-nominal", 11, pytest.approx(11 / 12))
    assert found.finding == Finding.ABOVE
    assert found.chance is not None
    assert found.chance.mean == pytest.approx(0, abs=0.05)
    assert found.interval is not None
    assert found.interval.low < found.value < found.interval.high


def test_nothing_coded_twice_is_not_defined() -> None:
    for codes in (np.full((2, 3), -1), np.array([[0, -1], [-1, 1]]), np.zeros((2, 0), int)):
        assert reliability(codes, Scale.ORDINAL, QUICK).finding == Finding.UNDEFINED
