"""Whether pabutools still says what is stored, and what we say of other elections.

    make oracle
    python -m tests.oracle.check --against .oracle/bin/python [--random N] [--record]

Asks pabutools, in its own environment, about the elections of `agreed.json`, about random ones, and
about those real files that are small enough for it (`INTERLOCK_DATA`, as in the tests). Prints how
many outcomes there are, and each that differs. `--record` writes `agreed.json` anew from elections
drawn by the code as it is, and only when no outcome differs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interlock.methods.counting import Election, count, tie_order
from interlock.methods.counting.election import Limits
from interlock.methods.formats import pabulib

from . import asking
from .elections import AGREED, RULES, defined_alike, drawn, stored

ANSWERS = Path(__file__).with_name("pabutools_answers.py")
# How many elections of each kind are drawn to be stored.
STORED = {"approval": 420, "cumulative": 150, "ordinal": 150}
# Random elections begin where the stored ones end.
FIRST = 10_000
# Of real files, in bytes: pabutools takes long for more.
LARGEST_FILE = 500_000
# Of add1: ballots times raises. pabutools takes about a minute for so many.
MOST_WORK = 600_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", required=True, help="one with pabutools")
    parser.add_argument("--random", type=int, default=600, metavar="N", help="default: 600")
    parser.add_argument("--record", action="store_true", help="write agreed.json anew")
    arguments = parser.parse_args()
    if arguments.record:
        return record(arguments.against)
    wrong = stored_outcomes(arguments.against)
    wrong += random_outcomes(arguments.against, arguments.random)
    wrong += real_outcomes(arguments.against)
    print(*wrong, f"{len(wrong)} outcomes differ.", sep="\n")
    return 1 if wrong else 0


def answers(python: str, questions: Sequence[dict[str, Any]]) -> list[dict[str, list[str]]]:
    """What pabutools funds, by rule, for each question."""
    return asking.answers(python, ANSWERS, questions)


def record(python: str) -> int:
    made = [
        numbers
        for kind, number in STORED.items()
        for place in range(number)
        if (numbers := drawn(kind, place)) is not None
    ]
    rows, wrong = list[str](), list[str]()
    asked = answers(python, [numbers.question() for numbers in made])
    for numbers, theirs in zip(made, asked, strict=True):
        outcomes, differ = compared(numbers.election, numbers.order, theirs)
        wrong += [f"{line}: {numbers}" for line in differ]
        funded = [None if one is None else sorted(map(int, one)) for one in outcomes]
        told = {name: value for name, value in vars(numbers).items() if value is not None}
        rows.append(json.dumps({**told, "funded": funded}, separators=(",", ":")))
    if not wrong:
        rules = json.dumps(RULES)
        text = ",\n".join(rows)
        AGREED.write_text(f'{{"rules": {rules},\n"elections": [\n{text}\n]}}\n')
    print(*wrong, f"{len(made)} elections, {len(wrong)} outcomes differ.", sep="\n")
    return 1 if wrong else 0


def compared(
    election: Election, ties: Sequence[str], theirs: dict[str, list[str]]
) -> tuple[list[list[str] | None], list[str]]:
    """Outcomes by rule, None where the definitions differ, and a line for each disagreement."""
    outcomes, differ = list[list[str] | None](), list[str]()
    for rule, found in theirs.items():
        result = count(election, rule, ties)
        alike = defined_alike(election, rule, result)
        outcomes.append(found if alike else None)
        if alike and set(result.funded) != set(found):
            differ.append(f"{rule}: {sorted(result.funded)} here, {found} there")
    return outcomes, differ


def stored_outcomes(python: str) -> list[str]:
    known = list(stored())
    asked = answers(python, [numbers.question() for numbers, _funded in known])
    pairs = [
        (rule, found, theirs[rule], numbers)
        for (numbers, agreed), theirs in zip(known, asked, strict=True)
        for rule, found in agreed.items()
    ]
    wrong = [f"{rule}: {a} stored, {b} now: {n}" for rule, a, b, n in pairs if a != sorted(b)]
    print(
        f"{len(known)} stored elections, {len(pairs):,} outcomes: {len(wrong)} differ", flush=True
    )
    return wrong


def random_outcomes(python: str, number: int) -> list[str]:
    kinds = list(RULES)
    made = [drawn(kinds[place % len(kinds)], FIRST + place) for place in range(number)]
    kept = [numbers for numbers in made if numbers is not None]
    asked = answers(python, [numbers.question() for numbers in kept])
    wrong, total = list[str](), 0
    for numbers, theirs in zip(kept, asked, strict=True):
        outcomes, differ = compared(numbers.election, numbers.order, theirs)
        wrong += [f"{line}: {numbers}" for line in differ]
        total += sum(found is not None for found in outcomes)
    print(f"{len(kept)} random elections, {total:,} outcomes: {len(wrong)} differ", flush=True)
    return wrong


def real_outcomes(python: str) -> list[str]:
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("INTERLOCK_DATA", beside)) / "pb" / "open"
    wrong = list[str]()
    for path in sorted(folder.glob("*.pb")):
        if path.stat().st_size <= LARGEST_FILE:
            wrong += real(python, path)
    return wrong


def real(python: str, path: Path) -> list[str]:
    """The rules that disagree about one file, which pabutools reads itself."""
    election = pabulib.read(path).election()
    rules = RULES.get("approval" if election.ballots.weights is None else election.ballots.kind)
    if reason := why_not_compared(election):
        print(f"{path.name}: {reason}", flush=True)
        return []
    ties = tie_order(election, election.projects)
    light = [
        rule
        for rule in rules or ()
        if "add1" not in rule
        or count(election, rule, ties).steps * len(election.ballots) < MOST_WORK
    ]
    [theirs] = answers(python, [{"file": str(path), "ties": ties, "rules": light}])
    _outcomes, differ = compared(election, ties, theirs)
    print(f"{path.name}: {len(light)} outcomes: {len(differ)} differ", flush=True)
    return [f"{path.name}: {line}" for line in differ]


def why_not_compared(election: Election) -> str:
    """Why the definitions differ on a file, or ""."""
    if election.ballots.kind == "ordinal":
        return "Borda points are another definition"
    if not all(election.votes):
        return "a project without a vote"
    if max(election.costs) > election.budget:
        return "a project dearer than the budget"
    if election.limits != Limits():
        return "limits, which pabutools has none of"
    return ""


if __name__ == "__main__":
    sys.exit(main())
