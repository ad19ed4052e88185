"""What is wrong with data that came from elsewhere: where, and what to do about it.

`pabulib` tells places by line and character; here they are told by a path, as in "tags[3]".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

MOST_FAULTS = 1_000
LONGEST_SHOWN = 60


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is translated when told."""
    return text


class Remark(str):
    """A sentence in English that knows which one it is and what it was told of.

    Whoever tells it in another language has its `code` and the values that were `given` to it, and
    the same table of sentences.

    >>> said = Remark({"no-date": "%(text)s is no date."}, "no-date", text="soon")
    >>> said, said.code, said.given
    ('soon is no date.', 'no-date', {'text': 'soon'})
    """

    code: str
    given: Mapping[str, Any]

    def __new__(cls, sentences: Mapping[str, str], code: str, /, **given: str | int) -> Self:
        told = {
            name: f"{value:,}" if isinstance(value, int) else visible(value)
            for name, value in given.items()
        }
        made = super().__new__(cls, sentences[code] % told)
        made.code, made.given = code, given
        return made

    def __repr__(self) -> str:
        return repr(str(self))


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
