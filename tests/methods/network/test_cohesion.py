import math
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.network.cohesion import (
    cohesion,
    density,
    joined_worlds,
    largest_component,
    mean_degree,
    reach,
)
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Graph
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK, graph, graphs, random_graph, renamed


def test_chain_of_four_is_measured_by_hand() -> None:
    """p - o - c - c, and p alone: of 2 x 2 pairs of the worlds a chain joins two, one within two."""
    one = graph("pocco", (0, 1), (1, 2), (2, 3))
    two = graph("poccp", (0, 1), (1, 2), (2, 3))
    assert (density(one), mean_degree(one), largest_component(one)) == (0.3, 1.2, 0.8)
    assert (joined_worlds(two), reach(two, 1), reach(two, 2), reach(two, 3)) == (0.5, 0, 0.25, 0.5)


def test_somebody_of_both_worlds_is_on_either_side_and_never_with_itself() -> None:
    one = graph("bbp", (0, 1))
    # First b with second, second with first, p with each: four pairs, of which the tie joins two.
    assert (joined_worlds(one), reach(one, 1)) == (0.5, 0.5)


def test_measures_have_their_intervals_and_nulls() -> None:
    found = {one.name: one for one in cohesion(random_graph(50, 100), QUICK)}
    assert list(found) == ["density", "mean-degree", "largest-component", "joined-worlds", "reach"]
    for name in ("density", "mean-degree"):
        near = found[name].interval
        assert near is not None
        assert near.low < found[name].value < near.high
        assert found[name].finding == Finding.DESCRIBED
    for name in ("largest-component", "joined-worlds", "reach"):
        assert found[name].chance is not None
        assert found[name].n == 100


def test_interval_of_density_holds_the_truth_of_a_random_network() -> None:
    held = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pairs = [(a, b) for a in range(40) for b in range(a) if rng.random() < 0.1]
        near = cohesion(graph("p" * 40, *pairs), Drawing(resamples=99, seed=seed))[0].interval
        assert near is not None
        held += near.low <= 0.1 <= near.high
    assert held >= 16


def test_two_cliques_hold_together_less_than_chance_would() -> None:
    cliques = [(a, b) for at in (0, 6) for a in range(at, at + 6) for b in range(a + 1, at + 6)]
    found = {one.name: one for one in cohesion(graph("p" * 6 + "c" * 6, *cliques), QUICK)}
    assert found["joined-worlds"].value == 0
    assert {found[name].finding for name in ("largest-component", "joined-worlds", "reach")} == {
        Finding.BELOW
    }


def test_nothing_is_not_defined() -> None:
    assert all(math.isnan(one.value) for one in cohesion(graph(""), QUICK))


def test_chain_without_a_tie_is_refused() -> None:
    with pytest.raises(ValueError, match="one tie"):
        reach(graph("pc"), 0)


@settings(max_examples=60)
@given(graphs())
def test_chains_are_those_of_networkx(one: Graph) -> None:
    theirs = networkx.Graph(one.pairs.tolist())
    theirs.add_nodes_from(range(len(one)))
    sizes = [len(part) for part in networkx.connected_components(theirs)]
    assert largest_component(one) == max(sizes) / len(one)
    far = dict(networkx.all_pairs_shortest_path_length(theirs))
    pairs = [
        far[a].get(b, math.inf)
        for a in np.flatnonzero(one.pb_side)
        for b in np.flatnonzero(one.coop_side)
        if a != b
    ]
    for steps in (1, 2, 3):
        share = np.mean([way <= steps for way in pairs]) if pairs else math.nan
        assert reach(one, steps) == pytest.approx(share, nan_ok=True)
    joined = np.mean([way < math.inf for way in pairs]) if pairs else math.nan
    assert joined_worlds(one) == pytest.approx(joined, nan_ok=True)


@settings(max_examples=40)
@given(renamed())
def test_names_do_not_matter(pair: tuple[Graph, Graph, Any]) -> None:
    one, other, _to = pair
    for statistic in (density, mean_degree, largest_component, joined_worlds, reach):
        assert statistic(one) == pytest.approx(statistic(other), nan_ok=True)
