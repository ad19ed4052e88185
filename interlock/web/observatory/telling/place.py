"""Where the two are: by state, by distance, and with the map cut otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from interlock.methods.formats.formulas import unguarded
from interlock.methods.places.states import state_of, states
from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.rows import Row
from interlock.web.observatory.figures.tiles import Here, Tiles
from interlock.web.observatory.figures.timeline import TimeLine
from interlock.web.observatory.telling.observation import Observation
from interlock.web.observatory.telling.wording import (
    amount,
    known,
    p_text,
    ratio_cells,
    ratio_row,
    unit_told,
)

# Postal codes by FIPS code, for areas whose codes begin with it.
_BY_FIPS = {state.fips: state.code for state in states()}


def by_state(observation: Observation) -> Figure | None:
    """The states of the United States, where every area is known to lie in one."""
    rows = observation.package.table("areas")
    codes = [state_in(row) for row in rows]
    if not rows or not all(codes):
        return None
    here: dict[str, Here] = {}
    for code, row in zip(codes, rows, strict=True):
        before, marked, having = (
            here.get(code, Here()),
            row["marked"] == "true",
            row["count"] != "0",
        )
        here[code] = Here(
            before.public + marked, before.coops + having, before.both + (marked and having)
        )
    tiles = Tiles.of(here)
    public = sum(1 for one in tiles.tiles if one.here.public)
    both = sum(1 for one in tiles.tiles if one.sign == "both")
    return observation.figure(
        "map",
        _("Where they are"),
        tiles,
        _(
            "States in which the lists name areas with participatory budgeting: %(public)s. Those of "
            "them in which they name worker co-ops too: %(both)s."
        )
        % {"public": public, "both": both},
        Table(
            [
                Column(_("State"), False),
                Column(_("Areas with participatory budgeting")),
                Column(_("Areas with co-ops")),
                Column(_("Both")),
            ],
            [
                [one.name, str(one.here.public), str(one.here.coops), str(one.here.both)]
                for one in tiles.filled
            ],
        ),
        how=_("An area that lies in several states stands in the first that its name tells.")
        if not any(row["region"] for row in rows)
        else "",
        csv="tables/areas.csv",
    )


def distances(observation: Observation) -> Figure | None:
    points = observation.results["points"]
    if points is None or not points["distances"]:
        return None
    rows, lines = [], []
    beyond = []
    for one in points["distances"]:
        low, high = known(one["low"]), known(one["high"])
        band = None if low is None or high is None else (low, high)
        label = f"{known(one['km']) or 0.0:.0f}"
        pairs = known(one["pairs"])
        rows.append(Row(pairs, chance=band, label=label))
        lines.append(
            [label, *(amount(known(one[name])) for name in ("pairs", "mean", "low", "high"))]
        )
        if one["beyond"]:
            beyond.append(label)
    finding = (
        _("Within %(km)s km there are more co-ops near participatory budgets than chance gives.")
        % {"km": ", ".join(beyond)}
        if beyond
        else _("At no distance are there more co-ops near participatory budgets than chance gives.")
    )
    return observation.figure(
        "distances",
        _("At which distance"),
        TimeLine.of(rows),
        finding,
        Table(
            [
                Column(_("Within km"), False),
                Column(_("Co-ops near")),
                Column(_("Mean by chance")),
                Column(_("95 %, from")),
                Column(_("to")),
            ],
            lines,
        ),
        how=_(
            "Across: kilometres. Up: co-ops within that distance of a town with participatory budgeting. "
            "Chance is as many of %(towns)s towns, drawn by their people; the band holds for the whole "
            "curve."
        )
        % {"towns": f"{points['candidates']:,}"},
        csv="tables/distances.csv",
    )


def scales(observation: Observation) -> Figure | None:
    points = observation.results["points"]
    asked = [] if points is None else points["scales"]
    rows, lines = [], []
    for one in asked:
        unit = unit_told(one["unit"])
        if one["ratio"] is not None:
            numbers = {"value": one["ratio"], "low": one["low"], "high": one["high"]}
            rows.append(ratio_row(numbers, unit, "right"))
            cells = ratio_cells(numbers)
        else:
            cells = ["–", "–", "–"]
        lines.append(
            [
                unit,
                f"{one['areas']:,}",
                f"{one['marked']:,}",
                *cells,
                p_text(known(one["redraw_p_more"])),
            ]
        )
    if not rows:
        return None
    above = sum(1 for row in rows if row.low is not None and row.low > 1)
    return observation.figure(
        "scales",
        _("The map cut otherwise"),
        Forest.of(rows),
        _("Of %(many)s ways to cut the map, %(above)s show more co-ops than size predicts.")
        % {"many": len(rows), "above": above},
        Table(
            [
                Column(_("Cut into"), False),
                Column(_("Areas")),
                Column(_("With participatory budgeting")),
                Column(_("Ratio")),
                Column(_("95 %, from")),
                Column(_("to")),
                Column(_("Chance gives as much")),
            ],
            lines,
        ),
        how=_("An answer that holds by one cutting and not by another is about the cutting."),
        csv="tables/scales.csv",
    )


def state_in(row: Mapping[str, str]) -> str:
    """The postal code of the state that an area lies in; empty where it cannot be told.

    By its region, or the first state that the end of its name tells ("New York-Newark, NY-NJ-PA"). Numbers
    are states only where the area's own code begins with them: other countries number theirs too.
    """
    said = unguarded(row["region"]).strip()
    if said.isdigit():
        return (
            _BY_FIPS.get(said, "") if len(row["code"]) == 5 and row["code"].startswith(said) else ""
        )
    if not said:
        said = unguarded(row["name"]).rpartition(",")[2].partition("-")[0].strip()
        if len(said) != 2:
            return ""
    state = state_of(said)
    return "" if state is None else state.code
