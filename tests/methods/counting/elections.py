"""Random and adversarial elections for the property tests."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from hypothesis import strategies as st

from interlock.methods.counting import Ballots, Election
from interlock.methods.counting.election import Cap, Limits

from . import reference
from .reference_others import Case


@dataclass(frozen=True)
class Plain:
    """An election as plain Python values, for the product and the reference alike."""

    costs: dict[str, int]
    budget: int
    ballots: list[list[str]]

    @property
    def election(self) -> Election:
        return Election.from_approvals(self.costs, self.budget, self.ballots)

    def order(self, seed: int) -> list[str]:
        order = list(self.costs)
        random.Random(seed).shuffle(order)
        return order


@st.composite
def elections(draw: st.DrawFn, scale: int = 1) -> Plain:
    """Small elections with many equal costs and votes, free and too dear projects, blank ballots."""
    ids = [f"p{number}" for number in range(draw(st.integers(1, 7)))]
    budget = draw(st.integers(1, 60)) * scale
    cost = st.one_of(st.integers(0, 70), st.sampled_from([0, 6, 12, 12, 24, 60]))
    costs = {project: draw(cost) * scale for project in ids}
    ballot = st.lists(st.sampled_from(ids), unique=True)
    return Plain(costs, budget, draw(st.lists(ballot, min_size=1, max_size=9)))


def equal_costs(rng: random.Random) -> Plain:
    """Every project costs the same, so that only supporters tell them apart."""
    ids = [f"p{number}" for number in range(rng.randint(2, 9))]
    cost = rng.randint(1, 20)
    voters = rng.randint(1, 12)
    ballots = [rng.sample(ids, rng.randint(0, len(ids))) for _ in range(voters)]
    return Plain(dict.fromkeys(ids, cost), rng.randint(1, 3) * cost, ballots)


def equal_votes(rng: random.Random) -> Plain:
    """Every project has the same number of supporters, at costs close together."""
    ids = [f"p{number}" for number in range(rng.randint(2, 8))]
    voters, fans = rng.randint(2, 12), rng.randint(1, 2)
    ballots: list[list[str]] = [[] for _ in range(voters)]
    for project in ids:
        for voter in rng.sample(range(voters), fans):
            ballots[voter].append(project)
    return Plain({p: rng.randint(1, 6) for p in ids}, rng.randint(4, 20), ballots)


def knife_edge(rng: random.Random) -> Plain:
    """Costs that are exactly what a group of voters has, or one less or more, at huge scale."""
    voters = rng.randint(2, 14)
    ids = [f"p{number}" for number in range(rng.randint(2, 8))]
    share = rng.choice([1, 3, 7, 10**6, 10**15 + 1, 10**18 + 9, 10**30 + 57])
    budget = share * voters + rng.choice([0, 0, 1])
    costs, ballots = {}, [list[str]() for _ in range(voters)]
    for project in ids:
        fans = rng.sample(range(voters), rng.randint(1, voters))
        part = rng.choice([1, 1, 2, 3])
        costs[project] = max(1, share * len(fans) // part + rng.choice([-1, 0, 0, 0, 1]))
        for voter in fans:
            ballots[voter].append(project)
    return Plain(costs, budget, ballots)


def crowded(rng: random.Random) -> Plain:
    """More voters and marks, so that partial payments pile up over many rounds."""
    ids = [f"p{number}" for number in range(rng.randint(10, 25))]
    ballots = [rng.sample(ids, rng.randint(0, 8)) for _ in range(rng.randint(20, 60))]
    costs = {p: rng.choice([rng.randint(1, 400), 100, 150]) for p in ids}
    return Plain(costs, rng.randint(300, 2500), ballots)


def far_apart(rng: random.Random) -> Plain:
    """Costs from one unit to beyond the reach of a float, side by side."""
    ids = [f"p{number}" for number in range(rng.randint(2, 8))]
    ballots = [rng.sample(ids, rng.randint(1, len(ids))) for _ in range(rng.randint(2, 10))]
    costs = {p: rng.randint(1, 9) * 10 ** rng.randint(0, 40) for p in ids}
    return Plain(costs, 5 * 10 ** rng.randint(20, 41), ballots)


ADVERSARIAL = [equal_costs, equal_votes, knife_edge, crowded, far_apart]


@dataclass(frozen=True)
class Pointed:
    """An election with points as plain Python values, limits included."""

    costs: dict[str, int]
    budget: int
    given: list[dict[str, int]]
    kind: str = "scoring"
    unit: int = 1
    limits: Limits = field(default_factory=Limits)

    @property
    def election(self) -> Election:
        index = {p: place for place, p in enumerate(self.costs)}
        offsets = np.cumsum([0, *map(len, self.given)])
        marks = [index[p] for ballot in self.given for p in ballot]
        points = [w for ballot in self.given for w in ballot.values()]
        ballots = Ballots(
            self.kind,
            np.array(offsets, np.int64),
            np.array(marks, np.int32),
            None if self.kind == "approval" else np.array(points, np.int64),
        )
        projects, costs = tuple(self.costs), tuple(self.costs.values())
        return Election(projects, costs, self.budget, self.unit, ballots, self.limits)

    def shares(self, order: list[str], utility: str) -> reference.Shares:
        limits = self.limits
        caps = [(cap.budget, cap.projects) for cap in limits.caps]
        return reference.Shares(
            self.costs,
            self.budget,
            self.given,
            order,
            utility,
            self.unit,
            limits.least_points,
            limits.exclusive,
            caps,
        )


def pointed(rng: random.Random, make: Callable[[random.Random], Plain]) -> Pointed:
    """Points on the ballots of another maker's election, and sometimes limits."""
    plain, ids = make(rng), list[str]()
    kind = rng.choice(["approval", "scoring", "cumulative"])
    most = rng.choice([1, 2, 3, 3, 10, 10, 100, 10**6, 2**52, 2**61]) if kind != "approval" else 1
    least = rng.choice([0, 1, 1]) if kind != "approval" else 1
    given = [{p: rng.randint(least, most) for p in ballot} for ballot in plain.ballots]
    limits, ids = Limits(), list(plain.costs)
    if rng.random() < 0.3:
        few = rng.sample(ids, rng.randint(1, len(ids)))
        cap = Cap("north", rng.randint(0, plain.budget), tuple(few))
        group = tuple(rng.sample(ids, rng.randint(1, min(3, len(ids)))))
        limits = Limits(rng.choice([0, 0, 2]), (group,), (cap,))
    return Pointed(plain.costs, plain.budget, given, kind, rng.choice([1, 1, 3]), limits)


def weighty(rng: random.Random) -> Plain:
    """Costs that are exactly a multiple of what few supporters have: many partial payments."""
    ids = [f"p{number}" for number in range(rng.randint(3, 9))]
    ballots = [rng.sample(ids, rng.randint(1, len(ids))) for _ in range(rng.randint(3, 10))]
    share = rng.choice([6, 12, 60, 10**15 + 37])
    costs = {p: max(1, share * rng.randint(1, 8) // rng.randint(1, 4)) for p in ids}
    return Plain(costs, share * len(ballots), ballots)


def case_of(plain: Plain) -> Case:
    """An approval election for the references of the other rules."""
    ballots = [dict.fromkeys(ballot, 1) for ballot in plain.ballots]
    return Case(plain.costs, plain.budget, ballots)


def with_points(rng: random.Random, plain: Plain) -> tuple[Case, str]:
    """The same ballots with points, some of them 0, some beyond 64 bits in sum, or with ranks."""
    if rng.random() < 0.4:
        most = max(map(len, plain.ballots), default=0)
        ranked = [{p: most - place for place, p in enumerate(b)} for b in plain.ballots]
        return Case(plain.costs, plain.budget, ranked), "ordinal"
    most = rng.choice([1, 3, 10, 2**62])
    pointed = [{p: rng.randint(0, most) for p in b} for b in plain.ballots]
    return Case(plain.costs, plain.budget, pointed), "cumulative"


def with_limits(rng: random.Random, case: Case) -> Case:
    """The same election under a threshold, exclusive groups and caps, which may overlap."""
    ids = list(case.costs)

    def some() -> tuple[str, ...]:
        return tuple(rng.sample(ids, rng.randint(0, min(4, len(ids)))))

    caps = [(rng.choice([0, case.budget // 2, rng.randint(0, case.budget)]), some()) for _ in "ab"]
    return replace(
        case,
        least=rng.choice([0, 0, 1, 2, 3]),
        exclusive=[some() for _ in range(rng.randint(0, 2))],
        caps=caps[: rng.randint(0, 2)],
    )


def election_of(case: Case, kind: str = "approval") -> Election:
    """The product's election of a case; ordinal ballots give Borda points without saying them."""
    place = {project: number for number, project in enumerate(case.costs)}
    rows = [sorted(b, key=lambda p: -b[p]) if kind == "ordinal" else list(b) for b in case.ballots]
    marks = [place[p] for row in rows for p in row]
    given = [b[p] for b, row in zip(case.ballots, rows, strict=True) for p in row]
    offsets = np.cumsum([0, *map(len, rows)])
    points = np.array(given, np.int64) if kind == "cumulative" else None
    ballots = Ballots(kind, offsets, np.array(marks, np.int32), points)
    caps = tuple(Cap(f"cap {n}", budget, tuple(ps)) for n, (budget, ps) in enumerate(case.caps))
    limits = Limits(case.least, tuple(map(tuple, case.exclusive)), caps)
    costs = tuple(case.costs.values())
    return Election(tuple(case.costs), costs, case.budget, 1, ballots, limits)
