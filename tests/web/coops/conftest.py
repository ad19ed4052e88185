"""The co-op of this room's tests."""

from tests.staging import staged
from tests.web.coops.guild import Guild, make_guild


@staged
def guild() -> Guild:
    return make_guild()
