from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.bits import dealt, unpacked
from interlock.methods.places.colocation.crossk import (
    Exposure,
    exposure,
    redrawn,
    relabelled,
    unlike_pairs,
)
from interlock.methods.places.colocation.nearby import Pairs, pairs
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.distance import distance_km

RADII = np.array([20.0, 60.0, 120.0])


def spread(number: int, seed: int = 0) -> tuple[Pairs, np.ndarray]:
    rng = np.random.default_rng(seed)
    north, east = rng.uniform(40, 43, number), rng.uniform(-90, -86, number)
    return pairs(north, east, RADII), rng.random(number) < 0.3


def clustered(number: int, seed: int = 0) -> tuple[Pairs, np.ndarray]:
    """Points of the one kind in the south, of the other in the north."""
    rng = np.random.default_rng(seed)
    north, east = rng.uniform(40, 43, number), rng.uniform(-90, -86, number)
    return pairs(north, east, RADII), north < 41


@settings(max_examples=20)
@given(some.integers(10, 80), some.integers(0, 99))
def test_bits_count_what_one_relabelling_after_another_does(number: int, seed: int) -> None:
    near, labels = spread(number, seed)
    words = dealt(labels, np.zeros(number, np.int64), np.random.default_rng(seed), 1)
    found, plain = unlike_pairs(near, words), unpacked(words).astype(bool)
    for column in range(64):
        assert found[:, column].tolist() == near.unlike(plain[:, column]).tolist()


def test_pairs_cut_into_parts_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    near, labels = spread(200)
    words = dealt(labels, np.zeros(200, np.int64), np.random.default_rng(1), 2)
    whole = unlike_pairs(near, words)
    monkeypatch.setattr("interlock.methods.places.colocation.crossk._WORDS_AT_ONCE", 64)
    assert (unlike_pairs(near, words) == whole).all()


def test_mixed_labels_are_chance_and_parted_ones_are_fewer_pairs() -> None:
    near, labels = spread(150)
    assert relabelled(near, labels).envelope.p > 0.05
    near, labels = clustered(150)
    found = relabelled(near, labels)
    assert found.envelope.p < 0.01
    assert (found.counts < found.envelope.low).all()


def test_strata_take_away_what_they_hold() -> None:
    """Labels that go by the part of the map are chance within the parts."""
    near, labels = clustered(200, seed=2)
    rng = np.random.default_rng(0)
    mixed = np.where(labels, rng.random(200) < 0.8, rng.random(200) < 0.2)
    assert relabelled(near, mixed).envelope.p < 0.01
    assert relabelled(near, mixed, strata=labels.astype(int)).envelope.p > 0.05


def test_labels_turned_over_are_the_same_pairs() -> None:
    near, labels = spread(100)
    ours, theirs = relabelled(near, labels), relabelled(near, ~labels)
    assert ours.counts.tolist() == theirs.counts.tolist()
    assert ours.envelope.p == pytest.approx(theirs.envelope.p, abs=0.1)
    assert ours.envelope.mean == pytest.approx(theirs.envelope.mean, rel=0.05)


def test_relabelling_has_the_mean_of_dealing_labels() -> None:
    near, labels = spread(120)
    m, n = int(labels.sum()), 120
    told = near.begins[1:] * 2 * m * (n - m) / (n * (n - 1))
    assert relabelled(near, labels, resamples=4_000).envelope.mean == pytest.approx(told, rel=0.02)


def towns(seed: int = 0) -> tuple[Exposure, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    north, east = rng.uniform(30, 45, 400), rng.uniform(-110, -80, 400)
    people = rng.lognormal(9, 1.5, 400)
    homes = rng.choice(400, 300, p=people / people.sum())
    return exposure(north, east, people, north[homes], east[homes], RADII), north, east, homes


def test_exposure_counts_what_lies_within_each_radius() -> None:
    near, north, east, homes = towns()
    for place in (0, 17, 399):
        apart = [
            distance_km(north[place], east[place], float(north[home]), float(east[home]))
            for home in homes.tolist()
        ]
        told = [sum(one <= radius for one in apart) for radius in RADII.tolist()]
        assert near.counts[place].tolist() == told


def test_redrawn_finds_what_was_put_together() -> None:
    near, _north, _east, homes = towns()
    rng = np.random.default_rng(5)
    alone = rng.choice(400, 25, replace=False, p=near.people / near.people.sum())
    assert redrawn(near, alone).envelope.p > 0.05
    poor = np.argsort(near.people)
    beside = [place for place in poor.tolist() if place in set(homes.tolist())][:25]
    found = redrawn(near, beside, side="more")
    assert found.counts.tolist() == near.counts[beside].sum(axis=0).tolist()
    everybody = redrawn(near, np.arange(400), resamples=19)
    assert everybody.envelope.mean.tolist() == near.counts.sum(axis=0).tolist()


def test_two_processes_give_the_very_same() -> None:
    near, labels = spread(100)
    places = towns()[0]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        ours = relabelled(near, labels, resamples=1_100, executor=executor).envelope
        other = redrawn(places, [1, 2, 3], resamples=1_100, executor=executor).envelope
    for one, two in (
        (ours, relabelled(near, labels, resamples=1_100).envelope),
        (other, redrawn(places, [1, 2, 3], resamples=1_100).envelope),
    ):
        assert one.p == two.p
        assert (one.mean == two.mean).all()
        assert (one.high == two.high).all()


@pytest.mark.parametrize(
    ("labels", "strata", "kind"),
    [
        ([1, 1, 1], None, "few-points"),
        ([0, 0, 0], None, "few-points"),
        ([0, 1], None, "wrong-length"),
        ([0, 1, 1], [0, 0], "wrong-length"),
    ],
)
def test_labels_of_one_kind_are_refused(
    labels: list[int], strata: list[int] | None, kind: str
) -> None:
    near = pairs(np.zeros(3), np.arange(3.0), RADII)
    with pytest.raises(ColocationError) as told:
        relabelled(near, np.array(labels), strata=None if strata is None else np.array(strata))
    assert told.value.reason.kind == kind


def test_wrong_places_are_refused() -> None:
    near = towns()[0]
    for chosen in ([], [400], [-1]):
        with pytest.raises(ColocationError):
            redrawn(near, np.array(chosen, np.int64))
    for people in ([1.0], [1.0, 0.0], [1.0, float("nan")]):
        with pytest.raises(ColocationError):
            exposure([0, 1], [0, 1], people, [0], [0], RADII)
    with pytest.raises(ColocationError, match="one point or more"):
        exposure([], [], [], [0], [0], RADII)
