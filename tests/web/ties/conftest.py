"""The mill, a co-op of Bob's, beside the town of `tests/world.py`."""

from datetime import timedelta

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution
from interlock.web.ties.actions import say
from interlock.web.ties.models import Predicate, Tie
from tests.staging import staged
from tests.world import START, World, both

LATER = START + timedelta(hours=1)


@staged
def mill(world: World) -> Institution:
    """A co-op that Bob looks after."""
    return register(name=both("Mill", "Molino"), kind="worker_coop", at=START, steward=world.bob)


@staged
def funds(world: World, mill: Institution) -> Tie:
    """The city says that it funds the mill."""
    return say(
        subject=world.city,
        predicate=Predicate.FUNDS,
        object=mill,
        speaker=world.city,
        by=world.alice,
        at=START,
        amount=1_200_050,
        currency="USD",
        evidence="https://example.org/grant",
    )
