"""The elections that pabutools is asked about, as plain numbers, and the rules in question.

Where the definitions differ there is nothing to compare, so these elections keep clear of it:

- pabutools' greedy funds projects without a vote, and its "exhaustive" waits for them; here they
  take no part. It also lets equal shares and add1 work with projects dearer than the whole budget.
  Elections have no projects of either sort.
- Its Phragmén ends when any of several projects that could be bought next exceeds the budget; here
  the tie order says which of them is next. Such a count is left out (`defined_alike`).
- Its Borda points are the length of a voter's own ballot minus the place, so that the last place is
  worth nothing; here the longest ballot's. It is given our points of ordinal ballots as points.
- Its greedy has no form "most points first" for ballots with points.
- Its Add1 knows no currency unit, so it is told the step; and it gives up at a bound of its own,
  which is put out of reach.
- Free projects are funded in no order by it, so outcomes are compared as sets.
- n is the number of all ballots, blank ones too, on both sides.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from interlock.methods.counting import Ballots, Election, Result
from tests.methods.counting.elections import ADVERSARIAL, Plain, weighty

AGREED = Path(__file__).with_name("agreed.json")

MAKERS = [*ADVERSARIAL, weighty]
_POINTS = (
    "equalshares/points",
    "equalshares/points/add1",
    "equalshares/points/add1-exhaustive",
    "greedy/per-cost",
)
RULES = {
    "approval": (
        "equalshares/cost",
        "equalshares/cost/add1",
        "equalshares/cost/add1-exhaustive",
        "equalshares/cardinality",
        "equalshares/cardinality/add1",
        "phragmen",
        "greedy",
        "greedy/per-cost",
    ),
    "cumulative": _POINTS,
    "ordinal": _POINTS,
}


@dataclass(frozen=True)
class Numbers:
    """An election in which projects are called by their place, counted from 0.

    `ties` is the order of all projects; `points` run beside `ballots` where the kind has them.
    """

    kind: str
    budget: int
    unit: int
    costs: list[int]
    ballots: list[list[int]]
    ties: list[int]
    points: list[list[int]] | None = None

    @property
    def election(self) -> Election:
        offsets = np.cumsum([0, *map(len, self.ballots)])
        marks = [mark for ballot in self.ballots for mark in ballot]
        given = [] if self.points is None else [one for row in self.points for one in row]
        ballots = Ballots(
            self.kind,
            np.array(offsets, np.int64),
            np.array(marks, np.int32),
            None if self.points is None else np.array(given, np.int64),
        )
        ids = tuple(str(place) for place in range(len(self.costs)))
        return Election(ids, tuple(self.costs), self.budget, self.unit, ballots)

    def question(self) -> dict[str, Any]:
        """What pabutools is asked; points of ordinal ballots are given as points."""
        points = self.points
        if self.kind == "ordinal":
            longest = max(map(len, self.ballots))
            points = [[longest - place for place in range(len(b))] for b in self.ballots]
        return {**vars(self), "points": points, "rules": RULES[self.kind]}

    @property
    def order(self) -> list[str]:
        """The tie order by the projects' ids."""
        return [str(place) for place in self.ties]


def drawn(kind: str, number: int) -> Numbers | None:
    """Election `number` of this kind, or None where nothing is left of it to be compared."""
    rng = random.Random(f"{kind} {number}")
    plain = MAKERS[number % len(MAKERS)](rng)
    ids = [p for p in plain.costs if plain.costs[p] <= plain.budget]
    ids = [p for p in ids if any(p in ballot for ballot in plain.ballots)]
    if not ids:
        return None
    index = {project: place for place, project in enumerate(ids)}
    ballots = [[index[p] for p in ballot if p in index] for ballot in plain.ballots]
    most = rng.choice([1, 3, 10, 1000])
    return Numbers(
        kind,
        plain.budget,
        _step(rng, plain),
        [plain.costs[p] for p in ids],
        ballots,
        rng.sample(range(len(ids)), len(ids)),
        [[rng.randint(1, most) for _ in b] for b in ballots] if kind == "cumulative" else None,
    )


def _step(rng: random.Random, plain: Plain) -> int:
    """A currency unit of which add1 takes few enough steps for pabutools."""
    return max(1, plain.budget // (len(plain.ballots) * rng.choice([3, 7, 20])))


def defined_alike(election: Election, rule: str, result: Result) -> bool:
    """Whether pabutools' definition gives this outcome as well as ours does."""
    if rule != "phragmen":
        return True
    costs = dict(zip(election.projects, election.costs, strict=True))
    spent, turns = {}, 0
    for project in result.funded:
        spent[project] = turns
        turns += costs[project]
    return all(
        costs[project] <= election.budget - spent.get(tie.chosen, turns)
        for tie in result.ties_met
        for project in tie.projects
    )


def stored() -> Iterator[tuple[Numbers, dict[str, list[str]]]]:
    """The elections of `agreed.json`, each with what every rule funds that was agreed on."""
    agreed = json.loads(AGREED.read_text())
    for row in agreed["elections"]:
        outcomes = row.pop("funded")
        numbers = Numbers(**row)
        pairs = zip(agreed["rules"][numbers.kind], outcomes, strict=True)
        yield numbers, {rule: sorted(map(str, found)) for rule, found in pairs if found is not None}
