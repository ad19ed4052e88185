"""`interlock export ocds PROCESS`, `threesixty PROCESS`, `coop-contracts`: what is delivered, as files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from interlock.commands.site import make_ready

if TYPE_CHECKING:
    from interlock.web.budgets.models import Process

SUMMARY = "Write what is delivered as OCDS, 360Giving or a report of contracts with worker co-ops."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    said = "calls, awards, agreements and payments of a process, as OCDS 1.1"
    whole = acts.add_parser("ocds", help=said, description=f"{said.capitalize()}.")
    whole.add_argument(
        "--records",
        action="store_true",
        help="a record package: what all releases of a project say together, and these",
    )
    said = "the grants of a process, as 360Giving 1.4"
    grants = acts.add_parser("threesixty", help=said, description=f"{said.capitalize()}.")
    grants.add_argument("--csv", action="store_true", help="as a table instead of JSON")
    for one in (whole, grants):
        one.add_argument("process", metavar="PROCESS", help="the last part of its page's address")
    said = "contracts with worker co-ops by fiscal year, beside all others, as CSV"
    years = acts.add_parser("coop-contracts", help=said, description=f"{said.capitalize()}.")
    years.add_argument(
        "--begins",
        type=int,
        default=7,
        choices=range(1, 13),
        metavar="MONTH",
        help="the first month of a fiscal year, 1 to 12 (default: 7, as in New York City)",
    )


def run(arguments: argparse.Namespace) -> int:
    make_ready()
    from interlock.web.budgets.queries import published

    if arguments.act == "coop-contracts":
        from interlock.methods.formats.coop_contracts import lines
        from interlock.web.delivery.exporting import coop_years

        write(lines(coop_years(arguments.begins)))
        return 0
    process = published().filter(slug=arguments.process).first()
    if process is None:
        print(f"There is no published process “{arguments.process}”.", file=sys.stderr)
        return 2
    return ocds(process, arguments) if arguments.act == "ocds" else threesixty(process, arguments)


def ocds(process: Process, arguments: argparse.Namespace) -> int:
    from django.urls import reverse

    from interlock.methods.formats.ocds import package
    from interlock.web.delivery import exporting

    if not exporting.is_on_record(process):
        print(f"Nothing of “{process}” is on record yet.", file=sys.stderr)
        return 1
    told = exporting.contractings(process)
    if arguments.records:
        about = exporting.publisher(process, reverse("delivery:records", args=[process.slug]))
        write(package.record_chunks(about, told))
    else:
        about = exporting.publisher(process, reverse("delivery:ocds", args=[process.slug]))
        write(package.release_chunks(about, told))
    return 0


def threesixty(process: Process, arguments: argparse.Namespace) -> int:
    from interlock.methods.formats import threesixty
    from interlock.web.delivery.exporting import grants

    found = grants(process)
    if arguments.csv:
        write(threesixty.lines(found))
    else:
        print(json.dumps(threesixty.package(found), ensure_ascii=False, indent=2))
    return 0


def write(chunks: Iterable[str]) -> None:
    for chunk in chunks:
        sys.stdout.write(chunk)
