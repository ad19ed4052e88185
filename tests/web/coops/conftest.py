"""The co-op of this room's tests."""

import pytest

from tests.web.coops.guild import Guild, make_guild


@pytest.fixture
def guild(db: None) -> Guild:
    return make_guild()
