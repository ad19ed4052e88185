"""What was observed, for reading: the finding first, then what it rests on, told on the screen."""

from __future__ import annotations

import math
import textwrap

from interlock import __version__
from interlock.commands.reading import aligned, titled
from interlock.methods.counting.tables import printable
from interlock.methods.formats.area_tables import AreaTable
from interlock.methods.formats.observations import Beside
from interlock.methods.observatory.areas import Answer, Observed, Standing
from interlock.methods.observatory.reasons import MOST_TOLD, sentence, short, title


def report(found: Observed, table: AreaTable, width: int, beside: Beside | None = None) -> str:
    """The answer for reading: the finding first, then what it rests on."""
    width = max(width, 40)
    blocks = [
        _filled(sentence(found.finding), width),
        _filled(_asked(found), width),
        *_tests(found, "right", "Tests that know how many people there are", width),
        *_tests(found, "naive", "Tests that one would try first, and that are wrong", width),
        *_tests(found, "doubtful", "Doubtful tests", width),
        *([] if beside is None else _nearness(beside, width)),
        *_hanging(found, table, width),
        *_not_asked(found, width),
        _end(found),
    ]
    return "\n\n".join("\n".join(printable(line) for line in block.split("\n")) for block in blocks)


def _asked(found: Observed) -> str:
    areas = found.areas
    marked, having = int(areas.marked.sum()), int((areas.counts > 0).sum())
    both = int((areas.counts[areas.marked] > 0).sum())
    told = (
        f"{len(areas):,} areas with {areas.people:,} people: {marked:,} with participatory "
        f"budgeting, {having:,} with worker co-ops, {both:,} with both."
    )
    if not found.is_yes_no:
        inside = int(areas.counts[areas.marked].sum())
        told += (
            f" Of {areas.events:,} co-ops {inside:,} are where there is participatory budgeting."
        )
    return told


def _filled(text: str, width: int, indent: str = "") -> str:
    return textwrap.fill(text, width, subsequent_indent=indent, break_on_hyphens=False)


def _tests(found: Observed, standing: Standing, head: str, width: int) -> list[str]:
    """A table of the tests that were asked, and what is to be said of them."""
    asked = [one for one in found.answers if one.standing == standing and one.reason is None]
    if not asked:
        return []
    with_least = standing == "right"
    rows = [["", "found", "chance, or 95 %", "p", *(["least"] if with_least else [])]]
    notes: dict[str, list[str]] = {}
    for one in asked:
        star = " *" if one.test in found.deciding else ""
        least = [_least(one)] if with_least else []
        rows.append([f"{title(one.test)}{star}", *_numbers(one, found), *least])
        for told in (one.why, *one.notes):
            if told is not None:
                notes.setdefault(sentence(told), []).append(title(one.test))
    blocks = [f"{titled(head)}\n{aligned(rows)}"]
    if with_least:
        deciding = (
            " * These two decide." if set(found.deciding) & {one.test for one in asked} else ""
        )
        told_least = (
            "Found: times as much as elsewhere, or what was counted beside what chance gives. p: how "
            "often chance gives as much, upwards. Least: the ratio from which on the test would have "
            f"found it four times in five.{deciding}"
        )
        blocks.append(_filled(told_least, width))
    blocks += [_filled(f"{'; '.join(names)}: {told}", width) for told, names in notes.items()]
    return blocks


def _times(ratio: float) -> str:
    """A ratio; beyond what anybody can tell apart, only that it is."""
    return f"{short(ratio)}×" if ratio < MOST_TOLD else f"> {MOST_TOLD:,}×"


def _numbers(one: Answer, found: Observed) -> list[str]:
    if one.ratio is not None:
        low, high = short(one.ratio.low), short(one.ratio.high)
        return [_times(one.ratio.value), f"{low} to {high}", _p(one.ratio.p_more)]
    chance = one.chance
    assert chance is not None
    if chance.statistic == "quotient":
        numbers = [f"{each:.2f}" for each in (chance.observed, chance.low, chance.high)]
    elif chance.statistic == "excess":
        numbers = [f"{each:+.1f}" for each in (chance.observed, chance.low, chance.high)]
    else:
        numbers = [f"{each:,.0f}" for each in (chance.observed, chance.low, chance.high)]
    return [
        f"{numbers[0]} of {found.areas.events:,}" if chance.statistic == "count" else numbers[0],
        f"{chance.mean:.1f} ({numbers[1]} to {numbers[2]})",
        _p(chance.p_more),
    ]


def _p(chance: float) -> str:
    return f"{chance:.2g}" if chance < 0.01 else f"{chance:.2f}"


def _least(one: Answer) -> str:
    return "> 100×" if one.least is None else f"{short(one.least)}×"


def _hanging(found: Observed, table: AreaTable, width: int) -> list[str]:
    """What hangs on a hidden cause, on one area, on what a list notices, on what is left over."""
    told = []
    strong = found.answer(found.deciding[0]).evalue
    if strong is not None:
        limit = (
            "to move its interval to 1 none is needed, for it holds 1"
            if strong.limit == 1
            else f"to move its interval to 1, {short(strong.limit)} times"
        )
        told.append(
            f"A hidden cause: to make all of this ratio it would have to go with both "
            f"{short(strong.estimate)} times as often as without; {limit} (E-value)."
        )
    left = found.sure.left_out
    if left is not None:
        names = dict(zip(found.areas.codes, table.names, strict=True))
        answered = {code: value for code, value in left.values.items() if not math.isnan(value)}
        if answered:
            least, most = (
                min(answered, key=answered.__getitem__),
                max(answered, key=answered.__getitem__),
            )
            told.append(
                f"One area: without {names[least] or least} the ratio is {short(answered[least])}, "
                f"without {names[most] or most} {short(answered[most])}."
            )
        if len(answered) < len(left.values):
            told.append(
                f"Without {len(left.values) - len(answered)} of the areas there is no answer at all."
            )
    elif found.sure.reason is not None:
        told.append(f"One area: {sentence(found.sure.reason)}")
    if found.control is not None:
        control, beyond = found.control.control.ratio, found.control.beyond
        told.append(
            f"The negative control ({table.columns['control']}): {short(control.value)} times the "
            f"rate, {short(control.low)} to {short(control.high)}; co-ops are {short(beyond.value)} "
            f"times as far beyond it, {short(beyond.low)} to {short(beyond.high)}."
        )
    over = found.answer("moran").chance
    if over is not None:
        alike = "alike: the intervals are too short" if over.p_more < 0.05 else "not alike"
        told.append(
            f"What the model leaves over is {alike} among neighbours (Moran's I "
            f"{over.observed:.2f}, p {_p(over.p_more)})."
        )
    if not told:
        return []
    lines = [_filled(line, width, "  ") for line in told]
    return ["\n".join([titled("What it hangs on"), *lines])]


def _nearness(beside: Beside, width: int) -> list[str]:
    """What is told of points alone: by distance, and by other cuttings of the map."""
    blocks, curve = [], beside.near.curve
    if curve is not None:
        band = curve.envelope
        rows = [["km", "co-ops near", "by chance", "whole curves, 95 %"]]
        rows += [
            [f"{km:.0f}", f"{many:,}", f"{mean:,.1f}", f"up to {high:,.0f}{' *' if out else ''}"]
            for km, many, mean, high, out in zip(
                curve.radii, curve.counts, band.mean, band.high, band.beyond, strict=True
            )
        ]
        blocks += [
            f"{titled('At which distance')}\n{aligned(rows)}",
            _filled(
                f"Chance is: as many of {beside.near.candidates:,} towns drawn by their people. The whole "
                f"curve: p {_p(band.p)}. * Beyond the band.",
                width,
            ),
        ]
    elif beside.near.reason is not None:
        blocks.append(_filled(f"By distance: {sentence(beside.near.reason)}", width))
    rows = [["", "areas", "marked", "ratio", "95 %", "redraw p", "least"]]
    why = []
    for one in beside.near.scales:
        ratio, excess = one.ratio, one.excess
        told = ["–", "–"]
        if ratio is not None:
            told = [_times(ratio.value), f"{short(ratio.low)} to {short(ratio.high)}"]
        chance = "–" if excess is None else _p(excess.p_more)
        least = "–" if one.least is None else f"{short(one.least)}×"
        rows.append([one.unit, f"{one.areas:,}", f"{one.marked:,}", *told, chance, least])
        if one.reason is not None:
            why.append(_filled(f"{one.unit}: {one.reason}", width))
    blocks += [f"{titled('The map cut otherwise')}\n{aligned(rows)}", *why]
    return [*blocks, *(_filled(sentence(note), width) for note in beside.counted.notes)]


def _not_asked(found: Observed, width: int) -> list[str]:
    why: dict[str, list[str]] = {}
    for one in found.answers:
        if one.reason is not None:
            why.setdefault(sentence(one.reason), []).append(title(one.test))
    if not why:
        return []
    lines = [_filled(f"{'; '.join(names)}: {told}", width, "  ") for told, names in why.items()]
    return ["\n".join([titled("Not asked, or without an answer"), *lines])]


def _end(found: Observed) -> str:
    return (
        f"Asked by interlock {__version__}, seed {found.seed}, {found.resamples:,} resamples. The lists "
        "are taken as they are."
    )
