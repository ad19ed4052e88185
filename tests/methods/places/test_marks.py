"""Marks that do not cover each other."""

from itertools import combinations
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.places.marks import Disc, spread

DISCS = st.lists(
    st.builds(Disc, st.floats(0, 600), st.floats(0, 380), st.floats(3, 12)), max_size=25
)


def test_marks_apart_stay_where_they_are() -> None:
    assert spread([Disc(50, 50, 10), Disc(80, 50, 10)], 600, 380) == [(50, 50), (80, 50)]


def test_nothing_is_spread_to_nothing() -> None:
    assert spread([], 600, 380) == []


@given(DISCS)
def test_marks_are_within_the_frame_and_the_same_each_time(discs: list[Disc]) -> None:
    places = spread(discs, 600, 380)
    assert places == spread(discs, 600, 380)
    for disc, (x, y) in zip(discs, places, strict=True):
        assert disc.radius - 0.01 <= x <= 600 - disc.radius + 0.01
        assert disc.radius - 0.01 <= y <= 380 - disc.radius + 0.01


def test_crowd_in_one_place_is_drawn_apart() -> None:
    discs = [Disc(300, 190, 10)] * 12
    places = spread(discs, 600, 380)
    apart = [hypot(x - u, y - v) for (x, y), (u, v) in combinations(places, 2)]
    assert min(apart) > 17  # of twenty
    assert max(hypot(x - 300, y - 190) for x, y in places) < 80
