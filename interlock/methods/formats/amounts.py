"""Amounts of money in files: decimal text to exact whole numbers and back, never a float.

>>> amount = Amount.read("2458488.22")
>>> amount.times(100)
245848822
>>> decimal_text(245848822, unit=100)
'2458488.22'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from interlock.methods.counting.exact import rounded_text

__all__ = ["MOST_DIGITS", "Amount", "decimal_text", "rounded_text"]

MOST_DIGITS = 40

_PLAIN = re.compile(r"([0-9]+)(?:([.,])([0-9]+))?")


@dataclass(frozen=True)
class Amount:
    """A decimal number as written: `digits` without the point, `decimals` of them after it."""

    digits: int
    decimals: int
    comma: bool = False

    @classmethod
    def read(cls, text: str) -> Amount:
        """Read an amount, trailing zeros after the point dropped.

        Raises ValueError, in a sentence that says what to write instead, for a sign, an exponent,
        a separator, or anything but the digits 0 to 9 and one point (or a comma before one or two
        decimals).
        """
        if len(text) > MOST_DIGITS + 1:
            raise ValueError(
                f"has {len(text):,} characters, more than any amount needs; "
                f"write at most {MOST_DIGITS} digits"
            )
        match = _PLAIN.fullmatch(text)
        if match is None:
            raise ValueError(f'is "{text}"; {_advice(text)}')
        whole, mark, decimals = match[1], match[2], (match[3] or "")
        if mark == "," and len(decimals) > 2:
            raise ValueError(
                f'is "{text}", which may mean thousands or decimals; '
                "write thousands without a separator and decimals after a point"
            )
        decimals = decimals.rstrip("0")
        return cls(int(whole + decimals), len(decimals), mark == ",")

    def times(self, unit: int) -> int:
        """The amount in 1/unit; `unit` is a power of ten with room for the decimals."""
        scale: int = 10**self.decimals
        return self.digits * unit // scale


def _advice(text: str) -> str:
    if not text.strip():
        return "write a number such as 12500 or 12500.50"
    if text.startswith("-"):
        return "an amount cannot be negative"
    return "write plain digits such as 12500 or 12500.50, with no sign, exponent or separator"


def decimal_text(amount: int, unit: int) -> str:
    """Write `amount` of 1/unit in whole currency units: as an integer where it is one.

    `unit` is a power of ten.

    >>> decimal_text(1250, 100), decimal_text(1200, 100)
    ('12.5', '12')
    """
    whole, rest = divmod(amount, unit)
    if rest == 0:
        return str(whole)
    decimals = len(str(unit)) - 1
    return f"{whole}.{rest:0{decimals}d}".rstrip("0")
