"""Every election gives what was agreed on with pref_voting and votelib (`make oracle` asks again)."""

import pytest

from .deciding_elections import KINDS, differing, stored


@pytest.mark.parametrize("kind", KINDS)
def test_stored_elections_are_reproduced(kind: str) -> None:
    rows = [(numbers, agreed) for numbers, agreed in stored() if numbers.kind == kind]
    assert len(rows) >= 100
    for numbers, agreed in rows:
        assert differing(numbers.found(), agreed) == [], numbers
