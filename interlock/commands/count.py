"""`interlock count FILE.pb`: count an election, and say for each project why.

The rule is the file's own unless `--rule` names another. Ties go to the least cost, then the most
votes, then a lot seeded by the file's SHA-256, unless `--ties` gives the order.
"""

from __future__ import annotations

import argparse
import json
import shutil
import textwrap
from fractions import Fraction
from pathlib import Path
from typing import Any

from interlock import __version__
from interlock.commands import reading
from interlock.methods.counting.reasons import sentence
from interlock.methods.counting.result import Outcome, Result
from interlock.methods.counting.tables import label, printable
from interlock.methods.formats import pabulib
from interlock.methods.formats.amounts import rounded_text
from interlock.methods.formats.bundle import canonical, protocol_of

SUMMARY = "Count the ballots of a Pabulib .pb file, and say for each project why."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    reading.add_file(parser)
    reading.add_rule(parser)
    reading.add_ties(parser)
    reading.add_json(parser)
    parser.add_argument(
        "--protocol",
        type=Path,
        metavar="FILE",
        help="write every exact payment into this file, for `interlock verify`",
    )


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    file = reading.opened(arguments.file)
    result = reading.counted(file, arguments.rule, arguments.ties)
    if arguments.protocol is not None:
        arguments.protocol.write_bytes(canonical(protocol_of(file, result)))
    if arguments.json:
        print(json.dumps(summary(file, result), ensure_ascii=False, indent=2))
    else:
        print(report(file, result, shutil.get_terminal_size().columns))
    return 0


def summary(file: pabulib.PabulibFile, result: Result) -> dict[str, Any]:
    """The result as plain data, amounts in the file's own unit: integers, or decimal strings."""
    amount = reading.amounts(result.unit)
    return {
        "rule": result.rule,
        "budget": amount(result.budget),
        "votes": result.votes,
        "funded": list(result.funded),
        "spent": amount(result.spent),
        "steps": result.steps,
        "projects": [
            {
                "id": outcome.project,
                "cost": amount(cost),
                "votes": supporters,
                "funded": outcome.funded,
                "reason": told(file, result, outcome),
            }
            for outcome, cost, supporters in _rows(result)
        ],
        "ties": list(result.order),
        "ties_met": [list(tie.projects) for tie in result.ties_met],
        "input_sha256": file.input_sha256,
        "version": __version__,
        "synthetic": file.is_synthetic,
    }


def _rows(result: Result) -> list[tuple[Outcome, int, int]]:
    return list(zip(result.outcomes, result.costs, result.supporters, strict=True))


def told(file: pabulib.PabulibFile, result: Result, outcome: Outcome) -> str:
    """The reason of one outcome in English, amounts in the file's currency."""
    money = reading.money(file.meta, result.unit)
    return sentence(outcome.reason, money=money, number="{:,}".format)


def report(file: pabulib.PabulibFile, result: Result, width: int) -> str:
    """The result for reading: funded projects in the order of funding, then the others by votes."""
    names = file.names()
    turn = {project: place for place, project in enumerate(result.funded)}
    rows = sorted(_rows(result), key=lambda row: (turn.get(row[0].project, len(turn)), -row[2]))
    funded = [row for row in rows if row[0].funded]
    others = [row for row in rows if not row[0].funded]
    blocks = [_heading(file, result, width)]
    for title, part in (("Funded", funded), ("Not funded", others)):
        if part:
            blocks.append(f"{title}\n{'-' * len(title)}")
            blocks += [
                _entry(
                    label(row[0].project, names),
                    told(file, result, row[0]),
                    row,
                    result.unit,
                    width,
                )
                for row in part
            ]
    blocks.append(f"Input SHA-256 {file.input_sha256}\nCounted by interlock {__version__}")
    return "\n\n".join(blocks)


def _heading(file: pabulib.PabulibFile, result: Result, width: int) -> str:
    currency = file.meta.get("currency", "")
    spent, budget = (
        rounded_text(Fraction(amount), result.unit) for amount in (result.spent, result.budget)
    )
    counted = "1 project" if len(result.funded) == 1 else f"{len(result.funded)} projects"
    text = f"{counted} funded, {spent} of {budget} {currency}".strip()
    facts = f"{result.votes:,} ballots counted by {result.rule}."
    if result.endowment is not None:
        share = rounded_text(result.endowment, result.unit)
        facts += f" Each voter's share was {f'{share} {currency}'.strip()}"
        facts += f" after {result.steps:,} raises." if result.steps else "."
    made_up = [reading.MADE_UP] if file.is_synthetic else []
    ties = [
        f"{', '.join(tie.projects)} were level; {tie.chosen} went first."
        for tie in (result.ties_met)
    ]
    return "\n".join(textwrap.fill(line, width) for line in (text, *made_up, facts, *ties))


def _entry(title: str, reason: str, row: tuple[Outcome, int, int], unit: int, width: int) -> str:
    _, cost, votes = row
    counted = "1 vote" if votes == 1 else f"{votes:,} votes"
    figures = f"{rounded_text(Fraction(cost), unit)}  {counted}"
    room = max(20, width - len(figures) - 2)
    first, *rest = textwrap.wrap(title, room)
    told = textwrap.fill(printable(reason), width, initial_indent="    ", subsequent_indent="    ")
    return "\n".join([f"{first:<{room}}  {figures}", *(f"    {line}" for line in rest), told])
