import math
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.network.betweenness import MOST_EXACT, PIVOTS, betweenness
from interlock.methods.network.graph import Graph
from tests.methods.network.worlds import graph, graphs, random_graph, renamed


def of_networkx(one: Graph) -> Any:
    theirs = networkx.Graph(one.pairs.tolist())
    theirs.add_nodes_from(range(len(one)))
    return theirs


def test_chains_of_a_square_with_a_tail_are_counted_by_hand() -> None:
    """0-1-2-3-0 and 3-4: between 0 and 2 half of the chains run through 1, half through 3."""
    one = graph("pcpcp", (0, 1), (1, 2), (2, 3), (0, 3), (3, 4))
    found = betweenness(one)
    # Of six pairs of others. Through 0: half of 1-3 and half of 1-4; through 3: 0-4, 2-4, 1-4, half 0-2.
    assert (found.values * 6).tolist() == pytest.approx([1, 0.5, 1, 3.5, 0])
    assert (found.is_exact, found.errors.tolist()) == (True, [0.0] * 5)


def test_between_worlds_counts_chains_of_one_to_the_other_only() -> None:
    """p-o-c and p-o-p: three pairs of p and c, of which the second o joins none."""
    one = graph("pocop", (0, 1), (1, 2), (0, 3), (3, 4))
    found = betweenness(one, between_worlds=True)
    # Pairs 0-2 and 4-2: the first by 1, the second by 3, 0 and 1.
    assert found.values.tolist() == [0.5, 1.0, 0.0, 0.5, 0.0]


@settings(max_examples=60)
@given(graphs())
def test_values_are_those_of_networkx(one: Graph) -> None:
    theirs = of_networkx(one)
    values = networkx.betweenness_centrality(theirs, normalized=len(one) > 2)
    if len(one) > 2:
        assert betweenness(one).values.tolist() == pytest.approx(list_of(values, one))
    sources, targets = np.flatnonzero(one.pb_side), np.flatnonzero(one.coop_side)
    worlds = networkx.betweenness_centrality_subset(theirs, sources.tolist(), targets.tolist())
    pairs = len(sources) * len(targets) - int((one.pb_side & one.coop_side).sum())
    ours = betweenness(one, between_worlds=True).values
    if pairs:
        # networkx halves what it counts of undirected networks.
        assert (ours * pairs / 2).tolist() == pytest.approx(list_of(worlds, one))
    else:
        assert np.isnan(ours).all()


def list_of(values: Any, one: Graph) -> list[float]:
    return [values[place] for place in range(len(one))]


@settings(max_examples=40)
@given(renamed())
def test_names_do_not_matter(pair: tuple[Graph, Graph, Any]) -> None:
    one, other, to = pair
    if len(one) > 2:
        assert betweenness(other).values[to] == pytest.approx(betweenness(one).values)


def test_pivots_give_estimates_with_errors_that_hold() -> None:
    one = random_graph(400, 1200)
    exact = betweenness(one).values
    found = betweenness(one, pivots=100, seed=2)
    assert (found.sources, found.out_of, found.is_exact) == (100, 400, False)
    busy = exact > 0.02
    within = np.abs(found.values - exact)[busy] <= 1.96 * found.errors[busy]
    assert within.mean() > 0.85
    estimates = [betweenness(one, pivots=60, seed=seed).values for seed in range(60)]
    errors = [betweenness(one, pivots=60, seed=seed).errors for seed in range(60)]
    spread = np.std(estimates, axis=0)[busy]
    assert np.mean(estimates, axis=0)[busy] == pytest.approx(exact[busy], rel=0.2)
    assert np.median(np.mean(errors, axis=0)[busy] / spread) == pytest.approx(1, abs=0.15)


def test_all_pivots_are_the_exact_answer() -> None:
    one = random_graph(60, 150)
    assert betweenness(one, pivots=60).values.tolist() == betweenness(one).values.tolist()


def test_large_network_is_sampled() -> None:
    many = MOST_EXACT + 1
    found = betweenness(graph("p" * many, (0, 1), (1, 2)))
    assert (found.sources, found.out_of) == (PIVOTS, many)


def test_two_processes_give_the_same_bytes() -> None:
    one = random_graph(300, 900)
    with ProcessPoolExecutor(2) as processes:
        shared = betweenness(one, executor=processes).values
    assert shared.tobytes() == betweenness(one).values.tobytes()


def test_long_chain_is_no_trouble() -> None:
    many = 300
    found = betweenness(graph("p" * many, *((at, at + 1) for at in range(many - 1)))).values
    places = np.arange(many)
    assert found == pytest.approx(places * (many - 1 - places) / math.comb(many - 1, 2))


def test_deep_searches_and_shallow_ones_say_the_same() -> None:
    """A ladder as long as the limit is searched in both ways, by where a search begins."""
    ladder = [(at, at + 2) for at in range(58)] + [(at, at + 1) for at in range(0, 60, 2)]
    one = graph("pc" * 30, *ladder)
    theirs = networkx.betweenness_centrality(of_networkx(one))
    assert betweenness(one).values.tolist() == pytest.approx(list_of(theirs, one))


def test_one_pivot_is_refused() -> None:
    with pytest.raises(ValueError, match="pivots"):
        betweenness(graph("pc", (0, 1)), pivots=1)
