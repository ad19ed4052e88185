"""One observation told: its figures and sentences, made of the numbers of its data package and no others.

In the language that is active. What another version of the library has said of itself in a kind that is
not known here is told in its own words, English.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from interlock.web.observatory.figures.figure import Column, Figure, Table
from interlock.web.observatory.figures.forest import Forest
from interlock.web.observatory.figures.rows import Standing
from interlock.web.observatory.telling import hanging, place, power, size
from interlock.web.observatory.telling.observation import Observation
from interlock.web.observatory.telling.wording import (
    Json,
    amount,
    called,
    known,
    p_text,
    ratio_cells,
    ratio_row,
    short,
    told,
)


@dataclass(frozen=True)
class NotAsked:
    """Tests that have no answer, and why."""

    tests: str
    why: str


@dataclass(frozen=True, eq=False)
class Told(Observation):
    """An observation for reading: its sentences, and its figures by what they are asked for."""

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

    @cached_property
    def ratios(self) -> Figure | None:
        return size.ratios(self)

    @cached_property
    def chances(self) -> Figure | None:
        return size.chances(self)

    @cached_property
    def power(self) -> Figure | None:
        return power.power(self)

    @cached_property
    def map(self) -> Figure | None:
        return place.by_state(self)

    @cached_property
    def left_out(self) -> Figure | None:
        return hanging.left_out(self)

    @cached_property
    def control(self) -> Figure | None:
        return hanging.control(self)

    @cached_property
    def distances(self) -> Figure | None:
        return place.distances(self)

    @cached_property
    def scales(self) -> Figure | None:
        return place.scales(self)

    @property
    def left_out_reason(self) -> str:
        reason = self.results["left_out"]["reason"]
        return "" if reason is None else told(reason)

    @property
    def evalue(self) -> tuple[str, str] | None:
        """How strong a hidden cause had to be: for the ratio, and for the nearer end of its interval."""
        model = self.by_test.get(self.results["verdict"]["deciding"][0])
        strong = None if model is None else model["evalue"]
        if strong is None:
            return None
        limit = known(strong["limit"]) or 1.0
        return short(known(strong["estimate"]) or 1.0), "" if limit == 1 else short(limit)

    @property
    def alike_neighbours(self) -> tuple[bool, str, str] | None:
        """Whether what the model leaves over is alike among neighbours; Moran's I and its p."""
        moran = self.by_test.get("moran")
        if moran is None:
            return None
        p = known(moran["chance"]["p_more"])
        return (p or 0.0) < 0.05, f"{known(moran['chance']['observed']) or 0.0:.2f}", p_text(p)

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
                value, low, high = ratio_cells(one["ratio"])
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


def compared(lists: Sequence[tuple[str, Told]]) -> Figure | None:
    """The same question of several lists side by side: without people, which is wrong, and with them."""
    rows, lines = [], []
    for name, one in lists:
        naive, right = one.by_test.get("odds-alone"), one.results["verdict"]["ratio"]
        pairs: list[tuple[str, Json | None, Standing]] = [
            (_("%(list)s: people not counted"), naive and naive["ratio"], "naive"),
            (_("%(list)s: people counted"), right, "right"),
        ]
        for label, ratio, standing in pairs:
            if ratio is not None:
                row = ratio_row(ratio, label % {"list": name}, standing)
                rows.append(row)
                lines.append([row.label, *ratio_cells(ratio)])
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
        if all(one.kind == "cannot-tell" for _name, one in lists)
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


def _grouped(pairs: Iterable[tuple[str, str]]) -> list[NotAsked]:
    """Tests of which the same is said."""
    found: dict[str, list[str]] = {}
    for test, why in pairs:
        found.setdefault(why, []).append(test)
    return [NotAsked("; ".join(dict.fromkeys(tests)), why) for why, tests in found.items()]
