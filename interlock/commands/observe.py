"""`interlock observe --areas FILE.csv --out FOLDER`: do participatory budgets and co-ops go together?

A table of areas, or two lists of points in the United States (`--pb`, `--coops`), and no server. Every test of co-location is asked, right and wrong ones side by side;
the answer is one sentence, and all its numbers are files. docs/methods/observatory.md tells the rules.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from interlock import __version__
from interlock.commands import reading
from interlock.methods.counting.tables import printable

if TYPE_CHECKING:
    from interlock.methods.formats.area_tables import AreaTable
    from interlock.methods.formats.observations import Beside, Input
    from interlock.methods.observatory.areas import Answer, Observed, Standing
    from interlock.methods.observatory.points import Counted
    from interlock.methods.places.colocation.maps import Neighbours

SUMMARY = "Tell whether participatory budgets and co-ops go together in lists of yours."

_MOST_PROCESSES = 64
_COLUMNS = (
    ("code", "the areas' codes", "code, fips, geoid, cbsa or id"),
    ("population", "their people", "population, pop or pop2019"),
    ("marked", "whether they have participatory budgeting: yes or no, or a number", "marked or pb"),
    ("count", "their worker co-ops: how many, or yes or no", "count, coops or coop5"),
    ("name", "their names", "name, county or metro, if there is one"),
    ("region", "the state or region that each lies in", "state or region, if there is one"),
    ("control", "a count of something that should show no tie", "none"),
)
_POINT_COLUMNS = (
    ("latitude", "of points: degrees north", "latitude or lat"),
    ("longitude", "of points: degrees east", "longitude, lon or lng"),
    ("place", "of points without coordinates: a town or ZIP code", "place, city or zip"),
    ("state", "of points: the state of their place", "state"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, told in (
        ("areas", "a row an area"),
        ("pb", "instead of areas: a row a participatory budget in the United States"),
        ("coops", "with --pb: a row a worker co-op"),
    ):
        parser.add_argument(f"--{name}", type=Path, metavar="FILE.csv", help=told)
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="where the files of the answer go"
    )
    for name, told, default in (*_COLUMNS, *_POINT_COLUMNS):
        parser.add_argument(f"--{name}", metavar="COLUMN", help=f"{told} (default: {default})")
    parser.add_argument(
        "--neighbours",
        type=Path,
        metavar="FILE.csv",
        help="two codes a row: who is whose neighbour, to look at what the model leaves over",
    )
    parser.add_argument(
        "--strata",
        default="20",
        metavar="N | A,B,…",
        help="of population, for a naive test: how many, or where they end (default: 20)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    parser.add_argument("--resamples", type=int, default=9_999, metavar="R", help="default: 9999")
    parser.add_argument(
        "--processes", type=int, default=1, metavar="N", help="the answer is the same (default: 1)"
    )
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.out, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    _check(arguments)
    from interlock.methods.formats.headed import TableError

    asking = _Asking(arguments)
    try:
        asking.read()
    except TableError as error:
        for fault in error.faults:
            print(f"{asking.path}: {printable(str(fault))}", file=sys.stderr)
        return 2
    return asking.tell()


class _Asking:
    """One command: what it read, and from where. `path` is the file that is being read."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.path: Path = arguments.areas or arguments.pb
        self.inputs: list[Input] = []
        self.counted: Counted | None = None
        self.around: Neighbours | None = None

    def read(self) -> None:
        from interlock.methods.formats.area_tables import read_neighbours

        self.table = self._areas() if self.arguments.areas else self._points()
        if self.arguments.neighbours is not None:
            data = self._data("neighbours")
            self.around = read_neighbours(data, self.table.areas.codes)

    def _data(self, role: str) -> bytes:
        from interlock.methods.formats.observations import Input

        self.path = getattr(self.arguments, role)
        data = self.path.read_bytes()
        self.inputs.append(Input.of(role, self.path.name, data))
        return data

    def _named(self, roles: Sequence[str]) -> dict[str, str]:
        return {role: one for role in roles if (one := getattr(self.arguments, role))}

    def _areas(self) -> AreaTable:
        from interlock.methods.formats import area_tables

        return area_tables.read(self._data("areas"), self._named(area_tables.ROLES))

    def _points(self) -> AreaTable:
        """Two lists of points as counties."""
        from interlock.methods.formats import point_tables
        from interlock.methods.formats.area_tables import AreaTable
        from interlock.methods.observatory.points import Towns, counted
        from interlock.methods.places.gazetteer import packaged

        self.towns = Towns(packaged())
        named = self._named(point_tables.ROLES)
        lists = [point_tables.read(self._data(role), self.towns, named) for role in ("pb", "coops")]
        found = counted(lists[0].points, lists[1].points, self.towns)
        self.counted = found
        columns = {
            f"{name} {role}": heading
            for name, one in zip(("pb", "coops"), lists, strict=True)
            for role, heading in one.columns.items()
        }
        notes = tuple(note for one in lists for note in one.notes)
        return AreaTable(found.areas, found.names, None, columns, notes)

    def tell(self) -> int:
        from interlock.methods.formats.observations import RESULTS, Beside, files
        from interlock.methods.observatory.areas import observed

        arguments, table, beside = self.arguments, self.table, None
        for note in table.notes:
            print(f"Note: {printable(note)}", file=sys.stderr)
        with _executor(arguments.processes) as executor:
            found = observed(
                table.areas,
                is_yes_no=None if self.counted is None else False,
                control=table.control,
                around=self.around,
                strata=_strata(arguments.strata, table),
                resamples=arguments.resamples,
                seed=arguments.seed,
                executor=executor,
                progress=_progress(),
            )
            if self.counted is not None:
                from interlock.methods.observatory.points import near

                drawing = {"resamples": arguments.resamples, "seed": arguments.seed}
                close = near(self.counted, self.towns, executor=executor, **drawing)
                found = replace(found, answers=(*found.answers, *close.answers))
                beside = Beside(self.counted, close)
        made = files(found, table, self.inputs, _command(arguments, self.inputs), beside)
        _write(arguments.out, made)
        if arguments.json:
            print(made[RESULTS].decode(), end="")
        else:
            print(report(found, table, shutil.get_terminal_size().columns, beside))
            print(f"\nWritten: {', '.join(made)}")
        return 1 if found.verdict == "no-answer" else 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what would be told only after long work."""
    if find_spec("scipy") is None:
        raise ValueError("This verb needs SciPy. Install it: pip install 'interlock[observatory]'.")
    from interlock.methods.formats.observations import RESULTS, is_ours

    if bool(arguments.areas) == bool(arguments.pb or arguments.coops):
        raise ValueError("Give --areas, or --pb and --coops.")
    if bool(arguments.pb) != bool(arguments.coops):
        raise ValueError("--pb and --coops go together: give both.")
    if not arguments.areas and (arguments.neighbours or arguments.control):
        raise ValueError("--neighbours and --control are of areas.")
    if not 1 <= arguments.processes <= _MOST_PROCESSES:
        raise ValueError(f"Processes are 1 to {_MOST_PROCESSES}.")
    out: Path = arguments.out
    if not out.exists():
        return
    if not out.is_dir():
        raise ValueError(f"{out} is no folder. Give one that is empty or not there yet.")
    if any(out.iterdir()):
        kept = out / RESULTS
        if not (kept.is_file() and is_ours(kept.read_bytes())):
            raise ValueError(
                f"{out} holds something else than an earlier answer. Give a folder that is empty or "
                "not there yet."
            )


def _strata(text: str, table: AreaTable) -> int | list[int]:
    """So many strata, or each area's by where they end."""
    parts = text.replace(" ", "").split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        raise ValueError("--strata is a number, or numbers of people with commas between.")
    ends = [int(part) for part in parts]
    if len(ends) > 1:
        if sorted(set(ends)) != ends:
            raise ValueError("--strata end one after the other: give them from low to high.")
        return [sum(end <= people for end in ends) for people in table.areas.population.tolist()]
    if not ends[0]:
        raise ValueError("Strata are 1 or more.")
    return min(ends[0], len(table.areas))


@contextmanager
def _executor(processes: int) -> Iterator[Executor | None]:
    """Other processes, if more than one is wanted: fresh ones, with a thread of algebra each."""
    if processes == 1:
        yield None
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        yield executor


def _progress() -> Callable[[str], None]:
    tell, step = reading.progress_after_a_second("Asking: step {:,} …"), 0

    def count(_test: str) -> None:
        nonlocal step
        step += 1
        tell(step)

    return count


def _command(arguments: argparse.Namespace, inputs: Sequence[Input]) -> list[str]:
    """The command that gives the same again, without the folders of this machine."""
    told = ["interlock", "observe"]
    for one in inputs:
        told += [f"--{one.role}", one.name]
    told += ["--out", "FOLDER"]
    for name, _, _ in (*_COLUMNS, *_POINT_COLUMNS):
        if getattr(arguments, name):
            told += [f"--{name}", getattr(arguments, name)]
    for name in ("strata", "seed", "resamples"):
        told += [f"--{name}", str(getattr(arguments, name))]
    return told


def _write(folder: Path, made: dict[str, bytes]) -> None:
    """The files, `results.json` last; those of an earlier answer that this one lacks are taken away."""
    from interlock.methods.formats.observations import FILES

    for name in FILES:
        if name not in made:
            (folder / name).unlink(missing_ok=True)
    for name, data in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.part")
        beside.write_bytes(data)
        beside.replace(path)


def report(found: Observed, table: AreaTable, width: int, beside: Beside | None = None) -> str:
    """The answer for reading: the finding first, then what it rests on."""
    from interlock.methods.observatory.reasons import sentence

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


def _titled(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def _tests(found: Observed, standing: Standing, head: str, width: int) -> list[str]:
    """A table of the tests that were asked, and what is to be said of them."""
    from interlock.methods.observatory.reasons import sentence, title

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
    blocks = [f"{_titled(head)}\n{_table(rows)}"]
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


def _numbers(one: Answer, found: Observed) -> list[str]:
    from interlock.methods.observatory.verdict import short

    if one.ratio is not None:
        low, high = short(one.ratio.low), short(one.ratio.high)
        return [f"{short(one.ratio.value)}×", f"{low} to {high}", _p(one.ratio.p_more)]
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
    from interlock.methods.observatory.verdict import short

    return "> 100×" if one.least is None else f"{short(one.least)}×"


def _hanging(found: Observed, table: AreaTable, width: int) -> list[str]:
    """What hangs on a hidden cause, on one area, on what a list notices, on what is left over."""
    from interlock.methods.observatory.reasons import sentence
    from interlock.methods.observatory.verdict import short

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
    return ["\n".join([_titled("What it hangs on"), *lines])]


def _nearness(beside: Beside, width: int) -> list[str]:
    """What is told of points alone: by distance, and by other cuttings of the map."""
    from interlock.methods.observatory.reasons import sentence
    from interlock.methods.observatory.verdict import short

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
            f"{_titled('At which distance')}\n{_table(rows)}",
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
            told = [f"{short(ratio.value)}×", f"{short(ratio.low)} to {short(ratio.high)}"]
        chance = "–" if excess is None else _p(excess.p_more)
        least = "–" if one.least is None else f"{short(one.least)}×"
        rows.append([one.unit, f"{one.areas:,}", f"{one.marked:,}", *told, chance, least])
        if one.reason is not None:
            why.append(_filled(f"{one.unit}: {one.reason}", width))
    blocks += [f"{_titled('The map cut otherwise')}\n{_table(rows)}", *why]
    return [*blocks, *(_filled(sentence(note), width) for note in beside.counted.notes)]


def _not_asked(found: Observed, width: int) -> list[str]:
    from interlock.methods.observatory.reasons import sentence, title

    why: dict[str, list[str]] = {}
    for one in found.answers:
        if one.reason is not None:
            why.setdefault(sentence(one.reason), []).append(title(one.test))
    if not why:
        return []
    lines = [_filled(f"{'; '.join(names)}: {told}", width, "  ") for told, names in why.items()]
    return ["\n".join([_titled("Not asked, or without an answer"), *lines])]


def _end(found: Observed) -> str:
    return (
        f"Asked by interlock {__version__}, seed {found.seed}, {found.resamples:,} resamples. The lists "
        "are taken as they are."
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns under their heads: the first to the left, the others to the right."""
    wide = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(wide[n]) if n == 0 else cell.rjust(wide[n]) for n, cell in enumerate(row)
        ).rstrip()
        for row in rows
    )
