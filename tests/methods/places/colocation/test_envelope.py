import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.envelope import Measure, Side, enveloped


def curves(number: int, seed: int) -> np.ndarray:
    """Curves that wander: neighbouring values belong together, as pair counts do."""
    return np.cumsum(np.random.default_rng(seed).normal(size=(number, 12)), axis=1)


@pytest.mark.parametrize("measure", ["rank", "deviation"])
@pytest.mark.parametrize("side", ["both", "more", "less"])
def test_curve_of_chance_is_beyond_in_five_of_a_hundred(measure: Measure, side: Side) -> None:
    found = [
        enveloped(made[0], made[1:], side=side, measure=measure)
        for made in (curves(100, seed) for seed in range(400))
    ]
    share = np.mean([one.p <= 0.05 for one in found])
    assert 0.02 < share < 0.085
    beyond = np.mean([one.beyond.any() for one in found])
    assert beyond == pytest.approx(share, abs=0.015)


def test_curve_far_off_is_beyond_just_there() -> None:
    made = curves(999, 1)
    odd = np.zeros(12)
    odd[4] = 40.0
    # A rank is as extreme as it gets at one distance by any outermost curve; the next ones decide.
    for measure, most in (("rank", 0.05), ("deviation", 0.001)):
        found = enveloped(odd, made, measure=measure)  # type: ignore[arg-type]
        assert found.p <= most
        assert np.flatnonzero(found.beyond).tolist() == [4]


def test_one_side_does_not_see_the_other() -> None:
    made, low = curves(199, 2), np.full(12, -50.0)
    assert enveloped(low, made, side="more").p > 0.9
    assert enveloped(low, made, side="less").p == pytest.approx(0.005)


@settings(max_examples=30)
@given(some.integers(0, 1_000))
def test_curve_turned_over_is_the_same(seed: int) -> None:
    made = curves(40, seed).round()
    ours, theirs = enveloped(made[0], made[1:]), enveloped(-made[0], -made[1:])
    assert ours.p == theirs.p
    assert ours.low.tolist() == (-theirs.high).tolist()


def test_point_at_which_nothing_varies_is_no_deviation() -> None:
    made = curves(60, 3)
    made[:, 0] = 2
    found = enveloped(made[0], made[1:], measure="deviation")
    assert not found.beyond[0]
