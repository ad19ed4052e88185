"""Every rule gives what was agreed on with pabutools (`make oracle` asks it again)."""

from functools import cache

import pytest

from interlock.methods.counting import count

from .elections import RULES, Numbers, defined_alike, stored

CASES = [(kind, rule) for kind, rules in RULES.items() for rule in rules]
all_stored = cache(lambda: list(stored()))


def agreed(kind: str, rule: str) -> list[tuple[Numbers, list[str]]]:
    """The stored elections of this kind, with what this rule funds."""
    rows = [(n, funded[rule]) for n, funded in all_stored() if n.kind == kind and rule in funded]
    assert len(rows) > 140
    return rows


@pytest.mark.parametrize(("kind", "rule"), CASES)
def test_stored_outcomes_are_reproduced(kind: str, rule: str) -> None:
    for numbers, funded in agreed(kind, rule):
        assert sorted(count(numbers.election, rule, numbers.order).funded) == funded, numbers


def test_phragmen_is_compared_only_where_every_level_project_fits() -> None:
    # All three can be bought at time 1; after the first, only one of the other two fits.
    ballots = [[0], [0], [1], [1], [1], [2]]
    for budget, funded, alike in ((4, ("0", "2"), False), (6, ("0", "2", "1"), True)):
        numbers = Numbers("approval", budget, 1, [2, 3, 1], ballots, [0, 2, 1])
        result = count(numbers.election, "phragmen", numbers.order)
        assert result.funded == funded
        assert defined_alike(numbers.election, "phragmen", result) == alike
