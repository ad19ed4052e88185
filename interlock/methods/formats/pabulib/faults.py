"""What is wrong with a file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

MOST_FAULTS = 1_000
MOST_NOTES = 1_000
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file: where it is, and what to do.

    `line` and `character` are the place in an editor, both from 1: where the cell begins, or the
    very byte that is no text. A cell of a row of several lines (in quotes) is told by its own line.
    `cell` counts the cells of the row, separated by ";", from 1, and `column` is what the cell is
    called: its column's header, in META its key, or "" where it has no name. Something that is
    missing is told where it belongs. `character` is 0 while the file is still being read.
    """

    line: int
    cell: int
    column: str
    message: str
    character: int = 0

    def __str__(self) -> str:
        name = f" ({self.column})" if self.column else ""
        return f"line {self.line}, column {self.character}{name}: {self.message}"


class PabulibError(ValueError):
    """A file that cannot be read; `faults` are all its faults, in the order of the file.

    After `MOST_FAULTS` of them reading stops, and one more says so.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.cell)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Findings:
    """The faults and the notes of one reading."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.notes: list[str] = []

    def fault(self, line: int, cell: int, column: str, message: str) -> None:
        """Note a fault. Raises PabulibError when there are more than anyone would mend by hand."""
        if len(self.faults) == MOST_FAULTS:
            message = f"There are more than {MOST_FAULTS:,} faults; the rest are not listed."
            self.stop(line, cell, "", message)
        self.faults.append(Fault(line, cell, _visible(shown(column)), _visible(message)))

    def stop(self, line: int, cell: int, column: str, message: str) -> NoReturn:
        """Raise PabulibError: after this fault nothing more can be told, or should be."""
        raise PabulibError([*self.faults, Fault(line, cell, column, message)])

    def note(self, message: str) -> None:
        """Note something that was tolerated."""
        if len(self.notes) == MOST_NOTES:
            message = f"There are more than {MOST_NOTES:,} notes; the rest are not listed."
        if len(self.notes) <= MOST_NOTES:
            self.notes.append(_visible(message))


def shown(text: str) -> str:
    """Text of a file as a message quotes it: cut short, so that the message fits on a screen."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _visible(message: str) -> str:
    r"""A message with what cannot be seen written out.

    It gives a terminal no orders, and tells two ids apart that look alike.

    >>> _visible("park\u200b")
    'park\\u200b'
    """
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in message)
