import numpy as np
import pytest

from interlock.methods.observatory.points import Points, Towns, counted, near
from interlock.methods.places.gazetteer import build

NUMBER = 12


@pytest.fixture(scope="module")
def towns() -> Towns:
    """A row of counties 1° apart, a town in each, and a city that counts all people of its suburbs."""
    counties, places = (
        ["fips,state,county,lat,lon,population"],
        ["name,state,lat,lon,fips,population"],
    )
    for at in range(NUMBER):
        state = "NY" if at < 6 else "PA"
        counties.append(
            f"{36001 + at:05d},{state},C{at} County,42.0,{-80 + at}.0,{1_000 * (at + 1)}"
        )
        places.append(f"Town {at},{state},42.0,{-80 + at}.0,{36001 + at:05d},{800 * (at + 1)}")
    places.append("All of it,NY,42.0,-80.0,36001,5000")
    zips = "zip,lat,lon,fips\n14604,42.05,-80.05,36001\n"
    return Towns(
        build(
            zips=zips.encode(),
            counties="\n".join(counties).encode(),
            places="\n".join(places).encode(),
            vintage=2019,
            sources=["made up"],
        )
    )


def points(*spots: tuple[float, float]) -> Points:
    both = np.array(spots, np.float64).reshape(-1, 2)
    return Points(both[:, 0], both[:, 1])


def test_points_are_counted_by_the_county_of_the_nearest_town(towns: Towns) -> None:
    found = counted(
        points((42.1, -80.1), (42.1, -79.9), (48.9, 2.3)),
        points((42.0, -80.0), (42.0, -78.9), (42.3, -78.9)),
        towns,
    )
    assert np.flatnonzero(found.areas.marked).tolist() == [0]
    assert found.areas.counts[:3].tolist() == [1, 2, 0]
    assert found.areas.population[:2].tolist() == [1_000, 2_000]
    assert found.names[0] == "C0 County, NY"
    assert found.areas.region_names == ("NY", "PA")
    assert [one.kind for one in found.notes] == ["abroad", "county-by-town"]
    assert (found.notes[0].facts, len(found.pb)) == ({"pb": 1, "coops": 0}, 2)


def test_city_with_more_people_than_its_county_is_no_candidate(towns: Towns) -> None:
    assert {place.name for place in towns.candidates} == {f"Town {at}" for at in range(NUMBER)}


def test_points_that_are_together_leave_the_band(towns: Towns) -> None:
    here = [(42.0, -80.0 + at) for at in (0, 2, 4)]
    beside = [(north + step, east) for north, east in here for step in (0.01, 0.02, 0.03)]
    found = near(counted(points(*here), points(*beside), towns), towns, resamples=199)
    assert found.curve is not None
    assert found.curve.counts[0] == 9
    assert bool(found.curve.envelope.beyond[0])
    assert [one.unit for one in found.scales] == [
        "state",
        "hexagon of 200 km",
        "hexagon of 100 km",
        "county",
    ]
    assert [(one.test, one.standing) for one in found.answers] == [
        ("quotient-coops", "doubtful"),
        ("quotient-pb", "doubtful"),
    ]


def test_points_abroad_have_no_answer(towns: Towns) -> None:
    paris = points((48.9, 2.3))
    found = near(counted(paris, paris, towns), towns, resamples=19)
    assert found.curve is None
    assert found.reason is not None
    assert found.reason.kind == "few-points"
    assert [one.reason and one.reason.kind for one in found.answers] == ["few-points"] * 2
    assert {one.reason and one.reason.kind for one in found.scales} == {"none-marked"}
