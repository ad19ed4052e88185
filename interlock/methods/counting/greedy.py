"""Greedy: the most points first, or the most points for the cost, as long as the money lasts.

The rule most cities use ("knapsack with approval", "utilitarian greedy"): H. Aziz and N. Shah,
"Participatory Budgeting: Models and Approaches" (2021). A project's points are its votes on
approval ballots, else the sum of what the ballots give it. By points alone it is the greedy rule
for cost utilities, by points per cost the one for cardinality utilities: N. Talmon and P.
Faliszewski, "A Framework for Approval-Based Budgeting Methods" (AAAI 2019).

Pabulib's forms: `greedy` skips a project that does not fit and goes on, `greedy-no-skip` ends
there; `greedy-threshold` and `greedy-exclusive` are `greedy` with limits (see `limits`), which hold
in every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cmp_to_key
from itertools import groupby

from interlock.methods.counting.election import Election
from interlock.methods.counting.limits import Field
from interlock.methods.counting.names import Rule
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import (
    Result,
    Round,
    Tie,
    build_result,
)
from interlock.methods.counting.ties import tie_ranks


def greedy(election: Election, rule: Rule, order: Sequence[str]) -> Result:
    """Fund projects by falling points, equal ones by `order`, while they fit into what is left.

    With `rule.per_cost` they come by falling points / cost instead, compared as whole numbers;
    free projects come before all others, those with the most points first. A project that does not
    fit is passed over, or, without `rule.skip`, ends the count; what drops out by a limit does
    neither. Raises ValueError for an order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> votes = [["park"], ["park"], ["bus"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 50, "trees": 40}, 100, votes)
    >>> greedy(election, rule("greedy"), ["trees", "bus", "park"]).funded
    ('park', 'trees')
    >>> greedy(election, rule("greedy/per-cost"), ["bus", "trees", "park"]).funded
    ('park', 'trees')
    """
    ranks = tie_ranks(election, order)
    count = _Count(election, rule, Field(election), election.budget)
    for level in _turns(election, rule, ranks, count.field.inside):
        count.take(level)
    reasons = count.field.out | count.reasons
    told = _with_outvoted([reasons[p] for p in range(len(ranks))], election, count.funded)
    rounds = [_round(election, p) for p in count.funded]
    return build_result(election, rule.name, order, rounds, count.ties, told)


def _turns(
    election: Election, rule: Rule, ranks: Sequence[int], entrants: Iterable[int]
) -> list[list[int]]:
    """The projects in their turn, those exactly level together, in the tie order."""
    points, costs = election.points, election.costs

    def later(one: int, other: int) -> int:
        if rule.per_cost and (costs[one] or costs[other]):
            return points[other] * costs[one] - points[one] * costs[other]
        return points[other] - points[one]

    turn = cmp_to_key(later)
    by_rank = sorted(entrants, key=lambda p: ranks[p])
    return [list(level) for _, level in groupby(sorted(by_rank, key=turn), key=turn)]


@dataclass
class _Count:
    """A greedy count on its way: what is funded, what is left, and what was told so far."""

    election: Election
    rule: Rule
    field: Field
    left: int

    def __post_init__(self) -> None:
        self.stopped = False
        self.funded: list[int] = []
        self.reasons: dict[int, Reason] = {}
        self.ties: list[Tie] = []

    def take(self, level: Sequence[int]) -> None:
        """Give each of these level projects its turn."""
        inside = [] if self.stopped else [p for p in level if p not in self.field.out]
        fitting = [p for p in inside if self.election.costs[p] <= self.left]
        for p in level:
            if p not in self.field.out:
                self._give_turn(p)
        # In another order one of `fitting` would be funded that is not, or, where the count stops,
        # one that does not fit would stop it earlier. If all were funded, no order changes it.
        contested = fitting if self.rule.skip else inside
        if fitting and not set(contested) <= set(self.funded):
            names = tuple(self.election.projects[p] for p in contested)
            self.ties.append(Tie(names, names[0]))

    def _give_turn(self, p: int) -> None:
        cost = self.election.costs[p]
        fits = cost <= self.left
        self.reasons[p] = self._reason(p, self._kind(fits))
        self.stopped = self.stopped or not (fits or self.rule.skip)
        if fits and not self.stopped:
            self.funded.append(p)
            self.left -= cost
            self.field.fund(p)

    def _kind(self, fits: bool) -> str:
        if self.stopped:
            return "after-the-stop"
        by_points = self.election.ballots.weights is not None
        if fits:
            return "funded-by-points" if by_points else "funded-by-votes"
        if self.rule.skip:
            return "points-do-not-fit" if by_points else "does-not-fit"
        return "stopped-here"

    def _reason(self, p: int, kind: str) -> Reason:
        votes, cost = self.election.votes[p], self.election.costs[p]
        points = self.election.points[p]
        amounts = {"left": Fraction(self.left), "cost": Fraction(cost)}
        if self.rule.per_cost and cost:
            amounts["each"] = Fraction(cost, points)
        by_points = self.election.ballots.weights is not None
        return Reason(kind, votes, amounts, facts={"points": points} if by_points else {})


def _round(election: Election, p: int) -> Round:
    votes = election.votes[p]
    return Round(election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes))


def _with_outvoted(
    reasons: Sequence[Reason], election: Election, funded: Sequence[int]
) -> list[Reason]:
    """Mark what did not fit although something funded has fewer points."""
    fewest = min((election.points[p] for p in funded), default=None)
    return [
        replace(reason, outvoted=True)
        if fewest is not None
        and reason.kind in ("does-not-fit", "points-do-not-fit")
        and election.points[p] > fewest
        else reason
        for p, reason in enumerate(reasons)
    ]
