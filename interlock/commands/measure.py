"""`interlock measure FILE.json`: how far the institutions of a network interlock, each beside chance.

The file is one of the observatory of a site, or made by hand (`methods.formats.network_json`): so that
whoever doubts a number computes it again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlock.commands import reading
from interlock.methods.counting.tables import printable

if TYPE_CHECKING:
    from interlock.methods.formats.network_json import Records

SUMMARY = "Measure a network: connectivity, complementarity and collaboration, beside chance."

_PARTS = ("connectivity", "complementarity", "collaboration")
_FINDINGS = {
    "above-chance": "more than chance",
    "below-chance": "less than chance",
    "within-chance": "cannot be told from chance",
    "described": "",
    "undefined": "not defined",
    "too-few-draws": "too few resamples",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.json", help="a network")
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    parser.add_argument("--resamples", type=int, default=999, metavar="R", help="default: 999")
    parser.add_argument(
        "--institution", metavar="ID", help="measure one of them alone, of which nothing is drawn"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="write a data package there: tables, GraphML, JSON",
    )
    reading.add_processes(parser)
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    reading.need_scipy()
    from interlock.methods.formats import network_json
    from interlock.methods.network.drawing import Drawing

    with arguments.file.open("rb") as file:
        records = network_json.read(file.read(network_json.LARGEST_FILE + 1))
    if arguments.institution:
        if arguments.out:
            raise ValueError(
                "--out writes the whole network, and each institution alone with it: leave out "
                "--institution, or --out."
            )
        return _tell_one(arguments.institution, records, as_json=arguments.json)
    with reading.executor_of(arguments.processes) as executor:
        drawing = Drawing(arguments.resamples, arguments.seed, executor=executor)
        found = network_json.measured(records, drawing)
    if arguments.out:
        from interlock.methods.formats import network_packages

        files = network_packages.files(records, found, network_json.portrayed(records))
        for path, data in files.items():
            reading.written(arguments.out / path, data)
        print(f"Written: {', '.join(files)}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    print(printable(_who(found)))
    _print_parts(found)
    print(
        "\nChance: both ends of what 95 of 100 worlds give in which only chance is at work. What goes "
        "together is no cause. docs/methods/network.md has each measure and its worlds."
    )
    return 0


def _tell_one(id: str, records: Records, *, as_json: bool) -> int:
    from interlock.methods.formats import network_json

    if id not in records.network.place_of:
        raise ValueError(f"There is no institution “{id}” in this file.")
    found = network_json.portrayed(records).get(id)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    if found is None:
        print("It has no ties, needs, offers or awards: there is nothing to measure it by.")
        return 0
    _print_parts(found)
    print(
        "\nChance: all but what has at most 25 in 1,000 on its side, told exactly. Of twenty institutions one "
        "lies outside by chance alone. docs/methods/network.md has each measure and its worlds."
    )
    return 0


def _print_parts(found: Mapping[str, Any]) -> None:
    for part in _PARTS:
        if rows := found[part]:
            print(f"\n{reading.titled(part.capitalize())}\n{reading.aligned(_rows(rows))}")


def _who(found: Mapping[str, Any]) -> str:
    kinds = found["institutions"]
    told = (
        f"{sum(kinds.values()):,} institutions: {kinds['pb']:,} of participatory budgeting, "
        f"{kinds['coop']:,} of the co-ops, {kinds['both']:,} of both. {found['ties']:,} ties, "
        f"{found['awards']:,} awards."
    )
    return f"{told} Made up, not measured in the world." if found["synthetic"] else told


def _rows(measures: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    rows = [["", "found", "95 %", "chance", "p", "n", "", "what was shuffled"]]
    for one in measures:
        near, beside = one["interval"], one["chance"]
        rows.append(
            [
                one["name"],
                _number(one["value"]),
                f"{_number(near['low'])} – {_number(near['high'])}" if near else "",
                f"{_number(beside['low'])} – {_number(beside['high'])}" if beside else "",
                _number(beside["p"]) if beside else "",
                f"{one['n']:,}",
                _FINDINGS[one["finding"]],
                beside["null"] if beside else "",
            ]
        )
    return rows


def _number(value: float | None) -> str:
    return "?" if value is None else f"{value:,.3g}"
