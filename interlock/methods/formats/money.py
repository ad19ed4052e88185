"""Amounts in JSON: minor units to a number of the currency's unit and back, exactly.

JSON has one kind of number, and most readers make a binary float of it. A decimal of at most 15
digits survives that and comes back as the same decimal (IEEE 754, binary64), so that amounts are
written as long as they have no more, and refused beyond.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

MOST_MINOR = 10**15


def json_number(minor: int, decimals: int) -> int | float:
    """Minor units as a number in the currency's unit, whole where it is. Raises ValueError.

    >>> json_number(6400050, 2), json_number(6400000, 2), json_number(-5, 0)
    (64000.5, 64000, -5)
    """
    if abs(minor) >= MOST_MINOR:
        raise ValueError(f"{minor} has more digits than a number in JSON keeps.")
    amount = Decimal(minor).scaleb(-decimals)
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def minor_of(number: object, decimals: int) -> int:
    """A number of JSON in minor units. Raises ValueError where it has parts of one, or is none.

    >>> minor_of(64000.5, 2), minor_of(64000, 2)
    (6400050, 6400000)
    >>> minor_of(0.001, 2)
    Traceback (most recent call last):
    ...
    ValueError: 0.001 is no amount with 2 decimals.
    """
    try:
        minor = Decimal(repr(number)).scaleb(decimals)
        whole = minor.to_integral_value()
    except InvalidOperation:
        raise ValueError(f"{number!r} is no amount.") from None
    if minor != whole or abs(whole) >= MOST_MINOR:
        raise ValueError(f"{number} is no amount with {decimals} decimals.")
    return int(whole)
