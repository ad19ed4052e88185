"""The register's pages."""

import pytest
from django.test import Client

from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Institution, Kind
from interlock.web.record.models import Entry
from tests.world import START, World


def test_person_registers_an_institution_and_looks_after_it(world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    form = {"name_0": "Lincoln High", "name_1": "", "kind": "public_body", "place": "Riverbend"}
    answer = signed_in(world.bob).post("/institutions/new/", form, follow=True)
    assert "Lincoln High" in answer.content.decode()
    made = Institution.objects.get(slug="lincoln-high")
    assert [steward.person for steward in made.memberships.stewards()] == [world.bob]


def test_form_without_a_name_says_what_is_missing(world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    answer = signed_in(world.bob).post("/institutions/new/", {"kind": "public_body"})
    assert (answer.status_code, "This field is required" in answer.content.decode()) == (422, True)


def test_page_lists_processes_and_deliveries_that_are_public(world: World) -> None:
    client = Client()
    urls = [world.city.get_absolute_url(), world.wheelhouse.get_absolute_url()]
    assert ["Nothing yet" in client.get(url).content.decode() for url in urls] == [True, True]
    world.open()
    assert "Riverbend decides" in client.get(urls[0]).content.decode()
    assert "Tool library" in client.get(urls[1]).content.decode()


def test_page_nobody_looks_after_says_so(world: World) -> None:
    assert (
        "Nobody has claimed" in Client().get(world.wheelhouse.get_absolute_url()).content.decode()
    )
    assert "Nobody has claimed" not in Client().get(world.city.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_two_of_one_name_get_two_addresses() -> None:
    made = [register(name="Mill", kind=Kind.WORKER_COOP, at=START) for _ in range(2)]
    assert [one.slug for one in made] == ["mill", "mill-2"]
    assert [entry.subject for entry in Entry.objects.order_by("pk")] == [
        "institution/mill",
        "institution/mill-2",
    ]


@pytest.mark.django_db
def test_empty_register_says_the_first_step() -> None:
    assert "Be the first" in Client().get("/institutions/").content.decode()
