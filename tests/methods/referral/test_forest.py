from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.referral.forest import Respondent, Variable, planted
from interlock.methods.referral.reasons import ForestError
from tests.methods.referral.samples import case, tables


def faults(*rows: Respondent) -> list[tuple[int, str]]:
    numbered = [replace(row, line=number) for number, row in enumerate(rows, 2)]
    with pytest.raises(ForestError) as refused:
        planted(numbered)
    return [(fault.line, fault.reason.kind) for fault in refused.value.faults]


def test_case_has_its_waves_and_trees() -> None:
    forest = case()
    assert np.bincount(forest.waves).tolist() == [4, 8, 7, 10, 15, 16, 26, 34]
    assert (len(forest), forest.seeds, forest.depth) == (120, 4, 7)
    assert np.bincount(forest.trees).tolist() == [46, 8, 18, 48]
    assert forest.notes() == ()


@given(tables())
def test_recruits_stand_together_and_a_wave_below(rows: list[Respondent]) -> None:
    forest = planted(rows)
    places = {name: place for place, name in enumerate(forest.ids)}
    for row in rows:
        place = places[row.id]
        assert forest.recruiters[place] == (places[row.recruiter] if row.recruiter else -1)
        recruits = range(forest.first[place], forest.first[place] + forest.recruits[place])
        assert {forest.ids[one] for one in recruits} == {
            one.id for one in rows if one.recruiter == row.id
        }
        if row.recruiter:
            recruiter = places[row.recruiter]
            assert forest.waves[place] == forest.waves[recruiter] + 1
            assert forest.trees[place] == forest.trees[recruiter]
    assert forest.starts.tolist() == [
        *(int((forest.waves < wave).sum()) for wave in range(forest.depth + 1)),
        len(rows),
    ]


@given(tables(), st.integers(0, 2**32))
def test_order_of_rows_changes_nothing(rows: list[Respondent], seed: int) -> None:
    shuffled = list(rows)
    Random(seed).shuffle(shuffled)
    one, two = planted(rows), planted(shuffled)
    assert (one.ids, one.variable("view").levels) == (two.ids, two.variable("view").levels)
    for name in ("recruiters", "first", "waves", "trees", "degrees", "filled", "arrival"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist()
    assert one.variable("view").codes.tolist() == two.variable("view").codes.tolist()


@given(tables())
def test_weights_are_positive(rows: list[Respondent]) -> None:
    weights = planted(rows).weights
    assert (weights > 0).all()
    assert np.isfinite(weights).all()


def test_missing_degree_is_the_median_of_the_own_group() -> None:
    rows = [
        Respondent(f"r{number}", "", degree, {"group": group})
        for number, (degree, group) in enumerate(
            [(2, "a"), (4, "a"), (90, "b"), (0, "a"), (None, "b"), (None, ""), (None, "c")]
        )
    ]
    assert planted(rows, degrees_by="group").degrees.tolist() == [2, 4, 90, 3, 90, 4, 4]
    assert planted(rows).degrees.tolist() == [2, 4, 90, 4, 4, 4, 4]
    note = planted(rows).notes()[0]
    assert (note.kind, note.facts) == ("degrees-filled", {"respondents": 4})


def test_recruiter_without_a_row_is_told_with_the_line() -> None:
    assert faults(Respondent("a", "", 1), Respondent("b", "x", 1)) == [(3, "unknown-recruiter")]


def test_own_recruiter_is_told() -> None:
    assert faults(Respondent("a", "a", 1)) == [(2, "own-recruiter")]


def test_second_row_of_an_id_is_told() -> None:
    rows = [Respondent("a", "", 1), Respondent("a", "", 1), Respondent("", "", 1)]
    assert faults(*rows) == [(3, "id-again"), (4, "no-id")]


def test_circle_is_told_once_and_not_who_hangs_on_it() -> None:
    rows = [("s", ""), ("a", "c"), ("b", "a"), ("c", "b"), ("d", "c"), ("x", "y"), ("y", "x")]
    found = faults(*(Respondent(name, by, 1) for name, by in rows))
    assert found == [(3, "cycle"), (7, "cycle")]


def test_circle_of_many_names_a_few() -> None:
    rows = [Respondent(f"r{n}", f"r{(n + 1) % 9}", 1, line=n) for n in range(9)]
    with pytest.raises(ForestError, match=r"circle: r0, r1, r2, r3, r4 …"):
        planted(rows)


@pytest.mark.parametrize("degree", [-1.0, float("nan"), float("inf")])
def test_degree_that_is_no_number_is_told(degree: float) -> None:
    assert faults(Respondent("a", "", degree)) == [(2, "degree-no-number")]


def test_table_without_any_degree_is_refused() -> None:
    assert faults(Respondent("a", "", 0), Respondent("b", "a")) == [(0, "no-degree")]


def test_empty_table_is_refused() -> None:
    assert faults() == [(0, "file-empty")]


def test_wave_time_and_coupons_are_checked() -> None:
    rows = [
        Respondent("a", "", 1, when=5, coupons=1, wave=0),
        Respondent("b", "a", 1, when=4, coupons=0, wave=2),
        Respondent("c", "a", 1, when=6, coupons=0, wave=1),
    ]
    assert faults(*rows) == [(2, "more-than-coupons"), (3, "wave-differs"), (3, "before-recruiter")]


def test_arrival_is_by_time_where_all_have_one() -> None:
    rows = [Respondent("a", "", 1, when=1), Respondent("b", "", 1, when=4)]
    rows += [Respondent("c", "a", 1, when=3), Respondent("d", "b", 1, when=5)]
    assert planted(rows).arrival.tolist() == [0, 2, 1, 3]
    assert planted([*rows, Respondent("e", "c", 1)]).arrival.tolist() == [0, 1, 2, 3, 4]


def test_unknown_variable_names_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"no variable age. There are: group, view"):
        case().variable("age")
    with pytest.raises(ValueError, match="no variable age"):
        planted([Respondent("a", "", 1)], degrees_by="age")


def test_numbers_are_there_where_all_answers_are() -> None:
    numbers = Variable.of("x", ["2", "", "10"]).numbers
    assert numbers is not None
    assert np.nan_to_num(numbers, nan=-1).tolist() == [2, -1, 10]
    assert Variable.of("x", ["2", "many"]).numbers is None
    assert Variable.of("x", ["", ""]).numbers is None


def test_level_that_is_not_given_is_refused() -> None:
    with pytest.raises(ValueError, match='"c" is not a level of x'):
        Variable.of("x", ["a", "c"], levels=["a", "b"])
