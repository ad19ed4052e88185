"""Whether statsmodels and esda still say what is stored, and what we say of other numbers.

    make oracle
    python -m tests.oracle.places_check --against .places/bin/python [--random N] [--record]

Prints how many numbers there are, and each that differs. `--record` writes `places_agreed.json` anew,
and only when none differs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .asking import answers, differ, options, record
from .places_problems import AGREED, Answer, Problem, differing, drawn, ours, stored

ANSWERS = Path(__file__).with_name("places_answers.py")
# How many problems are stored, and where random ones begin.
STORED, FIRST = 30, 10_000


def main() -> int:
    wanted = options(__doc__, AGREED, 300)
    if wanted.record:
        made = [drawn(number) for number in range(STORED)]
        theirs, wrong = compared(wanted.against, "new", made)
        rows = [{"asked": one, "agreed": two} for one, two in zip(made, theirs, strict=True)]
        return record(AGREED, rows, wrong)
    known = [asked for asked, _agreed in stored()]
    made = [drawn(FIRST + number) for number in range(wanted.random)]
    return differ(wanted.against, compared, known, made)


def compared(python: str, what: str, asked: Sequence[Problem]) -> tuple[list[Answer], list[str]]:
    """What the others say of each problem, and a line for each disagreement."""
    found = [ours(one) for one in asked]
    questions = [
        {**problem, "alpha": answer.get("alpha", 0)}
        for problem, answer in zip(asked, found, strict=True)
    ]
    theirs = answers(python, ANSWERS, questions)
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


if __name__ == "__main__":
    sys.exit(main())
