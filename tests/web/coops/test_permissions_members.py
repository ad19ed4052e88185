"""Who may do what in the register and with the bylaws: everybody, every act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.utils import timezone

from interlock.web.coops.actions import members
from interlock.web.coops.models import Status
from interlock.web.institutions.actions import register
from interlock.web.institutions.models import Kind
from interlock.web.people.models import Person
from tests.staging import staged
from tests.web.coops.guild import make_guild
from tests.world import World

SignIn = Callable[[Person], Client]

#: Outside: nobody, a city's steward, the co-op's own delegate, a worker who is no candidate, somebody
#: who left, another co-op's steward, somebody whom the register asks. Inside: candidate, inactive,
#: member, treasurer, secretary, steward.
OUTSIDE = ("anonymous", "alice", "dora", "wes", "fay", "carol", "asked")
INSIDE = ("cam", "iris", "eva", "ana", "ben", "bob")
NOBODY = ("sign in", *(404,) * 6)
ALL_INSIDE = (*NOBODY, *(200,) * 6)
KEEPER = (*NOBODY, *(403,) * 4, 200, 200)
KEEPER_ACT = (*NOBODY, *(403,) * 4, 302, 302)
KEEPER_WRONG = (*NOBODY, *(403,) * 4, 422, 422)
STEWARD = (*NOBODY, *(403,) * 5, 200)


@dataclass(frozen=True)
class Act:
    """A page, or what one posts to it; `{…}` are numbers of the guild below."""

    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


#: Which day it is to the co-op when the tests run.
TODAY = (timezone.now() - timedelta(hours=6)).date().isoformat()
VERSION = {"effective_on": "2030-01-01", "reason": "Why"}
ACTS = {
    "home": Act("spokes-cooperative/", ALL_INSIDE),
    "register": Act("spokes-cooperative/members/", ALL_INSIDE),
    "of a status": Act("spokes-cooperative/members/?status=former", ALL_INSIDE),
    "somebody": Act("spokes-cooperative/members/{eva}/", ALL_INSIDE),
    "add": Act("spokes-cooperative/members/new/", KEEPER),
    "enter": Act(
        "spokes-cooperative/members/new/",
        KEEPER_ACT,
        {"name": "New", "status": "candidate", "since": TODAY},
    ),
    "correct": Act("spokes-cooperative/members/{eva}/edit/", KEEPER),
    "corrected": Act(
        "spokes-cooperative/members/{eva}/edit/", KEEPER_ACT, {"name": "Eva", "number": "77"}
    ),
    "status": Act(
        "spokes-cooperative/members/{eva}/status/",
        KEEPER_ACT,
        {"status": "former", "on": TODAY, "own_will": "on"},
    ),
    "status without a decision": Act(
        "spokes-cooperative/members/{cam}/status/",
        KEEPER_WRONG,
        {"status": "member", "on": TODAY},
    ),
    "training": Act(
        "spokes-cooperative/members/{cam}/training/",
        KEEPER_ACT,
        {"kind": "training", "name": "Money", "on": TODAY},
    ),
    "office": Act(
        "spokes-cooperative/members/{eva}/office/",
        KEEPER_ACT,
        {"kind": "board", "since": TODAY},
    ),
    "end an office": Act("spokes-cooperative/offices/{office}/end/", KEEPER_ACT, {}),
    "invite": Act("spokes-cooperative/members/{new}/invite/", KEEPER_ACT, {}),
    "invite all": Act("spokes-cooperative/members/invite/", KEEPER_ACT, {}),
    "of another": Act("spokes-cooperative/members/{other}/", (*NOBODY, *(404,) * 6)),
    "invitation": Act(
        "spokes-cooperative/invitation/", ("sign in", *(404,) * 5, 200, *(404,) * 6)
    ),
    "it is me": Act(
        "spokes-cooperative/invitation/", ("sign in", *(404,) * 5, 302, *(404,) * 6), {}
    ),
    "it is not me": Act(
        "spokes-cooperative/invitation/",
        ("sign in", *(404,) * 5, 302, *(404,) * 6),
        {"decline": "1"},
    ),
    "list": Act("spokes-cooperative/members/list/", KEEPER),
    "enter a list": Act(
        "spokes-cooperative/members/list/enter/",
        KEEPER_ACT,
        {"text": "bmFtZSxzdGF0dXMsc2luY2UK", "name": "x.csv"},
    ),
    "template": Act("spokes-cooperative/members/template.csv", KEEPER),
    "take along": Act("spokes-cooperative/members/members.csv", KEEPER),
    "bylaws": Act("spokes-cooperative/bylaws/", ALL_INSIDE),
    "version": Act("spokes-cooperative/bylaws/1/", ALL_INSIDE),
    "change a rule": Act("spokes-cooperative/bylaws/change/ordinary/", KEEPER),
    "change membership": Act("spokes-cooperative/bylaws/change/membership/", KEEPER),
    "other model": Act(
        "spokes-cooperative/bylaws/change/model/", KEEPER_ACT, {**VERSION, "preset": "colab"}
    ),
    "what is shown": Act("spokes-cooperative/shown/", STEWARD),
    "show": Act(
        "spokes-cooperative/shown/", (*NOBODY, *(403,) * 5, 302), {"shows_size": "on"}
    ),
    "beginning": Act("spokes-cooperative/beginning/", STEWARD),
    "corrected beginning": Act(
        "spokes-cooperative/beginning/",
        (*NOBODY, *(403,) * 5, 302),
        {
            "first_year_begins_on": "2026-01-01",
            "currency": "USD",
            "zone": "America/Chicago",
        },
    ),
    "start": Act("", (200,) * 13),
    # Only its stewards open a co-op; Gears is open already, the third is not.
    "open": Act(
        "new/third/", ("sign in", 403, 403, 403, 403, 200, *(403,) * 7)
    ),
    "opened": Act(
        "new/third/",
        ("sign in", 403, 403, 403, 403, 302, *(403,) * 7),
        {
            "preset": "selc",
            "first_year_begins_on": "2027-01-01",
            "currency": "USD",
            "zone": "America/Chicago",
        },
    ),
    "open a city": Act("new/city-of-riverbend/", ("sign in", *(403,) * 12)),
}  # fmt: skip


@dataclass(frozen=True)
class Around:
    people: dict[str, Person | None]
    numbers: dict[str, int]


@staged
def around(world: World) -> Around:
    now = timezone.now()
    guild = make_guild(at=now)
    register(name="Third", kind=Kind.WORKER_COOP, at=now, steward=guild.carol)
    asked = Person.objects.by_email("asked@example.org")
    given: dict[str, Any] = {
        "status": Status.WORKER,
        "since": now.date() - timedelta(days=60),
        "at": now,
    }
    one = members.add_member(
        coop=guild.coop, name="Asked", email=asked.email, by=guild.bob, **given
    )
    members.invite(member=one, by=guild.bob, at=now)
    new = members.add_member(
        coop=guild.coop, name="Notyet", email="not@example.org", by=guild.bob, **given
    )
    other = members.add_member(coop=guild.other, name="Other", by=guild.carol, **given)
    people: dict[str, Person | None] = {
        "anonymous": None, "alice": world.alice, "asked": asked
    }  # fmt: skip
    for name in ("dora", "wes", "fay", "carol", *INSIDE):
        people[name] = getattr(guild, name)
    numbers = {
        "eva": guild.member("Eva").pk,
        "cam": guild.member("Cam").pk,
        "office": guild.member("Ben").offices.get().pk,
        "new": new.pk,
        "other": other.pk,
    }
    return Around(people, numbers)


@pytest.mark.parametrize("name", ACTS)
def test_everybody_may_do_what_is_theirs(around: Around, signed_in: SignIn, name: str) -> None:
    act = ACTS[name]
    told = []
    for who in (*OUTSIDE, *INSIDE):
        person = around.people[who]
        client = signed_in(person) if person else Client()
        with transaction.atomic():
            told.append(_told(client, act, around.numbers))
            transaction.set_rollback(True)
    assert tuple(told) == act.told


def _told(client: Client, act: Act, numbers: dict[str, int]) -> object:
    path = "/coops/" + act.path.format(**numbers)
    answer: HttpResponseBase
    answer = client.get(path) if act.posted is None else client.post(path, act.posted)
    location = answer.headers.get("Location", "")
    return "sign in" if location.startswith("/account/sign-in/") else answer.status_code
