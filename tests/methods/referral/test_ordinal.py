import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from interlock.methods.referral.ordinal import (
    brunner_munzel,
    student_quantile,
    student_upper,
    superiority,
)

X = [1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1]
Y = [3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4]
VALUES = st.lists(st.integers(1, 5), min_size=2, max_size=20)


def test_brunner_munzel_is_that_of_the_books() -> None:
    found = brunner_munzel(X, Y)
    assert (found.statistic, found.p, found.theta) == pytest.approx(
        (3.13746748230295, 0.00578620866615, 0.788961038961), rel=1e-11
    )
    assert (found.low, found.high) == pytest.approx((0.595216864, 0.982705214), abs=1e-9)


def test_theta_of_counts_is_that_of_the_test() -> None:
    counts = [np.bincount(values, minlength=6).astype(float) for values in (X, Y)]
    assert float(superiority(*counts)) == pytest.approx(0.788961038961)


@given(VALUES, VALUES)
def test_brunner_munzel_is_that_of_scipy(x: list[int], y: list[int]) -> None:
    try:
        found = brunner_munzel(x, y)
    except ValueError:
        assert max(x) < min(y) or max(y) < min(x) or len({*x, *y}) == 1
        return
    theirs = stats.brunnermunzel(x, y)
    assert found.statistic == pytest.approx(theirs.statistic)
    assert found.p == pytest.approx(theirs.pvalue, rel=1e-9, abs=1e-12)


def test_samples_that_do_not_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="do not overlap"):
        brunner_munzel([1, 1], [2, 3])
    with pytest.raises(ValueError, match="at least two values"):
        brunner_munzel([1], [2, 3])


@pytest.mark.parametrize("freedom", [1.0, 2.5, 17.7, 300.0])
def test_student_is_that_of_scipy(freedom: float) -> None:
    for t in (0.0, 0.1, 1.0, 2.0, 10.0):
        assert student_upper(t, freedom) == pytest.approx(stats.t.sf(t, freedom), rel=1e-10)
    assert student_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom))


@given(VALUES, VALUES)
def test_sides_exchanged_turn_theta_round(x: list[int], y: list[int]) -> None:
    one, two = (np.bincount(values, minlength=6).astype(float) for values in (x, y))
    assert float(superiority(one, two)) == pytest.approx(1 - float(superiority(two, one)))
    pairs = [(a < b) + (a == b) / 2 for a in x for b in y]
    assert float(superiority(one, two)) == pytest.approx(sum(pairs) / len(pairs))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("xyb"), st.integers(1, 9))))
def test_nobody_is_compared_with_themselves(people: list[tuple[int, str, int]]) -> None:
    first, second, same, wins, pairs = np.zeros(4), np.zeros(4), 0.0, 0.0, 0.0
    for number, (answer, side, weight) in enumerate(people):
        first[answer] += weight * (side in "xb")
        second[answer] += weight * (side in "yb")
        same += weight**2 * (side == "b")
        for other, (theirs, where, heavy) in enumerate(people):
            if number != other and side in "xb" and where in "yb":
                wins += weight * heavy * ((answer < theirs) + (answer == theirs) / 2)
                pairs += weight * heavy
    found = float(superiority(first, second, same))
    assert found == pytest.approx(wins / pairs if pairs else float("nan"), nan_ok=True)
