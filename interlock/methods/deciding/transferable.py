"""The single transferable vote: seats in proportion to how voters rank.

The weighted inclusive Gregory method of the Scottish Local Government Elections Order 2007 (schedule 1,
part III), with two differences. Transfer values are exact fractions; the Order cuts them off after five
decimals. And of equal candidates the count before decides, then the one before that, as far back as
they differ, at last an order drawn by lot before anybody voted; the Order draws the lot at the time.

1. The quota is the ballots with a choice, divided by the seats and one, rounded down, and one more
   (Droop). Each ballot stands with its first choice. Whoever has the quota is elected.
2. The largest surplus over the quota is passed on first: all ballots of the elected go to their next
   choice that is neither elected nor excluded, each at its value times surplus over votes. What has
   no next choice is lost.
3. Without a surplus left, whoever has fewest is excluded, and their ballots go on at their value.
4. As soon as no more candidates are left than seats, all of them are elected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from interlock.methods.deciding.ballots import Election
from interlock.methods.deciding.checks import refuse
from interlock.methods.deciding.reasons import Step, fault, step

FIRST, SURPLUS, EXCLUSION = "first", "surplus", "exclusion"


@dataclass(frozen=True)
class Round:
    """One count: whose ballots were passed on and why, and how it stands after it.

    `factor` is by how much the value of each of these ballots was multiplied. `equal` names those among
    whom `name` was chosen; `is_by_lot` whether the lot had to decide between them.
    """

    action: str
    name: str
    factor: Fraction
    votes: Mapping[str, Fraction]
    lost: Fraction
    elected: tuple[str, ...]
    equal: tuple[str, ...] = ()
    is_by_lot: bool = False

    def to_json(self) -> dict[str, Any]:
        """The count as plain data; exact numbers are texts."""
        return {
            "action": self.action,
            "name": self.name,
            "factor": str(self.factor),
            "votes": {name: str(votes) for name, votes in self.votes.items()},
            "lost": str(self.lost),
            "elected": list(self.elected),
            "equal": list(self.equal),
            "is_by_lot": self.is_by_lot,
        }


@dataclass(frozen=True)
class TransferableCount:
    """Who is elected, in the order in which they were, and each count."""

    election: Election
    winners: tuple[str, ...]
    quota: int
    rounds: tuple[Round, ...]
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "method": "stv",
            "seats": self.election.seats,
            "winners": list(self.winners),
            "quota": self.quota,
            "rounds": [one.to_json() for one in self.rounds],
            "steps": [one.to_json() for one in self.steps],
        }


def by_transferable_vote(election: Election) -> TransferableCount:
    """Elect by single transferable vote. Raises DecidingError where a ballot has equal ranks.

    >>> ballots = [["Ana", "Ben"]] * 4 + [["Ben"]] + [["Cy"]] * 2
    >>> found = by_transferable_vote(Election.of_rankings(["Ana", "Ben", "Cy"], 2, ballots))
    >>> found.winners, found.quota
    (('Ana', 'Cy'), 3)
    >>> print(*found.steps[1:], sep="\\n")
    Quota: 7 ballots / (2 seats + 1), rounded down, and 1 more: 3.
    Count 1, first choices: Ana has 4 and reaches the quota. Elected.
    Count 2: Ana has 4 votes, 1 more than the quota. Each of these ballots goes to its next choice at 1/4 of its value.
    Ben, Cy are equal: the last count where they differ decides.
    Count 3: Ben has the fewest votes, 2, and is excluded. These ballots go to their next choice.
    No more candidates are left than seats: Cy. Elected.
    """
    refuse(
        *(
            fault("equal-ranks", ballot=number)
            for number, ballot in enumerate(election.ballots, start=1)
            if any(len(rank) > 1 for rank in ballot)
        )
    )
    quota = election.valid // (election.seats + 1) + 1
    counting = _Counting(election, quota)
    if election.valid:
        counting.run()
    winners = tuple(counting.winners)
    steps = (*election.beginning(), *_told(election, counting), *election.ending(winners))
    return TransferableCount(election, winners, quota, tuple(counting.rounds), steps)


Ranking = tuple[str, ...]


@dataclass
class _Counting:
    """The state of a count: who holds which ballots, and at what value together."""

    election: Election
    quota: int
    continuing: list[str] = field(default_factory=list)
    winners: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    held: dict[str, dict[Ranking, Fraction]] = field(default_factory=dict)
    votes: dict[str, Fraction] = field(default_factory=dict)
    lost: Fraction = Fraction(0)
    rounds: list[Round] = field(default_factory=list)
    at_last: tuple[str, ...] = ()

    def run(self) -> None:
        self.continuing = list(self.election.standing)
        self.held = {name: {} for name in self.continuing}
        self.votes = dict.fromkeys(self.continuing, Fraction(0))
        for ballot, number in self.election.choices.items():
            ranking = tuple(name for (name,) in ballot)
            self._give(ranking, Fraction(number))
        self._close(FIRST, "", Fraction(1), ())
        while len(self.winners) < self.election.seats:
            if len(self.continuing) <= self.election.seats - len(self.winners):
                self.at_last = tuple(sorted(self.continuing, key=self._highest))
                self.winners += self.at_last
                return
            if self.waiting:
                self._pass_surplus()
            else:
                self._exclude()

    def _give(self, ranking: Ranking, value: Fraction) -> None:
        """Ballots to their next choice that is still to be elected."""
        for name in ranking:
            if name in self.continuing:
                self.held[name][ranking] = self.held[name].get(ranking, Fraction(0)) + value
                self.votes[name] += value
                return
        self.lost += value

    def _pass_surplus(self) -> None:
        name = min(self.waiting, key=self._highest)
        equal = self._equal(name, self.waiting)
        self.waiting.remove(name)
        votes, self.votes[name] = self.votes[name], Fraction(self.quota)
        factor = (votes - self.quota) / votes
        for ranking, value in self.held.pop(name).items():
            self._give(ranking, value * factor)
        self._close(SURPLUS, name, factor, equal)

    def _exclude(self) -> None:
        name = min(self.continuing, key=self._lowest)
        equal = self._equal(name, self.continuing)
        self.continuing.remove(name)
        self.votes[name] = Fraction(0)
        for ranking, value in self.held.pop(name).items():
            self._give(ranking, value)
        self._close(EXCLUSION, name, Fraction(1), equal)

    def _close(self, action: str, name: str, factor: Fraction, equal: tuple[str, ...]) -> None:
        """End a count: who has the quota now is elected."""
        is_by_lot = sum(self._past(one) == self._past(name) for one in equal) > 1
        reached = [one for one in self.continuing if self.votes[one] >= self.quota]
        now = Round(action, name, factor, dict(self.votes), self.lost, (), equal, is_by_lot)
        self.rounds.append(now)
        reached.sort(key=self._highest)
        self.rounds[-1] = replace(now, elected=tuple(reached))
        self.winners += reached
        self.waiting += [one for one in reached if self.votes[one] > self.quota]
        self.continuing = [one for one in self.continuing if one not in reached]

    def _past(self, name: str) -> tuple[Fraction, ...]:
        """Somebody's votes after each count, the last first."""
        return tuple(one.votes[name] for one in reversed(self.rounds))

    def _highest(self, name: str) -> tuple[tuple[Fraction, ...], int]:
        return tuple(-votes for votes in self._past(name)), self.election.place(name)

    def _lowest(self, name: str) -> tuple[tuple[Fraction, ...], int]:
        return self._past(name), -self.election.place(name)

    def _equal(self, name: str, among: list[str]) -> tuple[str, ...]:
        """All who had as many votes, where there was more than one."""
        equal = tuple(one for one in among if self.votes[one] == self.votes[name])
        return equal if len(equal) > 1 else ()


def _told(election: Election, counting: _Counting) -> Iterator[Step]:
    if not counting.rounds:
        return
    yield step("quota", valid=election.valid, seats=election.seats, quota=counting.quota)
    before: Mapping[str, Fraction] = {}
    for number, one in enumerate(counting.rounds, start=1):
        if one.equal:
            yield step("equal-by-lot-only" if one.is_by_lot else "equal-before", names=one.equal)
        if one.action == SURPLUS:
            votes = before[one.name]
            yield step(
                "surplus",
                count=number, name=one.name, votes=votes, surplus=votes - counting.quota,
                factor=one.factor,
            )  # fmt: skip
        elif one.action == EXCLUSION:
            yield step("exclusion", count=number, name=one.name, votes=before[one.name])
        for name in one.elected:
            code = "reaches-first" if one.action == FIRST else "reaches"
            yield step(code, True, count=number, name=name, votes=one.votes[name])
        before = one.votes
    if counting.at_last:
        yield step("as-many-as-seats", True, names=counting.at_last)
