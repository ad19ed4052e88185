"""Made-up elections that look like real ones, of any size, from a seed.

For measuring, for testing and for teaching: real ballots may not be passed on, and the largest ones
cannot be had. The usual values are those of 150 approval files of Pabulib with at least 2,000 voters
and 15 projects: median ratio of demand to budget 3.7, quantiles of cost / budget 0.003, 0.012, 0.036,
0.10 and 0.33, five marks a ballot, popularity falling with rank to the power -0.64, Spearman
correlation of cost and votes +0.29. That voters prefer projects of their own neighborhood three to
five times is an assumption.

Equal parameters and an equal seed give an equal election (with one version of numpy, whose
generators may change between versions). Floats make the election and whole numbers are the result:
whatever is counted afterwards is exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Ballots, Election, Indices, Integers

Floats = npt.NDArray[np.float64]

KINDS = ("approval", "choose-1", "ordinal", "cumulative", "scoring")
MOST_VOTERS = 100_000_000
MOST_PROJECTS = 10_000

# After so many drawings what is still double is drawn from what is left of the projects.
_DRAWINGS = 64
# The most points of a scoring ballot for one project: an assumption, for no public file has any.
_STARS = 5


@dataclass(frozen=True)
class Shape:
    """What a made-up election should be like; every value has a usual one.

    `demand` is the sum of all costs divided by the `budget` (whole currency units). Costs follow
    `cost_quantiles`, pairs of a probability and a cost relative to the others, scaled to the
    demand, rounded to `cost_step`, and at most the budget. A ballot has `marks` marks on average
    and at most `most_marks` (a choose-1 ballot 1, any ballot one for each project). Cumulative
    ballots divide ten points as evenly as they go, scoring ballots give each mark 1 to 5. `slope`
    is the power of a project's rank in popularity to which its chance of a mark is proportional
    (below 0); `correlation` is Spearman's, of cost and popularity.
    Projects and voters belong to `blocs` neighborhoods, and voters mark a project of their own
    `home` times as readily. `blank` of the ballots are empty, and `repeated` name a project twice
    (which the ballots of a file may, and which counts once). Raises ValueError, in a sentence, for
    values that make no election.
    """

    voters: int = 10_000
    projects: int = 40
    kind: str = "approval"
    budget: int = 1_000_000
    demand: float = 3.7
    cost_quantiles: tuple[tuple[float, float], ...] = (
        (0.05, 0.003),
        (0.25, 0.012),
        (0.5, 0.036),
        (0.75, 0.10),
        (0.95, 0.33),
    )
    cost_step: int = 100
    marks: float = 5.0
    most_marks: int = 10
    slope: float = -0.64
    correlation: float = 0.29
    blocs: int = 8
    home: float = 4.0
    blank: float = 0.005
    repeated: float = 0.005

    def __post_init__(self) -> None:
        wrong = next((text for holds, text in self._conditions() if not holds), None)
        if wrong is not None:
            raise ValueError(wrong)

    def _conditions(self) -> list[tuple[bool, str]]:
        """What must hold, each with the sentence that is told when it does not."""
        steps = [*self.cost_quantiles, (1.0, math.inf)]
        rising = all(a[0] < b[0] and 0 < a[1] <= b[1] for a, b in pairwise(steps))
        return [
            (0 <= self.voters <= MOST_VOTERS, f"Voters are 0 to {MOST_VOTERS:,}."),
            (1 <= self.projects <= MOST_PROJECTS, f"Projects are 1 to {MOST_PROJECTS:,}."),
            (self.kind in KINDS, f"The kind of ballots is one of {', '.join(KINDS)}."),
            (1 <= self.cost_step <= self.budget, "The cost step is 1 up to the budget."),
            (self.budget <= 10**15, "The budget is at most 10^15."),
            (0 < self.demand <= 10**6, "The demand is above 0, and at most a million budgets."),
            (
                rising and steps[0][0] >= 0 and len(steps) > 2,
                "The cost quantiles rise, from two on.",
            ),
            (self.most_marks >= 1, "A ballot has room for one mark or more."),
            (1 <= self.marks <= self.most_marks, "The mean of marks is 1 up to the most of them."),
            (-5 <= self.slope <= 0, "The slope of popularity is from -5 to 0."),
            (-1 <= self.correlation <= 1, "A correlation is from -1 to 1."),
            (1 <= self.blocs <= 1_000, "Blocs are 1 to 1,000."),
            (1 <= self.home <= 1_000, "Home is from 1 (no preference) to 1,000."),
            (0 <= self.blank <= 1 and 0 <= self.repeated <= 1, "Shares are from 0 to 1."),
        ]

    @property
    def longest(self) -> int:
        """The most marks a ballot can have."""
        return 1 if self.kind == "choose-1" else min(self.most_marks, self.projects)


@dataclass(frozen=True, eq=False)
class Synthetic:
    """A made-up election, and what a file of it would say beside it.

    `project_bloc` and `voter_bloc` number the neighborhoods from 0; `repeats` are the voters whose
    ballot names its first project once more at its end (in a file; the election has it once).
    """

    shape: Shape
    seed: int
    election: Election
    project_bloc: Integers
    voter_bloc: Integers
    repeats: Integers


def synthetic(shape: Shape, seed: int = 0) -> Synthetic:
    """Make an election of this shape; equal arguments give equal elections.

    >>> made = synthetic(Shape(voters=1_000, projects=20), seed=7)
    >>> len(made.election.ballots), len(made.election.projects)
    (1000, 20)
    >>> synthetic(Shape(voters=1_000, projects=20), seed=7).election == made.election
    True
    """
    # A stream for each part: more voters do not change the projects.
    world, crowd = (np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(2))
    popularity, costs = _projects(shape, world)
    project_bloc: Integers = world.integers(0, shape.blocs, shape.projects)
    voter_bloc: Integers = crowd.integers(0, shape.blocs, shape.voters)
    lengths = _lengths(shape, crowd)
    weights = (
        np.where(project_bloc[None, :] == np.arange(shape.blocs)[:, None], shape.home, 1.0)
        * (popularity[None, :])
    )
    marks = _drawn(weights, voter_bloc, lengths, shape.longest, crowd)
    points = _points(shape, lengths, crowd)
    ballots = _ballots(shape, marks, lengths, points)
    repeats: Integers = np.flatnonzero(
        (crowd.random(shape.voters) < shape.repeated) & (lengths > 0)
    )
    if shape.kind != "approval":
        repeats = repeats[:0]  # a place, or points, given twice would be another ballot
    digits = len(str(shape.projects))
    ids = tuple(f"{number:0{digits}d}" for number in range(1, shape.projects + 1))
    election = Election(ids, tuple(costs), shape.budget, 1, ballots)
    return Synthetic(shape, seed, election, project_bloc, voter_bloc, repeats)


def _projects(shape: Shape, rng: np.random.Generator) -> tuple[Floats, list[int]]:
    """The popularity of each project, and its cost in whole units, correlated by rank."""
    # The Pearson correlation of two normal variables whose Spearman correlation is the given one.
    pearson = 2 * math.sin(math.pi * shape.correlation / 6)
    liked = rng.standard_normal(shape.projects)
    noise = rng.standard_normal(shape.projects)
    dear = pearson * liked + math.sqrt(max(0.0, 1 - pearson**2)) * noise
    popularity: Floats = np.power(_descending(liked) + 1.0, shape.slope, dtype=np.float64)
    chances, ratios = np.array(shape.cost_quantiles).T
    # Quantiles of the places themselves, so that few projects, too, have the given spread.
    places = (shape.projects - 1 - _descending(dear) + 0.5) / shape.projects
    relative = np.exp(_interpolated(places, chances, np.log(ratios)))
    costs = relative * (shape.demand * shape.budget / relative.sum())
    rounded = np.maximum(1, np.round(costs / shape.cost_step)) * shape.cost_step
    return popularity, [min(shape.budget, int(cost)) for cost in rounded]


def _descending(values: Floats) -> Integers:
    """The rank of each value, 0 for the largest."""
    ranks = np.empty(len(values), np.int64)
    ranks[np.argsort(-values, kind="stable")] = np.arange(len(values))
    return ranks


def _interpolated(at: Floats, places: Floats, values: Floats) -> Floats:
    """Straight lines between the points, the outermost carried on."""
    slopes = np.diff(values) / np.diff(places)
    piece = np.clip(np.searchsorted(places, at) - 1, 0, len(slopes) - 1)
    lines: Floats = values[piece] + slopes[piece] * (at - places[piece])
    return lines


def _lengths(shape: Shape, rng: np.random.Generator) -> Integers:
    """How many marks each ballot has: one and binomially more, or none."""
    more = shape.longest - 1
    chance = (min(shape.marks, shape.longest) - 1) / more if more else 0.0
    lengths: Integers = 1 + rng.binomial(more, chance, shape.voters)
    lengths[rng.random(shape.voters) < shape.blank] = 0
    return lengths


def _drawn(
    weights: Floats,
    bloc: Integers,
    lengths: Integers,
    longest: int,
    rng: np.random.Generator,
) -> Indices:
    """Marks as a table, a row a place on the ballot and a column a voter.

    Each ballot is a successive draw without replacement by the weights of the voter's bloc: a mark
    that is already on the ballot is drawn again. Doubles are found for all voters at once. That
    changes nothing in the law: a project once on a ballot stays on it (if its mark is drawn again,
    then because an earlier one is the same), so a later mark is only ever thrown away for being one
    of the earlier ones.
    """
    shares = weights / weights.sum(axis=1, keepdims=True)
    # One rising row of all blocs: bloc b has the numbers from b to b + 1.
    stairs = (np.cumsum(shares, axis=1) + np.arange(len(weights))[:, None]).ravel()
    last = np.arange(1, len(weights) + 1) * weights.shape[1] - 1

    def draw(voters: Integers) -> Indices:
        of = bloc[voters]
        steps = np.searchsorted(stairs, of + rng.random(len(voters)), side="right")
        # The last stair of a bloc may lie a rounding below the next whole number.
        drawn: Indices = (np.minimum(steps, last[of]) - of * weights.shape[1]).astype(np.int32)
        return drawn

    table = np.zeros((longest, len(lengths)), np.int32)
    for place in range(longest):
        having = np.flatnonzero(lengths > place)
        table[place, having] = draw(having)
    open_voters = np.flatnonzero(lengths > 1)
    for _ in range(_DRAWINGS):
        doubles = _doubles(table[:, open_voters], lengths[open_voters])
        kept = doubles.any(axis=0)
        open_voters, doubles = open_voters[kept], doubles[:, kept]
        if not len(open_voters):
            return table
        places, columns = np.nonzero(doubles)
        table[places, open_voters[columns]] = draw(open_voters[columns])
    for voter in open_voters.tolist():
        _finish(table[:, voter], int(lengths[voter]), shares[bloc[voter]], rng)
    return table


def _doubles(table: Indices, lengths: Integers) -> npt.NDArray[np.bool_]:
    """Which marks are the same as an earlier one of their ballot."""
    found = np.zeros(table.shape, np.bool_)
    for place in range(1, len(table)):
        for earlier in range(place):
            found[place] |= table[place] == table[earlier]
        found[place] &= lengths > place
    return found


def _finish(ballot: Indices, length: int, shares: Floats, rng: np.random.Generator) -> None:
    """Draw the doubles of one ballot from the projects that are not on it before them."""
    for place in range(1, length):
        before = ballot[:place]
        if ballot[place] in before:
            left = shares.copy()
            left[before] = 0.0
            ballot[place] = rng.choice(len(left), p=left / left.sum())


def _points(shape: Shape, lengths: Integers, rng: np.random.Generator) -> Integers | None:
    """The points of each mark, as a table like that of the marks; None where a kind has none."""
    if shape.kind == "scoring":
        stars: Integers = rng.integers(1, _STARS + 1, (len(lengths), shape.longest))
        return stars
    if shape.kind == "cumulative":
        # Ten points (or one a mark, if more are allowed), as evenly as they go, the first get more.
        total, many = max(10, shape.longest), np.maximum(lengths, 1)
        base, rest = np.divmod(total, many)
        even: Integers = base[:, None] + (np.arange(shape.longest)[None, :] < rest[:, None])
        return even
    return None


def _ballots(shape: Shape, marks: Indices, lengths: Integers, points: Integers | None) -> Ballots:
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    given = np.arange(shape.longest)[None, :] < lengths[:, None]
    return Ballots(shape.kind, offsets, marks.T[given], None if points is None else points[given])
