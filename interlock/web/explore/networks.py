"""An institution's neighbourhood, drawn: itself in the middle, who it is tied to around it.

The drawing depends on the ties alone: neighbours stand in a ring, grouped by what they are to it and by
name, half of them on each side so that their names have room; the neighbours' own neighbours in a
second ring, each near the one it is tied to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt

from django.db.models import Case, IntegerField, Q, Value, When

from interlock.web.explore.queries import (
    IS_CONFIRMED,
    Tied,
    institutions_of,
    shown,
    sign_of,
    tied_by,
)
from interlock.web.institutions.models import Institution

MOST_NODES = 40
#: So many ties are read of one institution; they are told in the table, the confirmed first.
MOST_TIES = 400
WIDTH = 612.0
#: How far apart two rows stand: names need more room than numbers.
ROW, NUMBERED_ROW = 34.0, 25.0
#: Beyond so many neighbours their names would stand too close; then each has its number alone.
MOST_NAMES = 24
LONGEST = 17
RANK = {"confirmed": 0, "said": 1, "disputed": 2}


@dataclass(frozen=True)
class Node:
    """An institution in the drawing; `number` is its row in the table, 0 for the one in the middle."""

    institution: Institution
    number: int
    x: float
    y: float
    sign: str
    ring: int
    ties: tuple[Tied, ...] = ()

    @property
    def is_left(self) -> bool:
        return self.x < WIDTH / 2

    @property
    def short(self) -> str:
        name = str(self.institution.name)
        return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"

    @property
    def beside(self) -> float:
        """Where its name or number is written, outwards of it."""
        return self.x + (-15 if self.is_left else 15)

    @property
    def above(self) -> float:
        """Where its number is written when lines go outwards of it."""
        return self.y - 13


@dataclass(frozen=True)
class Edge:
    """A line between two nodes: solid where a tie is confirmed, dashed where it is only said."""

    x1: float
    y1: float
    x2: float
    y2: float
    standing: str


@dataclass(frozen=True)
class Told:
    """A row of the table: a tie of two that are drawn, or a neighbour that is not."""

    number: int
    one: Institution
    other: Institution
    tied: Tied

    @property
    def does(self) -> str:
        return self.tied.told_by(self.one.pk)


class Network:
    """All that is drawn and told of one institution's neighbourhood."""

    width = WIDTH

    def __init__(self, middle: Institution, steps: int = 1) -> None:
        self.middle = middle
        self.steps = steps

    @cached_property
    def _own(self) -> list[Tied]:
        """Its own ties, the confirmed first, however many it has no more than MOST_TIES."""
        mine = shown().filter(Q(subject=self.middle) | Q(object=self.middle))
        rank = Case(
            When(IS_CONFIRMED, then=Value(0)),
            When(disputed_at__isnull=False, then=Value(2)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return tied_by(mine.annotate(rank=rank).order_by("rank", "pk")[:MOST_TIES])

    @cached_property
    def number_of_ties(self) -> int:
        """How many there are in all."""
        if len(self._own) < MOST_TIES:
            return len(self._own)
        return shown().filter(Q(subject=self.middle) | Q(object=self.middle)).count()

    @cached_property
    def _around(self) -> dict[int, list[Tied]]:
        """Its neighbours, those with the strongest ties first."""
        found: dict[int, list[Tied]] = {}
        for tied in self._own:
            found.setdefault(tied.other(self.middle.pk), []).append(tied)
        return dict(sorted(found.items(), key=lambda one: (_strength(one[1]), one[0])))

    @cached_property
    def _first(self) -> list[int]:
        return list(self._around)[:MOST_NODES]

    @cached_property
    def _further(self) -> list[Tied]:
        """Ties of its neighbours, among each other and with others; the confirmed first."""
        if self.steps < 2 or not self._first:
            return []
        ties = shown().filter(Q(subject__in=self._first) | Q(object__in=self._first))
        ties = ties.exclude(Q(subject=self.middle) | Q(object=self.middle))
        rank = Case(When(IS_CONFIRMED, then=Value(0)), default=Value(1))
        return tied_by(ties.annotate(rank=rank).order_by("rank", "pk")[:MOST_TIES])

    @cached_property
    def _second(self) -> dict[int, list[Tied]]:
        """Those two steps away for whom there is room, each with its ties to neighbours."""
        near = set(self._first)
        found: dict[int, list[Tied]] = {}
        for tied in self._further:
            for one in (tied.subject, tied.object):
                if one not in near and one not in self._around:
                    found.setdefault(one, []).append(tied)
        ranked = sorted(found.items(), key=lambda one: (_strength(one[1]), one[0]))
        return dict(ranked[: max(0, MOST_NODES - len(self._first))])

    @cached_property
    def _known(self) -> dict[int, Institution]:
        return institutions_of([*self._around, *self._second])

    @property
    def left_out(self) -> int:
        """How many neighbours are in the table and not in the drawing."""
        return max(0, len(self._around) - MOST_NODES)

    @property
    def center(self) -> Node:
        return Node(self.middle, 0, WIDTH / 2, self.height / 2, sign_of(self.middle), 0)

    @cached_property
    def nodes(self) -> list[Node]:
        """Its neighbours, then theirs; each has the number of its place here."""
        first = [one for one in self._first if one in self._known]
        first.sort(key=self._grouped)
        ring = _ring(len(first), self.height, self._radius)
        places = dict(zip(first, ring, strict=True))
        nodes = []
        for number, one in enumerate(first, start=1):
            nodes.append(self._node(one, number, places[one], 1, self._around[one]))
        outer = [one for one in self._second if one in self._known]
        order = {one: number for number, one in enumerate(first)}

        def nearest(one: int) -> tuple[int, int]:
            beside = [
                order[end] for tied in self._second[one] for end in _ends(tied) if end in order
            ]
            return min(beside, default=0), one

        outer.sort(key=nearest)
        for number, (one, place) in enumerate(
            zip(outer, _ring(len(outer), self.height, 235), strict=True), start=len(nodes) + 1
        ):
            nodes.append(self._node(one, number, place, 2, self._second[one]))
        return nodes

    def _grouped(self, one: int) -> tuple[str, str, str]:
        """Neighbours of one sort stand together: by what they are to it, by kind, by name."""
        institution = self._known[one]
        tied = self._around[one][0]
        return tied.told_by(self.middle.pk), institution.kind_id, institution.slug

    def _node(
        self, one: int, number: int, place: tuple[float, float], ring: int, ties: Sequence[Tied]
    ) -> Node:
        x, y = place
        institution = self._known[one]
        return Node(
            institution, number, round(x, 1), round(y, 1), sign_of(institution), ring, tuple(ties)
        )

    @cached_property
    def height(self) -> float:
        """High enough that names and numbers do not touch."""
        rows = max(ceil(len(self._first) / 2), ceil(len(self._second) / 2))
        return max(120.0, (ROW if self.with_names else NUMBERED_ROW) * rows + 60)

    @property
    def _radius(self) -> float:
        """Of the first ring: names need room on both sides, a second ring around it."""
        return 92.0 if self.with_names or self.steps == 2 else 200.0

    @property
    def with_names(self) -> bool:
        return self.steps == 1 and len(self._first) <= MOST_NAMES

    @cached_property
    def edges(self) -> list[Edge]:
        """A line for each two that are tied, as their strongest tie stands."""
        at = {node.institution.pk: node for node in (self.center, *self.nodes)}
        best: dict[tuple[int, int], str] = {}
        for tied in (*self._own, *self._further):
            low, high = sorted(_ends(tied))
            if low in at and high in at:
                standing = best.get((low, high), tied.standing)
                best[low, high] = min(standing, tied.standing, key=RANK.__getitem__)
        return [
            Edge(at[one].x, at[one].y, at[other].x, at[other].y, standing)
            for (one, other), standing in best.items()
        ]

    @cached_property
    def rows(self) -> list[Told]:
        """Every tie that was read: its own, then those of its neighbours that are drawn."""
        numbers = {node.institution.pk: node.number for node in self.nodes}
        known = {**self._known, self.middle.pk: self.middle}
        rows = []
        for other, ties in self._around.items():
            if other in known:
                number = numbers.get(other, 0)
                rows += [Told(number, self.middle, known[other], tied) for tied in ties]
        rows.sort(key=lambda row: (row.number == 0, row.number))
        for tied in self._further:
            if tied.subject in numbers and tied.object in numbers:
                number = max(numbers[tied.subject], numbers[tied.object])
                rows.append(Told(number, known[tied.subject], known[tied.object], tied))
        return rows


def _ends(tied: Tied) -> tuple[int, int]:
    return tied.subject, tied.object


def _strength(ties: Iterable[Tied]) -> tuple[int, int]:
    """Confirmed before said before disputed; more ties before fewer."""
    ranks = [RANK[tied.standing] for tied in ties]
    return min(ranks), -len(ranks)


def _ring(number: int, height: float, radius: float) -> list[tuple[float, float]]:
    """Places around the middle, from the top to the right: in equal rows on either side."""
    right = ceil(number / 2)
    places = []
    for side, count in ((1, right), (-1, number - right)):
        for place in range(count):
            y = height / 2 + (place - (count - 1) / 2) * (height - 60) / max(count, 1)
            share = min(1.0, abs(y - height / 2) / (height / 2))
            x = WIDTH / 2 + side * radius * sqrt(max(0.12, 1 - share**2))
            places.append((x, y))
        if side == 1:
            first, places = places, []
    return first + places[::-1]


def count_of(institution: Institution) -> int:
    """How many ties of an institution are shown."""
    return shown().filter(Q(subject=institution) | Q(object=institution)).count()
