"""Exact amounts as text and back: "168", "3179/7"; and rounded, for people: "168.37".

Python refuses to write or read whole numbers of more than 4,300 decimal digits, and a long count's
denominators may grow past that; such numbers are written in base 16 ("0x…"), which has no limit.
"""

from __future__ import annotations

from fractions import Fraction

_MOST_DECIMAL_BITS = 13_000


def written(amount: Fraction | int) -> str:
    """Write an exact amount; `amount_from` reads it back.

    >>> written(Fraction(3179, 7)), written(168)
    ('3179/7', '168')
    """
    numerator, denominator = amount.as_integer_ratio()
    text = _digits(numerator)
    return text if denominator == 1 else f"{text}/{_digits(denominator)}"


def amount_from(text: str) -> Fraction:
    """Read an exact amount. Raises ValueError for any other text."""
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator, 0), int(denominator, 0) if denominator else 1)


def rounded_text(amount: Fraction, unit: int) -> str:
    """Write an exact amount for reading, in currency units, rounded half up to two decimals.

    >>> rounded_text(Fraction(50512, 3), unit=100)
    '168.37'
    """
    cents = (amount * 100 * 2 / unit + 1) // 2
    whole, rest = divmod(cents, 100)
    return f"{whole:,}" if rest == 0 else f"{whole:,}.{rest:02d}"


def _digits(number: int) -> str:
    return str(number) if number.bit_length() < _MOST_DECIMAL_BITS else hex(number)
