"""Where the signs of a network stand, and how its lines run between them: geometry and nothing else."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import atan2, ceil, cos, hypot, pi, sin, sqrt

Point = tuple[float, float]

SAMPLES = 360
#: How far from straight a line may swing to pass by the signs in its way, the least first.
BOWS = (0.0, 22.0, -22.0, 44.0, -44.0, 72.0, -72.0, 104.0, -104.0)
#: How far apart two lines between the same two run.
BESIDE = 13.0
#: How near a line may come to a sign.
NEAR = 15.0
#: How far beyond the signs a line may swing.
AROUND = 24.0
#: What a letter and a line of a name take, on a telephone too.
LETTER, LINE_HEIGHT = 10.4, 22.0


@dataclass(frozen=True)
class Ring:
    """An ellipse, measured from its top clockwise by how many signs with their names have room on it.

    `room` is the width and height that one of them takes.
    """

    center: Point
    across: float
    down: float
    room: Point

    def at_turn(self, turn: float) -> Point:
        """The point after so much of a turn, 0 to 1."""
        x, y = self.center
        return x + self.across * sin(2 * pi * turn), y - self.down * cos(2 * pi * turn)

    @cached_property
    def _marks(self) -> list[float]:
        """How many have room up to each of `SAMPLES` equal turns."""
        wide, high = self.room
        marks, before = [0.0], self.at_turn(0)
        for sample in range(1, SAMPLES + 1):
            here = self.at_turn(sample / SAMPLES)
            step = max(abs(here[0] - before[0]) / wide, abs(here[1] - before[1]) / high)
            marks.append(marks[-1] + step)
            before = here
        return marks

    @property
    def length(self) -> float:
        return self._marks[-1]

    def turn(self, mark: float) -> float:
        return min(bisect_left(self._marks, mark % self.length), SAMPLES) / SAMPLES

    def mark(self, turn: float) -> float:
        return self._marks[round(turn % 1 * SAMPLES)]


def ring_for(number: int, center: Point, *, across: float, least: float, room: Point) -> Ring:
    """The lowest ring of that width on which so many have room."""
    ring = Ring(center, across, least, room)
    while ring.length < number:
        ring = Ring(center, across, ring.down + 10, room)
    return ring


def evenly(number: int, ring: Ring) -> list[float]:
    """The turns of so many at equal distances, none of them at the top."""
    return [ring.turn(ring.length * (place + 0.5) / number) for place in range(number)]


def apart(wanted: Sequence[float], ring: Ring) -> list[float]:
    """Turns as near to those that are wanted as the room of each allows, in their order."""
    marks = sorted(ring.mark(turn) for turn in wanted)
    gap = min(1.0, ring.length / max(1, len(marks)))
    for _round in range(200):
        moved = False
        for place in range(len(marks)):
            after = (place + 1) % len(marks)
            between = marks[after] - marks[place] + (ring.length if after <= place else 0)
            if after != place and between < gap - 1e-6:
                marks[place] -= (gap - between) / 2
                marks[after] += (gap - between) / 2
                moved = True
        if not moved:
            break
    return [ring.turn(mark) for mark in marks]


def mean_turn(turns: Iterable[float]) -> float:
    """The middle of some turns, around the circle."""
    known = list(turns)
    across = sum(sin(2 * pi * turn) for turn in known)
    up = sum(cos(2 * pi * turn) for turn in known)
    return atan2(across, up) / (2 * pi) % 1


def sides(number: int, width: float, height: float, radius: float) -> list[Point]:
    """Places around the middle, from the top to the right: in equal rows on either side."""
    right = ceil(number / 2)
    found: list[list[Point]] = []
    for side, count in ((1, right), (-1, number - right)):
        places = []
        for place in range(count):
            y = height / 2 + (place - (count - 1) / 2) * (height - 60) / max(count, 1)
            share = min(1.0, abs(y - height / 2) / (height / 2))
            places.append((width / 2 + side * radius * sqrt(max(0.12, 1 - share**2)), y))
        found.append(places)
    return found[0] + found[1][::-1]


@dataclass(frozen=True)
class Line:
    """A line between two signs: its path, and points on it."""

    path: str
    points: tuple[Point, ...]


def lines(one: Point, other: Point, number: int, signs: Sequence[Point]) -> list[Line]:
    """So many lines between two signs, beside each other and past the signs in their way.

    Of those that pass by as many, the straightest.
    """
    others = [sign for sign in signs if sign not in (one, other)]
    frame = _frame([*signs, one, other])

    def cost(bow: float) -> tuple[int, float]:
        points = _points(one, other, bow)
        outside = not all(_within(point, frame) for point in points)
        return _touched(points, others) + 2 * outside, abs(bow)

    bow = min(BOWS, key=cost)
    return [_line(one, other, bow + BESIDE * (place - (number - 1) / 2)) for place in range(number)]


def _control(one: Point, other: Point, bow: float) -> Point:
    """Of a quadratic curve that swings so far from straight."""
    across, down = other[0] - one[0], other[1] - one[1]
    length = hypot(across, down) or 1.0
    return (
        (one[0] + other[0]) / 2 - down / length * 2 * bow,
        (one[1] + other[1]) / 2 + across / length * 2 * bow,
    )


def _points(one: Point, other: Point, bow: float) -> tuple[Point, ...]:
    cx, cy = _control(one, other, bow)
    points = []
    for sample in range(1, 24):
        t = sample / 24
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        points.append((a * one[0] + b * cx + c * other[0], a * one[1] + b * cy + c * other[1]))
    return tuple(points)


def _frame(signs: Sequence[Point]) -> tuple[float, float, float, float]:
    """What the signs take, and a little around them: no line swings beyond it if it can help it."""
    across, down = [x for x, _y in signs], [y for _x, y in signs]
    return min(across) - AROUND, min(down) - AROUND, max(across) + AROUND, max(down) + AROUND


def _within(point: Point, frame: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = frame
    return left < point[0] < right and top < point[1] < bottom


def _touched(points: Sequence[Point], signs: Sequence[Point]) -> int:
    """How many signs a line runs over."""
    return sum(any(hypot(x - px, y - py) < NEAR for px, py in points) for x, y in signs)


def _line(one: Point, other: Point, bow: float) -> Line:
    begin, end = f"M{one[0]:.1f} {one[1]:.1f}", f"{other[0]:.1f} {other[1]:.1f}"
    x, y = _control(one, other, bow)
    path = f"{begin}Q{x:.1f} {y:.1f} {end}" if abs(bow) > 0.01 else f"{begin}L{end}"
    return Line(path, _points(one, other, bow))


@dataclass(frozen=True)
class Name:
    """Where a name is written: from its start, to its end or around its middle, from which line down."""

    anchor: str
    x: float
    y: float
    box: tuple[float, float, float, float]

    def over(self, point: Point) -> bool:
        return _within(point, self.box)

    def meets(self, other: "Name") -> bool:
        left, top, right, bottom = self.box
        west, north, east, south = other.box
        return left < east and west < right and top < south and north < bottom


def names(
    signs: Sequence[Point],
    texts: Sequence[Sequence[str]],
    drawn: Sequence[Line],
    others: Sequence[Point],
    width: float,
) -> list[Name]:
    """A place for each name by its sign: where the fewest lines run, and no other name or sign is.

    Under it if that is as good, then outwards, above, inwards. `others` are signs without a name.
    """
    points = [point for line in drawn for point in line.points]
    found: dict[int, Name] = {}
    # Who was placed first could not see the others yet, and is looked at once more.
    for number in [*range(len(signs))] * 2:
        sign = signs[number]
        around = [*others, *(other for other in signs if other != sign)]
        written = [name for other, name in found.items() if other != number]

        def cost(
            name: Name, around: Sequence[Point] = around, written: Sequence[Name] = written
        ) -> int:
            outside = name.box[0] < 0 or name.box[2] > width
            crowded = sum(map(name.meets, written)) + sum(map(name.over, around))
            return 1000 * outside + 60 * crowded + sum(map(name.over, points))

        found[number] = min(_around(sign, texts[number], sign[0] < width / 2), key=cost)
    return list(found.values())


def _around(sign: Point, lines: Sequence[str], to_the_left: bool) -> list[Name]:
    """The four places of a name, the best first."""
    (x, y), high = sign, LINE_HEIGHT * len(lines)
    wide = LETTER * max(map(len, lines))
    below = Name("middle", x, y + 25, (x - wide / 2, y + 11, x + wide / 2, y + 11 + high))
    above = Name(
        "middle",
        x,
        y + 2 - high - 3 * len(lines),
        (x - wide / 2, y - 13 - high, x + wide / 2, y - 13),
    )
    first = y - high / 2 + 13
    right = Name("start", x + 15, first, (x + 12, y - high / 2, x + 15 + wide, y + high / 2))
    left = Name("end", x - 15, first, (x - 15 - wide, y - high / 2, x - 12, y + high / 2))
    beside = [left, right] if to_the_left else [right, left]
    return [below, beside[0], above, beside[1]]
