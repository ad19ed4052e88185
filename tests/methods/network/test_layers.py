from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Institution, Kind, Network, Tie, network
from interlock.methods.network.layers import multiplexity, reciprocity
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK, town

TWENTY = [Institution(f"{place:02}", Kind.PB) for place in range(20)]


def made(*ties: tuple[int, int, str]) -> Network:
    return network(TWENTY, [Tie(f"{a:02}", f"{b:02}", kind) for a, b, kind in ties])


def test_town_has_one_pair_of_two_kinds_and_one_that_is_returned() -> None:
    """Six ties of five pairs; city and tree buy and bid."""
    found = multiplexity(town(), QUICK), reciprocity(town(), QUICK)
    assert [(one.value, one.n) for one in found] == [(6 / 5, 5), (2 / 6, 6)]
    assert [one.chance.null for one in found if one.chance] == [
        "stub-shuffle-by-layer",
        "stub-shuffle-directed",
    ]


def test_same_tie_twice_counts_once() -> None:
    one = made((0, 1, "a"), (0, 1, "a"), (1, 0, "a"))
    assert (multiplexity(one, QUICK).value, reciprocity(one, QUICK).value) == (1.0, 1.0)


def test_layers_on_top_of_each_other_are_more_than_chance() -> None:
    ring = [(at, (at + 1) % 20) for at in range(20)]
    found = multiplexity(made(*((a, b, kind) for a, b in ring for kind in "xy")), QUICK)
    assert (found.value, found.finding) == (2.0, Finding.ABOVE)


def test_returned_ties_are_more_than_chance_and_rings_less() -> None:
    ring = [(at, (at + 1) % 20, "x") for at in range(20)]
    back = [(b, a, kind) for a, b, kind in ring]
    assert reciprocity(made(*ring, *back), QUICK).finding == Finding.ABOVE
    assert reciprocity(made(*ring), QUICK).value == 0.0


def test_layers_by_chance_are_found_so() -> None:
    found = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        ends = rng.integers(0, 20, (2, 40, 2))
        ties = [(a, b, "xy"[layer]) for layer in (0, 1) for a, b in ends[layer] if a != b]
        found.append(multiplexity(made(*ties), Drawing(resamples=39, seed=seed)))
    assert sum(one.finding != Finding.WITHIN for one in found) <= 7


def test_nothing_is_not_defined() -> None:
    for measure in (multiplexity, reciprocity):
        assert measure(network([], []), QUICK).finding == Finding.UNDEFINED


pairs = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])


@settings(max_examples=60)
@given(st.lists(pairs, min_size=1, max_size=15))
def test_reciprocity_is_that_of_networkx(ties: Any) -> None:
    theirs = networkx.DiGraph(ties)
    ours = reciprocity(made(*((a, b, "x") for a, b in ties)), Drawing(resamples=1)).value
    assert ours == pytest.approx(networkx.overall_reciprocity(theirs))
