import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from interlock.methods.places.colocation.nearby import on_sphere, pairs
from interlock.methods.places.colocation.reasons import ColocationError
from interlock.methods.places.distance import distance_km

POINTS = some.lists(
    some.tuples(some.floats(-90, 90), some.floats(-180, 180)), min_size=2, max_size=30
)


@settings(max_examples=60)
@given(POINTS)
def test_pairs_are_those_of_measuring_all(points: list[tuple[float, float]]) -> None:
    radii = np.array([500.0, 3_000.0, 9_000.0])
    north, east = (np.array(one) for one in zip(*points, strict=True))
    found = pairs(north, east, radii)
    apart = np.array(
        [
            distance_km(*points[a], *points[b])
            for a in range(len(points))
            for b in range(a + 1, len(points))
        ]
    )
    # A pair just on a radius may be on either side of it.
    if (np.abs(apart[:, None] - radii) < 1e-3).any():
        return
    assert found.begins[1:].tolist() == [int((apart <= radius).sum()) for radius in radii]
    assert (found.first < found.second).all()


def test_pairs_reach_over_the_antimeridian_and_the_pole() -> None:
    over = pairs(np.array([0.0, 0.0]), np.array([179.9, -179.9]), np.array([30.0]))
    top = pairs(np.array([89.9, 89.9]), np.array([0.0, 180.0]), np.array([30.0]))
    assert (len(over), len(top)) == (1, 1)


def test_unlike_pairs_are_counted_by_radius() -> None:
    near = pairs(np.zeros(4), np.array([0.0, 1.0, 2.0, 3.0]), np.array([120.0, 230.0, 340.0]))
    assert near.begins.tolist() == [0, 3, 5, 6]
    assert near.unlike(np.array([True, False, False, True])).tolist() == [2, 4, 4]


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_point_off_the_earth_is_refused_by_its_row(place: tuple[float, float]) -> None:
    with pytest.raises(ColocationError, match="Point 2 is not on the earth"):
        on_sphere(np.array([0.0, place[0]]), np.array([0.0, place[1]]))
    with pytest.raises(ColocationError, match="longitude"):
        on_sphere(np.array([0.0]), np.array([0.0, 1.0]))


@pytest.mark.parametrize("radii", [[], [0.0], [2.0, 1.0], [1.0, 1.0]])
def test_radii_that_do_not_rise_are_refused(radii: list[float]) -> None:
    with pytest.raises(ValueError, match="Radii are kilometres"):
        pairs(np.zeros(2), np.zeros(2), np.array(radii))
