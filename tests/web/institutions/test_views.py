"""The register's pages."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.test import Client

from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.claiming import appoint
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.institutions.queries import roles_waiting
from interlock.web.institutions.rules import MOST_REGISTERED
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
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


# Whose word it is.


def entered(client: Client, **said: str) -> HttpResponse:
    form = {"name_0": "Harbor Union", "kind": "union", "place": "Rochester, NY", "country": "US"}
    return client.post("/institutions/new/", {**form, **said})


def test_who_enters_another_does_not_look_after_it_and_names_no_address(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    bob = signed_in(world.bob)
    told = entered(bob, whose="other", email="bob@example.org")
    assert (told.status_code, "only its own people say" in told.content.decode()) == (422, True)
    assert entered(bob, whose="other").status_code == 302
    made = Institution.objects.get(slug="harbor-union")
    assert list(made.memberships.all()) == []
    assert "Entered by somebody else" in Client().get(made.get_absolute_url()).content.decode()


def test_who_entered_it_corrects_it_until_its_own_people_come(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    entered(signed_in(world.bob), whose="other")
    made = Institution.objects.get(slug="harbor-union")
    address, form = f"/institutions/{made.slug}/edit/", {"name_0": "Harbour Union", "kind": "union"}
    assert signed_in(world.carol).post(address, form).status_code == 403
    assert signed_in(world.bob).post(address, form).status_code == 302
    mailed = signed_in(world.bob).post(address, {**form, "email": "bob@example.org"})
    assert mailed.status_code == 409
    appoint(institution=made, email="dan@example.org", at=START)
    assert signed_in(world.bob).post(address, form).status_code == 403


def test_name_that_is_here_already_is_asked_about(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    bob = signed_in(world.bob)
    told = entered(bob, name_0="city of RIVERBEND")
    assert (told.status_code, list(told.context["same"])) == (422, [world.city])
    assert entered(bob, name_0="city of RIVERBEND", another="1").status_code == 302
    assert entered(bob, name_0="City of Riverbend Mills").status_code == 302


def test_town_with_its_state_is_on_the_map_and_what_is_not_says_why(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    bob = signed_in(world.bob)
    assert 'value="US" selected' in bob.get("/institutions/new/").content.decode()
    entered(bob)
    assert Institution.objects.get(slug="harbor-union").county == "36055"
    entered(bob, name_0="Nowhere Works", place="Erewhon")
    page = bob.get("/institutions/nowhere-works/").content.decode()
    assert page.count("It is not on the map yet: no such town") == 2
    assert "not on the map" not in Client().get("/institutions/nowhere-works/").content.decode()


def test_one_goes_on_with_what_was_missing_and_nowhere_else(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    bob, form = signed_in(world.bob), {"kind": "union", "whose": "other"}
    for number, (then, leads) in enumerate(
        [
            ("/ties/new/?as=mill&with=", "/ties/new/?as=mill&with=union-0"),
            ("https://evil.example/", "/institutions/union-1/"),
            ("//evil.example/", "/institutions/union-2/"),
        ]
    ):
        address = f"/institutions/new/?then={quote(then)}"
        answer = bob.post(address, {**form, "name_0": f"Union {number}"})
        assert answer["Location"] == leads


def test_person_registers_so_many_within_a_day(world: World) -> None:
    for number in range(MOST_REGISTERED):
        register(name=f"Mill {number}", kind=Kind.WORKER_COOP, at=START, entered_by=world.bob)
    with pytest.raises(Refused, match="within a day"):
        register(name="Mill", kind=Kind.WORKER_COOP, at=START, steward=world.bob)
    register(name="Mill", kind=Kind.WORKER_COOP, at=START + timedelta(days=1), steward=world.bob)


def test_person_says_yes_to_a_role_or_gives_it_back(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    given = give_role(
        institution=world.city, person=world.bob, role=Role.MEMBER, by=world.alice, at=START
    )
    assert given.accepted_at is None
    assert [one.title for one in roles_waiting(world.bob)] == [
        "Do you belong to City of Riverbend?"
    ]
    address = f"/institutions/{world.city.slug}/roles/{given.pk}/accept/"
    assert signed_in(world.carol).post(address).status_code == 404
    assert signed_in(world.bob).post(address).status_code == 302
    given.refresh_from_db()
    assert given.accepted_at
    assert list(roles_waiting(world.bob)) == []
    assert signed_in(world.bob).post(address).status_code == 404
