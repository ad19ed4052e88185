"""A small register that is measured."""

from datetime import datetime, timedelta

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.observatory import measuring
from interlock.web.ties.actions import say
from interlock.web.ties.models import Predicate
from tests.world import START, World

AT = START + timedelta(days=2)
ILLINOIS = {"country": "US", "region": "Illinois"}


def never() -> bool:
    return False


def measure_all(at: datetime = AT) -> None:
    measuring.request_editions(at)
    while measuring.measure_due(at, never):
        pass


def measured_town(world: World) -> World:
    """Four of Illinois and one of Spain; the city funds a co-op, a federation knows both."""
    world.open()
    world.city.country, world.city.region = "US", "IL"
    world.city.save()
    world.wheelhouse.country, world.wheelhouse.region = "US", "Illinois"
    world.wheelhouse.save()
    rivers = register(name="Rivers", kind=Kind.FEDERATION, steward=world.bob, at=START, **ILLINOIS)
    mill = register(name="Mill", kind=Kind.WORKER_COOP, steward=world.carol, at=START, **ILLINOIS)
    register(name="Río", kind=Kind.WORKER_COOP, at=START, country="ES")
    for one, other, does in (
        (world.city, world.wheelhouse, Predicate.FUNDS),
        (rivers, world.wheelhouse, Predicate.ADVISES),
        (rivers, mill, Predicate.ADVISES),
    ):
        by = world.alice if one == world.city else world.bob
        say(subject=one, object=other, predicate=does, speaker=one, by=by, at=START)
    measure_all()
    return world
