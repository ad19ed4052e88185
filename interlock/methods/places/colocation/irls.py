"""Fisher scoring with the groups swept out: what all count models share.

A model has an effect of each group (one group: the intercept). These are swept out of each step
instead of having columns of their own (R. Frisch, F. V. Waugh, "Partial Time Regressions",
Econometrica 1, 1933; P. Guimarães, P. Portugal, Stata Journal 10, 2010), so that fifty states cost
what none do, with the very same coefficients and covariance. Normal equations by Cholesky; a step
that overshoots is halved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import gammaln

from interlock.methods.places.colocation.reasons import refused

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

Family = Literal["poisson", "negative binomial", "logit", "firth"]

_MOST_STEPS = 60
# With Firth's penalty the scoring nears its rest by a share each step, not by squares.
_MOST_STEPS_FIRTH = 150
_SETTLED = 1e-9
# Below this share of its own size a column is told by the others and the groups.
_LEAST_OWN = 1e-9


@dataclass(frozen=True, eq=False)
class Model:
    """What is fitted: an outcome, columns of numbers, groups with an effect each.

    `outcome` has the counts (for a logit: how many of `trials`, 1 each unless given); `columns` a row
    an area and a column a name; `offset` is added to the log mean (log odds); `groups` are numbers
    from 0; `clusters` too, for clustered errors.
    """

    family: Family
    names: tuple[str, ...]
    outcome: Floats
    columns: Floats
    offset: Floats
    groups: Integers
    clusters: Integers
    trials: Floats
    alpha: float = 0.0

    @property
    def is_logit(self) -> bool:
        return self.family in ("logit", "firth")

    def means(self, predictor: Floats) -> Floats:
        """The fitted mean of each row, by its log or log odds."""
        if self.is_logit:
            found: Floats = self.trials / (1 + np.exp(-np.clip(predictor, -700, 700)))
        else:
            found = np.exp(np.clip(predictor, -700, 700))
        return found

    def weights(self, means: Floats) -> Floats:
        """The expected information of each row about its predictor."""
        if self.is_logit:
            return means * (1 - means / self.trials)
        return means / (1 + self.alpha * means)

    def curvatures(self, means: Floats) -> Floats:
        """The observed information of each row: `weights`, but for the negative binomial."""
        if self.is_logit:
            return self.weights(means)
        return means * (1 + self.alpha * self.outcome) / (1 + self.alpha * means) ** 2

    def residuals(self, means: Floats) -> Floats:
        """Each row's score: the derivative of the log likelihood by its predictor."""
        if self.is_logit:
            return self.outcome - means
        return (self.outcome - means) / (1 + self.alpha * means)

    def likelihood(self, predictor: Floats) -> float:
        """The log likelihood, constants included (without Firth's penalty)."""
        outcome, means = self.outcome, self.means(predictor)
        if self.is_logit:
            chosen = gammaln(self.trials + 1) - gammaln(outcome + 1)
            chosen -= gammaln(self.trials - outcome + 1)
            each = chosen + outcome * predictor - self.trials * np.logaddexp(0, predictor)
        elif self.alpha == 0:
            each = outcome * predictor - means - gammaln(outcome + 1)
        else:
            size, growth = 1 / self.alpha, np.log1p(self.alpha * means)
            each = gammaln(outcome + size) - gammaln(size) - gammaln(outcome + 1)
            each += outcome * (math.log(self.alpha) + predictor) - (outcome + size) * growth
        return float(each.sum())


@dataclass(frozen=True, eq=False)
class Solved:
    """Coefficients and groups' effects, with all that the next step, or a covariance, needs.

    `swept` are the columns less their weighted means (`centres`) in each group, `information` is that
    of the coefficients and `bread` its inverse.
    """

    coefficients: Floats
    effects: Floats
    means: Floats
    weights: Floats
    swept: Floats
    centres: Floats
    information: Floats
    bread: Floats
    likelihood: float
    penalty: float
    steps: int = 0

    @property
    def target(self) -> float:
        return self.likelihood + self.penalty


def check_columns(model: Model) -> None:
    """Refuse a column that is constant in every group, or follows from those before it."""
    swept, _ = swept_of(model.columns, np.ones(len(model.outcome)), model.groups)
    size = np.sqrt((model.columns**2).sum(axis=0))
    basis = np.zeros((len(swept), 0))
    for place, name in enumerate(model.names):
        column = swept[:, place]
        own = column - basis @ (basis.T @ column)
        length = math.sqrt(float(own @ own))
        if length <= _LEAST_OWN * max(float(size[place]), 1e-300):
            raise refused("no-variation", column=name)
        basis = np.column_stack([basis, own / length])


def swept_of(table: Floats, weights: Floats, groups: Integers) -> tuple[Floats, Floats]:
    """Each column less its weighted mean in each group, and these means."""
    total = np.bincount(groups, weights)
    means = (
        np.stack([np.bincount(groups, weights * column) / total for column in table.T], axis=1)
        if table.shape[1]
        else np.zeros((len(total), 0))
    )
    return table - means[groups], means


def solved(
    model: Model,
    *,
    held: tuple[int, float] | None = None,
    start: Solved | None = None,
) -> Solved:
    """Fisher scoring, until no row's predictor moves; `held` keeps one coefficient at a value."""
    coefficients, effects = (
        _begun(model) if start is None else (start.coefficients.copy(), start.effects.copy())
    )
    free = np.ones(len(coefficients), np.bool_)
    if held is not None:
        coefficients[held[0]], free[held[0]] = held[1], False
    state = _state(model, coefficients, effects)
    most = _MOST_STEPS_FIRTH if model.family == "firth" else _MOST_STEPS
    for step in range(1, most + 1):
        by, moved = _move(model, state, free)
        state, halved = _taken(model, state, by, moved)
        change = np.abs(model.columns @ by + moved[model.groups]).max() * halved
        if change < _SETTLED:
            return replace(state, steps=step)
    raise _unsettled(model, by)


def _begun(model: Model) -> tuple[Floats, Floats]:
    counted = np.bincount(model.groups, model.outcome)
    if model.is_logit:
        tried = np.bincount(model.groups, model.trials)
        effects = np.log((counted + 0.5) / (tried - counted + 0.5))
    else:
        effects = np.log(counted / np.bincount(model.groups, np.exp(model.offset)))
    return np.zeros(model.columns.shape[1]), effects


def _state(model: Model, coefficients: Floats, effects: Floats) -> Solved:
    predictor = model.columns @ coefficients + effects[model.groups] + model.offset
    means = model.means(predictor)
    # A weight that underflows is a row that says nothing any more, not a division by 0.
    weights = np.maximum(model.weights(means), 1e-290)
    swept, centres = swept_of(model.columns, weights, model.groups)
    information = swept.T @ (swept * weights[:, None])
    bread = inverse_of(information)
    penalty = 0.0
    if model.family == "firth":
        totals = np.bincount(model.groups, weights)
        sign, size = np.linalg.slogdet(information)
        penalty = 0.5 * (float(np.log(totals).sum()) + float(size) * float(sign > 0))
    likelihood = model.likelihood(predictor)
    return Solved(
        coefficients,
        effects,
        means,
        weights,
        swept,
        centres,
        information,
        bread,
        likelihood,
        penalty,
    )


def inverse_of(information: Floats) -> Floats:
    """By Cholesky, each column first brought to its own scale."""
    if not len(information):
        return information
    scale = 1 / np.sqrt(np.maximum(np.diag(information), 1e-290))
    scaled = information * np.outer(scale, scale)
    try:
        factor = cho_factor(scaled, lower=True)
    except np.linalg.LinAlgError:
        # On its way to separation the information of two columns may become one.
        scaled[np.diag_indices(len(scaled))] += 1e-10
        factor = cho_factor(scaled, lower=True)
    found: Floats = cho_solve(factor, np.eye(len(scaled))) * np.outer(scale, scale)
    return found


def _move(model: Model, state: Solved, free: Booleans) -> tuple[Floats, Floats]:
    """The step of the coefficients and that of the groups' effects."""
    scores = model.residuals(state.means)
    if model.family == "firth":
        shares = state.means / model.trials
        scores = scores + _leverage(model, state) * (0.5 - shares)
    by = np.zeros(len(free))
    push = state.swept.T @ scores
    by[free] = inverse_of(state.information[np.ix_(free, free)]) @ push[free]
    totals = np.bincount(model.groups, state.weights)
    moved = np.bincount(model.groups, scores) / totals - state.centres @ by
    return by, moved


def _leverage(model: Model, state: Solved) -> Floats:
    totals = np.bincount(model.groups, state.weights)[model.groups]
    own = np.einsum("ij,jk,ik->i", state.swept, state.bread, state.swept, optimize=True)
    found: Floats = state.weights * (1 / totals + own)
    return found


def _taken(model: Model, state: Solved, by: Floats, moved: Floats) -> tuple[Solved, float]:
    """The step, halved until it does not make things worse; and by how much it was."""
    share = 1.0
    for _ in range(20):
        tried = _state(model, state.coefficients + share * by, state.effects + share * moved)
        if tried.target >= state.target - 1e-9 * (1 + abs(state.target)):
            break
        share /= 2
    return tried, share


def _unsettled(model: Model, by: Floats) -> Exception:
    """Whose coefficient was still going somewhere: a separated one moves by about 1 each step."""
    spread = model.columns.std(axis=0) * np.abs(by)
    if model.family == "firth" or not len(spread) or spread.max() < 1e-6:
        return refused("no-settling")
    return refused("separated", column=model.names[int(spread.argmax())])
