"""What is wrong with a questionnaire: where, why, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interlock.methods.questionnaires.limits import MOST_FAULTS
from interlock.methods.questionnaires.sentences import Message, said


@dataclass(frozen=True)
class Fault:
    """One thing wrong, or worth knowing: the place, and a sentence.

    `sheet` is survey, choices or settings, "" for the file as a whole; `row` counts as a
    spreadsheet does, the headings being row 1 (in YAML it is the line), 0 for the sheet as a whole;
    `column` is its heading.
    """

    sheet: str
    row: int
    column: str
    message: Message

    def __str__(self) -> str:
        place = [self.sheet] if self.sheet else []
        place += [f"row {self.row}"] if self.row else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.message}" if place else str(self.message)


class FormError(ValueError):
    """A questionnaire that cannot be asked; `faults` are all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


class Faults:
    """A list of faults that does not grow without end."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, sheet: str, row: int, column: str, message: Message) -> None:
        if len(self.found) < MOST_FAULTS:
            self.found.append(Fault(sheet, row, column, message))
        elif len(self.found) == MOST_FAULTS:
            self.found.append(Fault("", 0, "", said("too-many-faults")))
