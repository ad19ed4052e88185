import pytest

from interlock.methods.formats.headed import TableError
from interlock.methods.formats.point_tables import read
from interlock.methods.observatory.points import Towns
from interlock.methods.places.gazetteer import packaged

HEAD = "id,lat,lon,city,state\n"


@pytest.fixture(scope="module")
def towns() -> Towns:
    return Towns(packaged())


def faults(text: str, towns: Towns) -> list[str]:
    with pytest.raises(TableError) as raised:
        read(text.encode(), towns)
    return [str(one) for one in raised.value.faults]


def test_points_are_read_by_coordinates_or_place(towns: Towns) -> None:
    text = f'{HEAD}a,43.16,-77.61,,\nb,,,"Rochester, NY",\nc,,,Rochester,MN\nd,,,14604,\n'
    found = read(text.encode(), towns).points
    assert [round(one, 1) for one in found.latitude.tolist()] == [43.2, 43.2, 44.0, 43.2]
    assert [round(one, 1) for one in found.longitude.tolist()] == [-77.6, -77.6, -92.5, -77.6]


def test_columns_are_named(towns: Towns) -> None:
    named = {"latitude": "north", "longitude": "east"}
    found = read(b"north,east\n40.7,-74\n", towns, named)
    assert found.columns == {"latitude": "north", "longitude": "east"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            "b,-77.61,43.16,,",
            (
                "column 2 (lat): -77.61, 43.16 would be a place the other way round: are latitude and "
                "longitude swapped?"
            ),
        ),
        (
            "b,-122.4,37.8,,",
            (
                "column 2 (lat): -122.4, 37.8 would be a place the other way round: are latitude and "
                "longitude swapped?"
            ),
        ),
        ("b,NaN,-77.6,,", "column 2 (lat): “NaN” is no number of degrees, such as 40.7128."),
        ("b,43.1,inf,,", "column 3 (lon): “inf” is no number of degrees, such as 40.7128."),
        ("b,43.1,,Rochester,NY", "column 3 (lon): “” is no number of degrees, such as 40.7128."),
        ("b,512,-177.6,,", "column 2 (lat): “512” is no latitude: they go from -90 to 90."),
        (
            "b,51.9,184.2,,",
            (
                "column 3 (lon): “184.2” is no longitude: they go from -180 to 180. Past the "
                "antimeridian take 360 away."
            ),
        ),
        (
            "b,0,0,,",
            (
                "column 2 (lat): The coordinates are 0 and 0, as files write them that know none. Leave "
                "the row out or give its place."
            ),
        ),
        ("a,43.1,-77.6,,", "column 1 (id): The code a is on line 2 too."),
        ("b,,,,", "column 4 (city): The row has neither coordinates nor a place."),
        (
            "b,,,Nowhere at all,NY",
            (
                "column 4 (city): “Nowhere at all” is in no list of places here. Give its latitude and "
                "longitude."
            ),
        ),
    ],
)
def test_fault_has_its_place(row: str, told: str, towns: Towns) -> None:
    assert faults(f"{HEAD}a,43.16,-77.61,,\n{row}\n", towns) == [f"line 3, {told}"]


def test_place_of_several_states_asks_which(towns: Towns) -> None:
    (told,) = faults(f"{HEAD}a,,,Springfield,\n", towns)
    assert told.startswith("line 2, column 4 (city): “Springfield” may be in any of these states: ")
    assert "IL, " in told


def test_antimeridian_has_two_sides(towns: Towns) -> None:
    """Attu is west of the line, and Adak east of it: both are Alaska."""
    found = read(b"lat,lon\n51.88,-176.65\n52.9,172.9\n", towns).points
    assert found.longitude.tolist() == [-176.65, 172.9]


def test_list_without_places_or_rows_is_told(towns: Towns) -> None:
    assert faults("id,name\na,b\n", towns) == [
        (
            "line 1: The table has no latitude and longitude, and no place. Name them with --latitude "
            "and --longitude, or with --place; the columns are: id, name."
        )
    ]
    empty = ["line 1: The table is empty. It needs headings, and a row for each entry."]
    assert faults("lat,lon\n", towns) == empty
    assert faults("", towns) == empty
