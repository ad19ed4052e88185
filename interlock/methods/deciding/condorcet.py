"""Condorcet: who would beat each other candidate one to one; Schulze's method where nobody would.

M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", *Social Choice and Welfare* 36 (2011), with the strength of a victory
measured by winning votes. A chain of victories from one candidate to another is as strong as its weakest
victory; a candidate comes before another when the strongest chain there is stronger than any back. Seats
go in that order. Whom a ballot does not rank, it ranks last, and equal to all others it does not rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from interlock.methods.deciding.ballots import Election
from interlock.methods.deciding.reasons import Step, step

Pairs = Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class CondorcetCount:
    """Who is elected, all in their order, and the table of pairs.

    `pairs` has how many ballots prefer the first to the second, `paths` how strong the strongest chain of
    victories is (0: none). `first` beats each other one to one, if somebody does; `circle` are those
    at the top who beat each other in a circle.
    """

    election: Election
    winners: tuple[str, ...]
    order: tuple[str, ...]
    pairs: Pairs
    paths: Pairs
    first: str | None
    circle: tuple[str, ...]
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; tables are rows and columns in the order of the candidates."""
        names = self.election.standing
        return {
            "method": "condorcet",
            "seats": self.election.seats,
            "winners": list(self.winners),
            "order": list(self.order),
            "candidates": list(names),
            "pairs": [[self.pairs.get((a, b), 0) for b in names] for a in names],
            "paths": [[self.paths.get((a, b), 0) for b in names] for a in names],
            "first": self.first,
            "circle": list(self.circle),
            "steps": [one.to_json() for one in self.steps],
        }


def by_condorcet(election: Election) -> CondorcetCount:
    """Elect by Schulze's method; whoever beats each other one to one is always elected.

    >>> ballots = [["Ana", "Ben", "Cy"]] * 4 + [["Ben", "Cy", "Ana"]] * 3 + [["Cy", "Ana", "Ben"]] * 2
    >>> found = by_condorcet(Election.of_rankings(["Ana", "Ben", "Cy"], 1, ballots))
    >>> print(*found.steps[1:], sep="\\n")
    Nobody beats all others one to one: Ana, Ben, Cy beat each other in a circle. The strongest chains of victories decide.
    Ana before Ben: the strongest chain there has 6 votes, the strongest back 5.
    Ana before Cy: the strongest chain there has 6 votes, the strongest back 5.
    Place 1: Ana. Elected.
    Place 2: Ben. Not elected.
    Place 3: Cy. Not elected.
    """
    names = election.standing
    pairs = _pairs(election)
    paths = _paths(names, pairs)
    order, equals = _ordered(election, paths)
    winners = tuple(order[: election.seats]) if election.valid else ()
    first = next((one for one in names if _beats_all(one, names, pairs)), None)
    circle = _circle(names, pairs) if first is None else ()
    steps = [*election.beginning()]
    if election.valid:
        steps += _told(election, order, paths, first, circle, equals)
    steps += election.ending(winners)
    return CondorcetCount(
        election, winners, tuple(order), pairs, paths, first, circle, tuple(steps)
    )


def _pairs(election: Election) -> Pairs:
    names = election.standing
    pairs = {(a, b): 0 for a in names for b in names if a != b}
    for ballot, number in election.choices.items():
        rank = {name: place for place, equals in enumerate(ballot) for name in equals}
        for a, b in pairs:
            if rank.get(a, len(ballot)) < rank.get(b, len(ballot)):
                pairs[a, b] += number
    return pairs


def _paths(names: tuple[str, ...], pairs: Pairs) -> Pairs:
    """The strongest chain between each two, by the algorithm of Floyd and Warshall."""
    paths = {(a, b): won if won > pairs[b, a] else 0 for (a, b), won in pairs.items()}
    for between in names:
        for (a, b), direct in paths.items():
            if between not in (a, b):
                paths[a, b] = max(direct, min(paths[a, between], paths[between, b]))
    return paths


def _ordered(election: Election, paths: Pairs) -> tuple[list[str], list[tuple[str, ...]]]:
    """All in their order, and who had to be set apart by lot on the way."""
    left, order, equals = list(election.standing), list[str](), list[tuple[str, ...]]()
    while left:
        unbeaten = [a for a in left if all(paths[a, b] >= paths[b, a] for b in left if b != a)]
        chosen = min(unbeaten, key=election.place)
        if len(unbeaten) > 1 and not any(set(unbeaten) <= set(one) for one in equals):
            equals.append(tuple(unbeaten))
        order.append(chosen)
        left.remove(chosen)
    return order, equals


def _beats_all(name: str, names: tuple[str, ...], pairs: Pairs) -> bool:
    return all(pairs[name, one] > pairs[one, name] for one in names if one != name)


def _circle(names: tuple[str, ...], pairs: Pairs) -> tuple[str, ...]:
    """Those of the smallest set that beats all outside it who can reach themselves by victories."""
    top = _smith(names, pairs)
    reached = {a: {b for b in top if b != a and pairs[a, b] > pairs[b, a]} for a in top}
    for between in top:
        for a in top:
            if between in reached[a]:
                reached[a] |= reached[between]
    return tuple(a for a in top if a in reached[a])


def _smith(names: tuple[str, ...], pairs: Pairs) -> tuple[str, ...]:
    """The smallest set whose members beat everybody outside it: grown from who wins most often."""
    wins = {a: sum(pairs[a, b] > pairs[b, a] for b in names if b != a) for a in names}
    ranked = sorted(names, key=lambda one: -wins[one])
    inside = set(ranked[:1])
    while further := [
        b for b in names if b not in inside and any(pairs[b, a] >= pairs[a, b] for a in inside)
    ]:
        inside |= set(further)
    return tuple(one for one in names if one in inside)


def _told(
    election: Election,
    order: list[str],
    paths: Pairs,
    first: str | None,
    circle: tuple[str, ...],
    equals: list[tuple[str, ...]],
) -> Iterator[Step]:
    if first is not None:
        yield step("beats-all", name=first)
    elif circle:
        yield step("circle", names=circle)
    else:
        yield step("beats-nobody")
    if circle:
        top = next(one for one in order if one in circle)
        for other in order:
            there, back = paths.get((top, other), 0), paths.get((other, top), 0)
            if other in circle and there > back:
                yield step("chain", name=top, other=other, there=there, back=back)
    for names in equals:
        if order.index(min(names, key=order.index)) < election.seats:
            yield step("equal-by-lot-only", names=names)
    for place, name in enumerate(order, start=1):
        is_elected = place <= election.seats
        yield step("place" if is_elected else "place-not", is_elected, count=place, name=name)
