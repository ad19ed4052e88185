"""Numbers of the results, and reasons, as a reader is told them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from interlock.methods.observatory.reasons import MOST_TOLD, Reason, sentence, title
from interlock.methods.observatory.reasons import short as figures_of
from interlock.web.observatory.figures.rows import Row, Standing

_ENDS = {"INF": math.inf, "-INF": -math.inf}

Json = Mapping[str, Any]


def known(value: float | str | None) -> float | None:
    """A number of the results: INF has no end, null is none."""
    return _ENDS[value] if isinstance(value, str) else value


def short(ratio: float) -> str:
    """A ratio in two figures; beyond what anybody can tell apart, only that it is."""
    if MOST_TOLD <= ratio < math.inf:
        return f">\u00a0{MOST_TOLD:,}"
    if 0 < ratio <= 1 / MOST_TOLD:
        return f"<\u00a0{1 / MOST_TOLD:.4f}"
    return figures_of(ratio)


def amount(value: float | None) -> str:
    """A number that was counted, or its mean."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:,.1f}"
    return text.replace("-", "−")


def p_text(chance: float | None, *, as_share: bool = False) -> str:
    """How often chance gives as much: 0.15; as a share, 15 of 100."""
    if chance is None:
        return "–"
    if as_share:
        return "<\u00a01" if chance < 0.01 else f"{100 * chance:.0f}"
    if chance < 0.0001:
        return "<\u00a00.0001"
    return f"{chance:.4f}" if chance < 0.01 else f"{chance:.2f}"


def told(reason: Json) -> str:
    """A reason in the reader's language; in the words of its file where its kind is not known here."""
    try:
        return sentence(Reason(reason["kind"], reason["facts"]), gettext=_)
    except (KeyError, TypeError, ValueError):
        return str(reason["sentence"])


def called(answer: Json) -> str:
    """What a test is called."""
    try:
        return title(answer["test"], gettext=_)
    except KeyError:
        return str(answer["title"])


def called_as(test: str) -> str:
    return title(test, gettext=_)


def standing(answer: Json) -> Standing:
    standing = answer["standing"]
    return "naive" if standing == "naive" else "doubtful" if standing == "doubtful" else "right"


def ratio_row(ratio: Json, label: str, standing: Standing) -> Row:
    value, low, high = (known(ratio[name]) for name in ("value", "low", "high"))
    text = "–" if value is None else short(value)
    if low is not None and high is not None:
        text = f"{text} ({short(low)}–{short(high)})"
    return Row(value, low, high, label=label, told=text, standing=standing)


def ratio_cells(ratio: Json) -> list[str]:
    numbers = (known(ratio[name]) for name in ("value", "low", "high"))
    return ["–" if number is None else short(number) for number in numbers]


def least_told(least: float | str | None) -> str:
    value = known(least)
    return "–" if value is None else f"{short(value)}×"


def unit_told(unit: str) -> str:
    """A unit of the map in the reader's language."""
    words = unit.split()
    if words[:2] == ["hexagon", "of"] and len(words) == 4:
        return _("Hexagons of %(km)s km") % {"km": words[2]}
    return {"state": _("States"), "county": _("Counties")}.get(unit, unit)
