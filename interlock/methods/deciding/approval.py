"""Approval: each voter names all whom they approve of, and the most approved take the seats.

Block approval voting (Brams and Fishburn, *Approval Voting*, 1983): every approval counts one, whatever
else is on the ballot. Who is approved of by nobody is not elected, even if a seat stays empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from interlock.methods.deciding.ballots import Election
from interlock.methods.deciding.checks import refuse
from interlock.methods.deciding.reasons import Step, fault, step


@dataclass(frozen=True)
class ApprovalCount:
    """Who is elected, the most approved first, and everybody's approvals."""

    election: Election
    winners: tuple[str, ...]
    votes: Mapping[str, int]
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "method": "approval",
            "seats": self.election.seats,
            "winners": list(self.winners),
            "votes": dict(self.votes),
            "steps": [one.to_json() for one in self.steps],
        }


def by_approval(election: Election) -> ApprovalCount:
    """Elect by approval. Raises DecidingError where a ballot has an order.

    >>> ballots = [["Ana", "Ben"], ["Ben"], ["Ben", "Cy"], []]
    >>> found = by_approval(Election.of_approvals(["Ana", "Ben", "Cy"], 2, ballots))
    >>> found.winners
    ('Ben', 'Ana')
    >>> print(*found.steps, sep="\\n")
    Ballots: 4. Without a choice: 1. Seats: 2.
    Approvals of Ben: 3. Elected.
    Approvals of Ana: 1. Elected.
    Approvals of Cy: 1. Not elected.
    Ana, Cy are equal, and not all of them find a seat: the order drawn by lot decides.
    """
    refuse(
        *(
            fault("has-order", ballot=number)
            for number, ballot in enumerate(election.ballots, start=1)
            if len(ballot) > 1
        )
    )
    votes = dict.fromkeys(election.standing, 0)
    for ballot, number in election.choices.items():
        for name in ballot[0]:
            votes[name] += number
    order = sorted(votes, key=lambda name: (-votes[name], election.place(name)))
    winners = tuple(name for name in order[: election.seats] if votes[name])
    return ApprovalCount(election, winners, votes, tuple(_steps(election, order, votes, winners)))


def _steps(
    election: Election, order: list[str], votes: Mapping[str, int], winners: tuple[str, ...]
) -> Iterator[Step]:
    yield from election.beginning()
    for name in order if election.valid else ():
        is_elected = name in winners
        code = "approvals" if is_elected else "approvals-not"
        yield step(code, is_elected, name=name, votes=votes[name])
    if winners:
        least = votes[winners[-1]]
        equal = tuple(name for name in order if votes[name] == least)
        if any(name not in winners for name in equal):
            yield step("equal-by-lot", names=equal)
    yield from election.ending(winners)
