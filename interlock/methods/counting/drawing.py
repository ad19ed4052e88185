"""The table of several rules as a picture: one SVG file that stands alone.

Plain text, no script, no font and no address outside. Colours follow the reader's light or dark
setting; a funded project is a filled square with a tick, so nothing is told by colour alone. What
the picture shows is also in its description, and `tables.comparison_html` is its table twin.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from interlock.methods.counting.exact import rounded_text
from interlock.methods.counting.tables import FUNDED, cut, percent, printable

if TYPE_CHECKING:
    from interlock.methods.counting.comparison import SideBySide

# The site's colours (`look/static/look/interlock.css`), which a file of its own must bring along.
_STYLE = """
svg { background: #faf6ed; font: 13px -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif }
text { fill: #19211c } .s { fill: #525b54 } .h { font-size: 20px; font-family: Georgia, serif }
.l { stroke: #dbd3c2 } .g { fill: #0c5a42 } .t { fill: #fff; font-weight: 700 }
.o { fill: none; stroke: #7d7768 } .e { text-anchor: end } .m { text-anchor: middle }
.b { fill: #e2eee4 }
@media (prefers-color-scheme: dark) {
svg { background: #131715 } text { fill: #edebe3 } .s { fill: #adb6ae } .l { stroke: #384139 }
.g { fill: #72d2a8 } .t { fill: #05241a } .o { stroke: #858e86 } .b { fill: #1a3027 }
}
"""
_LABEL, _CELL, _ROW, _SIDE, _BAR = 330, 44, 26, 20, 220
_MOST_LETTERS = 44


def comparison_svg(
    table: SideBySide,
    *,
    title: str = "",
    names: Mapping[str, str] | None = None,
    currency: str = "",
) -> str:
    """Draw which rule funds which project, and below how much each spends and whom it reaches.

    `title` and `names` are escaped. The text can be written to a file as it is, in UTF-8.
    """
    counted = table.counted
    heads = 24 + round(0.72 * 7.2 * max((len(one.rule) for one in counted), default=0))
    top = 44 + heads
    below = top + _ROW * len(table.projects) + 44
    right = _SIDE + _LABEL + _CELL * len(counted)
    width = max(right + heads, _SIDE + 180 + 2 * (_BAR + 130)) + _SIDE
    height = below + _ROW * (len(counted) + 1) + _SIDE
    parts = [_text(_SIDE, 32, cut(title, 80) or f"{table.votes:,} ballots", "h")]
    for number, one in enumerate(counted):
        x, y = _SIDE + _LABEL + _CELL * number + _CELL // 2, top - 12
        turned = f'transform="rotate(-45 {x} {y})"'
        parts.append(f'<text x="{x}" y="{y}" {turned}>{escape(one.rule)}</text>')
    for row, project in enumerate(table.by_agreement()):
        y = top + _ROW * row
        name = project if names is None else names.get(project, project)
        parts.append(f'<path class="l" d="M{_SIDE} {y}H{right}"/>')
        parts.append(_text(_SIDE, y + 18, cut(name, _MOST_LETTERS)))
        for number, one in enumerate(counted):
            x = _SIDE + _LABEL + _CELL * number + _CELL // 2
            funded = one.result is not None and project in one.result.funded
            parts.append(_cell(x, y + _ROW // 2, funded))
    parts += _bars(table, below, currency)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="title desc">'
        f'<title id="title">{escape(title or "Rules side by side")}</title>'
        f'<desc id="desc">{escape(_description(table, names))}</desc>'
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>\n"
    )


def _bars(table: SideBySide, y: int, currency: str) -> list[str]:
    """Under the squares: for each rule, which part of voters it reaches and of the budget it spends."""
    first, second = _SIDE + 180, _SIDE + 180 + _BAR + 130
    parts = [
        _text(first, y - 8, "Voters with a funded project", "s"),
        _text(second, y - 8, f"Spent, {currency}" if currency else "Spent", "s"),
    ]
    for number, one in enumerate(table.counted):
        found, line = one.measures, y + _ROW * number
        if found is None:
            continue
        parts.append(_text(_SIDE, line + 18, cut(one.rule, 24)))
        reached = percent(found.reached, table.votes)
        spent = rounded_text(Fraction(found.spent), table.unit)
        parts += _bar(first, line, found.reached, table.votes, reached)
        parts += _bar(second, line, found.spent, table.budget, spent)
    return parts


def _bar(x: int, y: int, part: int, whole: int, value: str) -> list[str]:
    long = _BAR * part // whole if whole else 0
    return [
        f'<rect class="b" x="{x}" y="{y + 6}" width="{_BAR}" height="14"/>',
        f'<rect class="g" x="{x}" y="{y + 6}" width="{min(long, _BAR)}" height="14"/>',
        _text(x + _BAR + 8, y + 18, value),
    ]


def _cell(x: int, y: int, funded: bool) -> str:
    if not funded:
        return f'<circle class="o" cx="{x}" cy="{y}" r="3"/>'
    square = f'<rect class="g" x="{x - 10}" y="{y - 10}" width="20" height="20" rx="3"/>'
    return square + _text(x, y + 5, FUNDED, "t m")


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    marked = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{marked}>{escape(printable(text))}</text>'


def _description(table: SideBySide, names: Mapping[str, str] | None) -> str:
    told = []
    for project in table.by_agreement():
        name = project if names is None else names.get(project, project)
        rules = ", ".join(table.funded_by(project))
        told.append(f"{name}: funded by {rules}." if rules else f"{name}: funded by none.")
    return printable(" ".join(told))
