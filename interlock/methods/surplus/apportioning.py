"""Rounding that loses nothing: half up, and largest remainders."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction


def half_up(number: Fraction) -> int:
    """The nearest whole number, halves up.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(7, 3))
    (3, 2)
    """
    return math.floor(number + Fraction(1, 2))


def summed(numbers: Iterable[Fraction]) -> Fraction:
    """The exact sum, found with one common denominator.

    >>> summed([Fraction(1, 2), Fraction(1, 3)]), summed([])
    (Fraction(5, 6), Fraction(0, 1))
    """
    found = list(numbers)
    unit = math.lcm(*(one.denominator for one in found))
    return Fraction(sum(one.numerator * (unit // one.denominator) for one in found), unit)


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
    unit = math.lcm(*(weight.denominator for weight in weights.values()))
    whole = {
        name: weight.numerator * (unit // weight.denominator) for name, weight in weights.items()
    }
    everything = sum(whole.values())
    if not everything:
        return dict.fromkeys(weights, 0)
    parts = {name: divmod(total * weight, everything) for name, weight in whole.items()}
    found = {name: part for name, (part, _) in parts.items()}
    order = sorted(whole, key=lambda name: (-parts[name][1], -whole[name], name))
    for name in order[: total - sum(found.values())]:
        found[name] += 1
    return found
