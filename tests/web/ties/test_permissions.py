"""Who may do what with a tie: everybody, every act, by page and by machine alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Institution, Kind, Role
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.ties.actions import change, confirm, say
from interlock.web.ties.models import Change, Predicate, Tie, Word
from tests.staging import staged
from tests.web.ties.conftest import LATER
from tests.world import START, World

SignIn = Callable[[Person], Client]

#: Everybody there is. The federation said one of the ties; it is a side of none.
PEOPLE = (
    "anonymous",
    "bob",
    "member",
    "delegate",
    "steward of subject",
    "steward of object",
    "steward of another",
    "federation",
)
OPEN = (200,) * 8


def of(subject: int = 403, object: int = 403, federation: int = 403) -> tuple[object, ...]:
    """Told to: nobody signed in, an outsider, a member of the object, its delegate, and so on.

    A delegate speaks as a steward does; a member does not.
    """
    return ("sign in", 403, 403, object, subject, object, 403, federation)


@dataclass(frozen=True)
class Act:
    """A page, or what one posts to it, spoken for an institution; `{…}` are numbers of the town.

    With `speakers`, each speaks for their own: for the object who is of the object, and so on.
    """

    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None
    speaks: bool = False


TIE = "/ties/{said}/"
ACTS = {
    "list": Act("/ties/", OPEN),
    "of one": Act("/ties/of/mill/", OPEN),
    "words": Act("/ties/words/", OPEN),
    "tie": Act(TIE, OPEN),
    "csv": Act("/ties/ties.csv", OPEN),
    "graphml": Act("/ties/ties.graphml", OPEN),
    "new": Act("/ties/new/", ("sign in", 403, 403, 200, 200, 200, 200, 200)),
    "say": Act(
        "/ties/new/?with=hilltown",
        ("sign in", 403, 403, 302, 302, 302, 200, 302),
        {"does": "hosts"},
    ),
    "confirm": Act(f"{TIE}act/", of(subject=409, object=302), {"act": "confirm"}, speaks=True),
    "dispute": Act(
        f"{TIE}act/", of(subject=409, object=302), {"act": "dispute", "reason": "No."}, speaks=True
    ),
    "dispute without a reason": Act(
        f"{TIE}act/", of(subject=422, object=422), {"act": "dispute"}, speaks=True
    ),
    "withdraw": Act(f"{TIE}act/", of(subject=302, object=409), {"act": "withdraw"}, speaks=True),
    "ask again": Act(f"{TIE}act/", of(subject=409, object=409), {"act": "ask"}, speaks=True),
    "change": Act(
        f"{TIE}change/", of(subject=302, object=302), {"since": "2020-01-01"}, speaks=True
    ),
    # Both confirmed it, and the subject wants it changed.
    "agree": Act("/ties/{both}/act/", of(subject=409, object=302), {"act": "agree"}, speaks=True),
    "decline": Act(
        "/ties/{both}/act/", of(subject=302, object=302), {"act": "decline"}, speaks=True
    ),
    # What the federation said of the two.
    "confirm another's": Act(
        "/ties/{others}/act/", of(subject=302, object=302), {"act": "confirm"}, speaks=True
    ),
    "withdraw another's": Act(
        "/ties/{others}/act/",
        of(subject=409, object=409, federation=302),
        {"act": "withdraw"},
        speaks=True,
    ),
}
#: What is said by machine: path, what is sent, and how it is answered; 401 for who is not signed in.
BY_MACHINE = {
    "list": Act("/api/ties", OPEN),
    "of one": Act("/api/ties?of=mill&state=said", OPEN),
    "tie": Act("/api/ties/{said}", OPEN),
    "say": Act(
        "/api/ties",
        ("sign in", 403, 403, 201, 201, 201, 201, 201),
        {"subject": "mill", "predicate": "hosts", "object": "city-of-riverbend"},
        speaks=True,
    ),
    "confirm": Act("/api/ties/{said}/confirm", of(subject=409, object=200), {}, speaks=True),
    "dispute": Act(
        "/api/ties/{said}/dispute", of(subject=409, object=200), {"reason": "No."}, speaks=True
    ),
    "withdraw": Act("/api/ties/{said}/withdraw", of(subject=200, object=409), {}, speaks=True),
    "withdraw another's": Act(
        "/api/ties/{others}/withdraw",
        of(subject=409, object=409, federation=200),
        {},
        speaks=True,
    ),
}
#: For whom each speaks, or pretends to.
FOR = ("mill", "mill", "mill", "mill", "city-of-riverbend", "mill", "hilltown", "rivers")


@dataclass(frozen=True)
class Town:
    people: dict[str, Person | None]
    numbers: dict[str, int]


@staged
def town(world: World, mill: Institution, funds: Tie) -> Town:
    """The city funds the mill, says the city; it hosts it, say both; a federation says a third."""
    member, delegate = (
        Person.objects.by_email(f"{name}@mill.example") for name in ("member", "delegate")
    )
    for person, role in ((member, Role.MEMBER), (delegate, Role.DELEGATE)):
        give_role(institution=mill, person=person, role=role, by=world.bob, at=START)
    stranger = Person.objects.by_email("stranger@example.org")
    dora = Person.objects.by_email("dora@example.org")
    rivers = register(name="Rivers", kind=Kind.FEDERATION, steward=dora, at=START)
    ends: dict[str, Any] = {"subject": world.city, "object": mill}
    both = say(**ends, predicate=Predicate.HOSTS, speaker=world.city, by=world.alice, at=START)
    confirm(tie=both, speaker=mill, by=world.bob, at=START)
    change(tie=both, speaker=world.city, by=world.alice, at=LATER, note="In the old school.")
    others = say(**ends, predicate=Predicate.ADVISES, speaker=rivers, by=dora, at=START)
    people = (
        None, stranger, member, delegate, world.alice, world.bob, world.carol, dora,
    )  # fmt: skip
    numbers = {"said": funds.pk, "both": both.pk, "others": others.pk}
    return Town(dict(zip(PEOPLE, people, strict=True)), numbers)


def state() -> object:
    """All that an act may change."""
    return (
        list(Tie.objects.order_by("pk").values()),
        list(Change.objects.order_by("pk").values()),
        list(Word.objects.order_by("pk").values()),
        Entry.objects.count(),
    )


def sent(client: Client, act: Act, town: Town, who: str) -> Any:
    url = act.path.format(**town.numbers)
    if act.posted is None:
        return client.get(url)
    speaker = {"speaker": FOR[PEOPLE.index(who)]} if act.speaks else {}
    if url.startswith("/api/"):
        return client.post(url, {**act.posted, **speaker}, content_type="application/json")
    return client.post(url, {**act.posted, **speaker})


def told(answer: Any) -> object:
    """The status; or that one is sent to sign in."""
    if answer.streaming:
        b"".join(answer)
    anonymous = answer.status_code == 401 or (
        answer.status_code == 302 and "/account/sign-in/" in answer["Location"]
    )
    return "sign in" if anonymous else answer.status_code


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize(
    "act",
    [pytest.param(act, id=f"page: {name}") for name, act in ACTS.items()]
    + [pytest.param(act, id=f"machine: {name}") for name, act in BY_MACHINE.items()],
)
def test_everybody_may_do_what_the_table_says(
    town: Town, signed_in: SignIn, act: Act, who: str
) -> None:
    person = town.people[who]
    client = signed_in(person) if person else Client()
    before = state()
    answer = sent(client, act, town, who)
    assert told(answer) == act.told[PEOPLE.index(who)]
    done = act.posted is not None and told(answer) in (200, 201, 302)
    if who != "steward of another" or not act.path.startswith("/ties/new/"):
        assert (state() != before) == done


@pytest.mark.parametrize(
    "act", [act for act in (*ACTS.values(), *BY_MACHINE.values()) if act.speaks]
)
@pytest.mark.parametrize("who", PEOPLE[1:])
def test_nobody_speaks_for_an_institution_that_is_not_theirs(
    town: Town, signed_in: SignIn, act: Act, who: str
) -> None:
    """Whoever may act for one side is refused when they say that they are the other."""
    own = FOR[PEOPLE.index(who)] if who not in ("bob", "member") else ""
    person = town.people[who]
    assert person
    client, before = signed_in(person), state()
    url = act.path.format(**town.numbers)
    kind = {"content_type": "application/json"} if url.startswith("/api/") else {}
    for speaker in {*FOR} - {own}:
        if "change" in url:
            continue  # whoever speaks for neither side is refused there; the other is not asked
        answer = client.post(url, {**(act.posted or {}), "speaker": speaker}, **kind)
        assert (speaker, answer.status_code) == (speaker, 403)
    assert state() == before


def test_machine_needs_the_token_of_the_site(town: Town, world: World) -> None:
    """A page elsewhere cannot let a browser that is signed in here speak."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.bob, backend="django.contrib.auth.backends.ModelBackend")
    url = f"/api/ties/{town.numbers['said']}/confirm"
    answer = client.post(url, {"speaker": "mill"}, content_type="application/json")
    assert answer.status_code == 403
    client.get("/ties/")
    client.cookies["csrftoken"] = "x" * 32
    answer = client.post(
        url,
        {"speaker": "mill"},
        content_type="application/json",
        headers={"X-CSRFToken": "x" * 32},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_sees_who_spoke(town: Town, signed_in: SignIn, who: str) -> None:
    person = town.people[who]
    client = signed_in(person) if person else Client()
    pages = [act for act in (*ACTS.values(), *BY_MACHINE.values()) if act.posted is None]
    own = person.email if person else ""
    for act in (*pages, Act("/ties/{both}/", OPEN), Act("/record/", OPEN)):
        answer = client.get(act.path.format(**town.numbers))
        content = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
        for other in town.people.values():
            if other and other.email != own:
                assert other.email.encode() not in content
                assert f'"{other.reference}"'.encode() not in content
