"""Bounded overspending written down as the definition reads, with fractions only.

It shares no code with the product. That the best rate is where somebody has spent all, or where the
cost is reached, is not believed: between two such values the slope is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .reference_others import Case


@dataclass(frozen=True)
class Way:
    """To buy a part of a project at a rate."""

    project: str
    value: Fraction
    part: Fraction
    rate: Fraction


@dataclass(frozen=True)
class Overspending:
    """An election with bounded overspending; `utility` as in the names of rules."""

    case: Case
    order: Sequence[str]
    utility: str

    def given(self, voter: int, p: str) -> int:
        points = self.case.ballots[voter].get(p, 0)
        return points if self.utility == "points" else min(points, 1)

    def ways(self, p: str, purses: Sequence[Fraction]) -> list[Way]:
        cost, fans = self.case.costs[p], [v for v in self.case.fans(p) if purses[v]]

        def paid(x: Fraction) -> Fraction:
            return sum((min(purses[v], x * self.given(v, p)) for v in fans), Fraction(0))

        found, worth = list[Way](), cost if self.utility == "cost" else 1
        ends = sorted({purses[v] / self.given(v, p) for v in fans})
        for low, x in zip([Fraction(0), *ends], ends, strict=False):
            if paid(low) < cost <= paid(x):
                x = low + (x - low) * (cost - paid(low)) / (paid(x) - paid(low))
            elif paid(x) > cost:
                break
            part = paid(x) / cost
            value = x / part**2 / worth
            found.append(Way(p, value, part, x / part))
            # Nothing between is better, if only a few are asked.
            if len(fans) < 6 and low:
                least = min(value, low / (paid(low) / cost) ** 2 / worth)
                assert (low + x) / 2 / (paid((low + x) / 2) / cost) ** 2 / worth >= least
        return found

    def run(self) -> tuple[list[str], list[Way], list[Fraction], list[set[str]]]:
        """What is funded, the ways it was bought, what every voter has left, and the ties met."""
        case, funded, bought, ties = self.case, list[str](), list[Way](), list[set[str]]()
        purses = [Fraction(case.budget, max(1, len(case.ballots)))] * len(case.ballots)

        def fitting() -> list[str]:
            some = [p for p in self.order if case.takes_part(p) and p not in funded]
            left = case.budget - case.spent(funded)
            return [p for p in some if case.within_limits([*funded, p]) and case.costs[p] <= left]

        while free := [p for p in fitting() if not case.costs[p]]:
            funded.append(free[0])
        while ways := [way for p in fitting() for way in self.ways(p, purses)]:
            least = min(way.value for way in ways)
            level = [way for way in ways if way.value == least]
            if len({way.project for way in level}) > 1:
                ties.append({way.project for way in level})
            best = min(level, key=lambda way: (self.order.index(way.project), -way.part))
            for v in case.fans(best.project):
                purses[v] -= min(purses[v], best.rate * self.given(v, best.project))
            funded.append(best.project)
            bought.append(best)
        return funded, bought, purses, ties
