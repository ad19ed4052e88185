"""From a process in preparation to its published result, by the verbs alone."""

import pytest

from interlock.web.budgets import queries
from interlock.web.look.refusals import Refused
from tests.world import World


def test_process_goes_from_draft_to_published_result(world: World) -> None:
    world.open().cast_many(40).close().count().publish()
    result = queries.result(world.process)
    assert [line.project.ref for area in result.areas for line in area.funded] == ["1", "3"]


def test_process_cannot_open_twice(world: World) -> None:
    world.open()
    with pytest.raises(Refused):
        world.open()
