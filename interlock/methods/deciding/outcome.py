"""The votes in; whether it is carried, and each step of the arithmetic out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from interlock.methods.deciding.reasons import DecidingError, Step, fault, step
from interlock.methods.deciding.rule import Objections, Rule, Threshold

CARRIED, NOT_CARRIED, NO_QUORUM = "carried", "not-carried", "no-quorum"


@dataclass(frozen=True)
class Tally:
    """The numbers of one vote.

    `entitled` are all on the roll of the record date, `departed` those of them who have left the co-op
    since without having voted: nobody waits for them. A vote that was cast stays, whoever left.
    `present` take part: they are at the meeting when it comes to the vote, or their ballot is in.
    `left` were there at the opening and had gone by then. Raises DecidingError for what cannot be.
    """

    entitled: int
    present: int
    yes: int = 0
    no: int = 0
    abstain: int = 0
    blank: int = 0
    objections: int = 0
    stand_asides: int = 0
    left: int = 0
    departed: int = 0

    def __post_init__(self) -> None:
        numbers = {one.name: getattr(self, one.name) for one in fields(self)}
        faults = [fault("negative", name=name) for name, number in numbers.items() if number < 0]
        if self.cast > self.present:
            faults.append(fault("more-votes", votes=self.cast, present=self.present))
        if self.present + self.left > self.counted:
            present = self.present + self.left
            faults.append(fault("more-present", present=present, entitled=self.counted))
        if faults:
            raise DecidingError(faults)

    @property
    def counted(self) -> int:
        """Those entitled that are counted from."""
        return self.entitled - self.departed

    @property
    def opposed(self) -> int:
        """Votes against, with objections."""
        return self.no + self.objections

    @property
    def cast(self) -> int:
        """All that was said in the vote, also by a blank ballot."""
        return self.yes + self.opposed + self.abstain + self.blank + self.stand_asides

    def size(self, base: str) -> int:
        """How many a share is counted from.

        >>> tally = Tally(entitled=10, present=9, yes=4, no=2, abstain=1, blank=1)
        >>> [tally.size(base) for base in ("yes-no", "cast", "present", "entitled")]
        [6, 8, 9, 10]
        """
        sizes = {
            "yes-no": self.yes + self.opposed,
            "cast": self.cast,
            "present": self.present,
            "entitled": self.counted,
        }
        return sizes[base]


@dataclass(frozen=True)
class Outcome:
    """What a vote came to: `carried`, `not-carried` or `no-quorum`, and the steps that led there."""

    result: str
    tally: Tally
    steps: tuple[Step, ...]

    @property
    def is_carried(self) -> bool:
        return self.result == CARRIED

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "result": self.result,
            "tally": {one.name: getattr(self.tally, one.name) for one in fields(self.tally)},
            "steps": [one.to_json() for one in self.steps],
        }


def outcome(rule: Rule, tally: Tally) -> Outcome:
    """What a vote comes to by a rule; it is exact, and nothing but these numbers enters.

    >>> from fractions import Fraction
    >>> from interlock.methods.deciding.rule import Level, Quorum
    >>> rule = Rule(
    ...     Threshold(Fraction(1, 2), "yes-no", is_strict=True),
    ...     Quorum(Level(share=Fraction(1, 2)), is_strict=True),
    ... )
    >>> found = outcome(rule, Tally(entitled=10, present=7, yes=3, no=2, abstain=2))
    >>> print(found.result, *found.steps, sep="\\n")
    carried
    Entitled: 10.
    Yes: 3. No: 2. Abstentions: 2. Blank: 0.
    Taking part: 7 of 10. Quorum: 6.
    Counted from those who vote yes or no: 5.
    More than half of 5 is at least 3. Yes: 3.
    Carried.
    """
    steps = [*_numbers(tally), *quorum_steps(rule, tally)]
    if not met(steps):
        return Outcome(NO_QUORUM, tally, (*steps, step(NO_QUORUM)))
    steps += [*_kept(rule, tally), *_passing(rule, tally)]
    result = CARRIED if met(steps) else NOT_CARRIED
    return Outcome(result, tally, (*steps, step(result)))


def met(steps: list[Step]) -> bool:
    """Whether no test among the steps failed."""
    return all(one.is_met is not False for one in steps)


def quorum_steps(rule: Rule, tally: Tally) -> Iterator[Step]:
    """Whether enough take part; at a meeting, whether enough did so at its opening."""
    quorum = rule.quorum.least(tally.counted)
    if not tally.left:
        yield step(
            "taking-part", tally.present >= quorum,
            present=tally.present, entitled=tally.counted, quorum=quorum,
        )  # fmt: skip
        return
    opening = tally.present + tally.left
    yield step(
        "at-opening", opening >= quorum, opening=opening, entitled=tally.counted, quorum=quorum
    )
    if tally.present < quorum <= opening:
        yield step("lost", rule.continuing is not None, present=tally.present)


def _numbers(tally: Tally) -> Iterator[Step]:
    if tally.departed:
        yield step(
            "roll-departed",
            roll=tally.entitled, departed=tally.departed, entitled=tally.counted,
        )  # fmt: skip
    else:
        yield step("roll", entitled=tally.entitled)
    yield step("votes", yes=tally.yes, no=tally.no, abstain=tally.abstain, blank=tally.blank)
    if tally.objections or tally.stand_asides:
        yield step("voices", objections=tally.objections, stand_asides=tally.stand_asides)


def _kept(rule: Rule, tally: Tally) -> Iterator[Step]:
    """What is asked beside the rule when the quorum was lost after the opening."""
    quorum = rule.quorum.least(tally.counted)
    if rule.continuing is None or tally.present >= quorum:
        return
    needed = rule.continuing.needed(quorum)
    yield step(
        "kept-more" if rule.continuing.is_strict else "kept-least", tally.yes >= needed,
        share=rule.continuing.share, quorum=quorum, needed=needed, yes=tally.yes,
    )  # fmt: skip


def _passing(rule: Rule, tally: Tally) -> Iterator[Step]:
    passing = rule.passing
    size = tally.size(passing.base)
    yield step("counted-from", base=passing.base, size=size)
    if isinstance(passing, Objections):
        limit = passing.most(size)
        yield step("opposed", tally.opposed <= limit, limit=limit, opposed=tally.opposed)
        return
    needed = passing.needed(size)
    numbers = {"size": size, "needed": needed, "yes": tally.yes}
    is_met = tally.yes >= needed
    if isinstance(passing, Threshold):
        code = "more-than" if passing.is_strict else "at-least"
        yield step(code, is_met, share=passing.share, **numbers)
    elif passing.less:
        yield step("all-less", is_met, less=passing.less, **numbers)
    else:
        yield step("all", is_met, **numbers)
    if not tally.yes:
        yield step("nobody")
    elif tally.yes == tally.opposed and not is_met:
        yield step("tied")
