import sys
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given

from interlock.methods.counting import SUPPORTED, Election, count
from interlock.methods.counting.comparison import measures_of, side_by_side
from interlock.methods.counting.drawing import comparison_svg
from interlock.methods.counting.tables import (
    comparison_html,
    comparison_text,
    framed,
    result_frame,
    result_html,
)

from .elections import Plain, elections


def town(kind: str = "approval") -> Election:
    costs = {"park": 60, "bus": 50, "<trees>": 20}
    ballots = [["park", "bus"], ["park"], ["bus"], ["<trees>"]]
    if kind == "choose-1":
        ballots = [ballot[:1] for ballot in ballots]
    return Election.from_approvals(costs, 80, ballots, kind=kind)


def test_each_column_is_the_count_itself() -> None:
    table = side_by_side(town(), lot_seed="a lot")
    assert [column.rule for column in table.columns] == list(SUPPORTED)
    for column in table.counted:
        assert column.result == count(town(), column.rule, lot_seed="a lot")
        assert column.measures == measures_of(town(), column.result.funded)


def test_measures_are_exact() -> None:
    found = measures_of(town(), ["park", "<trees>"])
    assert (found.funded, found.spent, found.reached) == (2, 80, 3)
    assert found.average == Fraction(60 + 60 + 20, 4)


def test_refused_rule_has_a_column_that_says_why() -> None:
    table = side_by_side(town("choose-1"), ["greedy", "equalshares/points"])
    assert [column.rule for column in table.counted] == ["greedy"]
    assert "counts points" in table.columns[1].refusal
    assert table.to_json()["rules"][1] == {
        "rule": "equalshares/points",
        "refusal": table.columns[1].refusal,
    }
    assert table.columns[1].refusal.split()[0] in comparison_text(table, 80)


def test_wrong_order_and_doubled_rule_are_refused() -> None:
    with pytest.raises(ValueError, match="leaves out"):
        side_by_side(town(), ["greedy"], ["park"])
    with pytest.raises(ValueError, match="named twice"):
        side_by_side(town(), ["greedy", "greedy"])


def test_arrays_hold_the_table() -> None:
    table = side_by_side(town(), ["greedy", "borda", "equalshares"])
    arrays = table.to_arrays()
    assert arrays["rule"].tolist() == ["greedy", "equalshares"]
    assert arrays["cost"].tolist() == [60, 50, 20]
    for place, column in enumerate(table.counted):
        assert column.result is not None
        chosen = arrays["project"][arrays["funded"][:, place]].tolist()
        assert set(chosen) == set(column.result.funded)
    assert side_by_side(town(), ["borda"]).to_arrays()["funded"].shape == (3, 0)


def test_frame_without_pandas_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError, match="A data frame needs pandas"):
        framed("project", ["park"], {"cost": [1]})


def test_frame_is_made_where_pandas_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pandas is no dependency; this stands for it."""
    pandas = SimpleNamespace(
        DataFrame=lambda data, index: (data, index), Index=lambda rows, name: (name, rows)
    )
    monkeypatch.setitem(sys.modules, "pandas", pandas)
    data, index = side_by_side(town(), ["greedy"]).frame()
    assert index == ("project", ["park", "bus", "<trees>"])
    assert data == {"cost": [60, 50, 20], "votes": [2, 2, 1], "greedy": [False, True, True]}
    data, index = result_frame(count(town(), "greedy"))
    assert list(data) == ["cost", "votes", "funded", "reason"]
    assert index[1] == ["park", "bus", "<trees>"]


def test_everything_from_the_election_is_escaped() -> None:
    table = side_by_side(town(), ["greedy"])
    names = {"park": "<script>&", "bus": "a\x1b[2Jb"}
    for text in (
        comparison_html(table, names=names, currency="<i>"),
        result_html(count(town(), "greedy"), names=names),
        comparison_svg(table, title="<i>", names=names, currency="<i>"),
    ):
        assert "&lt;script&gt;&amp;" in text
        assert "<script>" not in text
        assert "<i>" not in text
        assert "\x1b" not in text
    assert "\x1b" not in comparison_text(table, 80, names=names)


@given(elections())
def test_table_fits_whatever_the_width(plain: Plain) -> None:
    table = side_by_side(plain.election, ["greedy", "greedy/per-cost", "equalshares"])
    for width in (40, 80):
        text = comparison_text(table, width)
        assert max(map(len, text.splitlines())) <= width
        assert text.count("Projects funded") >= 1


def test_html_has_a_row_for_each_project_and_measure() -> None:
    html = side_by_side(town(), ["greedy"])._repr_html_()
    assert html.count("<tr>") == 1 + 3 + 6
    assert html.count('scope="row"') == 9


def test_notebook_shows_a_count_as_a_table() -> None:
    html = count(town(), "greedy")._repr_html_()
    assert html.startswith("<table><caption>greedy: 2 funded, 70 of 80, 4 ballots</caption>")
    assert html.index("bus") < html.index("&lt;trees&gt;") < html.index("park")


def test_marks_and_numbers_agree() -> None:
    table = side_by_side(town(), ["greedy", "equalshares"])
    ticks = table.to_arrays()["funded"].sum()
    assert comparison_text(table, 100).count("✓") == int(np.sum(ticks))
    assert comparison_svg(table).count("✓") == int(np.sum(ticks))
