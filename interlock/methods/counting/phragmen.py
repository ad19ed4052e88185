"""Sequential Phragmén for projects with costs, exactly, for approval ballots.

L. E. Phragmén's method of 1894 as M. Los, Z. Christoff and D. Grossi carried it over in
"Proportional Budget Allocations: Towards a Systematization" (IJCAI 2022); for committees see M.
Brill, R. Freeman, S. Janson and M. Lackner, "Phragmén's Voting Methods and Justified
Representation" (Mathematical Programming, 2024). Money flows to all voters, continuously and
evenly. The moment the supporters of a project together have its cost they buy it and are left with
nothing.

The count ends, as in that definition, when the next purchase would exceed the budget: the project
is not passed over. (pabutools ends, too, when any project level with the next would exceed it; here
the tie order says which of them is next.)

A voter has the time now minus the time of the last purchase they shared in, so the supporters of a
project have its cost at the time

    (cost + sum over purchases (how many supporters shared in it last) x its time) / supporters

with whole-number counts. Floats of these times steer; fractions of whole numbers decide.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Election, Integers
from interlock.methods.counting.limits import Field
from interlock.methods.counting.names import Rule
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Result, Round, Tie, build_result
from interlock.methods.counting.ties import tie_ranks

# Half the distance from 1.0 to the next float: the relative error of one rounding.
_UNIT_ROUNDOFF = 2.0**-53


def phragmen(election: Election, rule: Rule, order: Sequence[str]) -> Result:
    """Count by sequential Phragmén; projects that can be bought at the same time go by `order`.

    Free projects with a vote are bought at the beginning, and cost nobody anything. A project that
    is out by a limit is never next, and never ends the count. Raises ValueError for an order that
    is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> result = phragmen(election, rule("phragmen"), ["trees", "bus", "park"])
    >>> result.funded, result.rounds[1].payment
    (('bus', 'trees'), Fraction(25, 1))
    """
    run = _Run(election, tie_ranks(election, order))
    while level := run.next():
        if not run.buy(level):
            break
    rounds = [run.rounds[p] for p in run.bought]
    reasons = [run.reason(p) for p in range(len(election.projects))]
    return build_result(election, rule.name, order, rounds, run.ties, reasons)


class _Run:
    """One count. Times are whole numbers over `denominator`, and begin with 0.

    `last` has for each voter the place in `times` of the last purchase they shared in; `rough` are
    the times as floats, each the true one rounded once.
    """

    def __init__(self, election: Election, ranks: Sequence[int]) -> None:
        self.election = election
        self.ranks = ranks
        self.field = Field(election)
        self.last: Integers = np.zeros(len(election.ballots), np.int64)
        self.times, self.denominator = [0], 1
        self.rough: npt.NDArray[np.float64] = np.zeros(len(election.projects) + 1)
        self.left = election.budget
        self.bought: list[int] = []
        self.rounds: dict[int, Round] = {}
        self.received: dict[int, Fraction] = {}
        self.ties: list[Tie] = []
        self.end: Fraction | None = None
        self.stopped_by: list[int] = []
        # Lower bounds of the times of purchase. They only rise, because money is only spent.
        slack = 1 - 4 * _UNIT_ROUNDOFF
        self.waiting = [
            (election.costs[p] / election.votes[p] * slack, p) for p in self.field.inside
        ]
        heapq.heapify(self.waiting)

    def shared(self, p: int) -> Integers:
        """How many supporters of p shared last in each purchase (at 0: in none)."""
        last = self.last[self.election.supporters_of(p)]
        counts: Integers = np.bincount(last, minlength=len(self.times))
        return counts

    def given(self, counts: Integers) -> int:
        """What voters with these counts have already given away, in 1/`denominator`."""
        pairs = zip(counts.tolist(), self.times, strict=True)
        return sum(count * time for count, time in pairs if count)

    def bounds(self, p: int, counts: Integers) -> tuple[float, float]:
        """Floats that enclose the time at which p can be bought.

        The times in the sum are each rounded once, the products once more, and any float sum of m
        terms that are not negative is within about m u of itself (N. Higham, "Accuracy and
        Stability of Numerical Algorithms", 4.2); the cost, its addition and the division round
        three times. Everything is positive, so the result is off by less than (m + 6) u of itself,
        and 2 (m + 10) u covers that and the rounding of the bounds.
        """
        known = len(self.times)
        given = float(counts @ self.rough[:known])
        time = (self.election.costs[p] + given) / self.election.votes[p]
        slack = 2 * (known + 10) * _UNIT_ROUNDOFF
        return time * (1 - slack), time * (1 + slack)

    def next(self) -> list[tuple[Fraction, int, Integers]]:
        """The projects that can be bought first, exactly: (time, project, counts), by the order."""
        seen = list[tuple[float, int, Integers]]()
        highest = float("inf")
        while self.waiting and self.waiting[0][0] <= highest:
            p = heapq.heappop(self.waiting)[1]
            if p not in self.field.out:
                counts = self.shared(p)
                low, high = self.bounds(p, counts)
                highest = min(highest, high)
                seen.append((low, p, counts))
        near = [(self.time(p, counts), p, counts) for low, p, counts in seen if low <= highest]
        first = min((time for time, _p, _counts in near), default=None)
        level = sorted((one for one in near if one[0] == first), key=lambda one: self.ranks[one[1]])
        for low, p, _counts in seen:
            if p != level[0][1]:
                heapq.heappush(self.waiting, (low, p))
        return level

    def time(self, p: int, counts: Integers) -> Fraction:
        """When the supporters of p have its cost, in 1/`denominator`."""
        cost = self.election.costs[p] * self.denominator
        return Fraction(cost + self.given(counts), self.election.votes[p])

    def buy(self, level: Sequence[tuple[Fraction, int, Integers]]) -> bool:
        """Buy the first of these level projects, or end the count when the budget cannot."""
        time, p, counts = level[0]
        self._note_tie([one for _time, one, _counts in level])
        exact = time / self.denominator
        if self.election.costs[p] > self.left:
            self.end = exact
            self.stopped_by = [one for _time, one, _counts in level]
            return False
        self.rounds[p] = self._round(p, counts, exact)
        self.received[p] = exact
        self.bought.append(p)
        self.left -= self.election.costs[p]
        self.field.fund(p)
        if exact:
            self._record(time)
            self.last[self.election.supporters_of(p)] = len(self.times) - 1
        return True

    def _record(self, time: Fraction) -> None:
        if (growth := time.denominator) > 1:
            self.denominator *= growth
            self.times = [earlier * growth for earlier in self.times]
        # Python divides whole numbers exactly, and rounds once.
        self.rough[len(self.times)] = time.numerator / self.denominator
        self.times.append(time.numerator)

    def _round(self, p: int, counts: Integers, now: Fraction) -> Round:
        """Each supporter gives what they received since they last shared in a purchase."""
        name, votes = self.election.projects[p], self.election.votes[p]
        if not now:
            return Round(name, Fraction(0), votes, 0, 0, Fraction(votes))
        # The times never fall, so whoever shared in the earliest purchase holds the most.
        shares = [(self.times[r], int(counts[r])) for r in np.flatnonzero(counts).tolist()]
        earliest = shares[0][0]
        payment = now - Fraction(earliest, self.denominator)
        full = sum(number for time, number in shares if time == earliest)
        scaled, rest = divmod(now.numerator * self.denominator, now.denominator)
        broke = 0 if rest else sum(number for time, number in shares if time == scaled)
        cost = self.election.costs[p]
        return Round(name, payment, full, votes - full - broke, broke, cost / payment)

    def _note_tie(self, level: Sequence[int]) -> None:
        # Free projects are all bought at the beginning, unless they exclude each other.
        free = not self.election.costs[level[0]]
        if len(level) > 1 and not (free and not self.election.limits.exclusive):
            names = tuple(self.election.projects[p] for p in level)
            self.ties.append(Tie(names, names[0]))

    def reason(self, p: int) -> Reason:
        if p in self.field.out:
            return self.field.out[p]
        votes, cost = self.election.votes[p], Fraction(self.election.costs[p])
        if p in self.rounds:
            if not cost:
                return Reason("funded-free", votes)
            return Reason("funded-by-load", votes, {"received": self.received[p]})
        assert self.end is not None  # without an end everything inside is bought
        if p in self.stopped_by:
            left = Fraction(self.left)
            if p != self.stopped_by[0]:
                return Reason("after-the-stop", votes, {"left": left, "cost": cost})
            return Reason(
                "load-over-budget", votes, {"received": self.end, "left": left, "cost": cost}
            )
        given = Fraction(self.given(self.shared(p)), self.denominator)
        fewest = min((self.election.votes[q] for q in self.bought), default=votes)
        amounts = {"received": self.end, "left": votes * self.end - given, "cost": cost}
        kind = "load-unfinished" if given else "load-too-small"
        return Reason(kind, votes, amounts, outvoted=votes > fewest)
