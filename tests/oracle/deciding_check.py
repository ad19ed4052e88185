"""Whether pref_voting and votelib still say what is stored, and what we say of other elections.

    make oracle
    python -m tests.oracle.deciding_check --against .elections/bin/python [--random N] [--record]

Prints how many elections there are, and each that differs. `--record` writes `deciding_agreed.json`
anew, and only when none differs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from .asking import answers, differ, options, record
from .deciding_elections import AGREED, KINDS, Found, Numbers, differing, drawn, stored

ANSWERS = Path(__file__).with_name("deciding_answers.py")
# How many elections of each kind are drawn to be stored.
STORED = {"stv": 300, "approval": 100, "condorcet": 200}
# Random elections begin where the stored ones end.
FIRST = 10_000


def main() -> int:
    wanted = options(__doc__, AGREED, 1500)
    if wanted.record:
        made = [drawn(kind, place) for kind, number in STORED.items() for place in range(number)]
        agreed, wrong = compared(wanted.against, "new", made)
        rows = [{**vars(one), "agreed": two} for one, two in zip(made, agreed, strict=True)]
        return record(AGREED, rows, wrong)
    known = [numbers for numbers, _agreed in stored()]
    made = [drawn(KINDS[place % 3], FIRST + place) for place in range(wanted.random)]
    return differ(wanted.against, compared, known, made, "outcomes")


def compared(python: str, what: str, asked: Sequence[Numbers]) -> tuple[list[Found], list[str]]:
    """What both agree on for each election, and a line for each disagreement."""
    agreed, wrong = list[Found](), list[str]()
    said = answers(python, ANSWERS, map(vars, asked))
    for numbers, theirs in zip(asked, said, strict=True):
        ours = numbers.found()
        wrong += [f"{told}: {numbers}" for told in differing(ours, theirs)]
        agreed.append({part: None if theirs[part] is None else ours[part] for part in theirs})
    outcomes = sum(part is not None for one in agreed for part in one.values())
    print(f"{len(asked)} {what} elections, {outcomes:,} outcomes: {len(wrong)} differ", flush=True)
    return agreed, wrong


if __name__ == "__main__":
    sys.exit(main())
