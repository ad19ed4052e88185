import json
from typing import Any

import pytest
from geojson_pydantic import FeatureCollection
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.formats import geojson
from interlock.methods.formats.faults import FormatError
from interlock.methods.formats.geojson import Feature, read_boundaries

SQUARE = [[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]
HOLE = [[0.5, 0.5], [1, 0.5], [1, 0.75], [0.5, 0.5]]


def area(**changes: Any) -> dict[str, Any]:
    said = {
        "type": "Feature",
        "properties": {"GEOID": "36055", "NAME": "Monroe"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
    }
    return {**said, **changes}


def file(*features: Any, **changes: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **changes}).encode()


def ring(*positions: Any) -> dict[str, Any]:
    return area(geometry={"type": "Polygon", "coordinates": [positions]})


def test_institutions_are_points_or_have_no_place() -> None:
    here = Feature("https://x.example/a", {"name": "A"}, 51.5, -1.25)
    nowhere = Feature("https://x.example/b", {"name": "B"})
    assert geojson.feature_collection([here, nowhere]) == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "https://x.example/a",
                "geometry": {"type": "Point", "coordinates": [-1.25, 51.5]},
                "properties": {"name": "A"},
            },
            {
                "type": "Feature",
                "id": "https://x.example/b",
                "geometry": None,
                "properties": {"name": "B"},
            },
        ],
    }


FEATURES = st.lists(
    st.builds(
        Feature,
        st.text(),
        st.dictionaries(st.text(), st.text() | st.integers() | st.none()),
        st.none() | st.floats(-90, 90),
        st.none() | st.floats(-180, 180),
    )
)


@given(FEATURES)
@settings(max_examples=100)
def test_text_in_chunks_is_the_collection(features: list[Feature]) -> None:
    assert json.loads("".join(geojson.chunks(features))) == geojson.feature_collection(features)


@given(FEATURES)
@settings(max_examples=100)
def test_collection_is_valid_by_another_library(features: list[Feature]) -> None:
    told = json.loads("".join(geojson.chunks(features)))
    read = FeatureCollection.model_validate(told)
    assert len(read.features) == len(features)


def test_place_that_is_nowhere_is_not_written() -> None:
    with pytest.raises(ValueError, match="nowhere"):
        geojson.feature_collection([Feature("a", {}, 91.0, 0.0)])


def test_areas_are_read_with_their_holes_and_bounds() -> None:
    islands = {
        "type": "MultiPolygon",
        "coordinates": [[SQUARE], [[[5, 5], [6, 5], [6, 6], [5, 5]]]],
    }
    found = read_boundaries(file(area(), area(id="2", geometry=islands)))
    assert [(one.id, one.name, one.bounds) for one in found.areas] == [
        ("36055", "Monroe", (0, 0, 2, 1)),
        ("2", "Monroe", (0, 0, 6, 6)),
    ]
    assert found.bounds == (0, 0, 6, 6)
    assert [len(one.polygons) for one in found.areas] == [1, 2]
    assert found.areas[0].polygons[0][1] == tuple((float(x), float(y)) for x, y in HOLE)


def test_what_is_no_area_is_left_out_and_noted() -> None:
    point = area(geometry={"type": "Point", "coordinates": [0, 0]})
    found = read_boundaries(file(area(), point, area(geometry=None)))
    assert len(found.areas) == 1
    assert [note.path for note in found.notes] == ["features[1].geometry", "features[2].geometry"]


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"[]", "type"),
        (b'{"type": "Topology"}', "type"),
        (file(), ""),
        (b'{"type": "FeatureCollection"}', "features"),
        (file(7), "features[0]"),
        (file(area(), area()), "features[1]"),
        (file(ring([0, 0], [1, 0], [0, 0])), "features[0].geometry.coordinates[0]"),
        (file(ring([0, 0], [1, 0], [1, 1], [0, 1])), "features[0].geometry.coordinates[0]"),
        (file(ring([0, 0], [181, 0], [1, 1], [0, 0])), "features[0].geometry.coordinates[0][1]"),
        (file(ring([0, 0], [1, "0"], [1, 1], [0, 0])), "features[0].geometry.coordinates[0][1]"),
        (file(ring([0, 0], [1], [1, 1], [0, 0])), "features[0].geometry.coordinates[0][1]"),
        (file(ring([0, 0], [1, True], [1, 1], [0, 0])), "features[0].geometry.coordinates[0][1]"),
        (file(ring()), "features[0].geometry.coordinates[0]"),
        (
            file(area(geometry={"type": "MultiPolygon", "coordinates": [[SQUARE], 3]})),
            "features[0].geometry.coordinates[1]",
        ),
        (file(area(), crs={"properties": {"name": "EPSG:3857"}}), "crs"),
    ],
)
def test_fault_of_a_map_says_where(data: bytes, path: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_boundaries(data)
    assert {fault.path for fault in caught.value.faults} == {path}


def test_map_in_degrees_may_say_so() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert len(read_boundaries(file(area(), crs=crs)).areas) == 1


def test_map_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LARGEST_FILE", "MOST_AREAS", "MOST_POSITIONS"):
        with monkeypatch.context() as patch:
            patch.setattr(geojson, name, 0)
            with pytest.raises(FormatError, match="more than 0"):
                read_boundaries(file(area()))


def test_faults_of_a_map_are_bounded() -> None:
    with pytest.raises(FormatError) as caught:
        read_boundaries(file(*range(5000)))
    assert len(caught.value.faults) == 1001


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(-200, 200) | st.sampled_from(["Polygon", "Feature"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["type", "geometry", "coordinates", "features"]), inner)
    ),
    max_leaves=30,
)


@given(value=JSON)
@settings(max_examples=300)
def test_any_map_is_read_or_refused(value: Any) -> None:
    for source in (value, json.loads(file(value)), json.loads(file(area(geometry=value)))):
        try:
            found = read_boundaries(json.dumps(source).encode())
        except FormatError:
            continue
        assert found.areas
        assert len(found.bounds) == 4


def test_area_across_the_antimeridian_is_to_be_cut() -> None:
    across = ring([179, -17], [-179, -17], [-179, -16], [179, -16], [179, -17])
    with pytest.raises(FormatError) as caught:
        read_boundaries(file(across))
    assert [str(one) for one in caught.value.faults] == [
        (
            "features[0].geometry.coordinates[0][1]: The outline jumps from longitude 179 to -179. Where an "
            "area lies across the antimeridian, cut it in two there (RFC 7946, section 3.1.9)."
        )
    ]


def test_frame_round_the_earth_is_no_jump() -> None:
    frame = ring([-180, -90], [180, -90], [180, -60], [-180, -60], [-180, -90])
    assert read_boundaries(file(frame)).bounds == (-180, -90, 180, -60)


def test_outline_that_crosses_itself_is_noted() -> None:
    found = read_boundaries(file(ring([0, 0], [2, 2], [2, 0], [0, 2], [0, 0])))
    assert [str(one) for one in found.notes] == [
        (
            "features[0].geometry.coordinates[0]: The outline crosses itself at longitude 1.0000, latitude "
            "1.0000. It is drawn as it stands."
        )
    ]
    assert read_boundaries(file(area())).notes == ()
