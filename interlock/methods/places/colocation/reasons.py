"""Why a number is not there, and what a test takes chance to be: told as kinds with their facts.

The sentences are for people; the command line tells them in English and the site in the reader's
language, from the same table. This module imports no numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is told later."""
    return text


SENTENCES: Mapping[str, str] = {
    # Why a model has no answer
    "no-events": gettext_noop("Nothing was counted in any of these areas: there is no rate."),
    "all-events": gettext_noop("Every area has one: there is nothing to tell areas apart by."),
    "no-rows": gettext_noop("No area is left to compare."),
    "few-rows": gettext_noop("There are too few areas to tell how far the ratio may be off."),
    "no-variation": gettext_noop(
        "“%(column)s” does not differ between the areas that are compared, or follows from the other "
        "columns, so that its effect cannot be told from theirs."
    ),
    "separated": gettext_noop(
        "“%(column)s” separates the areas fully, so that its ratio is without end or 0. Ask the "
        "redraw, the exact interval, or the corrected model instead."
    ),
    "no-settling": gettext_noop("The model did not settle. Take fewer columns."),
    "not-numbers": gettext_noop("“%(column)s” has a value that is no number."),
    # What is wrong with areas
    "no-areas": gettext_noop("There are no areas."),
    "wrong-length": gettext_noop("“%(column)s” does not have one value for each area."),
    "code-again": gettext_noop("The area %(code)s is there twice."),
    "no-people": gettext_noop("The area %(code)s has no people, so that it has no rate."),
    "below-zero": gettext_noop("“%(column)s” is below 0 in the area %(code)s."),
    "none-marked": gettext_noop("No area is marked: there is nothing to compare with."),
    "all-marked": gettext_noop("Every area is marked: there is nothing to compare with."),
    # What is wrong with points
    "no-place": gettext_noop(
        "Point %(row)s is not on the earth: latitudes go from -90 to 90, longitudes from -180 to 180."
    ),
    "few-points": gettext_noop("Each of the two kinds needs one point or more."),
    # What a test takes chance to be
    "redraw": gettext_noop(
        "Chance is: the marked areas drawn anew, a large one as much more often as it has more people."
    ),
    "redraw-within": gettext_noop(
        "Chance is: the marked areas drawn anew, as many in each region as there are, a large one as "
        "much more often as it has more people."
    ),
    "relabelling": gettext_noop(
        "Chance is: the labels of the points dealt out anew. This asks whether labels are mixed, and is "
        "right only where a label could have fallen on any of the points."
    ),
    "dealt-values": gettext_noop("Chance is: the values dealt out anew among the areas."),
    "naive-fisher": gettext_noop(
        "Wrong here: it takes every area to be alike, and finds that large areas have more of all."
    ),
    "naive-permutation": gettext_noop(
        "Wrong here: it lets a small area be marked as easily as a large one, and finds that large "
        "areas have more of all."
    ),
    "naive-strata": gettext_noop(
        "Wrong here: areas of one stratum still differ in size many times over, most of all in the "
        "top one."
    ),
    "naive-propensity": gettext_noop(
        "Doubtful here: the chance of being marked is estimated from the very areas that it judges."
    ),
}


@dataclass(frozen=True)
class Reason:
    """One thing to say: `kind` is a key of `SENTENCES`, `facts` the numbers and names it tells."""

    kind: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def __str__(self) -> str:
        return sentence(self)


def reason(kind: str, /, **facts: int | str) -> Reason:
    """A reason with its facts.

    >>> print(reason("code-again", code="01001"))
    The area 01001 is there twice.
    """
    return Reason(kind, facts)


def untranslated(text: str) -> str:
    """The sentence as it stands, in gettext's manner."""
    return text


def sentence(told: Reason, *, gettext: Callable[[str], str] = untranslated) -> str:
    """Tell a reason, translated by `gettext`."""
    return gettext(SENTENCES[told.kind]) % told.facts


class ColocationError(ValueError):
    """A question that these areas or points have no answer to; `reason` says why."""

    def __init__(self, told: Reason) -> None:
        self.reason = told
        super().__init__(sentence(told))


def refused(kind: str, /, **facts: int | str) -> ColocationError:
    """The error for a kind of reason.

    >>> raise refused("no-areas")
    Traceback (most recent call last):
    ...
    interlock.methods.places.colocation.reasons.ColocationError: There are no areas.
    """
    return ColocationError(reason(kind, **facts))
