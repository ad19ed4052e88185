"""What the lists could have found."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.matrix import Cell, Matrix
from interlock.web.observatory.telling.observation import Observation
from interlock.web.observatory.telling.wording import Json, called_as, known, least_told, short


def power(observation: Observation) -> Figure | None:
    """What the lists could have found."""
    asked = [one for one in observation.results["power"] if one["at"]]
    if not asked:
        return None
    ratios = sorted({known(at["ratio"]) or 0.0 for one in asked for at in one["at"]})
    names = {
        "rates": _("Exact ratio of rates"),
        "redraw": called_as("redraw"),
        "odds": called_as("odds"),
    }
    cells, lines = [], []
    for one in asked:
        at = {known(power["ratio"]): known(power["value"]) for power in one["at"]}
        row = [at.get(ratio) for ratio in ratios]
        texts = ["–" if value is None else f"{100 * value:.0f}" for value in row]
        cells.append([Cell(value, text) for value, text in zip(row, texts, strict=True)])
        lines.append([names.get(one["test"], one["test"]), *texts, least_told(one["least"])])
    heads = [f"{ratio:g}×" for ratio in ratios]
    return observation.figure(
        "power",
        _("How often such lists would show a tie that is there"),
        Matrix.of([line[0] for line in lines], heads, cells, (0.0, 1.0)),
        _power_finding(observation, asked, ratios),
        Table([Column(_("Test"), False), *map(Column, heads), Column(_("Least found"))], lines),
        how=_(
            "Times in 100 in which a tie as strong as the number above would be found. The least found "
            "is the tie that is found in 80 of 100."
        ),
        csv="tables/power.csv",
        is_tie=False,
    )


def _power_finding(observation: Observation, asked: Sequence[Json], ratios: Sequence[float]) -> str:
    first = next(
        (one for one in asked if one["test"] == ("odds" if observation.is_odds else "redraw")),
        asked[0],
    )
    middle = ratios[len(ratios) // 2]
    at = next((one for one in first["at"] if known(one["ratio"]) == middle), first["at"][0])
    least = known(observation.results["verdict"]["least"])
    facts = {
        "ratio": f"{known(at['ratio']):g}",
        "times": f"{100 * (known(at['value']) or 0.0):.0f}",
        "least": "100" if least is None else short(least),
    }
    if least is None:
        return (
            _(
                "Were a tie of %(ratio)s times there, these lists would show it in %(times)s of 100 "
                "cases, and even one of %(least)s times in fewer than 80."
            )
            % facts
        )
    return (
        _(
            "Were a tie of %(ratio)s times there, these lists would show it in %(times)s of 100 cases; "
            "only from %(least)s times on would they show it in 80."
        )
        % facts
    )
