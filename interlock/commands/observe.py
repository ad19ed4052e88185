"""`interlock observe --areas FILE.csv --out FOLDER`: do participatory budgets and co-ops go together?

A table of areas, or two lists of points in the United States (`--pb`, `--coops`), and no server. Every
test of co-location is asked, right and wrong ones side by side; the answer is one sentence, and all its
numbers are files. docs/methods/observatory.md tells the rules.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from interlock.commands import reading
from interlock.methods.counting.tables import printable

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
    from interlock.commands.observed import report
    from interlock.methods.formats import observing
    from interlock.methods.formats.observed_packages import RESULTS

    roles = ("areas", "pb", "coops", "neighbours")
    paths = {role: path for role in roles if (path := getattr(arguments, role))}
    question = observing.Question(
        tuple(observing.Given(role, path.name, path.read_bytes()) for role, path in paths.items()),
        {
            name: heading
            for name, _, _ in (*_COLUMNS, *_POINT_COLUMNS)
            if (heading := getattr(arguments, name))
        },
        arguments.strata,
        arguments.seed,
        arguments.resamples,
        arguments.synthetic,
    )
    try:
        taken = observing.take(question)
    except observing.GivenError as error:
        for fault in error.error.faults:
            print(f"{paths[error.given.role]}: {printable(str(fault))}", file=sys.stderr)
        return 2
    for note in taken.table.notes:
        print(f"Note: {printable(note)}", file=sys.stderr)
    with reading.executor_of(arguments.processes) as executor:
        answered = observing.answer(taken, executor=executor, progress=_progress())
    made = dict(answered.files)
    held = made.pop(RESULTS)
    made |= {**_drawn({**made, RESULTS: held}), RESULTS: held}
    _write(arguments.out, made)
    found = answered.found
    if arguments.json:
        print(held.decode(), end="")
    else:
        if arguments.synthetic:
            print("Made-up data: nothing here says anything of any real place.\n")
        width = shutil.get_terminal_size().columns
        print(report(found, taken.table, width, answered.beside))
        print(f"\nWritten: {', '.join(made)}")
    return 1 if found.verdict == "no-answer" else 0


def _check(arguments: argparse.Namespace) -> None:
    """Refuse what would be told only after long work."""
    reading.need_scipy()
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


def _progress() -> Callable[[str], None]:
    tell, step = reading.progress_after_a_second("Asking: step {:,} …"), 0

    def count(_test: str) -> None:
        nonlocal step
        step += 1
        tell(step)

    return count


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
