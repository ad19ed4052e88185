import itertools
import math
from typing import Any

import networkx
import numpy as np
import pytest
from hypothesis import given, settings

from interlock.methods.network.brokerage import (
    ROLES,
    across_shares,
    bridging_share,
    brokerage,
    brokers,
    constraint,
    open_triads,
    top_kept,
)
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Graph
from interlock.methods.network.reasons import Finding
from tests.methods.network.test_betweenness import of_networkx
from tests.methods.network.worlds import QUICK, graph, graphs, random_graph, renamed


def test_brokers_of_a_small_network_are_those_by_hand() -> None:
    """The federation 2 joins two co-ops, one PB and a bank; the co-ops are tied to each other."""
    one = graph("ccbpo", (0, 1), (0, 2), (1, 2), (2, 3), (2, 4))
    found = brokers(one)
    assert found.degrees.tolist() == [2, 2, 4, 1, 1]
    # Of six pairs of others it joins five.
    assert found.betweenness.tolist() == pytest.approx([0, 0, 5 / 6, 0, 0])
    # A co-op with PB, twice, of the pairs (b or p) x (c, c or b) less b with itself: five.
    assert found.between_worlds.tolist() == pytest.approx([0, 0, 2 / 5, 0, 0])
    assert found.across_shares.tolist() == [0.5, 0.5, 0.75, 1.0, 0.0]
    assert dict(zip(ROLES, found.roles[2].tolist(), strict=True)) == {
        "coordinator": 0,
        "itinerant": 0,
        "gatekeeper": 0,
        "liaison": 5,
    }
    # Of the bank: all of it is invested in 2.
    assert found.constraint[4] == 1.0
    # Of the federation: (1/4 + 1/4 x 1/2)² for each co-op, and (1/4)² for the two others.
    assert found.constraint[2] == pytest.approx(2 * (3 / 8) ** 2 + 2 / 16)


def test_roles_are_those_of_all_triples() -> None:
    one = random_graph(25, 60)
    adjacent = one.adjacency.toarray() > 0
    expected = np.zeros((25, 4), int)
    for broker, first, second in itertools.product(range(25), repeat=3):
        if first < second and adjacent[broker, first] and adjacent[broker, second]:
            if adjacent[first, second]:
                continue
            a, b, c = one.kinds[[first, broker, second]]
            if a == c:
                role = "coordinator" if a == b else "itinerant"
            else:
                role = "gatekeeper" if b in (a, c) else "liaison"
            expected[broker, ROLES.index(role)] += 1
    assert open_triads(one).roles.tolist() == expected.tolist()


@settings(max_examples=60)
@given(graphs())
def test_constraint_is_that_of_networkx(one: Graph) -> None:
    theirs = networkx.constraint(of_networkx(one))
    expected = [theirs[place] for place in range(len(one))]
    assert constraint(one).tolist() == pytest.approx(expected, nan_ok=True)


def test_bridging_share_counts_who_has_a_tie_to_the_other_world() -> None:
    one = graph("ppccoc", (0, 1), (1, 2), (2, 3), (3, 4))
    assert bridging_share(one) == 0.5
    assert math.isnan(bridging_share(graph("oo", (0, 1))))
    assert across_shares(one).tolist() == pytest.approx([0, 0.5, 0.5, 0, 0, np.nan], nan_ok=True)


def test_brokerage_has_roles_bridges_and_what_holds_without_hubs() -> None:
    found = {one.name: one for one in brokerage(random_graph(60, 150), QUICK)}
    assert list(found) == [*ROLES, "bridging-share", "joined-without-hubs"]
    assert sum(found[role].value for role in ROLES) == pytest.approx(1)
    assert [one.chance.null for one in found.values() if one.chance] == [
        *["kind-permutation"] * 4,
        "stub-shuffle",
        "random-removal",
    ]
    for one in found.values():
        assert 0 <= one.value <= 1


def test_broker_between_two_worlds_is_found_and_missed() -> None:
    """One of neither world joins sixty of PB with sixty co-ops: without it nothing is joined."""
    star = graph("o" + "p" * 60 + "c" * 60, *((0, other) for other in range(1, 121)))
    found = {one.name: one for one in brokerage(star, Drawing(resamples=199), removed=0.01)}
    assert found["liaison"].value == pytest.approx(3600 / 7140)
    assert found["joined-without-hubs"].value == 0
    assert found["joined-without-hubs"].finding == Finding.BELOW


def test_top_of_a_clear_order_stays_and_of_a_ring_does_not() -> None:
    star = graph("p" * 30, *((0, other) for other in range(1, 30)))
    ring = graph("p" * 30, *((at, (at + 1) % 30) for at in range(30)))
    draws = Drawing(resamples=20)
    assert top_kept(star, draws, top=1).tolist() == [1.0] * 20
    assert top_kept(ring, draws, top=5).mean() < 0.6


def test_nothing_is_not_defined() -> None:
    assert {one.finding for one in brokerage(graph("oo"), QUICK)} == {Finding.UNDEFINED}
    with pytest.raises(ValueError, match="share"):
        brokerage(graph("oo"), removed=1.0)


@settings(max_examples=40)
@given(renamed())
def test_names_do_not_matter(pair: tuple[Graph, Graph, Any]) -> None:
    one, other, to = pair
    assert constraint(other)[to] == pytest.approx(constraint(one), nan_ok=True)
    assert bridging_share(other) == pytest.approx(bridging_share(one), nan_ok=True)
    assert open_triads(other).roles[to].tolist() == open_triads(one).roles.tolist()


def test_of_very_many_triads_some_are_drawn() -> None:
    """A star of 1,500 has 1,124,250 pairs that only its middle joins."""
    star = graph("o" + "pc" * 750, *((0, other) for other in range(1, 1501)))
    found = {one.name: one for one in brokerage(star, Drawing(resamples=1))}
    assert (found["liaison"].n, found["liaison"].coverage) == (1_000_000, 1_000_000 / 1_124_250)
    assert found["liaison"].value == pytest.approx(750 * 750 / 1_124_250, abs=0.002)
