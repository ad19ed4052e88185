from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import maximum_bipartite_matching

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.exchange import (
    Listing,
    Meeting,
    Unmet,
    Way,
    listed,
    meeting,
    met_needs,
)
from interlock.methods.network.graph import Institution, Kind, Network, Tie, network
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK, town

NEEDS = [
    Listing("city", "print", 5),
    Listing("tree", "print", 1),
    Listing("tree", "room", 2),
    Listing("bread", "law"),
]
OFFERS = [Listing("tree", "print", 3), Listing("bank", "print", 1), Listing("budget", "room", 1)]


def test_needs_are_met_as_far_as_offers_go() -> None:
    """Four prints for six: tree cannot serve itself. One room for two, and nobody knows law."""
    found = meeting(town(), NEEDS, OFFERS)
    assert (found.needed, found.reachable, found.met) == (9, 8, 5)
    left = {(one.term, one.is_offered): 0 for one in found.unmet}
    for one in found.unmet:
        left[one.term, one.is_offered] += one.quantity
    assert left == {("print", True): 2, ("room", True): 1, ("law", False): 1}
    assert Unmet("bread", "law", 1, False) in found.unmet


@pytest.mark.parametrize(
    ("way", "reachable", "met"),
    # In the east: tree prints for the city, the budget has a room for tree; so too between the worlds,
    # and tied are city and tree only.
    [(Way.PLACE, 7, 4), (Way.WORLDS, 7, 4), (Way.TIED, 5, 3)],
)
def test_ways_bound_who_may_meet_whom(way: Way, reachable: int, met: int) -> None:
    found = meeting(town(), NEEDS, OFFERS, way)
    assert (found.needed, found.reachable, found.met) == (9, reachable, met)


def test_same_listing_twice_is_added_up() -> None:
    twice = [Listing("city", "print", 2), Listing("city", "print", 3)]
    assert meeting(town(), twice, OFFERS).unmet == (Unmet("city", "print", 1, True),)


def test_order_of_listings_changes_nothing() -> None:
    assert meeting(town(), NEEDS[::-1], OFFERS[::-1]) == meeting(town(), NEEDS, OFFERS)


def test_nothing_needed_is_met_by_nothing() -> None:
    assert meeting(town(), [], OFFERS) == Meeting(Way.ANYWHERE, 0, 0, 0, ())
    assert {one.finding for one in met_needs(town(), [], [], QUICK)} == {Finding.UNDEFINED}


def test_wrong_listings_are_refused() -> None:
    with pytest.raises(ValueError, match="oak is not in the network"):
        meeting(town(), [Listing("oak", "print")], [])
    with pytest.raises(ValueError, match="below 1"):
        meeting(town(), [], [Listing("city", "print", 0)])


def crowd(seed: int, *, is_sought: bool) -> Network:
    """Sixty institutions of two places; ties go to whoever has what one needs, or anywhere."""
    rng = np.random.default_rng(seed)
    terms = "abcdefgh"
    institutions = [
        Institution(
            f"{place:02}",
            (Kind.PB, Kind.COOP)[place % 2],
            ("east", "west")[place // 2 % 2],
            frozenset(rng.choice(list(terms), 2, replace=False).tolist()),
            frozenset(rng.choice(list(terms), 2, replace=False).tolist()),
        )
        for place in range(60)
    ]
    ties = []
    for one in institutions:
        others = [other for other in institutions if other is not one]
        if is_sought:
            others = [other for other in others if other.offers & one.needs] or others
        ties.append(Tie(one.id, others[int(rng.integers(len(others)))].id))
    return network(institutions, ties)


def test_needs_met_by_ties_are_beside_offers_dealt_anew() -> None:
    one = crowd(1, is_sought=True)
    found = {measure.name: measure for measure in met_needs(one, *listed(one), QUICK)}
    assert list(found) == ["met-anywhere", "met-place", "met-worlds", "met-tied"]
    tied = found["met-tied"]
    assert tied.chance is not None
    assert tied.chance.null == "offers-in-kind-and-place"
    assert (tied.finding, tied.n, tied.coverage) == (Finding.ABOVE, 120, 1.0)
    assert found["met-anywhere"].finding == Finding.DESCRIBED
    assert found["met-anywhere"].value >= found["met-place"].value >= 0
    assert tied.interval is not None
    assert tied.interval.low < tied.value < tied.interval.high


def test_ties_that_ask_for_nothing_are_found_so() -> None:
    worlds = [crowd(seed, is_sought=False) for seed in range(20)]
    found = [met_needs(one, *listed(one), Drawing(resamples=39))[3] for one in worlds]
    assert sum(one.finding != Finding.WITHIN for one in found) <= 5


listings = st.lists(
    st.builds(Listing, st.sampled_from(town().ids), st.sampled_from("ab"), st.integers(1, 4)),
    max_size=12,
)


@settings(max_examples=80)
@given(listings, listings)
def test_flow_is_that_of_halls_condition(needs: list[Listing], offers: list[Listing]) -> None:
    """Where only oneself is barred, a term's needs n and offers o meet as far as this goes:

    all of n, all of o, or, for each institution i, all of both but what i has on both sides.
    """
    met = 0
    for term in "ab":
        n, o = Counter[str](), Counter[str]()
        for side, rows in ((n, needs), (o, offers)):
            for one in rows:
                side[one.institution] += one.quantity * (one.term == term)
        both = n.total() + o.total()
        met += min([n.total(), o.total(), *(both - n[id] - o[id] for id in town().ids)])
    found = meeting(town(), needs, offers)
    assert found.met == met
    assert found.needed - found.met == sum(one.quantity for one in found.unmet)


@settings(max_examples=60)
@given(listings, listings, st.sampled_from(Way))
def test_flow_of_units_is_a_maximum_matching(
    needs: list[Listing], offers: list[Listing], way: Way
) -> None:
    one = town()
    needs = [Listing(*pair) for pair in sorted({(n.institution, n.term) for n in needs})]
    offers = [Listing(*pair) for pair in sorted({(o.institution, o.term) for o in offers})]
    if not needs or not offers:
        return
    may = np.array([[bool(meeting(one, [n], [o], way).met) for o in offers] for n in needs])
    matched = maximum_bipartite_matching(sparse.csr_array(may), perm_type="column")
    assert meeting(one, needs, offers, way).met == int((matched >= 0).sum())
