import numpy as np
import pytest

from interlock.methods.referral.comparison import Comparison, compared
from interlock.methods.referral.estimates import rds_ii
from interlock.methods.referral.forest import Forest, Variable
from interlock.methods.referral.intervals import quotient, tree_bootstrap, tree_sums
from tests.methods.referral.samples import case


@pytest.fixture(scope="module")
def forest() -> Forest:
    return case()


@pytest.fixture(scope="module")
def found(forest: Forest) -> Comparison:
    return compared(
        forest,
        forest.variable("group"),
        forest.variable("view"),
        sides=("coop", "pb"),
        both="both",
        resamples=400,
    )


def within(forest: Forest, *groups: str) -> tuple[float, float]:
    """The share of "yes" in these groups together, and its standard error, taken by itself."""
    of = forest.variable("group")
    inside = np.isin(of.codes, [of.levels.index(group) for group in groups])
    codes = np.where(inside, forest.variable("view").codes, -1)
    part = Variable("view", ("no", "yes"), codes)
    spread = tree_bootstrap(forest, part, resamples=400)
    assert spread.estimate == rds_ii(forest, part)
    return spread.estimate.shares[1], spread.intervals[1].error


def test_groups_are_told_each_by_itself(forest: Forest, found: Comparison) -> None:
    assert [(one.name, one.respondents) for one in found.groups] == [
        ("both", 14),
        ("coop", 27),
        ("pb", 79),
    ]
    for group in found.groups:
        share, error = within(forest, group.name)
        assert group.shares[1] == pytest.approx(share)
        assert group.intervals[1].error == pytest.approx(error)


def test_people_of_both_are_on_both_sides(forest: Forest, found: Comparison) -> None:
    contrast = found.contrast
    assert contrast is not None
    sides = (contrast.first.respondents, contrast.second.respondents, contrast.both)
    assert sides == (41, 93, 14)
    first, second = within(forest, "coop", "both")[0], within(forest, "pb", "both")[0]
    assert contrast.first.shares[1] == pytest.approx(first)
    assert contrast.differences[1] == pytest.approx(first - second)


def test_variance_of_the_difference_has_the_covariance(forest: Forest, found: Comparison) -> None:
    of, view = forest.variable("group"), forest.variable("view")
    columns = []
    for groups in ((0, 1), (0, 2)):
        inside = np.isin(of.codes, groups) * forest.weights
        columns += [inside * (view.codes == 1), inside]
    sums = tree_sums(forest, np.stack(columns, axis=1), resamples=400)
    first, second = quotient(sums[:, 0], sums[:, 1]), quotient(sums[:, 2], sums[:, 3])
    usable = np.isfinite(first) & np.isfinite(second)
    table = np.cov(first[usable], second[usable])
    assert found.contrast is not None
    closed_form = table[0, 0] + table[1, 1] - 2 * table[0, 1]
    assert found.contrast.intervals[1].error ** 2 == pytest.approx(closed_form, rel=1e-9)
    assert abs(table[0, 1]) > 0.0005


def test_theta_of_two_answers_is_the_difference(forest: Forest, found: Comparison) -> None:
    """Of yes and no theta is 1/2 + (second - first) / 2, but for the people in both."""
    contrast = found.contrast
    assert contrast is not None
    assert contrast.theta is not None
    assert contrast.theta_interval is not None
    of, view = forest.variable("group"), forest.variable("view")
    wins = pairs = 0.0
    for one in np.flatnonzero(of.codes != 2):
        for other in np.flatnonzero(of.codes != 1):
            if one != other:
                weight = forest.weights[one] * forest.weights[other]
                wins += weight * (1 + np.sign(view.codes[other] - view.codes[one])) / 2
                pairs += weight
    assert contrast.theta == pytest.approx(wins / pairs)
    assert contrast.delta == pytest.approx(2 * wins / pairs - 1)
    assert contrast.delta_interval is not None
    assert contrast.delta_interval.low == pytest.approx(2 * contrast.theta_interval.low - 1)


def test_sides_that_share_nobody_need_no_both(forest: Forest) -> None:
    told = compared(
        forest, forest.variable("group"), forest.variable("view"), sides=("coop", "pb"), resamples=9
    )
    assert told.contrast is not None
    assert (told.contrast.both, told.contrast.first.respondents) == (0, 27)


def test_without_sides_there_is_no_contrast(forest: Forest) -> None:
    told = compared(forest, forest.variable("group"), forest.variable("view"), resamples=9)
    assert (len(told.groups), told.contrast) == (3, None)


def test_group_of_fewer_than_ten_is_not_estimated(forest: Forest) -> None:
    of = forest.variable("group")
    answers = [of.levels[code] for code in of.codes]
    few = iter(range(100))
    answers = ["" if one == "both" and next(few) >= 9 else one for one in answers]
    told = compared(
        forest,
        Variable.of("group", answers),
        forest.variable("view"),
        sides=("coop", "both"),
        resamples=9,
    )
    group = told.groups[0]
    assert (group.respondents, group.shares, group.intervals) == (9, (), ())
    assert group.reason is not None
    assert group.reason.facts == {"least": 10, "level": "both", "respondents": 9}
    assert told.contrast is not None
    assert told.contrast.reason == group.reason
    assert (told.contrast.delta, told.contrast.delta_interval) == (None, None)


def test_levels_that_do_not_fit_are_refused(forest: Forest) -> None:
    asked = forest.variable("group"), forest.variable("view")
    with pytest.raises(ValueError, match='"city" is not a level of group'):
        compared(forest, *asked, sides=("coop", "city"))
    with pytest.raises(ValueError, match="three different levels"):
        compared(forest, *asked, sides=("coop", "pb"), both="pb")
    with pytest.raises(ValueError, match="Name the two sides"):
        compared(forest, *asked, both="pb")
