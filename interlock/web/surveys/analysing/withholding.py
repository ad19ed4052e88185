"""What may be told, decided before anything is stored: rounded, whole percentages, small cells out.

No count of a group leaves the worker but rounded to the next multiple of five, so that none is told by
what is left of another; a group of fewer than ten is not told of at all. A share is whole per cent,
and is left out where its cell has fewer than five people (ten, where a question is sensitive), together
with a ring of further cells (`methods.referral.suppression`), the sizes of groups taken for known.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, isfinite
from typing import Any

import numpy as np

from interlock.methods.referral.comparison import LEAST_IN_GROUP
from interlock.methods.referral.forest import Floats
from interlock.methods.referral.indices import Measure
from interlock.methods.referral.intervals import Interval
from interlock.methods.referral.reasons import Reason, reason
from interlock.methods.referral.suppression import published
from interlock.web.surveys.rules import LEAST_TOLD, about

LEAST_SENSITIVE = 10
# A mean is nobody's to guess: no single answer makes up more of it than this.
MOST_OF_A_MEAN = 0.5

Shown = tuple[bool, ...]
Told = dict[str, Any]


def percent(share: float) -> int | None:
    return round(100 * share) if isfinite(share) else None


def outward(interval: Interval, scale: float = 100) -> tuple[int, int] | None:
    """An interval in whole numbers that holds the whole of it."""
    if not (isfinite(interval.low) and isfinite(interval.high)):
        return None
    # What is a whole number but for a rounding error stays one.
    return floor(scale * interval.low + 1e-9), ceil(scale * interval.high - 1e-9)


def may_show(rows: Mapping[str, Sequence[int]], *, least: int) -> tuple[dict[str, Shown], Shown]:
    """Which cells of a question may be told, by group, and which of all groups together.

    `rows` are the counts of each answer in groups that share nobody.
    """
    told = published(list(rows.values()), least=least, open_rows=True)
    shown = {
        name: tuple(cell is not None and cell >= least for cell in cells)
        for name, cells in zip(rows, told.cells, strict=True)
    }
    return shown, tuple(cell is not None and cell >= least for cell in told.columns)


def masked(values: Sequence[Any], shown: Shown) -> list[Any]:
    return [value if may else None for value, may in zip(values, shown, strict=True)]


def shares(values: Sequence[float], shown: Shown) -> list[int | None]:
    return masked([percent(value) for value in values], shown)


def intervals(values: Sequence[Interval], shown: Shown) -> list[tuple[int, int] | None]:
    return masked([outward(value) for value in values], shown)


def is_of_many(weighted: Floats) -> bool:
    """Whether a mean of these may be told: at least ten, and nobody is half of it."""
    known = np.abs(weighted[np.isfinite(weighted)])
    total = float(known.sum())
    return len(known) >= LEAST_TOLD and 0 < float(known.max()) <= MOST_OF_A_MEAN * total


def told(one: Reason) -> dict[str, object] | None:
    """A reason that may be stored, its size rounded as all sizes are; None if that is too small."""
    size = one.facts.get("respondents")
    if not isinstance(size, int):
        return one.to_json()
    known = about(size)
    return (
        None if known is None else Reason(one.kind, {**one.facts, "respondents": known}).to_json()
    )


SCALES = {"percent": 100, "index": 100, "steps": 10, "ratio": 10, "distance": 1000, "change": 1000}


def measure_told(name: str, measure: Measure | None, *, unit: str, why: Reason | None) -> Told:
    """A measure as it is stored: per cent in whole numbers, an index and steps in tenths or finer."""
    if measure is not None and not isfinite(measure.value):
        why = why or reason("two-needed")
    if measure is None or why is not None:
        few = reason("few-answered", least=LEAST_IN_GROUP)
        stored = (why and told(why)) or few.to_json()
        return {"name": name, "unit": unit, "value": None, "why": stored}
    scale = SCALES[unit]
    return {
        "name": name,
        "unit": unit,
        "value": round(scale * measure.value),
        "interval": outward(measure.interval, scale),
        "chance": outward(measure.chance, scale) if measure.chance else None,
        "answered": about(measure.respondents),
        "why": None,
    }
