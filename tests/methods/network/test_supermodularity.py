import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.reasons import Finding
from interlock.methods.network.supermodularity import (
    LEAST_CLUSTERS,
    Outcomes,
    supermodularity,
)


def made(beyond: float, seed: int = 0, rows: int = 400, clusters: int = 40) -> Outcomes:
    """Projects of cities, where both do so much more than each alone, among noise of row and city."""
    rng = np.random.default_rng(seed)
    pb, coop = rng.random(rows) < 0.5, rng.random(rows) < 0.4
    city = rng.integers(0, clusters, rows)
    size = rng.normal(size=rows)
    noise = rng.normal(size=rows) + 0.5 * rng.normal(size=clusters)[city]
    y = 2.0 * pb - coop + beyond * (pb & coop) + 3 * size + noise
    return Outcomes(y, pb, coop, city, size[:, None])


def test_both_are_told_beyond_the_two_alone() -> None:
    found = supermodularity(made(1.5))
    assert [(one.pb, one.coop) for one in found.cells] == [
        (False, False),
        (False, True),
        (True, False),
        (True, True),
    ]
    assert sum(one.rows for one in found.cells) == found.beyond.n == 400
    assert found.beyond.value == pytest.approx(1.5, abs=0.5)
    assert found.beyond.finding == Finding.ABOVE
    assert found.beyond.interval is not None
    assert found.beyond.interval.low < 1.5 < found.beyond.interval.high


def test_chance_is_found_about_as_often_as_it_says() -> None:
    found = [
        supermodularity(made(0.0, seed), Drawing(199)).beyond.finding is Finding.WITHIN
        for seed in range(60)
    ]
    assert sum(found) >= 50  # of 60 at 5 %: 57 on average, and 50 but once in ten thousand


def test_value_is_that_of_least_squares() -> None:
    one = made(0.7, seed=3)
    assert one.beside is not None
    both = one.pb & one.coop
    columns = np.column_stack([np.ones(400), one.pb, one.coop, one.beside, both]).astype(float)
    expected = np.linalg.lstsq(columns, one.outcome, rcond=None)[0][-1]
    assert supermodularity(one, Drawing(39)).beyond.value == pytest.approx(expected)


def test_without_one_of_the_four_nothing_is_told() -> None:
    pb = np.array([0, 0, 1, 1], np.bool_)
    found = supermodularity(Outcomes(np.arange(4.0), pb, pb, np.arange(4)))
    assert math.isnan(found.beyond.value)
    assert (found.beyond.chance, found.beyond.finding) == (None, Finding.UNDEFINED)
    nobody = np.zeros(0)
    empty = supermodularity(Outcomes(nobody, nobody > 0, nobody > 0, nobody.astype(np.int64)))
    assert empty.beyond.finding == Finding.UNDEFINED


def test_of_few_clusters_it_is_described_and_no_more() -> None:
    few = made(3.0, clusters=LEAST_CLUSTERS - 1)
    found = supermodularity(few).beyond
    assert (found.chance, found.interval, found.finding) == (None, None, Finding.DESCRIBED)
    assert found.value == pytest.approx(3.0, abs=0.8)


def test_rows_that_are_not_known_are_left_out_and_told() -> None:
    one = made(1.0, rows=100)
    outcome = one.outcome.copy()
    outcome[:25] = np.nan
    found = supermodularity(Outcomes(outcome, one.pb, one.coop, one.clusters, one.beside))
    assert (found.beyond.n, found.beyond.coverage) == (75, 0.75)
    with pytest.raises(ValueError, match="one of each"):
        Outcomes(outcome, one.pb[:3], one.coop, one.clusters)


@given(st.floats(-50, 50), st.floats(0.1, 20))
def test_unit_and_origin_of_the_outcome_change_nothing_but_the_unit(
    shift: float, scale: float
) -> None:
    one, drawing = made(0.5, rows=60, clusters=9), Drawing(39)
    other = Outcomes(shift + scale * one.outcome, one.pb, one.coop, one.clusters, one.beside)
    before, after = supermodularity(one, drawing).beyond, supermodularity(other, drawing).beyond
    assert after.value == pytest.approx(scale * before.value, abs=1e-6)
    assert before.chance is not None
    assert after.chance is not None
    assert after.chance.p == before.chance.p


def test_whoever_draws_gives_the_same() -> None:
    alone = supermodularity(made(1.0))
    with ThreadPoolExecutor(2) as executor:
        assert supermodularity(made(1.0), Drawing(executor=executor)) == alone
