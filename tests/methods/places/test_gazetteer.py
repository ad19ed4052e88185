import gzip
import zlib
from pathlib import Path

import pytest

from interlock.commands.gazetteer import SOURCES
from interlock.methods.places import gazetteer
from interlock.methods.places.gazetteer import Gazetteer, GazetteerError, Place
from interlock.methods.places.states import states

from ..real import real

# Some towns by their real names, at about their places; the numbers of people are made up.
COUNTIES = """fips,state,county,lat,lon,pop2019
36005,New York,Bronx County,40.85,-73.87,14
36055,New York,Monroe County,43.15,-77.7,7
36061,New York,New York County,40.77,-73.97,16
42089,Pennsylvania,Monroe County,41.06,-75.34,2
29510,Missouri,St. Louis city,38.63,-90.24,3
35013,New Mexico,Doña Ana County,32.35,-106.83,2
"""
ZIPS = "zip,lat,lon,fips\n10451,40.82,-73.92,36005\n00501,40.81,-73.05,36103\n"
PLACES = """name,state,lat,lon,population,fips
The Bronx,NY,40.85,-73.87,14,36005
New York City,NY,40.71,-74.01,88,36061
Rochester,NY,43.15,-77.62,21,36055
Rochester,MN,44.02,-92.47,12,27109
St. Louis,MO,38.63,-90.2,30,29510
Saint Paul,MN,44.94,-93.09,31,27123
Fort Worth,TX,32.73,-97.32,92,48439
Mt. Vernon,NY,40.91,-73.84,7,36119
"""


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return built()


def built(zips: str = ZIPS, counties: str = COUNTIES, towns: str = PLACES) -> Gazetteer:
    return gazetteer.build(
        zips=zips.encode(),
        counties=counties.encode(),
        places=towns.encode(),
        vintage=2019,
        sources=["Made up for tests."],
    )


def names(found: tuple[Place, ...]) -> list[tuple[str, str]]:
    return [(one.name, one.state) for one in found]


def test_town_is_found_with_its_county_and_its_vintage(places: Gazetteer) -> None:
    assert places.find("Rochester, NY") == (
        Place("place", "Rochester", "NY", 43.15, -77.62, "36055", 2019, 21),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rochester", [("Rochester", "NY"), ("Rochester", "MN")]),
        ("rochester, Minnesota", [("Rochester", "MN")]),
        ("ROCHESTER MN", [("Rochester", "MN")]),
        ("Rochester New York", [("Rochester", "NY")]),
        ("Bronx", [("The Bronx", "NY")]),
        ("the bronx, ny", [("The Bronx", "NY")]),
        ("New York", [("New York City", "NY")]),
        ("New York, NY", [("New York City", "NY")]),
        ("NYC", [("New York City", "NY")]),
        ("Saint Louis", [("St. Louis", "MO")]),
        ("St Paul", [("Saint Paul", "MN")]),
        ("Ft. Worth, TX", [("Fort Worth", "TX")]),
        ("Mount Vernon", [("Mt. Vernon", "NY")]),
        ("Monroe County", [("Monroe County", "NY"), ("Monroe County", "PA")]),
        ("Monroe County, PA", [("Monroe County", "PA")]),
        ("Dona Ana County", [("Doña Ana County", "NM")]),
        ("10451", [("10451", "NY")]),
        ("10451-1234", [("10451", "NY")]),
        ("00501", [("00501", "NY")]),
        ("99999", []),
        ("Rochester, PA", []),
        ("Rochester, Atlantis", []),
        ("Atlantis", []),
        ("", []),
        (",", []),
        ("zip 10451", []),
        ("\t", []),
    ],
)
def test_name_finds_what_it_may_mean(
    places: Gazetteer, text: str, found: list[tuple[str, str]]
) -> None:
    assert names(places.find(text)) == found


def test_state_may_be_given_apart(places: Gazetteer) -> None:
    assert names(places.find("Rochester", state="Minnesota")) == [("Rochester", "MN")]
    assert names(places.find("Rochester, NY", state="MN")) == []
    assert names(places.find("Rochester", state="Atlantis")) == []


def test_county_is_found_by_its_code(places: Gazetteer) -> None:
    found = places.county("36055")
    assert found is not None
    assert (found.name, found.population, places.county("99999")) == ("Monroe County", 7, None)


def test_point_is_in_the_county_that_all_zip_codes_around_are_in() -> None:
    rows = [
        ("10001", 40.00, -74.0, "36061"),
        ("10002", 40.02, -74.0, "36061"),  # 2.2 km north
        ("10451", 40.12, -74.0, "36005"),  # 13.3 km north
    ]
    places = built("zip,lat,lon,fips\n" + "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in rows))

    def county(latitude: float, longitude: float) -> str | None:
        place = places.around(latitude, longitude)
        return place.fips if place else None

    assert county(40.001, -74.0) == "36061"
    assert county(39.96, -74.0) == "36061"  # 4.4 km off; others within 15.3 km agree
    assert county(40.05, -74.0) is None  # 3.3 km off, but another county's is 7.8 km off
    assert county(39.94, -74.0) is None  # nothing within 5 km
    assert county(40.001, 106.0) is None
    assert built("zip,lat,lon,fips\n").around(40.0, -74.0) is None


def test_packaged_one_knows_the_united_states() -> None:
    places = gazetteer.packaged()
    assert (len(places), places.vintage, len(places.sources)) == (61_858, 2019, 3)
    assert gazetteer.packaged() is places
    for text, fips in (("Bronx", "36005"), ("10451-0001", "36005"), ("Rochester, NY", "36055")):
        assert places.find(text)[0].fips == fips
    here = places.around(43.1548, -77.6156)
    assert here is not None
    assert (here.name, here.fips) == ("14614", "36055")


def test_every_entry_is_found_by_its_own_name(places: Gazetteer) -> None:
    for line in places.text.decode().splitlines():
        _key, kind, name, state, *_rest = line.split("\t")
        assert (name, state) in names(places.find(f"{name}, {state}" if kind != "zip" else name))


def test_file_gives_the_same_places(places: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "places.gz"
    gazetteer.save(places, path)
    again = gazetteer.load(path)
    assert (again.text, again.vintage, again.sources) == (places.text, 2019, places.sources)
    assert again.find("Bronx") == places.find("Bronx")
    first = path.read_bytes()
    gazetteer.save(again, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zips": "zip,lat,lon\n"}, 'zips has no column "fips"'),
        ({"zips": "zip,lat,lon,fips\n1045,1,1,36005\n"}, "zips, line 2: .* no ZIP code"),
        ({"zips": "zip,lat,lon,fips\n10451,91,1,36005\n"}, "line 2: the lat 91 is nowhere"),
        ({"zips": "zip,lat,lon,fips\n10451,nan,1,36005\n"}, "no decimal number"),
        ({"zips": "zip,lat,lon,fips\n10451,1,1,3600\n"}, "no county code"),
        ({"zips": "zip,lat,lon,fips\n10451,1,1,99005\n"}, "no such state"),
        ({"zips": "zip,lat,lon,fips\n10451\n"}, "line 2"),
        ({"counties": COUNTIES.replace("Bronx County", "")}, "line 2: there is no name"),
        ({"counties": COUNTIES.replace("Bronx", "Br\0nx")}, "line 2: the county is no name"),
        ({"towns": PLACES.replace(",88,", ",many,")}, "line 3: the population"),
    ],
)
def test_table_that_is_wrong_says_where(changes: dict[str, str], said: str) -> None:
    with pytest.raises(GazetteerError, match=said):
        built(**changes)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no gzip",
        gzip.compress(b"{}\n"),
        gzip.compress(b"no json\n"),
        gzip.compress(b'{"format": "interlock gazetteer 1", "vintage": 1, "sources": []}\nx\n'),
        gzip.compress(b'{"format": "interlock gazetteer 1", "vintage": "y", "sources": []}\n'),
        gzip.compress(b"[1]\n"),
        gzip.compress(bytes(gazetteer.LARGEST + 1)),
    ],
    # Compressed bytes hold the time, which would be another name in each process.
    ids=["empty", "no gzip", "no head", "no json", "no vintage", "no year", "a list", "too large"],
)
def test_file_that_is_no_gazetteer_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "places.gz"
    path.write_bytes(data)
    with pytest.raises(GazetteerError):
        gazetteer.load(path)


def test_file_that_is_cut_off_is_refused(places: Gazetteer, tmp_path: Path) -> None:
    """Even where it breaks off between two entries."""
    path = tmp_path / "places.gz"
    gazetteer.save(places, path)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    part = zlib.compressobj(wbits=31)
    cut = part.compress(b"".join(lines[:9])) + part.flush(zlib.Z_FULL_FLUSH)
    path.write_bytes(cut)
    with pytest.raises(GazetteerError, match="cut off"):
        gazetteer.load(path)


def test_entries_out_of_order_are_refused(places: Gazetteer) -> None:
    lines = places.text.splitlines(keepends=True)
    with pytest.raises(GazetteerError, match="not in its order"):
        Gazetteer(2019, [], b"".join(reversed(lines)))


def test_states_are_fifty_and_six() -> None:
    assert (len(states()), len({one.code for one in states()})) == (56, 56)


def test_real_tables_make_the_packaged_gazetteer(tmp_path: Path) -> None:
    tables = {
        name: real(f"geo/us_{file}.csv").read_bytes()
        for name, file in (
            ("zips", "zcta_centroids"),
            ("counties", "counties_2019"),
            ("places", "places_geonames"),
        )
    }
    found = gazetteer.build(**tables, vintage=2019, sources=SOURCES)
    path = tmp_path / "places.gz"
    gazetteer.save(found, path)
    assert path.stat().st_size < 1_100_000
    assert gazetteer.load(path).text == gazetteer.packaged().text
    assert len(gazetteer.load(path)) == 33_791 + 2 * 3_142 + 21_783
    for text, fips in (
        ("Bronx", "36005"),
        ("New York", "36061"),
        ("Saint Louis, MO", "29510"),
        ("Ft. Worth", "48439"),
        ("10451-0001", "36005"),
        ("Orleans Parish, LA", "22071"),
    ):
        assert found.find(text)[0].fips == fips
