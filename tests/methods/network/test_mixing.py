import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Graph, Kind
from interlock.methods.network.measure import Measure
from interlock.methods.network.mixing import (
    across,
    assortativity,
    by_kinds,
    external_internal,
    mixing,
    table,
)
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK, graph, graphs, random_graph, renamed, town


def named(found: tuple[Measure, ...]) -> dict[tuple[str, str], Measure]:
    return {(one.name, one.chance.null if one.chance else ""): one for one in found}


def test_index_of_a_small_network_is_that_by_hand() -> None:
    """Ties p-p, p-c, p-c, c-b: three across kinds, one within; all but p-p across the worlds."""
    one = graph("ppccb", (0, 1), (0, 2), (1, 3), (3, 4))
    assert table(one)[:3, :3].tolist() == [[2, 2, 0], [2, 0, 1], [0, 1, 0]]
    assert external_internal(one) == 0.5
    assert across(one) == 0.75
    # e = table / 8; tr e = 1/4, shares of ends 4/8, 3/8, 1/8: sum of squares 26/64.
    assert assortativity(one) == pytest.approx((1 / 4 - 26 / 64) / (1 - 26 / 64))


def test_both_nulls_are_named_and_differ() -> None:
    """All ties are those of one hub: who it is hangs on chance, and what it is tied to does too."""
    star = graph("pppppppccc", *((0, other) for other in range(1, 10)))
    found = named(mixing(star, Drawing(resamples=999)))
    permuted = found["external-internal", "kind-permutation"].chance
    shuffled = found["external-internal", "stub-shuffle"].chance
    assert permuted is not None
    assert shuffled is not None
    # Dealt anew, two institutions are of different kinds in 2 * 7 * 3 / 90 of all pairs.
    assert permuted.mean == pytest.approx(2 * 42 / 90 - 1, abs=0.06)
    # Of the ends 9 are the hub's, 6 of other p and 3 of c: 15 x 3 pairs lead across, and 9 x 6 + 15 + 3
    # stay within, those of the hub with itself left out.
    assert shuffled.mean == pytest.approx((45 - 72) / 117, abs=0.03)
    assert abs(permuted.mean - shuffled.mean) > 0.1


def test_kind_permutation_is_that_of_all_orders() -> None:
    one = graph("ppcco", (0, 1), (1, 2), (2, 3), (3, 4))
    exact = [
        external_internal(Graph(np.array(kinds), one.pairs))
        for kinds in itertools.permutations(one.kinds.tolist())
    ]
    drawn = named(mixing(one, Drawing(resamples=4000)))["external-internal", "kind-permutation"]
    assert drawn.chance is not None
    assert drawn.chance.mean == pytest.approx(np.mean(exact), abs=0.03)


def test_stub_shuffle_is_that_of_all_joinings() -> None:
    one = graph("ppc", (0, 1), (1, 2))
    joinings = {
        frozenset(frozenset(stubs[at : at + 2]) for at in (0, 2))
        for stubs in itertools.permutations(range(4))
    }
    of = one.pairs.ravel()
    exact = []
    for joining in joinings:
        ends = [tuple(of[list(tie)]) for tie in joining]
        ends = [end for end in ends if end[0] != end[1]]
        exact.append(np.mean([1 if 2 in end else -1 for end in ends]))
    drawn = named(mixing(one, Drawing(resamples=4000)))["external-internal", "stub-shuffle"]
    assert drawn.chance is not None
    assert drawn.chance.mean == pytest.approx(np.mean(exact), abs=0.04)


def test_segregated_worlds_are_found_so() -> None:
    cliques = [(a, b) for at in (0, 6) for a in range(at, at + 6) for b in range(a + 1, at + 6)]
    found = named(mixing(graph("p" * 6 + "c" * 6, *cliques, (0, 6)), Drawing(resamples=199)))
    for null in ("kind-permutation", "stub-shuffle"):
        assert found["external-internal", null].finding == Finding.BELOW
        assert found["across", null].finding == Finding.BELOW
        assert found["assortativity", null].finding == Finding.ABOVE


@pytest.mark.parametrize("null", ["kind-permutation", "stub-shuffle"])
def test_chance_alone_is_found_as_seldom_as_the_level_says(null: str) -> None:
    worlds = [random_graph(60, 150, seed) for seed in range(200)]
    found = [
        named(mixing(one, replace(QUICK, seed=seed)))["external-internal", null]
        for seed, one in enumerate(worlds)
    ]
    rejected = sum(one.finding in (Finding.ABOVE, Finding.BELOW) for one in found)
    # Binomial limits of 200 worlds at 4 %, which is what 99 draws give, one in 10,000 outside.
    assert rejected <= 20


def test_layers_are_measured_by_themselves() -> None:
    found = {layer: mixing(town().layer(layer).graph, QUICK)[0] for layer in town().layers}
    assert {layer: (one.value, one.n) for layer, one in found.items()} == {
        "bids_to": (1.0, 1),
        "buys_from": (1.0, 1),
        "federated_in": (1.0, 2),
        "funds": (0.0, 2),
    }
    assert found["funds"].coverage == pytest.approx(3 / 6)


def test_network_without_ties_is_not_defined() -> None:
    for one in mixing(graph("pc"), QUICK):
        assert (one.finding, one.n, one.coverage) == (Finding.UNDEFINED, 0, 0.0)


def test_threads_draw_the_same() -> None:
    one = random_graph(40, 120)
    with ThreadPoolExecutor(3) as threads:
        shared = mixing(one, Drawing(resamples=250, seed=5, executor=threads))
    assert shared == mixing(one, Drawing(resamples=250, seed=5))
    assert shared != mixing(one, Drawing(resamples=250, seed=6))


@settings(max_examples=30)
@given(graphs())
def test_values_and_bands_stay_in_their_bounds(one: Graph) -> None:
    bounds = {"external-internal": (-1, 1), "across": (0, 1), "assortativity": (-1, 1)}
    for found in mixing(one, Drawing(resamples=39)):
        low, high = bounds[found.name]
        assert found.chance is not None
        inside = [found.value, found.chance.low, found.chance.mean, found.chance.high]
        for value in inside:
            assert np.isnan(value) or low - 1e-12 <= value <= high + 1e-12


@settings(max_examples=50)
@given(renamed())
def test_names_do_not_matter(pair: tuple[Graph, Graph, Any]) -> None:
    one, other, _to = pair
    for statistic in (external_internal, across, assortativity):
        assert statistic(one) == pytest.approx(statistic(other), nan_ok=True)


def test_ties_of_each_two_kinds_add_up_to_all_and_stand_beside_chance() -> None:
    star = graph("pppppppccc", *((0, other) for other in range(1, 10)))
    found = {(one.one, one.other): one.ties for one in by_kinds(star, Drawing(resamples=999))}
    assert {key: one.value for key, one in found.items()} == {
        ("pb", "pb"): 6,
        ("pb", "coop"): 3,
        ("coop", "coop"): 0,
    }
    # Of 18 ends 9 are the hub's, 6 of other p and 3 of c: of 117 pairs that are no loops 15 x 3 join p and c.
    between = found[Kind.PB, Kind.COOP]
    assert between.name == "ties-pb-coop"
    assert between.chance is not None
    assert between.chance.mean == pytest.approx(9 * 45 / 117, abs=0.15)


@given(graphs())
def test_mixing_table_tells_every_pair_once(one: Graph) -> None:
    found = by_kinds(one, QUICK)
    assert sum(each.ties.value for each in found) == len(one.pairs)
    kinds = len(set(one.kinds.tolist()))
    assert len(found) == kinds * (kinds + 1) / 2
    means = [each.ties.chance.mean for each in found if each.ties.chance]
    if one.pairs.size and np.isfinite(means).all():
        assert sum(means) == pytest.approx(len(one.pairs))  # by chance as many, otherwise joined
