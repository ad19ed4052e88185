"""Greedy by votes: the most votes first, as long as the money lasts.

The rule most cities use ("knapsack with approval", "utilitarian greedy"): H. Aziz and N. Shah,
"Participatory Budgeting: Models and Approaches" (2021). Pabulib knows two forms:
`greedy` skips a project that does not fit and goes on, `greedy-no-skip` ends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from interlock.methods.counting.election import Election
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import (
    Result,
    Round,
    Tie,
    build_result,
    reason_without_a_turn,
)
from interlock.methods.counting.ties import tie_ranks


def greedy(election: Election, order: Sequence[str], *, skip: bool = True) -> Result:
    """Fund projects by falling votes, equal votes by `order`, while they fit into what is left.

    A project that does not fit is passed over, or, without `skip`, ends the count. Projects
    without a vote or dearer than the whole budget take no part. Raises ValueError for an order
    that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> votes = [["park"], ["park"], ["bus"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 50, "trees": 40}, 100, votes)
    >>> greedy(election, ["trees", "bus", "park"]).funded
    ('park', 'trees')
    """
    ranks = tie_ranks(election, order)
    votes = election.votes
    reasons = [reason_without_a_turn(election, p) for p in range(len(election.projects))]
    entrants = [p for p, reason in enumerate(reasons) if reason is None]
    turns = sorted(entrants, key=lambda p: (-votes[p], ranks[p]))
    left, stopped, funded = election.budget, False, list[int]()
    for p in turns:
        amounts = {"left": Fraction(left), "cost": Fraction(election.costs[p])}
        fits = election.costs[p] <= left
        reasons[p] = Reason(_kind(fits, stopped, skip), votes[p], amounts)
        stopped = stopped or not (fits or skip)
        if fits and not stopped:
            funded.append(p)
            left -= election.costs[p]
    told = _with_outvoted([r for r in reasons if r is not None], election, funded)
    rounds = [_round(election, p) for p in funded]
    rule = "greedy" if skip else "greedy-no-skip"
    return build_result(election, rule, order, rounds, _ties(election, turns, funded), told)


def _kind(fits: bool, stopped: bool, skip: bool) -> str:
    if stopped:
        return "after-the-stop"
    if fits:
        return "funded-by-votes"
    return "does-not-fit" if skip else "stopped-here"


def _round(election: Election, p: int) -> Round:
    votes = election.votes[p]
    return Round(election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes))


def _ties(election: Election, turns: Sequence[int], funded: Sequence[int]) -> list[Tie]:
    """Groups level on votes of which some were funded and some not: there the order decided."""
    chosen, met = set(funded), list[Tie]()
    for _, level in groupby(turns, key=lambda p: election.votes[p]):
        group = list(level)
        names = tuple(election.projects[p] for p in group)
        if len(group) > 1 and 0 < len(chosen.intersection(group)) < len(group):
            met.append(Tie(names, next(election.projects[p] for p in group if p in chosen)))
    return met


def _with_outvoted(
    reasons: Sequence[Reason], election: Election, funded: Sequence[int]
) -> list[Reason]:
    fewest = min((election.votes[p] for p in funded), default=0)
    return [
        Reason(r.kind, r.voters, r.amounts, outvoted=True)
        if funded and r.kind == "does-not-fit" and r.voters > fewest
        else r
        for r in reasons
    ]
