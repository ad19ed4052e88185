"""The optimum: of all choices within the budget the one worth the most, proven in whole numbers.

The "max rules" of N. Talmon and P. Faliszewski, "A Framework for Approval-Based Budgeting Methods"
(AAAI 2019): utilitarian welfare, a knapsack problem. Cities do not use it; it tells how much of the
possible another rule reaches.

It is found and proven by a search over whole numbers, in the manner of D. Pisinger, "A Minimal
Algorithm for the 0-1 Knapsack Problem" (Operations Research, 1997). At any prices p >= 0 for the
limits b, a choice within them is worth no more than

    p b + sum over projects of max(0, worth - p uses)

and each project chosen against the sign of its own term lowers that by the term. Starting with the
largest terms, few choices stay above the best one known, and those are all looked at. The prices
only steer. Under the budget alone they are exact and at hand; with caps or exclusive groups HiGHS
finds them, by way of SciPy (Q. Huangfu and J. Hall, "Parallelizing the dual revised simplex method",
2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from importlib import import_module
from math import lcm
from operator import mul, sub

import numpy as np

from interlock.methods.counting.election import Election
from interlock.methods.counting.limits import Field, places_of
from interlock.methods.counting.names import Rule
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Result, Round, build_result
from interlock.methods.counting.ties import tie_ranks

# The search gives up after so many partial choices: some seconds.
MOST_STATES = 300_000
# How many go on in a search that only looks for a good choice.
NARROW, WIDE = 50, 1_000


def optimum(election: Election, rule: Rule, order: Sequence[str]) -> Result:
    """Fund the projects that are together worth the most, within the budget and all limits.

    A project is worth its points (votes, on approval ballots); with the utility "cost" its votes
    times its cost, with "cardinality" its votes. Of choices worth the same it is the one that has
    the first project of `order` on which they differ. Projects that never take part (see `limits`)
    are in no choice.

    `Result.bound` is None when the choice is proven. When the search would take too long, it is a
    number that no choice is worth more than, and the reasons do not claim an optimum. Raises
    ValueError where SciPy is needed and missing, and for an order that is not one of exactly these
    projects.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> ballots = [["park", "bus"], ["park", "trees"], ["park"], ["bus", "trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 50, "trees": 50}, 100, ballots)
    >>> optimum(election, rule("optimum"), ["park", "bus", "trees"]).funded
    ('bus', 'trees')
    """
    ranks = tie_ranks(election, order)
    entrants = sorted(Field(election).inside, key=lambda p: ranks[p])
    program = _program(election, rule, entrants)
    best, bound = _solved(program)
    chosen = [p for p, taken in zip(entrants, program.taken(best), strict=True) if taken]
    told = _Telling(election, chosen, proven=bound is None)
    rounds = [told.round(p) for p in chosen]
    reasons = [told.reason(p) for p in range(len(ranks))]
    result = build_result(election, rule.name, order, rounds, [], reasons)
    return result if bound is None else replace(result, bound=Fraction(bound >> len(entrants)))


@dataclass(frozen=True)
class _Program:
    """Items of some worth, each using up some of each limit.

    The last bits of a worth, one for each item in the tie order, decide between equal values, and
    tell from the worth of a choice which items are in it.
    """

    worth: Sequence[int]
    uses: Sequence[Sequence[int]]
    limits: tuple[int, ...]

    def taken(self, worth: int) -> list[bool]:
        size = len(self.worth)
        return [bool(worth >> (size - 1 - item) & 1) for item in range(size)]

    def filled(self, wanted: Sequence[int]) -> int:
        """The worth of the choice of these items, in turn, that leaves out what does not fit."""
        left, total = self.limits, 0
        for item in wanted:
            rest = tuple(a - b for a, b in zip(left, self.uses[item], strict=True))
            if min(rest, default=0) >= 0:
                left, total = rest, total + self.worth[item]
        return total


def _program(election: Election, rule: Rule, entrants: Sequence[int]) -> _Program:
    size = len(entrants)
    worth = [
        _value(election, rule, p) << size | 1 << (size - 1 - item)
        for item, p in enumerate(entrants)
    ]
    groups, caps = places_of(election)
    rows = [(election.budget, [election.costs[p] for p in entrants])]
    for cap, projects in caps:
        rows.append((cap.budget, [election.costs[p] * (p in projects) for p in entrants]))
    rows += [(1, [int(p in group) for p in entrants]) for group in groups]
    binding = [(limit, row) for limit, row in rows if sum(row) > limit]
    uses = list(zip(*(row for _, row in binding), strict=True)) or [()] * size
    return _Program(worth, uses, tuple(limit for limit, _ in binding))


def _value(election: Election, rule: Rule, p: int) -> int:
    if rule.utility == "cost":
        return election.votes[p] * election.costs[p]
    return election.votes[p] if rule.utility == "cardinality" else election.points[p]


def _solved(program: _Program) -> tuple[int, int | None]:
    """The best worth found, and None when it is proven, else a bound."""
    if not program.limits:
        return sum(program.worth), None
    prices = _prices(program)
    gains = [
        Fraction(worth) - sum(price * use for price, use in zip(prices, uses, strict=True))
        for worth, uses in zip(program.worth, program.uses, strict=True)
    ]
    by_gain = sorted(range(len(gains)), key=lambda item: -gains[item])
    by_worth = sorted(range(len(gains)), key=lambda item: -program.worth[item])
    best = max(program.filled(by_gain), program.filled(by_worth))
    # A narrow search is no proof, but gives a choice so good that the whole search is short.
    best, _ = _searched(program, prices, gains, best, NARROW)
    best, bound = _searched(program, prices, gains, best)
    if bound is not None:
        best, _ = _searched(program, prices, gains, best, WIDE)
    return best, bound


def _searched(
    program: _Program,
    prices: Sequence[Fraction],
    gains: Sequence[Fraction],
    best: int,
    width: int | None = None,
) -> tuple[int, int | None]:
    """Look at every choice that could be worth more than `best`; the best, and a bound or None.

    States are what is left of each limit, with the most worth reached so. What is left beyond the
    need of all items to come is cut off: states that differ only in that have the same future.
    Under a `width`, only so many of the most promising states go on: then nothing is proven, and
    the bound means nothing.
    """
    scale = lcm(*(price.denominator for price in prices))
    whole_prices = [int(price * scale) for price in prices]
    turns = sorted(range(len(gains)), key=lambda item: -abs(gains[item]))
    need = [sum(column) for column in zip(*program.uses, strict=True)]
    to_come = sum(int(gain * scale) for gain in gains if gain > 0)
    states: dict[tuple[int, ...], int] = {program.limits: 0}
    looked_at = 0
    for item in turns:
        worth, uses = program.worth[item], program.uses[item]
        need = [total - use for total, use in zip(need, uses, strict=True)]
        to_come -= max(0, int(gains[item] * scale))
        grown: dict[tuple[int, ...], int] = {}
        possible: dict[tuple[int, ...], int] = {}
        for left, reached in states.items():
            taken = tuple(map(sub, left, uses))
            options = [(left, reached)]
            if min(taken) >= 0:
                options.append((taken, reached + worth))
            for rest, value in options:
                key = tuple(map(min, rest, need))
                at_most = value * scale + to_come + sum(map(mul, whole_prices, key))
                if at_most > best * scale and grown.get(key, -1) < value:
                    grown[key], possible[key] = value, at_most
        looked_at += len(grown)
        if width is None and looked_at > MOST_STATES:
            return best, max(possible.values()) // scale
        states = _undominated(grown)
        if width is not None and len(states) > width:
            promising = sorted(states, key=lambda key: -possible[key])[:width]
            states = {key: states[key] for key in promising}
    return max([best, *states.values()]), None


def _undominated(states: dict[tuple[int, ...], int]) -> dict[tuple[int, ...], int]:
    """Under one limit, without the states that have less left and are not worth more."""
    if len(next(iter(states), ())) != 1:
        return states
    kept: dict[tuple[int, ...], int] = {}
    most = -1
    for left in sorted(states, reverse=True):
        if states[left] > most:
            most = kept[left] = states[left]
    return kept


def _prices(program: _Program) -> list[Fraction]:
    """A price for each limit, never negative, at which the bound is as low as it gets.

    Under one limit it is the worth per use of the item at which the best ones no longer fit.
    """
    if len(program.limits) > 1:
        return _prices_by_highs(program)
    pairs = [(w, uses[0]) for w, uses in zip(program.worth, program.uses, strict=True) if uses[0]]
    left = program.limits[0]
    rates = sorted(((Fraction(worth, use), use) for worth, use in pairs), reverse=True)
    for rate, use in rates:
        left -= use
        if left < 0:
            return [rate]
    return [Fraction(0)]


def _prices_by_highs(program: _Program) -> list[Fraction]:
    """The dual prices of the relaxation in which parts of a project can be funded."""
    try:
        solver = import_module("scipy.optimize")
    except ImportError:
        raise ValueError(
            "The optimum under caps or exclusive groups needs SciPy, which is not installed. "
            "Install it: pip install 'interlock[optimum]'."
        ) from None
    # As parts of the greatest worth and of each limit, everything is from 0 to 1.
    most = max(program.worth)
    gain = np.array([-worth / most for worth in program.worth])
    columns = zip(program.limits, zip(*program.uses, strict=True), strict=True)
    rows = np.array([[use / limit for use in column] for limit, column in columns])
    solved = solver.linprog(gain, A_ub=rows, b_ub=np.ones(len(rows)), bounds=(0, 1), method="highs")
    found = solved.ineqlin.marginals if solved.x is not None else np.zeros(len(rows))
    return [
        Fraction(max(0.0, -float(price))) * most / limit
        for price, limit in zip(found, program.limits, strict=True)
    ]


class _Telling:
    """Rounds and reasons of a choice, which claim an optimum only where it is proven."""

    def __init__(self, election: Election, chosen: Sequence[int], proven: bool) -> None:
        self.election = election
        self.chosen = set(chosen)
        self.proven = proven
        self.out: Mapping[int, Reason] = Field(election).out
        self.groups, _caps = places_of(election)

    def round(self, p: int) -> Round:
        votes = self.election.votes[p]
        return Round(self.election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes))

    def reason(self, p: int) -> Reason:
        if p in self.out:
            return self.out[p]
        votes, budget = self.election.votes[p], Fraction(self.election.budget)
        amounts = {"budget": budget, "cost": Fraction(self.election.costs[p])}
        if p in self.chosen:
            return Reason("in-the-optimum" if self.proven else "funded-by-search", votes, amounts)
        others = (q for group in self.groups if p in group for q in group if q in self.chosen)
        if self.proven and (other := next(others, None)) is not None:
            facts = {"other": self.election.projects[other]}
            return Reason("excluded-by-the-optimum", votes, {"budget": budget}, facts=facts)
        kind = "not-in-the-optimum" if self.proven else "not-in-the-best-found"
        return Reason(kind, votes, amounts)
