"""How often a page asks the database: never more with more rows, and seldom at all.

Counted on real transactions, as the server runs them: every statement, savepoints too. BEGIN and
COMMIT are counted apart, since they ask nothing; a page that only shows something needs neither.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.budgets import actions, queries
from interlock.web.budgets.counting import count_process
from interlock.web.budgets.models import Area, FundType, Process, Project
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.voting import actions as voting
from tests.web.voting.test_hammer import field_of
from tests.world import DOLLARS, World, both, make_world

LIST, CAST, EXPORT = 8, 8, 5
#: An institution's page has a section of every room, each in a query or two.
PANELS = 16
VOTERS = 31  # enough for ballots to be published
TRANSACTION = ("BEGIN", "COMMIT")


@dataclass(frozen=True)
class Asked:
    """What one request asked: statements, and the transactions around them."""

    statements: int
    transactions: int


def asked(request: Callable[[], object]) -> Asked:
    with CaptureQueriesContext(connection) as captured:
        request()
    said = [query["sql"] for query in captured.captured_queries]
    ends = [sql for sql in said if sql.startswith(TRANSACTION)]
    return Asked(len(said) - len(ends), len(ends) // 2)


def page(path: str) -> Asked:
    def request() -> None:
        answer = Client().get(path)
        answer.close()
        assert answer.status_code == 200

    return asked(request)


def pages(world: World, paths: Mapping[str, str]) -> dict[str, Asked]:
    url = world.process.get_absolute_url()
    return {name: page(f"{url}{path}") for name, path in paths.items()}


def fill(process: Process, area: Area, number: int) -> None:
    """That many projects more, every tenth with a delivery partner."""
    partner = register(name="Wheelhouse", kind=Kind.WORKER_COOP, at=process.created_at)
    Project.objects.bulk_create(
        Project(
            process=process,
            area=area,
            ref=str(100 + place),
            title=both(f"Project {place}", f"Proyecto {place}"),
            description=both("What changes **for people**.", "Lo que cambia."),
            cost=(1_000 + place) * DOLLARS,
            delivery_partner=partner if place % 10 == 0 else None,
        )
        for place in range(number)
    )


@pytest.fixture
def sized(emptied: None) -> Callable[[int], World]:
    """A vote open today with four projects and so many more in one area."""

    def made(number: int) -> World:
        at = timezone.now()
        world = make_world(at=at, closes_at=at + timedelta(days=14))
        fill(world.process, world.process.areas.get(ref="harbor"), number)
        return world.open(at=at)

    return made


def publish(world: World) -> World:
    """Close, count and publish it, at their times."""
    closes_at = world.process.closes_at
    assert closes_at is not None
    closed = actions.close_if_due(process=world.process, at=closes_at)
    counted = count_process(process=closed, at=closes_at)
    actions.publish(process=counted, at=closes_at, by=world.alice)
    world.refresh()
    return world


def another(world: World, number: int) -> None:
    """One more open vote of the same city, and one more co-op."""
    at = timezone.now()
    register(name=f"Co-op {number}", kind=Kind.WORKER_COOP, at=at)
    process = actions.create_process(
        institution=world.city,
        title=both(f"Vote {number}", f"Voto {number}"),
        closes_at=at + timedelta(days=7),
        at=at,
        by=world.alice,
    )
    pot = actions.put_pot(
        process=process, name="Pot", source=world.city, fund_type=FundType.CAPITAL, amount=5_000
    )
    area = actions.put_area(process=process, name="All", max_choices=1, allocations={pot: 5_000})
    actions.put_project(area=area, title="Trees", cost=5_000, delivery_partner=world.wheelhouse)
    voting.enrol(box=process.box, letters=1)
    actions.open_process(process=queries.processes().get(pk=process.pk), at=at, by=world.alice)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", LIST),
        ("/budgets/", LIST),
        ("/institutions/", LIST),
        ("/institutions/city-of-riverbend/", PANELS),
        ("/institutions/wheelhouse-cooperative/", PANELS),
        ("/record/", LIST),
        ("/api/processes", LIST),
    ],
)
def test_list_asks_the_same_with_one_and_with_three(
    sized: Callable[[int], World], path: str, most: int
) -> None:
    world = sized(0)
    one = page(path)
    for number in (2, 3):
        another(world, number)
    assert page(path) == one
    assert (one.statements <= most, one.transactions) == (True, 0)


OPEN_PAGES = {
    "process": "",
    "project": "projects/1/",
    "ballot": "ballot/",
    "rulebook": "rulebook/",
}
RESULT_PAGES = {
    "process": "",
    "project": "projects/1/",
    "result": "result/",
    "other rules": "result/rules/",
    "what if": "what-if/",
}
EXPORTS = {
    "bundle": "result/bundle/",
    "ballots": "result/ballots/harbor/",
    "reasons": "result/projects.csv",
    "rulebook": "rulebook/?format=json",
}


def test_pages_of_an_open_vote_ask_the_same_with_10_and_1000_projects(
    sized: Callable[[int], World],
) -> None:
    few = pages(sized(10), OPEN_PAGES)
    assert pages(sized(1_000), OPEN_PAGES) == few
    assert max(found.statements for found in few.values()) <= LIST
    assert {found.transactions for found in few.values()} == {0}


def test_result_and_exports_ask_the_same_with_10_and_1000_projects(
    sized: Callable[[int], World],
) -> None:
    small, large = (publish(sized(number).cast_many(VOTERS)) for number in (10, 1_000))
    few, exports = pages(small, RESULT_PAGES), pages(small, EXPORTS)
    assert (pages(large, RESULT_PAGES), pages(large, EXPORTS)) == (few, exports)
    assert max(found.statements for found in few.values()) <= LIST
    assert max(found.statements for found in exports.values()) <= EXPORT
    assert {found.transactions for found in [*few.values(), *exports.values()]} == {0}


def cast_by_the_pages(world: World) -> tuple[Asked, Asked]:
    """What keeping the choices asks, and what casting them asks."""
    ballot = f"{world.process.get_absolute_url()}ballot/"
    client = Client()
    chosen = ["1", "3", "100"]
    saving = asked(lambda: client.post(ballot, {"project": chosen}))
    review = client.get(f"{ballot}review/")
    form = {
        "project": chosen,
        "nonce": field_of(review.content, "nonce"),
        "code": world.letters[0].code,
    }
    answers = []
    casting = asked(lambda: answers.append(client.post(f"{ballot}review/", form)))
    assert [answer.status_code for answer in answers] == [302]
    return saving, casting


def test_casting_a_whole_ballot_asks_the_same_with_10_and_1000_projects(
    sized: Callable[[int], World],
) -> None:
    saving, casting = cast_by_the_pages(sized(10))
    assert cast_by_the_pages(sized(1_000)) == (saving, casting)
    assert (saving.statements <= CAST, saving.transactions) == (True, 1), saving
    assert (casting.statements <= CAST, casting.transactions) == (True, 1), casting
