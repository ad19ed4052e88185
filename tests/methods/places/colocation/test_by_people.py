from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.by_people import arrivals, beside_chance, redraw
from interlock.methods.places.colocation.reasons import ColocationError, reason
from interlock.methods.places.colocation.table import Areas, areas
from tests.methods.places.colocation.samples import few, shuffled, town


def test_redraw_finds_three_and_not_one() -> None:
    assert redraw(town(number=300), resamples=999).excess.p_more < 0.01
    assert redraw(town(number=300, ratio=1.0), resamples=999).excess.p > 0.05
    assert redraw(town(number=300), within=True, resamples=999).excess.p_more < 0.01


@settings(max_examples=40)
@given(few())
def test_observed_is_what_is_counted(given_areas: Areas) -> None:
    found = redraw(given_areas, resamples=19)
    counted = int(given_areas.counts[given_areas.marked].sum())
    expected = float(given_areas.expected[given_areas.marked].sum())
    assert found.count.observed == counted
    assert found.expected == pytest.approx(expected)
    assert found.excess.observed == pytest.approx((counted - expected) / np.sqrt(expected))
    assert found.excess.low <= found.excess.high
    assert 1 / 20 <= found.excess.p_more <= 1


def test_redraw_within_expects_by_region() -> None:
    parts = areas(
        "abcd", [10, 30, 20, 20], [1, 0, 1, 0], [4, 4, 1, 0], regions=["x", "x", "y", "y"]
    )
    found = redraw(parts, within=True, resamples=99)
    assert found.expected == pytest.approx(8 * 10 / 40 + 1 * 20 / 40)
    assert found.excess.null == reason("redraw-within")


def test_regions_in_which_nothing_was_counted_have_no_excess() -> None:
    parts = areas(
        "abcd", [10, 30, 20, 20], [1, 0, 0, 0], [0, 0, 1, 3], regions=["x", "x", "y", "y"]
    )
    found = redraw(parts, within=True, resamples=19)
    assert (found.expected, found.excess.observed, found.excess.p) == (0, 0, 1)


@settings(max_examples=20)
@given(few())
def test_all_but_none_drawn_has_few_outcomes(given_areas: Areas) -> None:
    marked = np.arange(len(given_areas)) != 0
    almost = areas(given_areas.codes, given_areas.population, marked, given_areas.counts)
    found = redraw(almost, resamples=99)
    least = given_areas.events - given_areas.counts.max()
    assert found.count.low >= least


def test_draws_are_by_weight() -> None:
    rng = np.random.default_rng(0)
    weights = np.array([1.0, 2.0, 5.0, 2.0])
    one = np.bincount(arrivals(weights, 1, rng, 40_000).ravel(), minlength=4) / 40_000
    assert one == pytest.approx(weights / 10, abs=0.01)
    two = np.bincount(arrivals(weights, 2, rng, 40_000).ravel(), minlength=4) / 40_000
    # Successive sampling: first by weight, then by weight among those left.
    told = [
        w / 10 + sum(v / 10 * w / (10 - v) for at, v in enumerate(weights) if at != place)
        for place, w in enumerate(weights)
    ]
    assert two == pytest.approx(told, abs=0.01)


@given(some.integers(1, 12), some.integers(1, 12), some.integers(1, 5))
def test_draw_has_each_place_at_most_once(places: int, drawn: int, number: int) -> None:
    found = arrivals(np.ones(places), drawn, np.random.default_rng(0), number)
    assert found.shape == (number, min(places, drawn))
    assert all(len(set(row)) == len(row) for row in found.tolist())
    assert (np.diff(found, axis=1) > 0).all()


def test_seed_decides_and_order_of_regions_does_not() -> None:
    first, again = (redraw(town(), resamples=500, seed=4) for _ in range(2))
    assert first == again
    assert redraw(town(), resamples=500, seed=5).excess.mean != first.excess.mean
    mixed = redraw(shuffled(town(), 2), resamples=4_000).excess
    plain = redraw(town(), resamples=4_000).excess
    assert mixed.observed == pytest.approx(plain.observed)
    assert mixed.p_more == pytest.approx(plain.p_more, abs=0.03)


@pytest.mark.parametrize("within", [False, True])
def test_two_processes_give_the_very_same(within: bool) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = redraw(town(), within=within, resamples=1_200, executor=executor)
    assert shared == redraw(town(), within=within, resamples=1_200)


def test_chance_counts_itself_among_the_drawn() -> None:
    found = beside_chance("count", 3, np.array([1.0, 2.0, 3.0]), seed=0, null=reason("redraw"))
    assert (found.p_more, found.p_less, found.p) == (0.5, 1.0, 1.0)


def test_redraw_refuses_what_has_one_side() -> None:
    with pytest.raises(ColocationError, match="No area is marked"):
        redraw(areas("ab", [1, 2], [0, 0], [1, 1]))
    with pytest.raises(ValueError, match="Resamples are 1 to"):
        redraw(town(), resamples=0)
