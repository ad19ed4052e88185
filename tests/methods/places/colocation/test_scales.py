import numpy as np
import pytest

from interlock.methods.places.colocation.scales import hexagons, panel
from interlock.methods.places.colocation.synthetic import country, world
from interlock.methods.places.distance import distance_km


def test_panel_tells_each_cutting_with_what_it_could_find() -> None:
    made = country(600, 20)
    counties = world(made, ratio=3.0, seed=2)
    states = counties.merged([f"{state}" for state in made.states.tolist()], unit="state")
    cells = hexagons(made.latitude, made.longitude, 200.0)
    hexes = counties.merged(cells, unit="hexagon")
    found = panel({"county": counties, "hexagon": hexes, "state": states}, resamples=199)
    assert [one.areas for one in found] == [600, len(set(cells)), 20]
    assert {one.events for one in found} == {counties.events}
    county, hexagon = found[0], found[1]
    assert county.ratio is not None
    assert hexagon.ratio is not None
    assert county.least is not None
    assert hexagon.least is not None
    assert county.ratio.value > hexagon.ratio.value
    assert county.least < hexagon.least
    assert county.excess is not None
    assert county.excess.p_more < 0.05


def around(cell: tuple[int, int]) -> list[tuple[int, int]]:
    along, up = cell
    steps = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))
    return [(along + one, up + two) for one, two in steps]


def test_neighbouring_hexagons_are_as_far_apart_as_said() -> None:
    rng = np.random.default_rng(0)
    north, east = rng.uniform(38, 44, 16_000), rng.uniform(-100, -92, 16_000)
    places: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for name, *spot in zip(hexagons(north, east, 80.0), north, east, strict=True):
        along, up = map(int, name.split(","))
        places.setdefault((along, up), []).append((float(spot[0]), float(spot[1])))
    # Those with all of theirs around them lie in the map as a whole.
    whole = {cell for cell in places if all(other in places for other in around(cell))}
    middle = {cell: tuple(np.mean(places[cell], axis=0)) for cell in whole}
    apart = [
        distance_km(*middle[cell], *middle[other])
        for cell in whole
        for other in around(cell)
        if other in whole
    ]
    assert np.mean(apart) == pytest.approx(80, rel=0.02)
    assert min(apart) > 65
    reach = max(distance_km(*middle[cell], *spot) for cell in whole for spot in places[cell])
    assert reach == pytest.approx(80 / np.sqrt(3), rel=0.15)


def test_cutting_without_an_answer_says_why() -> None:
    made = country(100, 4)
    found = panel({"all": world(made, seed=1).merged(["x"] * 100, unit="all")}, resamples=9)[0]
    assert (found.ratio, found.excess, found.least) == (None, None, None)
    assert found.reason is not None
    assert found.reason.kind == "all-marked"


def test_hexagons_are_as_large_everywhere() -> None:
    rng = np.random.default_rng(1)
    north = np.degrees(
        np.arcsin(rng.uniform(np.sin(np.radians(25)), np.sin(np.radians(60)), 60_000))
    )
    east = rng.uniform(-120, -70, 60_000)
    cells = np.array(hexagons(north, east, 400.0))
    _names, many = np.unique(cells, return_counts=True)
    inside = many[many > 0.8 * np.median(np.sort(many)[-40:])]
    assert inside.std() / inside.mean() < 0.1


@pytest.mark.parametrize("km", [0.0, -1.0, float("nan")])
def test_hexagon_without_a_width_is_refused(km: float) -> None:
    with pytest.raises(ValueError, match="width is above 0"):
        hexagons(np.array([1.0]), np.array([1.0]), km)
