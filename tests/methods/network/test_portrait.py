import itertools
from datetime import date
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from interlock.methods.network.collaboration import Award, collaboration
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.exchange import Listing
from interlock.methods.network.graph import KINDS, Graph, Institution, Kind, Network, Tie, network
from interlock.methods.network.measure import Measure, exactly
from interlock.methods.network.portrait import Portrait, portraits
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import graphs

DAY = date(2026, 3, 1)


def named(found: tuple[Measure, ...]) -> dict[str, Measure]:
    return {one.name: one for one in found}


def of(kinds: str, *pairs: tuple[int, int]) -> Network:
    """Institutions called by their places; kinds by letter."""
    name = f"{{:0{max(2, len(str(len(kinds) - 1)))}}}".format
    who = [Institution(name(at), KINDS["pcbo".index(one)]) for at, one in enumerate(kinds)]
    return network(who, [Tie(name(one), name(other)) for one, other in pairs])


def test_city_that_knows_one_co_op_is_told_beside_chance() -> None:
    found = portraits(of("pcccoo", (0, 1), (0, 4), (1, 2)))["00"]
    told = named(found.connectivity)
    assert (told["own-across"].value, told["own-across"].n) == (0.5, 2)
    assert told["own-reach"].value == pytest.approx(2 / 3)
    # Of five others three are co-ops: two ties reach one at least with probability 1 - 1/10.
    beside = told["own-across"].chance
    assert beside is not None
    assert beside.mean == pytest.approx(0.6)
    assert beside.p == 1.0
    assert told["own-across"].finding == Finding.WITHIN
    assert (found.complementarity, found.collaboration) == ((), ())


def test_who_has_nothing_has_no_portrait() -> None:
    assert portraits(of("pc")) == {}
    assert not Portrait()


@settings(max_examples=60)
@given(graphs(7))
def test_connectivity_is_beside_all_ways_to_deal_the_kinds_of_others(one: Graph) -> None:
    who = [Institution(f"{at:02}", KINDS[kind]) for at, kind in enumerate(one.kinds)]
    ties = [Tie(f"{a:02}", f"{b:02}") for a, b in one.pairs.tolist()]
    for id, portrait in portraits(network(who, ties)).items():
        at = int(id)
        others = [place for place in range(len(one)) if place != at]
        counted: dict[str, list[float]] = {}
        for kinds in set(itertools.permutations(one.kinds[others].tolist())):
            again = list(one.kinds)
            for place, kind in zip(others, kinds, strict=True):
                again[place] = kind
            dealt = [Institution(f"{p:02}", KINDS[kind]) for p, kind in enumerate(again)]
            for each in portraits(network(dealt, ties))[id].connectivity:
                counted.setdefault(each.name, []).append(each.value)
        for each in portrait.connectivity:
            assert each.chance is not None
            values = np.array(counted[each.name])
            assert each.chance.mean == pytest.approx(values.mean())
            below, above = (
                (values <= each.value + 1e-9).mean(),
                (values >= each.value - 1e-9).mean(),
            )
            assert each.chance.p == pytest.approx(min(1, 2 * min(below, above)))


def test_who_is_tied_to_thousands_is_told_as_by_scipy() -> None:
    """Of 3,001 others 1,000 are co-ops; the city knows 1,500 of all, and 700 of these."""
    ties = [(0, other) for other in (*range(1, 701), *range(1001, 1801))]
    told = named(portraits(of("p" + 1000 * "c" + 2001 * "o", *ties))["0000"].connectivity)
    beside = told["own-across"].chance
    assert beside is not None
    p = 2 * min(hypergeom.cdf(700, 3001, 1000, 1500), hypergeom.sf(699, 3001, 1000, 1500))
    assert beside.p == pytest.approx(p, rel=1e-6)
    assert beside.mean == pytest.approx(1000 / 3001)


def test_needs_are_met_by_those_tied_and_by_the_other_world() -> None:
    who = [
        Institution("city", Kind.PB),
        *(Institution(f"tree-{at}", Kind.COOP) for at in range(3)),
        Institution("bank", Kind.OTHER),
    ]
    made = network(who, [Tie("city", "tree-0"), Tie("city", "bank")])
    found = portraits(
        made,
        needs=[Listing("city", "food"), Listing("city", "print"), Listing("tree-0", "room")],
        offers=[Listing("tree-0", "food"), Listing("tree-1", "print"), Listing("city", "room")],
    )["city"]
    told = named(found.complementarity)
    assert {name: one.value for name, one in told.items()} == {
        "own-needs-tied": 0.5,
        "own-needs-worlds": 1.0,
        "own-offers-tied": 1.0,
    }
    # Each term is offered by one of four others, of whom two are tied: a half each, 1/4 for both.
    beside = told["own-needs-tied"].chance
    assert beside is not None
    assert (beside.mean, beside.low, beside.high, beside.p) == pytest.approx((0.5, 0.0, 1.0, 1.0))
    # Three of four others are co-ops.
    worlds = told["own-needs-worlds"].chance
    assert worlds is not None
    assert worlds.mean == pytest.approx(0.75)
    assert worlds.p == pytest.approx(min(1, 2 * 0.75**2))


def test_awards_are_beside_those_who_could_have_had_them() -> None:
    def award(deliverer: str, *bidders: str, buyer: str = "city") -> Award:
        return Award(buyer, deliverer, DAY, 100, "USD", "works", frozenset(bidders))

    who = [
        Institution("city", Kind.PB),
        Institution("tree", Kind.COOP),
        Institution("firm", Kind.OTHER),
        Institution("bank", Kind.OTHER),
    ]
    awards = [award("tree", "tree", "firm") for _again in range(6)]
    found = portraits(network(who, []), awards=[*awards, award("tree", buyer="bank")])
    city, tree = named(found["city"].collaboration), named(found["tree"].collaboration)
    assert (city["own-awards"].value, city["own-awards"].n) == (1.0, 6)
    assert city["own-awards"].chance is not None
    assert city["own-awards"].chance.p == pytest.approx(2 / 64)
    assert city["own-awards"].finding == Finding.ABOVE
    assert (tree["own-won"].value, tree["own-won"].n) == (1.0, 6)
    assert named(found["firm"].collaboration)["own-won"].finding == Finding.BELOW
    # What somebody buys who is not of participatory budgeting is nobody's award here.
    assert "bank" not in found
    with pytest.raises(ValueError, match="oak is not in the network"):
        portraits(network(who, []), awards=[award("oak")])


@given(st.integers(1, 12), st.floats(0.01, 0.5), st.floats(0.05, 0.95))
def test_value_is_outside_of_its_band_exactly_where_p_is_at_most_the_level(
    many: int, level: float, share: float
) -> None:
    odds = np.array([comb(many, k) * share**k * (1 - share) ** (many - k) for k in range(many + 1)])
    for number in range(many + 1):
        found = exactly(number, odds, many, "coins", level)
        assert found.draws is None
        inside = found.low - 1e-12 <= number / many <= found.high + 1e-12
        assert inside == (found.p > level + 2e-9)


def test_awards_alike_but_for_their_bidders_are_told_the_same_in_any_order() -> None:
    """A file keeps them in another order than a site, and is to give the same to the last figure."""
    who = [Institution("city", Kind.PB), *(Institution(f"tree-{at}", Kind.COOP) for at in range(4))]
    who += [Institution(f"firm-{at}", Kind.OTHER) for at in range(6)]
    firms = [f"firm-{at}" for at in range(6)]
    awards = [
        Award("city", "tree-0", DAY, 100, "USD", bidders=frozenset(firms[:many]))
        for many in range(1, 7)
    ]
    found = [
        (portraits(one, awards=told), collaboration(one, told, Drawing(99)))
        for one in [network(who, [])]
        for told in (awards, awards[::-1], [*awards[3:], *awards[:3]])
    ]
    assert repr(found[1]) == repr(found[0])
    assert repr(found[2]) == repr(found[0])
