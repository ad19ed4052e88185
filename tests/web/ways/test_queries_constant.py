"""Pages ask the database as often for one as for three."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.people.models import Person
from interlock.web.people.waiting import waiting_for
from interlock.web.ways import actions
from interlock.web.ways.models import Proposal, State
from interlock.web.ways.queries import export
from tests.web.ways.stages import Sides, new_mill
from tests.world import START, World

SignIn = Callable[[Person], Client]

#: How often each page asks at most, for who is signed in: session and person are two.
MOST = {
    "/ways/": 3,
    "/ways/?by=money": 3,
    "/ways/fair-bids/": 5,
    "/ways/proposals/": 8,
    "/ways/proposals/?way=fair-bids&with=mill": 9,
    "/ways/proposals/{draft}/": 9,
    "/ways/proposals/{draft}/write/": 8,
    "/ways/proposals/{draft}/versions/": 9,
    "/ways/proposals/{draft}/versions/2/": 9,
    "/ways/proposals/{draft}/invite/?q=oven": 8,
    "/ways/proposals/{agreed}/": 10,
    "/api/ways": 1,
    "/api/joint-proposals": 3,
    "/api/joint-proposals/{agreed}": 6,
}


def fill(sides: Sides, number: int) -> dict[str, int]:
    """So many of everything: parties, messages, steps, agreed proposals, drafts, found ovens."""
    ids = {}
    ovens = [new_mill(f"Oven {one}") for one in range(number)]
    for state in ("draft", "agreed"):
        for _ in range(number):
            proposal = actions.begin(
                institution=sides.city, title="Bread", way="fair-bids", by=sides.alice, at=START,
                sections=[{"key": "a", "heading": "What", "text": "Bread"}],
            )  # fmt: skip
            for institution, steward in [(sides.mill, sides.mia), *ovens]:
                asked = actions.invite(
                    proposal=proposal, institution=institution, acting=sides.city, by=sides.alice,
                    at=START,
                )  # fmt: skip
                actions.accept(party=asked, by=steward, at=START)
                actions.say(
                    proposal=proposal, acting=institution, by=steward, at=START, text="Words"
                )
            table = Sides(sides.alice, sides.city, sides.mia, sides.mill, proposal)
            signers = [*ovens, (sides.mill, sides.mia), (sides.city, sides.alice)]
            for institution, steward in signers[: None if state == "agreed" else -1]:
                table.sign(institution, steward)
            ids[state] = proposal.pk
    Proposal.objects.filter(pk=ids["agreed"]).update(state=State.IN_THE_WORKS)
    for _ in range(number):
        Proposal.objects.get(pk=ids["agreed"]).steps.create(
            state=State.IN_THE_WORKS, sentence="x", institution=sides.city, at=START
        )
    return ids


@pytest.fixture
def sides(world: World, monkeypatch: pytest.MonkeyPatch) -> Sides:
    monkeypatch.setattr("interlock.web.ways.rules.MOST_INVITED", 1_000)
    mill, mia = new_mill()
    return Sides(world.alice, world.city, mia, mill, Proposal())


def asked(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_at_most_so_often(sides: Sides, signed_in: SignIn, number: int) -> None:
    ids = fill(sides, number)
    client = signed_in(sides.alice)
    found = {path: asked(client, path.format(**ids)) for path in MOST}
    assert {path: count for path, count in found.items() if count > MOST[path]} == {}


def test_pages_ask_as_often_for_three_as_for_one(sides: Sides, signed_in: SignIn) -> None:
    client = signed_in(sides.alice)
    ids = fill(sides, 1)
    before = {path: asked(client, path.format(**ids)) for path in MOST}
    Institution.objects.filter(slug__startswith="oven").update(slug="other")
    ids = fill(sides, 3)
    after = {path: asked(client, path.format(**ids)) for path in MOST}
    assert after == before


def test_desk_and_file_ask_as_often_for_three_as_for_one(
    sides: Sides, django_assert_num_queries: Callable[..., object]
) -> None:
    def times(job: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            job()
        return len(captured)

    fill(sides, 1)
    before = times(lambda: waiting_for(sides.alice)), times(lambda: list(export(sides.city)))
    register(name="x", kind=Kind.WORKER_COOP, at=START)
    Institution.objects.filter(slug__startswith="oven").update(slug="other")
    fill(sides, 3)
    after = times(lambda: waiting_for(sides.alice)), times(lambda: list(export(sides.city)))
    assert after == before
