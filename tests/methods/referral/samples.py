"""What the tests of chain referral share: the house's own case, and forests of any shape."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from interlock.methods.referral.forest import Forest, Respondent, planted
from interlock.methods.referral.table import Columns, read

FOLDER = Path(__file__).parent
CASE = FOLDER / "rds_testcase.csv"


def case() -> Forest:
    """120 made-up respondents, 4 seeds, 7 waves; R's RDS 0.9-10 gave the numbers beside it."""
    return planted(read(CASE.read_bytes(), Columns(answers=("group", "view"))))


def chain(*answers: str, degrees: Sequence[float] | None = None) -> Forest:
    """One respondent recruits the next, and so on."""
    given = degrees or [2.0] * len(answers)
    return planted(
        Respondent(f"r{n:03}", f"r{n - 1:03}" if n else "", degree, {"view": answer})
        for n, (answer, degree) in enumerate(zip(answers, given, strict=True))
    )


def grown(size: int, seed: int) -> list[Respondent]:
    """Respondents as rows, some without an answer or a degree."""
    random = Random(seed)
    seeds = random.choice((0.1, 0.5))
    rows = []
    for number in range(size):
        by = "" if not number or random.random() < seeds else f"r{random.randrange(number)}"
        degree = random.choice((0, None, *range(1, 30))) if number else 3
        rows.append(
            Respondent(f"r{number}", by, degree, {"view": random.choice(" aabbcc").strip()})
        )
    return rows


def tables(most: int = 40) -> st.SearchStrategy[list[Respondent]]:
    """Any forest. Drawn by number, because hypothesis is slow to draw each cell by itself."""
    return st.builds(grown, st.integers(1, most), st.integers(0, 2**32))


def printed(value: float, text: str) -> bool:
    """Whether a number is the one that was printed, to its last digit."""
    return f"{value:.{len(text.partition('.')[2])}f}".lstrip("0") == text.lstrip("0")
