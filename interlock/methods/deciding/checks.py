"""What no rule may say, found while it is made: every fault at once."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from interlock.methods.deciding.reasons import BASES, DecidingError, Fault, fault


def refuse(*faults: Fault) -> None:
    """Raise DecidingError where there is a fault."""
    if faults:
        raise DecidingError(faults)


def below_zero(**numbers: int | None) -> list[Fault]:
    """A fault for each number below 0."""
    return [fault("negative", name=name) for name, number in numbers.items() if (number or 0) < 0]


def crossed(least: int, most: int | None) -> list[Fault]:
    """A fault where the most is less than the least."""
    return [] if most is None or least <= most else [fault("limits", least=least, most=most)]


def outside(choices: Iterable[str], value: str) -> list[Fault]:
    """A fault where it is none of the choices."""
    known = tuple(choices)
    return [] if value in known else [fault("choice", value=value, choices=known)]


def wrong_base(base: str) -> list[Fault]:
    """A fault where it is no base."""
    return outside(BASES, base)


def wrong_share(share: Fraction, is_strict: bool) -> list[Fault]:
    """A fault where it is no share, or asks for more than all."""
    if not 0 < share <= 1:
        return [fault("share", share=str(share))]
    return [fault("more-than-all")] if is_strict and share == 1 else []
