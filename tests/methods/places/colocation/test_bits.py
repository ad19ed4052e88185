import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.bits import column_sums, dealt, packed, unpacked


@settings(max_examples=40)
@given(some.integers(1, 700), some.integers(1, 3), some.integers(0, 9))
def test_sums_are_those_of_the_bits(rows: int, words: int, seed: int) -> None:
    bits = np.random.default_rng(seed).random((rows, words * 64)) < 0.4
    assert column_sums(packed(bits)).tolist() == bits.sum(axis=0).tolist()


def test_sum_of_no_rows_is_nothing() -> None:
    assert column_sums(np.zeros((0, 1), np.uint64)).tolist() == [0] * 64


@given(some.integers(1, 40), some.integers(1, 3))
def test_packing_keeps_every_bit(rows: int, words: int) -> None:
    bits = np.random.default_rng(rows).random((rows, words * 64)) < 0.5
    assert (unpacked(packed(bits)) == bits).all()


@settings(max_examples=30)
@given(some.lists(some.tuples(some.booleans(), some.integers(0, 3)), min_size=1, max_size=600))
def test_dealing_keeps_how_many_each_stratum_has(points: list[tuple[bool, int]]) -> None:
    labels, strata = (np.array(one) for one in zip(*points, strict=True))
    found = unpacked(dealt(labels, strata, np.random.default_rng(0), 2))
    for part in range(4):
        inside = strata == part
        assert (found[inside].sum(axis=0) == labels[inside].sum()).all()


def test_every_dealing_is_as_likely() -> None:
    labels = np.array([True, True, False, False])
    found = unpacked(dealt(labels, np.zeros(4, np.int64), np.random.default_rng(3), 200))
    _ways, many = np.unique(found, axis=1, return_counts=True)
    assert len(many) == 6
    assert many / found.shape[1] == pytest.approx(np.full(6, 1 / 6), abs=0.01)


def test_large_stratum_is_dealt_in_parts_alike() -> None:
    labels = np.arange(600) < 60
    found = unpacked(dealt(labels, np.zeros(600, np.int64), np.random.default_rng(3), 16))
    halves = found[:300].mean(), found[300:].mean()
    assert halves == pytest.approx((0.1, 0.1), abs=0.003)
