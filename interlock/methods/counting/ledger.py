"""What each voter has left under equal shares, exactly, without a number per voter.

A voter who can pay a project's price in full keeps the rest, and one who cannot gives all and
is out. So a voter still in holds the share minus the prices of the funded projects they marked,
and the money of any group of voters is

    (number still in) x share - sum over rounds (how many of them marked it) x price

with whole-number counts. Amounts are whole numbers over one common denominator, which grows when a
price needs it.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from interlock.methods.counting.election import Election, Indices

_NEVER = np.iinfo(np.int32).max


class Ledger:
    """The exact account of one run; amounts named here are in 1/`denominator`."""

    def __init__(self, election: Election, endowment: Fraction) -> None:
        self._ballots = election.ballots
        self.share, self.denominator = endowment.as_integer_ratio()
        self.prices: list[int] = []
        self._round_of = np.full(len(election.projects), -1, np.int32)
        self._out_in = np.full(len(election.ballots), _NEVER, np.int32)

    def record(self, project: int, price: Fraction, out: Indices) -> None:
        """Enter the next round: the price in amounts of now, and the voters it leaves with nothing."""
        if (growth := price.denominator) > 1:
            self.denominator *= growth
            self.share *= growth
            self.prices = [earlier * growth for earlier in self.prices]
        self._round_of[project] = len(self.prices)
        self._out_in[out] = len(self.prices)
        self.prices.append(price.numerator)

    def amount(self, number: int) -> Fraction:
        """An amount of this ledger in the election's own integers."""
        return Fraction(number, self.denominator)

    def left(self, voters: Indices, rounds: int | None = None) -> int:
        """What these voters have together after that many rounds (default: now)."""
        if not len(voters):
            return 0
        rounds = len(self.prices) if rounds is None else rounds
        still_in = voters[self._out_in[voters] >= rounds]
        paid = self._round_of[self._ballots.marks_of(still_in)]
        counts = np.bincount(paid[(paid >= 0) & (paid < rounds)], minlength=rounds)
        pairs = zip(counts.tolist(), self.prices, strict=False)
        paid_together: int = sum(count * price for count, price in pairs if count)
        return len(still_in) * self.share - paid_together

    def holdings(self, voters: Indices) -> list[tuple[int, Indices]]:
        """Voters still in, grouped by what each of them holds now, poorest first."""
        if not len(voters):
            return []
        marks = self._round_of[self._ballots.marks_of(voters)]
        lengths = self._ballots.offsets[1:][voters] - self._ballots.offsets[voters]
        rows = np.repeat(np.arange(len(voters)), lengths)
        paid = np.zeros((len(voters), len(self.prices) + 1), np.bool_)
        paid[rows[marks >= 0], marks[marks >= 0]] = True
        histories, group = np.unique(np.packbits(paid, axis=1), axis=0, return_inverse=True)
        members: list[Indices] = [voters[group.ravel() == g] for g in range(len(histories))]
        held = [(self.left(some[:1]), some) for some in members]
        return sorted(held, key=lambda pair: pair[0])
