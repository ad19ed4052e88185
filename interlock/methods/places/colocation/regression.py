"""Count models with their ratios: Poisson, negative binomial (NB2), logit, and Firth's logit.

Fitted by iteratively reweighted least squares (`irls`), with an effect of each group.

- NB2: variance μ + α μ². α by maximum likelihood or by moments: J. F. Lawless, "Negative Binomial
  and Mixed Poisson Regression", Canadian Journal of Statistics 15 (1987); A. C. Cameron, P. K.
  Trivedi, "Regression Analysis of Count Data" (2013), 3.3.
- robust covariance: H. White (1980), J. MacKinnon, H. White (1985, HC1: n / (n - K)); by clusters:
  K.-Y. Liang, S. Zeger (1986), times G / (G - 1) · (n - 1) / (n - K), with Student's t of G - 1.
  Both take the observed information.
- Firth's logit: D. Firth, Biometrika 80 (1993); G. Heinze, M. Schemper, Statistics in Medicine 21
  (2002): a finite ratio where groups are separated.

Groups in which nothing was counted (or, for the logit, everything) say nothing about a ratio and
are left out (S. Correia, P. Guimarães, T. Zylkin, "Verifying the Existence of Maximum Likelihood
Estimates for Generalized Linear Models", 2019); `Fit.rows` says which rows stayed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri, digamma, ndtr, ndtri, stdtr, stdtrit

from interlock.methods.places.colocation.irls import (
    Booleans,
    Family,
    Floats,
    Integers,
    Model,
    Solved,
    check_columns,
    inverse_of,
    solved,
    swept_of,
)
from interlock.methods.places.colocation.reasons import refused

Errors = Literal["model", "HC1", "clustered"]

CONFIDENCE = 0.95
_LEAST_EXCESS = 1e-4


@dataclass(frozen=True)
class Ratio:
    """A ratio (of rates, or of odds) from `low` to `high`, and how far it could be chance.

    `p` is two-sided, `p_more` the chance of a ratio as high where the true one is 1 (for a method
    of likelihood ratio: half of `p`, on the side of the estimate).
    """

    name: str
    value: float
    low: float
    high: float
    p: float
    p_more: float
    method: str
    confidence: float = CONFIDENCE


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model. `rows` says which of the rows given were used; the model's arrays are of these.

    `rest` is where the scoring rested: `rest.coefficients` are log ratios, and `covariance` is theirs
    by `errors`, with `freedom` of Student's t (infinite except for clustered errors).
    """

    model: Model
    rows: Booleans
    rest: Solved
    covariance: Floats
    errors: Errors
    freedom: float

    @property
    def alpha(self) -> float:
        """The negative binomial's α; 0 is Poisson."""
        return self.model.alpha

    @property
    def residuals(self) -> Floats:
        """Pearson's residual of each row used: how far it is off, in deviations by the model."""
        model, means = self.model, self.rest.means
        variance = model.weights(means) if model.is_logit else means * (1 + self.alpha * means)
        # Where the model is certain to the last figure there is no variance, and it is not off.
        return np.divide(
            model.outcome - means, np.sqrt(variance), out=np.zeros(len(means)), where=variance > 0
        )

    @property
    def pearson(self) -> float:
        """Pearson's χ² by its freedom: far above 1, the model's own errors are too short.

        NaN where as much is fitted as there are rows.
        """
        taken = len(self.rest.coefficients) + len(self.rest.effects)
        left = len(self.rest.means) - taken
        return float((self.residuals**2).sum()) / left if left > 0 else math.nan

    def ratio(self, name: str, confidence: float = CONFIDENCE) -> Ratio:
        """The ratio of one column by Wald: symmetric on the log scale. KeyError for no such name.

        Raises ColocationError where its error is 0: all that tells it is fitted to the last figure.
        """
        place = _place(self.model.names, name)
        value = float(self.rest.coefficients[place])
        error = math.sqrt(self.covariance[place, place])
        if not error > 0:
            raise refused("separated", column=name)
        score, tail = value / error, (1 + confidence) / 2
        if math.isinf(self.freedom):
            reach, above = float(ndtri(tail)), float(ndtr(-score))
            p = 2 * float(ndtr(-abs(score)))
        else:
            reach, above = float(stdtrit(self.freedom, tail)), float(stdtr(self.freedom, -score))
            p = 2 * float(stdtr(self.freedom, -abs(score)))
        low, high = (_exp(value + side * reach * error) for side in (-1, 1))
        return Ratio(name, _exp(value), low, high, p, above, f"Wald, {self.errors}", confidence)

    def drop(self, name: str, at: float = 0.0) -> float:
        """Twice how far the (penalised) log likelihood falls where one coefficient is held at a value."""
        held = solved(self.model, held=(_place(self.model.names, name), at), start=self.rest)
        return max(0.0, 2 * (self.rest.target - held.target))

    def likelihood_ratio(self, name: str, confidence: float = CONFIDENCE) -> Ratio:
        """The ratio of one column by its profile likelihood (penalised, for Firth's logit).

        α is held where it is. Better than Wald with few events; says nothing of clusters.
        """
        place = _place(self.model.names, name)
        value = float(self.rest.coefficients[place])
        error = math.sqrt(self.rest.bread[place, place])
        limit = float(chdtri(1, 1 - confidence))

        def drop(at: float) -> float:
            return self.drop(name, at)

        def end(side: int) -> float:
            step, far = error * side, value + 2 * error * side
            while drop(far) <= limit:
                far += step
                step *= 1.5
            return float(brentq(lambda at: drop(at) - limit, value, far, xtol=1e-9))

        p = float(chdtrc(1, drop(0.0)))
        above = p / 2 if value > 0 else 1 - p / 2
        low, high = _exp(end(-1)), _exp(end(1))
        return Ratio(name, _exp(value), low, high, p, above, "likelihood ratio", confidence)


def fitted(
    outcome: NDArray[Any],
    columns: Mapping[str, NDArray[Any]],
    *,
    family: Family = "poisson",
    offset: NDArray[Any] | None = None,
    groups: NDArray[Any] | None = None,
    clusters: NDArray[Any] | None = None,
    trials: NDArray[Any] | None = None,
    alpha: float | Literal["likelihood", "moments"] = "likelihood",
    errors: Errors = "model",
) -> Fit:
    """Fit a count model: an array of n counts by named arrays of n numbers each.

    `groups` (numbers from 0) have an effect each; without them there is one intercept. `clusters` are
    those of clustered errors, `groups` unless given. `alpha` matters for the negative binomial only: a
    number, or how it is found. Raises ColocationError where there is no finite answer: nothing
    counted, a column that does not vary or follows from the others, separation.

    >>> counts, marked = np.array([2, 4, 9, 9]), np.array([0, 0, 1, 1])
    >>> fit = fitted(counts, {"marked": marked})
    >>> round(fit.ratio("marked").value, 6)
    3.0
    """
    model = _model(family, outcome, columns, offset, groups, clusters, trials)
    rows = _telling(model)
    model = _kept(model, rows)
    check_columns(model)
    if family == "negative binomial":
        model = replace(model, alpha=_alpha(model, alpha))
    rest = solved(model)
    covariance, freedom = _covariance(model, rest, errors)
    return Fit(model, rows, rest, covariance, errors, freedom)


def _model(
    family: Family,
    outcome: NDArray[Any],
    columns: Mapping[str, NDArray[Any]],
    offset: NDArray[Any] | None,
    groups: NDArray[Any] | None,
    clusters: NDArray[Any] | None,
    trials: NDArray[Any] | None,
) -> Model:
    rows = len(outcome)
    grouped = np.zeros(rows, np.int64) if groups is None else np.asarray(groups, np.int64)
    clustered = grouped if clusters is None else np.asarray(clusters, np.int64)
    moved = np.zeros(rows) if offset is None else np.asarray(offset, np.float64)
    tried = np.ones(rows) if trials is None else np.asarray(trials, np.float64)
    given = {name: np.asarray(column, np.float64) for name, column in columns.items()}
    known = {"outcome": np.asarray(outcome, np.float64), "offset": moved, "trials": tried, **given}
    for name, column in {**known, "groups": grouped, "clusters": clustered}.items():
        if column.shape != (rows,):
            raise refused("wrong-length", column=name)
    for name, column in known.items():
        if not np.isfinite(column).all():
            raise refused("not-numbers", column=name)
    table = np.stack(list(given.values()), axis=1) if given else np.zeros((rows, 0))
    return Model(family, tuple(given), known["outcome"], table, moved, grouped, clustered, tried)


def _telling(model: Model) -> Booleans:
    """The rows whose group has both something counted and, for a logit, something not."""
    if not len(model.outcome):
        raise refused("no-rows")
    if model.outcome.sum() == 0:
        raise refused("no-events")
    if model.is_logit and (model.outcome == model.trials).all():
        raise refused("all-events")
    counted = np.bincount(model.groups, model.outcome)
    some = counted > 0
    if model.is_logit:
        some &= counted < np.bincount(model.groups, model.trials)
    if not some.any():
        raise refused("no-rows")
    rows: Booleans = some[model.groups]
    return rows


def _kept(model: Model, rows: Booleans) -> Model:
    return replace(
        model,
        outcome=model.outcome[rows],
        columns=model.columns[rows],
        offset=model.offset[rows],
        groups=_numbered(model.groups[rows]),
        clusters=_numbered(model.clusters[rows]),
        trials=model.trials[rows],
    )


def _numbered(groups: Integers) -> Integers:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)


def _alpha(model: Model, how: float | Literal["likelihood", "moments"]) -> float:
    """α as given, by moments from the Poisson fit, or where the profile likelihood is highest."""
    if isinstance(how, (int, float)):
        if not (math.isfinite(how) and how >= 0):
            raise ValueError("α is a number from 0.")
        return float(how)
    rest = solved(model)
    squares = (model.outcome - rest.means) ** 2
    if how == "moments":
        return max(float((squares - rest.means).sum() / (rest.means**2).sum()), 0.0)
    # Where the slope at Poisson is not upwards, Poisson it is (Cameron, Trivedi 2013, 3.3.4).
    if float((squares - model.outcome).sum()) <= 0:
        return 0.0
    # Nearer to 0 the slope is lost in rounding, and the variance is Poisson's to four figures.
    low, high = math.log(_LEAST_EXCESS / float(rest.means.mean())), 0.0
    if _slope(model, rest, low) <= 0:
        return 0.0
    while _slope(model, rest, high) > 0:
        high += 2
    return math.exp(brentq(lambda at: _slope(model, rest, at), low, high, xtol=1e-12))


def _slope(model: Model, start: Solved, log_alpha: float) -> float:
    """The derivative of the profile likelihood by α (that of the means is 0 where they rest)."""
    alpha = math.exp(log_alpha)
    means = solved(replace(model, alpha=alpha), start=start).means
    size, outcome = 1 / alpha, model.outcome
    curved = np.log1p(alpha * means) - _digamma_step(size, outcome)
    return float((curved * size**2 + (outcome - means) / (alpha * (1 + alpha * means))).sum())


def _digamma_step(start: float, by: Floats) -> Floats:
    """ψ(start + by) - ψ(start), with all its figures where `start` is large (Stirling's series)."""
    end = start + by
    if start < 1e4:
        found: Floats = digamma(end) - digamma(start)
    else:
        found = np.log1p(by / start) + by / (2 * start * end)
        found += (1 / start**2 - 1 / end**2) / 12
    return found


def _covariance(model: Model, rest: Solved, errors: Errors) -> tuple[Floats, float]:
    if errors == "model":
        return rest.bread, math.inf
    rows, curved = len(rest.means), model.curvatures(rest.means)
    swept, _ = swept_of(model.columns, curved, model.groups)
    bread = inverse_of(swept.T @ (swept * curved[:, None]))
    taken = model.columns.shape[1] + len(rest.effects)
    if rows <= taken:
        raise refused("few-rows")
    scores = swept * model.residuals(rest.means)[:, None]
    if errors == "HC1":
        return bread @ (scores.T @ scores) @ bread * rows / (rows - taken), math.inf
    many = int(model.clusters.max()) + 1
    if many < 2:
        raise refused("no-variation", column="clusters")
    sums = np.stack([np.bincount(model.clusters, column) for column in scores.T], axis=1)
    scale = many / (many - 1) * (rows - 1) / (rows - taken)
    return bread @ (sums.T @ sums) @ bread * scale, float(many - 1)


def _place(names: tuple[str, ...], name: str) -> int:
    if name not in names:
        raise KeyError(name)
    return names.index(name)


def _exp(value: float) -> float:
    return math.exp(value) if value < 709 else math.inf
