"""The maximin support method for projects with costs, exactly, for approval ballots.

L. Sánchez-Fernández, N. Fernández García, J. A. Fisteus and M. Brill, "The Maximin Support Method:
An Extension of the D'Hondt Method to Approval-Based Multiwinner Elections" (Mathematical Programming,
2022; AAAI 2017). With costs it is the rule of H. Aziz, B. Lee and N. Talmon, "Proportionally
Representative Participatory Budgeting: Axioms and Algorithms" (AAMAS 2018). It is sequential Phragmén
with second thoughts: the costs of all funded projects are loads of their supporters, and before each
purchase they are shared anew, so that the largest load of any voter is as small as can be. Next is
the project with which that is least.

The count ends when the next would exceed the budget, as in `phragmen`: it is not passed over.

**The least largest load** of some projects is the greatest of

    cost(S) / (how many voters support a project of S)

over the sets S of them: nobody else can carry S, and that this much suffices is Hall's condition. It
is found as W. Dinkelbach does ("On Nonlinear Fractional Programming", Management Science, 1967):
from a load L that is no more than it, a flow of whole numbers, 1 / (the denominator of L) each, looks
for a way to share the costs with nobody above L. Either there is one, and L is it; or what is reached
from the costs that found no place is a set S whose quotient is greater than L, and the next L. The S
lose projects each time, so k of them take at most k + 1 flows.

Loads only rise from purchase to purchase, so every L known of a project bounds it from below ever
after; a project is looked at again only where its bound is no more than the least found. With k
projects and m marks that is at most k projects in each of at most k rounds, k + 1 flows for each,
O(k^3) shortest paths a flow (most empty a step from one project to another, and each of the k^2 steps
is emptied at most once for each of the k lengths a path can have), and O(m) a path. So it always
ends, but that bound is far from what happens: a city's count takes some looks a round, and one or
two flows a look.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Election, Integers
from interlock.methods.counting.limits import Field
from interlock.methods.counting.names import Rule
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Result, Round, Tie, build_result
from interlock.methods.counting.ties import tie_ranks

Floats = npt.NDArray[np.float64]
# Whole numbers of 64 bits where all of them fit, else Python's own.
Wholes = npt.NDArray[Any]

_FITS = 2**62
# A float of a few roundings, times this, is no more than what it stands for.
_LESS = 1 - 2.0**-40


def maximin_support(
    election: Election,
    rule: Rule,
    order: Sequence[str],
    *,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Count by the maximin support method; projects with equal loads go by `order`.

    Free projects with a vote are bought at the beginning, and are nobody's load. A project that is
    out by a limit is never next, and never ends the count. `progress` is told how many times costs
    have been shared anew. Raises ValueError for an order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 30, "trees": 25}, 100, ballots)
    >>> result = maximin_support(election, rule("maximin-support"), ["trees", "bus", "park"])
    >>> result.funded, result.rounds[1].payment
    (('bus', 'trees'), Fraction(25, 1))
    """
    run = _Run(election, tie_ranks(election, order), progress)
    run.take_the_free()
    while level := run.level():
        if not run.buy(level):
            break
    return build_result(election, rule.name, order, run.rounds, run.ties, partial(_reasons, run))


@dataclass
class _Sharing:
    """The costs of `projects`, and who could carry them.

    Voters who support the same of these projects are one group. Along the rows of `owner` (a place
    in `projects`) and `group`, `each` is about what each voter of a group carries of one project, by
    float; `label` says what the groups before the last project was added are called for its
    supporters now.
    """

    costs: list[int]
    sizes: Integers
    owner: Integers
    group: Integers
    each: Floats
    label: Integers

    def joined(self, cost: int, members: Integers) -> _Sharing:
        """With a project more, which so many `members` of each group support."""
        before = len(self.sizes)
        split = np.flatnonzero((members > 0) & (members < self.sizes))
        label = np.arange(before)
        label[split] = before + np.arange(len(split))
        sizes = np.concatenate([self.sizes, members[split]])
        sizes[split] -= members[split]
        twice = np.flatnonzero(label[self.group] >= before)
        theirs = label[np.flatnonzero(members)]
        place = np.full(len(theirs), len(self.costs))
        return _Sharing(
            [*self.costs, cost],
            sizes,
            np.concatenate([self.owner, self.owner[twice], place]),
            np.concatenate([self.group, label[self.group[twice]], theirs]),
            np.concatenate([self.each, self.each[twice], np.zeros(len(theirs))]),
            label,
        )

    def least(self, load: Fraction, most: Fraction | None) -> Fraction:
        """The least largest load, where it is no less than `load`; shares the costs by it.

        Where it is more than `most`, something between the two.
        """
        while True:
            flow = _Flow(self, load)
            beyond = flow.run()
            self.each = flow.each()
            if beyond is None:
                return load
            load = beyond
            if most is not None and load > most:
                return load


class _Flow:
    """A way to share costs with nobody above a load, in whole numbers of 1 / its denominator.

    `given` is what a group carries of a project together, along the rows of the sharing; `room`
    what it could carry more, `lacking` what of a project's cost nobody carries yet. It begins with
    what is known by float, rounded down, so that no group and no project has too much.
    """

    def __init__(self, sharing: _Sharing, load: Fraction) -> None:
        self.sharing = sharing
        self.unit = load.denominator
        owner, group, sizes = sharing.owner, sharing.group, sharing.sizes
        needed = self.unit * sum(sharing.costs)
        fits = max(needed, load.numerator * int(sizes.sum())) < _FITS
        self.kind = np.dtype(np.int64) if fits else np.dtype(object)
        floats = np.floor(sharing.each * sizes[group] * self.unit * _LESS)
        self.given = floats.astype(np.int64) if fits else _whole(floats)
        self.room: Wholes = sizes.astype(self.kind) * load.numerator
        np.subtract.at(self.room, group, self.given)
        self.lacking: Wholes = np.array([cost * self.unit for cost in sharing.costs], self.kind)
        np.subtract.at(self.lacking, owner, self.given)
        ends = np.cumsum(np.bincount(owner, minlength=len(sharing.costs)))
        self.rows = np.split(np.argsort(owner, kind="stable"), ends[:-1])

    def each(self) -> Floats:
        """What each voter of a group carries of a project, by float."""
        people = self.sharing.sizes[self.sharing.group] * self.unit
        each: Floats = (self.given / people).astype(np.float64)
        return each

    def run(self) -> Fraction | None:
        """Share all costs; or else a load that is greater than this one and not too great."""
        for q in np.flatnonzero(self.lacking > 0).tolist():
            self.carry([q])
        while (self.lacking > 0).any():
            found = self.search()
            if isinstance(found, Fraction):
                return found
            for path in found:
                self.carry(path)
        return None

    def search(self) -> list[list[int]] | Fraction:
        """The shortest paths from a project that lacks something to one with room, by projects.

        Along a path each takes over from the next what voters of their own carry of it. Without a
        path the projects seen cost more than the voters seen can carry: their quotient.
        """
        owner, group = self.sharing.owner, self.sharing.group
        front = self.lacking > 0
        seen, before = front.copy(), np.full(len(front), -1)
        known = np.zeros(len(self.room), np.bool_)
        by = np.full(len(self.room), -1)
        while True:
            reached = np.flatnonzero(front[owner] & ~known[group])
            if not len(reached):
                cost = sum(self.sharing.costs[q] for q in np.flatnonzero(seen).tolist())
                return Fraction(cost, int(self.sharing.sizes[known].sum()))
            fresh = np.zeros(len(known), np.bool_)
            fresh[group[reached]] = True
            by[group[reached]] = owner[reached]
            known |= fresh
            if (free := fresh & (self.room > 0)).any():
                return [_path(before, q) for q in np.unique(by[free]).tolist()]
            onward = np.flatnonzero(fresh[group] & ~seen[owner] & (self.given > 0))
            before[owner[onward]] = by[group[onward]]
            front = np.zeros(len(seen), np.bool_)
            front[owner[onward]] = True
            seen |= front

    def carry(self, path: Sequence[int]) -> None:
        """Let groups of the last project of a path carry more, of what the first one lacks."""
        group = self.sharing.group
        first, last = path[0], path[-1]
        amount = min(self.lacking[first], self.room[group[self.rows[last]]].sum())
        steps = list[tuple[Integers, Integers]]()
        for q, other in pairwise(path):
            place = np.full(len(self.room), -1)
            place[group[self.rows[q]]] = self.rows[q]
            theirs = self.rows[other][place[group[self.rows[other]]] >= 0]
            steps.append((place[group[theirs]], theirs))
            amount = min(amount, self.given[theirs].sum())
        rows = self.rows[last]
        more = _parts(self.room[group[rows]], amount)
        self.given[rows] += more
        self.room[group[rows]] -= more
        for mine, theirs in reversed(steps):
            more = _parts(self.given[theirs], amount)
            self.given[theirs] -= more
            self.given[mine] += more
        self.lacking[first] -= amount


def _path(before: Integers, last: int) -> list[int]:
    path = [last]
    while (q := int(before[path[-1]])) >= 0:
        path.append(q)
    return path[::-1]


def _parts(available: Wholes, amount: int) -> Wholes:
    """This amount, taken from what is available from the first on."""
    taken: Wholes = np.minimum(
        np.maximum(amount - (np.cumsum(available) - available), 0), available
    )
    return taken


def _whole(floats: Floats) -> Wholes:
    wholes = np.empty(len(floats), object)
    wholes[:] = [int(number) for number in floats.tolist()]
    return wholes


class _Run:
    """One count: `group_of` has for each voter the group of the sharing of what is funded."""

    def __init__(
        self, election: Election, ranks: Sequence[int], progress: Callable[[int], None] | None
    ) -> None:
        self.election, self.ranks, self.progress = election, ranks, progress
        self.field = Field(election)
        self.group_of: Integers = np.zeros(len(election.ballots), np.int64)
        nothing: Integers = np.zeros(0, np.int64)
        voters = np.array([len(election.ballots)])
        self.sharing = _Sharing([], voters, nothing, nothing, np.zeros(0), np.zeros(1, np.int64))
        self.best = self.sharing
        self.left = election.budget
        self.looks = 0
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        self.loads: dict[int, Fraction] = {}
        self.stopped_by: list[int] = []
        # Lower bounds of loads. None is below the load now: it was the least of all.
        inside = [p for p in self.field.inside if election.costs[p]]
        self.waiting = [(Fraction(election.costs[p], election.votes[p]), p) for p in inside]
        heapq.heapify(self.waiting)
        self.load = Fraction(0)

    def take_the_free(self) -> None:
        """Buy the free projects, by the tie order."""
        while level := [p for p in self.field.inside if not self.election.costs[p]]:
            level.sort(key=self.ranks.__getitem__)
            # They are all bought, unless they exclude each other.
            if len(level) > 1 and self.election.limits.exclusive:
                self._note_tie(level)
            self.fund(level[0], Fraction(0))

    def level(self) -> list[int]:
        """The projects with which the load is least, exactly, by the tie order."""
        seen, least = list[tuple[Fraction, int]](), None
        while self.waiting and (least is None or self.waiting[0][0] <= least):
            known, p = heapq.heappop(self.waiting)
            if p not in self.field.inside:
                continue
            sharing = self.with_project(p)
            load = sharing.least(known, least)
            if least is None or load < least or (load == least and self.first(p, seen, least)):
                least, self.best = load, sharing
            seen.append((load, p))
        level = sorted((p for load, p in seen if load == least), key=self.ranks.__getitem__)
        for load, p in seen:
            if p != level[0]:
                heapq.heappush(self.waiting, (load, p))
        if least is not None:
            self.load = least
        return level

    def first(self, p: int, seen: Sequence[tuple[Fraction, int]], least: Fraction) -> bool:
        """Whether p comes before all that have this load."""
        return all(self.ranks[p] < self.ranks[q] for load, q in seen if load == least)

    def with_project(self, p: int) -> _Sharing:
        """What is funded and project p, to be shared."""
        self.looks += 1
        if self.progress is not None:
            self.progress(self.looks)
        groups = self.group_of[self.election.supporters_of(p)]
        members: Integers = np.bincount(groups, minlength=len(self.sharing.sizes))
        return self.sharing.joined(self.election.costs[p], members)

    def buy(self, level: Sequence[int]) -> bool:
        """Buy the first of these level projects, or end the count when the budget cannot."""
        p = level[0]
        if len(level) > 1:
            self._note_tie(level)
        if self.election.costs[p] > self.left:
            self.stopped_by = list(level)
            return False
        supporters = self.election.supporters_of(p)
        self.group_of[supporters] = self.best.label[self.group_of[supporters]]
        self.sharing = self.best
        self.fund(p, self.load)
        return True

    def fund(self, p: int, load: Fraction) -> None:
        cost, votes = self.election.costs[p], self.election.votes[p]
        effective = cost / load if load else Fraction(votes)
        self.rounds.append(Round(self.election.projects[p], load, votes, 0, 0, effective))
        self.loads[p] = load
        self.left -= cost
        self.field.fund(p)

    def _note_tie(self, level: Sequence[int]) -> None:
        names = tuple(self.election.projects[p] for p in level)
        self.ties.append(Tie(names, names[0]))


def _reasons(run: _Run) -> list[Reason]:
    """Why each project was funded or not; what was not next is shared with the rest only now."""
    election = run.election
    fewest = min((election.votes[p] for p in run.loads), default=0)
    known = {p: load for load, p in run.waiting}
    told = dict(run.field.out)
    for p, load in run.loads.items():
        amounts = {"load": load} if load else {}
        told[p] = Reason(
            "funded-by-least-load" if load else "funded-free", election.votes[p], amounts
        )
    for p in run.field.inside:
        votes, cost, left = election.votes[p], Fraction(election.costs[p]), Fraction(run.left)
        amounts = {"left": left, "cost": cost}
        if p == run.stopped_by[0]:
            told[p] = Reason("least-load-over-budget", votes, {"load": run.load} | amounts)
        elif p in run.stopped_by:
            told[p] = Reason("after-the-stop", votes, amounts)
        else:
            load = run.with_project(p).least(known[p], None)
            amounts = {"load": load, "least": run.load, "cost": cost}
            kind = "load-too-large" if load * votes == cost else "load-on-others"
            told[p] = Reason(kind, votes, amounts, outvoted=votes > fewest)
    return [told[p] for p in range(len(election.projects))]
