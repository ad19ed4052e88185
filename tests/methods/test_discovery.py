"""Many tests at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from interlock.methods.discovery import false_discovery


@given(some.lists(some.floats(0, 1), min_size=1, max_size=20))
def test_false_discovery_is_that_of_scipy(p: list[float]) -> None:
    assert false_discovery(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_false_discovery_leaves_out_what_was_not_tested() -> None:
    assert false_discovery(np.array([0.01, np.nan])).tolist() == [
        0.01,
        pytest.approx(np.nan, nan_ok=True),
    ]
