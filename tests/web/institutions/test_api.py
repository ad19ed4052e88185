"""The register by machine: what its pages say, searched as they search, and nothing of people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interlock.web.institutions import leaving
from interlock.web.institutions.actions import Certificate, give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.people.models import Person
from tests.staging import staged
from tests.world import START, World, both

URL = "/api/institutions"


@staged
def mill(world: World) -> Institution:
    made = register(
        name=both("Mill", "Molino"),
        kind=Kind.WORKER_COOP,
        at=START,
        steward=world.bob,
        place="Leeds",
        country="GB",
        activity="AM60",
        tags=["Flour", "Rye"],
        email="hello@mill.example",
        identifiers=[("GB-COH", "01234567")],
        certifications=[Certificate("Fair", "The league")],
    )
    give_role(institution=made, person=world.carol, role=Role.DELEGATE, by=world.bob, at=START)
    return made


def test_institution_is_told_with_all_that_its_page_says(mill: Institution, world: World) -> None:
    answer = Client().get(f"{URL}/mill")
    told = answer.json()
    assert (told["name"], told["kind"], told["activity"], told["tags"]) == (
        {"en": "Mill", "es": "Molino"},
        "worker_coop",
        "AM60",
        ["Flour", "Rye"],
    )
    assert told["url"].endswith("/institutions/mill/")
    assert told["identifiers"] == [{"scheme": "GB-COH", "value": "01234567"}]
    assert [(one["name"], one["issuer"]) for one in told["certifications"]] == [
        ("Fair", "The league")
    ]
    assert (told["email"], told["looked_after"], told["trusted"]) == (
        "hello@mill.example",
        True,
        False,
    )
    for person in (world.bob, world.carol):
        assert person.email not in answer.content.decode()


def test_register_is_searched_as_its_page_is(mill: Institution, world: World) -> None:
    def found(query: str) -> tuple[int, list[str]]:
        told = Client().get(f"{URL}?{query}").json()
        return told["total"], [one["slug"] for one in told["institutions"]]

    everything = found("")
    assert everything[0] == Institution.objects.count() == len(everything[1])
    assert found("q=molino") == found("q=rye") == found("country=GB") == (1, ["mill"])
    assert found("q=mill&kind=firm") == (0, [])
    assert found("limit=1&offset=1") == (everything[0], everything[1][1:2])
    assert found("offset=1000000") == (everything[0], [])
    assert "mill" not in found("unclaimed=1")[1]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["limit=0", "limit=101", "offset=-1", "offset=x"])
def test_page_that_cannot_be_is_refused(query: str) -> None:
    answer = Client().get(f"{URL}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (
        422,
        "application/json; charset=utf-8",
    )


@pytest.mark.django_db
def test_institution_that_is_not_there_is_told_as_json() -> None:
    answer = Client().get(f"{URL}/nobody")
    assert (answer.status_code, answer.json()) == (404, {"reason": "There is no such thing."})


def test_what_left_is_in_no_list_and_its_own_answer_is_empty(
    mill: Institution, world: World
) -> None:
    leaving.announce(institution=mill, by=world.bob, at=START)
    assert leaving.leave_due(START + timedelta(days=8))
    told = Client().get(f"{URL}/mill").json()
    assert told["left_at"]
    assert (told["name"]["en"], len(told["identifiers"])) == ("Mill", 1)
    gone = ("place", "email", "tags", "activity", "certifications", "about", "status")
    assert [name for name in gone if told[name]] == []
    listed = Client().get(URL).json()["institutions"]
    assert "mill" not in [one["slug"] for one in listed]


@pytest.mark.django_db
def test_kinds_are_told_in_all_languages() -> None:
    told = {one["slug"]: one for one in Client().get("/api/kinds").json()}
    assert told["worker_coop"] == {
        "slug": "worker_coop",
        "name": {"en": "Worker co-op", "es": "Cooperativa de trabajo"},
        "group": "cooperative",
    }


@pytest.mark.django_db
def test_register_is_asked_as_often_however_many_there_are() -> None:
    def queries(number: int, url: str) -> int:
        for place in range(number):
            register(
                name=f"Mill {place}",
                kind="firm",
                at=timezone.now(),
                steward=Person.objects.by_email("a@mill.example"),
            )
        with CaptureQueriesContext(connection) as found:
            assert Client().get(url).status_code == 200
        return len(found)

    first = queries(1, URL)
    assert first == queries(3, URL) <= 8
    assert queries(0, f"{URL}/mill-0") == queries(3, f"{URL}/mill-1") <= 5
