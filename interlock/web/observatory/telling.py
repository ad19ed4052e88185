"""One observation told: its figures and sentences, made of the numbers of its data package and no others.

In the language that is active. What another version of the library has said of itself in a kind that is
not known here is told in its own words, English.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interlock.methods.formats.formulas import unguarded
from interlock.methods.formats.observed_packages import ObservedPackage
from interlock.methods.observatory.reasons import MOST_TOLD, Reason, sentence, title
from interlock.methods.observatory.reasons import short as figures_of
from interlock.methods.places.states import state_of, states
from interlock.web.observatory.figures.figure import Column, Drawing, Figure, Table
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.matrix import Cell, Matrix
from interlock.web.observatory.figures.rows import Row, Standing
from interlock.web.observatory.figures.strip import Strip
from interlock.web.observatory.figures.tiles import Here, Tiles
from interlock.web.observatory.figures.timeline import TimeLine

#: A picture of the deciding ratio without each area shows so many from either end.
MOST_LEFT_OUT = 8
_ENDS = {"INF": math.inf, "-INF": -math.inf}
# Postal codes by FIPS code, for areas whose codes begin with it.
_BY_FIPS = {state.fips: state.code for state in states()}

Json = Mapping[str, Any]


@dataclass(frozen=True)
class NotAsked:
    """Tests that have no answer, and why."""

    tests: str
    why: str


@dataclass(frozen=True, eq=False)
class Told:
    """An observation for reading."""

    package: ObservedPackage

    @property
    def results(self) -> Json:
        return self.package.results

    @property
    def is_synthetic(self) -> bool:
        return bool(self.results.get("synthetic"))

    @property
    def command(self) -> str:
        return shlex.join(self.results["command"])

    @property
    def kind(self) -> str:
        return str(self.results["verdict"]["kind"])

    @property
    def headline(self) -> str:
        """The finding in a few words."""
        return {
            "together": _("They go together, beyond what size predicts"),
            "apart": _("They keep apart, beyond what size predicts"),
            "alike": _("No tie beyond size"),
            "depends": _("It depends on what chance is taken to be"),
            "control": _("Together, but perhaps by a cause of both"),
            "cannot-tell": _("These lists cannot tell"),
        }.get(self.kind, _("These lists give no answer"))

    @property
    def finding(self) -> str:
        return told(self.results["finding"])

    @cached_property
    def answers(self) -> list[Json]:
        return [one for one in self.results["answers"] if one["reason"] is None]

    @cached_property
    def _by_test(self) -> dict[str, Json]:
        return {one["test"]: one for one in self.answers}

    @property
    def is_odds(self) -> bool:
        return bool(self.results["verdict"]["measure"] == "odds")

    @property
    def facts(self) -> list[tuple[str, str, bool]]:
        """What was asked of: a number, what it is, and whether it is of co-ops."""
        areas = self.results["areas"]
        rows = [
            (
                areas["areas"],
                _("areas, with %(people)s people") % {"people": f"{areas['people']:,}"},
                False,
            ),
            (areas["marked"], _("with participatory budgeting"), False),
            (areas["having"], _("with worker co-ops on the list"), True),
            (areas["both"], _("with both"), True),
        ]
        if not areas["is_yes_no"]:
            rows.insert(3, (areas["counted"], _("worker co-ops"), True))
        return [(f"{number:,}", what, of_coops) for number, what, of_coops in rows]

    def _figure(
        self, name: str, head: str, drawing: Drawing, finding: str, table: Table, **more: Any
    ) -> Figure:
        return Figure(name, head, drawing, finding, table, command=self.command, **more)

    @cached_property
    def ratios(self) -> Figure | None:
        """Every ratio, the naive one first, those that decide next."""
        asked = [
            one for one in self.answers if one["ratio"] is not None and one["test"] != "control"
        ]
        if not asked:
            return None
        order = {"naive": 0, "right": 2, "doubtful": 3, "check": 4}
        deciding = self.results["verdict"]["deciding"]
        asked.sort(key=lambda one: 1 if one["test"] in deciding else order[one["standing"]])
        rows, lines = [], []
        for one in asked:
            row = _ratio_row(one["ratio"], called(one), _standing(one))
            rows.append(row)
            lines.append([called(one), *_ratio_cells(one["ratio"]), _least(one["least"])])
        return self._figure(
            "ratios",
            _("At first sight, and with the number of people taken into account"),
            Forest.of(rows),
            self._ratios_finding(),
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

    def _ratios_finding(self) -> str:
        naive, ratio = self._by_test.get("odds-alone"), self.results["verdict"]["ratio"]
        if ratio is None:
            return _("No model that takes people into account has an answer here.")
        numbers = {name: short(known(ratio[name]) or 0.0) for name in ("value", "low", "high")}
        if naive is None:
            text = (
                _(
                    "With the number of people taken into account it is %(value)s times the odds, and "
                    "anything from %(low)s to %(high)s goes with the lists."
                )
                if self.is_odds
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
            if self.is_odds
            else _(
                "At first sight it is %(naive)s times the odds; with the number of people taken into "
                "account %(value)s times the rate, and anything from %(low)s to %(high)s goes with the "
                "lists."
            )
        )
        return text % numbers

    @cached_property
    def chances(self) -> Figure | None:
        """The redraw that decides, and all others that count the same."""
        test = self.results["verdict"]["deciding"][1]
        deciding = self._by_test.get(test) or self._by_test.get("redraw")
        if deciding is None:
            return None
        same = {deciding["chance"]["statistic"]}
        if self.results["areas"]["is_yes_no"]:
            same |= {"count", "areas with both"}
        asked = [
            one
            for one in self.answers
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
            rows.append(
                Row(found, chance=band, label=called(one), told=text, standing=_standing(one))
            )
            numbers = [amount(each) for each in (found, mean, low, high)]
            lines.append([called(one), *numbers, p_text(known(chance["p_more"]))])
        return self._figure(
            "chances",
            _("What was found, beside what chance gives"),
            Strip.of(rows),
            self._chance_finding(deciding["chance"]),
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

    def _chance_finding(self, chance: Json) -> str:
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
        if self.results["areas"]["is_yes_no"]:
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

    @cached_property
    def power(self) -> Figure | None:
        """What the lists could have found."""
        asked = [one for one in self.results["power"] if one["at"]]
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
            lines.append([names.get(one["test"], one["test"]), *texts, _least(one["least"])])
        heads = [f"{ratio:g}×" for ratio in ratios]
        return self._figure(
            "power",
            _("How often such lists would show a tie that is there"),
            Matrix.of([line[0] for line in lines], heads, cells, (0.0, 1.0)),
            self._power_finding(asked, ratios),
            Table([Column(_("Test"), False), *map(Column, heads), Column(_("Least found"))], lines),
            how=_(
                "Times in 100 in which a tie as strong as the number above would be found. The least found "
                "is the tie that is found in 80 of 100."
            ),
            csv="tables/power.csv",
            is_tie=False,
        )

    def _power_finding(self, asked: Sequence[Json], ratios: Sequence[float]) -> str:
        first = next(
            (one for one in asked if one["test"] == ("odds" if self.is_odds else "redraw")),
            asked[0],
        )
        middle = ratios[len(ratios) // 2]
        at = next((one for one in first["at"] if known(one["ratio"]) == middle), first["at"][0])
        least = known(self.results["verdict"]["least"])
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

    @property
    def least(self) -> str:
        return _least(self.results["verdict"]["least"])

    @cached_property
    def map(self) -> Figure | None:
        """The states of the United States, where every area is known to lie in one."""
        rows = self.package.table("areas")
        codes = [_state(row) for row in rows]
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
        return self._figure(
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

    @cached_property
    def left_out(self) -> Figure | None:
        """The deciding ratio without each marked area, from the least to the greatest."""
        names = {row["code"]: unguarded(row["name"]) for row in self.package.table("areas")}
        values = [
            (code, known(value)) for code, value in self.results["left_out"]["values"].items()
        ]
        answered = sorted(
            ((code, value) for code, value in values if value is not None),
            key=lambda one: (one[1], one[0]),
        )
        whole = self.results["verdict"]["ratio"]
        if len(answered) < 2 or whole is None:
            return None
        shown = answered
        if len(answered) > 2 * MOST_LEFT_OUT:
            shown = [*answered[:MOST_LEFT_OUT], *answered[-MOST_LEFT_OUT:]]
        rows = [_ratio_row(whole, _("With all areas"), "right")]
        rows += [
            Row(value, label=names.get(code) or code, told=short(value)) for code, value in shown
        ]
        facts = {
            "least": short(answered[0][1]),
            "first": names.get(answered[0][0]) or answered[0][0],
            "most": short(answered[-1][1]),
            "last": names.get(answered[-1][0]) or answered[-1][0],
        }
        return self._figure(
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
            how=self._left_out_how(len(values) - len(answered), len(answered) - len(shown)),
            csv="tables/left_out.csv",
        )

    def _left_out_how(self, without: int, hidden: int) -> str:
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

    @property
    def left_out_reason(self) -> str:
        reason = self.results["left_out"]["reason"]
        return "" if reason is None else told(reason)

    @cached_property
    def control(self) -> Figure | None:
        """Worker co-ops beside the negative control."""
        found = self.results["control"]
        if found is None:
            return None
        names = {
            "own": _("Worker co-ops"),
            "control": _("The negative control"),
            "beyond": _("Worker co-ops beyond it"),
        }
        beyond = found["beyond"]
        return self._figure(
            "control",
            _("Beside something that should show no tie"),
            Forest.of([_ratio_row(found[key], name, "right") for key, name in names.items()]),
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
                [[name, *_ratio_cells(found[key])] for key, name in names.items()],
            ),
            csv="tables/control.csv",
        )

    @property
    def evalue(self) -> tuple[str, str] | None:
        """How strong a hidden cause had to be: for the ratio, and for the nearer end of its interval."""
        model = self._by_test.get(self.results["verdict"]["deciding"][0])
        strong = None if model is None else model["evalue"]
        if strong is None:
            return None
        limit = known(strong["limit"]) or 1.0
        return short(known(strong["estimate"]) or 1.0), "" if limit == 1 else short(limit)

    @property
    def alike_neighbours(self) -> tuple[bool, str, str] | None:
        """Whether what the model leaves over is alike among neighbours; Moran's I and its p."""
        moran = self._by_test.get("moran")
        if moran is None:
            return None
        p = known(moran["chance"]["p_more"])
        return (p or 0.0) < 0.05, f"{known(moran['chance']['observed']) or 0.0:.2f}", p_text(p)

    @cached_property
    def distances(self) -> Figure | None:
        points = self.results["points"]
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
            _(
                "Within %(km)s km there are more co-ops near participatory budgets than chance gives."
            )
            % {"km": ", ".join(beyond)}
            if beyond
            else _(
                "At no distance are there more co-ops near participatory budgets than chance gives."
            )
        )
        return self._figure(
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

    @cached_property
    def scales(self) -> Figure | None:
        points = self.results["points"]
        asked = [] if points is None else points["scales"]
        rows, lines = [], []
        for one in asked:
            unit = _unit(one["unit"])
            if one["ratio"] is not None:
                numbers = {"value": one["ratio"], "low": one["low"], "high": one["high"]}
                rows.append(_ratio_row(numbers, unit, "right"))
                cells = _ratio_cells(numbers)
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
        return self._figure(
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

    @property
    def notes(self) -> list[str]:
        """What is to be said of points."""
        points = self.results["points"]
        return [] if points is None else [told(note) for note in points["notes"]]

    @property
    def why(self) -> list[NotAsked]:
        """Why naive and doubtful tests are wrong, and what is to be said of others."""
        return _grouped(
            (called(one), told(note))
            for one in self.answers
            for note in ([one["why"]] if one["why"] else []) + one["notes"]
        )

    @property
    def not_asked(self) -> list[NotAsked]:
        return _grouped(
            (called(one), told(one["reason"]))
            for one in self.results["answers"]
            if one["reason"] is not None
        )

    @property
    def tests(self) -> Table:
        """Every test that has an answer."""
        standing = {
            "right": _("right"),
            "naive": _("wrong"),
            "doubtful": _("doubtful"),
            "check": _("a check"),
        }
        deciding = self.results["verdict"]["deciding"]
        lines = []
        for one in self.answers:
            kind = _("decides") if one["test"] in deciding else standing[one["standing"]]
            if one["ratio"] is not None:
                value, low, high = _ratio_cells(one["ratio"])
                lines.append(
                    [
                        called(one),
                        kind,
                        f"{value}×",
                        low,
                        high,
                        p_text(known(one["ratio"]["p_more"])),
                    ]
                )
            elif one["chance"] is not None:
                numbers = [
                    amount(known(one["chance"][name])) for name in ("observed", "low", "high")
                ]
                lines.append([called(one), kind, *numbers, p_text(known(one["chance"]["p_more"]))])
        return Table(
            [
                Column(_("Test"), False),
                Column(_("Standing"), False),
                Column(_("Found")),
                Column(_("95 %, from")),
                Column(_("to")),
                Column(_("Chance gives as much")),
            ],
            lines,
        )

    @property
    def files(self) -> list[tuple[str, str]]:
        """The files of the package and their SHA-256."""
        return [(path, self.package.sha256(path)) for path in sorted(self.package.files)]

    @property
    def is_us(self) -> bool:
        return self.map is not None


def compared(lists: Sequence[tuple[str, Told]]) -> Figure | None:
    """The same question of several lists side by side: without people, which is wrong, and with them."""
    rows, lines = [], []
    for name, told in lists:
        naive, right = told._by_test.get("odds-alone"), told.results["verdict"]["ratio"]
        pairs: list[tuple[str, Json | None, Standing]] = [
            (_("%(list)s: people not counted"), naive and naive["ratio"], "naive"),
            (_("%(list)s: people counted"), right, "right"),
        ]
        for label, ratio, standing in pairs:
            if ratio is not None:
                row = _ratio_row(ratio, label % {"list": name}, standing)
                rows.append(row)
                lines.append([row.label, *_ratio_cells(ratio)])
    if not rows:
        return None
    return Figure(
        "compared",
        _("At first sight, and with the number of people taken into account"),
        Forest.of(rows),
        _(
            "Every list seems to show a strong tie, until people are counted: then none of them can tell "
            "one from no tie at all."
        )
        if all(told.kind == "cannot-tell" for _name, told in lists)
        else _("The lists do not all say the same once people are counted."),
        Table(
            [
                Column(_("Test"), False),
                Column(_("Ratio")),
                Column(_("95 %, from")),
                Column(_("to")),
            ],
            lines,
        ),
        how=_("A line that crosses the dashed one goes with no difference at all, too."),
    )


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


def _standing(answer: Json) -> Standing:
    standing = answer["standing"]
    return "naive" if standing == "naive" else "doubtful" if standing == "doubtful" else "right"


def _ratio_row(ratio: Json, label: str, standing: Standing) -> Row:
    value, low, high = (known(ratio[name]) for name in ("value", "low", "high"))
    text = "–" if value is None else short(value)
    if low is not None and high is not None:
        text = f"{text} ({short(low)}–{short(high)})"
    return Row(value, low, high, label=label, told=text, standing=standing)


def _ratio_cells(ratio: Json) -> list[str]:
    numbers = (known(ratio[name]) for name in ("value", "low", "high"))
    return ["–" if number is None else short(number) for number in numbers]


def _least(least: float | str | None) -> str:
    value = known(least)
    return "–" if value is None else f"{short(value)}×"


def _unit(unit: str) -> str:
    """A unit of the map in the reader's language."""
    words = unit.split()
    if words[:2] == ["hexagon", "of"] and len(words) == 4:
        return _("Hexagons of %(km)s km") % {"km": words[2]}
    return {"state": _("States"), "county": _("Counties")}.get(unit, unit)


def _grouped(pairs: Iterable[tuple[str, str]]) -> list[NotAsked]:
    """Tests of which the same is said."""
    found: dict[str, list[str]] = {}
    for test, why in pairs:
        found.setdefault(why, []).append(test)
    return [NotAsked("; ".join(dict.fromkeys(tests)), why) for why, tests in found.items()]


def _state(row: Mapping[str, str]) -> str:
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
