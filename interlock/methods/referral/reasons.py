"""Why something is not estimated, not taken, or to be doubted: as data, and one table of sentences.

The library gives reasons, never sentences; the command line tells them in English and the site in
the reader's language, from the same table. This module imports no numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is told later."""
    return text


SENTENCES: Mapping[str, str] = {
    # Why there is a description only
    "few-respondents": gettext_noop(
        "Estimates begin at %(least)s respondents who answered; so far it is %(respondents)s. "
        "What would help: unused coupons passed on, and more seeds."
    ),
    "one-tree": gettext_noop(
        "%(percent)s %% of the respondents go back to one seed, and %(most)s %% is the most that can "
        "be estimated from. What would help: more seeds elsewhere."
    ),
    "few-waves": gettext_noop(
        "The longest chain has waves after the seed: %(waves)s. Estimates begin at %(least)s, where "
        "what the seeds are like matters less. What would help: recruits who pass their coupons on."
    ),
    # Why one method has no answer
    "no-recruits": gettext_noop(
        "Nobody of the group “%(level)s” recruited anybody whose answer is known, so that where its "
        "chains lead is not known."
    ),
    "no-way-between": gettext_noop(
        "No chain leads from the group “%(start)s” to the group “%(end)s”, so that how large the two "
        "are beside each other is not known."
    ),
    "one-level": gettext_noop("All answers are the same, so that there is nothing to compare."),
    "two-needed": gettext_noop(
        "There is nothing to compare with: in one of the two groups nobody recruited, or nobody was "
        "recruited."
    ),
    "few-in-group": gettext_noop(
        "Estimates of a group begin at %(least)s answers; the group “%(level)s” has %(respondents)s."
    ),
    # What to doubt
    "still-moving": gettext_noop(
        "The estimate still moved by more than %(points)s percentage points within the last "
        "%(last)s respondents: it has not settled yet."
    ),
    "trees-disagree": gettext_noop(
        "Without the tree of one seed the estimate would differ by %(points)s percentage points: it "
        "hangs on that seed."
    ),
    "degrees-filled": gettext_noop(
        "Respondents who gave no degree, or zero, and have the median of their own group instead: "
        "%(respondents)s."
    ),
    "margins-missed": gettext_noop(
        "The weights were cut at %(times)s times their median, and therefore miss a known margin by "
        "%(points)s percentage points."
    ),
    # What is wrong with a row
    "no-id": gettext_noop("The row has no id."),
    "id-again": gettext_noop(
        "The id %(id)s is already on line %(line)s. Each respondent has one row."
    ),
    "own-recruiter": gettext_noop("The respondent %(id)s is its own recruiter."),
    "unknown-recruiter": gettext_noop(
        "The recruiter %(recruiter)s has no row. Leave the cell empty for a seed."
    ),
    "cycle": gettext_noop(
        "The recruiters go round in a circle: %(ids)s. One of them must be a seed."
    ),
    "degree-no-number": gettext_noop("The degree is %(text)s; a degree is a number from 0."),
    "no-degree": gettext_noop("No respondent has a degree, and no estimate is possible without."),
    "wave-differs": gettext_noop(
        "The row says wave %(wave)s, and its recruiters lead to wave %(found)s."
    ),
    "wave-no-number": gettext_noop("The wave is %(text)s; a wave is a whole number from 0."),
    "time-no-time": gettext_noop(
        "The time is %(text)s; write a date such as 2026-05-02, or a number."
    ),
    "before-recruiter": gettext_noop("The respondent comes before the recruiter %(recruiter)s."),
    "coupons-no-number": gettext_noop(
        "The number of coupons is %(text)s; it is a whole number from 0."
    ),
    "more-than-coupons": gettext_noop(
        "The respondent recruited %(recruits)s with %(coupons)s coupons."
    ),
    # What is wrong with a file
    "file-empty": gettext_noop(
        "The file has no respondents. It needs headings, and a row for each."
    ),
    "file-too-large": gettext_noop("The file has more than %(most)s bytes."),
    "file-not-text": gettext_noop("The file is no text in UTF-8. Save the table as CSV in UTF-8."),
    "no-column": gettext_noop("There is no column %(column)s. The columns are: %(columns)s."),
    "column-again": gettext_noop("Two columns are called %(column)s."),
    "wrong-width": gettext_noop("The row has %(cells)s cells, and the headings are %(width)s."),
    "bad-quotes": gettext_noop('The quotes (") do not match, or a cell is too long.'),
    "more-faults": gettext_noop("There are more than %(most)s faults; the rest are not listed."),
}


@dataclass(frozen=True)
class Reason:
    """One thing to say: `kind` is a key of `SENTENCES`, `facts` the numbers and names it tells."""

    kind: str
    facts: Mapping[str, int | str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Plain data for storage."""
        return {"kind": self.kind, "facts": dict(self.facts)}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Reason:
        """Read back what `to_json` gave. Raises KeyError or ValueError for anything else."""
        kind, facts = stored["kind"], stored["facts"]
        if not isinstance(kind, str) or kind not in SENTENCES or not isinstance(facts, dict):
            raise ValueError(f"{kind!r} is not a kind of reason.")
        return cls(kind, facts)


def reason(kind: str, /, **facts: int | str) -> Reason:
    """A reason with its facts.

    >>> reason("few-respondents", least=100, respondents=87).facts["least"]
    100
    """
    return Reason(kind, facts)


# From so few respondents, so large a tree, and so short chains nothing is estimated.
LEAST_RESPONDENTS = 100
MOST_OF_ONE_TREE = 0.6
LEAST_WAVES = 3


def limits_missed(*, respondents: int, largest_tree: int, waves: int) -> tuple[Reason, ...]:
    """Why so many answers in such a forest carry a description only; nothing if they carry more.

    `largest_tree` is how many of the respondents go back to one seed, `waves` how far the longest
    chain goes after its seed.

    >>> [why.kind for why in limits_missed(respondents=120, largest_tree=90, waves=5)]
    ['one-tree']
    """
    found = []
    if respondents < LEAST_RESPONDENTS:
        found.append(reason("few-respondents", least=LEAST_RESPONDENTS, respondents=respondents))
    if largest_tree > MOST_OF_ONE_TREE * respondents:
        most = round(100 * MOST_OF_ONE_TREE)
        # Rounded up, so that nobody reads "60 %, and 60 % is the most".
        found.append(reason("one-tree", percent=-(-100 * largest_tree // respondents), most=most))
    if waves < LEAST_WAVES:
        found.append(reason("few-waves", waves=waves, least=LEAST_WAVES))
    return tuple(found)


def untranslated(text: str) -> str:
    """The sentence as it stands, in gettext's manner."""
    return text


def sentence(
    told: Reason,
    *,
    number: Callable[[int], str] = "{:,}".format,
    gettext: Callable[[str], str] = untranslated,
) -> str:
    """Tell a reason, translated by `gettext`, whole numbers written by `number`.

    >>> print(sentence(reason("no-column", column="degre", columns="id, degree")))
    There is no column degre. The columns are: id, degree.
    """
    facts = {
        name: number(fact) if isinstance(fact, int) else fact for name, fact in told.facts.items()
    }
    return gettext(SENTENCES[told.kind]) % facts


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a table: the line in an editor (from 1; 0: the whole), the column, why."""

    line: int
    column: str
    reason: Reason

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else ""
        if self.column:
            place += f"{', ' if place else ''}column {self.column}"
        return f"{place}: {sentence(self.reason)}" if place else sentence(self.reason)


MOST_FAULTS = 1_000


class ForestError(ValueError):
    """A table that is no forest; `faults` are all things wrong with it, in the order of lines."""

    def __init__(self, faults: list[Fault]) -> None:
        in_order = sorted(faults, key=lambda fault: fault.line)
        if len(in_order) > MOST_FAULTS:
            in_order = in_order[:MOST_FAULTS]
            in_order.append(Fault(0, "", reason("more-faults", most=MOST_FAULTS)))
        self.faults = tuple(in_order)
        super().__init__("\n".join(map(str, self.faults)))
