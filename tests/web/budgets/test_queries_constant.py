"""How often a page asks the database: never more with more rows, and seldom at all.

Counted on real transactions, as the server runs them: every statement, savepoints too. BEGIN and
COMMIT are counted apart, since they ask nothing; a page that only shows something needs neither.
"""

from collections.abc import Callable
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


def page(path: str, client: Client | None = None) -> Asked:
    """What a page asks the second time, when the classes and templates behind it are loaded."""
    client = client or Client()
    assert client.get(path).status_code == 200
    return asked(lambda: client.get(path))


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
    "path",
    [
        "/",
        "/budgets/",
        "/institutions/",
        "/institutions/city-of-riverbend/",
        "/institutions/wheelhouse-cooperative/",
        "/record/",
        "/api/processes",
    ],
)
def test_list_asks_the_same_with_one_and_with_three(
    sized: Callable[[int], World], path: str
) -> None:
    world = sized(0)
    one = page(path)
    for number in (2, 3):
        another(world, number)
    assert page(path) == one
    assert (one.statements <= LIST, one.transactions) == (True, 0)


OPEN_PAGES = {
    "process": "",
    "project": "projects/1/",
    "ballot": "ballot/",
    "rulebook": "rulebook/",
    "record": "../../record/",
}
RESULT_PAGES = {"process": "", "result": "result/"}
EXPORTS = {
    "bundle": "result/bundle/",
    "ballots": "result/ballots/harbor/",
    "reasons": "result/projects.csv",
    "rulebook": "rulebook/?format=json",
}


@pytest.mark.parametrize("number", [10, 1_000])
def test_pages_of_an_open_vote_ask_little_whatever_the_number_of_projects(
    sized: Callable[[int], World], number: int
) -> None:
    url = sized(number).process.get_absolute_url()
    found = {name: page(f"{url}{path}") for name, path in OPEN_PAGES.items()}
    assert found == {
        "process": Asked(4, 0),
        "project": Asked(2, 0),
        "ballot": Asked(4, 0),
        "rulebook": Asked(5, 0),
        "record": Asked(2, 0),
    }
    assert page(f"/api/processes/{url.split('/')[-2]}") == Asked(3, 0)


@pytest.mark.parametrize("number", [10, 1_000])
def test_result_and_exports_ask_little_whatever_the_number_of_projects(
    sized: Callable[[int], World], number: int
) -> None:
    world = publish(sized(number).cast_many(VOTERS))
    url = world.process.get_absolute_url()
    pages = {name: page(f"{url}{path}") for name, path in RESULT_PAGES.items()}
    assert max(found.statements for found in pages.values()) <= LIST
    exports = {name: page(f"{url}{path}") for name, path in EXPORTS.items()}
    assert max(found.statements for found in exports.values()) <= EXPORT
    assert {found.transactions for found in [*pages.values(), *exports.values()]} == {0}


@pytest.mark.parametrize("number", [10, 1_000])
def test_casting_a_whole_ballot_asks_little_whatever_the_number_of_projects(
    sized: Callable[[int], World], number: int
) -> None:
    world = sized(number)
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
    assert (casting.statements <= CAST, casting.transactions) == (True, 1), casting
    assert (saving.statements <= CAST, saving.transactions <= 1) == (True, True), saving
