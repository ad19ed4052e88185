"""How often each page of the room asks the database: as often for many as for one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from interlock.web.institutions import claiming, importing
from interlock.web.institutions.actions import Certificate, change, give_role, register
from interlock.web.institutions.importing import Choices
from interlock.web.institutions.models import Kind, Role
from interlock.web.people.models import Person
from tests.web.institutions.test_page import PAGE
from tests.world import START, World, entrust

#: Of each page, at most so many; every one of them shows what `grown` makes more of.
PAGES = {
    "": 8,
    "?unclaimed=1": 8,
    "mill/": PAGE,
    "mill/edit/": 10,
    "mill/people/": 8,
    "mill/leave/": 10,
    "dock/claim/": 11,
    "import/": 8,
    "new/": 8,
}


@pytest.fixture
def grown(world: World) -> Callable[[int], None]:
    """The mill, looked after by Bob, and so many of all that its pages and those around it list."""
    mill = register(name="Mill", kind=Kind.WORKER_COOP, steward=world.bob, at=START)
    register(name="Dock", kind="firm", email="a@dock.example", at=START)
    entrust(world.bob)

    def grow(number: int) -> None:
        change(
            institution=mill,
            by=world.bob,
            at=START,
            name="Mill",
            kind=Kind.WORKER_COOP,
            identifiers=[("XX-TEST", str(one)) for one in range(number)],
            certifications=[Certificate(f"C {one}", "B") for one in range(number)],
            tags=[f"tag {one}" for one in range(number)],
            links=[f"https://x.example/{one}" for one in range(number)],
        )
        for one in range(number):
            federation = register(
                name=f"Rivers {number} {one}", kind=Kind.FEDERATION, steward=world.carol, at=START
            )
            claiming.trust(institution=federation, at=START)
            who = Person.objects.by_email(f"p{number}{one}@example.org")
            claiming.ask(institution=mill, person=who, asked_of=mill, about="Me", at=START)
            other = Person.objects.by_email(f"r{number}{one}@example.org")
            give_role(institution=mill, person=other, role=Role.MEMBER, by=world.bob, at=START)
            data = f"Name,Locality\nCo-op {number} {one},Leeds\n".encode()
            importing.enter_at_once(
                data=data, file_name="a.csv", choices=Choices(), at=START, by=world.bob
            )

    return grow


def test_pages_ask_as_often_for_many_as_for_one(
    grown: Callable[[int], None],
    world: World,
    signed_in: Callable[[Person], Client],
) -> None:
    client = signed_in(world.bob)

    def asked() -> dict[str, int]:
        found = {}
        for page in PAGES:
            client.get(f"/institutions/{page}")  # what a process keeps is read once
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/institutions/{page}").status_code == 200
            found[page] = len(captured)
        return found

    grown(1)
    once = asked()
    grown(3)
    assert asked() == once
    assert {page: number for page, number in once.items() if number > PAGES[page]} == {}
