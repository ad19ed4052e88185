"""How the shares of the groups settled as answers came, and whether the chains stay apart.

A point is told only when five more people of every kind that is told have come since the one before,
so that no point, and no difference of two, is of a few. Where some group is too small for that, and of
a single chain always, one group is told against all others.
"""

from math import ceil
from typing import Any

import numpy as np

from interlock.methods.referral import diagnostics
from interlock.methods.referral.forest import Booleans, Forest, Integers, Variable
from interlock.methods.referral.suppression import LEAST_CELL
from interlock.web.surveys.analysing.withholding import percent
from interlock.web.surveys.rules import about

#: A line has so many points at most, and all groups have lines if each would have so many at least.
MOST_POINTS, POINTS_OF_ALL = 24, 4
MOST_CHAINS = 6


def settled(forest: Forest, groups: Variable) -> dict[str, Any] | None:
    """The shares of the groups after so many answers; None if fewer than two points can be told."""
    series = diagnostics.convergence(forest, groups)
    codes = groups.codes[forest.arrival]
    codes = codes[codes >= 0]
    told, places = list(range(len(groups.levels))), places_told(codes, len(groups.levels))
    if len(places) < POINTS_OF_ALL:
        told = [_middling(groups)]
        places = places_told(codes == told[0], 2)
    if len(places) < 2:
        return None
    return {
        "groups": [groups.levels[group] for group in told],
        "points": [_point(series, place, told) for place in places],
    }


def apart(forest: Forest, groups: Variable) -> dict[str, Any] | None:
    """The share of one group within each of the largest chains; None if fewer than two can be told."""
    group, lines = _middling(groups), list[list[dict[str, Any]]]()
    codes, trees = groups.codes[forest.arrival], forest.trees[forest.arrival]
    for seed, series in diagnostics.bottlenecks(forest, groups):
        here = codes[(trees == forest.ids.index(seed)) & (codes >= 0)]
        if places := places_told(here == group, 2):
            lines.append([_point(series, place, [group]) for place in places])
    if len(lines) < 2:
        return None
    return {"group": groups.levels[group], "chains": lines[:MOST_CHAINS]}


def _middling(groups: Variable) -> int:
    """The group that is nearest to half of all: in its share chains can differ most."""
    sizes = np.bincount(groups.codes[groups.known], minlength=len(groups.levels))
    return int(np.abs(2 * sizes - sizes.sum()).argmin())


def _point(series: diagnostics.Series, place: int, told: list[int]) -> dict[str, Any]:
    return {
        "answered": about(int(series.respondents[place])),
        "shares": [percent(share) for share in series.shares[place, told].tolist()],
    }


def places_told(codes: Integers | Booleans, kinds: int) -> list[int]:
    """Where a series of people of so many kinds may be told; the last place is its end."""
    found, since = list[int](), [0] * kinds
    for place, code in enumerate(codes.tolist()):
        since[code] += 1
        if min(since) >= LEAST_CELL:
            found.append(place)
            since = [0] * kinds
    if found:
        # Who is left over joins the last ones.
        found[-1] = len(codes) - 1
    return found[:: -max(ceil(len(found) / MOST_POINTS), 1)][::-1]
