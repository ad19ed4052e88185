import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from interlock.methods.places.colocation.by_people import redraw
from interlock.methods.places.colocation.naive import (
    fisher,
    free_permutation,
    propensity_redraw,
    stratified_permutation,
)
from interlock.methods.places.colocation.synthetic import country, world
from interlock.methods.places.colocation.table import Areas, areas
from tests.methods.places.colocation.samples import few, town


def test_naive_tests_find_what_is_not_there() -> None:
    alone = world(country(seed=2), seed=7)
    for test in (free_permutation, stratified_permutation):
        assert test(alone, resamples=199).p_more < 0.02
    assert fisher(alone).p_more < 1e-9
    assert redraw(alone, resamples=199).excess.p > 0.05


@settings(max_examples=60)
@given(few())
def test_fisher_is_that_of_scipy(given_areas: Areas) -> None:
    having = given_areas.counts > 0
    table = [
        [int((having & given_areas.marked).sum()), int((~having & given_areas.marked).sum())],
        [int((having & ~given_areas.marked).sum()), int((~having & ~given_areas.marked).sum())],
    ]
    found = fisher(given_areas)
    assert found.p_more == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue)
    assert found.p_less == pytest.approx(stats.fisher_exact(table, alternative="less").pvalue)


def test_permutation_has_the_mean_of_drawing_without_replacement() -> None:
    one = town()
    found = free_permutation(one, resamples=5_000)
    told = one.counts.mean() * one.marked.sum()
    assert found.mean == pytest.approx(told, rel=0.02)


def test_strata_keep_how_many_are_marked_in_each() -> None:
    one = town()
    strata = one.regions
    found = stratified_permutation(one, strata=strata.tolist(), resamples=5_000)
    told = sum(
        one.counts[strata == part].mean() * one.marked[strata == part].sum() for part in range(4)
    )
    assert found.mean == pytest.approx(told, rel=0.02)
    alone = stratified_permutation(one, strata=len(one), resamples=9)
    assert (alone.mean, alone.low) == (alone.observed, alone.observed)


def test_propensity_draws_given_the_number() -> None:
    """Beside drawing all and keeping those with the number: the same law."""
    one = areas(
        [f"a{place}" for place in range(8)],
        [10, 20, 30, 40, 80, 100, 200, 400],
        [0, 1, 0, 0, 0, 1, 0, 1],
        [1, 0, 2, 0, 3, 0, 5, 9],
    )
    found = propensity_redraw(one, resamples=20_000)
    from interlock.methods.places.colocation.regression import fitted

    log_people = np.log(one.population)
    chances = fitted(one.marked, {"size": log_people}, family="logit").rest.means
    tried = np.random.default_rng(1).random((100_000, 8)) < chances
    kept = tried[tried.sum(axis=1) == 3] @ one.counts
    assert found.mean == pytest.approx(kept.mean(), rel=0.02)
    assert found.p_more == pytest.approx((kept >= found.observed).mean(), abs=0.02)


def test_naive_tests_say_that_they_are() -> None:
    found = [
        fisher(town()),
        free_permutation(town(), resamples=9),
        stratified_permutation(town(), resamples=9),
        propensity_redraw(town(), resamples=9),
    ]
    assert [one.is_naive for one in found] == [True] * 4
    assert [str(one.null)[:5] for one in found] == ["Wrong", "Wrong", "Wrong", "Doubt"]
    assert found[1] == free_permutation(town(), resamples=9)
