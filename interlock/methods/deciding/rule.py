"""A decision rule of a bylaw: who votes, how many have to take part, and when it is carried.

What a share is counted from, its *base*, is never left open. It is one of:

- `yes-no`: votes for and against, objections among the latter;
- `cast`: these, abstentions, blank ballots and those who stand aside;
- `present`: all who take part: who are at the meeting when it comes to the vote, or whose ballot is in;
- `entitled`: all who may vote, as the roll of the record date has them.

An objection is a no with a reason; who stands aside abstains with a reason. Nobody has a casting vote
and nobody votes for somebody else: no rule can say otherwise, because a worker co-op has one vote a
member (California forbids proxies: Corporations Code §12405). So a tie is not carried, unless a rule
asks for no more than half.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor

from interlock.methods.deciding.checks import below_zero, outside, refuse, wrong_base, wrong_share
from interlock.methods.deciding.reasons import STATUSES, fault


@dataclass(frozen=True)
class Level:
    """A number that may depend on another: the greater of `count` and `share` of it.

    `count` holds only where that other number is above `count_above`: a special meeting of a
    Californian worker co-op is called by the greater of 3 members and 5 %, but with 4 members or fewer
    by 5 %.
    """

    count: int = 0
    share: Fraction = Fraction(0)
    count_above: int = 0

    def __post_init__(self) -> None:
        refuse(
            *below_zero(count=self.count, count_above=self.count_above),
            *([] if 0 <= self.share <= 1 else [fault("share", share=str(self.share))]),
        )

    def of(self, whole: int) -> Fraction:
        """The exact number.

        >>> greater = Level(3, Fraction(1, 20), count_above=4)
        >>> [str(greater.of(members)) for members in (4, 5, 100)]
        ['1/5', '3', '5']
        """
        count = self.count if whole > self.count_above else 0
        return max(Fraction(count), self.share * whole)

    def least(self, whole: int) -> int:
        """The smallest whole number that reaches it.

        >>> Level(share=Fraction(1, 5)).least(12)
        3
        """
        return ceil(self.of(whole))


@dataclass(frozen=True)
class Quorum:
    """How many of those entitled have to take part. Of 0, whoever takes part decides."""

    level: Level = Level()
    is_strict: bool = False

    def __post_init__(self) -> None:
        if self.is_strict and self.level.share == 1:
            refuse(fault("more-than-all"))

    def least(self, entitled: int) -> int:
        """The smallest number that is a quorum.

        >>> Quorum(Level(share=Fraction(1, 2)), is_strict=True).least(10)
        6
        """
        share = replace(self.level, count=0)
        return max(self.level.least(entitled), _least(share.of(entitled), self._is_above))

    @property
    def _is_above(self) -> bool:
        return self.is_strict and bool(self.level.share)


@dataclass(frozen=True)
class Threshold:
    """Carried when enough of the base say yes: at least `share` of it, or more than that if strict."""

    share: Fraction
    base: str
    is_strict: bool = False

    def __post_init__(self) -> None:
        refuse(*wrong_share(self.share, self.is_strict), *wrong_base(self.base))

    def needed(self, size: int) -> int:
        """How many yes are needed of a base of this size; never none.

        >>> Threshold(Fraction(1, 2), "cast", is_strict=True).needed(8)
        5
        >>> Threshold(Fraction(2, 3), "cast").needed(9)
        6
        """
        return max(1, _least(self.share * size, self.is_strict))


@dataclass(frozen=True)
class Unanimity:
    """Carried when all of the base say yes, but for `less` of them: consensus, or consensus minus one."""

    base: str
    less: int = 0

    def __post_init__(self) -> None:
        refuse(*wrong_base(self.base), *below_zero(less=self.less))

    def needed(self, size: int) -> int:
        """How many yes are needed of a base of this size; never none."""
        return max(1, size - self.less)


@dataclass(frozen=True)
class Objections:
    """Carried unless more than `limit` of the base oppose it. Silence lets it pass."""

    limit: Level
    base: str

    def __post_init__(self) -> None:
        refuse(*wrong_base(self.base))

    def most(self, size: int) -> int:
        """How many may oppose it of a base of this size.

        >>> Objections(Level(2, Fraction(1, 4)), "entitled").most(11)
        2
        """
        return floor(self.limit.of(size))


Passing = Threshold | Unanimity | Objections


@dataclass(frozen=True)
class Continuing:
    """What still may be decided when members left and fewer than the quorum are there.

    Carried by the rule, and by yes from at least `share` of the required quorum, or more than that.
    """

    share: Fraction
    is_strict: bool = False

    def __post_init__(self) -> None:
        refuse(*wrong_share(self.share, self.is_strict))

    def needed(self, quorum: int) -> int:
        """How many yes are needed where so many are a quorum.

        >>> Continuing(Fraction(3, 4)).needed(6), Continuing(Fraction(1, 2), True).needed(6)
        (5, 4)
        """
        return max(1, _least(self.share * quorum, self.is_strict))


@dataclass(frozen=True)
class Alternative:
    """Another way to decide the same: a fallback from consensus, or a higher bar that members ask for.

    `asked_by` says how many have to want it, of the `quorum` or of those `entitled`; of 0, it may be
    used as soon as the first way did not carry.
    """

    passing: Passing
    asked_by: Level = Level()
    asked_of: str = "entitled"

    def __post_init__(self) -> None:
        refuse(*outside(("entitled", "quorum"), self.asked_of))


@dataclass(frozen=True)
class Electorate:
    """Who may vote: of which status (or a director), and since how many days at the record date."""

    statuses: tuple[str, ...] = ("member",)
    least_days: int = 0

    def __post_init__(self) -> None:
        refuse(
            *([] if self.statuses else [fault("statuses")]),
            *(wrong for one in self.statuses for wrong in outside(STATUSES, one)),
            *below_zero(least_days=self.least_days),
        )

    def includes(self, status: str, since: date, record_date: date) -> bool:
        """Whether somebody of this status since that day may vote.

        >>> Electorate(least_days=10).includes("member", date(2026, 3, 1), date(2026, 3, 11))
        True
        """
        return status in self.statuses and since + timedelta(self.least_days) <= record_date


@dataclass(frozen=True)
class Rule:
    """One rule: when a decision is carried, by whom, and how it is held.

    Days are whole days, and least numbers. `continuing` is what holds after the quorum is lost; without
    it nothing is decided then.
    """

    passing: Passing
    quorum: Quorum = Quorum()
    electorate: Electorate = Electorate()
    continuing: Continuing | None = None
    alternative: Alternative | None = None
    notice_days: int = 0
    ballot_days: int = 0
    hearing_days: int = 0
    may_appeal: bool = False
    is_secret: bool = False
    may_change: bool = True

    def __post_init__(self) -> None:
        refuse(
            *below_zero(
                notice_days=self.notice_days,
                ballot_days=self.ballot_days,
                hearing_days=self.hearing_days,
            )
        )

    def otherwise(self) -> Rule:
        """The rule by its alternative way. Raises ValueError where there is none."""
        if self.alternative is None:
            raise ValueError("The rule has no alternative.")
        return replace(self, passing=self.alternative.passing, alternative=None)

    def asking(self, entitled: int) -> int:
        """How many have to ask for the alternative; 0 where it follows by itself or there is none."""
        if self.alternative is None:
            return 0
        of_quorum = self.alternative.asked_of == "quorum"
        return self.alternative.asked_by.least(
            self.quorum.least(entitled) if of_quorum else entitled
        )


def _least(number: Fraction, is_strict: bool) -> int:
    return floor(number) + 1 if is_strict else ceil(number)
