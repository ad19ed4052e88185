from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.spatial import cKDTree

from interlock.methods.places.colocation.maps import Neighbours, lee, local_lee, moran, neighbours
from interlock.methods.places.colocation.ratios import rate_ratio
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.colocation.synthetic import country, world


def grid(side: int) -> Neighbours:
    places = np.arange(side * side).reshape(side, side)
    across = np.stack([places[:, :-1].ravel(), places[:, 1:].ravel()], axis=1)
    down = np.stack([places[:-1].ravel(), places[1:].ravel()], axis=1)
    return neighbours(np.concatenate([across, down]), side * side)


def hill(side: int) -> np.ndarray:
    north, east = np.meshgrid(np.arange(side), np.arange(side))
    return np.exp(-((north - 2) ** 2 + (east - 2) ** 2) / 6).ravel()


def test_two_hills_in_one_place_are_found() -> None:
    rng = np.random.default_rng(0)
    x, y = hill(8) + rng.normal(0, 0.1, 64), hill(8) + rng.normal(0, 0.1, 64)
    found = lee(x, y, grid(8))
    assert found.value > found.high
    assert found.p < 0.01
    local = local_lee(x, y, grid(8))
    top = 2 * 8 + 2
    assert local.kind[top] == "high-high"
    assert local.q[top] < 0.05
    assert local.values[top] > np.quantile(local.values, 0.9)


def test_noise_is_not_found() -> None:
    x, y = np.random.default_rng(5).normal(size=(2, 64))
    assert lee(x, y, grid(8)).p > 0.05
    assert np.nanmin(local_lee(x, y, grid(8)).q) > 0.05


def test_moran_sees_a_hill_and_not_noise() -> None:
    hilly = moran(hill(8), grid(8))
    assert hilly.observed > 0.5
    assert hilly.p_more == 0.001
    noise = moran(np.random.default_rng(5).normal(size=64), grid(8))
    assert noise.p > 0.05
    assert noise.mean == pytest.approx(-1 / 63, abs=0.01)


def test_residuals_of_a_model_without_the_hidden_cause_are_alike_among_neighbours() -> None:
    made = country(600, 10)
    spots = np.column_stack([made.latitude, made.longitude])
    near = cKDTree(spots).query(spots, k=6)[1][:, 1:]
    around = neighbours(np.column_stack([np.repeat(np.arange(600), 5), near.ravel()]), 600)
    found = [
        moran(rate_ratio(world(made, hidden=hidden, seed=2)).fit.residuals, around)
        for hidden in (0.0, 1.0)
    ]
    assert found[0].p > 0.05
    assert found[1].p_more == 0.001
    assert str(found[0].null) == "Chance is: the values dealt out anew among the areas."


def test_whole_is_the_sum_of_its_parts() -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 36))
    whole, local = lee(x, y, grid(6), resamples=1), local_lee(x, y, grid(6), resamples=1)
    assert local.values.sum() / 36 == pytest.approx(whole.value)


@settings(max_examples=20)
@given(some.integers(0, 1_000))
def test_maps_swapped_or_moved_change_nothing(seed: int) -> None:
    x, y = np.random.default_rng(seed).normal(size=(2, 25))
    first, other = (lee(*pair, grid(5), resamples=1) for pair in ((x, y), (3 * y + 1, 2 * x)))
    assert other.value == pytest.approx(first.value)
    assert other.smoothing == pytest.approx(first.smoothing[::-1])


def test_island_has_no_value_and_disturbs_no_other() -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 5))
    around = neighbours(np.array([[0, 1], [1, 2], [2, 3]]), 5)
    local = local_lee(x, y, around, resamples=99)
    assert np.isnan(local.values).tolist() == [False] * 4 + [True]
    assert np.isnan(local.q).tolist() == [False] * 4 + [True]
    assert local.kind[4] == ""


def test_two_processes_give_the_very_same() -> None:
    x, y = np.random.default_rng(1).normal(size=(2, 36))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = lee(x, y, grid(6), executor=executor)
        local = local_lee(x, y, grid(6), executor=executor)
        like = moran(x, grid(6), executor=executor)
    assert like == moran(x, grid(6))
    assert shared == lee(x, y, grid(6))
    assert (local.p == local_lee(x, y, grid(6)).p).all()


@pytest.mark.parametrize(
    ("x", "kind"),
    [
        ([1.0, 1.0, 1.0], "no-variation"),
        ([1.0, np.nan, 2.0], "not-numbers"),
        ([1.0, 2.0], "wrong-length"),
    ],
)
def test_map_without_a_value_is_refused(x: list[float], kind: str) -> None:
    around = neighbours(np.array([[0, 1], [1, 2]]), 3)
    for asked in (lee, local_lee):
        with pytest.raises(ColocationError) as told:
            asked(np.array(x), np.array([1.0, 2.0, 3.0]), around)
        assert told.value.reason.kind == kind


def test_neighbours_out_of_the_map_or_none_at_all_are_refused() -> None:
    with pytest.raises(ColocationError, match="pairs"):
        neighbours(np.array([[0, 3]]), 3)
    alone = neighbours(np.zeros((0, 2), np.int64), 3)
    with pytest.raises(ColocationError, match="neighbours"):
        lee(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]), alone)
    with pytest.raises(ColocationError, match="neighbours"):
        moran(np.array([1.0, 2.0, 3.0]), alone)
