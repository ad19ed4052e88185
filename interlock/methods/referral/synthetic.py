"""Made-up populations and studies passed through them: to try estimates where the truth is known.

A population of two fields, some people of whom are in both, tied mostly within their own field; a
study that begins at seeds and goes on by coupons. Equal values and seed give an equal study on
every machine (PCG64). The usual values are those of the house's own coverage simulation
(`bench/referral_coverage.py`).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from interlock.methods.blocks import generator
from interlock.methods.referral.forest import Booleans, Integers, Respondent

GROUPS = ("coop", "pb", "both")


@dataclass(frozen=True)
class Shape:
    """What a population is like: persons of each field, of both, and the ties between them.

    `ties` is the mean number of ties, spread as widely as a geometric number; `across` the share of
    a person's ties that go to the other field; `views` the share of each field that holds a view
    (of people in both, half-way between).
    """

    coop: int = 1_120
    pb: int = 800
    both: int = 80
    ties: float = 10.0
    across: float = 0.03
    views: tuple[float, float] = (0.35, 0.70)

    def __post_init__(self) -> None:
        if min(self.coop, self.pb) < 1 or self.both < 0:
            raise ValueError("Each field needs at least one person.")
        if not (self.ties >= 1 and all(0 <= one <= 1 for one in (self.across, *self.views))):
            raise ValueError("Ties are 1 or more, and shares from 0 to 1.")


@dataclass(frozen=True, eq=False)
class Population:
    """Persons with their group (a place in `GROUPS`) and view; ties in both directions.

    The persons tied to person i are `tied[begins[i]:begins[i + 1]]`.
    """

    groups: Integers
    views: Booleans
    begins: Integers
    tied: Integers

    @cached_property
    def degrees(self) -> Integers:
        """How many persons each one knows."""
        return np.diff(self.begins)

    @property
    def truth(self) -> float:
        """The share of the population that holds the view."""
        return float(self.views.mean())


def population(shape: Shape, seed: int = 0) -> Population:
    """Make a population up.

    >>> made = population(Shape(coop=60, pb=40, both=10))
    >>> len(made.groups), np.bincount(made.groups).tolist()
    (110, [60, 40, 10])
    """
    rng = generator(seed)
    groups = np.repeat(np.arange(3), (shape.coop, shape.pb, shape.both))
    chances = np.array([*shape.views, sum(shape.views) / 2])[groups]
    views = rng.random(len(groups)) < chances
    ends = np.repeat(np.arange(len(groups)), rng.geometric(1 / shape.ties, len(groups)))
    # A person of both fields has each of their ties as one of the one or the other.
    field = np.where(groups[ends] == 2, rng.integers(0, 2, len(ends)), groups[ends])
    is_across = rng.random(len(ends)) < shape.across
    pairs = [_paired(rng.permutation(ends[~is_across & (field == one)])) for one in (0, 1)]
    sides = [rng.permutation(ends[is_across & (field == one)]) for one in (0, 1)]
    many = min(map(len, sides))
    pairs.append(np.stack([side[:many] for side in sides], axis=1))
    edges = np.concatenate(pairs)
    edges = edges[edges[:, 0] != edges[:, 1]]
    both_ways = np.unique(np.concatenate([edges, edges[:, ::-1]]), axis=0)
    begins = np.searchsorted(both_ways[:, 0], np.arange(len(groups) + 1))
    return Population(groups, views, begins, both_ways[:, 1])


def _paired(ends: Integers) -> Integers:
    return ends[: len(ends) // 2 * 2].reshape(-1, 2)


def study(
    people: Population,
    respondents: int,
    *,
    seeds: int = 10,
    coupons: int = 3,
    accepts: float = 0.5,
    seed: int = 0,
) -> tuple[Respondent, ...]:
    """Pass a survey through a population until so many have answered.

    Seeds are drawn by their degree. Each respondent gives coupons to acquaintances who had none
    yet, and each of these answers with the chance `accepts`. Where all chains end, another seed is
    asked. Answers are `group` and `view`. Raises ValueError where fewer have any ties than should
    answer.

    >>> rows = study(population(Shape(coop=60, pb=40, both=10)), 30, seeds=3)
    >>> len(rows), rows[0].recruiter, sorted(rows[0].answers)
    (30, '', ['group', 'view'])
    """
    degrees = people.degrees
    if respondents > int((degrees > 0).sum()):
        raise ValueError(f"Fewer than {respondents:,} persons have any ties.")
    rng = generator(seed)
    # The heaviest of exponential races: draws without replacement by degree.
    with np.errstate(divide="ignore"):
        races = rng.exponential(size=len(degrees)) / degrees
    asked = deque(np.argsort(races).tolist())
    recruiter: dict[int, int] = {}
    waiting, invited, coupons_given = deque[int](), set[int](), dict[int, int]()

    def answer(person: int, by: int) -> None:
        invited.add(person)
        recruiter[person] = by
        waiting.append(person)

    for _ in range(min(seeds, respondents)):
        answer(asked.popleft(), -1)
    while len(recruiter) < respondents:
        if not waiting:
            person = asked.popleft()
            if person not in recruiter:
                answer(person, -1)
            continue
        by = waiting.popleft()
        free = [
            one
            for one in people.tied[people.begins[by] : people.begins[by + 1]].tolist()
            if one not in invited
        ]
        chosen = rng.permutation(len(free))[:coupons].tolist()
        coupons_given[by] = len(chosen)
        for place in chosen:
            invited.add(free[place])
            if rng.random() < accepts and len(recruiter) < respondents:
                answer(free[place], by)
    return tuple(
        Respondent(
            f"p{person:07d}",
            f"p{by:07d}" if by >= 0 else "",
            float(degrees[person]),
            {
                "group": GROUPS[people.groups[person]],
                "view": "yes" if people.views[person] else "no",
            },
            coupons=coupons_given.get(person, coupons),
        )
        for person, by in recruiter.items()
    )
