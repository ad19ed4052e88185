import itertools
import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from interlock.methods.network.drawing import Drawing
from interlock.methods.network.graph import Institution, Kind, network
from interlock.methods.network.nestedness import CURVEBALL, curveball, nestedness, nodf
from interlock.methods.network.reasons import Finding

BOOLEANS = arrays(np.bool_, st.tuples(st.integers(1, 6), st.integers(1, 6)))


def by_definition(table: Any) -> float:
    """Almeida-Neto's, pair by pair."""
    table = table[table.any(axis=1)][:, table.any(axis=0)]
    told = []
    for rows in (table, table.T):
        for one, other in itertools.combinations(rows, 2):
            if one.sum() < other.sum():
                one, other = other, one
            told.append(0.0 if one.sum() == other.sum() else (one & other).sum() / other.sum())
    return 100 * float(np.mean(told)) if told else math.nan


def test_example_of_the_paper_is_nested_as_it_says() -> None:
    """Almeida-Neto et al. 2008, figure 1: N columns 63.33, N rows 53.33, NODF 58.33."""
    table = np.array(
        [[1, 0, 1, 1, 1], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [1, 1, 0, 0, 0], [1, 1, 0, 0, 0]], bool
    )
    assert nodf(table) == pytest.approx(58.33, abs=0.005)


@settings(max_examples=100)
@given(BOOLEANS)
def test_nodf_is_that_of_its_definition(table: Any) -> None:
    assert nodf(table) == pytest.approx(by_definition(table), nan_ok=True)


@settings(max_examples=60)
@given(BOOLEANS, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_does_not_matter(table: Any, random: Any) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    assert nodf(table[rows][:, columns]) == pytest.approx(nodf(table), nan_ok=True)


@settings(max_examples=60)
@given(BOOLEANS, st.integers(0, 9))
def test_curveball_keeps_the_sums(table: Any, seed: int) -> None:
    other = curveball(table, np.random.default_rng(seed))
    assert other.sum(axis=0).tolist() == table.sum(axis=0).tolist()
    assert other.sum(axis=1).tolist() == table.sum(axis=1).tolist()


def test_curveball_draws_all_tables_of_the_sums_alike() -> None:
    """Rows of 2, 1, 1 and columns of 2, 1, 1: five tables."""
    table = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1]], bool)
    rows = [np.array(one, bool) for one in itertools.product((0, 1), repeat=3)]
    every = {
        np.stack(three).tobytes()
        for three in itertools.product(rows, repeat=3)
        if (np.stack(three).sum(axis=0) == table.sum(axis=0)).all()
        and (np.stack(three).sum(axis=1) == table.sum(axis=1)).all()
    }
    rng = np.random.default_rng(0)
    found = Counter(curveball(table, rng).tobytes() for _draw in range(5_000))
    assert set(found) == every
    for many in found.values():
        assert many == pytest.approx(5_000 / len(every), rel=0.15)


def offering(*offers: str) -> Any:
    return network(
        [Institution(str(at), Kind.COOP, "", frozenset(one)) for at, one in enumerate(offers)], []
    )


def test_nestedness_is_beside_the_curveballs() -> None:
    found = nestedness(offering("abcd", "ab", "cd", "ac", "bd", ""), Drawing(resamples=99))
    assert found.chance is not None
    assert found.chance.null == CURVEBALL
    assert (found.n, found.coverage) == (12, pytest.approx(5 / 6))
    assert found.chance.low <= found.value <= found.chance.high


def test_fully_nested_table_is_the_only_one_of_its_sums() -> None:
    """NODF 100 is no finding where the sums leave no other table."""
    found = nestedness(offering("abc", "ab", "a"), Drawing(resamples=99))
    assert (found.value, found.finding) == (100.0, Finding.WITHIN)


def test_nothing_offered_is_not_defined() -> None:
    assert nestedness(offering("", "")).finding == Finding.UNDEFINED
    assert nestedness(offering()).finding == Finding.UNDEFINED
