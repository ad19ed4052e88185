"""Where the marks of figures stand: exactly in small cases, and never outside in any."""

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from interlock.methods.places.states import states
from interlock.web.look import press
from interlock.web.observatory.figures.axes import doubling, linear
from interlock.web.observatory.figures.figure import Column, Drawing, Figure, Table
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.matrix import Cell, Matrix
from interlock.web.observatory.figures.network import Network, Node
from interlock.web.observatory.figures.rows import Row, Span
from interlock.web.observatory.figures.strip import Strip
from interlock.web.observatory.figures.tiles import Here, Tiles
from interlock.web.observatory.figures.timeline import TimeLine

INFINITY = math.inf


def texts(ticks: object) -> list[str]:
    return [tick.text for tick in ticks]  # type: ignore[attr-defined]


def test_linear_axis_has_round_numbers_around_all_values() -> None:
    axis = linear([1, 6, 7.5])
    assert (axis.low, axis.high) == (0, 8)
    assert [(tick.at, tick.text) for tick in axis.ticks] == [
        (4.0, "0"),
        (27.0, "2"),
        (50.0, "4"),
        (73.0, "6"),
        (96.0, "8"),
    ]
    assert texts(linear([-0.02, 0.011]).ticks) == ["−0.02", "−0.01", "0.00", "0.01", "0.02"]
    assert texts(linear([5.0]).ticks) == ["2", "3", "4", "5", "6", "7", "8"]


def test_number_next_to_nothing_is_nothing() -> None:
    assert linear([5e-324]) == linear([0.0])


def test_ratios_stand_on_an_axis_that_doubles() -> None:
    axis = doubling([1.77], [0.38, 8.24])
    assert texts(axis.ticks) == ["1/4", "1/2", "1", "2", "4", "8", "16"]
    assert (axis.at(0.25), axis.at(2.0), axis.at(16.0)) == (4.0, 50.0, 96.0)
    assert texts(doubling([200.0]).ticks) == ["1", "4", "16", "64", "256"]


def test_ends_that_run_off_are_open_at_the_edge() -> None:
    (row,) = Forest.of([Row(2.0, 0.0, INFINITY)]).rows
    assert row.whisker == Span(0.0, 100.0, True, True)
    assert (row.mark, row.off) == (Forest.of([Row(2.0)]).axis.at(2.0), 0)
    (far,) = Forest.of([Row(1e200, 0.5, 2.0)]).rows
    assert (far.mark, far.off) == (100.0, 1)
    assert far.whisker is not None
    assert not far.whisker.open_end


def test_strip_stands_where_its_numbers_are() -> None:
    strip = Strip.of([Row(6, 5, 8, (1, 7))])
    (row,) = strip.rows
    assert texts(strip.axis.ticks) == ["0", "2", "4", "6", "8"]
    at = strip.axis.at
    assert (row.mark, row.off) == (at(6), 0)
    assert row.band == Span(at(1), at(7), False, False)
    assert row.whisker == Span(at(5), at(8), False, False)
    assert (row.top, row.middle, row.bottom, strip.base, strip.height) == (8, 20, 32, 32, 58)
    assert row.lines == ()


def test_value_may_lie_outside_the_band_and_may_be_missing() -> None:
    strip = Strip.of(
        [Row(6, chance=(0, 3), label="Free"), Row(None, label="No answer"), Row(math.nan)]
    )
    free, none, nothing = strip.rows
    assert free.band is not None
    assert free.mark is not None
    assert free.mark > free.band.end
    assert (none.mark, none.band, none.whisker, nothing.mark) == (None, None, None, None)
    assert [line.text for line in free.lines] == ["Free"]
    assert free.bottom < none.top < none.bottom < nothing.top


def test_ends_the_wrong_way_round_are_taken_for_an_interval() -> None:
    (row,) = Strip.of([Row(2, 3, 1)]).rows
    assert row.whisker is not None
    assert row.whisker.start < row.whisker.end
    assert Row(2, math.nan, 1).interval is None


def test_what_is_told_stands_beside_a_label_and_under_one_that_leaves_no_room() -> None:
    short, long, full = Forest.of(
        [
            Row(1, label="Short", told="1"),
            Row(1, label="x" * 60, told="1"),
            Row(1, label="x" * 70, told="0.0012345"),
        ]
    ).rows
    told = [one.told.y if one.told else None for one in (short, long, full)]
    assert told == [short.lines[0].y, long.lines[1].y, full.lines[1].y + 18]
    assert [len(one.lines) for one in (short, long, full)] == [1, 2, 2]


def test_matrix_is_the_darker_the_more() -> None:
    matrix = Matrix.of(
        ["One", "Two"], ["a", "b"], [[Cell(0, "0"), Cell(1, "1")], [Cell(None), Cell(0.5, "½")]]
    )
    assert [cell.shade for cell in matrix.cells] == [0.06, 0.38, None, 0.22]
    assert [(cell.x, cell.width) for cell in matrix.cells[:2]] == [(0.0, 49.5), (50.0, 49.5)]
    assert [line.text for line in matrix.lines] == ["One", "Two"]
    with pytest.raises(ValueError, match="one cell"):
        Matrix.of(["One"], ["a", "b"], [[Cell(1)]])


def test_time_line_joins_what_follows_each_other() -> None:
    line = TimeLine.of(
        [Row(0, label="2024"), Row(None, label="2025"), Row(4, 3, 5, (0, 2), "2026"), Row(2)]
    )
    assert [period.mark is None for period in line.periods] == [False, True, False, False]
    assert [(one.label, other.label) for one, other in line.steps] == [("2026", "")]
    band, whisker = line.periods[2].band, line.periods[2].whisker
    assert band is not None
    assert whisker is not None
    assert band.bottom == line.base
    assert whisker.top < line.periods[2].mark < whisker.bottom  # type: ignore[operator]
    assert line.periods[0].x - line.periods[0].left == pytest.approx(line.bar / 2)


def test_time_line_with_many_periods_names_some() -> None:
    line = TimeLine.of([Row(1, label=str(year)) for year in range(2000, 2030)])
    named = [period.label for period in line.periods if period.label]
    assert named[:2] == ["2000", "2005"]


def test_network_has_its_bold_ties_on_top_and_no_name_on_another() -> None:
    nodes = [
        Node(0.5, 0.5, "public", "City of Riverbend", is_named=True),
        Node(0.52, 0.5, "co-op", "Wheelhouse Cooperative", is_named=True),
        Node(1, 1, "both", "A federation with a name that is long", is_named=True),
        Node(0, 0, "other", "Bank"),
    ]
    drawn = Network.of(nodes, [(0, 1, True), (2, 3, False)])
    assert [thread.is_across for thread in drawn.threads] == [False, True]
    assert [one.text for one in drawn.names] == ["City of Riverbend", "A federation with a n…"]
    assert all(0 <= one.x <= drawn.width and one.y <= drawn.height for one in drawn.names)
    assert drawn.signs == ["public", "co-op", "both", "other"]


def test_every_state_has_a_tile_of_its_own() -> None:
    tiles = Tiles.of({"NY": Here(2, 1, 1), "TX": Here(0, 1), "AZ": Here(1), "GU": Here(1)})
    assert (
        len({(one.x, one.y) for one in tiles.tiles}) == len({one.code for one in tiles.tiles}) == 52
    )
    territories = {"AS", "GU", "MP", "VI"}
    assert {one.code for one in tiles.tiles} == {one.code for one in states()} - territories
    assert [(one.code, one.sign) for one in tiles.filled] == [
        ("AZ", "public"),
        ("NY", "both"),
        ("TX", "co-op"),
    ]
    assert tiles.elsewhere == ("Guam",)
    near = [
        math.hypot(one.x - other.x, one.y - other.y)
        for one in tiles.tiles
        for other in tiles.tiles
        if one.code < other.code
    ]
    assert min(near) > 51


numbers = st.one_of(st.none(), st.floats(), st.floats(0, 100))
rows = st.lists(
    st.builds(
        Row,
        numbers,
        numbers,
        numbers,
        st.one_of(st.none(), st.tuples(st.floats(), st.floats())),
        st.text(max_size=90),
        st.text(max_size=30),
        st.sampled_from(["right", "naive", "doubtful"]),
    ),
    max_size=6,
)


def across(drawing: Strip | Forest) -> Iterator[float]:
    yield from (tick.at for tick in drawing.axis.ticks)
    for row in drawing.rows:
        yield from (
            place for span in (row.band, row.whisker) if span for place in (span.start, span.end)
        )
        if row.mark is not None:
            yield row.mark


def down(drawing: Strip | Forest) -> list[float]:
    told = [0.0]
    for row in drawing.rows:
        told += [*(line.y for line in row.lines), row.top, row.middle, row.bottom]
    return [*told, drawing.base, drawing.height]


@given(rows)
def test_rows_never_leave_the_canvas(some: list[Row]) -> None:
    for drawing in (Strip.of(some), Forest.of(some)):
        assert all(0 <= place <= 100 for place in across(drawing))
        assert down(drawing) == sorted(down(drawing))
        assert 2 <= len(drawing.axis.ticks) <= 9
        for row in drawing.rows:
            for span in (row.band, row.whisker):
                assert span is None or span.width >= 0
            assert row.told is None or 0 < row.told.y <= row.top


@given(rows)
def test_time_lines_never_leave_the_canvas(some: list[Row]) -> None:
    line = TimeLine.of(some)
    for period in line.periods:
        assert line.start <= period.left < period.x < period.right <= 100
        tall = [one for one in (period.band, period.whisker) if one]
        assert all(line.top <= one.top <= one.bottom <= line.base for one in tall)
        assert period.mark is None or line.top <= period.mark <= line.base


@given(st.lists(st.lists(st.builds(Cell, numbers), min_size=3, max_size=3), max_size=5))
def test_matrices_never_leave_the_canvas(cells: list[list[Cell]]) -> None:
    matrix = Matrix.of(["A row"] * len(cells), ["a", "b", "c"], cells)
    for cell in matrix.cells:
        assert 0 <= cell.x < cell.x + cell.width <= 100
        assert 0 <= cell.y < cell.y + cell.height <= matrix.height
        assert cell.shade is None or 0.06 <= cell.shade <= 0.38


def figure(drawing: Drawing) -> Figure:
    table = Table([Column("Of", False), Column("Ratio")], [["<b>A</b>", "2"]])
    more = {"how": "So.", "csv": "a.csv", "command": "interlock x"}
    return Figure("one", "A title & more", drawing, "It is so.", table, **more)


DRAWINGS: list[Drawing] = [
    Strip.of([Row(6, 5, 8, (1, 7), "A", "6", "naive")]),
    Strip.of([]),
    Forest.of([Row(2.5, 0, INFINITY, None, "<i>", "2.5", "doubtful"), Row(1.5, 1, 2)]),
    Matrix.of(["A"], ["b"], [[Cell(0.5, "50")]]),
    TimeLine.of([Row(1, 0.5, 2, (0, 1), "2024"), Row(2, label="2025")]),
    Tiles.of({"NY": Here(1, 1, 1), "GU": Here(1)}),
    Network.of(
        [Node(0, 0, "public", "<b>City", is_named=True), Node(1, 1, "other", "Bank")],
        [(0, 1, False)],
    ),
]


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda one: one.name)
@pytest.mark.parametrize("paper", [False, True])
def test_figure_has_all_that_belongs_to_it(drawing: Drawing, paper: bool) -> None:
    page = render_to_string(
        "observatory/figures/figure.html", {"figure": figure(drawing), "paper": paper}
    )
    assert 'role="img"' in page
    assert '<title id="one-title">A title &amp; more' in page
    assert '<desc id="one-desc">It is so.</desc>' in page
    assert "What goes together is an association and not a cause." in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    assert "a.csv" in page
    assert ("<details>" in page, "interlock x" in page, "<style>" in page) == (not paper,) * 2 + (
        paper,
    )
    assert not re.search(r'style="|stroke="|None|nan|\binf\b', page)


def test_numbers_in_a_drawing_are_written_with_a_point_in_spanish_too() -> None:
    with translation.override("es"):
        page = render_to_string("observatory/figures/figure.html", {"figure": figure(DRAWINGS[0])})
    assert re.findall(r'[xyr12]="\d+,\d', page) == []


def test_paper_has_the_light_colours_of_the_style_sheet() -> None:
    sheet = (Path(press.__file__).parent / "static" / "look" / "interlock.css").read_text()
    light = dict(re.findall(r"--([a-z-]+): light-dark\((#\w+),", sheet))
    ink = render_to_string("observatory/figures/ink.html")
    names = {
        "fg": "green",
        "fc": "copper",
        "fe": "edge",
        "fl": "line",
        "fk": "card",
        "fi": "ink",
        "fh": "hatch",
    }
    assert dict(re.findall(r"\.(f\w)\s*\{\s*fill: (#\w+)", ink)) == {
        key: light[name] for key, name in names.items()
    }
    strokes = {
        "lg": "green",
        "lc": "copper",
        "ll": "line",
        "li": "ink",
        "lx": "edge",
        "lh": "hatch",
    }
    assert dict(re.findall(r"\.(l\w)\s*\{\s*stroke: (#\w+)", ink)) == {
        key: light[name] for key, name in strokes.items()
    }
