"""`interlock observe --areas FILE.csv --out FOLDER`: do participatory budgets and co-ops go together?

A table of areas, or two lists of points in the United States (`--pb`, `--coops`), and no server. Every
test of co-location is asked, right and wrong ones side by side; the answer is one sentence, and all its
numbers are files. docs/methods/observatory.md tells the rules.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.commands import reading
from interlock.methods.counting.tables import printable

if TYPE_CHECKING:
    from interlock.methods.formats.area_tables import AreaTable
    from interlock.methods.formats.observations import Input
    from interlock.methods.observatory.points import Counted
    from interlock.methods.places.colocation.maps import Neighbours

SUMMARY = "Tell whether participatory budgets and co-ops go together in lists of yours."

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
    reading.add_processes(parser)
    parser.add_argument(
        "--synthetic", action="store_true", help="the data are made up: say so in every file"
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
        from interlock.commands.observed import report
        from interlock.methods.formats.observations import Beside, files
        from interlock.methods.formats.observed_packages import RESULTS
        from interlock.methods.observatory.areas import observed

        arguments, table, beside = self.arguments, self.table, None
        for note in table.notes:
            print(f"Note: {printable(note)}", file=sys.stderr)
        with reading.executor_of(arguments.processes) as executor:
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
        command, is_synthetic = _command(arguments, self.inputs), arguments.synthetic
        made = files(found, table, self.inputs, command, beside, is_synthetic=is_synthetic)
        held = made.pop(RESULTS)
        made |= {**_drawn({**made, RESULTS: held}), RESULTS: held}
        _write(arguments.out, made)
        if arguments.json:
            print(held.decode(), end="")
        else:
            if is_synthetic:
                print("Made-up data: nothing here says anything of any real place.\n")
            print(report(found, table, shutil.get_terminal_size().columns, beside))
            print(f"\nWritten: {', '.join(made)}")
        return 1 if found.verdict == "no-answer" else 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what would be told only after long work."""
    if find_spec("scipy") is None:
        raise ValueError("This verb needs SciPy. Install it: pip install 'interlock[observatory]'.")
    from interlock.methods.formats.observed_packages import RESULTS, is_ours

    if bool(arguments.areas) == bool(arguments.pb or arguments.coops):
        raise ValueError("Give --areas, or --pb and --coops.")
    if bool(arguments.pb) != bool(arguments.coops):
        raise ValueError("--pb and --coops go together: give both.")
    if not arguments.areas and (arguments.neighbours or arguments.control):
        raise ValueError("--neighbours and --control are of areas.")
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
    return [*told, *(["--synthetic"] if arguments.synthetic else [])]


def _drawn(made: dict[str, bytes]) -> dict[str, bytes]:
    """The report as a page, where it can be drawn; a PDF takes longer, and is asked for."""
    from interlock.commands.report import drawn, is_drawable
    from interlock.methods.formats.observed_packages import REPORTS, opened

    if not is_drawable():
        print(
            "Note: `interlock report FOLDER` writes this for reading, once it is installed: "
            "pip install 'interlock[web,pdf]'.",
            file=sys.stderr,
        )
        return {}
    return {REPORTS["en"][0]: drawn(opened(made), "en")}


def _write(folder: Path, made: dict[str, bytes]) -> None:
    """The files, `results.json` last; those of an earlier answer that this one lacks are taken away."""
    from interlock.methods.formats.observations import FILES

    for name in FILES:
        if name not in made:
            (folder / name).unlink(missing_ok=True)
    for name, data in made.items():
        reading.written(folder / name, data)
