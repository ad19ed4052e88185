"""The pilot on real, incomplete lists of 384 US metros: a strong tie that melts with population."""

import csv

import numpy as np
import pytest

from interlock.methods.places.colocation.by_people import redraw
from interlock.methods.places.colocation.naive import (
    fisher,
    free_permutation,
    propensity_redraw,
    stratified_permutation,
)
from interlock.methods.places.colocation.power import odds_power
from interlock.methods.places.colocation.ratios import odds_ratio
from interlock.methods.places.colocation.sensitivity import evalue, leave_one_out
from interlock.methods.places.colocation.table import Areas, areas
from tests.methods.real import real


@pytest.fixture(scope="module")
def metros() -> Areas:
    with real("geo/pilot_us_metros_pb_coop.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = [[int(row[name]) for row in rows] for name in ("pop2019", "pb", "coop5")]
    return areas([row["cbsa"] for row in rows], *columns, unit="metro", vintage="2019")


def test_pilot_has_the_tie_of_the_naive_tests(metros: Areas) -> None:
    assert (len(metros), int(metros.marked.sum()), metros.events) == (384, 12, 28)
    assert odds_ratio(metros, size="none").ratio.value == pytest.approx(15.9, abs=0.05)
    assert fisher(metros).p_more == pytest.approx(6e-5, rel=0.05)
    assert free_permutation(metros).p_more == pytest.approx(0.0001, abs=0.0003)


def test_pilot_melts_with_population(metros: Areas) -> None:
    found = odds_ratio(metros)
    told = [round(one, 2) for one in (found.ratio.value, found.ratio.low, found.ratio.high)]
    assert told == [1.77, 0.38, 8.24]
    assert found.likelihood_ratio.p == pytest.approx(0.47, abs=0.005)
    assert evalue(found.ratio).limit == 1
    left = leave_one_out(metros, lambda rest: odds_ratio(rest).ratio.value)
    assert (round(left.low, 2), round(left.high, 2)) == (1.21, 2.54)


def test_pilot_is_what_chance_gives(metros: Areas) -> None:
    count = redraw(metros).count
    assert (count.observed, round(count.mean, 1)) == (6, 4.0)
    assert count.p_more == pytest.approx(0.15, abs=0.015)
    thousands = np.array([2.5e5, 5e5, 1e6, 2e6, 4e6])
    strata = np.digitize(metros.population, thousands).tolist()
    assert stratified_permutation(metros, strata=strata).p_more == pytest.approx(0.135, abs=0.015)
    assert propensity_redraw(metros).p_more == pytest.approx(0.44, abs=0.02)


def test_pilot_could_not_have_found_three(metros: Areas) -> None:
    assert odds_power(metros, 3.0, marks=12.0, simulations=100).value < 0.65
