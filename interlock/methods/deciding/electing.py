"""An election under a rule of the bylaws: nobody is elected without the quorum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interlock.methods.deciding.approval import ApprovalCount, by_approval
from interlock.methods.deciding.ballots import Election
from interlock.methods.deciding.bylaws import APPROVAL, CONDORCET, METHODS, TRANSFERABLE
from interlock.methods.deciding.checks import outside, refuse
from interlock.methods.deciding.condorcet import CondorcetCount, by_condorcet
from interlock.methods.deciding.outcome import NO_QUORUM, Tally, met, quorum_steps
from interlock.methods.deciding.reasons import Step, fault, step
from interlock.methods.deciding.rule import Rule
from interlock.methods.deciding.transferable import TransferableCount, by_transferable_vote

Count = ApprovalCount | TransferableCount | CondorcetCount

_COUNTS: Mapping[str, Callable[[Election], Count]] = {
    APPROVAL: by_approval,
    TRANSFERABLE: by_transferable_vote,
    CONDORCET: by_condorcet,
}


@dataclass(frozen=True)
class Elected:
    """Who is elected, and all steps; `count` is None where there was no quorum."""

    winners: tuple[str, ...]
    steps: tuple[Step, ...]
    count: Count | None


def elect(method: str, election: Election, rule: Rule, tally: Tally) -> Elected:
    """Elect by `approval`, `stv` or `condorcet` where so many take part as the rule's quorum asks.

    Of the tally only who is entitled and who takes part matters; blank ballots take part. When the
    quorum was lost in a meeting, no election is held: the agreement that would carry a motion
    cannot be read off a ballot with names. Raises DecidingError for an unknown method, ballots that it
    cannot count, and more ballots than who take part.

    >>> from fractions import Fraction
    >>> from interlock.methods.deciding.rule import Level, Quorum, Threshold
    >>> half = Quorum(Level(share=Fraction(1, 2)))
    >>> rule = Rule(Threshold(Fraction(1, 2), "yes-no", is_strict=True), half)
    >>> election = Election.of_approvals(["Ana", "Ben"], 1, [["Ana"], ["Ana"], []])
    >>> elect("approval", election, rule, Tally(entitled=6, present=3)).winners
    ('Ana',)
    >>> print(*elect("approval", election, rule, Tally(entitled=7, present=3)).steps, sep="\\n")
    Taking part: 3 of 7. Quorum: 4.
    No quorum: nothing is decided.
    """
    ballots = len(election.ballots)
    more = [fault("more-votes", votes=ballots, present=tally.present)]
    refuse(*outside(METHODS, method), *(more if ballots > tally.present else []))
    steps = list(quorum_steps(rule, tally))
    if not met(steps) or tally.present < rule.quorum.least(tally.counted):
        return Elected((), (*steps, step(NO_QUORUM)), None)
    count = _COUNTS[method](election)
    return Elected(count.winners, (*steps, *count.steps), count)
