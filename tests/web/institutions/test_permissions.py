"""Who may do what in the register: everybody, every act. Nobody sees names but who should."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from interlock.web.institutions import claiming, importing
from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import (
    Claim,
    Followed,
    Import,
    Institution,
    Kind,
    Membership,
    Role,
)
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.staging import staged
from tests.world import START, World

SignIn = Callable[[Person], Client]

#: Everybody there is: of the mill a steward, a delegate, a member; the others have no part in it.
PEOPLE = ("anonymous", "bob", "member", "delegate", "steward", "other steward", "federation")
OPEN = (200,) * 7
OWN = ("sign in", 403, 403, 403, 200, 403, 403)
OWN_ACT = ("sign in", 403, 403, 403, 302, 403, 403)
SIGNED_IN = ("sign in", *(200,) * 6)


@dataclass(frozen=True)
class Act:
    """A page, or what one posts to it; `{…}` are numbers of the town below."""

    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


HERS = ("sign in", *(403,) * 4, 302, 403)
FORM = {"name_0": "Mill", "kind": "worker_coop"}
ACTS = {
    "page": Act("mill/", OPEN),
    "profile": Act("mill/murmurations.json", OPEN),
    "register": Act("", OPEN),
    "csv": Act("institutions.csv", OPEN),
    "geojson": Act("institutions.geojson", OPEN),
    "new": Act("new/", SIGNED_IN),
    # Everybody looks at lists; the federation, which the site trusts, enters what Dora looked at, and
    # sees what it entered. Nobody else does.
    "import": Act("import/", SIGNED_IN),
    "look at her list": Act("import/{waits}/", ("sign in", *(403,) * 5, 200)),
    "enter her list": Act("import/{waits}/enter/", ("sign in", *(403,) * 5, 302), {}),
    "undo what is not entered": Act("import/{waits}/undo/", ("sign in", *(403,) * 6), {}),
    "look at an entered list": Act("import/{entered}/", ("sign in", *(403,) * 5, 200)),
    "undo it": Act("import/{entered}/undo/", ("sign in", *(403,) * 5, 302), {}),
    "edit": Act("mill/edit/", OWN),
    "correct": Act("mill/edit/", OWN_ACT, {**FORM, "place": "Elsewhere"}),
    "picture": Act("mill/picture/", OWN),
    "show no file": Act("mill/picture/", ("sign in", *(403,) * 3, 422, 403, 403), {"alt_0": "A"}),
    "take the picture off": Act("mill/picture/", OWN_ACT, {"remove": "1"}),
    "people": Act("mill/people/", OWN),
    "give a role": Act("mill/people/", OWN_ACT, {"email": "new@example.org", "role": "member"}),
    "end a role": Act("mill/people/", OWN_ACT, {"end": "{delegate}"}),
    "take along": Act("mill/everything.zip", OWN),
    "leave": Act("mill/leave/", OWN),
    "announce leaving": Act("mill/leave/", OWN_ACT, {"name": "Mill"}),
    "stay": Act("mill/leave/stay/", OWN_ACT, {}),
    # Dora asks to be let in to the mill: its own steward answers, and nobody else.
    "let in": Act("mill/people/{joins}/", OWN_ACT, {"claim-{joins}-role": "member"}),
    "not let in": Act(
        "mill/people/{joins}/", OWN_ACT, {"decline": "1", "claim-{joins}-answer": "No"}
    ),
    # She asks the federation to vouch for her at the dock: its steward answers, and nobody else.
    "vouch": Act("rivers/people/{vouching}/", ("sign in", *(403,) * 5, 302), {}),
    "not vouch": Act(
        "rivers/people/{vouching}/",
        ("sign in", *(403,) * 5, 302),
        {"decline": "1", "claim-{vouching}-answer": "No"},
    ),
    # Nor can a question be answered through the page of another.
    "vouch elsewhere": Act(
        "mill/people/{vouching}/", ("sign in", 403, 403, 403, 404, 403, 403), {}
    ),
    # Who looks after an institution follows profiles of others; Bob, member and delegate do not.
    "follow": Act("follow/", SIGNED_IN),
    "follow one": Act(
        "follow/", ("sign in", 403, 403, 403, *(302,) * 3), {"url": "https://tree.example/p.json"}
    ),
    # Carol gave an address: nobody else sees what was read there, or does anything with it.
    "followed": Act("follow/{followed}/", ("sign in", *(403,) * 4, 200, 403)),
    "enter followed": Act("follow/{followed}/enter/", HERS, {"kind": "firm"}),
    "read again": Act("follow/{followed}/again/", HERS, {}),
    "stop following": Act("follow/{followed}/stop/", HERS, {}),
    "claim": Act("dock/claim/", SIGNED_IN),
    "send a code": Act("dock/claim/code/", ("sign in", *(302,) * 6), {}),
    "code of nobody": Act("dock/claim/", ("sign in", *(422,) * 6), {"code": "12345678"}),
    "code of one looked after": Act("mill/claim/code/", ("sign in", *(409,) * 6), {}),
    "ask to vouch": Act(
        "dock/claim/ask/", ("sign in", *(302,) * 6), {"asked_of": "{rivers}", "about": "Me"}
    ),
    # Who has a role there needs not ask for one.
    "ask to be let in": Act(
        "mill/claim/ask/", ("sign in", 302, 422, 422, 422, 302, 302), {"about": "Me"}
    ),
    "withdraw": Act("dock/claim/withdraw/", ("sign in", *(302,) * 6), {}),
    "give back": Act("mill/roles/{delegate}/", ("sign in", 404, 404, 302, 404, 404, 404), {}),
}


@dataclass(frozen=True)
class Town:
    people: dict[str, Person | None]
    numbers: dict[str, int]
    mill: Institution
    dora: Person


@staged
def town(world: World) -> Town:
    """The mill with one person of each role, the dock that nobody looks after, a federation."""
    people: dict[str, Person | None] = {
        name: Person.objects.by_email(f"{name.split()[0]}@mill.example") for name in PEOPLE
    }
    people |= {"anonymous": None, "bob": world.bob, "other steward": world.carol}
    steward, carol = people["steward"], people["federation"]
    assert steward
    assert carol
    mill = register(name="Mill", kind=Kind.WORKER_COOP, steward=steward, at=START)
    given = {}
    for role in (Role.MEMBER, Role.DELEGATE):
        person = people[role.value]
        assert person
        given[role] = give_role(institution=mill, person=person, role=role, by=steward, at=START)
    rivers = register(name="Rivers", kind=Kind.FEDERATION, steward=carol, at=START)
    claiming.trust(institution=rivers, at=START)
    dock = register(name="Dock", kind="firm", email="a@dock.example", at=START)
    dora = Person.objects.by_email("dora@example.org")
    joins, vouching = (
        claiming.ask(institution=one, person=dora, asked_of=asked, about="Secret note", at=START)
        for one, asked in ((mill, mill), (dock, rivers))
    )
    list_of = {"file_name": "x.csv", "choices": importing.Choices(), "at": START}
    waits = importing.look(data=b"Name\nPier\n", by=dora, **list_of)  # type: ignore[arg-type]
    entered, _planned = importing.enter_at_once(data=b"Name\nDeck\n", by=carol, **list_of)  # type: ignore[arg-type]
    numbers = {
        "waits": waits.pk,
        "entered": entered.pk,
        "delegate": given[Role.DELEGATE].pk,
        "rivers": rivers.pk,
        "joins": joins.pk,
        "vouching": vouching.pk,
        "followed": Followed.objects.create(
            url="https://pier.example/p.json", by=world.carol, asked_at=START, looked_at=START - timedelta(days=999),
            contents='{"linked_schemas": ["organizations_schema-v1.0.0"], "name": "Pier"}',
        ).pk,
    }  # fmt: skip
    return Town(people, numbers, mill, dora)


def told(answer: HttpResponseBase) -> object:
    """The status; or that one is sent to sign in."""
    to_sign_in = answer.status_code == 302 and "/account/sign-in/" in answer["Location"]
    return "sign in" if to_sign_in else answer.status_code


def content_of(answer: Any) -> bytes:
    """All of it; what is streamed is closed only once it was read."""
    return b"".join(answer) if answer.streaming else answer.content


def state() -> object:
    """All that an act may change."""
    return (
        list(Institution.objects.order_by("pk").values()),
        list(Membership.objects.order_by("pk").values()),
        list(Claim.objects.order_by("pk").values()),
        list(Followed.objects.order_by("pk").values()),
        list(Import.objects.order_by("pk").values()),
        Entry.objects.count(),
    )


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", ACTS)
def test_everybody_may_do_what_the_table_says(
    town: Town, signed_in: SignIn, who: str, name: str
) -> None:
    act, person = ACTS[name], town.people[who]
    client = signed_in(person) if person else Client()
    url = "/institutions/" + act.path.format(**town.numbers)
    before = state()
    if act.posted is None:
        answer = client.get(url)
    else:
        filled = {
            key.format(**town.numbers): value.format(**town.numbers)
            for key, value in act.posted.items()
        }
        answer = client.post(url, filled)
    content_of(answer)
    assert told(answer) == act.told[PEOPLE.index(who)]
    if act.posted is None or answer.status_code != 302 or told(answer) == "sign in":
        assert state() == before


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.posted is not None])
def test_nothing_changes_by_looking(town: Town, signed_in: SignIn, name: str) -> None:
    before = state()
    url = "/institutions/" + ACTS[name].path.format(**town.numbers)
    for who in PEOPLE[1:]:
        person = town.people[who]
        assert person
        assert signed_in(person).get(url).status_code in (200, 403, 405)
    assert state() == before


@pytest.mark.parametrize("who", PEOPLE)
def test_names_and_notes_are_seen_only_by_who_answers(
    town: Town, signed_in: SignIn, who: str
) -> None:
    """Of all pages that each person may open, those that name one of the mill's people, or Dora."""
    person = town.people[who]
    client = signed_in(person) if person else Client()
    secret = [town.dora.email, "Secret note", "member@mill.example", "delegate@mill.example"]
    own = person.email if person else ""
    seen = set()
    for act in ACTS.values():
        if act.posted is None:
            answer = client.get("/institutions/" + act.path.format(**town.numbers))
            content = content_of(answer)
            seen |= {text for text in secret if text.encode() in content and text != own}
    rivers = client.get("/institutions/rivers/people/").content.decode()
    seen |= {text for text in secret if text in rivers and text != own}
    record = client.get("/record/").content.decode()
    seen |= {text for text in secret if text in record}
    expected = {"steward": set(secret), "federation": set(secret[:2])}
    assert seen == expected.get(who, set())
