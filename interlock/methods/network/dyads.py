"""Pairs of institutions: do those who differ in what they offer and share what they aim at tie up?

Pairs of one institution hang together, so that a regression over pairs has no ordinary p-value. The
multiple regression quadratic assignment procedure permutes institutions: what of a predictor the other
predictors do not tell is dealt anew (double semi-partialling: D. Dekker, D. Krackhardt and T. Snijders,
"Sensitivity of MRQAP Tests to Collinearity and Autocorrelation Conditions", Psychometrika 72:4, 2007).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from interlock.methods.blocks import generator
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Floats, Institution, Integers, Network
from interlock.methods.network.measure import Chance, Measure, chance, ratio

MOST_IN_PAIRS = 1_000
MRQAP = "mrqap-double-semi-partialling"


@dataclass(frozen=True)
class Coefficient:
    """One predictor's slope by least squares, its t, and the t of worlds in which it says nothing."""

    name: str
    estimate: float
    t: float
    chance: Chance


def jaccard(sets: Sequence[frozenset[str]]) -> Floats:
    """How much of what either has both have, for each pair; 0 where neither has anything.

    >>> float(jaccard([frozenset("ab"), frozenset("bc")])[0, 1])
    0.3333333333333333
    """
    terms = {term: place for place, term in enumerate(sorted(frozenset().union(*sets)))}
    table = np.zeros((len(sets), len(terms)))
    for row, one in enumerate(sets):
        table[row, [terms[term] for term in one]] = 1.0
    # Counts: whole numbers, and so the same in whatever order they are added.
    common, sizes = table @ table.T, table.sum(axis=1)
    either = sizes[:, None] + sizes - common
    found: Floats = common / np.maximum(either, 1)
    return found


def complementary(network: Network) -> Floats:
    """Dissimilar offers with a shared purpose: (1 - Jaccard of offers) x Jaccard of aims, each pair."""
    return _complementary(network.institutions)


def _complementary(institutions: Sequence[Institution]) -> Floats:
    offers = jaccard([one.offers for one in institutions])
    aims = jaccard([one.aims for one in institutions])
    found: Floats = (1 - offers) * aims
    return found


def mrqap(
    response: Floats, predictors: Mapping[str, Floats], drawing: Drawing = STANDARD
) -> tuple[Coefficient, ...]:
    """Regress pairs on pairs: square tables, the same institution in the same row and column.

    Where all tables are symmetric each pair counts once, else in both directions. p is two-sided, of t.
    A predictor that the others tell in full has NaN for all numbers. Raises ValueError for tables of
    different shapes or fewer pairs than predictors.

    >>> rng = np.random.default_rng(1)
    >>> x = rng.random((30, 30))
    >>> found = mrqap(x + rng.random((30, 30)), {"x": x, "noise": rng.random((30, 30))})
    >>> [one.chance.p <= 0.05 for one in found]
    [True, False]
    """
    tables = [np.asarray(one, np.float64) for one in (response, *predictors.values())]
    many = len(response)
    if any(one.shape != (many, many) for one in tables):
        raise ValueError("The tables are square, and all of one shape.")
    is_symmetric = all(np.array_equal(one, one.T) for one in tables)
    rows, columns = np.nonzero(np.tri(many, k=-1) if is_symmetric else 1 - np.eye(many))
    if len(rows) <= len(tables):
        raise ValueError("There are fewer pairs than predictors.")
    y = tables[0][rows, columns]
    xs = np.stack([one[rows, columns] for one in tables[1:]])
    found = []
    for place, name in enumerate(predictors):
        others = np.vstack([np.ones(len(y)), np.delete(xs, place, axis=0)])
        basis = _basis(others)
        rest, own = _residual(basis, y), _residual(basis, xs[place])
        if _dot(own, own) <= 1e-12 * max(_dot(xs[place], xs[place]), 1e-300):
            nothing = chance(np.nan, np.array([]), MRQAP)
            found.append(Coefficient(name, np.nan, np.nan, nothing))
            continue
        # Of the residuals as a table, which permuted institutions permute in rows and columns.
        table = np.zeros((many, many))
        table[rows, columns] = own
        if is_symmetric:
            table += table.T
        freedom = len(y) - len(tables)
        estimate, t = _slope(own, rest, freedom)
        work = partial(_permuted, _Dyads(table, rows, columns, basis, rest, freedom))
        drawn = drawing.drawn(work, numbers=8 * len(y), purpose=min(place, 7))
        found.append(Coefficient(name, estimate, t, chance(t, drawn, MRQAP, drawing.level)))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Dyads:
    table: Floats
    rows: Integers
    columns: Integers
    basis: Floats
    rest: Floats
    freedom: int


def _permuted(dyads: _Dyads, rng: np.random.Generator, number: int) -> Floats:
    found = np.empty(number)
    for draw in range(number):
        order = rng.permutation(len(dyads.table))
        own = dyads.table[order[dyads.rows], order[dyads.columns]]
        found[draw] = _slope(_residual(dyads.basis, own), dyads.rest, dyads.freedom)[1]
    return found


def _slope(own: Floats, rest: Floats, freedom: int) -> tuple[float, float]:
    """The slope of what is left of y on what is left of x, and its t (Frisch, Waugh and Lovell)."""
    square = _dot(own, own)
    slope = ratio(_dot(own, rest), square)
    left = max(_dot(rest, rest) - slope * slope * square, 0.0)
    return slope, ratio(slope, math.sqrt(ratio(left / freedom, square)))


def _basis(rows: Floats) -> Floats:
    """Orthonormal rows of the same span (Gram and Schmidt, twice); what adds nothing is left out."""
    found = list[Floats]()
    for row in rows:
        left = row
        for _twice in range(2):
            for one in found:
                left = left - _dot(one, left) * one
        size = np.sqrt(_dot(left, left))
        if size > 1e-9 * np.sqrt(_dot(row, row)):
            found.append(left / size)
    return np.stack(found)


def _residual(basis: Floats, values: Floats) -> Floats:
    left = values
    for one in basis:
        left = left - _dot(one, left) * one
    return left


def _dot(one: Floats, other: Floats) -> float:
    # No BLAS: it adds in an order which hangs on the threads.
    return float(np.einsum("p,p->", one, other))


def complementary_ties(network: Network, drawing: Drawing = STANDARD) -> tuple[Measure, ...]:
    """How complementary pairs with a tie are, less those without; and its t beside MRQAP's chance.

    Only institutions that said what they offer and aim at count, and of more than `MOST_IN_PAIRS` so many
    drawn at random: `n` is the number of pairs of them, coverage their share of all institutions. The regression has same kind and same place beside it, so
    that neither is mistaken for complementarity. Both measures carry the one test, of t.
    """
    known = np.array([bool(one.offers and one.aims) for one in network.institutions], np.bool_)
    chosen = np.flatnonzero(known)
    if len(chosen) > MOST_IN_PAIRS:
        drawn = generator(drawing.seed).choice(chosen, MOST_IN_PAIRS, replace=False)
        chosen = np.sort(drawn)
    many = len(chosen) * (len(chosen) - 1) // 2
    coverage = ratio(len(chosen), len(network))
    if many < 5:
        return (Measure("complementary-ties", float("nan"), "pairs", many, coverage),)
    alike = _complementary([network.institutions[place] for place in chosen])
    tied = network.graph.adjacency[chosen][:, chosen].toarray()
    lower = np.tri(len(chosen), k=-1, dtype=np.bool_)
    with_tie, without = alike[lower & (tied > 0)], alike[lower & (tied == 0)]
    difference = float("nan")
    if len(with_tie) and len(without):
        difference = float(with_tie.mean() - without.mean())
    kinds, regions = network.kinds[chosen], network.regions[chosen]
    beside = {
        "complementary": alike,
        "same-kind": (kinds[:, None] == kinds).astype(np.float64),
        "same-place": ((regions[:, None] == regions) & (regions >= 0)).astype(np.float64),
    }
    for table in beside.values():
        np.fill_diagonal(table, 0.0)
    tested = mrqap(tied, beside, drawing)[0]
    level = drawing.level
    return (
        Measure("complementary-ties", difference, "pairs", many, coverage, level=level),
        Measure("complementary-t", tested.t, "pairs", many, coverage, tested.chance, level=level),
    )
