"""Greedy, Phragmén and the optimum written down as the definitions read, with fractions only.

They share no code with the product: the tests count with both and compare. Limits are Pabulib's:
a least number of points, groups of which at most one is funded, budgets for some of the projects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

# For each voter what they give to each project they mark: 1 on an approval ballot.
Ballots = Sequence[Mapping[str, int]]


@dataclass(frozen=True)
class Case:
    """An election with limits, as plain Python values."""

    costs: Mapping[str, int]
    budget: int
    ballots: Ballots
    least: int = 0
    exclusive: Sequence[Sequence[str]] = ()
    caps: Sequence[tuple[int, Sequence[str]]] = ()

    def points(self, project: str) -> int:
        return sum(ballot.get(project, 0) for ballot in self.ballots)

    def fans(self, project: str) -> list[int]:
        return [v for v, ballot in enumerate(self.ballots) if ballot.get(project, 0) > 0]

    def takes_part(self, project: str) -> bool:
        enough = self.points(project) >= max(1, self.least)
        return enough and self.costs[project] <= self.budget

    def within_limits(self, funded: Sequence[str]) -> bool:
        """Whether groups and caps allow these projects together; the budget is not looked at."""
        return all(len(set(group) & set(funded)) <= 1 for group in self.exclusive) and all(
            sum(self.costs[p] for p in set(projects) & set(funded)) <= budget
            for budget, projects in self.caps
        )

    def spent(self, funded: Sequence[str]) -> int:
        return sum(self.costs[p] for p in funded)


def greedy(
    case: Case, order: Sequence[str], skip: bool = True, per_cost: bool = False
) -> list[str]:
    """Funded projects, in their order."""

    def turn(project: str) -> tuple[Fraction, ...]:
        points, cost = case.points(project), case.costs[project]
        place = Fraction(order.index(project))
        if not per_cost:
            return (Fraction(-points), place)
        if cost == 0:
            return (Fraction(0), Fraction(-points), place)
        return (Fraction(1), Fraction(-points, cost), place)

    funded = list[str]()
    for project in sorted(filter(case.takes_part, order), key=turn):
        if not case.within_limits([*funded, project]):
            continue
        if case.spent([*funded, project]) <= case.budget:
            funded.append(project)
        elif not skip:
            break
    return funded


def contested(
    case: Case, order: Sequence[str], skip: bool = True, per_cost: bool = False
) -> list[set[str]]:
    """Projects level with others of which another tie order would fund other ones."""
    takes_part = [p for p in order if case.takes_part(p)]

    def rate(project: str) -> tuple[bool, Fraction]:
        points, cost = case.points(project), case.costs[project]
        return (bool(cost), Fraction(points, cost or 1)) if per_cost else (True, Fraction(points))

    funded = set(greedy(case, order, skip, per_cost))
    found = list[set[str]]()
    for value in dict.fromkeys(map(rate, takes_part)):
        level = [p for p in takes_part if rate(p) == value]
        orders = ([p, *(q for q in order if q != p)] for p in level)
        changed = any(
            {p for p in greedy(case, other, skip, per_cost) if p in level} != funded & set(level)
            for other in orders
        )
        if len(level) > 1 and changed:
            found.append(set(level))
    return found


def phragmen(
    case: Case, order: Sequence[str]
) -> tuple[list[str], list[Fraction], Fraction | None, list[Fraction]]:
    """Funded projects, when each was bought, when the count stopped, and what is left to voters."""
    purses = [Fraction(0)] * len(case.ballots)
    now, funded, times = Fraction(0), list[str](), list[Fraction]()
    while True:
        open_projects = [
            p
            for p in order
            if case.takes_part(p) and p not in funded and case.within_limits([*funded, p])
        ]
        if not open_projects:
            return funded, times, None, purses
        # How long money must flow until the supporters have the cost.
        wait = {
            p: (case.costs[p] - sum(purses[v] for v in case.fans(p))) / Fraction(len(case.fans(p)))
            if case.costs[p]
            else Fraction(0)
            for p in open_projects
        }
        best = min(open_projects, key=lambda p: (wait[p], order.index(p)))
        now += wait[best]
        purses = [purse + wait[best] for purse in purses]
        if case.spent([*funded, best]) > case.budget:
            return funded, times, now, purses
        funded.append(best)
        times.append(now)
        for v in case.fans(best):
            purses[v] = Fraction(0)


def value(case: Case, project: str, utility: str) -> int:
    """What funding the project is worth to all voters together."""
    votes = len(case.fans(project))
    return {"cost": votes * case.costs[project], "cardinality": votes}.get(
        utility, case.points(project)
    )


def optimum(case: Case, order: Sequence[str], utility: str = "") -> tuple[int, list[str]]:
    """The greatest value, and of all best choices the first by the tie order: brute force."""
    entrants = [p for p in order if case.takes_part(p)]
    worths = {p: value(case, p, utility) for p in entrants}
    best: tuple[int, list[bool]] = (0, [False] * len(entrants))
    for number in range(len(entrants) + 1):
        for some in combinations(entrants, number):
            found = (sum(worths[p] for p in some), [p in some for p in entrants])
            if found > best and case.spent(some) <= case.budget and case.within_limits(some):
                best = found
    return best[0], [p for p, chosen in zip(entrants, best[1], strict=True) if chosen]
