"""Do marked areas have more than their size predicts? Ratios of rates and of odds.

The first question of co-location, with population in the model: as an offset (twice the people,
twice the count) or as a covariate (the data say how steeply counts rise with people). Regions (states)
may have an effect each, with errors clustered by them: what differs between states is then no part
of the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import bdtr, bdtrc, betaincinv

from interlock.methods.places.colocation.irls import Booleans, Family, Floats
from interlock.methods.places.colocation.regression import (
    CONFIDENCE,
    Errors,
    Fit,
    Ratio,
    fitted,
)
from interlock.methods.places.colocation.table import Areas, check_two_sides

Size = Literal["offset", "covariate"]

MARKED = "marked"
LOG_POPULATION = "log population"


@dataclass(frozen=True)
class Compared:
    """The ratio of marked areas to others, and what went into it.

    `left_out` is how many areas said nothing, for nothing was counted in their region.
    """

    ratio: Ratio
    areas: int
    marked: int
    events: int
    left_out: int
    alpha: float
    pearson: float
    fit: Fit

    @property
    def likelihood_ratio(self) -> Ratio:
        """The same by its profile likelihood: better with few events, and blind to clusters."""
        return self.fit.likelihood_ratio(MARKED, self.ratio.confidence)


def rate_ratio(
    areas: Areas,
    *,
    family: Literal["poisson", "negative binomial"] = "poisson",
    size: Size = "offset",
    by_region: bool = False,
    errors: Errors | None = None,
    alpha: float | Literal["likelihood", "moments"] = "likelihood",
    confidence: float = CONFIDENCE,
) -> Compared:
    """The ratio of the rate a head in marked areas to that in others, all covariates held.

    `size` says how population enters. `by_region` gives each region an effect of its own, and its
    errors are clustered by region unless `errors` says otherwise. Raises ColocationError as `fitted`
    does.

    >>> from interlock.methods.places.colocation.table import areas
    >>> four = areas("abcd", [100, 300, 200, 200], [1, 1, 0, 0], [6, 6, 1, 3])
    >>> found = rate_ratio(four)
    >>> round(found.ratio.value, 6), round(found.ratio.low, 2), round(found.ratio.high, 2)
    (3.0, 0.97, 9.3)
    """
    check_two_sides(areas)
    log_people = np.log(areas.population.astype(np.float64))
    columns: dict[str, Floats] = {MARKED: areas.marked.astype(np.float64)}
    if size == "covariate":
        columns[LOG_POPULATION] = log_people
    fit = fitted(
        areas.counts,
        columns | dict(areas.covariates),
        family=family,
        offset=log_people if size == "offset" else None,
        groups=areas.regions if by_region else None,
        clusters=areas.regions,
        alpha=alpha,
        errors=errors or ("clustered" if by_region else "model"),
    )
    return _compared(areas, fit, confidence)


def odds_ratio(
    areas: Areas,
    *,
    size: Literal["none", "covariate"] = "covariate",
    by_region: bool = False,
    corrected: bool = False,
    errors: Errors | None = None,
    confidence: float = CONFIDENCE,
) -> Compared:
    """The ratio of the odds that anything was counted, in marked areas to others.

    For lists that say only whether an area has any. `corrected` takes Firth's penalty, for areas
    that a column separates; read its `likelihood_ratio`, for Wald's interval is too short there
    (Heinze, Schemper 2002). `size="none"` leaves population out: the naive ratio.
    """
    check_two_sides(areas)
    columns: dict[str, Floats] = {MARKED: areas.marked.astype(np.float64)}
    if size == "covariate":
        columns[LOG_POPULATION] = np.log(areas.population.astype(np.float64))
    family: Family = "firth" if corrected else "logit"
    fit = fitted(
        areas.counts > 0,
        columns | dict(areas.covariates),
        family=family,
        groups=areas.regions if by_region else None,
        clusters=areas.regions,
        errors=errors or ("clustered" if by_region else "model"),
    )
    return _compared(areas, fit, confidence)


def _compared(areas: Areas, fit: Fit, confidence: float) -> Compared:
    rows: Booleans = fit.rows
    return Compared(
        fit.ratio(MARKED, confidence),
        int(rows.sum()),
        int(areas.marked[rows].sum()),
        int(fit.model.outcome.sum()),
        int((~rows).sum()),
        fit.alpha,
        fit.pearson,
        fit,
    )


def exact_ratio(areas: Areas, confidence: float = CONFIDENCE) -> Ratio:
    """The rate ratio with its exact interval, for few events: it has an answer where models have none.

    Given how many were counted in all, those in marked areas are binomial (J. Przyborowski, H.
    Wilenski, Biometrika 31, 1940; interval of C. J. Clopper, E. S. Pearson, 1934: never too short
    for Poisson counts, and too short where they vary more). Population is an offset.

    >>> from interlock.methods.places.colocation.table import areas
    >>> found = exact_ratio(areas("ab", [1000, 1000], [1, 0], [4, 0]))
    >>> found.value, round(found.low, 3), found.high, found.p_more
    (inf, 0.66, inf, 0.0625)
    """
    check_two_sides(areas)
    many, inside = areas.events, int(areas.counts[areas.marked].sum())
    share = int(areas.population[areas.marked].sum()) / areas.people
    tail = (1 - confidence) / 2
    low = float(betaincinv(inside, many - inside + 1, tail)) if inside else 0.0
    high = float(betaincinv(inside + 1, many - inside, 1 - tail)) if inside < many else 1.0
    more = float(bdtrc(inside - 1, many, share)) if inside else 1.0
    p = min(1.0, 2 * min(more, float(bdtr(inside, many, share))))
    value, least, most = (_odds(one) / _odds(share) for one in (inside / many, low, high))
    return Ratio(MARKED, value, least, most, p, more, "exact, conditional", confidence)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
