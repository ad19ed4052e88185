"""What a decision or an election came to, step by step, as data; the one table of sentences for it.

Whoever stores an outcome stores steps, never sentences; a site tells them in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Fact = int | str | Fraction | tuple[str, ...]
LONGEST_SHOWN = 60
# Of a fraction that is told as one; others are told as decimals.
LARGEST_DENOMINATOR = 100


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators' tools, which know this name; it is translated when told."""
    return text


SENTENCES: Mapping[str, str] = {
    # What a rule says, before the vote
    "threshold-more": gettext_noop("Carried when more than %(share)s of %(base)s say yes."),
    "threshold-least": gettext_noop("Carried when at least %(share)s of %(base)s say yes."),
    "unanimity": gettext_noop("Carried when all of %(base)s say yes."),
    "unanimity-less": gettext_noop("Carried when all but %(less)s of %(base)s say yes."),
    "objections-count": gettext_noop("Carried unless more than %(count)s oppose it."),
    "objections-share": gettext_noop("Carried unless more than %(share)s of %(base)s oppose it."),
    "objections-greater": gettext_noop(
        "Carried unless more than %(count)s oppose it, or more than %(share)s of %(base)s where that "
        "is a larger number."
    ),
    "base-yes-no": gettext_noop("Abstentions, stand-asides and blank ballots do not count."),
    "base-cast": gettext_noop("Abstentions, stand-asides and blank ballots count, and so they count against it."),
    "base-present": gettext_noop(
        "Who is present and does not say yes counts against it, even without voting."
    ),
    "base-entitled": gettext_noop("Who does not vote counts against it."),
    "silence": gettext_noop("Who says nothing lets it pass."),
    "needs-of-all": gettext_noop("If that is all %(entitled)s: yes from at least %(needed)s."),
    "needs-at-quorum": gettext_noop(
        "If that is %(quorum)s, the least that may decide: yes from at least %(needed)s."
    ),
    "needs-always": gettext_noop(
        "That is %(needed)s of %(entitled)s, however many of them take part."
    ),
    "limit-of-all": gettext_noop("If that is all %(entitled)s, at most %(limit)s may oppose it."),
    "limit-always": gettext_noop("At most %(limit)s of %(entitled)s may oppose it."),
    "tie": gettext_noop("With as many yes as no it is not carried: nobody has a casting vote."),
    "quorum-more": gettext_noop(
        "Quorum: at least %(quorum)s of %(entitled)s take part, which is more than %(share)s."
    ),
    "quorum-least": gettext_noop(
        "Quorum: at least %(quorum)s of %(entitled)s take part, which is at least %(share)s."
    ),
    "quorum-count": gettext_noop("Quorum: at least %(quorum)s of %(entitled)s take part."),
    "quorum-none": gettext_noop("Those who take part decide, however few they are."),
    "continuing-more": gettext_noop(
        "If so many leave a meeting that fewer than %(quorum)s are there, it is carried only with "
        "yes from more than %(share)s of that number: %(needed)s."
    ),
    "continuing-least": gettext_noop(
        "If so many leave a meeting that fewer than %(quorum)s are there, it is carried only with "
        "yes from at least %(share)s of that number: %(needed)s."
    ),
    "continuing-none": gettext_noop(
        "If so many leave a meeting that fewer than %(quorum)s are there, nothing more is decided."
    ),
    "otherwise": gettext_noop("If it is not carried so, it may be put to another rule:"),
    "otherwise-asked": gettext_noop("If at least %(asking)s ask for it, another rule decides:"),
    "otherwise-anybody": gettext_noop("If anybody asks for it, another rule decides:"),
    "by-approval": gettext_noop(
        "Seats: %(seats)s. Everybody marks all whom they approve of; the most approved are elected."
    ),
    "by-stv": gettext_noop(
        "Seats: %(seats)s. Everybody ranks as many candidates as they like. What one of them does not "
        "need to be elected goes on to the next choice (single transferable vote)."
    ),
    "by-condorcet": gettext_noop(
        "Seats: %(seats)s. Everybody ranks as many candidates as they like. Elected is who beats each "
        "other one to one (Condorcet, by Schulze’s method)."
    ),
    "by-lot": gettext_noop(
        "Between equals an order decides that is drawn by lot and published before voting begins."
    ),
    "electorate": gettext_noop("Entitled to vote: %(statuses)s."),
    "electorate-nobody": gettext_noop("Nobody in the register is that today."),
    "electorate-tenure": gettext_noop(
        "Entitled to vote: %(statuses)s, since at least %(days)s days before the record date."
    ),
    "notice": gettext_noop("Days of notice: at least %(days)s."),
    "ballot": gettext_noop("Days to vote: at least %(days)s."),
    "hearing": gettext_noop("Days from the hearing to the vote: at least %(days)s."),
    "appeal": gettext_noop("Whom it concerns may appeal."),
    "secret": gettext_noop("The ballot is secret."),
    "open": gettext_noop("The vote is open: the other members see who voted what."),
    "may-change": gettext_noop("A vote can be changed until voting ends."),
    "may-not-change": gettext_noop("A vote cannot be changed."),
    "proxies": gettext_noop("Nobody can vote for somebody else: there are no proxies."),
    # What came of it, after the vote
    "roll": gettext_noop("Entitled: %(entitled)s."),
    "roll-departed": gettext_noop(
        "Entitled at the record date: %(roll)s. Left the co-op without having voted: %(departed)s. "
        "So %(entitled)s are counted from."
    ),
    "votes": gettext_noop("Yes: %(yes)s. No: %(no)s. Abstentions: %(abstain)s. Blank: %(blank)s."),
    "voices": gettext_noop(
        "Objections: %(objections)s, counted with no. Standing aside: %(stand_asides)s, counted with "
        "abstentions."
    ),
    "taking-part": gettext_noop("Taking part: %(present)s of %(entitled)s. Quorum: %(quorum)s."),
    "at-opening": gettext_noop(
        "There at the opening: %(opening)s of %(entitled)s. Quorum: %(quorum)s."
    ),
    "lost": gettext_noop("Still there when it came to the vote: %(present)s. The quorum was lost."),
    "kept-more": gettext_noop(
        "So more than %(share)s of the quorum of %(quorum)s had to say yes: %(needed)s. Yes: %(yes)s."
    ),
    "kept-least": gettext_noop(
        "So at least %(share)s of the quorum of %(quorum)s had to say yes: %(needed)s. Yes: %(yes)s."
    ),
    "counted-from": gettext_noop("Counted from %(base)s: %(size)s."),
    "more-than": gettext_noop(
        "More than %(share)s of %(size)s is at least %(needed)s. Yes: %(yes)s."
    ),
    "at-least": gettext_noop(
        "At least %(share)s of %(size)s is at least %(needed)s. Yes: %(yes)s."
    ),
    "all": gettext_noop("All of %(size)s is %(needed)s. Yes: %(yes)s."),
    "all-less": gettext_noop("All but %(less)s of %(size)s is %(needed)s. Yes: %(yes)s."),
    "opposed": gettext_noop("At most %(limit)s may oppose it. Opposed: %(opposed)s."),
    "nobody": gettext_noop("Nobody said yes."),
    "tied": gettext_noop("As many said yes as no: it is not carried."),
    "carried": gettext_noop("Carried."),
    "not-carried": gettext_noop("Not carried."),
    "no-quorum": gettext_noop("No quorum: nothing is decided."),
    # Elections
    "election": gettext_noop("Ballots: %(ballots)s. Without a choice: %(empty)s. Seats: %(seats)s."),
    "withdrawn": gettext_noop("Withdrawn, and passed over on every ballot: %(names)s."),
    "no-ballots": gettext_noop("No ballot names anybody: nobody is elected."),
    "unfilled": gettext_noop("Seats that stay empty: %(seats)s."),
    "equal-by-lot": gettext_noop(
        "%(names)s are equal, and not all of them find a seat: the order drawn by lot decides."
    ),
    "equal-by-lot-only": gettext_noop("%(names)s are equal: the order drawn by lot decides."),
    "equal-before": gettext_noop("%(names)s are equal: the last count where they differ decides."),
    "approvals": gettext_noop("Approvals of %(name)s: %(votes)s. Elected."),
    "approvals-not": gettext_noop("Approvals of %(name)s: %(votes)s. Not elected."),
    "quota": gettext_noop(
        "Quota: %(valid)s ballots / (%(seats)s seats + 1), rounded down, and 1 more: %(quota)s."
    ),
    "reaches-first": gettext_noop(
        "Count %(count)s, first choices: %(name)s has %(votes)s and reaches the quota. Elected."
    ),
    "reaches": gettext_noop(
        "Count %(count)s: %(name)s has %(votes)s and reaches the quota. Elected."
    ),
    "surplus": gettext_noop(
        "Count %(count)s: %(name)s has %(votes)s votes, %(surplus)s more than the quota. Each of these "
        "ballots goes to its next choice at %(factor)s of its value."
    ),
    "exclusion": gettext_noop(
        "Count %(count)s: %(name)s has the fewest votes, %(votes)s, and is excluded. These ballots go "
        "to their next choice."
    ),
    "as-many-as-seats": gettext_noop(
        "No more candidates are left than seats: %(names)s. Elected."
    ),
    "beats-all": gettext_noop("%(name)s beats each other candidate one to one."),
    "circle": gettext_noop(
        "Nobody beats all others one to one: %(names)s beat each other in a circle. The strongest "
        "chains of victories decide."
    ),
    "beats-nobody": gettext_noop("Nobody beats all others one to one: some pairs are equal."),
    "chain": gettext_noop(
        "%(name)s before %(other)s: the strongest chain there has %(there)s votes, the strongest back "
        "%(back)s."
    ),
    "place": gettext_noop("Place %(count)s: %(name)s. Elected."),
    "place-not": gettext_noop("Place %(count)s: %(name)s. Not elected."),
    # Membership
    "hours": gettext_noop("Hours worked: %(done)s of %(needed)s."),
    "recent-hours": gettext_noop(
        "Hours worked in the last %(months)s months: %(done)s of %(needed)s."
    ),
    "months": gettext_noop("Months as a candidate: %(done)s of %(needed)s."),
    "buy-in": gettext_noop("The buy-in is paid or agreed."),
    "trainings": gettext_noop("The trainings are completed."),
    "board-meeting": gettext_noop("A meeting of the board was attended."),
    # What is wrong with a rule, bylaws or votes
    "share": gettext_noop("A share is above 0 and at most 1; %(share)s is not."),
    "more-than-all": gettext_noop("Nothing is more than all: use a smaller share."),
    "negative": gettext_noop("%(name)s is below 0."),
    "choice": gettext_noop("“%(value)s” is none of: %(choices)s."),
    "statuses": gettext_noop("Nobody would be entitled to vote."),
    "limits": gettext_noop("%(least)s at least and %(most)s at most is not possible."),
    "no-ordinary": gettext_noop("The bylaws have no rule for ordinary decisions."),
    "more-votes": gettext_noop("%(votes)s votes cannot come from %(present)s who take part."),
    "more-present": gettext_noop("%(present)s cannot take part where %(entitled)s are entitled."),
    "candidates": gettext_noop("An election has candidates, each by a name of their own."),
    "seats": gettext_noop("An election is for one seat at least."),
    "lot": gettext_noop("The order drawn by lot has to name each candidate once."),
    "no-candidate": gettext_noop("“%(name)s” is no candidate."),
    "named-twice": gettext_noop("Ballot %(ballot)s names a candidate twice."),
    "empty-rank": gettext_noop("Ballot %(ballot)s has an empty rank."),
    "has-order": gettext_noop("Ballot %(ballot)s has an order; an approval ballot has none."),
    "equal-ranks": gettext_noop(
        "Ballot %(ballot)s ranks candidates equally; the single transferable vote cannot count that."
    ),
    "no-object": gettext_noop("This should be an object with names and values."),
    "no-list": gettext_noop("This should be a list of texts."),
    "no-number": gettext_noop("This should be a whole number."),
    "no-text": gettext_noop("This should be a text."),
    "no-answer": gettext_noop("This should be true or false."),
    "no-share": gettext_noop("This should be a share such as \"3/4\"."),
    "unknown": gettext_noop("“%(name)s” is not known here."),
    "missing": gettext_noop("“%(name)s” is missing."),
}  # fmt: skip

BASES: Mapping[str, str] = {
    "yes-no": gettext_noop("those who vote yes or no"),
    "cast": gettext_noop("those who vote, abstentions and blank ballots included"),
    "present": gettext_noop("those who take part"),
    "entitled": gettext_noop("those who are entitled to vote"),
}
STATUSES: Mapping[str, str] = {
    "candidate": gettext_noop("candidates"),
    "member": gettext_noop("members"),
    "inactive": gettext_noop("inactive members"),
    "director": gettext_noop("directors"),
}
SHARES: Mapping[Fraction, str] = {
    Fraction(1, 4): gettext_noop("a quarter"),
    Fraction(1, 3): gettext_noop("a third"),
    Fraction(1, 2): gettext_noop("half"),
    Fraction(2, 3): gettext_noop("two thirds"),
    Fraction(3, 4): gettext_noop("three quarters"),
}


@dataclass(frozen=True)
class Step:
    """One step: which sentence, what it is told of, and where it is a test, whether it was met.

    Facts are whole numbers, exact fractions, names, or several names.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    is_met: bool | None = None

    def __str__(self) -> str:
        return sentence(self)

    def to_json(self) -> dict[str, Any]:
        """The step as plain data; fractions are texts such as "3/4"."""
        return {
            "code": self.code,
            "facts": {
                name: str(fact) if isinstance(fact, Fraction) else
                list(fact) if isinstance(fact, tuple) else fact
                for name, fact in self.facts.items()
            },
            "is_met": self.is_met,
        }  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing wrong: which sentence, what it is told of, and its place, as `decisions.ordinary`."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    place: str = ""

    def __str__(self) -> str:
        told = sentence(self)
        return f"{self.place}: {told}" if self.place else told


class DecidingError(ValueError):
    """A rule, bylaws, votes or ballots that cannot be; `faults` are all that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


def step(code: str, is_met: bool | None = None, /, **facts: Fact) -> Step:
    """A step of these facts."""
    return Step(code, facts, is_met)


def fault(code: str, /, **facts: Fact) -> Fault:
    """A fault whose texts are cut short, and show what cannot be seen."""
    return Fault(
        code, {name: _cut(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    )


def sentence(one: Step | Fault, translate: Callable[[str], str] = str) -> str:
    """The step or fault in a sentence; `translate` gives it in the reader's language.

    >>> sentence(step("threshold-more", share=Fraction(1, 2), base="yes-no"))
    'Carried when more than half of those who vote yes or no say yes.'
    """
    told = {name: _told(name, fact, translate) for name, fact in one.facts.items()}
    return translate(SENTENCES[one.code]) % told


def _told(name: str, fact: Fact, translate: Callable[[str], str]) -> str | int:
    if name == "base" and fact in BASES:
        return translate(BASES[str(fact)])
    if isinstance(fact, tuple):
        words = STATUSES if name == "statuses" else {}
        return ", ".join(translate(words[one]) if one in words else one for one in fact)
    if not isinstance(fact, Fraction):
        return fact
    if name == "factor" and fact.denominator <= LARGEST_DENOMINATOR:
        return str(fact)
    if name != "share":
        return _number(fact)
    if fact in SHARES:
        return translate(SHARES[fact])
    return f"{fact * 100} %" if (fact * 100).denominator == 1 else str(fact)


def _number(exact: Fraction) -> str:
    """A number of votes to two places, cut off and not rounded; … says that more would follow."""
    if exact.denominator == 1:
        return str(exact.numerator)
    cents = int(exact * 100)
    return f"{cents // 100}.{cents % 100:02}{'' if cents == exact * 100 else '…'}"


def _cut(text: str) -> str:
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(sign if sign.isprintable() else "?" for sign in short)
