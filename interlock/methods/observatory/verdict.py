"""One finding of many tests: the rules, in one place, chosen before any list was looked at.

Two tests decide, which trust different things: a model with population in it (`Judged.ratio`), and
the redraw, which has no model (`Judged.p_more` and `p_less`). All others are told and decide nothing,
so that nobody picks the one that pleases. docs/methods/observatory.md has the rules in words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from interlock.methods.observatory.reasons import Reason, reason, short
from interlock.methods.places.colocation.power import LEVEL, MOST_RATIO
from interlock.methods.places.colocation.regression import Ratio

# A ratio from 1 / ALIKE to ALIKE is taken for none that matters.
ALIKE = 1.5

Kind = Literal["together", "apart", "alike", "depends", "control", "cannot-tell", "no-answer"]
Measure = Literal["rates", "odds"]


@dataclass(frozen=True)
class Judged:
    """What a verdict is made of.

    `ratio` is that of the deciding model, `p_more` and `p_less` those of the redraw, each None where
    there is no answer. `least` is the least ratio that would have been found with a power of 0.8;
    None beyond 100. `beyond` is the ratio beyond the negative control.
    """

    measure: Measure
    ratio: Ratio | None
    p_more: float | None
    p_less: float | None
    least: float | None
    beyond: Ratio | None = None


def verdict(judged: Judged) -> Kind:
    """Which of the findings holds.

    - together (or apart): the model's interval lies above (below) 1, and the redraw is as rare on that
      side as half of `LEVEL`, for both ask both ways;
    - control: together, a negative control was given, and the ratio beyond it could be 1;
    - depends: one of the two says so and the other does not;
    - alike: neither does, and the whole interval lies from 1 / `ALIKE` to `ALIKE`;
    - cannot-tell: anything else, also where only one of the two has an answer and says nothing;
    - no-answer: neither has an answer.

    >>> odds = Ratio("marked", 1.77, 0.38, 8.24, 0.47, 0.23, "Wald, model")
    >>> verdict(Judged("odds", odds, 0.15, 0.95, None))
    'cannot-tell'
    """
    ratio, half = judged.ratio, LEVEL / 2
    if ratio is None and judged.p_more is None:
        return "no-answer"
    above = [ratio is not None and ratio.low > 1, _is_rare(judged.p_more, half)]
    below = [ratio is not None and ratio.high < 1, _is_rare(judged.p_less, half)]
    if all(above):
        held = judged.beyond is not None and judged.beyond.low <= 1 and judged.measure == "rates"
        return "control" if held else "together"
    if all(below):
        return "apart"
    if any(above) or any(below):
        return "depends"
    if ratio is not None and ratio.low >= 1 / ALIKE and ratio.high <= ALIKE:
        return "alike"
    return "cannot-tell"


def _is_rare(chance: float | None, level: float) -> bool:
    return chance is not None and chance <= level


def finding(judged: Judged) -> Reason:
    """The verdict as a sentence, with the effects that go with the lists and what could be found.

    >>> odds = Ratio("marked", 1.77, 0.38, 8.24, 0.47, 0.23, "Wald, model")
    >>> print(finding(Judged("odds", odds, 0.15, 0.95, 6.31)).facts)
    {'value': '1.8', 'low': '0.38', 'high': '8.2', 'least': '6.3'}
    """
    kind = verdict(judged)
    if kind == "no-answer":
        return reason(kind)
    value, low, high = (
        (0.0, 0.0, math.inf)
        if judged.ratio is None
        else (judged.ratio.value, judged.ratio.low, judged.ratio.high)
    )
    return reason(
        f"{kind}-{judged.measure}",
        value=short(value),
        low=short(low),
        high=short(high),
        least=f"> {short(MOST_RATIO)}" if judged.least is None else short(judged.least),
    )
