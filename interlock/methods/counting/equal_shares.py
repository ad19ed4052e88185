"""The Method of Equal Shares, exactly, on ballots of every kind.

D. Peters, G. Pierczyński and P. Skowron, "Proportional Participatory Budgeting with Additive
Utilities" (NeurIPS 2021). Every voter gets the same share of the budget. A project can be bought
when its supporters together can pay for it; they pay in proportion to the points they gave it
(equally, on approval ballots), and who has less gives all of it. The project that is the best buy
is bought first, again and again (see `purchases`).

Money is left at the end. `add1` is the completion real cities use (Wieliczka 2023, Świecie 2023,
Assen 2024): all shares grow by one currency unit at a time until the next step would overspend the
budget (see `raises`). The comparison with greedy is that of https://equalshares.net.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from interlock.methods.counting.election import Election
from interlock.methods.counting.greedy import greedy
from interlock.methods.counting.limits import Field
from interlock.methods.counting.names import Rule
from interlock.methods.counting.names import rule as rule_named
from interlock.methods.counting.purchases import Market, Run
from interlock.methods.counting.raises import raised
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Comparison, Result, Round, Tie, build_result
from interlock.methods.counting.ties import tie_ranks


def equal_shares(
    election: Election,
    rule: Rule,
    order: Sequence[str],
    *,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Count by equal shares, each voter starting with exactly budget / ballots.

    Free projects with a vote are funded first and cost nobody anything; projects dearer than the
    budget or without a vote take no part; equal projects go by `order`. The rule's utility decides
    which project is the best buy: the one that takes the least part of its cost from whoever pays
    most ("cost"), the least money ("cardinality"), or the least money for a point ("points").

    With the completion "add1" each step gives every voter `election.unit` more than before (money
    that only guides the count) and counts again from the beginning. It ends when the next step
    would fund more than the budget pays for, or when no project is left that takes part and is not
    funded; the last outcome within the budget stands. "add1-exhaustive" ends as soon as no such
    project fits into what is left of the budget. With "integral" the shares start rounded down to a
    whole unit. Since every project can be paid for once a share exceeds the sum of all costs, it
    always ends. `progress` is called with steps that have been reached, never lower, not with every
    one. Raises ValueError after a million steps, and for an order that is not one of exactly these
    projects.

    With "utilitarian" what is left of the budget then goes to the remaining projects by falling
    points, and those that do not fit are passed over. A comparison sets the outcome beside that of
    greedy, and greedy's stands when strictly more voters prefer it.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> result = equal_shares(election, rule("equalshares"), ["trees", "bus", "park"])
    >>> result.funded, result.rounds[0].payment
    (('park', 'trees'), Fraction(20, 1))
    """
    market = Market(election, rule, tie_ranks(election, order))
    steps = raised(market, rule, progress) if rule.completion else 0
    told = _told(Run(market, steps).finish(), rule, order)
    return _compared(election, told, market.utility, order) if rule.comparison else told


def _told(run: Run, rule: Rule, order: Sequence[str]) -> Result:
    """The result of a finished run, with a reason for every project when it is asked for."""
    election, rounds, ties = run.market.election, run.rounds(), list(run.ties)
    bought = run.basket.bought
    funded = {p: _why_funded(run, p, one) for p, one in zip(bought, rounds, strict=True)}
    out = run.out()
    if rule.utilitarian:
        rest = _Rest(run)
        rounds, ties = [*rounds, *rest.rounds], [*ties, *rest.ties]
        funded, out = funded | rest.reasons, rest.field.out

    def reasons() -> list[Reason]:
        # Outvoted by what shares bought: nobody paid for what the rest funds.
        fewest = min((election.votes[p] for p in bought), default=len(election.ballots))
        told = [funded.get(p) or out.get(p) for p in range(len(election.projects))]
        return [one or _why_not_funded(run, p, fewest) for p, one in enumerate(told)]

    endowment, steps = run.endowment, run.steps
    return build_result(election, rule.name, order, rounds, ties, reasons, endowment, steps)


class _Rest:
    """What is left of the budget goes to projects by falling points, skipping what does not fit."""

    def __init__(self, run: Run) -> None:
        election, ranks = run.market.election, run.market.ranks
        self.field = Field(election)
        for p in run.basket.bought:
            self.field.fund(p)
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self.reasons: dict[int, Reason] = {}
        left = election.budget - run.basket.spent
        while fitting := [p for p in self.field.inside if election.costs[p] <= left]:
            most = max(election.points[p] for p in fitting)
            level = [p for p in fitting if election.points[p] == most]
            p = min(level, key=ranks.__getitem__)
            self.reasons[p] = _why_from_rest(election, p, left)
            self.rounds.append(_unpaid(election, p))
            self.field.fund(p)
            left -= election.costs[p]
            if any(q not in self.field.inside or election.costs[q] > left for q in level if q != p):
                level.sort(key=ranks.__getitem__)
                names = tuple(election.projects[q] for q in level)
                self.ties.append(Tie(names, names[0]))


def _why_from_rest(election: Election, p: int, left: int) -> Reason:
    amounts = {"left": Fraction(left), "cost": Fraction(election.costs[p])}
    if election.ballots.weights is None:
        return Reason("funded-by-rest", election.votes[p], amounts)
    points = {"points": election.points[p]}
    return Reason("funded-by-rest-points", election.votes[p], amounts, facts=points)


def _unpaid(election: Election, p: int) -> Round:
    votes = election.votes[p]
    return Round(election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes))


def _why_funded(run: Run, p: int, round: Round) -> Reason:
    votes = run.market.election.votes[p]
    if run.market.election.costs[p] == 0:
        return Reason("funded-free", votes)
    return Reason("funded-by-shares", votes, {"payment": round.payment, "share": run.endowment})


def _why_not_funded(run: Run, p: int, fewest: int) -> Reason:
    """Its turn is over with the first round after which its supporters could not pay for it."""
    election, ledger = run.market.election, run.ledger
    votes, cost = election.votes[p], election.costs[p]
    left = ledger.course(election.supporters_of(p))
    # Money only falls, so the first round after which it is too little is found by halving.
    payable = cost * ledger.denominator
    turn = bisect_left(range(len(ledger.rates)), True, key=lambda rounds: left(rounds) < payable)
    kind = "shares-spent" if turn else "shares-too-small"
    amounts = {"left": ledger.amount(left(turn)), "cost": Fraction(cost)}
    return Reason(kind, votes, amounts, outvoted=votes > fewest)


def _compared(election: Election, shares: Result, utility: str, order: Sequence[str]) -> Result:
    """The outcome of equal shares, or greedy's if strictly more voters prefer that."""
    other = greedy(election, rule_named("greedy"), order)
    gains = _gains(election, utility, shares.funded, other.funded)
    for_shares, for_greedy = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    stood = "greedy" if for_greedy > for_shares else "equalshares"
    compared = Comparison(stood, shares.funded, other.funded, for_shares, for_greedy)
    standing = other if stood == "greedy" else shares
    return replace(standing, rule=shares.rule, comparison=compared)


def _gains(
    election: Election, utility: str, one: Sequence[str], other: Sequence[str]
) -> Sequence[int]:
    """How much more each voter has from one set of funded projects than from the other."""
    ballots, chosen, others = election.ballots, set(one), set(other)
    worth = election.costs if utility == "cost" else (1,) * len(election.costs)
    gain = [
        value * ((project in chosen) - (project in others))
        for project, value in zip(election.projects, worth, strict=True)
    ]
    points = ballots.weights
    if points is not None and utility != "points":
        points = np.minimum(points, 1)
    most = max(map(abs, gain), default=0) * (1 if points is None else int(points.max(initial=0)))
    # Beyond 64 bits Python's own whole numbers add up.
    kind = np.int64 if most * max(1, len(ballots.projects)) < 2**62 else object
    marks = np.array(gain, dtype=kind)[ballots.projects]
    if points is not None:
        marks = marks * points.astype(kind)
    sums = np.concatenate([np.zeros(1, kind), np.cumsum(marks, dtype=kind)])
    found: list[int] = (sums[ballots.offsets[1:]] - sums[ballots.offsets[:-1]]).tolist()
    return found
