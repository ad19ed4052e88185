import numpy as np
import pytest

from interlock.methods.referral.estimates import rds_ii
from interlock.methods.referral.forest import planted
from interlock.methods.referral.intervals import salganik_bootstrap, tree_bootstrap
from interlock.methods.referral.synthetic import Shape, population, study


def test_population_is_as_it_was_asked_for() -> None:
    people = population(Shape(), 3)
    assert np.bincount(people.groups).tolist() == [1_120, 800, 80]
    assert people.truth == pytest.approx(0.35 * 0.56 + 0.70 * 0.40 + 0.525 * 0.04, abs=0.03)
    assert float(people.degrees.mean()) == pytest.approx(10, rel=0.1)
    of = np.repeat(np.arange(2_000), people.degrees)
    assert {*zip(of.tolist(), people.tied.tolist(), strict=True)} == {
        *zip(people.tied.tolist(), of.tolist(), strict=True)
    }
    assert (of != people.tied).all()
    sides = people.groups[of], people.groups[people.tied]
    apart = (sides[0] < 2) & (sides[1] < 2)
    assert float((sides[0] != sides[1])[apart].mean()) == pytest.approx(0.03, abs=0.01)


def test_study_is_a_forest_of_the_size_asked_for() -> None:
    forest = planted(study(population(Shape(), 1), 300, seed=1))
    assert (len(forest), forest.seeds >= 10) == (300, True)
    assert int(forest.recruits.max()) == 3
    assert study(population(Shape(), 1), 50, seed=1) == study(population(Shape(), 1), 50, seed=1)


def test_chains_that_end_are_begun_anew() -> None:
    forest = planted(study(population(Shape(), 1), 60, seeds=2, accepts=0.1))
    assert (len(forest), forest.seeds > 2) == (60, True)


def test_shape_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one person"):
        Shape(coop=0)
    with pytest.raises(ValueError, match="shares from 0 to 1"):
        Shape(across=2)
    with pytest.raises(ValueError, match="Fewer than 999 persons"):
        study(population(Shape(coop=20, pb=20, both=0)), 999)


def test_tree_bootstrap_holds_the_truth_where_the_binomial_interval_does_not() -> None:
    """The short form of `bench/referral_coverage.py`."""
    held = np.zeros(3)
    for number in range(40):
        people = population(Shape(), number)
        forest = planted(study(people, 300, seed=number))
        view = forest.variable("view")
        share = rds_ii(forest, view).share("yes")
        half = 1.96 * np.sqrt(share * (1 - share) / 300)
        ends = [(share - half, share + half)]
        for method in (salganik_bootstrap, tree_bootstrap):
            interval = method(forest, view, resamples=200, seed=number).intervals[1]
            ends.append((interval.low, interval.high))
        held += [low <= people.truth <= high for low, high in ends]
    binomial, salganik, tree = (held / 40).tolist()
    assert tree >= 0.95
    assert binomial < 0.85
    assert binomial < salganik < tree
