"""Counts as tables: text for a terminal, HTML for a notebook, a data frame where pandas is.

Values in, text out; nothing here decides anything. All text from an election is escaped: project
ids and names are what strangers wrote. This module imports no numpy.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from interlock.methods.counting.exact import rounded_text
from interlock.methods.counting.reasons import sentence

if TYPE_CHECKING:
    from interlock.methods.counting.comparison import Column, SideBySide
    from interlock.methods.counting.result import Result

Money = Callable[[Fraction], str]

FUNDED = "✓"
_NARROWEST_LABEL = 20
_WIDEST_LABEL = 60
_GAP = 2


def percent(part: int, whole: int) -> str:
    """A share for reading, with one decimal; "–" of nothing.

    >>> percent(2, 3), percent(0, 0)
    ('66.7 %', '–')
    """
    return f"{100 * part / whole:.1f} %" if whole else "–"


def label(project: str, names: Mapping[str, str] | None = None) -> str:
    """What a project is called, on one line: its id, and its name where it has one."""
    name = project if names is None else names.get(project, project)
    text = project if name == project else f"{project}  {name}"
    return printable(text)


def printable(text: str) -> str:
    """Text from a stranger's file: nothing in it may steer a terminal, or break an XML file."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def cut(text: str, width: int) -> str:
    """At most so many letters of it, the last one "…" where some are missing."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def measure_rows(table: SideBySide, currency: str = "") -> list[tuple[str, list[str]]]:
    """The rows under the projects: what is measured, and its value by each rule that counted.

    The currency stands in the row's name, so that columns stay narrow.
    """
    found = [column.measures for column in table.columns if column.measures is not None]
    money, unit = (f", {printable(currency)}" if currency else ""), table.unit
    return [
        ("Projects funded", [f"{one.funded:,}" for one in found]),
        (f"Spent{money}", [rounded_text(Fraction(one.spent), unit) for one in found]),
        ("Voters reached", [percent(one.reached, table.votes) for one in found]),
        (f"Mean per voter{money}", [_mean(one.average, unit) for one in found]),
        ("Inequality (Gini)", [f"{float(one.gini):.3f}" for one in found]),
        ("Groups wronged", [f"{one.wronged:,}" for one in found]),
    ]


def _mean(amount: Fraction, unit: int) -> str:
    """A mean of money: from a hundred on nobody reads its cents."""
    whole = amount >= 100 * unit
    return rounded_text(Fraction(round(amount / unit)), 1) if whole else rounded_text(amount, unit)


def comparison_text(
    table: SideBySide,
    width: int,
    *,
    names: Mapping[str, str] | None = None,
    currency: str = "",
) -> str:
    """The table for reading, at most `width` columns wide: projects are rows, rules are columns.

    `names` are what projects are called. Where the rules' names are too long for the width they
    are numbered; where the columns do not fit beside each other the table goes on below.
    """
    labels = {project: label(project, names) for project in table.projects}
    measures = measure_rows(table, currency)
    counted = table.counted
    heads, legend = [column.rule for column in counted], list[str]()
    widths = _widths(heads, measures)
    if sum(widths) + _NARROWEST_LABEL + _GAP > width:
        legend = [f"{number}  {head}" for number, head in enumerate(heads, 1)]
        heads = [str(number) for number in range(1, len(heads) + 1)]
        widths = _widths(heads, measures)
    longest = max(map(len, [*labels.values(), *(name for name, _ in measures)]))
    blocks = ["\n".join(legend)] if legend else []
    for part in _parts(widths, width - _NARROWEST_LABEL):
        room = min(longest, _WIDEST_LABEL, width - sum(widths[c] for c in part))
        room = max(room, _NARROWEST_LABEL)

        def line(head: str, cells: Sequence[str], part: Sequence[int] = part, w: int = room) -> str:
            aligned = "".join(f"{cells[c]:>{widths[c]}}" for c in part)
            return f"{cut(head, w):<{w}}{aligned}".rstrip()

        lines = [line("", heads)]
        for project in table.by_agreement():
            marks = [FUNDED if _funds(column, project) else "" for column in counted]
            lines.append(line(labels[project], marks))
        lines.append("-" * (room + sum(widths[c] for c in part)))
        lines += [line(name, values) for name, values in measures]
        blocks.append("\n".join(lines))
    refused = (f"{one.rule}: not counted. {one.refusal}" for one in table.columns if one.refusal)
    blocks += [textwrap.fill(text, width) for text in refused]
    return "\n\n".join(blocks)


def comparison_html(
    table: SideBySide, *, names: Mapping[str, str] | None = None, currency: str = ""
) -> str:
    """The table as HTML: one `<table>`, headings by `scope`, no style and no script."""
    told = _plain(table.unit)
    cost = dict(zip(table.projects, table.costs, strict=True))
    votes = dict(zip(table.projects, table.supporters, strict=True))
    heads = ["Project", "Cost", "Votes", *(column.rule for column in table.counted)]
    rows = []
    for project in table.by_agreement():
        marks = [FUNDED if _funds(column, project) else "" for column in table.counted]
        cells = [told(Fraction(cost[project])), f"{votes[project]:,}", *marks]
        rows.append((label(project, names), cells))
    foot = [(name, ["", "", *values]) for name, values in measure_rows(table, currency)]
    budget = f"{told(Fraction(table.budget))} {currency}".strip()
    caption = f"{table.votes:,} ballots, {budget}, by {len(heads) - 3} rules"
    notes = (f"<p>{escape(one.refusal)}</p>" for one in table.columns if one.refusal)
    return _html(caption, heads, rows, foot) + "".join(notes)


def result_html(
    result: Result, *, names: Mapping[str, str] | None = None, money: Money | None = None
) -> str:
    """One count as HTML: funded projects in the order of funding, then the others by votes.

    `Result._repr_html_` is this, so that a notebook shows it.
    """
    told = money or _plain(result.unit)
    turn = {project: place for place, project in enumerate(result.funded)}
    rows = sorted(
        zip(result.outcomes, result.costs, result.supporters, strict=True),
        key=lambda row: (turn.get(row[0].project, len(turn)), -row[2]),
    )
    body = [
        (
            label(outcome.project, names),
            [
                FUNDED if outcome.funded else "",
                told(Fraction(cost)),
                f"{votes:,}",
                sentence(outcome.reason, money=told, number="{:,}".format),
            ],
        )
        for outcome, cost, votes in rows
    ]
    spent, budget = told(Fraction(result.spent)), told(Fraction(result.budget))
    caption = f"{result.rule}: {len(result.funded):,} funded, {spent} of {budget}, "
    heads = ["Project", "Funded", "Cost", "Votes", "Why"]
    return _html(f"{caption}{result.votes:,} ballots", heads, body, [])


def framed(index: str, rows: Sequence[str], columns: Mapping[str, Sequence[Any]]) -> Any:
    """A pandas DataFrame of these columns, its rows named.

    Raises ModuleNotFoundError, in a sentence, where pandas is not installed.
    """
    try:
        pandas = import_module("pandas")
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            "A data frame needs pandas, which is not installed. Install it with "
            "`pip install pandas`, or take to_arrays(), which needs numpy only."
        ) from None
    return pandas.DataFrame(
        {name: list(values) for name, values in columns.items()},
        index=pandas.Index(list(rows), name=index),
    )


def result_frame(result: Result) -> Any:
    """One count as a pandas DataFrame: a row a project. Raises as `framed` does."""
    return framed(
        "project",
        result.projects,
        {
            "cost": result.costs,
            "votes": result.supporters,
            "funded": [outcome.funded for outcome in result.outcomes],
            "reason": [outcome.reason.kind for outcome in result.outcomes],
        },
    )


def _plain(unit: int) -> Money:
    return lambda amount: rounded_text(amount, unit)


def _funds(column: Column, project: str) -> bool:
    return column.result is not None and project in column.result.funded


def _widths(heads: Sequence[str], measures: Sequence[tuple[str, Sequence[str]]]) -> list[int]:
    cells = zip(heads, *(values for _, values in measures), strict=True)
    return [max(map(len, column)) + _GAP for column in cells]


def _parts(widths: Sequence[int], room: int) -> list[list[int]]:
    """Columns that fit beside each other, at least one each time, about as many in each part."""
    parts: list[list[int]] = [[]]
    for column, wide in enumerate(widths):
        if parts[-1] and sum(widths[c] for c in parts[-1]) + wide > room:
            parts.append([])
        parts[-1].append(column)
    size = -(-len(widths) // len(parts))
    even = [list(range(n, min(n + size, len(widths)))) for n in range(0, len(widths), size or 1)]
    fits = all(len(part) == 1 or sum(widths[c] for c in part) <= room for part in even)
    return [part for part in (even if fits else parts) if part]


def _html(
    caption: str,
    heads: Sequence[str],
    body: Sequence[tuple[str, Sequence[str]]],
    foot: Sequence[tuple[str, Sequence[str]]],
) -> str:
    def row(head: str, cells: Sequence[str]) -> str:
        told = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        return f'<tr><th scope="row">{escape(head)}</th>{told}</tr>'

    def part(name: str, rows: Sequence[tuple[str, Sequence[str]]]) -> str:
        inside = "".join(row(*one) for one in rows)
        return f"<{name}>{inside}</{name}>" if rows else ""

    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"{part('tbody', body)}{part('tfoot', foot)}</table>"
    )
