"""What a count gives the voters, in numbers.

Everything takes an election and the ids of the funded projects, whatever rule (or office) chose
them, so that outcomes can be compared. Numbers are exact: whole numbers where a voter is meant,
fractions where an average is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from interlock.methods.counting.election import Election, Integers

_LARGEST_INT64 = 2**63 - 1


@dataclass(frozen=True)
class CategoryShare:
    """What one category (or area) won, beside its part of the votes.

    `won` is the cost of its `funded` ones among its `projects`; `marks` how many marks the ballots
    give it; `fair` what it would have won had each ballot's equal part of the money spent been
    divided equally among the projects it names.
    """

    category: str
    projects: int
    funded: int
    marks: int
    won: int
    fair: Fraction


@dataclass(frozen=True)
class Gains:
    """One outcome beside another: how many voters are better off with the first, or worse, or not.

    `only_first` and `only_second` are the projects funded in one of them only, in the order of
    the election.
    """

    better: int
    worse: int
    equal: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def voters_reached(election: Election, funded: Iterable[str]) -> int:
    """How many ballots support at least one of these projects.

    >>> election = Election.from_approvals({"park": 1, "bus": 1}, 1, [["park"], ["bus"], []])
    >>> voters_reached(election, ["park"])
    1
    """
    return int(np.count_nonzero(satisfaction(election, funded, "cardinality")))


def satisfaction(election: Election, funded: Iterable[str], utility: str = "cost") -> Integers:
    """What each voter gets: a whole number a ballot, in the order of the ballots.

    `utility` is "cost" (what the funded projects a voter supports cost together, in the election's
    integers), "cardinality" (how many they are) or "points" (what the voter gave them together).
    Amounts beyond 64 bits come as an array of Python's whole numbers. Raises ValueError for
    another utility, or for an id that is not a project.

    >>> election = Election.from_approvals({"park": 6, "bus": 5}, 9, [["park"], ["park", "bus"]])
    >>> satisfaction(election, ["park", "bus"]).tolist()
    [6, 11]
    """
    if utility not in ("cost", "cardinality", "points"):
        raise ValueError(f'"{utility}" is not a utility. Use cost, cardinality or points.')
    worth = [0] * len(election.projects)
    for p in _places(election, funded):
        worth[p] = election.costs[p] if utility == "cost" else 1
    ballots, weights = election.ballots, election.ballots.weights
    # A single running sum over all ballots, so its last value must fit, too.
    given = 1 if weights is None else max(1, int(weights.max(initial=0)))
    fits = max(worth, default=0) * given * max(1, len(ballots.projects)) <= _LARGEST_INT64
    values = np.array(worth, np.int64 if fits else object)[ballots.projects]
    if weights is not None:
        values = values * (weights if utility == "points" else (weights > 0).astype(np.int64))
    running = np.concatenate([np.zeros(1, values.dtype), np.cumsum(values)])
    each: Integers = running[ballots.offsets[1:]] - running[ballots.offsets[:-1]]
    return each


def average_satisfaction(
    election: Election, funded: Iterable[str], utility: str = "cost"
) -> Fraction:
    """The mean of `satisfaction` over all ballots, exactly; 0 without ballots.

    >>> election = Election.from_approvals({"park": 6, "bus": 5}, 9, [["park"], ["park", "bus"]])
    >>> average_satisfaction(election, ["park", "bus"])
    Fraction(17, 2)
    """
    each = satisfaction(election, funded, utility)
    return Fraction(int(each.sum()), len(each)) if len(each) else Fraction(0)


def gini(election: Election, funded: Iterable[str], utility: str = "cost") -> Fraction:
    """How unequally voters are satisfied, exactly: 0 all the same, towards 1 one has everything.

    With the voters' satisfactions rising, x(1) to x(n), it is

        sum over i of (2i - n - 1) x(i)  /  (n times the sum of all x)

    (A. Sen, "On Economic Inequality", 1973). 0 when nobody gets anything.

    >>> election = Election.from_approvals({"park": 6}, 9, [["park"], [], [], []])
    >>> gini(election, ["park"])
    Fraction(3, 4)
    """
    values, counts = np.unique(satisfaction(election, funded, utility), return_counts=True)
    voters, before, weighted, total = len(election.ballots), 0, 0, 0
    for value, many in zip(values.tolist(), counts.tolist(), strict=True):
        # The places i of equal values, before + 1 to before + many, are summed at once.
        weighted += value * many * (2 * before + many - voters)
        total += value * many
        before += many
    return Fraction(weighted, voters * total) if total else Fraction(0)


def category_shares(
    election: Election, funded: Iterable[str], category_of: Mapping[str, str]
) -> tuple[CategoryShare, ...]:
    """What each category or area won, in the order of their names.

    `category_of` gives each project one category; a project it leaves out belongs to "". The fair
    shares add up to the money spent, if anybody voted: a comparison, not a rule. (R. Fairstein, G.
    Benadè and K. Gal, "Participatory Budgeting Designs for the Real World", AAAI 2023, measure
    proportionality the same way.) Raises ValueError for an id that is not a project.

    >>> election = Election.from_approvals({"park": 6, "bus": 4}, 6, [["park"], ["park", "bus"]])
    >>> parks, roads = category_shares(election, ["park"], {"park": "green", "bus": "roads"})
    >>> parks.won, parks.fair, roads.won, roads.fair
    (6, Fraction(9, 2), 0, Fraction(3, 2))
    """
    chosen = set(_places(election, funded))
    named = [category_of.get(project, "") for project in election.projects]
    names = sorted(set(named))
    place = {name: number for number, name in enumerate(names)}
    category = np.array([place[name] for name in named], np.int64)
    ballots = election.ballots
    kept = np.ones(len(ballots.projects), np.bool_)
    if ballots.weights is not None:
        kept = ballots.weights > 0
    voters = np.repeat(np.arange(len(ballots)), np.diff(ballots.offsets))[kept]
    marks = category[ballots.projects[kept]]
    lengths = np.bincount(voters, minlength=len(ballots))
    longest = int(lengths.max(initial=0)) + 1
    # How many marks each category has on ballots of each length: a mark on a ballot of k is 1/k.
    table = np.bincount(marks * longest + lengths[voters], minlength=len(names) * longest)
    rows = table.reshape(len(names), longest).tolist()
    parts = [sum(Fraction(n, k) for k, n in enumerate(row) if n) for row in rows]
    active = int(np.count_nonzero(lengths))
    spent = sum(election.costs[p] for p in chosen)
    sizes, winners = Counter(named), Counter(named[p] for p in chosen)
    won = Counter[str]()
    for p in chosen:
        won[named[p]] += election.costs[p]
    return tuple(
        CategoryShare(
            name,
            sizes[name],
            winners[name],
            sum(row),
            won[name],
            Fraction(spent * part, active) if active else Fraction(0),
        )
        for name, row, part in zip(names, rows, parts, strict=True)
    )


def compare(
    election: Election, first: Iterable[str], second: Iterable[str], utility: str = "cost"
) -> Gains:
    """Put two outcomes side by side: who gains and who loses by the first.

    >>> election = Election.from_approvals({"park": 6, "bus": 4}, 6, [["park"], ["bus"], ["bus"]])
    >>> compare(election, ["bus"], ["park"])
    Gains(better=2, worse=1, equal=0, only_first=('bus',), only_second=('park',))
    """
    one, other = list(first), list(second)
    gain = satisfaction(election, one, utility) - satisfaction(election, other, utility)
    better, worse = int(np.count_nonzero(gain > 0)), int(np.count_nonzero(gain < 0))
    return Gains(
        better,
        worse,
        len(gain) - better - worse,
        tuple(p for p in election.projects if p in set(one) - set(other)),
        tuple(p for p in election.projects if p in set(other) - set(one)),
    )


def _places(election: Election, projects: Iterable[str]) -> list[int]:
    place = {project: p for p, project in enumerate(election.projects)}
    named = list(projects)
    if other := next((project for project in named if project not in place), None):
        raise ValueError(f'"{other}" is not a project of this election.')
    return [place[project] for project in named]
