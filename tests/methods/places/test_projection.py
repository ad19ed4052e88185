"""Where points are drawn: as us-atlas draws them, and back again."""

import csv
import io
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.places.atlas import united_states
from interlock.methods.places.projection import (
    ALASKA,
    HAWAII,
    LOWER_48,
    PUERTO_RICO,
    Conic,
    Flat,
    albers_usa,
)
from tests.methods.real import real

# Middles of counties from the Census Bureau's table of 2019, in each part of the map.
COUNTIES = {
    "17143": (40.78807, -89.75999),  # Peoria, Illinois
    "36061": (40.77694, -73.97036),  # New York, New York
    "48301": (31.84925, -103.57990),  # Loving, Texas
    "02020": (61.17430, -149.28430),  # Anchorage, Alaska
    "15003": (21.46000, -157.97000),  # Honolulu, Hawaii
    "72127": (18.38480, -66.05950),  # San Juan, Puerto Rico
}


@pytest.mark.parametrize("fips", COUNTIES)
def test_middle_of_a_county_lies_in_its_boundaries(fips: str) -> None:
    county = united_states().county(fips)
    point = albers_usa(*COUNTIES[fips])
    assert county
    assert point
    left, top, right, bottom = county.box
    assert left - 0.1 <= point[0] <= right + 0.1
    assert top - 0.1 <= point[1] <= bottom + 0.1


def test_middles_of_all_real_counties_lie_in_their_boxes() -> None:
    text = real("geo/us_counties_2019.csv").read_text()
    strayed = []
    for row in csv.DictReader(io.StringIO(text)):
        county = united_states().county(row["fips"])
        point = albers_usa(float(row["lat"]), float(row["lon"]))
        assert county
        assert point
        left, top, right, bottom = county.box
        x, y = point
        if not (left - 0.3 <= x <= right + 0.3 and top - 0.3 <= y <= bottom + 0.3):
            strayed.append(row["fips"])
    assert strayed == []


def test_what_no_part_of_the_map_draws_has_no_place() -> None:
    assert [albers_usa(*one) for one in ((48.85, 2.35), (13.44, 144.79), (0.0, 0.0))] == [None] * 3


@pytest.mark.parametrize(
    ("conic", "south", "north", "west", "east"),
    [
        (LOWER_48, 24, 50, -125, -66),
        (ALASKA, 51, 72, -180, -129),
        (HAWAII, 18, 23, -161, -154),
        (PUERTO_RICO, 17, 19, -68, -64),
    ],
)
def test_inverse_leads_back(
    conic: Conic, south: float, north: float, west: float, east: float
) -> None:
    for step in range(11):
        latitude = south + (north - south) * step / 10
        longitude = west + (east - west) * step / 10
        assert conic.invert(*conic.project(latitude, longitude)) == pytest.approx(
            (latitude, longitude), abs=1e-6
        )


def test_conic_keeps_areas() -> None:
    """A small square of degrees takes as much of the drawing as of the earth, wherever it lies."""

    def drawn(latitude: float, longitude: float) -> float:
        step = 0.01
        x, y = LOWER_48.project(latitude, longitude)
        u, v = LOWER_48.project(latitude, longitude + step)
        s, t = LOWER_48.project(latitude + step, longitude)
        return abs((u - x) * (t - y) - (s - x) * (v - y)) / cos(radians(latitude + step / 2))

    assert drawn(26, -81) == pytest.approx(drawn(48, -120), rel=1e-3)


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(0.01, 9), st.floats(0.01, 9))
def test_flat_map_fits_its_bounds_and_leads_back(
    south: float, west: float, high: float, wide: float
) -> None:
    flat = Flat((west, south, west + wide, south + high), 975, 610, margin=10)
    for latitude, longitude in ((south, west), (south + high, west + wide)):
        x, y = flat.project(latitude, longitude)
        assert 9.9 <= x <= 965.1
        assert 9.9 <= y <= 600.1
        assert flat.invert(x, y) == pytest.approx((latitude, longitude), abs=1e-6)


def test_flat_map_lies_across_the_180th_meridian() -> None:
    flat = Flat((176.0, -20.0, -178.0, -15.0), 600, 400)
    xs = [flat.project(-17, longitude)[0] for longitude in (176, 179, -179, -178)]
    assert xs == sorted(xs)
