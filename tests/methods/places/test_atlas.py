"""The packaged boundaries, how they were made, and windows on them."""

import json
import re

from interlock.methods.places.atlas import Window, united_states, window_on
from interlock.methods.places.outlines import (
    area_of,
    build,
    centre_of,
    packed,
    path_of,
    without_small_triangles,
)
from tests.methods.real import real

PATH = re.compile(r"(m-?\d+ -?\d+l(-?\d+[ -]?)+z)+")


def test_atlas_holds_all_states_and_counties() -> None:
    atlas = united_states()
    counties = [one for state in atlas.states.values() for one in state.counties]
    assert (len(atlas.states), len(counties)) == (53, 3_223)  # with D.C., P.R. and V.I.
    assert len({one.id for one in counties}) == len(counties)
    assert all(one.id[:2] == fips for fips, state in atlas.states.items() for one in state.counties)


def test_every_path_is_one() -> None:
    shapes = [
        shape
        for state in united_states().states.values()
        for shape in (state.coarse, state.fine, *state.counties)
    ]
    assert [one.id for one in shapes if not PATH.fullmatch(one.path)] == []


def test_state_knows_its_neighbors() -> None:
    atlas = united_states()
    names = [atlas.states[one].name for one in atlas.states["44"].beside]
    assert names == ["Connecticut", "Massachusetts"]
    assert atlas.states["15"].beside == ()


def test_county_knows_its_neighbors_across_states_too() -> None:
    atlas = united_states()
    names = {
        found.name
        for one in atlas.states["44"].counties_beside["44007"]
        if (found := atlas.county(one))
    }
    assert names == {"Bristol County", "Kent County", "Norfolk County", "Windham County", "Worcester County"}  # fmt: skip
    borders = list(atlas.borders())
    assert len(borders) == len(set(borders))
    assert all(one < other for one, other in borders)
    assert atlas.states["15"].counties_beside["15001"] == ()


def test_unknown_county_is_none() -> None:
    assert [united_states().county(one) for one in ("99001", "36999", "")] == [None] * 3


def test_atlas_says_where_it_is_from() -> None:
    (source,) = united_states().sources
    assert "US Census Bureau" in source
    assert "us-atlas" in source


def test_real_files_make_the_packaged_bytes() -> None:
    from interlock.methods.places import atlas

    given = {
        "counties": "counties-albers-10m.json",
        "states": "states-albers-10m.json",
        "territories": "counties-10m.json",
        "names": "us_counties_2019.csv",
    }
    files = {name: real(f"geo/{file}").read_bytes() for name, file in given.items()}
    assert packed(build(**files)) == atlas._FILE.read_bytes()


def topology(name: str, areas: dict[str, tuple[str, list[list[int]]]]) -> bytes:
    """Two squares side by side, with the border between them given once; ten units a side."""
    arcs = [
        [[10, 0], [0, 10]],
        [[10, 10], [-10, 0], [0, -10], [10, 0]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
    ]
    geometries = [
        {"type": "Polygon", "id": fips, "properties": {"name": called}, "arcs": rings}
        for fips, (called, rings) in areas.items()
    ]
    told = {
        "transform": {"scale": [1, 1], "translate": [100, 100]},
        "arcs": arcs,
        "objects": {name: {"geometries": geometries}},
    }
    return json.dumps(told).encode()


def test_neighbors_are_made_from_the_border_they_share() -> None:
    states = topology("states", {"17": ("Illinois", [[0, 1]]), "18": ("Indiana", [[2, ~0]])})
    counties = topology("counties", {"17001": ("Adams", [[0, 1]]), "18001": ("Adams", [[2, ~0]])})
    empty = json.dumps(
        {
            "transform": {"scale": [1, 1], "translate": [0, 0]},
            "arcs": [],
            "objects": {"states": {"geometries": []}, "counties": {"geometries": []}},
        }
    ).encode()
    names = b"fips,county\n17001,Adams County\n"
    made = build(counties=counties, states=states, territories=empty, names=names)
    assert (made["17"]["beside"], made["18"]["beside"]) == (["18"], ["17"])
    assert made["17"]["box"] == [100, 100, 110, 110]
    assert [county[:2] for county in made["17"]["counties"]] == [["17001", "Adams County"]]
    assert [county[:2] for county in made["18"]["counties"]] == [["18001", "Adams"]]
    assert [county[5] for county in made["17"]["counties"]] == [["18001"]]
    assert made["17"]["at"] == [105, 105]


def test_simplifying_keeps_ends_and_corners() -> None:
    line = [(0.0, 0.0), (1.0, 0.05), (2.0, 0.0), (3.0, 0.02), (4.0, 0.0), (4.0, 3.0)]
    assert without_small_triangles(line, 0.2) == [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0)]
    assert without_small_triangles(line[:2], 9) == line[:2]


def test_centre_and_area_of_a_ring() -> None:
    square = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]
    assert (area_of(square), centre_of(square)) == (4, (1, 1))
    assert centre_of([(1.0, 1.0), (3.0, 1.0)]) == (2, 1)


def test_path_begins_each_ring_where_the_last_one_began() -> None:
    triangle = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    far = [(5.0, 5.0), (6.0, 5.0), (6.0, 6.0)]
    flat = [(9.0, 9.0), (9.0001, 9.0)]
    assert path_of([triangle, flat, far], 10) == "m0 0l10 0 0 10zm50 50l10 0 0 10z"


def test_window_shows_what_lies_in_it() -> None:
    window = window_on((10, 10, 20, 20), ratio=2, margin=0)
    assert window == Window(5, 10, 20, 10)
    assert window.place((15, 15), 100) == (50, 25)
    assert [window.shows(box) for box in ((0, 0, 6, 11), (0, 0, 4, 30), (24, 15, 99, 16))] == [
        True,
        False,
        True,
    ]


def test_window_on_a_point_is_not_without_end() -> None:
    assert window_on((3, 3, 3, 3), ratio=2, margin=0).width == 0.5
