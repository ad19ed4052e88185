"""Equal shares for a whole span of shares at once.

What is proven here holds at every share e of a span from a to b, whole or not. Write b_i(e) for the
money of voter i after a number of rounds, and q(e) for the rate of a project then (see `purchases`).

**Lemma.** While the same projects are bought in the same order, money rises with e and rates fall.
Proof by induction over the rounds. All start with more money at a larger share. If everybody can
give more, the sum of min(b_i, x w_i) reaches the cost at no larger x, so q falls; and each voter
keeps max(b_i - q w_i, 0), which rises.

**Lines.** For every voter a `Span` keeps two straight lines over the span with b_i between them: the
lower goes from `low[0]` at a to `low[1]` at b, the upper from `high[0]` to `high[1]`. They give two
straight lines with q between them:

* above: the rates r(a) and r(b) that the lower lines give at the ends. F(e, x) = sum of
  min(lower_i(e), x w_i) is concave in e and x together, as the least of straight lines is, and
  reaches the cost at (a, r(a)) and (b, r(b)), so also on the line between them.
* below: for any set S of supporters, the cost is at most the sum of upper_i(e) over S plus q w_i
  over the others; solved for q that is a straight line. S are those who seem to give all they have.

When the project is bought, b_i - q w_i lies above the lower line less the upper rate's, and above
0: one of the two is kept. It lies below the greater of 0 and the upper line less the lower rate's,
which is convex, so below the line between its ends. So the lines hold for the next round.

**Order.** Two straight lines that do not cross at the ends do not cross between them. So a project is
surely bought next when its supporters can pay for it at a, and its upper rate / worth is at both
ends below the lower one of every other that can be paid at b. Rates that are the same at every
share, because all supporters pay in full (cost / points) or because they solve the same equation
(see `_are_alike`), are told apart by the tie order.

**Bounds.** When it is unclear what is bought next, it may still be clear that too little is left to
matter: what comes is paid by voters with at most `high[1]`, and only projects they can pay come. For
any set T of these, they add at most the cost of T and all money of the supporters of the others:
a cut between voters and projects (L. Ford and D. Fulkerson, "Maximal flow through a network", 1956).

Every float is rounded to the side on which it remains a bound.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from interlock.methods.counting.purchases import (
    FEW,
    MANY,
    SLACK,
    Basket,
    Fans,
    Floats,
    Market,
    paid_rate,
    rounding,
)

# After so many purchases it is looked at whether what can still come matters.
_LOOK = 8

Ends = tuple[float, float]


class _Candidate(NamedTuple):
    """A project that may be bought next: what its fans have at least, at both ends; its rate.

    `least` bounds the rate at every share from below; `above` bounds it from above at both ends,
    and is infinite where it is not sure that they can pay.
    """

    project: int
    fans: Fans
    held: tuple[Floats, Floats]
    least: float
    above: Ends

    def full(self) -> bool:
        """Whether all its fans pay in full at every share."""
        weights = 1.0 if self.fans.weights is None else self.fans.weights
        dues = (rate * (1 + SLACK) * weights for rate in self.above)
        return all(bool((held > due).all()) for held, due in zip(self.held, dues, strict=True))


class Opening:
    """What is bought first at every share from the first on, all supporters paying in full.

    Rates are then cost / points, the least there can be, whatever the share; so the next in that
    order comes next as long as all its supporters can pay in full at the first share.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        self.projects = list[int]()
        #: What each voter has paid, up to `error` times that.
        self.paid = np.zeros(len(market.election.ballots))
        share = market.endowment(0) / market.scale
        start = share.numerator / share.denominator * (1 - 2 * SLACK)
        basket = Basket(market)
        for p in sorted(
            market.paid, key=lambda p: (market.full_rate(p, market.fans[p]), market.ranks[p])
        ):
            if p in basket.gone:
                continue
            voters, weights, _ = market.fans[p]
            due = market.starts[p] * (1.0 if weights is None else weights)
            paid = self.paid[voters] + due
            if not (paid * (1 + self.error + 2 * SLACK) < start).all():
                break
            self.paid[voters] = paid
            self.projects.append(p)
            basket.add(p)

    @property
    def error(self) -> float:
        return (len(self.projects) + 2) * SLACK


class Span:
    """The shares of `first` to `last` raises, as far as their purchases are the same.

    A span that lies in a `wider` one starts with what that knows: its certain purchases, lower
    bounds on the rates of the others, and which voters are out.
    """

    def __init__(self, opening: Opening, first: int, last: int, wider: Span | None = None) -> None:
        market = opening.market
        self.market, self.opening = market, opening
        self.first, self.last = first, last
        self.finished = False
        self.basket = Basket(market)
        for p in opening.projects:
            self.basket.add(p)
        self._opened = len(self.basket.bought)
        # The last cut: what was spent before it, what it allowed, at which share.
        self._tried: tuple[int, int, float] | None = None if wider is None else wider._tried
        self._known = [] if wider is None else wider.basket.bought[wider._opened :]
        # Lower bounds on rate / worth, and on rates, at every share.
        self._waiting: list[tuple[float, int]] = (
            market.waiting(self.basket.bought) if wider is None else list(wider._waiting)
        )
        self._rates: dict[int, float] = dict(market.starts if wider is None else wider._rates)
        self._fans: dict[int, Fans] = dict(market.fans if wider is None else wider._fans)
        self._parted_at = first
        self._low, self._high = list[Floats](), list[Floats]()

    def follow(self, goes_on: Callable[[int, Sequence[int]], bool]) -> bool:
        """Buy while it is sure what comes; whether the count goes on after every share of the span.

        `goes_on` says so of the most that is spent and of projects that surely are not funded.
        `finished` says that nothing more can be paid: the `basket` is then the outcome at each.
        """
        self._begin()
        while True:
            candidates = self._candidates()
            if not candidates:
                self.finished = True
                return goes_on(self.basket.spent, self.basket.open)
            first = self._first(candidates)
            for one in candidates:
                if one is not first:
                    heapq.heappush(self._waiting, (self._bound(one), one.project))
            if first is None:
                return goes_on(*self._bounds(cut=True))
            self._buy(first)
            if len(self.basket.bought) % _LOOK == 0 and goes_on(*self._bounds()):
                return True

    def parts(self) -> list[Span]:
        """Two spans of these shares, the later one first, parted where it became unclear."""
        self._low, self._high = [], []
        part = min(max(self._parted_at, self.first), self.last - 1)
        return [
            Span(self.opening, part + 1, self.last, self),
            Span(self.opening, self.first, part, self),
        ]

    def _begin(self) -> None:
        """The lines at the start, and the purchases that are known."""
        market = self.market
        steps = (self.first, self.last) if self.first < self.last else (self.first,)
        shares = [market.endowment(step) / market.scale for step in steps]
        ends = [share.numerator / share.denominator for share in shares]
        self._most = ends[-1] * (1 + SLACK)
        # Covers the rounding of one payment: of its product, and of what it leaves.
        self._trace = 3 * SLACK * self._most
        paid, error = self.opening.paid, self.opening.error
        most, least = paid * (1 + error) + self._trace, paid * (1 - error) - self._trace
        self._low = [end * (1 - SLACK) - most for end in ends]
        self._high = [end * (1 + SLACK) - least for end in ends]
        # The wider span was sure of these. The lower lines of this one may still be weaker, for it
        # may have let go of a line that here falls below 0 at one end; then the voter keeps 0.
        for p in self._known:
            self._buy(self._candidate(p))

    def _candidates(self) -> list[_Candidate]:
        """The projects that may be bought next. Only those are looked at whose bound is low enough."""
        found, limit = list[_Candidate](), float("inf")
        while self._waiting and self._waiting[0][0] <= limit:
            p = heapq.heappop(self._waiting)[1]
            if p in self.basket.gone or not self._payable(p):
                continue
            bound = self._rates[p] / self.market.worth[p] * (1 - SLACK)
            if bound > limit:
                heapq.heappush(self._waiting, (bound, p))
                continue
            one = self._candidate(p)
            found.append(one)
            # Rates fall, so the first share has the highest.
            limit = min(limit, one.above[0] / self.market.worth[p] * (1 + SLACK))
        near = list[_Candidate]()
        for one in found:
            if self._bound(one) <= limit:
                near.append(one)
            else:
                heapq.heappush(self._waiting, (self._bound(one), one.project))
        return near

    def _bound(self, one: _Candidate) -> float:
        return one.least / self.market.worth[one.project] * (1 - SLACK)

    def _payable(self, p: int) -> bool:
        """Whether voters may be able to pay for p at the last share.

        On the way those who are out are left away, and its least rate is noted.
        """
        fans = self._fans[p]
        held = self._high[-1][fans.voters]
        if held.size > FEW and np.count_nonzero(held) < MANY * held.size:
            alive = held > 0.0
            fans = self._fans[p] = fans.only(alive)
            held = held[alive]
        if not held.size:
            return False
        cost = self.market.costs[p]
        least = cost - rounding(held.size, held.size * self._most + cost)
        rate, paid = paid_rate(held, fans.weights, least, self._rates[p])
        if paid < least and float(np.add.reduce(held)) < least:
            return False
        self._rates[p] = max(self._rates[p], rate * (1 - SLACK))
        return True

    def _candidate(self, p: int) -> _Candidate:
        fans = self._fans[p]
        first = self._low[0][fans.voters]
        held = (first, first if len(self._low) == 1 else self._low[1][fans.voters])
        above = self._above(p, fans, first)
        last = above if held[1] is first else self._above(p, fans, held[1])
        return _Candidate(p, fans, held, self._rates[p], (above, last))

    def _above(self, p: int, fans: Fans, held: Floats) -> float:
        """An upper bound on the rate of p where its fans have at least so much."""
        cost = self.market.costs[p]
        most = cost + rounding(held.size, held.size * self._most + cost)
        rate, paid = paid_rate(held, fans.weights, most, self._rates[p])
        return float("inf") if paid < most else rate * (1 + SLACK)

    def _below(self, one: _Candidate, held: Sequence[Floats]) -> list[float]:
        """Lower bounds on its rate at the ends, on a straight line, where its fans have at most so much."""
        weights = one.fans.weights
        # Twice a guess of the rate in the middle. Any does; a good one gives a sharp bound.
        twice = sum(one.above) if max(one.above) < float("inf") else 2 * one.least
        together = held[0] + held[-1]
        short = together < (twice if weights is None else twice * weights)
        rich = ~short
        others = float(np.count_nonzero(rich) if weights is None else weights[rich].sum())
        if not others:
            return [0.0] * len(held)
        cost = self.market.costs[one.project]
        noise = rounding(together.size, together.size * self._most + cost)
        rates = [
            (cost - float(np.add.reduce(amounts * short)) - noise) / others for amounts in held
        ]
        return [rate - SLACK * abs(rate) for rate in rates]

    def _first(self, candidates: list[_Candidate]) -> _Candidate | None:
        """The candidate that is bought next at every share, or None, and where to part the span."""
        worth = self.market.worth
        first, *others = sorted(candidates, key=lambda one: sum(one.above) / worth[one.project])
        if max(first.above) == float("inf"):
            self._parted_at = self._turning(first)
            return None
        for other in others:
            before = self._is_before(first, other)
            if before is None:
                self._parted_at = self._crossing(first, other)
                return None
            if not before:
                first = other
        return first

    def _is_before(self, one: _Candidate, other: _Candidate) -> bool | None:
        """Whether one is bought before the other at every share; None where that is unclear."""
        if self._is_below(one, other):
            return True
        if self._is_below(other, one):
            return False
        market = self.market
        one, other = self._alive(one), self._alive(other)
        ranks = [market.ranks[each.project] for each in (one, other)]
        if one.full() and other.full():
            rates = [market.full_rate(each.project, each.fans) for each in (one, other)]
            return (rates[0], ranks[0]) < (rates[1], ranks[1])
        return ranks[0] < ranks[1] if self._are_alike(one, other) else None

    def _alive(self, one: _Candidate) -> _Candidate:
        """The same without the fans who are out at every share."""
        alive = self._high[-1][one.fans.voters] > 0.0
        held = (one.held[0][alive], one.held[1][alive])
        return one._replace(fans=one.fans.only(alive), held=held)

    def _are_alike(self, one: _Candidate, other: _Candidate) -> bool:
        """Whether two projects have the same rate at every share, by the same sum.

        They have when they cost the same, whoever supports both gives both the same, and those who
        support only one of them pay in full, with as many points for the one as for the other.
        """
        costs = self.market.election.costs
        if costs[one.project] != costs[other.project]:
            return False
        fans = one.fans, other.fans
        both = np.intersect1d(fans[0].voters, fans[1].voters, assume_unique=True)
        common = [np.isin(some.voters, both, assume_unique=True) for some in fans]
        if fans[0].total(~common[0]) != fans[1].total(~common[1]):
            return False
        mine, theirs = fans[0].points, fans[1].points
        if mine is not None and theirs is not None and (mine[common[0]] != theirs[common[1]]).any():
            return False
        return all(
            each._replace(
                fans=each.fans.only(~places), held=(each.held[0][~places], each.held[1][~places])
            ).full()
            for each, places in zip((one, other), common, strict=True)
        )

    def _is_below(self, one: _Candidate, other: _Candidate) -> bool:
        below = self._below(other, [high[other.fans.voters] for high in self._high])
        mine, others = self.market.worth[one.project], self.market.worth[other.project]
        return all(
            above * others * (1 + 2 * SLACK) < rate * mine
            for above, rate in zip(one.above, below, strict=False)
        )

    def _crossing(self, one: _Candidate, other: _Candidate) -> int:
        """About the last share before two rates change places; the middle where they do not."""
        if max(other.above) == float("inf"):
            return self._turning(other)
        # Upper lines are sharp at the ends, lower ones in the middle: three points of the curve.
        start, middle, end = (
            b - a for a, b in zip(self._curve(one), self._curve(other), strict=True)
        )
        where = 0.5
        if start * end < 0:
            square = 2 * (start + end - 2 * middle)
            slope = end - start - square
            # Only a guess: where rounding leaves no root, the middle does.
            root = sqrt(max(slope * slope - 4 * square * start, 0.0))
            divisor = -slope + (root if start > 0 else -root)
            found = 2 * start / divisor if divisor else where
            where = found if 0 <= found <= 1 else where
        return self.first + int((self.last - self.first) * where)

    def _curve(self, one: _Candidate) -> tuple[float, float, float]:
        """Rate / worth at the first share, about the middle one, and the last."""
        below = self._below(one, [high[one.fans.voters] for high in self._high])
        worth = self.market.worth[one.project]
        return one.above[0] / worth, sum(below) / len(below) / worth, one.above[1] / worth

    def _turning(self, one: _Candidate) -> int:
        """About the last share at which the supporters of a project cannot pay for it."""
        cost = self.market.costs[one.project]
        least = cost - float(np.add.reduce(one.held[0]))
        most = float(np.add.reduce(self._high[-1][one.fans.voters])) - cost
        if not (least > 0 and most > 0):
            return (self.first + self.last) // 2
        return self.first + int((self.last - self.first) * least / (least + most))

    def _buy(self, one: _Candidate) -> None:
        voters, weights, _ = one.fans
        held = [high[voters] for high in self._high]
        for high, amounts, rate in zip(self._high, held, self._below(one, held), strict=True):
            amounts -= (rate if weights is None else rate * weights) - self._trace
            high[voters] = np.maximum(amounts, 0.0)
        left = list[Floats]()
        for amounts, rate, _low in zip(one.held, one.above, self._low, strict=False):
            left.append(amounts - (rate if weights is None else rate * weights) - self._trace)
        positive = left[0] + left[-1] > 0
        for low, amounts in zip(self._low, left, strict=True):
            low[voters] = np.where(positive, amounts, 0.0)
        self.basket.add(one.project)

    def _bounds(self, *, cut: bool = False) -> tuple[int, list[int]]:
        """The most that is spent in the end at any share, and projects that surely are not funded.

        Those that nobody can pay for any more stop waiting.
        """
        market, high = self.market, self._high[-1]
        costs = market.election.costs
        waiting = list[tuple[float, int]]()
        for bound, p in self._waiting:
            held = high[self._fans[p].voters]
            noise = rounding(held.size, held.size * self._most + market.costs[p])
            if p not in self.basket.gone and np.add.reduce(held) >= market.costs[p] - noise:
                waiting.append((bound, p))
        heapq.heapify(waiting)
        self._waiting = waiting
        payable = [p for _bound, p in waiting]
        most = sum(costs[p] for p in payable)
        if cut and most > market.election.budget - self.basket.spent and self._may_cut():
            most = self._cut(payable, most)
            self._tried = (self.basket.spent, most, self._most)
        never = market.limited.union(payable)
        return self.basket.spent + most, [p for p in self.basket.open if p not in never]

    def _may_cut(self) -> bool:
        """Whether a cut is worth its time: not where an earlier one was far beyond the budget."""
        if self._tried is None:
            return True
        spent, most, share = self._tried
        beyond = spent + most - self.market.election.budget
        return beyond <= (self.basket.spent - spent) / 2 + most * (1 - self._most / share)

    def _cut(self, payable: list[int], most: int) -> int:
        """At most so much can still be paid for these projects: a small cut, sought greedily.

        Counted by their cost are those whose supporters have more than it, of what supports no
        other that is counted by money.
        """
        market, money = self.market, self._high[-1]
        room = market.election.budget - self.basket.spent
        fans = [self._fans[p].voters for p in payable]
        voters = np.concatenate(fans)
        owners = np.repeat(np.arange(len(payable)), [some.size for some in fans])
        costs = np.array([market.costs[p] for p in payable])
        by_cost = 0
        inside = np.ones(len(payable), np.bool_)
        while inside.any():
            support = np.bincount(voters, minlength=money.size)
            total = float(np.add.reduce(money[support > 0]))
            total += rounding(money.size, total)
            most = min(most, by_cost + ceil(Fraction(total) * market.scale))
            if most <= room:
                break
            alone = money[voters] * (support[voters] == 1)
            own = np.bincount(owners, weights=alone, minlength=len(payable))
            rich = inside & (own > costs)
            if not rich.any():
                break
            by_cost += sum(market.election.costs[payable[k]] for k in np.flatnonzero(rich).tolist())
            inside &= ~rich
            kept = inside[owners]
            voters, owners = voters[kept], owners[kept]
        return most
