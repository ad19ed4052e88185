"""What the answer hangs on: one area, and a cause that brings anything."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interlock.methods.formats.formulas import unguarded
from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.rows import Row
from interlock.web.observatory.telling.observation import Observation
from interlock.web.observatory.telling.wording import known, ratio_cells, ratio_row, short

#: A picture of the deciding ratio without each area shows so many from either end.
MOST_LEFT_OUT = 8


def left_out(observation: Observation) -> Figure | None:
    """The deciding ratio without each marked area, from the least to the greatest."""
    names = {row["code"]: unguarded(row["name"]) for row in observation.package.table("areas")}
    values = [
        (code, known(value)) for code, value in observation.results["left_out"]["values"].items()
    ]
    answered = sorted(
        ((code, value) for code, value in values if value is not None),
        key=lambda one: (one[1], one[0]),
    )
    whole = observation.results["verdict"]["ratio"]
    if len(answered) < 2 or whole is None:
        return None
    shown = answered
    if len(answered) > 2 * MOST_LEFT_OUT:
        shown = [*answered[:MOST_LEFT_OUT], *answered[-MOST_LEFT_OUT:]]
    rows = [ratio_row(whole, _("With all areas"), "right")]
    rows += [Row(value, label=names.get(code) or code, told=short(value)) for code, value in shown]
    facts = {
        "least": short(answered[0][1]),
        "first": names.get(answered[0][0]) or answered[0][0],
        "most": short(answered[-1][1]),
        "last": names.get(answered[-1][0]) or answered[-1][0],
    }
    return observation.figure(
        "left-out",
        _("Without one area at a time"),
        Forest.of(rows),
        _(
            "Without one area the ratio lies between %(least)s (without %(first)s) and %(most)s (without "
            "%(last)s)."
        )
        % facts,
        Table(
            [Column(_("Left out"), False), Column(_("Ratio"))],
            [[names.get(code) or code, short(value)] for code, value in shown],
        ),
        how=_left_out_how(len(values) - len(answered), len(answered) - len(shown)),
        csv="tables/left_out.csv",
    )


def _left_out_how(without: int, hidden: int) -> str:
    told_too = []
    if hidden:
        told_too.append(_("Those at either end are shown; the file has all."))
    if without:
        told_too.append(
            ngettext(
                "Without %(number)s area there is no answer at all.",
                "Without %(number)s of the areas, each left out alone, there is no answer at all.",
                without,
            )
            % {"number": without}
        )
    return " ".join(told_too)


def control(observation: Observation) -> Figure | None:
    """Worker co-ops beside the negative control."""
    found = observation.results["control"]
    if found is None:
        return None
    names = {
        "own": _("Worker co-ops"),
        "control": _("The negative control"),
        "beyond": _("Worker co-ops beyond it"),
    }
    beyond = found["beyond"]
    return observation.figure(
        "control",
        _("Beside something that should show no tie"),
        Forest.of([ratio_row(found[key], name, "right") for key, name in names.items()]),
        _(
            "Worker co-ops are %(value)s times as far beyond what size predicts as the negative control, "
            "and anything from %(low)s to %(high)s goes with the lists."
        )
        % {name: short(known(beyond[name]) or 0.0) for name in ("value", "low", "high")},
        Table(
            [
                Column(_("Of"), False),
                Column(_("Ratio")),
                Column(_("95 %, from")),
                Column(_("to")),
            ],
            [[name, *ratio_cells(found[key])] for key, name in names.items()],
        ),
        csv="tables/control.csv",
    )
