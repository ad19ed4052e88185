"""What was found at first sight, with people taken into account, and beside chance."""

from __future__ import annotations

from django.utils.translation import gettext as _

from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.rows import Row
from interlock.web.observatory.figures.strip import Strip
from interlock.web.observatory.telling.observation import Observation
from interlock.web.observatory.telling.wording import (
    Json,
    amount,
    called,
    known,
    least_told,
    p_text,
    ratio_cells,
    ratio_row,
    short,
    standing,
    told,
)


def ratios(observation: Observation) -> Figure | None:
    """Every ratio, the naive one first, those that decide next."""
    asked = [
        one for one in observation.answers if one["ratio"] is not None and one["test"] != "control"
    ]
    if not asked:
        return None
    order = {"naive": 0, "right": 2, "doubtful": 3, "check": 4}
    deciding = observation.results["verdict"]["deciding"]
    asked.sort(key=lambda one: 1 if one["test"] in deciding else order[one["standing"]])
    rows, lines = [], []
    for one in asked:
        row = ratio_row(one["ratio"], called(one), standing(one))
        rows.append(row)
        lines.append([called(one), *ratio_cells(one["ratio"]), least_told(one["least"])])
    return observation.figure(
        "ratios",
        _("At first sight, and with the number of people taken into account"),
        Forest.of(rows),
        _ratios_finding(observation),
        Table(
            [
                Column(_("Test"), False),
                Column(_("Ratio")),
                Column(_("95 %, from")),
                Column(_("to")),
                Column(_("Least found")),
            ],
            lines,
        ),
        how=_(
            "How many times as often areas with participatory budgeting have worker co-ops. The line "
            "through a mark is what goes with the lists; where it crosses the dashed line, no "
            "difference at all goes with them too."
        ),
        csv="tables/ratios.csv",
    )


def _ratios_finding(observation: Observation) -> str:
    naive, ratio = observation.by_test.get("odds-alone"), observation.results["verdict"]["ratio"]
    if ratio is None:
        return _("No model that takes people into account has an answer here.")
    numbers = {name: short(known(ratio[name]) or 0.0) for name in ("value", "low", "high")}
    if naive is None:
        text = (
            _(
                "With the number of people taken into account it is %(value)s times the odds, and "
                "anything from %(low)s to %(high)s goes with the lists."
            )
            if observation.is_odds
            else _(
                "With the number of people taken into account it is %(value)s times the rate, and "
                "anything from %(low)s to %(high)s goes with the lists."
            )
        )
        return text % numbers
    numbers["naive"] = short(known(naive["ratio"]["value"]) or 0.0)
    text = (
        _(
            "At first sight it is %(naive)s times the odds; with the number of people taken into "
            "account %(value)s times, and anything from %(low)s to %(high)s goes with the lists."
        )
        if observation.is_odds
        else _(
            "At first sight it is %(naive)s times the odds; with the number of people taken into "
            "account %(value)s times the rate, and anything from %(low)s to %(high)s goes with the "
            "lists."
        )
    )
    return text % numbers


def chances(observation: Observation) -> Figure | None:
    """The redraw that decides, and all others that count the same."""
    test = observation.results["verdict"]["deciding"][1]
    deciding = observation.by_test.get(test) or observation.by_test.get("redraw")
    if deciding is None:
        return None
    same = {deciding["chance"]["statistic"]}
    if observation.results["areas"]["is_yes_no"]:
        same |= {"count", "areas with both"}
    asked = [
        one
        for one in observation.answers
        if one["chance"] is not None and one["chance"]["statistic"] in same
    ]
    asked.sort(key=lambda one: (one is not deciding, one["standing"] != "right"))
    rows, lines = [], []
    for one in asked:
        chance = one["chance"]
        found, low, high, mean = (
            known(chance[name]) for name in ("observed", "low", "high", "mean")
        )
        text = _("%(found)s; chance: %(low)s to %(high)s") % {
            "found": amount(found),
            "low": amount(low),
            "high": amount(high),
        }
        band = None if low is None or high is None else (low, high)
        rows.append(Row(found, chance=band, label=called(one), told=text, standing=standing(one)))
        numbers = [amount(each) for each in (found, mean, low, high)]
        lines.append([called(one), *numbers, p_text(known(chance["p_more"]))])
    return observation.figure(
        "chances",
        _("What was found, beside what chance gives"),
        Strip.of(rows),
        _chance_finding(observation, deciding["chance"]),
        Table(
            [
                Column(_("Test"), False),
                Column(_("Found")),
                Column(_("Mean by chance")),
                Column(_("95 %, from")),
                Column(_("to")),
                Column(_("Chance gives as much")),
            ],
            lines,
        ),
        how=told(deciding["why"]) if deciding["why"] else "",
        csv="tables/chances.csv",
    )


def _chance_finding(observation: Observation, chance: Json) -> str:
    found, low, high, often = (
        known(chance[name]) for name in ("observed", "low", "high", "p_more")
    )
    facts = {
        "found": amount(found),
        "low": amount(low),
        "high": amount(high),
        "often": p_text(often, as_share=True),
    }
    if chance["statistic"] == "excess":
        return (
            _(
                "Co-ops beyond what people predict, in units of what varies anyway: %(found)s, where "
                "chance alone gives from %(low)s to %(high)s, and as much or more in %(often)s of 100 "
                "cases."
            )
            % facts
        )
    if observation.results["areas"]["is_yes_no"]:
        return (
            _(
                "%(found)s areas have both; chance alone gives from %(low)s to %(high)s where large "
                "areas are drawn more often, and as many or more in %(often)s of 100 cases."
            )
            % facts
        )
    return (
        _(
            "%(found)s co-ops are where participatory budgeting is; chance alone gives from %(low)s to "
            "%(high)s where large areas are drawn more often, and as many or more in %(often)s of 100 "
            "cases."
        )
        % facts
    )
