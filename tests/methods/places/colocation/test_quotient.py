from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.quotient import (
    colocation_quotient,
    kernel,
    local_quotients,
    nearest,
)
from interlock.methods.places.colocation.reasons import ColocationError


def spots(number: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.uniform(40, 42, number), rng.uniform(-90, -87, number)


def test_couples_are_found_and_mixed_ones_are_not() -> None:
    north, east = spots(60)
    labels = np.repeat([True, False], 60)
    couples = nearest(np.tile(north, 2), np.concatenate([east, east + 0.001]))
    found = colocation_quotient(couples, labels)
    assert found.observed == pytest.approx(119 / 60)
    assert found.p_more == 0.001
    mixed = colocation_quotient(nearest(*spots(120, 1)), labels)
    assert mixed.p > 0.05
    assert mixed.mean == pytest.approx(1, abs=0.02)


def test_quotient_goes_one_way() -> None:
    east = np.array([0.0, 0.1, 0.2, 5.0, 5.01, 5.02, 5.03])
    around = nearest(np.zeros(7), east)
    labels = np.array([0, 1, 0, 0, 0, 0, 0])
    one, other = (colocation_quotient(around, side, resamples=9) for side in (labels, 1 - labels))
    assert one.observed == pytest.approx(1.0)
    assert other.observed == pytest.approx((2 / 6) / (1 / 6))


@settings(max_examples=30)
@given(some.integers(3, 40), some.integers(0, 99))
def test_weights_of_a_point_add_up_and_leave_itself_out(number: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Whole degrees: many points share a spot, and many are as near.
    north, east = rng.integers(0, 4, number).astype(float), rng.integers(0, 4, number).astype(float)
    for around in (nearest(north, east), kernel(north, east, 5)):
        rows = np.repeat(np.arange(number), np.diff(around.begins))
        assert np.bincount(rows, around.weights, number) == pytest.approx(np.ones(number))
        assert (around.places != rows).all()
        both = around.shares(np.ones(number))
        assert both == pytest.approx(np.ones(number))


def test_order_of_points_changes_nothing() -> None:
    north, east = spots(50)
    labels = np.random.default_rng(1).random(50) < 0.4
    order = np.random.default_rng(2).permutation(50)
    ours = colocation_quotient(kernel(north, east), labels, resamples=9).observed
    theirs = colocation_quotient(kernel(north[order], east[order]), labels[order], resamples=9)
    assert theirs.observed == pytest.approx(ours)


def test_local_quotient_says_where() -> None:
    """In the west every point has the other kind around it, in the east none."""
    rng = np.random.default_rng(0)
    north, east = (
        rng.uniform(40, 41, 240),
        np.concatenate([rng.uniform(-92, -91, 120), rng.uniform(-88, -87, 120)]),
    )
    labels = np.ones(240, bool)
    labels[np.flatnonzero(np.arange(120) % 5)] = False
    found = local_quotients(kernel(north, east, 12), labels)
    west = found.points < 120
    assert found.values[west].min() > found.values[~west].max()
    assert (found.q[west] < 0.05).mean() > 0.5
    assert (found.q[~west] < 0.05).all()


def test_local_chance_is_level_where_labels_are_mixed() -> None:
    shares = []
    for seed in range(8):
        labels = np.random.default_rng(seed).random(150) < 0.2
        shares.append(
            (local_quotients(kernel(*spots(150, seed + 100), 15), labels).p <= 0.05).mean()
        )
    assert np.mean(shares) < 0.09
    labels = np.random.default_rng(3).random(150) < 0.3
    assert local_quotients(kernel(*spots(150, 103), 15), labels).q.min() > 0.05


def test_local_chance_is_that_of_dealing_the_others() -> None:
    """Beside dealing the labels of all others plainly, point by point."""
    around = kernel(*spots(30, 4), 6)
    labels = np.random.default_rng(0).random(30) < 0.3
    found = local_quotients(around, labels, resamples=8_000)
    rng = np.random.default_rng(1)
    for place, point in list(enumerate(found.points.tolist()))[:4]:
        others = np.delete(np.arange(30), point)
        drawn = []
        for _ in range(4_000):
            dealt = labels.copy()
            dealt[others] = rng.permutation(labels[others])
            drawn.append(around.shares(~dealt)[point])
        observed = around.shares(~labels)[point]
        more = (np.array(drawn) >= observed - 1e-12).mean()
        less = (np.array(drawn) <= observed + 1e-12).mean()
        assert found.p[place] == pytest.approx(min(1, 2 * min(more, less)), abs=0.06)


def test_two_processes_give_the_very_same() -> None:
    around, labels = kernel(*spots(60), 8), np.arange(60) % 3 == 0
    strata = np.arange(60) % 2
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = colocation_quotient(around, labels, strata=strata, executor=executor)
        local = local_quotients(around, labels, strata=strata, executor=executor)
    assert shared == colocation_quotient(around, labels, strata=strata)
    assert (local.p == local_quotients(around, labels, strata=strata).p).all()


def test_wrong_points_are_refused() -> None:
    with pytest.raises(ColocationError, match="one point or more"):
        nearest(np.zeros(2), np.arange(2.0))
    with pytest.raises(ValueError, match="one neighbour or more"):
        kernel(*spots(5), 0)
    around = kernel(*spots(5), 2)
    for labels, strata in (([1, 0], None), ([1] * 5, None), ([0, 1, 0, 1, 0], [0])):
        with pytest.raises(ColocationError):
            colocation_quotient(around, labels, strata=strata)
