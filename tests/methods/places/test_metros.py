"""The packaged metropolitan areas: all of 2019's, whole counties each, made again from the Bureau's tables."""

from itertools import chain

from interlock.home import ROOT
from interlock.methods.places.atlas import united_states
from interlock.methods.places.metros import VINTAGE, build, metro_of, metros
from tests.methods.real import real


def test_county_is_of_one_metro_or_of_none() -> None:
    counties = list(chain.from_iterable(one.counties for one in metros().values()))
    assert len(counties) == len(set(counties)) == 1180
    assert len(metros()) == 384
    assert {one.vintage for one in metros().values()} == {VINTAGE}
    peoria = metro_of("17143")
    assert peoria is not None
    assert (peoria.code, peoria.name, len(peoria.counties)) == ("37900", "Peoria, IL", 6)


def test_county_of_another_year_or_nowhere_is_of_none() -> None:
    assert metro_of("09110") is None  # a planning region of Connecticut, since 2022
    assert [metro_of(one) for one in ("", "17", "99999")] == [None] * 3


def test_every_county_of_a_metro_can_be_drawn() -> None:
    missing = {
        county
        for one in metros().values()
        for county in one.counties
        if united_states().county(county) is None
    }
    assert missing == set()


def test_states_are_those_of_the_name_the_largest_citys_first() -> None:
    new_york = metros()["35620"]
    assert [state.code for state in new_york.states] == ["NY", "NJ", "PA"]
    assert {len(one.states) > 0 for one in metros().values()} == {True}


def test_packaged_table_is_made_again_to_the_byte() -> None:
    made = build(
        areas=real("geo/us_cbsa_2019.csv").read_bytes(),
        counties=real("geo/us_county_to_cbsa_2019.csv").read_bytes(),
    )
    packaged = ROOT / "interlock/methods/places/us_metros_2019.csv"
    assert made.encode() == packaged.read_bytes()
