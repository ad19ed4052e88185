"""`interlock count FILE.pb`: count an election, and say for each project why.

The rule is the file's own unless `--rule` names another. Ties go to the least cost, then the most
votes, then a lot seeded by the file's SHA-256, unless `--ties` gives the order.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from interlock import __version__
from interlock.methods.counting.names import SUPPORTED, why_not_supported
from interlock.methods.counting.reasons import sentence
from interlock.methods.counting.result import Outcome, Result
from interlock.methods.formats import pabulib
from interlock.methods.formats.amounts import decimal_text, rounded_text

SUMMARY = "Count the ballots of a Pabulib .pb file, and say for each project why."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.pb", help="the election")
    parser.add_argument(
        "--rule", metavar="RULE", help=f"one of {', '.join(SUPPORTED)} (default: the file's own)"
    )
    parser.add_argument(
        "--ties",
        metavar="ORDER",
        help="the order that breaks ties: all project ids separated by commas, or a file with one "
        "a line (default: least cost, most votes, then a lot seeded by the file's hash)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    try:
        file = pabulib.read(arguments.file)
        result = _counted(file, arguments.rule, arguments.ties)
    except pabulib.PabulibError as error:
        for fault in error.faults:
            print(f"{arguments.file}: {fault}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for note in file.notes:
        print(f"Note: {note}", file=sys.stderr)
    if arguments.json:
        print(json.dumps(summary(file, result), ensure_ascii=False, indent=2))
    else:
        print(report(file, result, shutil.get_terminal_size().columns))
    return 0


def _counted(file: pabulib.PabulibFile, rule: str | None, ties: str | None) -> Result:
    from interlock.methods.counting.rules import count

    refusal = _why_not(file, rule)
    if refusal is not None:
        raise ValueError(refusal)
    election = file.election()
    order = None if ties is None else read_order(ties, election.projects)
    return count(
        election,
        rule or file.rule,
        order,
        lot_seed=file.input_sha256,
        progress=_progress_after_a_second(),
    )


def _why_not(file: pabulib.PabulibFile, rule: str | None) -> str | None:
    if rule is None and not file.rule:
        return f"The file names no rule. Give one with --rule: {', '.join(SUPPORTED)}."
    refusal = why_not_supported(rule or file.rule, file.ballots.kind)
    if refusal is not None and rule is None and file.rule not in SUPPORTED:
        return f"{refusal} The file names this rule; give another with --rule."
    return refusal


def read_order(text: str, projects: tuple[str, ...]) -> list[str]:
    """The tie order of `--ties`: a file with one id a line if there is one, else ids by commas.

    All projects must be named, each once: an order that stops half-way would leave the last ties
    to something nobody wrote down. `count` refuses any other.
    """
    if "," not in text and text not in projects and Path(text).is_file():
        try:
            lines = Path(text).read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError:
            raise ValueError(f"{text} is no text file. Give one project id a line.") from None
        return [line.strip() for line in lines if line.strip()]
    return [project.strip() for project in text.split(",")]


def _progress_after_a_second() -> Callable[[int], None]:
    """Tell standard error how far a long count is, at most once a second."""
    last = time.monotonic()

    def tell(step: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            print(f"Raising every share by one unit: step {step:,} …", file=sys.stderr)

    return tell


def summary(file: pabulib.PabulibFile, result: Result) -> dict[str, Any]:
    """The result as plain data, amounts in the file's own unit: integers, or decimal strings."""

    def amount(number: int) -> int | str:
        text = decimal_text(number, result.unit)
        return int(text) if "." not in text else text

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
    }


def _rows(result: Result) -> list[tuple[Outcome, int, int]]:
    return list(zip(result.outcomes, result.costs, result.supporters, strict=True))


def told(file: pabulib.PabulibFile, result: Result, outcome: Outcome) -> str:
    """The reason of one outcome in English, amounts in the file's currency."""
    currency = file.meta.get("currency", "")

    def money(amount: Fraction) -> str:
        return f"{rounded_text(amount, result.unit)} {currency}".strip()

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
                _entry(names[row[0].project], told(file, result, row[0]), row, result.unit, width)
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
    ties = [
        f"{', '.join(tie.projects)} were level; {tie.chosen} went first."
        for tie in (result.ties_met)
    ]
    return "\n".join(textwrap.fill(line, width) for line in (text, facts, *ties))


def _entry(name: str, reason: str, row: tuple[Outcome, int, int], unit: int, width: int) -> str:
    outcome, cost, votes = row
    title = outcome.project if name == outcome.project else f"{outcome.project}  {name}"
    counted = "1 vote" if votes == 1 else f"{votes:,} votes"
    figures = f"{rounded_text(Fraction(cost), unit)}  {counted}"
    room = max(20, width - len(figures) - 2)
    first, *rest = textwrap.wrap(title, room)
    told = textwrap.fill(reason, width, initial_indent="    ", subsequent_indent="    ")
    return "\n".join([f"{first:<{room}}  {figures}", *(f"    {line}" for line in rest), told])
