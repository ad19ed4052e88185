"""Rounding that loses nothing: half up, and largest remainders."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction


def half_up(number: Fraction) -> int:
    """The nearest whole number, halves up.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(7, 3))
    (3, 2)
    """
    return math.floor(number + Fraction(1, 2))


def apportioned(total: int, weights: Mapping[str, Fraction | int]) -> dict[str, int]:
    """Divide `total` minor units by `weights`, none of them below 0, exactly and to the last unit.

    Each gets the exact share rounded down; the units left over go, one each, to the largest parts
    cut off (Hamilton's method); of equal ones to the larger weight, then to the name that sorts
    first. Percentages are never rounded on the way. Nothing is divided where all weights are 0.
    Raises ValueError for a total or a weight below 0.

    >>> apportioned(1_200_000, {"alice": 4050, "bob": 3000, "carol": 2200})
    {'alice': 525406, 'bob': 389189, 'carol': 285405}
    """
    if total < 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("A total and its weights are 0 or more.")
    everything = sum(weights.values(), Fraction(0))
    if not everything:
        return dict.fromkeys(weights, 0)
    exact = {name: total * weight / everything for name, weight in weights.items()}
    found = {name: math.floor(share) for name, share in exact.items()}
    order = sorted(weights, key=lambda name: (found[name] - exact[name], -weights[name], name))
    for name in order[: total - sum(found.values())]:
        found[name] += 1
    return found
