"""Equal shares written down as the definition reads, with fractions only and no cleverness.

It shares no code with the product: the tests count with both and compare.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Ballots = Sequence[Sequence[str]]


def price(cost: int, purses: Sequence[Fraction]) -> Fraction | None:
    """The most one of these voters pays when they share the cost as equally as they can."""
    if sum(purses) < cost:
        return None
    rest, payers = Fraction(cost), len(purses)
    for purse in sorted(purses):
        if purse * payers >= rest:
            break
        rest, payers = rest - purse, payers - 1
    return rest / payers


def equal_shares(
    costs: Mapping[str, int], budget: int, ballots: Ballots, share: Fraction, order: Sequence[str]
) -> tuple[list[str], list[Fraction], list[Fraction]]:
    """Funded projects, the price of each, and what every voter has left."""
    fans = {p: [v for v, ballot in enumerate(ballots) if p in ballot] for p in costs}
    open_projects = [p for p in order if fans[p] and costs[p] <= budget]
    purses = [share] * len(ballots)
    funded = [p for p in open_projects if costs[p] == 0]
    prices = [Fraction(0)] * len(funded)
    while True:
        offers = {
            p: found
            for p in open_projects
            if p not in funded
            and (found := price(costs[p], [purses[v] for v in fans[p]])) is not None
        }
        if not offers:
            return funded, prices, purses
        best = min(offers, key=lambda p: (offers[p] / costs[p], order.index(p)))
        funded.append(best)
        prices.append(offers[best])
        for v in fans[best]:
            purses[v] -= min(purses[v], offers[best])


def add1(
    costs: Mapping[str, int], budget: int, ballots: Ballots, unit: int, order: Sequence[str]
) -> tuple[list[str], int]:
    """Funded projects and the number of raises."""
    takes_part = [p for p in costs if costs[p] <= budget and any(p in b for b in ballots)]
    kept, steps = list[str](), -1
    while True:
        share = Fraction(budget, len(ballots)) + (steps + 1) * unit
        funded, _, _ = equal_shares(costs, budget, ballots, share, order)
        if sum(costs[p] for p in funded) > budget:
            return kept, steps
        kept, steps = funded, steps + 1
        if len(kept) == len(takes_part):
            return kept, steps


# All utilities, limits and completions, in the same plain manner.

Given = Sequence[Mapping[str, int]]


def rate(cost: int, purses: Sequence[Fraction], points: Sequence[int]) -> Fraction | None:
    """The price of one point when everybody pays for the points they gave, or all they have."""
    if sum(purses) < cost:
        return None
    rest, payers = Fraction(cost), sum(points)
    for purse, given in sorted(zip(purses, points, strict=True), key=lambda one: one[0] / one[1]):
        if purse * payers >= rest * given:
            break
        rest, payers = rest - purse, payers - given
    return rest / payers


@dataclass
class Shares:
    """An election by equal shares; `limits` are (least points, exclusive groups, caps)."""

    costs: Mapping[str, int]
    budget: int
    given: Given
    order: Sequence[str]
    utility: str = "cost"
    unit: int = 1
    least: int = 0
    exclusive: Sequence[Sequence[str]] = ()
    caps: Sequence[tuple[int, Sequence[str]]] = ()

    def points(self, p: str) -> int:
        return sum(ballot.get(p, 0) for ballot in self.given)

    def field(self, funded: Sequence[str]) -> list[str]:
        """The projects that can still be funded, in the tie order, when these are."""
        inside = []
        for p in self.order:
            out = p in funded or self.costs[p] > self.budget or not self.points(p)
            out = out or self.points(p) < self.least
            out = out or any(p in group and set(group) & set(funded) for group in self.exclusive)
            for cap, projects in self.caps:
                left = cap - sum(self.costs[q] for q in funded if q in projects)
                out = out or (p in projects and self.costs[p] > left)
            if not out:
                inside.append(p)
        return inside

    def run(
        self, share: Fraction
    ) -> tuple[list[str], list[Fraction], list[Fraction], list[tuple[str, ...]]]:
        """What is funded, the rates, what every voter has left, and the ties met."""
        purses, funded, rates = [share] * len(self.given), list[str](), list[Fraction]()
        ties = list[tuple[str, ...]]()
        while free := [p for p in self.field(funded) if not self.costs[p]]:
            funded.append(free[0])
            rates.append(Fraction(0))
        while True:
            offers, prices = dict[str, Fraction](), dict[str, Fraction]()
            for p in self.field(funded):
                fans = [v for v, ballot in enumerate(self.given) if ballot.get(p)]
                points = [self.given[v][p] if self.utility == "points" else 1 for v in fans]
                found = rate(self.costs[p], [purses[v] for v in fans], points)
                if found is not None:
                    prices[p] = found
                    offers[p] = found / self.costs[p] if self.utility == "cost" else found
            if not offers:
                return funded, rates, purses, ties
            level = [p for p in offers if offers[p] == min(offers.values())]
            if len(level) > 1:
                ties.append(tuple(level))
            best = level[0]
            funded.append(best)
            rates.append(prices[best])
            for v, ballot in enumerate(self.given):
                if given := ballot.get(best, 0):
                    asked = prices[best] * (given if self.utility == "points" else 1)
                    purses[v] -= min(purses[v], asked)

    def raises(self, exhaustive: bool = False, integral: bool = False) -> tuple[int, Fraction]:
        """The number of raises by stepping, and the share that stands."""
        share, steps = Fraction(self.budget, len(self.given)), 0
        if integral:
            share = Fraction(self.budget // (len(self.given) * self.unit) * self.unit)
        funded = self.run(share)[0]
        while True:
            left = self.budget - sum(self.costs[p] for p in funded)
            if exhaustive:
                ended = all(self.costs[p] > left for p in self.field(funded))
            else:
                ended = not self.field(funded)
            following = [] if ended else self.run(share + self.unit)[0]
            if ended or sum(self.costs[p] for p in following) > self.budget:
                return steps, share
            funded, share, steps = following, share + self.unit, steps + 1

    def with_rest(self, funded: Sequence[str]) -> list[str]:
        """These and, by falling points, what else fits."""
        funded = list(funded)
        while True:
            left = self.budget - sum(self.costs[p] for p in funded)
            fitting = [p for p in self.field(funded) if self.costs[p] <= left]
            if not fitting:
                return funded
            most = max(map(self.points, fitting))
            funded.append(next(p for p in fitting if self.points(p) == most))

    def has(self, voter: int, funded: Sequence[str]) -> int:
        """What these funded projects are worth to a voter."""
        worth = 0
        for p, points in self.given[voter].items():
            if p in funded and points:
                worth += {"cost": self.costs[p], "cardinality": 1, "points": points}[self.utility]
        return worth
