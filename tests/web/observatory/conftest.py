import pytest

from tests.web.observatory.coded import Readers, readers
from tests.world import World


@pytest.fixture
def people(world: World) -> Readers:
    return readers(world)
