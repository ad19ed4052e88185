"""Exact Equal Shares written down as the definition reads, with fractions only.

It shares no code with the product. What a raise changes is found by trying: every share at which
somebody might have a new reason to pay is counted, the least first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .reference_others import Case

# A project bought and the voters who paid for it.
Buys = list[tuple[str, list[int]]]


@dataclass(frozen=True)
class Exact:
    """An election by exact equal shares; `utility` is "cost" or "cardinality"."""

    case: Case
    order: Sequence[str]
    utility: str

    def open(self, funded: Sequence[str]) -> list[str]:
        case = self.case
        some = [p for p in self.order if case.takes_part(p) and p not in funded]
        return [p for p in some if case.within_limits([*funded, p])]

    def comes(self, p: str, payers: int) -> tuple[Fraction, int]:
        """The least is bought first."""
        price = Fraction(self.case.costs[p], payers)
        worth = self.case.costs[p] if self.utility == "cost" else 1
        return price / worth, self.order.index(p)

    def run(self, share: Fraction) -> tuple[Buys, list[Fraction], list[set[str]]]:
        """What is bought and by whom, what every voter has left, and the ties met."""
        purses, bought, ties = [share] * len(self.case.ballots), Buys(), list[set[str]]()
        while free := [p for p in self.open([q for q, _ in bought]) if not self.case.costs[p]]:
            bought.append((free[0], []))
        while True:
            offers = dict[str, list[int]]()
            for p in self.open([q for q, _ in bought]):
                fans, cost = self.case.fans(p), self.case.costs[p]
                for size in range(len(fans), 0, -1):
                    able = [v for v in fans if purses[v] * size >= cost]
                    if len(able) >= size:
                        offers[p] = able
                        break
            if not offers:
                return bought, purses, ties
            best = min(offers, key=lambda p: self.comes(p, len(offers[p])))
            value = self.comes(best, len(offers[best]))[0]
            level = {p for p in offers if self.comes(p, len(offers[p]))[0] == value}
            if len(level) > 1:
                ties.append(level)
            for v in offers[best]:
                purses[v] -= Fraction(self.case.costs[best], len(offers[best]))
            bought.append((best, offers[best]))

    def spent(self, buys: Buys) -> int:
        return sum(self.case.costs[p] for p, _ in buys)

    def raises(self, share: Fraction) -> list[Fraction]:
        """Every raise with which some voter has, before some round, an equal part of some cost."""
        bought, purses, _ = self.run(share)
        found = set[Fraction]()
        purses = [share] * len(self.case.ballots)
        for number in range(len(bought) + 1):
            for p in self.open([q for q, _ in bought[:number]]):
                fans = self.case.fans(p)
                for size in range(1, len(fans) + 1):
                    found |= {Fraction(self.case.costs[p], size) - purses[v] for v in fans}
            for v in bought[number][1] if number < len(bought) else []:
                purses[v] -= Fraction(self.case.costs[bought[number][0]], len(bought[number][1]))
        return sorted(raise_ for raise_ in found if raise_ > 0)

    def next_change(self, share: Fraction) -> Fraction | None:
        """The least raise after which other projects are bought, in another order or by others."""
        now = self.run(share)[0]
        return next((d for d in self.raises(share) if self.run(share + d)[0] != now), None)

    def next_newcomer(self, share: Fraction) -> Fraction | None:
        """The least raise with which an unfunded project would be bought before some purchase."""
        bought, _, _ = self.run(share)
        funded = [p for p, _ in bought]
        for d in self.raises(share):
            purses = [share + d] * len(self.case.ballots)
            for number in range(len(bought) + 1):
                first = None
                if number < len(bought) and bought[number][1]:
                    first = self.comes(bought[number][0], len(bought[number][1]))
                for p in self.open([q for q, _ in bought[:number]]):
                    if p in funded or not self.case.costs[p]:
                        continue
                    for size in range(1, len(self.case.fans(p)) + 1):
                        cost = self.case.costs[p]
                        able = [v for v in self.case.fans(p) if purses[v] * size >= cost]
                        if first is not None and self.comes(p, size) > first:
                            continue
                        in_turn = number == len(bought) or bought[number][1]
                        if in_turn and len(able) >= size:
                            return d
                for v in bought[number][1] if number < len(bought) else []:
                    purses[v] -= Fraction(
                        self.case.costs[bought[number][0]], len(bought[number][1])
                    )
        return None

    def completed(self, completion: str) -> tuple[Buys, Fraction, int]:
        """The outcome that stands, its share and the raises before it."""
        share = Fraction(self.case.budget, max(1, len(self.case.ballots)))
        buys, steps = self.run(share)[0], 0
        best = (buys, share, steps)
        while completion and self.open([p for p, _ in buys]):
            found = self.next_change if completion == "add-opt" else self.next_newcomer
            more = found(share)
            assert more is not None
            share, steps = share + more, steps + 1
            buys = self.run(share)[0]
            over = self.spent(buys) > self.case.budget
            if over and completion == "add-opt":
                break
            if not over and (completion == "add-opt" or self.spent(buys) > self.spent(best[0])):
                best = (buys, share, steps)
        return best
