"""Whether those who offer little offer what those offer who offer much: NODF.

M. Almeida-Neto et al., "A Consistent Metric for Nestedness Analysis in Ecological Systems", Oikos 117:8
(2008). How nested a table is follows mostly from its sums, so that the number alone means nothing: it is
set beside tables with the same sums of rows and columns (G. Strona et al., "A Fast and Unbiased Procedure
to Randomize Ecological Binary Matrices with Fixed Row and Column Totals", Nature Communications 5, 2014:
the curveball).
"""

from __future__ import annotations

from functools import partial

import numpy as np

from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.graph import Booleans, Floats, Network
from interlock.methods.network.measure import Measure, chance, ratio

CURVEBALL = "curveball-fixed-fixed"
# Trades a row: after so many a table has forgotten where it came from (Strona et al.).
_TRADES = 5
# So many rows are set beside all others at a time.
_ROWS = 512


def nodf(table: Booleans) -> float:
    """Nestedness of a table by overlap and decreasing fill, 0 to 100; NaN without two rows or columns.

    Rows and columns without an entry are left out. Two rows with as many entries each are not nested.

    >>> nodf(np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0]], bool))
    100.0
    """
    kept = table[table.any(axis=1)][:, table.any(axis=0)].astype(np.float64)
    sums = [_overlap(kept), _overlap(kept.T)]
    pairs = sum(len(one) * (len(one) - 1) / 2 for one in (kept, kept.T))
    return 100 * ratio(sum(sums), pairs)


def _overlap(table: Floats) -> float:
    sizes, found = table.sum(axis=1), 0.0
    for at in range(0, len(table), _ROWS):
        # Counts: whole numbers, and so the same in whatever order they are added.
        common = table[at : at + _ROWS] @ table.T
        nested = sizes[at : at + _ROWS, None] > sizes
        found += float((common / np.maximum(sizes, 1))[nested].sum())
    return found


def curveball(table: Booleans, rng: np.random.Generator) -> Booleans:
    """Another table with the same sums of rows and columns, all of them equally likely.

    >>> one = np.array([[1, 1, 0], [0, 1, 1]], bool)
    >>> other = curveball(one, np.random.default_rng(0))
    >>> other.sum(axis=0).tolist(), other.sum(axis=1).tolist()
    ([1, 2, 1], [2, 2])
    """
    turned = table.T if table.shape[1] < table.shape[0] else table
    rows = [set(np.flatnonzero(row).tolist()) for row in turned]
    many = len(rows)
    if many < 2:
        return table.copy()
    trades = _TRADES * many
    first = rng.integers(0, many, trades)
    second = (first + rng.integers(1, many, trades)) % many
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        mine, theirs = sorted(rows[one] - rows[other]), sorted(rows[other] - rows[one])
        if not mine or not theirs:
            continue
        pool = rng.permutation(mine + theirs).tolist()
        common = rows[one] & rows[other]
        rows[one] = common.union(pool[: len(mine)])
        rows[other] = common.union(pool[len(mine) :])
    found = np.zeros_like(turned)
    for place, row in enumerate(rows):
        found[place, list(row)] = True
    return found.T if turned is not table else found


def nestedness(network: Network, drawing: Drawing = STANDARD) -> Measure:
    """NODF of institutions and what they offer, beside the curveball's.

    `n` is how many offers there are, coverage the share of institutions that offer something.
    """
    terms = sorted(frozenset[str]().union(*(one.offers for one in network.institutions)))
    place = {term: number for number, term in enumerate(terms)}
    table = np.zeros((len(network), len(terms)), np.bool_)
    for row, one in enumerate(network.institutions):
        table[row, [place[term] for term in one.offers]] = True
    offering = table.any(axis=1)
    coverage = float(offering.mean()) if len(network) else float("nan")
    value, many = nodf(table), int(table.sum())
    beside = None
    if np.isfinite(value):
        drawn = drawing.drawn(partial(_curveballs, table[offering]), numbers=50 * table.size)
        beside = chance(value, drawn, CURVEBALL, drawing.level)
    return Measure("nodf", value, "offers", many, coverage, beside, level=drawing.level)


def _curveballs(table: Booleans, rng: np.random.Generator, number: int) -> Floats:
    return np.array([nodf(curveball(table, rng)) for _draw in range(number)])
