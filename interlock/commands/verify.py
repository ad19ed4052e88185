"""`interlock verify PROTOCOL.json FILE.pb`, `interlock verify BUNDLE.zip`: is a count right?

Another program than the one that counted (`methods.counting.verifier`, nothing but fractions) follows
the rule step by step and holds every number of the protocol against it. `interlock recount` counts
again with the same program; this is the second opinion.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlock.commands import reading
from interlock.methods.counting.tables import printable
from interlock.methods.counting.verifier import Ballot, faults
from interlock.methods.formats import bundle, pabulib

if TYPE_CHECKING:
    from interlock.methods.counting.election import Election

SUMMARY = "Check the protocol of a count with another program, number by number."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "protocol",
        type=Path,
        metavar="PROTOCOL.json",
        help="what `interlock count --protocol` wrote, or a published bundle (a zip)",
    )
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        metavar="FILE.pb",
        help="the ballots (a bundle brings its own)",
    )
    parser.add_argument("--rule", metavar="RULE", help="the rule that was published")
    reading.add_ties(parser)
    parser.add_argument(
        "--every-raise",
        action="store_true",
        help="of a completed count check each raise, not only the last two",
    )


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file or arguments.protocol, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    if zipfile.is_zipfile(arguments.protocol):
        found, said = _bundle(arguments)
    else:
        found, said = _protocol(arguments)
    print(*(map(printable, found) if found else [said]), sep="\n")
    return 1 if found else 0


def _protocol(arguments: argparse.Namespace) -> tuple[list[str], str]:
    """The faults of a protocol, and what to say when there are none."""
    if arguments.file is None:
        arguments.protocol.read_bytes()  # a file that is not there is told first
        raise ValueError("Give the ballots, too: interlock verify PROTOCOL.json FILE.pb.")
    stated = _json(arguments.protocol.read_bytes(), str(arguments.protocol))
    file = reading.opened(arguments.file)
    election = file.election()
    found = _faults(
        stated,
        election,
        is_synthetic=file.is_synthetic,
        rule=arguments.rule,
        order=reading.order_of(arguments.ties, election),
        every_raise=arguments.every_raise,
    )
    if not found and arguments.ties is None and stated["order"] != _usual(file, election):
        print("Note: the tie order is the protocol's own, not the usual one.", file=sys.stderr)
    rule = printable(str(stated.get("rule")))
    made_up = f"{reading.MADE_UP}\n" if file.is_synthetic else ""
    return found, f"{made_up}The count of {len(election.ballots):,} ballots by {rule} is right."


def _bundle(arguments: argparse.Namespace) -> tuple[list[str], str]:
    """The faults of all protocols of a bundle, each area by the rule and order of the manifest."""
    if arguments.file is not None or arguments.rule is not None or arguments.ties is not None:
        raise ValueError("A bundle brings its own ballots, rule and tie order: name only the zip.")
    try:
        manifest, files, differences = bundle.contents(arguments.protocol.read_bytes())
    except bundle.BundleError as error:
        raise ValueError(f"{arguments.protocol}: {error}") from None
    found, ballots, made_up = list(differences), [], ""
    for entry in manifest["areas"]:
        name = entry["name"]
        missing = [entry[key] for key in ("pabulib", "protocol") if entry[key] not in files]
        if missing:
            found.append(f"{name}: {missing[0]} is missing.")
            continue
        try:
            file = pabulib.read(files[entry["pabulib"]])
            election = file.election()
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        stated = _json(files[entry["protocol"]], name)
        told = _faults(
            stated,
            election,
            is_synthetic=file.is_synthetic,
            rule=entry["rule"],
            order=entry["ties"],
            every_raise=arguments.every_raise,
        )
        found += [f"{name}: {fault}" for fault in told]
        ballots.append(f"{len(election.ballots):,}")
        if file.is_synthetic:
            made_up = f"{reading.MADE_UP}\n"
    return found, f"{made_up}The count of {' + '.join(ballots)} ballots is right."


def _json(data: bytes, name: str) -> dict[str, Any]:
    stated = _object(data)
    if stated is None:
        raise ValueError(f"{name}: this is not a protocol, which is one JSON object.")
    return stated


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        stated = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return stated if isinstance(stated, dict) else None


def _faults(
    stated: Mapping[str, Any],
    election: Election,
    *,
    is_synthetic: bool,
    rule: str | None,
    order: Sequence[str] | None,
    every_raise: bool,
) -> list[str]:
    """Ask the verifier, which knows plain data only."""
    limits = election.limits
    counted = {key: one for key, one in stated.items() if key != "synthetic"}
    told = []
    if (stated.get("synthetic") is True) != is_synthetic:
        told.append("Only one of protocol and ballots says that it is made up.")
    return told + faults(
        counted,
        dict(zip(election.projects, election.costs, strict=True)),
        election.budget,
        _plain(election),
        kind=election.ballots.kind,
        unit=election.unit,
        least_points=limits.least_points,
        exclusive=limits.exclusive,
        caps=[(cap.name, cap.budget, cap.projects) for cap in limits.caps],
        rule=rule,
        order=order,
        every_raise=every_raise,
    )


def _plain(election: Election) -> list[Ballot]:
    """Each ballot as ids, or as a mapping from ids to points where it has them."""
    ballots = election.ballots
    marks = [election.projects[mark] for mark in ballots.projects.tolist()]
    spans = list(pairwise(ballots.offsets.tolist()))
    if ballots.points is None:
        return [marks[a:b] for a, b in spans]
    points = ballots.points.tolist()
    return [dict(zip(marks[a:b], points[a:b], strict=True)) for a, b in spans]


def _usual(file: pabulib.PabulibFile, election: Election) -> list[str]:
    """The tie order that `interlock count` takes without `--ties`."""
    from interlock.methods.counting.ties import lot_order, tie_order

    return list(tie_order(election, lot_order(election.projects, file.input_sha256)))
