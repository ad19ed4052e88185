import math
from typing import Any

import numpy as np
import pytest

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.dyads import (
    MRQAP,
    complementary,
    complementary_ties,
    jaccard,
    mrqap,
)
from interlock.methods.network.graph import Institution, Kind, Tie, network
from interlock.methods.network.reasons import Finding
from tests.methods.network.worlds import QUICK


def test_complementary_pair_differs_in_offers_and_shares_aims() -> None:
    one = network(
        [
            Institution("a", Kind.PB, "", frozenset("xy"), aims=frozenset("gh")),
            Institution("b", Kind.COOP, "", frozenset("yz"), aims=frozenset("gh")),
            Institution("c", Kind.COOP, "", frozenset("w"), aims=frozenset("g")),
            Institution("d", Kind.COOP),
        ],
        [],
    )
    found = complementary(one)
    assert found[0, 1] == pytest.approx((1 - 1 / 3) * 1)
    assert found[0, 2] == pytest.approx(1 * 1 / 2)
    assert found[0, 3] == 0
    assert (found == found.T).all()
    assert jaccard([frozenset()]).tolist() == [[0.0]]


def tables(many: int, seed: int) -> Any:
    return np.random.default_rng(seed).random((3, many, many))


def symmetric(table: Any) -> Any:
    return np.tril(table, -1) + np.tril(table, -1).T


@pytest.mark.parametrize("is_symmetric", [True, False])
def test_slopes_and_t_are_those_of_least_squares(is_symmetric: bool) -> None:
    y, a, b = (symmetric(one) if is_symmetric else one for one in tables(20, 1))
    y = y + 0.3 * a
    inside = np.tri(20, k=-1, dtype=bool) if is_symmetric else ~np.eye(20, dtype=bool)
    design = np.column_stack([np.ones(inside.sum()), a[inside], b[inside]])
    slopes, *_rest = np.linalg.lstsq(design, y[inside])
    left = y[inside] - design @ slopes
    variance = left @ left / (len(left) - 3)
    errors = np.sqrt(variance * np.diag(np.linalg.inv(design.T @ design)))
    found = mrqap(y, {"a": a, "b": b}, QUICK)
    assert [one.estimate for one in found] == pytest.approx(slopes[1:].tolist())
    assert [one.t for one in found] == pytest.approx((slopes / errors)[1:].tolist())
    assert {one.chance.null for one in found} == {MRQAP}


def test_predictor_that_another_tells_has_no_slope() -> None:
    y, a, _b = tables(12, 2)
    found = mrqap(y, {"a": a, "twice": 2 * a}, QUICK)
    assert all(math.isnan(one.estimate) and not one.chance.draws for one in found)


def test_pairs_that_hang_together_by_institution_are_not_taken_for_many() -> None:
    """Row and column effects on both sides: ordinary t rejects far more often than one in twenty."""
    ordinary = permuted = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        sides = [rng.normal(size=15) for _side in range(2)]
        y, x = (one[:, None] + one + 0.3 * symmetric(rng.normal(size=(15, 15))) for one in sides)
        for table in (y, x):
            np.fill_diagonal(table, 0)
        found = mrqap(y, {"x": x}, Drawing(resamples=99, seed=seed))[0]
        ordinary += abs(found.t) > 1.98
        permuted += found.chance.p <= 0.05
    assert ordinary >= 25
    assert permuted <= 13


def test_tables_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        mrqap(np.zeros((3, 3)), {"x": np.zeros((4, 4))})
    with pytest.raises(ValueError, match="fewer pairs"):
        mrqap(np.zeros((2, 2)), {"x": np.zeros((2, 2))})


def crowd(seed: int, *, is_sought: bool) -> Any:
    rng = np.random.default_rng(seed)
    institutions = [
        Institution(
            f"{place:02}",
            (Kind.PB, Kind.COOP)[place % 2],
            "ew"[place // 2 % 2],
            frozenset(rng.choice(list("abcdef"), 2, replace=False).tolist()),
            aims=frozenset(rng.choice(list("uvw"), 2, replace=False).tolist()),
        )
        for place in range(40)
    ]
    alike = complementary(network(institutions, []))
    ties = [
        Tie(institutions[a].id, institutions[b].id)
        for a in range(40)
        for b in range(a)
        if rng.random() < (0.3 * alike[a, b] if is_sought else 0.1)
    ]
    # One that said nothing.
    return network([*institutions, Institution("zz", Kind.OTHER)], ties)


def test_ties_that_seek_the_complementary_are_found() -> None:
    difference, tested = complementary_ties(crowd(1, is_sought=True), Drawing(resamples=199))
    assert (difference.name, difference.finding) == ("complementary-ties", Finding.DESCRIBED)
    assert difference.value > 0.05
    assert (tested.n, tested.coverage) == (780, pytest.approx(40 / 41))
    assert tested.finding == Finding.ABOVE


def test_ties_by_chance_are_found_so() -> None:
    found = [
        complementary_ties(crowd(seed, is_sought=False), Drawing(resamples=39))[1]
        for seed in range(40)
    ]
    assert sum(one.finding != Finding.WITHIN for one in found) <= 7


def test_hardly_anybody_who_said_something_is_not_defined() -> None:
    one = network([Institution("a", Kind.PB), Institution("b", Kind.COOP)], [Tie("a", "b")])
    assert [(m.finding, m.n, m.coverage) for m in complementary_ties(one)] == [
        (Finding.UNDEFINED, 0, 0.0)
    ]


def test_others_that_tell_the_same_count_once() -> None:
    y, a, b = tables(12, 2)
    alone = mrqap(y, {"a": a, "b": b}, QUICK)[0]
    twice = mrqap(y, {"a": a, "b": b, "b again": b}, QUICK)[0]
    assert twice.estimate == pytest.approx(alone.estimate)


def test_without_a_tie_there_is_nothing_to_compare() -> None:
    one = crowd(1, is_sought=True)
    difference, tested = complementary_ties(network(one.institutions, []), QUICK)
    assert (difference.finding, tested.finding) == (Finding.UNDEFINED, Finding.UNDEFINED)


def test_of_very_many_institutions_some_are_drawn() -> None:
    said = frozenset("x"), frozenset[str](), frozenset("u")
    many = [Institution(f"{at:04}", Kind.PB, "", *said) for at in range(1_001)]
    found = complementary_ties(network(many, [Tie("0000", "0001")]), Drawing(resamples=1))[1]
    assert (found.n, found.coverage) == (1_000 * 999 // 2, 1_000 / 1_001)
