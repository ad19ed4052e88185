"""Whether networkx, rustworkx and krippendorff still say what is stored, and what we say of others.

    make oracle
    python -m tests.oracle.network_check --against .network/bin/python [--random N] [--record]

Prints how many problems there are, and each number that differs. `--record` writes
`network_agreed.json` anew, and only when none differs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .asking import answers, differ, options, record
from .network_problems import AGREED, KINDS, Found, Problem, differing, drawn, found, stored

ANSWERS = Path(__file__).with_name("network_answers.py")
# How many problems of each kind are drawn to be stored, and how large networks are at most.
STORED, SMALL = 30, 14
# Random problems begin where the stored ones end.
FIRST = 10_000


def main() -> int:
    wanted = options(__doc__, AGREED, 600)
    if wanted.record:
        made = [drawn(kind, place, SMALL) for kind in KINDS for place in range(STORED)]
        agreed, wrong = compared(wanted.against, "new", made)
        rows = [{"problem": one, "agreed": two} for one, two in zip(made, agreed, strict=True)]
        return record(AGREED, rows, wrong)
    known = [problem for problem, _agreed in stored()]
    made = [drawn(KINDS[place % 2], FIRST + place) for place in range(wanted.random)]
    return differ(wanted.against, compared, known, made)


def compared(python: str, what: str, asked: Sequence[Problem]) -> tuple[list[Found], list[str]]:
    """What they answer to each problem, and a line for each disagreement."""
    said = answers(python, ANSWERS, asked)
    wrong, numbers = list[str](), 0
    for problem, theirs in zip(asked, said, strict=True):
        wrong += [f"{told}: {problem}" for told in differing(found(problem), theirs)]
        numbers += sum(len(one) if isinstance(one, list) else 1 for one in theirs.values())
    print(f"{len(asked)} {what} problems, {numbers:,} numbers: {len(wrong)} differ", flush=True)
    return said, wrong


if __name__ == "__main__":
    sys.exit(main())
