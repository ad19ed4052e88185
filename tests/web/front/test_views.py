"""The door."""

import re

import pytest
from django.test import Client

from tests.world import World


@pytest.mark.django_db
def test_home_helps_on_an_empty_site() -> None:
    page = Client().get("/").content.decode()
    doors = ("Vote", "Run participatory budgeting", "Run our co-op", "See the evidence")
    assert [door for door in doors if door not in page] == []


def test_open_vote_stands_first(world: World) -> None:
    page = Client().get("/").content.decode()
    assert "Riverbend decides" not in page
    world.open()
    page = Client().get("/").content.decode()
    assert page.index("Riverbend decides") < page.index("Or come in by another door")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/help/", "/privacy/", "/health", "/api/openapi.json"])
def test_page_answers(path: str) -> None:
    assert Client().get(path).status_code == 200


@pytest.mark.django_db
def test_everything_public_is_found_from_the_front_page() -> None:
    """One press on "Data", and each file and address of the API answers."""
    client = Client()
    assert 'href="/data/"' in client.get("/").content.decode()
    page = client.get("/data/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    paths = re.findall(r'href="(/[^"]*)"', main)
    assert {
        "/institutions/institutions.csv", "/institutions/institutions.geojson", "/ties/ties.csv",
        "/ties/ties.graphml", "/explore/map.csv", "/api/openapi.json", "/api/institutions",
        "/api/ties", "/api/listings", "/api/processes",
    } <= set(paths)  # fmt: skip
    assert [path for path in paths if client.get(path).status_code != 200] == []
    assert 'href="/data/"' in client.get("/help/").content.decode()


def test_desk_lists_what_a_person_looks_after(world: World, signed_in) -> None:  # type: ignore[no-untyped-def]
    assert "Riverbend decides" in signed_in(world.alice).get("/desk/").content.decode()
    assert "Riverbend decides" not in signed_in(world.bob).get("/desk/").content.decode()
    assert Client().get("/desk/").headers["Location"] == "/account/sign-in/?next=/desk/"
