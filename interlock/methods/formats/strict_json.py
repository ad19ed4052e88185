"""JSON from elsewhere, read strictly and within bounds (RFC 8259, and I-JSON, RFC 7493).

Python's reader takes what JSON is not: NaN and Infinity, a key that is given twice (the last wins),
halves of characters, numbers too large to compute with. All of these are refused here, so that what
is stored can be written again and means one thing to everybody.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from decimal import Decimal
from typing import Any, NoReturn

from interlock.methods.formats.faults import Fault, FormatError, shown

DEEPEST = 50


def loads(data: bytes, *, largest: int, is_exact: bool = False) -> Any:
    """The value of a JSON text of at most `largest` bytes. Raises FormatError.

    With `is_exact` decimals, and whole numbers of more than 17 signs, are Decimal, as long as they were
    written: how large is too large, their reader decides.

    >>> loads(b'{"name": "Tree"}', largest=100)
    {'name': 'Tree'}
    >>> loads(b"0.10", largest=100, is_exact=True)
    Decimal('0.10')
    """
    if len(data) > largest:
        _refuse(f"It is {len(data):,} bytes long, and more than {largest:,} are not read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"Byte {data[error.start]:#04x} at {error.start:,} is not UTF-8.")
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_exact_integer if is_exact else _integer,
            parse_float=Decimal if is_exact else None,
        )
    except RecursionError:
        _refuse("It is nested too deeply.")
    except json.JSONDecodeError as error:
        _refuse(f"It is not JSON: {error.msg}, line {error.lineno}, character {error.colno}.")
    _check(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
        _refuse(f'The key "{shown(twice)}" is given twice in one object.')
    return found


def _constant(name: str) -> NoReturn:
    _refuse(f"{name} is no JSON number.")


def _integer(text: str) -> int | float:
    if len(text) > 17:  # beyond 2**53 two readers may disagree on the number
        _refuse(f"The number {shown(text)} is too large.")
    return int(text)


def _exact_integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= 17 else Decimal(text)


def _check(value: Any) -> None:
    """Refuse what is nested too deeply, numbers beyond computing, and halves of characters."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            _refuse("It is nested too deeply.")
        if isinstance(one, dict):
            waiting += [(key, depth) for key in one]
            waiting += [(inner, depth + 1) for inner in one.values()]
        elif isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one]
        elif isinstance(one, float) and not math.isfinite(one):
            _refuse("A number is too large.")
        elif isinstance(one, str) and any("\ud800" <= sign <= "\udfff" for sign in one):
            _refuse(f'The text "{shown(one)}" has half a character (a lone surrogate).')


def _refuse(message: str) -> NoReturn:
    raise FormatError([Fault("", message)])
