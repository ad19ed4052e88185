"""Axes: where a number stands between the edges, and the round numbers below it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: In percent of the width: where the axis begins and ends. Beyond it numbers run off to the edges.
LEFT, RIGHT = 4.0, 96.0
#: A number as far from 0 has no place on a linear axis.
ENDLESS = 1e300
#: A number as near to 0 is 0: a span of such has no tenth.
NOTHING = 1e-300
#: A linear axis has so many steps at most, a doubling one so many numbers.
MOST_STEPS, MOST_TICKS = 6, 9
#: Doublings that an interval may take beyond the values, and a value away from 1.
BEYOND, FARTHEST = 4, 10


@dataclass(frozen=True)
class Tick:
    """A round number on an axis: `at` is its place."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`; `doubling` where equal steps are equal ratios."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    doubling: bool = False

    def off(self, value: float) -> int:
        """Whether a number lies off the axis: -1 below, 1 above, 0 neither."""
        if self.doubling and value <= 0:
            return -1
        return -1 if value < self.low else 1 if value > self.high else 0

    def at(self, value: float) -> float:
        """The place of a number, in percent; 0 and 100 are the edges, where it runs off."""
        off = self.off(value)
        if off:
            return 0.0 if off < 0 else 100.0
        return _between(self.low, self.high, value, self.doubling)


def _between(low: float, high: float, value: float, doubling: bool) -> float:
    if doubling:
        low, high, value = math.log2(low), math.log2(high), math.log2(value)
    share = (value - low) / (high - low)
    return round(LEFT + share * (RIGHT - LEFT), 2)


def linear(values: Iterable[float]) -> Axis:
    """An axis with round numbers (1, 2 or 5 times a power of ten) at both ends, around all values.

    >>> [tick.text for tick in linear([1, 6, 7]).ticks]
    ['1', '2', '3', '4', '5', '6', '7']
    >>> [tick.text for tick in linear([0.14, 0.27]).ticks]
    ['0.10', '0.15', '0.20', '0.25', '0.30']
    >>> [tick.text for tick in linear([]).ticks]
    ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']
    """
    known = [value if abs(value) > NOTHING else 0.0 for value in values if abs(value) < ENDLESS]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    # All at one number, or as good as: something has to lie around it.
    room = (abs(low) if low == high else max(abs(low), abs(high)) * 1e-6) or 1.0
    if high - low < room:
        low, high = low - room / 2, high + room / 2
    step = _step(high - low)
    first, last = math.floor(low / step), math.ceil(high / step)
    low, high = first * step, last * step
    ticks = tuple(
        Tick(_between(low, high, number * step, False), _written(number * step, step))
        for number in range(first, last + 1)
    )
    return Axis(low, high, ticks)


def _step(span: float) -> float:
    """The least round step by which a span has `MOST_STEPS` at most."""
    power = 10.0 ** math.floor(math.log10(span / MOST_STEPS))
    return next(
        step for step in (power, 2 * power, 5 * power, 10 * power) if span / step <= MOST_STEPS
    )


def _written(value: float, step: float) -> str:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if decimals > 6 or abs(value) >= 1e6:
        return f"{value:.6g}"
    return f"{value + 0.0:,.{decimals}f}".replace("-0.", "−0.").replace("-", "−")


def doubling(values: Iterable[float], ends: Iterable[float] = ()) -> Axis:
    """An axis of ratios around 1 and all `values`, whose numbers double (or more, where it is long).

    Of the `ends` of intervals it shows `BEYOND` doublings beyond the values; the rest runs off.

    >>> [tick.text for tick in doubling([1.77], [0.38, 8.24]).ticks]
    ['1/4', '1/2', '1', '2', '4', '8', '16']
    """
    known = [value for value in (*values, 1.0) if value > 0 and math.isfinite(value)]
    lows, highs = (
        [max(-FARTHEST, min(map(math.log2, known)))],
        [min(FARTHEST, max(map(math.log2, known)))],
    )
    for end in ends:
        if end > 0 and math.isfinite(end):
            lows.append(max(math.log2(end), lows[0] - BEYOND))
            highs.append(min(math.log2(end), highs[0] + BEYOND))
    first, last = min(-1, math.floor(min(lows))), max(1, math.ceil(max(highs)))
    each = math.ceil((last - first + 1) / MOST_TICKS)
    low, high = 2.0**first, 2.0**last
    ticks = tuple(
        Tick(
            _between(low, high, 2.0**power, True),
            f"{2**power:,}" if power >= 0 else f"1/{2**-power:,}",
        )
        for power in range(first, last + 1)
        if power % each == 0
    )
    return Axis(low, high, ticks, doubling=True)
