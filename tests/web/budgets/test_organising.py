"""The organiser's forms: what is wrong is said where it is, and nothing typed is lost."""

from collections.abc import Callable

import pytest
from django.test import Client

from interlock.web.budgets.models import Pot, Process
from interlock.web.people.models import Person
from tests.world import World

Desk = tuple[World, Client, str]


@pytest.fixture
def desk(world: World, signed_in: Callable[[Person], Client]) -> Desk:
    return world, signed_in(world.alice), f"{world.process.get_absolute_url()}organise/"


def test_process_is_made_and_leads_to_its_desk(desk: Desk) -> None:
    world, client, _url = desk
    form = {
        "institution": world.city.pk,
        "title_0": "School yard",
        "currency": "USD",
        "zone": "America/Chicago",
        "closes_at": "2027-06-01T20:00",
        "rule": "greedy",
    }
    answer = client.post("/budgets/new/", form)
    made = Process.objects.get(slug="school-yard")
    assert answer.headers["Location"] == "/budgets/school-yard/organise/"
    assert (made.closes_at.isoformat(), made.rule) == ("2027-06-02T01:00:00+00:00", "greedy")


def test_process_cannot_be_made_for_somebody_elses_institution(desk: Desk) -> None:
    world, client, _url = desk
    hilltown = world.carol.memberships.get().institution
    answer = client.post("/budgets/new/", {"institution": hilltown.pk, "title_0": "Mine"})
    assert (answer.status_code, Process.objects.count()) == (422, 1)


def test_person_without_an_institution_is_led_to_register_one(
    world: World, signed_in: Callable[[Person], Client]
) -> None:
    answer = signed_in(world.bob).get("/budgets/new/")
    assert answer.headers["Location"] == "/institutions/new/?kind=public_body"


def test_amount_that_is_none_is_told_at_its_field(desk: Desk) -> None:
    world, client, url = desk
    form = {"name_0": "Second", "source": world.city.pk, "fund_type": "capital", "amount": "lots"}
    answer = client.post(f"{url}pots/new/", form)
    page = answer.content.decode()
    assert (answer.status_code, "Write it like 1,250" in page, "lots" in page) == (422, True, True)


def test_refused_pot_keeps_what_was_typed(desk: Desk) -> None:
    world, client, url = desk
    pot = Pot.objects.get()
    form = {"name_0": "Renamed", "source": world.city.pk, "fund_type": "loan", "amount": "5"}
    answer = client.post(f"{url}pots/{pot.pk}/", form)
    page = answer.content.decode()
    assert (answer.status_code, "Areas already have more" in page, "Renamed" in page) == (
        422,
        True,
        True,
    )


def test_area_is_made_from_what_the_pot_has_left(desk: Desk) -> None:
    world, client, url = desk
    pot = Pot.objects.get()
    form = {"name_0": "Northside", "max_choices": "2", f"pot_{pot.pk}": "1"}
    answer = client.post(f"{url}areas/new/", form)
    assert (answer.status_code, "does not hold that much" in answer.content.decode()) == (422, True)
    assert world.process.areas.count() == 2


def test_project_of_another_process_is_not_found(desk: Desk) -> None:
    _world, client, url = desk
    assert client.get(f"{url}projects/99/").status_code == 404
    assert client.get(f"{url}pots/{Pot.objects.get().pk + 1}/").status_code == 404


def test_project_is_added_changed_and_taken_off(desk: Desk) -> None:
    world, client, url = desk
    area = world.process.areas.get(ref="harbor")
    form = {"title_0": "Bench", "area": area.pk, "cost": "1,250.50", "another": "1"}
    assert client.post(f"{url}projects/new/", form).headers["Location"] == f"{url}projects/new/"
    bench = world.process.projects.get(ref="5")
    assert (str(bench.title), bench.cost) == ("Bench", 125_050)
    client.post(f"{url}projects/5/", form | {"title_0": "Long bench"})
    bench.refresh_from_db()
    assert str(bench.title) == "Long bench"
    client.post(f"{url}projects/5/", {"remove": "1"})
    assert world.process.projects.count() == 4


def test_codes_leave_in_one_file_and_are_not_shown_again(desk: Desk) -> None:
    _world, client, url = desk
    answer = client.post(f"{url}codes/", {"letters": "3"})
    rows = answer.content.decode().splitlines()
    assert (rows[0], [row.split(",")[0] for row in rows[1:]]) == (
        "letter,voting_code",
        ["41", "42", "43"],
    )
    assert rows[1].split(",")[1] not in client.get(f"{url}codes/").content.decode()


def test_currency_stays_once_there_is_money(desk: Desk) -> None:
    world, client, url = desk
    form = {
        "institution": world.city.pk,
        "title_0": "Riverbend decides",
        "currency": "JPY",
        "zone": "America/Chicago",
        "rule": "equalshares",
    }
    client.post(f"{url}edit/", form)
    assert (world.refresh().currency, world.process.rule) == ("USD", "equalshares")
