"""Whether pref_voting and votelib still say what is stored, and what we say of other elections.

    make oracle
    python -m tests.oracle.deciding_check --against .elections/bin/python [--random N] [--record]

Prints how many elections there are, and each that differs. `--record` writes `deciding_agreed.json`
anew, and only when none differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .deciding_elections import AGREED, KINDS, Found, Numbers, differing, drawn, stored

ANSWERS = Path(__file__).with_name("deciding_answers.py")
# How many elections of each kind are drawn to be stored.
STORED = {"stv": 300, "approval": 100, "condorcet": 200}
# Random elections begin where the stored ones end.
FIRST = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", required=True, help="one with both")
    parser.add_argument("--random", type=int, default=1500, metavar="N", help="default: 1500")
    parser.add_argument("--record", action="store_true", help="write deciding_agreed.json anew")
    arguments = parser.parse_args()
    if arguments.record:
        return record(arguments.against)
    known = [numbers for numbers, _agreed in stored()]
    made = [drawn(KINDS[place % 3], FIRST + place) for place in range(arguments.random)]
    wrong = compared(arguments.against, "stored", known)[1]
    wrong += compared(arguments.against, "random", made)[1]
    print(*wrong, f"{len(wrong)} outcomes differ.", sep="\n")
    return 1 if wrong else 0


def compared(python: str, what: str, asked: Sequence[Numbers]) -> tuple[list[Found], list[str]]:
    """What both agree on for each election, and a line for each disagreement."""
    lines = "".join(json.dumps(vars(one)) + "\n" for one in asked)
    ran = subprocess.run(
        [python, str(ANSWERS)], input=lines, text=True, stdout=subprocess.PIPE, check=True
    )
    agreed, wrong = list[Found](), list[str]()
    for numbers, line in zip(asked, ran.stdout.splitlines(), strict=True):
        ours, theirs = numbers.found(), json.loads(line)
        wrong += [f"{told}: {numbers}" for told in differing(ours, theirs)]
        agreed.append({part: None if theirs[part] is None else ours[part] for part in theirs})
    outcomes = sum(part is not None for one in agreed for part in one.values())
    print(f"{len(asked)} {what} elections, {outcomes:,} outcomes: {len(wrong)} differ", flush=True)
    return agreed, wrong


def record(python: str) -> int:
    made = [drawn(kind, place) for kind, number in STORED.items() for place in range(number)]
    agreed, wrong = compared(python, "new", made)
    if not wrong:
        rows = [
            json.dumps({**vars(numbers), "agreed": one}, separators=(",", ":"))
            for numbers, one in zip(made, agreed, strict=True)
        ]
        text = ",\n".join(rows)
        AGREED.write_text(f"[\n{text}\n]\n")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
