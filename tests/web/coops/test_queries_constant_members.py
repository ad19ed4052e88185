"""The pages of the register ask the database as often for 1 member as for 500."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.coops import importing
from interlock.web.coops.actions.opening import open_coop
from interlock.web.coops.models import Coop
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.people.models import Person

SignIn = Callable[[Person], Client]


@pytest.fixture
def bob(db: None) -> Person:
    return Person.objects.by_email("bob@example.org")


def co_op_of(number: int, bob: Person) -> Coop:
    now = timezone.now()
    mill = register(name="Mill", kind=Kind.WORKER_COOP, at=now, steward=bob)
    coop = open_coop(
        institution=mill, preset="colab", first_year_begins_on=now.date(), by=bob, at=now
    )
    lines = "".join(f"Member {n},{n},,member,2020-01-01\n" for n in range(number))
    text = f"name,number,email,status,since\n{lines}".encode()
    importing.enter(coop=coop, data=text, name="all.csv", by=bob, at=now)
    return coop


@pytest.mark.parametrize("number", [1, 3, 500])
def test_pages_of_the_register_ask_as_often_for_many(
    bob: Person, signed_in: SignIn, number: int
) -> None:
    coop = co_op_of(number, bob)
    client, told = signed_in(bob), {}
    for page in ("", "members/", "bylaws/", "members/members.csv"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(f"{coop.get_absolute_url()}{page}").status_code == 200
        told[page] = len(asked)
    assert told == {"": 11, "members/": 8, "bylaws/": 9, "members/members.csv": 6}


def test_list_of_500_is_looked_at_and_entered_in_few_questions(bob: Person) -> None:
    coop = co_op_of(1, bob)
    lines = "".join(f"New {n},{n + 10},,member,2020-01-01\n" for n in range(500))
    text = f"name,number,email,status,since\n{lines}".encode()
    with CaptureQueriesContext(connection) as asked:
        importing.enter(coop=coop, data=text, name="all.csv", by=bob, at=timezone.now())
    assert coop.members.count() == 501
    assert len(asked) < 40
