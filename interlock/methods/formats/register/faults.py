"""What is wrong with a row, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.methods.formats.faults import Remark


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file, or tolerated in it: the place, and a sentence.

    `line` is the line in an editor, from 1, on which the row begins; `cell` counts the cells of the
    row from 1, and is 0 for the row as a whole; `column` is its heading as the file writes it.
    """

    line: int
    cell: int
    column: str
    message: Remark

    def __str__(self) -> str:
        place = f", column {self.cell}" if self.cell else ""
        name = f" ({self.column})" if self.column else ""
        return f"line {self.line}{place}{name}: {self.message}"


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, and everything that is wrong with it."""

    line: int
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class RegisterError(ValueError):
    """A file that is no list of institutions at all; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))
