"""`interlock simulate make | what-if | chances`: elections that did not happen.

`make` writes a made-up election of any size, from a seed. `what-if` counts a file as it is and with
another budget, cost or rule, and says who gains and who loses. `chances` draws the ballots of a file
again and again, and says how often each project is funded.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interlock import __version__
from interlock.commands import reading
from interlock.methods.counting.tables import cut, label
from interlock.methods.formats import pabulib
from interlock.methods.formats.amounts import Amount

if TYPE_CHECKING:
    from interlock.methods.counting.election import Election
    from interlock.methods.counting.simulation import Chances, WhatIf

SUMMARY = "Make up an election, ask what if of one, or how sure its outcome is."

_WHOLE = {
    "voters": "how many ballots",
    "projects": "how many projects",
    "budget": "whole currency units",
    "cost-step": "costs are multiples of it",
    "most-marks": "the most marks on a ballot",
    "blocs": "neighborhoods of projects and voters",
}
_REAL = {
    "demand": "the sum of all costs divided by the budget",
    "marks": "marks on a ballot, on average",
    "slope": "popularity falls with rank to this power",
    "correlation": "Spearman's, of cost and popularity",
    "home": "how many times as readily voters mark their own neighborhood's projects",
    "blank": "the share of empty ballots",
    "repeated": "the share of ballots that name a project twice",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    asked = parser.add_subparsers(dest="asked", metavar="make | what-if | chances", required=True)
    _add_make(asked.add_parser("make", help="write a made-up election", description=_MAKE))
    _add_what_if(asked.add_parser("what-if", help="count a changed election", description=_IF))
    _add_chances(asked.add_parser("chances", help="count resampled ballots", description=_CHANCES))


_MAKE = (
    "Write a made-up election as a .pb file. The usual values are those of real elections; equal "
    "values and seed give an equal file."
)
_IF = "Count a file as it is and with a change, and say which projects and how many voters gain."
_CHANCES = (
    "Draw as many ballots again from the file's, with replacement, count, and do so many times: "
    "how often is each project funded? In brackets stands the 95 % interval of that chance."
)


def _add_make(parser: argparse.ArgumentParser) -> None:
    from interlock.methods.counting.synthetic import Shape

    parser.add_argument("file", type=Path, metavar="FILE.pb", help="where to write it")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument(
        "--kind",
        metavar="TYPE",
        help="approval (the usual), choose-1, ordinal, cumulative or scoring",
    )
    parser.add_argument(
        "--rule",
        default="equalshares/add1",
        help="the rule the file names (default: equalshares/add1)",
    )
    for names, kind, letter in ((_WHOLE, int, "N"), (_REAL, float, "X")):
        for name, meaning in names.items():
            usual = getattr(Shape, name.replace("-", "_"))
            told = f"{meaning} (default: {usual})"
            parser.add_argument(f"--{name}", type=kind, metavar=letter, help=told)
    parser.add_argument(
        "--cost-quantiles",
        metavar="P:C,…",
        help="probability:cost, costs relative to each other, such as 0.05:1,0.5:12,0.95:110",
    )


def _add_what_if(parser: argparse.ArgumentParser) -> None:
    reading.add_file(parser)
    parser.add_argument("--base", metavar="RULE", help="the rule before (default: the file's own)")
    parser.add_argument("--rule", metavar="RULE", help="the rule after (default: the one before)")
    parser.add_argument("--budget", metavar="AMOUNT", help="the budget after")
    parser.add_argument(
        "--cost",
        metavar="PROJECT=AMOUNT",
        action="append",
        default=[],
        help="the cost of a project after; as often as needed",
    )
    reading.add_ties(parser)
    reading.add_json(parser)


def _add_chances(parser: argparse.ArgumentParser) -> None:
    reading.add_file(parser)
    reading.add_rule(parser)
    parser.add_argument("--resamples", type=int, default=1000, metavar="N", help="default: 1000")
    parser.add_argument("--seed", type=int, default=0, help="of the draws (default: 0)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    reading.add_ties(parser)
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    work = {"make": _make, "what-if": _what_if, "chances": _chances}[arguments.asked]
    return reading.told(arguments.file, lambda: work(arguments))


def _make(arguments: argparse.Namespace) -> int:
    from interlock.methods.counting.synthetic import Shape, synthetic
    from interlock.methods.formats.synthetic import file_of

    if arguments.seed < 0:
        raise ValueError("A seed is a whole number from 0.")
    given = [name.replace("-", "_") for name in ("kind", *_WHOLE, *_REAL)]
    values: dict[str, Any] = {name: getattr(arguments, name) for name in given}
    if arguments.cost_quantiles is not None:
        values["cost_quantiles"] = _quantiles(arguments.cost_quantiles)
    shape = Shape(**{name: value for name, value in values.items() if value is not None})
    made = synthetic(shape, arguments.seed)
    arguments.file.write_text(
        pabulib.write(file_of(made, arguments.rule)), encoding="utf-8", newline=""
    )
    ballots = made.election.ballots
    print(
        f"{arguments.file}: {len(ballots):,} {shape.kind} ballots with {len(ballots.projects):,} "
        f"marks on {shape.projects:,} projects, seed {arguments.seed}."
    )
    return 0


def _quantiles(text: str) -> tuple[tuple[float, float], ...]:
    try:
        pairs = [pair.split(":") for pair in text.split(",")]
        return tuple((float(chance), float(cost)) for chance, cost in pairs)
    except ValueError:
        raise ValueError(
            f'The cost quantiles are "{text}"; write pairs such as 0.05:1,0.5:12,0.95:110.'
        ) from None


def _what_if(arguments: argparse.Namespace) -> int:
    from interlock.methods.counting.simulation import what_if

    file = reading.opened(arguments.file)
    base = _base_of(file, arguments.base)
    if arguments.budget is None and not arguments.cost and arguments.rule is None:
        raise ValueError("Nothing is changed. Give --budget, --cost PROJECT=AMOUNT or --rule.")
    election, budget, costs = _amounts(file, arguments.budget, arguments.cost)
    asked = what_if(
        election,
        base,
        budget=budget,
        costs=costs,
        new_rule=None if arguments.rule is None else reading.rule_of(file, arguments.rule),
        ties=reading.order_of(arguments.ties, election),
        lot_seed=file.input_sha256,
        progress=reading.progress_after_a_second(),
    )
    if arguments.json:
        print(json.dumps(_what_if_summary(file, asked), ensure_ascii=False, indent=2))
    else:
        print(_what_if_report(file, asked, shutil.get_terminal_size().columns))
    return 0


def _base_of(file: pabulib.PabulibFile, base: str | None) -> str:
    try:
        return reading.rule_of(file, base)
    except ValueError as error:
        raise ValueError(str(error).replace("--rule", "--base")) from None


def _amounts(
    file: pabulib.PabulibFile, budget: str | None, costs: list[str]
) -> tuple[Election, int | None, dict[str, int]]:
    """The election in parts fine enough for the new amounts, and these in the same parts."""
    from interlock.methods.counting.simulation import in_parts

    read = {}
    for text in costs:
        project, sign, amount = text.rpartition("=")
        if not sign:
            raise ValueError(f'--cost is "{text}"; write PROJECT=AMOUNT, such as park=1200.50.')
        read[project.strip()] = _amount(f"The cost of {project.strip()}", amount)
    money = None if budget is None else _amount("The budget", budget)
    new = [*read.values(), *([] if money is None else [money])]
    election = file.election()
    unit = max(election.unit, *(10**one.decimals for one in new)) if new else election.unit
    scaled = {project: one.times(unit) for project, one in read.items()}
    return in_parts(election, unit), None if money is None else money.times(unit), scaled


def _amount(name: str, text: str) -> Amount:
    try:
        return Amount.read(text.strip())
    except ValueError as error:
        raise ValueError(f"{name} {error}.") from None


def _what_if_summary(file: pabulib.PabulibFile, asked: WhatIf) -> dict[str, Any]:
    amount = reading.amounts(asked.before.unit)
    return {
        side: {
            "rule": result.rule,
            "budget": amount(result.budget),
            "funded": list(result.funded),
            "spent": amount(result.spent),
        }
        for side, result in (("before", asked.before), ("after", asked.after))
    } | {
        "gained": list(asked.gained),
        "lost": list(asked.lost),
        "voters": {"better": asked.better, "worse": asked.worse, "same": asked.same},
        "input_sha256": file.input_sha256,
        "version": __version__,
    }


def _what_if_report(file: pabulib.PabulibFile, asked: WhatIf, width: int) -> str:
    names = file.names()
    money = reading.money(file.meta, asked.before.unit)
    blocks = [
        "\n".join(
            f"{side}  {len(result.funded):,} funded, {money(Fraction(result.spent))} of "
            f"{money(Fraction(result.budget))}, by {result.rule}"
            for side, result in (("Before", asked.before), ("After ", asked.after))
        )
    ]
    for title, projects in (
        ("Funded only after the change", asked.gained),
        ("Funded only before it", asked.lost),
    ):
        if projects:
            lines = [cut(label(project, names), max(width, 20)) for project in projects]
            blocks.append("\n".join([title, "-" * len(title), *lines]))
    if not asked.gained and not asked.lost:
        blocks.append("The same projects are funded.")
    blocks.append(
        textwrap.fill(
            f"Of {asked.before.votes:,} voters, {asked.better:,} support more funded projects than "
            f"before, {asked.worse:,} fewer, and {asked.same:,} as many.",
            width,
        )
    )
    return "\n\n".join(blocks)


def _chances(arguments: argparse.Namespace) -> int:
    from interlock.methods.counting.simulation import chances

    if arguments.jobs < 1:
        raise ValueError("Jobs are 1 or more.")
    file = reading.opened(arguments.file)
    rule, election = reading.rule_of(file, arguments.rule), file.election()
    with _workers(arguments.jobs) as executor, _bar(arguments.resamples) as progress:
        found = chances(
            election,
            rule,
            resamples=arguments.resamples,
            seed=arguments.seed,
            ties=reading.order_of(arguments.ties, election),
            lot_seed=file.input_sha256,
            executor=executor,
            progress=progress,
        )
    if arguments.json:
        print(json.dumps(_chances_summary(file, found), ensure_ascii=False, indent=2))
    else:
        print(_chances_report(file, found, shutil.get_terminal_size().columns))
    return 0


@contextmanager
def _workers(jobs: int) -> Iterator[Executor | None]:
    if jobs == 1:
        yield None
        return
    # Fresh processes: nothing of this one's threads or open files goes along.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on standard error, gone when all is done; none where nobody sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    last = 0.0

    def tell(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 0.1:
            last = time.monotonic()
            filled = "█" * (30 * done // total)
            print(f"\r{filled:░<30} {done:,} of {total:,}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _chances_summary(file: pabulib.PabulibFile, found: Chances) -> dict[str, Any]:
    return {
        "rule": found.result.rule,
        "resamples": found.resamples,
        "seed": found.seed,
        "funded": list(found.result.funded),
        "projects": [
            {
                "id": one.project,
                "funded": one.funded,
                "times": one.times,
                "chance": one.share,
                "low": one.interval[0],
                "high": one.interval[1],
            }
            for one in found.projects
        ],
        "input_sha256": file.input_sha256,
        "version": __version__,
    }


def _chances_report(file: pabulib.PabulibFile, found: Chances, width: int) -> str:
    names = file.names()
    heading = (
        f"How often each project is funded by {found.result.rule} when the "
        f"{found.result.votes:,} ballots are drawn again {found.resamples:,} times. "
        "✓ is funded in the count itself."
    )
    lines = [textwrap.fill(heading, width), ""]
    for one in found.by_chance():
        low, high = (100 * end for end in one.interval)
        figures = (
            f"{100 * one.share:5.1f} %  [{low:5.1f}, {high:5.1f}]  {'✓' if one.funded else ' '}"
        )
        room = max(width - len(figures) - 2, 20)
        lines.append(f"{figures}  {cut(label(one.project, names), room)}")
    return "\n".join(lines)
