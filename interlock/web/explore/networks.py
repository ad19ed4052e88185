"""An institution's neighbourhood, drawn: itself in the middle, who it is tied to around it.

The drawing depends on the ties alone: neighbours stand around it, grouped by what they are to it and by
name, half of them on each side so that their names have room. With the neighbours' own neighbours
there are two rings, each sign of the outer one as near as there is room to those it is tied to, and
names stand under the signs. Where there are too many for names, each has its number in the table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import ceil
from textwrap import wrap

from django.db.models import Case, IntegerField, Q, Value, When

from interlock.web.explore import rings
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
#: How far apart two rows stand: names need more room than numbers. No drawing is lower than this.
ROW, NUMBERED_ROW, LOWEST = 46.0, 25.0, 260.0
#: Beyond so many signs their names would stand too close; then each has its number alone.
MOST_NAMES, MOST_NAMES_OF_TWO = 24, 12
#: Signs in a line of a name: beside its sign, and under it.
LINE, SHORT_LINE = 16, 14
#: What a sign takes on a ring, with its name under it and without.
NAMED, NUMBERED = (132.0, 72.0), (34.0, 32.0)
RANK = {"confirmed": 0, "said": 1, "disputed": 2}


@dataclass(frozen=True)
class Node:
    """An institution in the drawing; `number` is that of the table, 0 for the one in the middle."""

    institution: Institution
    number: int
    x: float
    y: float
    sign: str
    ring: int


@dataclass(frozen=True)
class Label:
    """A node with its name in a few lines, or none where there is no room, and where it is written."""

    node: Node
    lines: tuple[str, ...]
    anchor: str
    x: float
    y: float


@dataclass(frozen=True)
class Edge:
    """A line between two nodes: solid where a tie is confirmed, dashed where it is only said."""

    path: str
    standing: str


@dataclass(frozen=True)
class Told:
    """A row of the table: a tie of two that are drawn, or a neighbour that is not."""

    number: int
    one: Institution
    other: Institution
    tied: Tied
    #: The numbers of the two in the drawing; none for the one in the middle.
    one_number: int = 0
    other_number: int = 0

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
        x, y = self._center
        return Node(self.middle, 0, x, y, sign_of(self.middle), 0)

    @cached_property
    def _here(self) -> tuple[list[int], list[int]]:
        """Who is drawn: on the first ring in its order, on the second by strength."""
        first = sorted((one for one in self._first if one in self._known), key=self._grouped)
        return first, [one for one in self._second if one in self._known]

    @cached_property
    def nodes(self) -> list[Node]:
        """Its neighbours, then theirs; each has the number of its place here."""
        first, _outer = self._here
        numbers = count(1)
        if not self._rings:
            places = rings.sides(
                len(first), WIDTH, self.height, 100.0 if self.with_names else 200.0
            )
            return [
                self._node(one, next(numbers), place, 1)
                for one, place in zip(first, places, strict=True)
            ]
        inner, outer = self._rings
        turns = dict(zip(first, rings.evenly(len(first), inner), strict=True))
        near = sorted((rings.mean_turn(self._beside(one, turns)), one) for one in self._second)
        near = [(turn, one) for turn, one in near if one in self._known]
        apart = rings.apart([turn for turn, _one in near], outer)
        return [
            *(
                self._node(one, next(numbers), inner.at_turn(turn), 1)
                for one, turn in turns.items()
            ),
            *(
                self._node(one, next(numbers), outer.at_turn(turn), 2)
                for (_wanted, one), turn in zip(near, apart, strict=True)
            ),
        ]

    def _beside(self, one: int, turns: dict[int, float]) -> list[float]:
        """Where those stand that one of the second ring is tied to."""
        return [turns[end] for tied in self._second[one] for end in _ends(tied) if end in turns]

    @cached_property
    def _rings(self) -> tuple[rings.Ring, rings.Ring] | None:
        """The two rings, high enough for all that stand on them; None where one is enough."""
        first, second = self._here
        if not second:
            return None
        room = NAMED if self.with_names else NUMBERED
        across = (122.0, 234.0) if self.with_names else (140.0, 270.0)
        middle = (WIDTH / 2, 0.0)
        inner = rings.ring_for(len(first), middle, across=across[0], least=100.0, room=room)
        outer = rings.ring_for(
            len(second), middle, across=across[1], least=inner.down + room[1] + 8, room=room
        )
        center = (WIDTH / 2, outer.down + 24)
        return (
            rings.Ring(center, inner.across, inner.down, room),
            rings.Ring(center, outer.across, outer.down, room),
        )

    @property
    def _center(self) -> tuple[float, float]:
        return self._rings[0].center if self._rings else (WIDTH / 2, self.height / 2)

    def _grouped(self, one: int) -> tuple[str, str, str]:
        """Neighbours of one sort stand together: by what they are to it, by kind, by name."""
        institution = self._known[one]
        tied = self._around[one][0]
        return tied.told_by(self.middle.pk), institution.kind_id, institution.slug

    def _node(self, one: int, number: int, place: tuple[float, float], ring: int) -> Node:
        institution = self._known[one]
        x, y = round(place[0], 1), round(place[1], 1)
        return Node(institution, number, x, y, sign_of(institution), ring)

    @cached_property
    def labels(self) -> list[Label]:
        """Each node with what is written by it."""
        if self._rings:
            return self._written_around()
        labels = []
        for node in self.nodes:
            name = f"{node.number} {node.institution.name}"
            lines = _lines(name, LINE, 2) if self.with_names else ()
            outwards = -15 if node.x < WIDTH / 2 else 15
            y = node.y + (-3 if len(lines) > 1 else 5)
            labels.append(
                Label(node, lines, "end" if outwards < 0 else "start", node.x + outwards, y)
            )
        return labels

    def _written_around(self) -> list[Label]:
        """Names, or numbers alone, where they are in the way of the fewest lines."""
        texts = [
            _lines(f"{node.number} {node.institution.name}", SHORT_LINE, 3)
            if self.with_names
            else (str(node.number),)
            for node in self.nodes
        ]
        signs = [(node.x, node.y) for node in self.nodes]
        drawn = [line for line, _standing in self._lines]
        names = rings.names(signs, texts, drawn, [self._center], WIDTH)
        return [
            Label(node, lines, name.anchor, round(name.x, 1), round(name.y, 1))
            for node, lines, name in zip(self.nodes, texts, names, strict=True)
        ]

    @property
    def box(self) -> str:
        """The part that is drawn on: no higher than what stands there."""
        if not self._rings:
            return f"0 0 {WIDTH:.0f} {self.height:.0f}"
        ys = [node.y for node in (self.center, *self.nodes)]
        tall = 24 + rings.LINE_HEIGHT * max((len(one.lines) for one in self.labels), default=0)
        top, bottom = min(ys) - max(24, tall), max(ys) + max(24, tall)
        return f"0 {top:.0f} {WIDTH:.0f} {bottom - top:.0f}"

    @cached_property
    def height(self) -> float:
        """Of one ring: high enough that names and numbers do not touch."""
        rows = ceil(len(self._first) / 2)
        return max(LOWEST, (ROW if self.with_names else NUMBERED_ROW) * rows + 60)

    @cached_property
    def with_names(self) -> bool:
        first, second = self._here
        return len(first) + len(second) <= (MOST_NAMES_OF_TWO if second else MOST_NAMES)

    @property
    def edges(self) -> list[Edge]:
        """The confirmed ones last, above the others."""
        return [Edge(line.path, standing) for line, standing in self._lines]

    @cached_property
    def _lines(self) -> list[tuple[rings.Line, str]]:
        """A line between each two for each way that their ties stand."""
        at = {node.institution.pk: (node.x, node.y) for node in (self.center, *self.nodes)}
        ways: dict[tuple[int, int], set[str]] = {}
        for tied in (*self._own, *self._further):
            low, high = sorted(_ends(tied))
            if low in at and high in at:
                ways.setdefault((low, high), set()).add(tied.standing)
        signs = list(at.values())
        found = []
        for (one, other), standings in ways.items():
            ordered = sorted(standings, key=RANK.__getitem__)
            drawn = rings.lines(at[one], at[other], len(ordered), signs)
            found += list(zip(drawn, ordered, strict=True))
        return sorted(found, key=lambda line: -RANK[line[1]])

    @cached_property
    def rows(self) -> list[Told]:
        """Every tie that was read: its own, then those of its neighbours that are drawn."""
        numbers = {node.institution.pk: node.number for node in self.nodes}
        known = {**self._known, self.middle.pk: self.middle}
        rows = []
        for other, ties in self._around.items():
            if other in known:
                number = numbers.get(other, 0)
                rows += [
                    Told(number, self.middle, known[other], tied, other_number=number)
                    for tied in ties
                ]
        rows.sort(key=lambda row: (row.number == 0, row.number))
        for tied in self._further:
            if tied.subject in numbers and tied.object in numbers:
                ends = numbers[tied.subject], numbers[tied.object]
                rows.append(Told(max(ends), known[tied.subject], known[tied.object], tied, *ends))
        return rows

    @property
    def number_of_further(self) -> int:
        """How many of the table's ties are between its neighbours and others."""
        return sum(row.one != self.middle for row in self.rows)


def _ends(tied: Tied) -> tuple[int, int]:
    return tied.subject, tied.object


def _strength(ties: Iterable[Tied]) -> tuple[int, int]:
    """Confirmed before said before disputed; more ties before fewer."""
    ranks = [RANK[tied.standing] for tied in ties]
    return min(ranks), -len(ranks)


def _lines(name: str, length: int, most: int) -> tuple[str, ...]:
    """A name in so many lines at most; what does not fit is told by an ellipsis."""
    lines = wrap(name, length, max_lines=most, placeholder="…", break_on_hyphens=False)
    return tuple(lines)


def count_of(institution: Institution) -> int:
    """How many ties of an institution are shown."""
    return shown().filter(Q(subject=institution) | Q(object=institution)).count()
