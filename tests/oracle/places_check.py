"""Whether statsmodels and esda still say what is stored, and what we say of other numbers.

    make oracle
    python -m tests.oracle.places_check --against .places/bin/python [--random N] [--record]

Prints how many numbers there are, and each that differs. `--record` writes `places_agreed.json` anew,
and only when none differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .places_problems import AGREED, Answer, Problem, differing, drawn, ours, stored

ANSWERS = Path(__file__).with_name("places_answers.py")
# How many problems are stored, and where random ones begin.
STORED, FIRST = 30, 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", required=True, help="one with both")
    parser.add_argument("--random", type=int, default=300, metavar="N", help="default: 300")
    parser.add_argument("--record", action="store_true", help="write places_agreed.json anew")
    arguments = parser.parse_args()
    if arguments.record:
        return record(arguments.against)
    wrong = compared(arguments.against, "stored", [asked for asked, _agreed in stored()])[1]
    made = [drawn(FIRST + number) for number in range(arguments.random)]
    wrong += compared(arguments.against, "random", made)[1]
    print(*wrong, f"{len(wrong)} numbers differ.", sep="\n")
    return 1 if wrong else 0


def compared(python: str, what: str, asked: Sequence[Problem]) -> tuple[list[Answer], list[str]]:
    """What the others say of each problem, and a line for each disagreement."""
    found = [ours(one) for one in asked]
    lines = [
        json.dumps({**problem, "alpha": answer.get("alpha", 0)}) + "\n"
        for problem, answer in zip(asked, found, strict=True)
    ]
    ran = subprocess.run(
        [python, str(ANSWERS)], input="".join(lines), text=True, stdout=subprocess.PIPE, check=True
    )
    theirs = [json.loads(line) for line in ran.stdout.splitlines()]
    wrong = [
        f"{told}: {problem}"
        for problem, one, two in zip(asked, found, theirs, strict=True)
        for told in differing(one, two)
    ]
    numbers = sum(
        len(part) if isinstance(part, list) else 1 for one in theirs for part in one.values()
    )
    print(f"{len(asked)} {what} problems, {numbers:,} numbers: {len(wrong)} differ", flush=True)
    return theirs, wrong


def record(python: str) -> int:
    made = [drawn(number) for number in range(STORED)]
    theirs, wrong = compared(python, "new", made)
    if not wrong:
        rows = [
            json.dumps({"asked": problem, "agreed": answer}, separators=(",", ":"))
            for problem, answer in zip(made, theirs, strict=True)
        ]
        text = ",\n".join(rows)
        AGREED.write_text(f"[\n{text}\n]\n")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
