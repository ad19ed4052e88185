import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import energy_distance as of_scipy

from interlock.methods.network.answers import (
    Answers,
    apart,
    by_question,
    change,
    distances,
    energy_distance,
    scaled,
)
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK


def made(values: Any, groups: Any, trees: Any = None) -> Answers:
    table = np.array(values, np.float64)
    of = np.arange(len(table)) if trees is None else np.array(trees)
    names = tuple(f"q{at}" for at in range(table.shape[1]))
    return Answers(table, np.array(groups), of, names)


def survey(seed: int, *, shift: float = 0.0, clustered: float = 0.0, pure: bool = False) -> Answers:
    """Twenty trees of eight; in `pure` trees all are of one group, else most of each second tree."""
    rng = np.random.default_rng(seed)
    trees = np.repeat(np.arange(20), 8)
    mostly = np.where(rng.permutation(20) < 10, 0.15, 0.85)[trees]
    groups = trees % 2 if pure else (rng.random(160) < mostly).astype(int)
    of_tree = rng.normal(0, clustered, (20, 6))[trees]
    values = 0.5 + of_tree + shift * groups[:, None] + rng.normal(0, 0.15, (160, 6))
    return made(np.clip(values, 0, 1), groups, trees)


def test_distance_of_a_few_is_that_by_hand() -> None:
    """Persons (0, 0) and (1, 0) beside (1, 1): 2 x mean(√1, √.5) less 2 √.5 / 4."""
    one = made([[0, 0], [1, 0], [1, 1]], [0, 0, 1])
    half = math.sqrt(0.5)
    assert energy_distance(one) == pytest.approx(2 * (1 + half) / 2 - 2 * half / 4, abs=1e-5)


def test_missing_answers_leave_what_both_answered() -> None:
    found = distances(np.array([[0.0, math.nan], [1.0, 0.5], [math.nan, math.nan]])) / 2**20
    assert found.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1)), min_size=2, max_size=20))
def test_distance_of_one_question_is_that_of_scipy(rows: list[tuple[int, int]]) -> None:
    values = scaled(np.array([level for level, _group in rows]), 5)
    groups = np.array([group for _level, group in rows])
    one = made(values[:, None], groups)
    told = by_question(one, Drawing(resamples=1))[0].measure.value
    if len(set(groups.tolist())) < 2:
        assert math.isnan(energy_distance(one))
        assert math.isnan(told)
        return
    theirs = of_scipy(values[groups == 0], values[groups == 1]) ** 2
    assert energy_distance(one) == pytest.approx(theirs, abs=1e-5)
    assert told == pytest.approx(theirs, abs=1e-9)


def test_groups_that_differ_are_found_apart() -> None:
    found = apart(survey(1, shift=0.15), QUICK)
    assert found.chance is not None
    assert (found.finding, found.chance.null) == (Finding.ABOVE, "labels-by-tree")
    assert (found.n, found.coverage) == (160, 1.0)
    assert found.interval is not None
    assert found.interval.low > 0


@pytest.mark.parametrize("pure", [False, True])
def test_trees_that_are_alike_within_are_not_taken_for_groups(pure: bool) -> None:
    """Where trees answer alike and are of one group, dealing labels to anybody would reject nearly always."""
    found = [
        apart(survey(seed, clustered=0.2, pure=pure), Drawing(resamples=59, seed=seed))
        for seed in range(60)
    ]
    assert sum(one.finding != Finding.WITHIN for one in found) <= 9


def test_groups_of_pure_trees_are_found_apart_too() -> None:
    assert apart(survey(1, shift=0.15, pure=True), QUICK).finding == Finding.ABOVE


def test_anybody_else_is_left_out() -> None:
    one = survey(1)
    groups = one.groups.copy()
    groups[:40] = -1
    found = apart(Answers(one.values, groups, one.trees, one.questions), QUICK)
    assert found.n == 120
    assert found.value == pytest.approx(energy_distance(one.where(np.arange(40, 160))))


def test_questions_are_told_by_false_discovery() -> None:
    one = survey(2)
    values = one.values.copy()
    values[:, 3] = np.clip(values[:, 3] + 0.3 * one.groups, 0, 1)
    values[:5, 0] = np.nan
    found = by_question(Answers(values, one.groups, one.trees, one.questions), Drawing())
    assert [told.question for told in found] == [f"q{at}" for at in range(6)]
    assert [told.question for told in found if told.adjusted_p <= 0.05] == ["q3"]
    assert (found[0].measure.n, found[0].measure.coverage) == (155, 155 / 160)
    for told in found:
        assert told.measure.chance is not None
        assert told.adjusted_p >= told.measure.chance.p


def two_waves(seed: int, apart_by: float) -> tuple[Answers, Any]:
    """In wave 0 the groups are 0.3 apart, in wave 1 so far."""
    first, second = survey(seed, shift=0.3), survey(seed + 100, shift=apart_by)
    both = Answers(
        np.vstack([first.values, second.values]),
        np.concatenate([first.groups, second.groups]),
        np.concatenate([first.trees, second.trees + 20]),
        first.questions,
    )
    return both, np.repeat([0, 1], 160)


def test_groups_that_come_nearer_are_found_so() -> None:
    found = change(*two_waves(1, 0.05), QUICK)
    assert found.value < 0
    assert (found.finding, found.n) == (Finding.BELOW, 320)
    assert found.interval is not None
    assert found.interval.low < found.value < found.interval.high < 0
    same = [change(*two_waves(seed, 0.3), Drawing(resamples=39)) for seed in range(20)]
    assert sum(one.finding != Finding.WITHIN for one in same) <= 5


def test_order_of_respondents_does_not_matter_to_values() -> None:
    one, order = survey(3, shift=0.1), np.random.default_rng(0).permutation(160)
    assert energy_distance(one.where(order)) == energy_distance(one)


def test_same_seed_draws_the_same() -> None:
    assert apart(survey(1), QUICK) == apart(survey(1), QUICK)
    assert by_question(survey(1), QUICK) == by_question(survey(1), QUICK)


def test_empty_group_is_not_defined() -> None:
    one = made([[0.0], [1.0]], [0, 0])
    assert apart(one, QUICK).finding == Finding.UNDEFINED
    assert by_question(one, QUICK)[0].measure.finding == Finding.UNDEFINED


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        made([[2.0]], [0])
    with pytest.raises(ValueError, match="group and a tree"):
        made([[1.0]], [0, 1])
    with pytest.raises(ValueError, match="column"):
        Answers(np.zeros((1, 2)), np.array([0]), np.array([0]), ("q",))
    with pytest.raises(ValueError, match="wave"):
        change(made([[1.0]], [0]), np.array([2]))


def test_question_that_nobody_answered_is_not_defined() -> None:
    one = made([[0.0, math.nan], [1.0, math.nan]], [0, 1])
    found = by_question(one, QUICK)
    assert [told.measure.finding for told in found] == [Finding.WITHIN, Finding.UNDEFINED]
    assert math.isnan(found[1].adjusted_p)
