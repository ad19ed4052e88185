"""Networks and codes give what was agreed on with other libraries (`make oracle` asks again)."""

import pytest

from .network_problems import KINDS, differing, found, stored


@pytest.mark.parametrize("kind", KINDS)
def test_stored_numbers_are_reproduced(kind: str) -> None:
    rows = [(problem, agreed) for problem, agreed in stored() if problem["kind"] == kind]
    assert len(rows) >= 30
    for problem, agreed in rows:
        assert list(differing(found(problem), agreed)) == [], problem
