from math import cos, pi, radians, sin

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.places.distance import RADIUS_KM, box_around, distance_km, nearest

NORTH = st.floats(-90, 90)
EAST = st.floats(-180, 180)


def test_distances_are_those_of_the_sphere() -> None:
    assert distance_km(0, 0, 0, 180) == pi * RADIUS_KM
    assert distance_km(90, 0, -90, 77) == pi * RADIUS_KM
    assert round(distance_km(0, 0, 0, 1), 3) == 111.195
    assert round(distance_km(51.5074, -0.1278, 48.8566, 2.3522), 1) == 343.6
    assert distance_km(10, 20, 10, 20) == 0


@given(NORTH, EAST, NORTH, EAST)
def test_distance_is_the_angle_between_two_vectors(a: float, b: float, c: float, d: float) -> None:
    def vector(north: float, east: float) -> np.ndarray:
        y, x = radians(north), radians(east)
        return np.array([cos(y) * cos(x), cos(y) * sin(x), sin(y)])

    one, other = vector(a, b), vector(c, d)
    across = float(np.linalg.norm(np.cross(one, other)))
    angle = float(np.arctan2(across, float(one @ other)))
    assert abs(distance_km(a, b, c, d) - RADIUS_KM * angle) < 0.2
    assert distance_km(a, b, c, d) == distance_km(c, d, a, b)


@given(NORTH, EAST, NORTH, EAST, st.floats(0, 25_000))
def test_box_holds_whatever_is_near(a: float, b: float, c: float, d: float, km: float) -> None:
    if distance_km(a, b, c, d) < km - 1e-6:
        assert box_around(a, b, km).holds(c, d)


def test_nearest_come_first_and_across_the_date_line() -> None:
    points = [
        ("west", 0.0, 179.9),
        ("far", 0.0, 170.0),
        ("east", 0.0, -179.95),
        ("same", 0.0, 180.0),
    ]
    found = nearest(0.0, 180.0, points, within_km=100)
    assert [near.item for near in found] == ["same", "east", "west"]
    assert [near.item for near in nearest(0.0, 180.0, points, within_km=100, most=1)] == ["same"]
    assert nearest(0.0, 0.0, points, within_km=100) == []
