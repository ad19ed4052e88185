"""Numbers that statsmodels and esda are asked about, and what ours are beside theirs.

Where the two define a thing differently, it is compared after what they differ by: statsmodels' HC1
of a generalised linear model lacks the factor n / (n - K).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from interlock.methods.places.colocation.maps import lee, local_lee, moran, neighbours
from interlock.methods.places.colocation.regression import fitted

AGREED = Path(__file__).with_name("places_agreed.json")
FAMILIES, ERRORS = ("poisson", "negative binomial", "logit"), ("model", "HC1", "clustered")
# By how much, relative to 1 or the number itself, ours and theirs may be apart.
NEAR = {
    "coefficients": 1e-7,
    "errors": 1e-6,
    "likelihood": 1e-9,
    "pearson": 1e-7,
    "alpha": 1e-4,
    "best": 1e-4,
    "moran": 1e-12,
    "lee": 1e-12,
    "smoothing": 1e-12,
    "local": 1e-12,
}

Problem = dict[str, Any]
Answer = dict[str, Any]


def drawn(number: int) -> Problem:
    """The problem of a number: nine kinds of model, then a map, and so on."""
    rng = np.random.default_rng(number)
    kind = number % 10
    return _map(rng) if kind == 9 else _model(rng, FAMILIES[kind // 3], ERRORS[kind % 3])


def _model(rng: np.random.Generator, family: str, errors: str) -> Problem:
    rows = int(rng.integers(50, 120))
    marked, size = rng.random(rows) < 0.4, rng.normal(size=rows).round(3)
    groups, offset = rng.integers(0, 4, rows), (rng.normal(size=rows) / 2).round(3)
    effect, slope = rng.normal(size=2) / 2
    means = np.exp(0.8 + effect * marked + slope * size + offset)
    counts = rng.negative_binomial(2, 2 / (2 + means))
    return {
        "kind": "model",
        "family": family,
        "errors": errors,
        "outcome": (counts > 1 if family == "logit" else counts).astype(int).tolist(),
        "columns": np.column_stack([marked, size]).tolist(),
        "offset": offset.tolist(),
        "groups": groups.tolist(),
    }


def _map(rng: np.random.Generator) -> Problem:
    areas = int(rng.integers(20, 60))
    spots = rng.random((areas, 2))
    apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    near = np.argsort(apart, axis=1)[:, 1:4]
    pairs = np.column_stack([np.repeat(np.arange(areas), 3), near.ravel()])
    around = neighbours(pairs, areas)
    both = np.column_stack([np.repeat(np.arange(areas), around.many), around.places])
    x, y = rng.normal(size=(2, areas)).round(3)
    return {"kind": "map", "x": x.tolist(), "y": (x + y).round(3).tolist(), "pairs": both.tolist()}


def ours(problem: Problem) -> Answer:
    """What our own methods say of a problem; `alpha` goes along to the other library."""
    if problem["kind"] == "map":
        around = neighbours(np.array(problem["pairs"]), len(problem["x"]))
        x, y = np.array(problem["x"]), np.array(problem["y"])
        whole, local = lee(x, y, around, resamples=1), local_lee(x, y, around, resamples=1)
        smoothing = list(whole.smoothing)
        like = moran(x, around, resamples=1).observed
        return {
            "moran": like,
            "lee": whole.value,
            "smoothing": smoothing,
            "local": local.values.tolist(),
        }
    table = np.array(problem["columns"])
    fit = fitted(
        np.array(problem["outcome"]),
        {"marked": table[:, 0], "size": table[:, 1]},
        family=problem["family"],
        offset=np.array(problem["offset"]),
        groups=np.array(problem["groups"]),
        errors=problem["errors"],
    )
    errors = np.sqrt(np.diag(fit.covariance))
    if problem["errors"] == "HC1":
        rows, taken = len(table), 2 + len(fit.rest.effects)
        errors = errors * np.sqrt((rows - taken) / rows)
    found: Answer = {
        "coefficients": fit.rest.coefficients.tolist(),
        "errors": errors.tolist(),
        "likelihood": fit.rest.likelihood,
        "pearson": fit.pearson,
    }
    if problem["family"] == "negative binomial":
        found |= {"alpha": fit.alpha, "best": fit.rest.coefficients.tolist()}
    return found


def differing(found: Answer, theirs: Answer) -> Iterator[str]:
    """A line for each number that is farther off than `NEAR` says."""
    for name, answer in theirs.items():
        one, two = np.atleast_1d(found[name]), np.atleast_1d(answer)
        apart = float((np.abs(one - two) / np.maximum(1, np.abs(two))).max())
        if not apart <= NEAR[name]:
            yield f"{name} is off by {apart:.1e}"


def stored() -> list[tuple[Problem, Answer]]:
    return [(one["asked"], one["agreed"]) for one in json.loads(AGREED.read_text())]
