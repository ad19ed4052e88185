"""What each voter has left under equal shares, exactly, without a number per voter.

A voter who can pay a project's rate in full (its price of one point, times the points they gave it)
keeps the rest, and one who cannot gives all and is out. So a voter still in holds the share minus
what the funded projects they supported took, and the money of any group of voters is

    (number still in) x share - sum over rounds (points they gave it) x rate

with whole numbers of points: on approval ballots, how many of them marked it. Amounts are whole
numbers over one common denominator, which grows when a rate needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from operator import mul
from typing import Any

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Ballots, Election, Integers

Places = npt.NDArray[np.intp]
Voters = npt.NDArray[np.int32] | Places

_NEVER = np.iinfo(np.int32).max

# Whole numbers up to here are exact as floats, and so are their sums while they stay below.
_EXACT_AS_FLOAT = 2**53


class Ledger:
    """The exact account of one run; amounts named here are in 1/`denominator`.

    `weights` say how many points each mark of the ballots pays for (None: one each).
    """

    def __init__(self, election: Election, endowment: Fraction, weights: Integers | None) -> None:
        self._ballots = election.ballots
        self._weights = weights
        self.share, self.denominator = endowment.as_integer_ratio()
        self.rates: list[int] = []
        # The round in which each project was bought, from 1; 0 while it is not.
        self._round_of = np.zeros(len(election.projects), np.intp)
        self._out_in = np.full(len(election.ballots), _NEVER, np.int32)

    def record(self, project: int, rate: Fraction, out: Voters) -> None:
        """Enter the next round: the rate in amounts of now, and the voters it leaves with nothing."""
        if (growth := rate.denominator) > 1:
            self.denominator *= growth
            self.share *= growth
            self.rates = [earlier * growth for earlier in self.rates]
        self._round_of[project] = len(self.rates) + 1
        self._out_in[out] = len(self.rates)
        self.rates.append(rate.numerator)

    def amount(self, number: int) -> Fraction:
        """An amount of this ledger in the election's own integers."""
        return Fraction(number, self.denominator)

    def left(self, voters: Voters, rounds: int | None = None) -> int:
        """What these voters have together after that many rounds (default: now)."""
        if not len(voters):
            return 0
        after = len(self.rates) if rounds is None else rounds
        still_in = voters[self._out_in[voters] >= after]
        paid_in, points = self._marks(still_in)
        if after < len(self.rates):
            paid_in = np.where(paid_in > after, 0, paid_in)
        totals = _totals(paid_in, points, len(self.rates) + 1)
        paid: int = sum(map(mul, totals[1:], self.rates))
        return len(still_in) * self.share - paid

    def course(self, voters: Voters) -> Callable[[int], int]:
        """What `left` says of these voters after any number of rounds, from one look at them."""
        size = len(self.rates) + 1
        out = np.minimum(self._out_in[voters], size - 1)
        paid_in, points = self._marks(voters)
        index = paid_in * size + np.repeat(out, _lengths(self._ballots, voters))
        # Sums of points may pass 64 bits, which Python's own whole numbers do not mind.
        kind = np.int64 if points is None else object
        totals = np.array(_totals(index, points, size * size), kind).reshape(size, size)
        # In column r: the points paid for by those who are not out before r.
        paid = totals[:, ::-1].cumsum(axis=1)[:, ::-1]
        people = np.bincount(out, minlength=size)[::-1].cumsum()[::-1]

        def left(rounds: int) -> int:
            columns = paid[1 : rounds + 1, rounds].tolist()
            spent: int = sum(map(mul, columns, self.rates))
            return int(people[rounds]) * self.share - spent

        return left

    def holdings(self, voters: Voters) -> list[tuple[int, Voters]]:
        """Voters still in, grouped by what each of them holds now."""
        if not len(voters):
            return []
        marks, points = self._marks(voters)
        rows = np.repeat(np.arange(len(voters)), _lengths(self._ballots, voters))
        kind = np.bool_ if points is None else np.int64
        paid: npt.NDArray[Any] = np.zeros((len(voters), len(self.rates) + 1), kind)
        paid[rows, marks] = True if points is None else points
        paid[:, 0] = 0
        histories = np.packbits(paid, axis=1) if points is None else paid
        found, group = np.unique(histories, axis=0, return_inverse=True)
        members: list[Voters] = [voters[group.ravel() == g] for g in range(len(found))]
        return [(self.left(some[:1]), some) for some in members]

    def _marks(self, voters: Voters) -> tuple[Places, Integers | None]:
        """The rounds in which the marks of these voters were bought (or 0), and their points."""
        starts, lengths = self._ballots.offsets[voters], _lengths(self._ballots, voters)
        ends = np.cumsum(lengths)
        places = np.arange(int(ends[-1]) if len(ends) else 0)
        places += np.repeat(starts - (ends - lengths), lengths)
        rounds: Places = self._round_of[self._ballots.projects[places]]
        return rounds, None if self._weights is None else self._weights[places]


def whole_sum(numbers: Integers) -> int:
    """The sum of whole numbers, however large."""
    if numbers.size and int(numbers.max()) > np.iinfo(np.int64).max // numbers.size:
        return sum(numbers.tolist())
    return int(numbers.sum())


def _lengths(ballots: Ballots, voters: Voters) -> Integers:
    lengths: Integers = ballots.offsets[1:][voters] - ballots.offsets[voters]
    return lengths


def _totals(rounds: Places, points: Integers | None, size: int) -> list[int]:
    """How many points there are of each round."""
    if points is None:
        counts: list[int] = np.bincount(rounds, minlength=size).tolist()
        return counts
    if whole_sum(points) < _EXACT_AS_FLOAT:
        sums = np.bincount(rounds, weights=points.astype(np.float64), minlength=size)
        return [int(total) for total in sums.tolist()]
    totals = [0] * size
    for place, number in zip(rounds.tolist(), points.tolist(), strict=True):
        totals[place] += number
    return totals
