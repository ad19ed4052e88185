"""What is written passes Pabulib's own checker (PyPI: pabulib-checker, MIT)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from interlock.methods.formats import pabulib

from .files import META

Check = Callable[[str], dict[str, set[str]]]

# What the checker says of any file that was composed before its count.
BEFORE_THE_COUNT = {"missing selected field in projects"}
ERROR_FREE = [
    "Netherlands_Assen_2024.pb",
    "Poland_Gdansk_2020_Przerobka.pb",
    "Poland_Krakow_2020_Wzgorza_Krzeslawickie.pb",
    "Switzerland_Zurich_S5D10.pb",
    "Switzerland_Zurich_S5R.pb",
]


@pytest.fixture(scope="module")
def check() -> Check:
    """The kinds of errors and of warnings that the checker finds in a text."""
    try:
        from pabulib.checker import Checker
    except ImportError:
        pytest.skip("pabulib-checker is not installed")

    def found(text: str) -> dict[str, set[str]]:
        [said] = [one for key, one in Checker().process_files([text]).items() if key == 1]
        return {level: set(kinds) for level, kinds in said["results"].items()}

    return found


PROJECTS = [
    {"project_id": "p1", "cost": "60.50", "name": 'The "old" park; and its trees'},
    {"project_id": "BO.1/2", "cost": "50", "name": "Łódź", "category": "sport,culture"},
    {"project_id": "3", "cost": "30", "name": "Bus\u2028stop", "latitude": "1.5", "longitude": "2"},
]
BALLOTS = [["p1", "BO.1/2"], ["3"], ["BO.1/2", "p1", "3"]]
MORE = {
    "approval": ({"max_length": "3"}, None),
    "choose-1": ({"max_length": "1"}, None),
    "ordinal": ({"max_length": "3"}, None),
    "cumulative": ({"max_sum_points": "10"}, [[7, 3], [10], [6, 4, 0]]),
    "scoring": ({}, [[5, 2], [4], [3, 2, 1]]),
}


@pytest.mark.parametrize("kind", MORE)
def test_composed_file_has_no_errors(kind: str, check: Check) -> None:
    more, points = MORE[kind]
    ballots = [ballot[:1] for ballot in BALLOTS] if kind == "choose-1" else BALLOTS
    meta = {**META, **more, "country": "Poland", "currency": "PLN", "vote_type": kind}
    file = pabulib.compose(
        meta, PROJECTS, ballots, points=points, voters={"sex": ["F", "", "M"], "age": ["7", "", ""]}
    )
    assert check(pabulib.write(file)) == {"errors": set(), "warnings": BEFORE_THE_COUNT}


def test_composed_file_in_which_all_is_funded_has_no_errors(check: Check) -> None:
    meta = {**META, "country": "Poland", "budget": "140.5", "max_length": "3"}
    file = pabulib.compose(meta, PROJECTS, BALLOTS)
    assert check(pabulib.write(file)) == {"errors": set(), "warnings": BEFORE_THE_COUNT}


@pytest.mark.parametrize("name", ERROR_FREE)
def test_real_file_that_was_read_and_written_is_as_good_as_before(
    name: str, check: Check, real_files: Path
) -> None:
    path = real_files / name
    before = check(path.read_text(encoding="utf-8"))
    assert before["errors"] == set()
    assert check(pabulib.write(pabulib.read(path))) == before
