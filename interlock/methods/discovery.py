"""Many tests at once: how many of those that stand out would do so by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def false_discovery(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest share of false discoveries at which each test would be one (q values).

    Where q ≤ 0.05 are taken to stand out, on average at most 5 % of them do so by chance, if the
    tests are independent or rise together: Y. Benjamini, Y. Hochberg, Journal of the Royal
    Statistical Society B 57 (1995). A test without a p (NaN) counts for nothing.

    >>> false_discovery(np.array([0.01, 0.04, 0.03, 0.5])).round(3).tolist()
    [0.04, 0.053, 0.053, 0.5]
    """
    found = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    found[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return found
