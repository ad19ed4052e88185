"""Why a sheet cannot be ranked: as data, and the one table of sentences that tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_SHOWN = 60


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is translated when told."""
    return text


SENTENCES: Mapping[str, str] = {
    # The file
    "not-text": gettext_noop("This is no text in UTF-8. Save the sheet as CSV (UTF-8)."),
    "too-large": gettext_noop("The file is larger than %(most)s bytes."),
    "empty": gettext_noop("There is no row in it."),
    "headings": gettext_noop("The first row has to be: %(columns)s."),
    "width": gettext_noop("The row has %(cells)s cells and should have %(width)s."),
    "quotes": gettext_noop("A quotation mark is opened and not closed, or stands within a cell."),
    "unknown-row": gettext_noop("“%(what)s” is no kind of row."),
    "no-number": gettext_noop("“%(text)s” is no number such as 12 or 12.50."),
    # The criteria
    "no-criteria": gettext_noop("It has no criterion to compare offers by."),
    "weights": gettext_noop("The weights add up to %(sum)s and should add up to 100."),
    "weight": gettext_noop("The weight of %(criterion)s is no whole number from 1 to 100."),
    "two-prices": gettext_noop("It has more than one criterion for the price."),
    "preference": gettext_noop(
        "A preference is a discount above 0 and below 100 per cent, or more than 0 and at most 100 "
        "points."
    ),
    "again": gettext_noop("%(name)s is there twice."),
    # The offers
    "no-lots": gettext_noop("It has no lot to award."),
    "price": gettext_noop("The price of %(offer)s for %(lot)s is not above 0."),
    "unknown": gettext_noop("%(name)s is named, but not listed."),
    # The scores
    "points": gettext_noop("%(panelist)s gives %(offer)s %(points)s points; 0 to 10 are possible."),
    "price-scored": gettext_noop(
        "%(panelist)s scores the price of %(offer)s, which is compared by arithmetic."
    ),
    "recused-scored": gettext_noop("%(panelist)s is recused from %(offer)s and scores it."),
    "missing": gettext_noop("%(panelist)s has not scored %(offer)s on %(criterion)s."),
    "nobody": gettext_noop("Nobody is left to score %(offer)s: name another panelist."),
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong: which sentence, what it is told of, and the line of the file (0: the whole)."""

    code: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
    line: int = 0

    def __str__(self) -> str:
        told = sentence(self)
        return f"line {self.line}: {told}" if self.line else told


class AwardingError(ValueError):
    """A sheet that cannot be read or ranked; `faults` are all its faults, in their order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def fault(code: str, /, line: int = 0, **facts: str | int) -> Fault:
    """A fault whose texts are cut short, and show what cannot be seen."""
    return Fault(
        code,
        {name: _shown(fact) if isinstance(fact, str) else fact for name, fact in facts.items()},
        line,
    )


def sentence(one: Fault, translate: Callable[[str], str] = str) -> str:
    """The fault in a sentence; `translate` gives it in the reader's language.

    >>> sentence(fault("weights", sum=90))
    'The weights add up to 90 and should add up to 100.'
    """
    return translate(SENTENCES[one.code]) % dict(one.facts)


def _shown(text: str) -> str:
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(sign if sign.isprintable() else "?" for sign in short)
