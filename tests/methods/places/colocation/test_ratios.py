import math

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from interlock.methods.places.colocation.ratios import exact_ratio, odds_ratio, rate_ratio
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.colocation.table import Areas, areas
from tests.methods.places.colocation.samples import few, shuffled, town


def test_rate_ratio_finds_three() -> None:
    found = rate_ratio(town(number=400))
    assert found.ratio.low < 3 < found.ratio.high
    assert found.likelihood_ratio.low < 3 < found.likelihood_ratio.high
    assert (found.areas, found.left_out) == (400, 0)


@pytest.mark.parametrize("size", ["offset", "covariate"])
def test_regions_are_effects_with_clustered_errors(size: str) -> None:
    found = rate_ratio(town(number=400), size=size, by_region=True)  # type: ignore[arg-type]
    assert found.ratio.method == "Wald, clustered"
    assert found.ratio.low < 3 < found.ratio.high


@settings(max_examples=40)
@given(few())
def test_ratio_with_an_offset_is_that_of_observed_by_expected(some_areas: Areas) -> None:
    found = rate_ratio(some_areas).ratio
    marked, counts = some_areas.marked, some_areas.counts
    rates = [counts[side].sum() / some_areas.population[side].sum() for side in (marked, ~marked)]
    assert found.value == pytest.approx(rates[0] / rates[1], rel=1e-6)
    error = math.sqrt(1 / counts[marked].sum() + 1 / counts[~marked].sum())
    assert math.log(found.high / found.value) == pytest.approx(1.959964 * error, rel=1e-5)


@settings(max_examples=40)
@given(few())
def test_labels_swapped_turn_the_ratio_over(some_areas: Areas) -> None:
    other = areas(some_areas.codes, some_areas.population, ~some_areas.marked, some_areas.counts)
    assert rate_ratio(other).ratio.value == pytest.approx(1 / rate_ratio(some_areas).ratio.value)
    ours, theirs = exact_ratio(some_areas), exact_ratio(other)
    assert [ours.value, ours.low, ours.p] == pytest.approx(
        [1 / theirs.value, 1 / theirs.high, theirs.p]
    )


def test_order_of_areas_changes_nothing() -> None:
    ours = rate_ratio(town(), family="negative binomial", size="covariate", by_region=True)
    theirs = rate_ratio(
        shuffled(town(), 1), family="negative binomial", size="covariate", by_region=True
    )
    assert ours.ratio.value == pytest.approx(theirs.ratio.value, rel=1e-7)
    assert ours.ratio.high == pytest.approx(theirs.ratio.high, rel=1e-7)


def test_naive_odds_melt_with_population() -> None:
    rng = np.random.default_rng(1)
    people = (rng.lognormal(10, 1.5, 400) + 50).astype(int)
    many = people / (people + 4 * np.median(people))
    alike = areas(
        [f"a{place}" for place in range(400)],
        people,
        rng.random(400) < many,
        rng.random(400) < many,
    )
    naive, modelled = odds_ratio(alike, size="none").ratio, odds_ratio(alike).ratio
    assert naive.low > 2
    assert modelled.low < 1 < modelled.high
    corrected = odds_ratio(alike, corrected=True).likelihood_ratio
    assert corrected.value == pytest.approx(modelled.value, rel=0.05)


def test_odds_by_region_leave_out_regions_where_all_have_one() -> None:
    one = town()
    counts = np.where(one.regions == 0, 1, one.counts)
    found = odds_ratio(one.counting(np.where(one.regions == 1, 0, counts)), by_region=True)
    assert found.left_out >= int((one.regions <= 1).sum())


@settings(max_examples=40)
@given(few())
def test_exact_ratio_is_the_binomial_test_of_scipy(some_areas: Areas) -> None:
    found = exact_ratio(some_areas)
    inside = int(some_areas.counts[some_areas.marked].sum())
    share = some_areas.population[some_areas.marked].sum() / some_areas.people
    more = stats.binomtest(inside, some_areas.events, share, alternative="greater").pvalue
    assert found.p_more == pytest.approx(more)
    limits = stats.binomtest(inside, some_areas.events, share).proportion_ci(0.95, "exact")
    odds = share / (1 - share)
    assert found.low == pytest.approx(limits.low / (1 - limits.low) / odds)
    if limits.high < 1 - 1e-9:
        assert found.high == pytest.approx(limits.high / (1 - limits.high) / odds)


def test_exact_ratio_answers_where_the_model_cannot() -> None:
    nothing = areas("abc", [10, 20, 30], [1, 0, 0], [0, 3, 4])
    with pytest.raises(ColocationError, match="separates"):
        rate_ratio(nothing)
    found = exact_ratio(nothing)
    assert (found.value, found.low) == (0, 0)
    assert found.high > 1


@pytest.mark.parametrize(
    ("marked", "counts", "kind"),
    [
        ([0, 0], [1, 1], "none-marked"),
        ([1, 1], [1, 1], "all-marked"),
        ([1, 0], [0, 0], "no-events"),
    ],
)
def test_one_side_only_is_refused(marked: list[int], counts: list[int], kind: str) -> None:
    for asked in (rate_ratio, odds_ratio, exact_ratio):
        with pytest.raises(ColocationError) as told:
            asked(areas("ab", [1, 1], marked, counts))
        assert told.value.reason.kind == kind
