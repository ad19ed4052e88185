from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.referral.forest import Variable
from interlock.methods.referral.raking import Margin, kish, raked

CELLS = list(product("ab", "xyz"))
ROWS = st.lists(st.tuples(st.sampled_from(CELLS), st.floats(0.2, 5)), max_size=20).map(
    lambda more: [(*cell, weight) for cell, weight in [*zip(CELLS, [1.0] * 6, strict=True), *more]]
)


def margins(rows: list[tuple[str, str, float]]) -> list[Margin]:
    return [
        Margin(Variable.of("one", [a for a, _, _ in rows]), {"a": 0.3, "b": 0.7}),
        Margin(Variable.of("two", [b for _, b, _ in rows]), {"x": 2, "y": 1, "z": 1}),
    ]


@given(ROWS)
def test_raked_weights_meet_all_margins(rows: list[tuple[str, str, float]]) -> None:
    asked = margins(rows)
    found = raked(np.array([weight for _, _, weight in rows]), asked, cut_at=None)
    assert (found.weights > 0).all()
    assert float(found.weights.mean()) == pytest.approx(1)
    for margin, wanted in zip(asked, ([0.3, 0.7], [0.5, 0.25, 0.25]), strict=True):
        sums = np.bincount(margin.variable.codes, found.weights) / len(rows)
        assert sums == pytest.approx(wanted, abs=1e-9)
    assert found.gap < 1e-9
    assert found.kish == pytest.approx(1 + float(found.weights.var()))


@given(ROWS)
def test_raking_keeps_the_odds_within_cells(rows: list[tuple[str, str, float]]) -> None:
    """What is multiplied is rows and columns: each person's weight is theirs times two factors."""
    weights = np.array([weight for _, _, weight in rows])
    factors = np.log(raked(weights, margins(rows), cut_at=None).weights / weights)
    cell = {(a, b): factor for (a, b, _), factor in zip(rows, factors, strict=True)}
    for (a, b, _), factor in zip(rows, factors, strict=True):
        assert factor == pytest.approx(cell[a, b])
    assert cell["a", "x"] - cell["b", "x"] == pytest.approx(cell["a", "z"] - cell["b", "z"])


def test_weights_are_cut_at_five_times_the_median() -> None:
    state = Variable.of("state", ["NY"] * 98 + ["CA"] * 2)
    found = raked(np.ones(100), [Margin(state, {"NY": 0.5, "CA": 0.5})])
    assert found.weights.max() == pytest.approx(5 * np.median(found.weights))
    assert found.cut == 2
    assert found.reason is not None
    assert found.reason.facts == {"times": "5", "points": "40.7"}
    assert found.gap == pytest.approx(0.5 - 10 / 108)
    freely = raked(np.ones(100), [Margin(state, {"NY": 0.5, "CA": 0.5})], cut_at=None)
    assert (freely.cut, freely.reason) == (0, None)
    assert freely.kish == pytest.approx(kish(freely.weights))
    assert freely.kish > found.kish


def test_without_margins_only_the_scale_changes() -> None:
    assert raked(np.array([1.0, 3.0]), []).weights.tolist() == [0.5, 1.5]


def test_who_did_not_answer_keeps_the_weight() -> None:
    state = Variable.of("state", ["NY", "NY", "CA", ""])
    found = raked(np.ones(4), [Margin(state, {"NY": 1, "CA": 2})])
    assert found.weights.tolist() == pytest.approx([0.5, 0.5, 2, 1])


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ({"NY": 1}, 'has no share of "CA"'),
        ({"NY": 1, "CA": 1, "TX": 1}, '"TX" of state has nobody'),
        ({"NY": 1, "CA": 0}, '"CA" of state has a share of 0 and people'),
        ({"NY": 1, "CA": -1}, 'share of "CA" in the margin of state is no share'),
    ],
)
def test_margin_that_cannot_be_met_is_refused(shares: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        raked(np.ones(2), [Margin(Variable.of("state", ["NY", "CA"]), shares)])


def test_weights_that_are_not_above_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="numbers above 0"):
        raked(np.array([1.0, 0.0]), [])
