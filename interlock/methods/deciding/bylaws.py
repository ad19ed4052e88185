"""Bylaws as parameters: who becomes a member, how each kind of decision is made, meetings, board."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from interlock.methods.deciding.checks import below_zero, crossed, outside, refuse
from interlock.methods.deciding.reasons import Step, fault, step
from interlock.methods.deciding.rule import Level, Rule

ORDINARY = "ordinary"
KINDS = (
    ORDINARY,
    "admission",
    "expulsion",
    "termination",
    "readmission",
    "bylaws",
    "election",
    "removal",
    "board",
)
APPROVAL, TRANSFERABLE, CONDORCET = "approval", "stv", "condorcet"
METHODS = (APPROVAL, TRANSFERABLE, CONDORCET)


@dataclass(frozen=True)
class Membership:
    """What a candidate has to reach before the decision on admission, and a member to stay active.

    Hours and months are least numbers, and all of them count. `recent_hours` are those of the last
    `recent_months`. `buy_in` is in minor units: None where none is asked, 0 where the bylaws fix no
    amount. `has_inactive`: who is inactive has no vote and is not counted for a quorum. `keep_hours`
    are asked of a member in a year, in the first year by the part of it.
    """

    hours: int = 0
    months: int = 0
    recent_hours: int = 0
    recent_months: int = 0
    buy_in: int | None = None
    has_trainings: bool = False
    has_board_meeting: bool = False
    has_inactive: bool = False
    keep_hours: int = 0

    def __post_init__(self) -> None:
        refuse(
            *below_zero(
                hours=self.hours,
                months=self.months,
                recent_hours=self.recent_hours,
                recent_months=self.recent_months,
                buy_in=self.buy_in,
                keep_hours=self.keep_hours,
            )
        )


@dataclass(frozen=True)
class Progress:
    """How far a candidate is: whole hours and whole months, and what is done."""

    hours: int = 0
    months: int = 0
    recent_hours: int = 0
    is_buy_in_settled: bool = False
    is_trained: bool = False
    attended_board: bool = False


def progress(asked: Membership, done: Progress) -> tuple[Step, ...]:
    """Each condition of a candidate, and whether it is met.

    >>> asked = Membership(hours=650, months=6, buy_in=0)
    >>> for one in progress(asked, Progress(hours=700, months=4)):
    ...     print(one.is_met, one)
    True Hours worked: 700 of 650.
    False Months as a candidate: 4 of 6.
    False The buy-in is paid or agreed.
    """
    return tuple(_conditions(asked, done))


def _conditions(asked: Membership, done: Progress) -> Iterator[Step]:
    if asked.hours:
        yield step("hours", done.hours >= asked.hours, done=done.hours, needed=asked.hours)
    if asked.recent_hours:
        yield step(
            "recent-hours", done.recent_hours >= asked.recent_hours,
            done=done.recent_hours, needed=asked.recent_hours, months=asked.recent_months,
        )  # fmt: skip
    if asked.months:
        yield step("months", done.months >= asked.months, done=done.months, needed=asked.months)
    if asked.buy_in is not None:
        yield step("buy-in", done.is_buy_in_settled)
    if asked.has_trainings:
        yield step("trainings", done.is_trained)
    if asked.has_board_meeting:
        yield step("board-meeting", done.attended_board)


@dataclass(frozen=True)
class Meetings:
    """How members come together. Days are whole days before the meeting or before the vote begins.

    `special` is how many members call a special meeting, `initiative` how many force a ballot without
    one (None where bylaws do not say). The roll is drawn `record_days` before; bylaws may set the most.
    `notice_tenure_days`: whom a notice is sent to has been a member for so long.
    """

    least_notice_days: int = 0
    most_notice_days: int | None = None
    special: Level | None = None
    initiative: Level | None = None
    record_days: int = 0
    most_record_days: int | None = None
    notice_tenure_days: int = 0

    def __post_init__(self) -> None:
        refuse(
            *below_zero(
                least_notice_days=self.least_notice_days,
                record_days=self.record_days,
                notice_tenure_days=self.notice_tenure_days,
            ),
            *crossed(self.least_notice_days, self.most_notice_days),
            *crossed(self.record_days, self.most_record_days),
        )


@dataclass(frozen=True)
class Board:
    """The board: all members (a collective board), or so many elected for so many months.

    `is_staggered`: the terms end in turns, half of the seats at a time. `method` elects: `approval`,
    `stv` or `condorcet`.
    """

    least: int = 3
    most: int | None = None
    term_months: int = 12
    is_everybody: bool = False
    is_staggered: bool = False
    method: str = APPROVAL

    def __post_init__(self) -> None:
        refuse(
            *below_zero(least=self.least, term_months=self.term_months),
            *crossed(self.least, self.most),
            *outside(METHODS, self.method),
        )


@dataclass(frozen=True)
class Bylaws:
    """A co-op's bylaws. `decisions` has a rule by kind (`KINDS`), one for ordinary decisions at least."""

    name: str
    membership: Membership
    decisions: Mapping[str, Rule]
    meetings: Meetings = field(default_factory=Meetings)
    board: Board = field(default_factory=Board)

    def __post_init__(self) -> None:
        refuse(
            *(wrong for kind in self.decisions for wrong in outside(KINDS, kind)),
            *([] if ORDINARY in self.decisions else [fault("no-ordinary")]),
        )

    def rule(self, kind: str) -> Rule:
        """The rule of a kind of decision; without one of its own, that of ordinary decisions."""
        return self.decisions.get(kind, self.decisions[ORDINARY])
