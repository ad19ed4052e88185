"""Outlines that cross themselves are found, and only those; it takes time in step with their length."""

import math
import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.places.rings import Point, self_crossing

whole = st.integers(-6, 6)
rings = st.lists(st.tuples(whole, whole), min_size=3, max_size=14, unique=True)


def crosses(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@given(rings)
def test_grid_finds_what_trying_every_two_edges_does(points: list[tuple[int, int]]) -> None:
    ring: list[Point] = [*points, points[0]]
    edges = list(pairwise(ring))
    every = any(
        crosses(*edges[one], *edges[other])
        for one in range(len(edges))
        for other in range(one + 2, len(edges))
        if (one, other) != (0, len(edges) - 1)
    )
    assert (self_crossing(ring) is not None) == every


def around(number: int) -> list[Point]:
    """A coast: a circle with noise towards the middle."""
    rng = random.Random(1)
    found = [
        (
            (1 + 0.2 / number * rng.random()) * math.cos(2 * math.pi * place / number),
            (1 + 0.2 / number * rng.random()) * math.sin(2 * math.pi * place / number),
        )
        for place in range(number)
    ]
    return [*found, found[0]]


def test_long_coast_is_sound_until_two_of_its_points_change_places() -> None:
    coast = around(50_000)
    assert self_crossing(coast) is None
    coast[100], coast[20_000] = coast[20_000], coast[100]
    assert self_crossing(coast) is not None


def test_scribble_of_long_edges_is_given_up() -> None:
    """A fan whose edges all lie across the whole grid, and cross only at its very end."""
    many = 4_000
    fan: list[Point] = []
    for place in range(many):
        fan += [(0.0, float(place)), (1.0, place + 0.5)]
    ring = [*fan, (2.0, many + 1.0), (-1.0, -1.0), fan[0]]
    assert self_crossing(ring) is None
