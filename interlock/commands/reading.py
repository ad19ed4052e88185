"""What the verbs that read an election file share: its arguments, its faults, its amounts.

One way of choosing the rule and the tie order, one way of telling what is wrong, one way of writing
money: whoever has learnt `interlock count` knows the others.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from fractions import Fraction
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path

from interlock.commands.site import use_one_thread
from interlock.methods.counting.election import Election
from interlock.methods.counting.names import SUPPORTED, why_not_supported
from interlock.methods.counting.result import Result
from interlock.methods.counting.tables import printable
from interlock.methods.formats import pabulib
from interlock.methods.formats.amounts import decimal_text, rounded_text

MOST_PROCESSES = 64
#: What stands with a result where the ballots say that they are made up.
MADE_UP = "Made up: this vote was not held in the world."


def add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.pb", help="the election")


def add_rule(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rule", metavar="RULE", help=f"one of {', '.join(SUPPORTED)} (default: the file's own)"
    )


def add_ties(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--ties",
        metavar="ORDER",
        help="the order that breaks ties: all project ids separated by commas, or a file with one "
        "a line (default: least cost, most votes, then a lot seeded by the file's hash)",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def add_processes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--processes",
        type=int,
        default=1,
        metavar="N",
        help="the answer is the same (default: 1)",
    )


@contextmanager
def executor_of(processes: int) -> Iterator[Executor | None]:
    """Other processes, if more than one is wanted: fresh ones, with a thread of algebra each."""
    if not 1 <= processes <= MOST_PROCESSES:
        raise ValueError(f"Processes are 1 to {MOST_PROCESSES}.")
    if processes == 1:
        yield None
        return
    use_one_thread()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as executor:
        yield executor


def told(path: Path, work: Callable[[], int]) -> int:
    """Do the work of a verb on the file at `path`; what cannot be done is told, with exit code 2."""
    try:
        return work()
    except pabulib.PabulibError as error:
        for fault in error.faults:
            print(f"{path}: {printable(str(fault))}", file=sys.stderr)
    except BrokenPipeError:
        raise  # nobody reads any more: the command line ends quietly
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    except ValueError as error:
        for line in str(error).splitlines():
            print(printable(line), file=sys.stderr)
    return 2


def need_scipy() -> None:
    """Raises ValueError, in a sentence, where what the observatory's verbs need is not installed."""
    if find_spec("scipy") is None:
        raise ValueError("This verb needs SciPy. Install it: pip install 'interlock[observatory]'.")


def written(path: Path, data: bytes) -> None:
    """Put a file there whole, or leave the one that was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(data)
    beside.replace(path)


def opened(path: Path) -> pabulib.PabulibFile:
    """Read a file, and tell its notes on standard error."""
    file = pabulib.read(path)
    for note in file.notes:
        print(f"Note: {printable(note)}", file=sys.stderr)
    return file


def rule_of(file: pabulib.PabulibFile, rule: str | None) -> str:
    """The rule that was asked for, else the file's own.

    Raises ValueError, in a sentence, when there is none or the ballots cannot be counted by it.
    """
    if rule is None and not file.rule:
        raise ValueError(f"The file names no rule. Give one with --rule: {', '.join(SUPPORTED)}.")
    refusal = why_not_supported(rule or file.rule, file.ballots.kind)
    if refusal is not None and rule is None:
        refusal = f"{refusal} The file names this rule; give another with --rule."
    if refusal is not None:
        raise ValueError(refusal)
    return rule or file.rule


def counted(file: pabulib.PabulibFile, rule: str | None, ties: str | None) -> Result:
    """Count a file as the arguments say, with progress on standard error."""
    from interlock.methods.counting.rules import count

    name, election = rule_of(file, rule), file.election()
    return count(
        election,
        name,
        order_of(ties, election),
        lot_seed=file.input_sha256,
        progress=progress_after_a_second(),
    )


def order_of(ties: str | None, election: Election) -> list[str] | None:
    """The order `--ties` gives, or None without it."""
    return None if ties is None else read_order(ties, election.projects)


def read_order(text: str, projects: Sequence[str]) -> list[str]:
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


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Columns, the first row their heads: the first column to the left, the others to the right."""
    wide = [
        max((len(row[n]) for row in rows if n < len(row)), default=0) for n in range(len(rows[0]))
    ]
    return "\n".join(
        "  ".join(
            cell.ljust(wide[n]) if n == 0 else cell.rjust(wide[n]) for n, cell in enumerate(row)
        ).rstrip()
        for row in rows
    )


def titled(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def progress_after_a_second(
    told: str = "Counting: step {:,} …",
) -> Callable[[int], None]:
    """Tell standard error how far something long is, at most once a second."""
    last = time.monotonic()

    def tell(step: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            print(told.format(step), file=sys.stderr)

    return tell


def amounts(unit: int) -> Callable[[int], int | str]:
    """How amounts are written for a machine, in the file's own unit: integers, or decimal text."""

    def amount(number: int) -> int | str:
        text = decimal_text(number, unit)
        return int(text) if "." not in text else text

    return amount


def money(meta: Mapping[str, str], unit: int) -> Callable[[Fraction], str]:
    """How exact amounts are written for people: rounded to two decimals, with the currency."""
    currency = meta.get("currency", "")
    return lambda amount: f"{rounded_text(amount, unit)} {currency}".strip()
