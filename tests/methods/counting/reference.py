"""Equal shares written down as the definition reads, with fractions only and no cleverness.

It shares no code with the product: the tests count with both and compare.
"""

from collections.abc import Mapping, Sequence
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
