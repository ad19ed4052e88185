"""What a measure found, and what is wrong with a table: as codes; words are the reader's side's.

This module imports no numpy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What one measure says, beside what chance alone would give. Each is one sentence to tell."""

    #: More than chance alone gives.
    ABOVE = "above-chance"
    #: Less than chance alone gives.
    BELOW = "below-chance"
    #: These data cannot tell it from chance.
    WITHIN = "within-chance"
    #: A description: nothing was asked of chance.
    DESCRIBED = "described"
    #: It is not defined: there is nothing to divide by.
    UNDEFINED = "undefined"
    #: It is defined, and too few resamples were drawn for a test at this level.
    TOO_FEW_DRAWS = "too-few-draws"


#: What can be wrong with institutions and ties (`Fault.code`).
FAULTS = (
    "no-id",
    "id-again",
    "unknown-institution",
    "tie-with-itself",
    "ends-before-it-begins",
    "amount-below-zero",
    "amount-without-currency",
)


@dataclass(frozen=True)
class Fault:
    """One thing wrong: `code` is one of `FAULTS`, `about` the institution or the two of a tie."""

    code: str
    about: str

    def __str__(self) -> str:
        return f"{self.code}: {self.about}" if self.about else self.code


class NetworkError(ValueError):
    """Institutions and ties that are no network; `faults` are all things wrong with them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
