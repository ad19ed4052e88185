"""What the checks share: asking a program in another environment, and keeping what was agreed."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

Asked = TypeVar("Asked")


class Compared(Protocol[Asked]):
    """What the others answer to each problem, and a line for each disagreement."""

    def __call__(
        self, python: str, what: str, asked: Sequence[Asked]
    ) -> tuple[list[Any], list[str]]: ...


def answers(python: str, program: Path, questions: Iterable[object]) -> list[Any]:
    """What a program there says of each question: a line of JSON in, a line of JSON out."""
    lines = "".join(json.dumps(one) + "\n" for one in questions)
    ran = subprocess.run(
        [python, str(program)], input=lines, text=True, stdout=subprocess.PIPE, check=True
    )
    return [json.loads(line) for line in ran.stdout.splitlines()]


def options(about: str | None, kept: Path, random: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("--against", metavar="PYTHON", required=True, help="one that has them")
    parser.add_argument(
        "--random", type=int, default=random, metavar="N", help=f"default: {random}"
    )
    parser.add_argument("--record", action="store_true", help=f"write {kept.name} anew")
    return parser.parse_args()


def differ(
    python: str,
    compared: Compared[Asked],
    stored: Sequence[Asked],
    drawn: Sequence[Asked],
    told: str = "numbers",
) -> int:
    """Ask what is stored and what was drawn; 1 where anything differs."""
    wrong = compared(python, "stored", stored)[1] + compared(python, "random", drawn)[1]
    print(*wrong, f"{len(wrong)} {told} differ.", sep="\n")
    return 1 if wrong else 0


def record(kept: Path, rows: Iterable[object], wrong: Sequence[str]) -> int:
    """Keep the rows, a line each, if nothing differs."""
    if not wrong:
        text = ",\n".join(json.dumps(one, separators=(",", ":")) for one in rows)
        kept.write_text(f"[\n{text}\n]\n")
    print(*wrong, sep="\n")
    return 1 if wrong else 0
