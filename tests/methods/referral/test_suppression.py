import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from interlock.methods.referral.suppression import published


@st.composite
def counts(draw: st.DrawFn) -> list[list[int]]:
    width = draw(st.integers(1, 4))
    cell = st.one_of(st.integers(0, 8), st.integers(0, 40))
    return draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=4))


def augmented(table: list[list[int]], *, open_rows: bool = False) -> list[list[int | None]]:
    shown = published(table, open_rows=open_rows)
    inner = [[*row, total] for row, total in zip(shown.cells, shown.rows, strict=True)]
    return [*inner, [*shown.columns, shown.total]]


def test_table_of_large_cells_is_shown_whole() -> None:
    shown = published([[20, 30], [10, 5]])
    assert shown.cells == ((20, 30), (10, 5))
    assert (shown.rows, shown.columns, shown.total) == ((50, 15), (30, 35), 65)


def test_cheapest_ring_goes_with_a_small_cell() -> None:
    shown = published([[3, 40, 20], [30, 60, 50], [15, 70, 80]])
    assert shown.cells == ((None, 40, None), (None, 60, None), (15, 70, 80))
    assert (shown.rows, shown.total) == ((63, 140, 165), 368)


def test_zero_is_withheld_as_other_small_cells() -> None:
    assert published([[0, 40, 20], [30, 60, 50]]).cells[0] == (None, 40, None)


@settings(max_examples=60)
@given(counts())
def test_small_cells_are_withheld(table: list[list[int]]) -> None:
    for shown, real in zip(published(table).cells, table, strict=True):
        for cell, count in zip(shown, real, strict=True):
            assert cell is None or (cell == count and cell >= 5)


@settings(max_examples=60)
@given(counts(), st.booleans())
def test_no_withheld_cell_is_told_by_what_is_shown(table: list[list[int]], open_rows: bool) -> None:
    """Whoever knows the shown cells, all sums and that counts are not negative cannot tell one."""
    shown = augmented(table, open_rows=open_rows)
    hidden = [(r, c) for r, row in enumerate(shown) for c, cell in enumerate(row) if cell is None]
    if not hidden:
        return
    height, width = len(shown), len(shown[0])
    lines = [[(r, c) for c in range(width)] for r in range(height)]
    lines += [[(r, c) for r in range(height)] for c in range(width)]
    matrix, right = np.zeros((len(lines), len(hidden))), np.zeros(len(lines))
    for number, line in enumerate(lines):
        for place, (r, c) in enumerate(line):
            sign = -1 if place == len(line) - 1 else 1
            cell = shown[r][c]
            if cell is None:
                matrix[number, hidden.index((r, c))] = sign
            else:
                right[number] -= sign * cell
    for place in range(len(hidden)):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(hidden))
            goal[place] = sign
            solved = linprog(goal, A_eq=matrix, b_eq=right, bounds=(0, None))
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        assert ends[1] - ends[0] > 0.99


@settings(max_examples=60)
@given(counts())
def test_open_totals_of_rows_are_shown_and_small_cells_are_not(table: list[list[int]]) -> None:
    shown = published(table, open_rows=True)
    assert shown.rows == tuple(map(sum, table))
    for cells, row in zip(shown.cells, table, strict=True):
        if len(row) > 1 and sum(row):
            assert all(cell is None or (cell == n >= 5) for cell, n in zip(cells, row, strict=True))


def test_rings_that_only_one_cell_joins_are_not_enough() -> None:
    """Each row and column has two withheld cells, and still one is a difference of sums."""
    small = [[1, 2, 50, 50], [2, 9, 50, 50], [50, 50, 1, 2], [50, 50, 2, 2]]
    small[1][2] = 3
    shown = published(small)
    assert shown.cells[1][2] is None
    assert sum(cell is None for row in shown.cells for cell in row) > 9


@pytest.mark.parametrize("table", [[], [[]], [[1, 2], [1]]])
def test_table_without_a_shape_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="rows of one length"):
        published(table)


def test_count_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0"):
        published([[5, -1]])
