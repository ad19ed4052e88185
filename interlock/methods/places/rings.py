"""Whether the outline of an area is one that could enclose anything."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

Point = tuple[float, float]

# Places and comparisons for each edge of a ring before it is given up; real boundaries take two or three.
_MOST_WORK = 200


def self_crossing(ring: Sequence[Point]) -> Point | None:
    """Where a closed ring first crosses itself, or None; a touch is no crossing.

    Edges are compared with those in the same cells of a grid, which has as many cells as the ring edges.
    A ring of very many long edges is given up before that takes long, and counts as sound.

    >>> self_crossing([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)])
    (1.0, 1.0)
    >>> self_crossing([(0, 0), (2, 0), (2, 2), (0, 2), (0, 0)]) is None
    True
    """
    many = len(ring) - 1
    left, low = min(x for x, _ in ring), min(y for _, y in ring)
    across = max(x for x, _ in ring) - left or 1.0
    up = max(y for _, y in ring) - low or 1.0
    cells = max(1, isqrt(many))
    grid: dict[tuple[int, int], list[int]] = {}
    left_over = _MOST_WORK * (many + 1)

    def span(one: float, other: float, start: float, size: float) -> range:
        first, last = sorted((one, other))
        return range(
            int((first - start) / size * cells), min(cells, int((last - start) / size * cells)) + 1
        )

    for edge in range(many):
        (x, y), (x2, y2) = ring[edge], ring[edge + 1]
        for column in span(x, x2, left, across):
            for row in span(y, y2, low, up):
                held = grid.setdefault((column, row), [])
                left_over -= 1 + len(held)
                if left_over < 0:
                    return None
                for other in held:
                    apart = edge - other
                    if 1 < apart < many - 1 and (
                        at := _crossing(ring[edge], ring[edge + 1], ring[other], ring[other + 1])
                    ):
                        return at
                held.append(edge)
    return None


def _crossing(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where two edges cross within both."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    of_c, of_d = side(a, b, c), side(a, b, d)
    if of_c * of_d >= 0 or side(c, d, a) * side(c, d, b) >= 0:
        return None
    share = of_c / (of_c - of_d)
    return c[0] + share * (d[0] - c[0]), c[1] + share * (d[1] - c[1])
