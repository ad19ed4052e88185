"""`interlock compare FILE.pb`: the same ballots counted by several rules, side by side.

Projects are rows and rules are columns; under them stands what each rule spends, and how many
voters it reaches. A rule that cannot count these ballots is told below the table.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from interlock import __version__
from interlock.commands import reading
from interlock.methods.counting.names import SUPPORTED

SUMMARY = "Count a Pabulib .pb file by several rules, and put them side by side."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    reading.add_file(parser)
    parser.add_argument(
        "--rules",
        metavar="RULE,…",
        help=f"names separated by commas (default: {','.join(SUPPORTED)})",
    )
    reading.add_ties(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--svg", type=Path, metavar="FILE", help="draw the table into this file")


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    from interlock.methods.counting.comparison import side_by_side
    from interlock.methods.counting.drawing import comparison_svg
    from interlock.methods.counting.tables import comparison_text

    rules = SUPPORTED if arguments.rules is None else _names(arguments.rules)
    file = reading.opened(arguments.file)
    election = file.election()
    table = side_by_side(
        election,
        rules,
        reading.order_of(arguments.ties, election),
        lot_seed=file.input_sha256,
        progress=_rule_after_a_second(),
    )
    if not table.counted:
        raise ValueError("\n".join(column.refusal for column in table.columns))
    currency = file.meta.get("currency", "")
    if arguments.json:
        told = table.to_json(reading.amounts(election.unit))
        told |= {"input_sha256": file.input_sha256, "version": __version__}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif arguments.svg is not None:
        title = file.meta.get("description", "")
        drawn = comparison_svg(table, title=title, names=file.names(), currency=currency)
        arguments.svg.write_text(drawn, encoding="utf-8")
        print(f"{arguments.svg}: {len(table.projects):,} projects by {len(table.counted)} rules.")
    else:
        width = shutil.get_terminal_size().columns
        print(comparison_text(table, width, names=file.names(), currency=currency))
    return 0


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise ValueError(f"No rule is named. Give some of {', '.join(SUPPORTED)}.")
    return names


def _rule_after_a_second() -> Callable[[str], None]:
    """Tell standard error which rule a long comparison has come to."""
    start = time.monotonic()

    def tell(rule: str) -> None:
        if time.monotonic() - start >= 1:
            print(f"Counting by {rule} …", file=sys.stderr)

    return tell
