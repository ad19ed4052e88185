"""Random and adversarial elections for the property tests."""

import random
from dataclasses import dataclass

from hypothesis import strategies as st

from interlock.methods.counting import Election


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
