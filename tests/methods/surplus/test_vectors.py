"""The eleven worked examples, made by another program; to the cent."""

from pathlib import Path

import pytest

from interlock.methods.formats import years
from interlock.methods.surplus import close

EXAMPLES = years.read(Path(__file__).with_name("vectors.json").read_bytes())


def test_all_examples_are_read() -> None:
    assert len(EXAMPLES) == 11
    assert sum(len(one.stated or {}) for one in EXAMPLES) == 138


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_year_closes_as_stated(example: years.Example) -> None:
    closed = close(example.year)
    assert years.differences(example, closed) == ()
    assert closed.collective + closed.allocated + closed.carried == example.year.net
