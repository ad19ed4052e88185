"""Measures of two groups: what they must be by their meaning, on a made-up study and on any forest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.referral import indices
from interlock.methods.referral.estimates import external_internal, rds_ii, recruitment
from interlock.methods.referral.forest import Booleans, Forest, Respondent, Variable, planted
from interlock.methods.referral.intervals import Draws, drawn, tree_bootstrap
from tests.methods.referral.samples import case, tables

SIDES, BOTH = ("coop", "pb"), "both"


@pytest.fixture(scope="module")
def forest() -> Forest:
    return case()


@pytest.fixture(scope="module")
def draws(forest: Forest) -> Draws:
    return drawn(forest, resamples=300, seed=4)


def picked(forest: Forest, seed: int, kinds: int = 5) -> Booleans:
    return np.random.default_rng(seed).random((len(forest), kinds)) < 0.4


def test_share_and_mean_are_rds_ii_with_the_tree_bootstrap(forest: Forest, draws: Draws) -> None:
    view = forest.variable("view")
    spread = tree_bootstrap(forest, view, draws=draws)
    told = indices.share(forest, view.codes == 1, view.known, draws)
    assert told.value == pytest.approx(rds_ii(forest, view).shares[1])
    assert told.interval.low == pytest.approx(spread.intervals[1].low)
    assert told.respondents == int(view.known.sum())
    years = np.where(view.known, view.codes * 10.0, np.nan)
    assert indices.mean(forest, years, draws).value == pytest.approx(10 * told.value)


def test_crossing_is_the_index_of_the_recruitment_table(forest: Forest, draws: Draws) -> None:
    groups = forest.variable("group")
    told = indices.crossing(forest, groups, draws)
    assert told.value == pytest.approx(external_internal(recruitment(forest, groups)).value)
    assert told.interval.low < told.value < told.interval.high


def test_nobody_of_a_group_recruits_no_crossing(draws: Draws) -> None:
    alone = planted([Respondent("a", "", 2, {"group": "coop"})])
    told = indices.crossing(alone, alone.variable("group"), drawn(alone, resamples=3))
    assert (np.isnan(told.value), told.respondents) == (True, 0)


def test_sides_that_choose_alike_are_as_near_as_can_be(forest: Forest, draws: Draws) -> None:
    alike = np.tile([True, False, True], (len(forest), 1))
    told = indices.nearness(forest, alike, forest.variable("group"), SIDES, BOTH, draws)
    assert (told.value, told.interval.high) == (1.0, 1.0)


def test_sides_with_nothing_in_common_are_far(forest: Forest, draws: Draws) -> None:
    groups = forest.variable("group")
    coop = groups.codes == groups.levels.index("coop")
    pb = groups.codes == groups.levels.index("pb")
    apart = np.stack([coop, pb], axis=1)
    told = indices.nearness(forest, apart, groups, SIDES, None, draws)
    assert told.value == 0.0
    assert told.chance is not None
    assert told.chance.low > 0.3


def test_what_is_lacked_and_offered_in_full_meets_wholly(forest: Forest, draws: Draws) -> None:
    groups, everything = forest.variable("group"), np.ones((len(forest), 3), np.bool_)
    told = indices.meeting(forest, everything, everything, groups, SIDES, BOTH, draws)
    assert told.value == 1.0
    lacks = np.tile([True, False], (len(forest), 1))
    apart = indices.meeting(forest, lacks, ~lacks, groups, SIDES, BOTH, draws)
    assert apart.value == 0.0


def test_meeting_by_hand() -> None:
    rows = [
        Respondent("a", "", 1, {"group": "coop"}),
        Respondent("b", "a", 1, {"group": "coop"}),
        Respondent("c", "b", 2, {"group": "pb"}),
        Respondent("d", "c", 1, {"group": "pb"}),
    ]
    forest = planted(rows)
    needs = np.array([[True, False], [True, True], [False, False], [False, False]])
    offers = np.array([[False, False], [False, False], [True, False], [False, True]])
    told = indices.meeting(
        forest, needs, offers, forest.variable("group"), SIDES, None, drawn(forest, resamples=5)
    )
    # The co-op side lacks the first wholly and the second by half; of the offers, by one by the
    # degree, a third is of the first and two thirds of the second.
    assert told.value == pytest.approx((1 / 3 + 1 / 2) / 1.5)


@settings(max_examples=25)
@given(tables(), st.integers(0, 99))
def test_sides_may_be_told_in_either_order(rows: list[Respondent], seed: int) -> None:
    forest = planted(rows)
    view, draws = forest.variable("view"), drawn(forest, resamples=5)
    if not {"a", "b"} <= set(view.levels):
        return
    chosen = picked(forest, seed)
    one = indices.nearness(forest, chosen, view, ("a", "b"), None, draws, shuffles=5)
    other = indices.nearness(forest, chosen, view, ("b", "a"), None, draws, shuffles=5)
    assert one.value == pytest.approx(other.value, nan_ok=True)
    assert np.isnan(one.value) or -1e-9 <= one.value <= 1 + 1e-9
    met = indices.meeting(forest, chosen, chosen, view, ("a", "b"), None, draws, shuffles=5)
    assert np.isnan(met.value) or -1e-9 <= met.value <= 1 + 1e-9


@settings(max_examples=25)
@given(tables(), st.integers(0, 99))
def test_shuffling_keeps_every_tree_as_it_is_made_up(rows: list[Respondent], seed: int) -> None:
    forest = planted(rows)
    view = forest.variable("view")
    for codes in indices.shuffled(forest, view, 3, seed):
        assert ((codes < 0) == ~view.known).all()
        for tree in range(forest.seeds):
            inside = forest.trees == tree
            assert sorted(codes[inside]) == sorted(view.codes[inside])


def test_groups_that_do_not_matter_are_within_chance(forest: Forest, draws: Draws) -> None:
    """Of 40 made-up questions that have nothing to do with the groups, chance holds nearly all."""
    held = 0
    for seed in range(40):
        told = indices.nearness(
            forest, picked(forest, seed), forest.variable("group"), SIDES, BOTH, draws, shuffles=99
        )
        assert told.chance is not None
        held += told.chance.low <= told.value <= told.chance.high
    assert held >= 34


def test_scale_of_degrees_changes_nothing(forest: Forest) -> None:
    rows = [
        Respondent(one, "", degree, {"group": group})
        for one, degree, group in (("a", 1, "coop"), ("b", 4, "pb"), ("c", 2, "both"))
    ]
    tenfold = [Respondent(one.id, "", 10 * one.degree, one.answers) for one in rows]
    told = []
    for made in (planted(rows), planted(tenfold)):
        draws, chosen = drawn(made, resamples=20), picked(made, 1)
        told.append(
            indices.nearness(made, chosen, made.variable("group"), SIDES, BOTH, draws).value
        )
    assert told[0] == pytest.approx(told[1])


def test_group_that_does_not_exist_is_refused(forest: Forest) -> None:
    with pytest.raises(ValueError, match='"none" is not a level'):
        indices.Sides.of(forest.variable("group"), ("coop", "none"))


@pytest.mark.parametrize(("shuffles", "seed"), [(0, 1), (5, -1)])
def test_numbers_out_of_range_are_refused(forest: Forest, shuffles: int, seed: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        indices.shuffled(forest, forest.variable("group"), shuffles, seed)


def test_variable_keeps_its_order(forest: Forest) -> None:
    groups = Variable("group", ("coop", "pb"), np.array([0, 1, -1]))
    sides = indices.Sides.of(groups, SIDES)
    assert (sides.first.tolist(), sides.second.tolist()) == (
        [True, False, False],
        [False, True, False],
    )
