import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats
from scipy.optimize import minimize

from interlock.methods.places.colocation.irls import Family
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.colocation.regression import Errors, Fit, fitted

FAMILIES: list[Family] = ["poisson", "negative binomial", "logit", "firth"]


def made(family: Family, seed: int = 0, number: int = 200, **options: object) -> Fit:
    rng = np.random.default_rng(seed)
    marked, size = rng.random(number) < 0.3, rng.normal(size=number)
    groups = rng.integers(0, 5, number)
    means = np.exp(0.5 + 0.8 * marked + 0.6 * size + 0.2 * groups)
    counts = rng.negative_binomial(2, 2 / (2 + means))
    outcome = counts > 2 if family in ("logit", "firth") else counts
    given = {"groups": groups, **options}
    return fitted(outcome, {"marked": marked, "size": size}, family=family, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("family", FAMILIES)
def test_model_finds_what_was_planted(family: Family) -> None:
    found = made(family, number=2_000).ratio("marked")
    assert found.low < math.exp(0.8) * (1.3 if family in ("logit", "firth") else 1) < found.high
    assert found.p < 1e-6
    assert found.p_more == pytest.approx(found.p / 2)


@pytest.mark.parametrize(("mean", "size"), [(1e6, 5e6), (3.0, 0.1)])
def test_alpha_is_found_small_and_large(mean: float, size: float) -> None:
    counts = np.random.default_rng(0).negative_binomial(size, size / (size + mean), 3_000)
    found = fitted(counts, {}, family="negative binomial").alpha
    assert found == pytest.approx(1 / size, rel=0.1)


def test_negative_binomial_finds_its_alpha() -> None:
    assert made("negative binomial", number=4_000).alpha == pytest.approx(0.5, abs=0.06)
    moments = made("negative binomial", number=4_000, alpha="moments").alpha
    assert moments == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("family", FAMILIES[:3])
def test_fit_is_where_the_likelihood_is_highest(family: Family) -> None:
    fit = made(family)

    def lost(at: np.ndarray) -> float:
        model = fit.model
        predictor = model.columns @ at[:2] + at[2:][model.groups] + model.offset
        return -model.likelihood(predictor)

    best = np.concatenate([fit.rest.coefficients, fit.rest.effects])
    again = minimize(lost, best + 0.05, method="BFGS", options={"gtol": 1e-7})
    assert fit.rest.likelihood >= -again.fun - 1e-7
    assert best == pytest.approx(again.x, abs=1e-4)


def test_likelihood_is_that_of_scipy() -> None:
    poisson, negative, logit = (made(family) for family in FAMILIES[:3])
    outcome, means = poisson.model.outcome, poisson.rest.means
    assert poisson.rest.likelihood == pytest.approx(stats.poisson.logpmf(outcome, means).sum())
    size, means = 1 / negative.alpha, negative.rest.means
    told = stats.nbinom.logpmf(outcome, size, size / (size + means)).sum()
    assert negative.rest.likelihood == pytest.approx(told)
    told = stats.bernoulli.logpmf(logit.model.outcome, logit.rest.means).sum()
    assert logit.rest.likelihood == pytest.approx(told)


@pytest.mark.parametrize("errors", ["model", "HC1", "clustered"])
@pytest.mark.parametrize("family", FAMILIES[:3])
def test_groups_swept_out_are_columns_of_their_own(family: Family, errors: Errors) -> None:
    swept = made(family, errors=errors, alpha=0.5)
    model = swept.model
    columns = {name: model.columns[:, place] for place, name in enumerate(model.names)}
    columns |= {f"group {place}": model.groups == place for place in range(1, 5)}
    plain = fitted(
        model.outcome, columns, family=family, clusters=model.groups, errors=errors, alpha=0.5
    )
    for name in model.names:
        ours, theirs = swept.ratio(name), plain.ratio(name)
        assert [ours.value, ours.low, ours.p] == pytest.approx(
            [theirs.value, theirs.low, theirs.p], rel=1e-6
        )


def test_group_in_which_nothing_was_counted_changes_nothing() -> None:
    counts, marked = np.array([2, 4, 9, 9]), np.array([0, 0, 1, 1])
    groups = np.array([0, 1, 0, 1])
    fit = fitted(counts, {"marked": marked}, groups=groups)
    more = fitted(
        np.append(counts, [0, 0]),
        {"marked": np.append(marked, [0, 1])},
        groups=np.append(groups, [7, 7]),
    )
    assert more.rows.tolist() == [True] * 4 + [False] * 2
    assert more.ratio("marked") == fit.ratio("marked")


@given(some.lists(some.integers(1, 30), min_size=4, max_size=4))
def test_firth_of_a_table_adds_a_half_to_each_cell(table: list[int]) -> None:
    a, b, c, d = table
    outcome = np.repeat([1, 0, 1, 0], table)
    marked = np.repeat([1, 1, 0, 0], table)
    found = fitted(outcome, {"marked": marked}, family="firth").ratio("marked")
    odds = (a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))
    assert found.value == pytest.approx(odds, rel=1e-6)


def test_trials_are_as_many_rows() -> None:
    together = fitted(
        np.array([3, 7]), {"marked": np.array([0, 1])}, family="logit", trials=np.array([10, 10])
    ).ratio("marked")
    outcome, marked = np.repeat([1, 0, 1, 0], [3, 7, 7, 3]), np.repeat([0, 1], [10, 10])
    apart = fitted(outcome, {"marked": marked}, family="logit").ratio("marked")
    assert [together.value, together.low] == pytest.approx([apart.value, apart.low])


@settings(max_examples=25)
@given(some.sampled_from(FAMILIES), some.integers(0, 50), some.floats(0.01, 100))
def test_order_and_scale_change_no_ratio(family: Family, seed: int, scale: float) -> None:
    fit = made(family, seed, 80, errors="clustered")
    model, order = fit.model, np.random.default_rng(seed).permutation(int(fit.rows.sum()))
    columns = {"marked": model.columns[order, 0], "size": model.columns[order, 1] * scale + 3}
    again = fitted(
        model.outcome[order], columns, family=family, groups=model.groups[order], errors="clustered"
    )
    ours, theirs = fit.ratio("marked"), again.ratio("marked")
    assert [ours.value, ours.low, ours.high] == pytest.approx(
        [theirs.value, theirs.low, theirs.high], rel=1e-5
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_profile_interval_ends_where_the_likelihood_has_dropped(family: Family) -> None:
    fit = made(family)
    wald, profile = fit.ratio("marked"), fit.likelihood_ratio("marked")
    assert profile.value == wald.value
    assert [profile.low, profile.high] == pytest.approx([wald.low, wald.high], rel=0.05)
    if family == "firth":
        return
    model, rest = fit.model, fit.rest
    outcome, held = model.outcome, math.log(profile.low) * model.columns[:, 0]
    options = {"alpha": fit.alpha} if family == "negative binomial" else {}
    other = fitted(
        outcome,
        {"size": model.columns[:, 1]},
        family=family,
        offset=held,
        groups=model.groups,
        **options,  # type: ignore[arg-type]
    )
    drop = 2 * (rest.likelihood - other.rest.likelihood)
    assert drop == pytest.approx(stats.chi2.ppf(0.95, 1), rel=1e-6)


def test_profile_interval_of_a_separated_table_has_one_end() -> None:
    outcome, marked = np.repeat([1, 0, 0], [6, 2, 9]), np.repeat([1, 1, 0], [6, 2, 9])
    found = fitted(outcome, {"marked": marked}, family="firth").likelihood_ratio("marked")
    assert found.low > 1
    assert math.isfinite(found.high)


def test_poisson_of_what_varies_less_is_its_negative_binomial() -> None:
    counts, marked = np.array([3, 3, 4, 9, 9, 8]), np.array([0, 0, 0, 1, 1, 1])
    found = fitted(counts, {"marked": marked}, family="negative binomial")
    assert found.alpha == 0
    assert found.ratio("marked") == fitted(counts, {"marked": marked}).ratio("marked")
    moments = fitted(counts, {"marked": marked}, family="negative binomial", alpha="moments")
    assert moments.alpha == 0


@pytest.mark.parametrize(
    ("outcome", "columns", "options", "kind"),
    [
        ([0, 0, 0], {"x": [0, 1, 1]}, {}, "no-events"),
        ([1, 1, 1], {"x": [0, 1, 1]}, {"family": "logit"}, "all-events"),
        ([], {}, {}, "no-rows"),
        ([1, 0, 1, 0], {"x": [0, 1, 1, 0]}, {"family": "logit", "groups": [0, 1, 0, 1]}, "no-rows"),
        ([1, 2, 3], {"x": [1, 1, 1]}, {}, "no-variation"),
        ([1, 2, 3, 4], {"x": [1, 2, 3, 3], "y": [2, 4, 6, 6]}, {}, "no-variation"),
        ([1, 2, 3, 4], {"x": [1, 1, 0, 0]}, {"groups": [0, 0, 1, 1]}, "no-variation"),
        ([1, 2, 3, 4], {"x": [1, 0, 1, 0]}, {"errors": "clustered"}, "no-variation"),
        ([0, 0, 3, 4], {"x": [1, 1, 0, 0]}, {}, "separated"),
        ([0, 0, 3, 4], {"x": [1, 1, 0, 0]}, {"family": "negative binomial"}, "separated"),
        # On the way two columns become one.
        (
            [0, 0, 3, 4],
            {"x": [1, 1, 0, 0], "y": [1, 0, 0, 0]},
            {"offset": [0, -40, 0, 0]},
            "separated",
        ),
        ([1, 2], {"x": [0, 1]}, {"errors": "HC1"}, "few-rows"),
        ([0, 0, 1, 1], {"x": [1, 2, 3, 4]}, {"family": "logit"}, "separated"),
        ([1, 2], {"x": [1, 2, 3]}, {}, "wrong-length"),
        ([1, 2, 3], {"x": [1, math.nan, 3]}, {}, "not-numbers"),
    ],
)
def test_model_without_an_answer_says_why(
    outcome: list[int], columns: dict[str, list[float]], options: dict[str, object], kind: str
) -> None:
    options = {
        name: np.array(one) if name in ("groups", "offset") else one
        for name, one in options.items()
    }
    with pytest.raises(ColocationError) as told:
        fitted(
            np.array(outcome),
            {name: np.array(one) for name, one in columns.items()},
            **options,  # type: ignore[arg-type]
        )
    assert told.value.reason.kind == kind


def test_alpha_and_name_out_of_range_are_refused() -> None:
    counts, marked = np.array([2, 4, 9, 9]), np.array([0, 0, 1, 1])
    with pytest.raises(ValueError, match="α is a number from 0"):
        fitted(counts, {"marked": marked}, family="negative binomial", alpha=-1.0)
    with pytest.raises(KeyError):
        fitted(counts, {"marked": marked}).ratio("size")


def test_pearson_tells_spread_beyond_poisson() -> None:
    assert made("poisson", number=2_000).pearson > 2
    assert made("negative binomial", number=2_000).pearson == pytest.approx(1, abs=0.2)
    assert made("logit", number=2_000).pearson == pytest.approx(1, abs=0.2)


def test_certain_row_is_not_off_and_leaves_no_ratio() -> None:
    """Where all is fitted to the last figure there is no variance: no residual, and no error."""
    size = np.array([-60.0, -50.0, -1.0, 0.0, 0.5, 1.0, 50.0, 60.0])
    fit = fitted(np.array([0, 0, 0, 1, 0, 1, 1, 1]), {"size": size}, family="logit")
    assert np.isfinite(fit.residuals).all()
    assert math.isfinite(fit.pearson)
    sure = replace(fit, covariance=np.zeros((1, 1)))
    with pytest.raises(ColocationError) as told:
        sure.ratio("size")
    assert told.value.reason.kind == "separated"
