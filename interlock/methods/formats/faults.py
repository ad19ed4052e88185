"""What is wrong with data that came from elsewhere: where, and what to do about it.

`pabulib` tells places by line and character; here they are told by a path, as in "tags[3]".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_FAULTS = 1_000
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """One thing wrong, and the path to it; "" is the whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class FormatError(ValueError):
    """Data that cannot be taken; `faults` are all its faults, in their order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def shown(text: str) -> str:
    """Text from elsewhere as a message quotes it: cut short, so that it fits on a screen."""
    return visible(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…")


def visible(message: str) -> str:
    r"""A message with what cannot be seen written out, so that it gives a terminal no orders.

    >>> visible("tree\u202e\0")
    'tree\\u202e\\u0000'
    """
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in message)
