"""`interlock surplus FILE.json`: close the year of a co-op, from a file and nothing else.

A file may hold worked examples too (`methods.formats.years`): each says what its year closes with, and is
held against the arithmetic: exit code 1 when any number differs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from interlock import __version__
from interlock.commands import reading
from interlock.methods.counting.tables import printable
from interlock.methods.formats import years
from interlock.methods.surplus import Closed, Share, Step, amount_text, close, sentence

SUMMARY = "Close a co-op's year: surplus, funds, each member's share, and the arithmetic."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.json", help="a year, or worked examples")
    parser.add_argument(
        "--decimals",
        type=int,
        default=2,
        choices=range(5),
        metavar="N",
        help="how many decimals the currency has (default: 2)",
    )
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    with arguments.file.open("rb") as file:
        data = file.read(years.LARGEST_FILE + 1)
    told = [(one, close(one.year)) for one in years.read(data)]
    wrong = [years.differences(one, closed) for one, closed in told]
    if arguments.json:
        found = [
            _json(one, closed, differ) for (one, closed), differ in zip(told, wrong, strict=True)
        ]
        whole = {"years": found, "version": __version__}
        print(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        for (one, closed), differ in zip(told, wrong, strict=True):
            lines = _Telling(arguments.decimals).lines(one, closed, differ)
            print(*map(printable, lines), "", sep="\n")
        print(f"Closed by interlock {__version__}. These are figures, not tax advice.")
    return 1 if any(wrong) else 0


def _json(
    one: years.Example, closed: Closed, differ: tuple[years.Difference, ...]
) -> dict[str, Any]:
    return {
        "name": one.name,
        **closed.to_json(),
        "differences": [
            {"path": each.path, "stated": each.stated, "found": each.found} for each in differ
        ],
    }


class _Telling:
    """A closed year in lines of English."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals

    def money(self, amount: Fraction | int) -> str:
        return amount_text(Fraction(amount), self.decimals)

    def lines(
        self, one: years.Example, closed: Closed, differ: tuple[years.Difference, ...]
    ) -> Iterator[str]:
        if one.name:
            yield one.name
        yield f"Net income {self.money(closed.year.net)}, policy {closed.year.policy.name}"
        yield from self.steps(closed.opening)
        for given in closed.given:
            yield f"  {given.slice.fund}: {self.money(given.amount)}"
            yield from self.steps(given.steps, "    ")
        yield from self.steps(closed.sharing)
        for fund, amount in closed.funds.items():
            yield f"Fund {fund}: {self.money(amount)}"
        if closed.carried:
            yield f"Carried forward: {self.money(closed.carried)}"
        for share in closed.members:
            yield from self.member(share)
        for each in differ:
            stated, found = (
                "nothing" if number is None else self.money(number)
                for number in (each.stated, each.found)
            )
            yield f"The file says {stated} ({each.path}); the arithmetic gives {found}."
        if one.stated is not None and not differ:
            yield f"All {len(one.stated)} numbers that the file states are right."

    def member(self, share: Share) -> Iterator[str]:
        if share.allocation < 0:
            yield f"Member {share.worker.id}: {self.money(share.allocation)}"
        else:
            yield (
                f"Member {share.worker.id}: {self.money(share.allocation)}, in cash "
                f"{self.money(share.cash)}, as notice {self.money(share.notice)}"
            )
        yield from self.steps(share.steps)

    def steps(self, steps: tuple[Step, ...], indent: str = "  ") -> Iterator[str]:
        for step in steps:
            yield f"{indent}{sentence(step, money=self.money)}"
