import math
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest

from interlock.methods.network.collaboration import (
    Award,
    collaboration,
    outcome_difference,
    second_tie_days,
    size_of,
    survival,
)
from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Institution, Kind, Network, network
from interlock.methods.network.measure import Measure
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK, town

DAY = date(2020, 1, 1)


def later(days: int) -> date:
    return DAY + timedelta(days)


AWARDS = [
    Award("city", "tree", DAY, 1000, "USD", "roads"),
    Award("city", "tree", later(100), 3000, "USD", "roads"),
    Award("city", "bank", later(200), 4000, "USD", "roads"),
    Award("budget", "bread", later(365), 2000, "USD", "parks"),
    Award("budget", "bank", later(730), None, "", "parks"),
    # Of a co-op: no award of PB.
    Award("bread", "tree", later(800), 9000, "USD", "roads"),
]


def named(found: Iterable[Measure]) -> dict[str, Measure]:
    return {one.name: one for one in found}


def test_awards_of_a_town_are_those_by_hand() -> None:
    found = named(collaboration(town(), AWARDS, QUICK))
    values = {name: one.value for name, one in found.items()}
    assert values == {
        # Three of five awards, by five institutions of either world, in 731 days.
        "joint-projects-a-year": pytest.approx(3 / (5 * 731 / 365.25)),
        "money-to-coops": 6000.0,
        "share-of-awards": 0.6,
        "share-of-money": 0.6,
        # tree 4000, bank 4000, bread 2000 of 10,000.
        "concentration": pytest.approx(0.16 + 0.16 + 0.04),
        # City and tree once more, of three.
        "repeated-ties": pytest.approx(1 / 3),
        # After 100 days for one; the other waited 365 without.
        "second-tie-in-a-year": 0.5,
    }
    assert {one.n for one in found.values()} == {5}
    assert (found["share-of-money"].coverage, found["share-of-awards"].coverage) == (0.8, 0.0)
    nulls = [one.chance.null for one in found.values() if one.chance]
    assert nulls == ["eligible-bidders"] * 5 + ["deliverers-permuted"] * 2


def test_order_of_awards_changes_nothing() -> None:
    assert collaboration(town(), AWARDS[::-1], QUICK) == collaboration(town(), AWARDS, QUICK)


def test_chance_draws_among_the_bidders_on_record() -> None:
    """One of four bidders is a co-op: a quarter of awards by chance."""
    one = network(
        [
            Institution("city", Kind.PB),
            Institution("tree", Kind.COOP),
            *(Institution(f"firm{at}", Kind.OTHER) for at in range(3)),
        ],
        [],
    )
    bidders = frozenset({"tree", "firm0", "firm1", "firm2"})
    awards = [Award("city", "tree", later(at), 100, "USD", "x", bidders) for at in range(12)]
    found = named(collaboration(one, awards, Drawing(resamples=399)))["share-of-awards"]
    assert found.chance is not None
    assert found.chance.mean == pytest.approx(0.25, abs=0.02)
    assert (found.value, found.finding, found.coverage) == (1.0, Finding.ABOVE, 1.0)


def test_chance_without_bidders_draws_among_those_of_the_category_and_size() -> None:
    """Two of the small road works' three deliverers are co-ops; the large one's only one is none."""
    one = town()
    awards = [
        Award("city", deliverer, later(at), amount, "USD", "roads")
        for at, (deliverer, amount) in enumerate(
            [("tree", 100), ("bread", 110), ("bank", 120), ("bank", 9000)]
        )
    ]
    found = named(collaboration(one, awards, Drawing(resamples=399)))["share-of-awards"]
    assert found.chance is not None
    assert found.chance.mean == pytest.approx(0.5, abs=0.03)
    assert found.chance.high == 0.75


def market(seed: int, *, is_loyal: bool) -> tuple[Network, list[Award]]:
    """Twelve cities and twelve co-ops, a hundred awards: to the same co-op again, or to any."""
    rng = np.random.default_rng(seed)
    cities, coops = [f"city{at:02}" for at in range(12)], [f"coop{at:02}" for at in range(12)]
    institutions = [Institution(id, Kind.PB) for id in cities]
    institutions += [Institution(id, Kind.COOP) for id in coops]
    awards = []
    for at in range(100):
        city = int(rng.integers(12))
        coop = city if is_loyal and rng.random() < 0.95 else int(rng.integers(12))
        awards.append(Award(cities[city], coops[coop], later(10 * at), 100, "USD", "x"))
    return network(institutions, []), awards


def test_loyal_buyers_come_again_and_soon() -> None:
    found = named(collaboration(*market(1, is_loyal=True), QUICK))
    assert found["repeated-ties"].finding == Finding.ABOVE
    assert found["second-tie-in-a-year"].finding == Finding.ABOVE
    # Every award goes to a co-op, and there is nobody else it could go to.
    assert found["share-of-awards"].finding == Finding.WITHIN


def test_deliverers_change_places_within_their_category_only() -> None:
    """Who plants trees paves no roads: there is one way to deal these."""
    awards = [
        Award(buyer, deliverer, later(at), 100, "USD", category)
        for at in range(6)
        for buyer, deliverer, category in (("city", "tree", "trees"), ("budget", "bank", "roads"))
    ]
    beside = named(collaboration(town(), awards, QUICK))["repeated-ties"].chance
    assert beside is not None
    assert (beside.low, beside.high) == (pytest.approx(5 / 6), pytest.approx(5 / 6))


def test_buyers_by_chance_are_found_so() -> None:
    found = [
        named(collaboration(*market(seed, is_loyal=False), Drawing(resamples=39, seed=seed)))
        for seed in range(16)
    ]
    assert sum(one["repeated-ties"].finding != Finding.WITHIN for one in found) <= 5


def test_interval_draws_buyers_again() -> None:
    found = named(collaboration(town(), AWARDS, Drawing(resamples=400)))["share-of-money"]
    assert found.interval is not None
    # The city alone: half of the money; the budget alone: all of it.
    assert (found.interval.low, found.interval.high) == (0.5, 1.0)


def test_nothing_awarded_is_not_defined() -> None:
    assert {one.finding for one in collaboration(town(), [], QUICK)} == {Finding.UNDEFINED}
    assert outcome_difference(town(), [], "late").finding == Finding.UNDEFINED


def test_wrong_awards_are_refused() -> None:
    for one, told in (
        (replace(AWARDS[0], currency="EUR"), "several currencies"),
        (replace(AWARDS[0], buyer="oak"), "oak is not in the network"),
        (replace(AWARDS[0], bidders=frozenset({"oak"})), "oak is not in the network"),
        (replace(AWARDS[0], amount=-1), "below 0"),
    ):
        with pytest.raises(ValueError, match=told):
            collaboration(town(), [*AWARDS, one], QUICK)


def test_sizes_are_half_orders_of_magnitude() -> None:
    assert [size_of(amount) for amount in (0, 1, 3, 4, 10, 99_999, 100_000)] == [
        *(-1, 0, 0, 1, 2, 9, 10)
    ]


def test_waits_are_those_of_kaplan_and_meier() -> None:
    """Of five: 4/5 left after 1, 3/5 after 3, one gone unseen at 4, then 3/5 x 1/2 after 5."""
    waits, ended = np.array([1, 3, 4, 5, 8]), np.array([True, True, False, True, False])
    assert survival(waits, ended) == [(1, 0.8), (3, pytest.approx(0.6)), (5, pytest.approx(0.3))]
    assert survival(waits, np.zeros(5, np.bool_)) == []


def test_median_of_the_second_tie_is_known_where_half_have_one() -> None:
    assert second_tie_days(town(), AWARDS) == 100.0
    assert math.isnan(second_tie_days(town(), AWARDS[3:]))
    assert math.isnan(second_tie_days(town(), []))


def late(category: str, deliverer: str, days: float, buyer: str = "city") -> Award:
    return Award(buyer, deliverer, DAY, 100, "USD", category, outcomes={"late": days})


def test_difference_is_matched_by_category() -> None:
    """Roads take long whoever builds them, and co-ops build roads."""
    awards = [
        *(late("roads", "tree", days) for days in (10, 12, 14)),
        late("roads", "bank", 15),
        late("parks", "bread", 1),
        *(late("parks", "bank", days) for days in (2, 4)),
        # Nothing to match with, and not known.
        late("light", "tree", 99),
        Award("city", "tree", DAY, 100, "USD", "roads"),
    ]
    found = outcome_difference(town(), awards, "late", QUICK)
    assert found.value == pytest.approx((3 * (12 - 15) + 1 * (1 - 3)) / 4)
    assert (found.name, found.n, found.coverage) == ("difference-of-late", 7, pytest.approx(7 / 9))


def test_nothing_to_match_with_is_not_defined() -> None:
    found = outcome_difference(
        town(), [late("roads", "tree", 1), late("roads", "bread", 2)], "late"
    )
    assert (found.finding, found.n, found.coverage) == (Finding.UNDEFINED, 0, 0.0)


def works(seed: int, effect: float) -> tuple[Network, list[Award]]:
    """Fifteen cities, each with a lateness of its own and a share of co-ops of its own."""
    rng = np.random.default_rng(seed)
    cities = [f"city{at:02}" for at in range(15)]
    institutions = [Institution(id, Kind.PB) for id in cities]
    institutions += [Institution("coop", Kind.COOP), Institution("firm", Kind.OTHER)]
    awards = []
    for city in cities:
        own, share = rng.normal(0, 5), rng.random()
        for _award, category in product(range(8), "xy"):
            is_coop = rng.random() < share
            days = own + 10 * (category == "x") + effect * is_coop + rng.normal(0, 3)
            awards.append(late(category, "coop" if is_coop else "firm", days, city))
    return network(institutions, []), awards


def test_effect_is_found_and_its_interval_holds_it() -> None:
    found = outcome_difference(*works(1, -12.0), "late", Drawing(resamples=199))
    assert found.finding == Finding.BELOW
    assert found.interval is not None
    assert found.interval.low < -12 < found.interval.high


def test_awards_of_one_city_are_not_taken_for_many() -> None:
    found = [
        outcome_difference(*works(seed, 0.0), "late", Drawing(resamples=99, seed=seed))
        for seed in range(60)
    ]
    assert sum(one.finding != Finding.WITHIN for one in found) <= 9
