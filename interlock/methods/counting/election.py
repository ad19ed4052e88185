"""What is counted: projects, their costs, a budget, and the ballots.

Ballots are kept as compressed sparse rows, voter by voter, because a count touches each mark a
few times and nothing else: ten million ballots fit in a few hundred megabytes. The names are those
of P. Faliszewski et al., "Participatory Budgeting: Data, Tools, and Analysis" (IJCAI 2023).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.names import VOTE_TYPES

Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int32]

# Amounts stay far inside the range of a float, so that a ratio of two never over- or underflows.
LARGEST_AMOUNT = 10**100

# Of marks that are sorted by project; what that takes stays in the processor's own memory.
_AT_ONCE = 2**16


@dataclass(frozen=True, eq=False)
class Ballots:
    """All ballots of one election, in the order they were given, empty ones included.

    `kind` is Pabulib's vote type. Voter v marked the projects
    `projects[offsets[v]:offsets[v + 1]]`, indices into `Election.projects`, in the order the voter
    gave (ordinal ballots: best first). `points`, whole numbers from 0, run beside `projects` where
    the kind has them. Arrays that are read-only are kept as they are, others are copied. Raises
    ValueError when the arrays do not fit together.
    """

    kind: str
    offsets: Integers
    projects: Indices
    points: Integers | None = None

    def __post_init__(self) -> None:
        if self.kind not in VOTE_TYPES:
            raise ValueError(
                f'"{self.kind}" is not a vote type. Use one of {", ".join(VOTE_TYPES)}.'
            )
        _keep(self, "offsets", np.int64)
        _keep(self, "projects", np.int32)
        if self.points is not None:
            _keep(self, "points", np.int64)
        offsets = self.offsets
        if len(offsets) == 0 or offsets[0] != 0 or offsets[-1] != len(self.projects):
            raise ValueError("The offsets must start at 0 and end at the number of marks.")
        if np.any(np.diff(offsets) < 0):
            raise ValueError("The offsets must not fall.")
        if self.points is not None and len(self.points) != len(self.projects):
            raise ValueError("Each mark needs its points: there are not as many points as marks.")
        if self.points is not None and np.any(self.points < 0):
            raise ValueError("Points are 0 or more.")
        if self.kind == "choose-1" and np.any(np.diff(offsets) > 1):
            raise ValueError("A choose-1 ballot names at most one project.")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ballots):
            return NotImplemented
        return (
            self.kind == other.kind
            and np.array_equal(self.offsets, other.offsets)
            and np.array_equal(self.projects, other.projects)
            and _same_points(self.points, other.points)
        )

    def __hash__(self) -> int:
        return hash((self.kind, self.offsets.tobytes(), self.projects.tobytes()))

    @cached_property
    def weights(self) -> Integers | None:
        """What each mark is worth: its points, or None where every mark is worth the same.

        Ordinal ballots without points count Borda's way: the first place of the longest ballot is
        worth its length, each place further down one less.
        """
        if self.points is not None or self.kind != "ordinal":
            return self.points
        lengths = np.diff(self.offsets)
        places = np.arange(len(self.projects)) - np.repeat(self.offsets[:-1], lengths)
        worth: Integers = int(lengths.max(initial=0)) - places
        return worth

    def marks_of(self, voters: Integers | Indices) -> Indices:
        """All projects marked by these voters, one ballot after the other."""
        starts = self.offsets[voters]
        lengths = self.offsets[1:][voters] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
        marks: Indices = self.projects[places]
        return marks


@dataclass(frozen=True)
class Cap:
    """A budget of their own for some of the projects: a category's, a neighborhood's.

    A project that no longer fits under it is taken out of the count, whatever else it could pay.
    """

    name: str
    budget: int
    projects: tuple[str, ...]


@dataclass(frozen=True)
class Limits:
    """What keeps projects out beside the budget, by every rule in the same way.

    A project with fewer than `least_points` points (votes, on approval ballots) takes no part. Of
    each group in `exclusive` at most one is funded: with the first the others are out. Each of
    `caps` holds for the projects it names.
    """

    least_points: int = 0
    exclusive: tuple[tuple[str, ...], ...] = ()
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True)
class Election:
    """Projects with costs, one budget, and the ballots cast over them.

    Amounts are whole numbers; `unit` of them make one currency unit (100 where amounts are cents),
    which is the step by which `equalshares/add1` raises every share. `limits` are what the rulebook
    adds to the budget. Raises ValueError, in a sentence, for anything that cannot be counted.

    >>> election = Election.from_approvals({"park": 30, "bus": 70}, 100, [["park"], ["park", "bus"]])
    >>> election.votes
    (2, 1)
    """

    projects: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    unit: int
    ballots: Ballots
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if len(self.projects) != len(self.costs):
            raise ValueError("Each project needs one cost.")
        if len(set(self.projects)) != len(self.projects):
            raise ValueError("Two projects have the same id.")
        if self.unit < 1:
            raise ValueError("A currency unit is at least 1.")
        caps = ((cap.name, cap.budget) for cap in self.limits.caps)
        costs = zip(self.projects, self.costs, strict=True)
        for name, amount in (("budget", self.budget), *caps, *costs):
            if not 0 <= amount < LARGEST_AMOUNT:
                raise ValueError(f"The amount of {name} must be from 0 to below 10^100.")
        marks = self.ballots.projects
        if len(marks) and (int(marks.min()) < 0 or int(marks.max()) >= len(self.projects)):
            raise ValueError("A ballot names a project that is not in the election.")
        known = set(self.projects)
        named = [*self.limits.exclusive, *(cap.projects for cap in self.limits.caps)]
        if other := next((p for group in named for p in group if p not in known), None):
            raise ValueError(f'A limit names "{other}", which is not a project.')
        offsets, voters, _weights = self._transposed
        same = voters[1:] == voters[:-1]
        same[offsets[1:-1][(offsets[1:-1] > 0) & (offsets[1:-1] < len(voters))] - 1] = False
        if np.any(same):
            raise ValueError("A ballot names the same project twice.")

    @classmethod
    def from_approvals(
        cls,
        costs: Mapping[str, int],
        budget: int,
        ballots: Iterable[Iterable[str]],
        unit: int = 1,
        kind: str = "approval",
    ) -> Election:
        """Make an election from ids: costs by project, and for each voter the projects marked.

        Raises ValueError for an id without a cost, and for whatever `Election` refuses.
        """
        index = {project: place for place, project in enumerate(costs)}
        offsets, marks = [0], list[int]()
        for ballot in ballots:
            for project in ballot:
                if project not in index:
                    raise ValueError(f'A ballot names "{project}", which is not a project.')
                marks.append(index[project])
            offsets.append(len(marks))
        rows = Ballots(kind, np.array(offsets, np.int64), np.array(marks, np.int32))
        return cls(tuple(costs), tuple(costs.values()), budget, unit, rows)

    @cached_property
    def _transposed(self) -> tuple[Integers, Indices, Integers | None]:
        """Offsets by project, the voters who gave it something, ascending, and what they gave.

        Sorted a part of the marks at a time, for what numpy makes on the way is several times what
        it is made of.
        """
        number, weights = len(self.projects), self.ballots.weights
        counts: Integers = np.zeros(number, np.int64)
        for marks, _voters, _given in self._parts():
            counts += np.bincount(marks, minlength=number)
        offsets = np.zeros(number + 1, np.int64)
        np.cumsum(counts, out=offsets[1:])
        total = int(offsets[-1])
        supporters: Indices = np.empty(total, np.int32)
        points: Integers | None = None if weights is None else np.empty(total, np.int64)
        free = offsets[:-1].copy()
        for marks, voters, given in self._parts():
            # Numpy sorts 16-bit numbers by radix, in one pass over the marks.
            keys = marks.astype(np.uint16) if number < 2**16 else marks
            order = np.argsort(keys, kind="stable")
            counts = np.bincount(marks, minlength=number)
            places = np.repeat(free - (np.cumsum(counts) - counts), counts)
            places += np.arange(len(marks))
            supporters[places] = voters[order]
            if points is not None and given is not None:
                points[places] = given[order]
            free += counts
        return offsets, supporters, points

    def _parts(self) -> Iterator[tuple[Indices, Indices, Integers | None]]:
        """The marks that give something, in their order, their voters, and what they give."""
        offsets, marks = self.ballots.offsets, self.ballots.projects
        weights = self.ballots.weights
        for start in range(0, len(marks), _AT_ONCE):
            stop = min(start + _AT_ONCE, len(marks))
            first = int(np.searchsorted(offsets, start, "right")) - 1
            last = int(np.searchsorted(offsets, stop, "left"))
            ends: Integers = np.clip(offsets[first : last + 1], start, stop)
            voters = np.repeat(np.arange(first, last, dtype=np.int32), ends[1:] - ends[:-1])
            part, given = marks[start:stop], None
            if weights is not None:
                given = weights[start:stop]
                if not given.all():  # no points is no support
                    some = given > 0
                    part, voters, given = part[some], voters[some], given[some]
            yield part, voters, given

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """How many ballots support each project, in the order of `projects`."""
        return tuple(np.diff(self._transposed[0]).tolist())

    @cached_property
    def points(self) -> tuple[int, ...]:
        """What all ballots give each project together: points, or votes where a mark is a mark."""
        if self.ballots.weights is None:
            return self.votes
        given = (self.weights_of(project) for project in range(len(self.projects)))
        return tuple(_total(weights) for weights in given if weights is not None)

    def supporters_of(self, project: int) -> Indices:
        """The voters who support the project with this index, ascending."""
        offsets, voters, _weights = self._transposed
        return voters[offsets[project] : offsets[project + 1]]

    def weights_of(self, project: int) -> Integers | None:
        """What each of its supporters gives it, beside `supporters_of`; None: all the same."""
        offsets, _voters, weights = self._transposed
        return None if weights is None else weights[offsets[project] : offsets[project + 1]]


def _total(weights: Integers) -> int:
    """The exact sum, also where 64 bits are too few for it."""
    small = int(weights.max(initial=0)) * len(weights) < 2**63
    return int(weights.sum()) if small else sum(map(int, weights))


def _same_points(one: Integers | None, other: Integers | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other)


def _keep(ballots: Ballots, name: str, kind: type[np.int64 | np.int32]) -> None:
    array = np.ascontiguousarray(getattr(ballots, name), dtype=kind)
    if array.ndim != 1:
        raise ValueError(f"The {name} of the ballots must be one row of numbers.")
    if array.flags.writeable:
        array = array.copy()
        array.setflags(write=False)
    object.__setattr__(ballots, name, array)
