"""Which projects take part, and which drop out on the way, by every rule in the same way.

Before the count a project is left out, and the first of these that holds is its reason:

1. it costs more than the whole budget (a withdrawn project is often given as 999999999);
2. nobody supports it: no mark, or no points on any ballot; it is not funded even if it is free;
3. it has fewer points (votes, on approval ballots) than `Limits.least_points`;
4. it costs more than the whole budget of one of its caps.

During the count a project drops out when one that excludes it is funded, or when it no longer fits
under one of its caps. Caps and groups may overlap; the first that binds is told.

A limit never changes what the others pay or the order in which they come: it takes projects out
when it binds, and the rule goes on with the rest. So a project that is out never ends a count that
stops at the first project that does not fit. A project that costs nothing fits under every cap and
into every budget; it takes part like the others, and excludes what its groups say.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from interlock.methods.counting.election import Cap, Election
from interlock.methods.counting.reasons import Reason


class Field:
    """The projects of an election that can still be funded, and why the others cannot.

    `out` says for each project that is out why; it starts with those that never take part.
    `inside` holds the others that are not yet funded, as indices in the order of
    `Election.projects`.
    """

    def __init__(self, election: Election) -> None:
        self._election = election
        found = ((p, _without_a_turn(election, p)) for p in range(len(election.projects)))
        self.out: dict[int, Reason] = {p: reason for p, reason in found if reason is not None}
        self.inside = [p for p in range(len(election.projects)) if p not in self.out]
        self._groups, caps = places_of(election)
        self._caps = [(cap.name, projects) for cap, projects in caps]
        self._left = [cap.budget for cap, _projects in caps]
        for number in range(len(caps)):
            self._close(number)

    def fund(self, project: int) -> list[int]:
        """Take note that this project is funded; the projects that drop out with it."""
        self.inside.remove(project)
        dropped = list[int]()
        for group in self._groups:
            if project in group:
                other = self._election.projects[project]
                dropped += self._take_out(group, "excluded", {}, {"other": other})
        for number, (_name, projects) in enumerate(self._caps):
            if project in projects:
                self._left[number] -= self._election.costs[project]
                dropped += self._close(number)
        return dropped

    def _close(self, number: int) -> list[int]:
        """Take out what no longer fits under a cap."""
        (name, projects), left = self._caps[number], self._left[number]
        dearer = [p for p in projects if self._election.costs[p] > left]
        return self._take_out(dearer, "cap-reached", {"left": Fraction(left)}, {"cap": name})

    def _take_out(
        self,
        projects: Iterable[int],
        kind: str,
        amounts: dict[str, Fraction],
        facts: dict[str, int | str],
    ) -> list[int]:
        dropped = [p for p in projects if p in self.inside]
        for p in dropped:
            told = {"cost": Fraction(self._election.costs[p])} | amounts if amounts else {}
            self.inside.remove(p)
            self.out[p] = Reason(kind, self._election.votes[p], told, facts=facts)
        return dropped


def places_of(
    election: Election,
) -> tuple[list[tuple[int, ...]], list[tuple[Cap, tuple[int, ...]]]]:
    """The exclusive groups and the caps of an election, with the indices of their projects."""
    place = {project: p for p, project in enumerate(election.projects)}
    limits = election.limits

    def places(ids: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted({place[one] for one in ids}))

    groups = [places(group) for group in limits.exclusive]
    return groups, [(cap, places(cap.projects)) for cap in limits.caps]


def _without_a_turn(election: Election, project: int) -> Reason | None:
    voters, cost = election.votes[project], election.costs[project]
    if cost > election.budget:
        kind = "over-budget" if voters else "over-budget-without-votes"
        return Reason(kind, voters, {"cost": Fraction(cost), "budget": Fraction(election.budget)})
    if not voters:
        return Reason("no-votes", 0)
    least = election.limits.least_points
    if (points := election.points[project]) < least:
        if election.ballots.weights is None:
            return Reason("too-few-votes", voters, facts={"least": least})
        return Reason("below-threshold", voters, facts={"points": points, "least": least})
    return None
