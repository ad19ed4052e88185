"""Nobody outside learns who is in a co-op: no page, list or answer of the site shows a name."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.coops.actions.accounts import account, transfer
from interlock.web.coops.actions.opening import show
from interlock.web.coops.exporting import TABLES, inside
from interlock.web.coops.models import AccountKind, Standing, TransferKind, Year
from interlock.web.institutions.actions import accept_role, give_role
from interlock.web.institutions.leaving import announce, leave_due
from interlock.web.institutions.models import Role
from interlock.web.institutions.rules import BEFORE_LEAVING
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.coops.guild import PEOPLE, Guild, make_guild
from tests.world import World

SignIn = Callable[[Person], Client]
SURNAMES = [called.split()[1].encode() for called, _status, _since in PEOPLE.values()] + [b"Marsh"]
HOME = "/coops/spokes-cooperative/"
PAGES = (
    "/coops/",
    HOME,
    f"{HOME}members/",
    f"{HOME}members/?status=former",
    f"{HOME}members/{{eva}}/",
    f"{HOME}members/{{eva}}/edit/",
    f"{HOME}members/members.csv",
    f"{HOME}members/list/",
    f"{HOME}bylaws/",
    f"{HOME}shown/",
    f"{HOME}invitation/",
    "/institutions/spokes-cooperative/",
    "/institutions/spokes-cooperative/everything.zip",
    "/institutions/spokes-cooperative/murmurations.json",
    "/institutions/institutions.csv",
    "/record/",
    "/desk/",
    "/api/institutions/",
    "/api/institutions/spokes-cooperative",
)


@staged
def now_guild() -> Guild:
    return make_guild(at=timezone.now())


@pytest.mark.parametrize("name", ["anonymous", "alice", "carol", "dora", "fay", "wes"])
@pytest.mark.parametrize("shown", [False, True])
def test_nobody_outside_sees_a_member(
    world: World, now_guild: Guild, signed_in: SignIn, name: str, shown: bool
) -> None:
    if shown:
        show(
            coop=now_guild.coop,
            shows_size=True,
            shows_commons=True,
            by=now_guild.bob,
            at=timezone.now(),
        )
    person = {"alice": world.alice, "anonymous": None}.get(name, getattr(now_guild, name, None))
    client = signed_in(person) if person else Client()
    eva = now_guild.member("Eva").pk
    found = []
    for page in PAGES:
        answer = client.get(page.format(eva=eva))
        data = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code in (200, 302, 403, 404)
        found += [(page, one) for one in SURNAMES if one in data]
    assert found == []


def test_public_page_tells_how_many_only_when_chosen(now_guild: Guild, signed_in: SignIn) -> None:
    page = "/institutions/spokes-cooperative/"
    assert b"From the register that the co-op keeps" not in Client().get(page).content
    show(
        coop=now_guild.coop,
        shows_size=True,
        shows_commons=False,
        by=now_guild.bob,
        at=timezone.now(),
    )
    told = Client().get(page).content
    assert b"From the register that the co-op keeps" in told
    assert b"Go inside" not in told
    assert b"Go inside" in signed_in(now_guild.cam).get(page).content


def test_public_page_tells_what_went_into_commons_pots_only_when_chosen(
    now_guild: Guild, signed_in: SignIn
) -> None:
    coop, at = now_guild.coop, timezone.now()
    year = Year.objects.create(
        coop=coop, number=1, begins_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), begun_at=at
    )
    transfer(
        coop=coop, kind=TransferKind.CLOSE, debit=account(coop=coop, kind=AccountKind.RESULT),
        credit=account(coop=coop, kind=AccountKind.COMMONS, name="Commons pot"),
        amount=4_321_00, on=year.ends_on, year=year, by=now_guild.ana, at=at,
    )  # fmt: skip
    page = f"/institutions/{now_guild.spokes.slug}/"
    assert b"4,321" not in Client().get(page).content
    show(coop=coop, shows_size=False, shows_commons=True, by=now_guild.bob, at=at)
    told = Client().get(page).content
    assert b"4,321" in told
    assert b"Candidates" not in told


def test_member_sees_others_without_their_address_hours_or_reasons(
    now_guild: Guild, signed_in: SignIn
) -> None:
    iris = now_guild.member("Iris")
    Standing.objects.filter(member=iris).update(reason="Sabbatical")
    page = f"{HOME}members/{iris.pk}/"
    told = {
        name: [one in signed_in(getattr(now_guild, name)).get(page).content.decode()
               for one in ("Iris Haddad", "iris@example.org", "Sabbatical")]
        for name in ("eva", "ana", "iris", "ben")
    }  # fmt: skip
    assert told == {
        "eva": [True, False, False],
        "ana": [True, False, False],
        "iris": [True, True, True],
        "ben": [True, True, True],
    }


def test_its_steward_takes_the_whole_inside_along(now_guild: Guild, signed_in: SignIn) -> None:
    page = "/institutions/spokes-cooperative/everything.zip"
    answer = signed_in(now_guild.bob).get(page)
    with ZipFile(BytesIO(b"".join(answer))) as folder:
        told = folder.read("inside.json").decode()
    assert [one.decode() for one in SURNAMES if one.decode() not in told] == []
    assert {name for name, rows in inside(now_guild.spokes).items() if rows} == {
        "coop", "member", "standing", "office", "bylaws"
    }  # fmt: skip


def test_every_table_of_the_room_is_taken_along() -> None:
    from django.apps import apps

    assert set(TABLES) == set(apps.get_app_config("coops").get_models())


def test_who_they_were_goes_with_a_co_op_that_leaves(now_guild: Guild, signed_in: SignIn) -> None:
    now = timezone.now()
    announce(institution=now_guild.spokes, by=now_guild.bob, at=now)
    assert leave_due(now + BEFORE_LEAVING)
    known = [(one.name, one.email, one.person) for one in now_guild.coop.members.all()]
    assert known == [("", "", None)] * 8
    for person in (now_guild.bob, now_guild.eva, now_guild.ana):
        assert signed_in(person).get(HOME).status_code == 404


def test_second_steward_sees_the_inside(now_guild: Guild, signed_in: SignIn) -> None:
    now = timezone.now()
    zoe = Person.objects.by_email("zoe@example.org")
    given = give_role(
        institution=now_guild.spokes, person=zoe, role=Role.STEWARD, by=now_guild.bob, at=now
    )
    accept_role(membership=given, by=zoe, at=now)
    assert signed_in(zoe).get(HOME).status_code == 200
