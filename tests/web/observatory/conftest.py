import pytest

from tests.staging import staged
from tests.web.observatory.coded import Readers, readers
from tests.web.observatory.editions import measured_town
from tests.world import World


@pytest.fixture
def people(world: World) -> Readers:
    return readers(world)


@staged
def measured(world: World) -> World:
    return measured_town(world)
