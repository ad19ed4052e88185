"""`interlock complement FILE.csv --outcome COLUMN`: do the two do more together than each alone?

A row is a project, or a place in a year: what came out, whether participatory budgeting and a worker co-op
were there, and the city that it is of. docs/methods/network.md has the model and its world of chance.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.commands import reading

if TYPE_CHECKING:
    from interlock.methods.network.supermodularity import Together

SUMMARY = "Tell whether participatory budgets and co-ops do more together than each alone."
_COLUMNS = (
    ("outcome", "a number: what came out (an empty cell: not known)", "outcome"),
    ("pb", "participatory budgeting: yes or no, or a number", "pb"),
    ("coops", "worker co-ops: yes or no, or how many", "co-ops"),
    ("cluster", "what rows hang together by", "cluster, city, place or state"),
)
_SAID = {
    "above-chance": "more together than the two alone: it is beyond what chance gives",
    "below-chance": "less together than the two alone: it is beyond what chance gives",
    "within-chance": "these rows cannot tell it from chance",
    "described": "told without chance, for fewer than 8 clusters leave too few worlds of it",
    "undefined": "nothing can be said: one of the four is empty, or what is beside tells who has both",
    "too-few-draws": "too few resamples to say",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv", help="a row a project or place")
    for name, told, default in _COLUMNS:
        parser.add_argument(f"--{name}", metavar="COLUMN", help=f"{told} (default: {default})")
    parser.add_argument(
        "--beside", default="", metavar="A,B,…", help="columns of numbers that are taken out first"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    parser.add_argument("--resamples", type=int, default=999, metavar="R", help="default: 999")
    reading.add_processes(parser)
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    reading.need_scipy()
    from interlock.methods.formats import outcome_tables
    from interlock.methods.network.drawing import Drawing
    from interlock.methods.network.supermodularity import supermodularity
    from interlock.methods.plain import plain

    named = {
        name: given for name, *_ in _COLUMNS if (given := getattr(arguments, name)) is not None
    }
    beside = [one.strip() for one in arguments.beside.split(",") if one.strip()]
    outcomes = outcome_tables.read(arguments.file.read_bytes(), named, beside)
    with reading.executor_of(arguments.processes) as executor:
        drawing = Drawing(arguments.resamples, arguments.seed, executor=executor)
        found = supermodularity(outcomes, drawing)
    if arguments.json:
        print(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return 0
    print(_told(found))
    return 0


def _told(found: Together) -> str:
    rows = [["participatory budgeting", "co-ops", "rows", "mean"]]
    for one in found.cells:
        mean = f"{one.mean:,.4g}" if one.rows else "–"
        rows.append(["yes" if one.pb else "no", "yes" if one.coop else "no", f"{one.rows:,}", mean])
    beyond = found.beyond
    said = f"Both, beyond the two alone: {beyond.value:,.4g}"
    if beyond.interval:
        said += f" ({beyond.interval.low:,.4g} – {beyond.interval.high:,.4g})"
    if beyond.chance:
        said += f"; chance {beyond.chance.low:,.4g} – {beyond.chance.high:,.4g}, p {beyond.chance.p:.3g}"
    return (
        f"{reading.aligned(rows)}\n\n{said}: {_SAID[str(beyond.finding)]}.\n"
        "Nothing here was assigned by lot: what goes together is no cause."
    )
