"""Pages ask the database as often for one as for three."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.web.observatory.reckoning import reckon_due
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from tests.web.observatory.coded import AT, Readers, coded, confirmed, proposed
from tests.world import World

SignIn = Callable[[Person], Client]

#: How often each page asks at most, for who is signed in: session and person are two.
MOST = {
    "/observatory/policies/": 5,
    "/observatory/policies/?q=bond&place=rose&order=1": 5,
    "/observatory/policies.csv": 4,
    "/observatory/policies.json": 4,
    "/observatory/policies/{alike}/": 9,
    "/observatory/policies/{waits}/": 12,
    "/observatory/policies/{waits}/code/": 10,
    "/observatory/policies/codebook/": 2,
    "/observatory/paradigm/": 5,
    "/api/policies": 5,
    "/api/policies/{alike}": 4,
}


def fill(people: Readers, world: World, number: int) -> dict[str, int]:
    ids = {}
    for _one in range(number):
        ids["alike"] = coded(people, (1, "towards"), (1, "towards")).pk
        coded(people, (1, "towards"), (2, "away"), (1, "away"), institution=world.city, area="")
        coded(people, (1, "towards"), (2, "away"))
        ids["waits"] = confirmed(people, institution=world.city, area="").pk
        proposed(people)
    reckon_due(AT, lambda: False)
    return ids


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_ask_as_often_for_three_as_for_one(
    people: Readers, world: World, signed_in: SignIn
) -> None:
    client = signed_in(people.kim)
    ids = fill(people, world, 1)
    before = {path: asked(client, path.format(**ids)) for path in MOST}
    ids = fill(people, world, 3)
    after = {path: asked(client, path.format(**ids)) for path in MOST}
    assert after == before
    assert {path: count for path, count in after.items() if count > MOST[path]} == {}


@pytest.mark.parametrize("number", [1, 3])
def test_desk_asks_three_times(people: Readers, world: World, number: int) -> None:
    fill(people, world, number)
    with CaptureQueriesContext(connection) as captured:
        list(waiting_for(people.kim))
    mine = [one for one in captured if "observatory_policy" in one["sql"]]
    assert len(mine) == 2
