"""Whether networkx, rustworkx and krippendorff still say what is stored, and what we say of others.

    make oracle
    python -m tests.oracle.network_check --against .network/bin/python [--random N] [--record]

Prints how many problems there are, and each number that differs. `--record` writes
`network_agreed.json` anew, and only when none differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .network_problems import AGREED, KINDS, Found, Problem, differing, drawn, found, stored

ANSWERS = Path(__file__).with_name("network_answers.py")
# How many problems of each kind are drawn to be stored, and how large networks are at most.
STORED, SMALL = 30, 14
# Random problems begin where the stored ones end.
FIRST = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", required=True, help="one that has them")
    parser.add_argument("--random", type=int, default=600, metavar="N", help="default: 600")
    parser.add_argument("--record", action="store_true", help="write network_agreed.json anew")
    arguments = parser.parse_args()
    if arguments.record:
        return record(arguments.against)
    known = [problem for problem, _agreed in stored()]
    made = [drawn(KINDS[place % 2], FIRST + place) for place in range(arguments.random)]
    wrong = compared(arguments.against, "stored", known)[1]
    wrong += compared(arguments.against, "random", made)[1]
    print(*wrong, f"{len(wrong)} numbers differ.", sep="\n")
    return 1 if wrong else 0


def compared(python: str, what: str, asked: Sequence[Problem]) -> tuple[list[Found], list[str]]:
    """What they answer to each problem, and a line for each disagreement."""
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    ran = subprocess.run(
        [python, str(ANSWERS)], input=lines, text=True, stdout=subprocess.PIPE, check=True
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    wrong, numbers = list[str](), 0
    for problem, theirs in zip(asked, answers, strict=True):
        wrong += [f"{told}: {problem}" for told in differing(found(problem), theirs)]
        numbers += sum(len(one) if isinstance(one, list) else 1 for one in theirs.values())
    print(f"{len(asked)} {what} problems, {numbers:,} numbers: {len(wrong)} differ", flush=True)
    return answers, wrong


def record(python: str) -> int:
    made = [drawn(kind, place, SMALL) for kind in KINDS for place in range(STORED)]
    agreed, wrong = compared(python, "new", made)
    if not wrong:
        rows = [
            json.dumps({"problem": problem, "agreed": one}, separators=(",", ":"))
            for problem, one in zip(made, agreed, strict=True)
        ]
        text = ",\n".join(rows)
        AGREED.write_text(f"[\n{text}\n]\n")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
