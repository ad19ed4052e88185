"""Who may do what with needs, offers and introductions: everybody, every act, page and API alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Kind, Role
from interlock.web.messages.models import Mail
from interlock.web.needs.models import Introduction, Listing
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.ties.models import Tie
from tests.staging import staged
from tests.web.institutions.test_permissions import content_of, told
from tests.web.needs.conftest import HERE, Town

SignIn = Callable[[Person], Client]

#: Of the city that is asked: steward, delegate, member. Of the co-op that asks: its steward. Then who
#: speaks for a third, and who speaks for none.
PEOPLE = ("anonymous", "nobody", "member", "delegate", "steward", "asker", "third")
OPEN = (200,) * 7
OWN = ("sign in", 403, 403, 200, 200, 403, 403)
OWN_ACT = ("sign in", 403, 403, 302, 302, 403, 403)
SPEAKERS = ("sign in", 403, 403, 200, 200, 200, 200)
SPEAKERS_ACT = ("sign in", 403, 403, 302, 302, 302, 302)
#: Whoever is no side of an introduction does not learn that there is one.
SIDES = ("sign in", 404, 404, 200, 200, 200, 404)
ASKED_ACT = ("sign in", 404, 404, 302, 302, 403, 404)
LISTING = {
    "exchange_type": "offer", "title_0": "Chairs", "item_type": "good",
    "transaction_types": "borrow-lend", "geographic_scope": "local", "contact": "site",
    "last_day": "{day}",
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


ACTS = {
    "list": Act("/needs/", OPEN),
    "addresses": Act("/needs/murmurations.json", OPEN),
    "listing": Act("/needs/{need}/", OPEN),
    "profile": Act("/needs/{need}/murmurations.json", OPEN),
    "API list": Act("/api/listings", OPEN),
    "API listing": Act("/api/listings/{need}", OPEN),
    "API matches": Act("/api/listings/{need}/matches", OPEN),
    "new": Act("/needs/new/", SPEAKERS),
    "post": Act("/needs/new/", SPEAKERS_ACT, LISTING),
    "process": Act("/needs/process/", SPEAKERS),
    "post the process": Act(
        "/needs/process/", SPEAKERS_ACT,
        {"last_day": "{day}", "printing-post": "on", "printing-title_0": "Printing"},
    ),
    "edit": Act("/needs/{need}/edit/", OWN),
    "change": Act("/needs/{need}/edit/", OWN_ACT, LISTING),
    "renew": Act("/needs/{need}/renew/", OWN_ACT, {}),
    "close": Act("/needs/{need}/close/", OWN_ACT, {"closing": "here"}),
    "around": Act("/needs/around/city-of-riverbend/", OWN),
    "ask, the page": Act("/needs/{chairs}/ask/", ("sign in", 403, 403, 403, 403, 200, 200)),
    "ask": Act(
        "/needs/{chairs}/ask/", ("sign in", 403, 403, 403, 403, 302, 302),
        {"sentence": "We have some", "reach": "555", "ask_for": "{ask_for}"},
    ),
    "introduction": Act("/needs/introductions/{waiting}/", SIDES),
    "accept": Act(
        "/needs/introductions/{waiting}/answer/", ASKED_ACT, {"answer": "Yes", "reach": "555"}
    ),
    "decline": Act(
        "/needs/introductions/{waiting}/answer/", ASKED_ACT, {"answer": "No", "decline": "1"}
    ),
    "withdraw": Act(
        "/needs/introductions/{waiting}/withdraw/", ("sign in", 404, 404, 403, 403, 302, 404), {}
    ),
    "accepted": Act("/needs/introductions/{accepted}/", SIDES),
    "conclude for the city": Act(
        "/needs/introductions/{accepted}/city-of-riverbend/", ASKED_ACT,
        {"city-of-riverbend-sequel": "led", "city-of-riverbend-tie": "supplies:object"},
    ),
    "conclude for the co-op": Act(
        "/needs/introductions/{accepted}/tongue/", ("sign in", 404, 404, 403, 403, 302, 404),
        {"tongue-sequel": "led", "tongue-tie": "supplies:subject"},
    ),
    "answer again": Act(
        "/needs/introductions/{accepted}/answer/", ("sign in", 404, 404, 409, 409, 403, 404),
        {"answer": "No", "decline": "1"},
    ),
    "conclude what waits": Act(
        "/needs/introductions/{waiting}/tongue/", ("sign in", 404, 404, 403, 403, 422, 404),
        {"tongue-sequel": "nothing"},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    people: dict[str, Person | None]
    numbers: dict[str, Any]
    town: Town


@staged
def cast(town: Town) -> Cast:
    """The city with one person of each role; an introduction that waits, one that was accepted."""
    people: dict[str, Person | None] = {
        name: Person.objects.by_email(f"{name}@example.org") for name in PEOPLE
    }
    people |= {"anonymous": None, "steward": town.alice, "asker": town.bob}
    at = timezone.now()
    for role in (Role.MEMBER, Role.DELEGATE):
        person = people[role.value]
        assert person
        give_role(institution=town.city, person=person, role=role, by=town.alice, at=at)
    register(name="Mill", kind=Kind.WORKER_COOP, steward=people["third"], at=at, **HERE)  # type: ignore[arg-type]
    Listing.objects.update(
        posted_at=at, expires_at=at + (town.need.expires_at - town.need.posted_at)
    )
    wants = {"exchange_type": "want", "at": at}
    accepted = town.accept(town.ask(at=at), at)
    waiting_for = town.post(town.city, town.alice, title="Printing", **wants)
    waiting = town.ask(listing=waiting_for, own_listing=None, at=at)
    chairs = town.post(town.city, town.alice, title="Chairs", **wants)
    numbers = {
        "need": town.need.pk,
        "chairs": chairs.pk,
        "accepted": accepted.pk,
        "waiting": waiting.pk,
        "day": (at.date() + timedelta(days=30)).isoformat(),
    }
    return Cast(people, numbers, town)


def state() -> object:
    """All that an act may change."""
    return (
        list(Listing.objects.order_by("pk").values()),
        list(Introduction.objects.order_by("pk").values()),
        Tie.objects.count(),
        Entry.objects.count(),
        Mail.objects.count(),
    )


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", ACTS)
def test_everybody_may_do_what_the_table_says(
    cast: Cast, signed_in: SignIn, who: str, name: str
) -> None:
    act, person = ACTS[name], cast.people[who]
    client = signed_in(person) if person else Client()
    numbers = {**cast.numbers, "ask_for": "mill" if who == "third" else "tongue"}
    url = act.path.format(**numbers)
    before = state()
    if act.posted is None:
        answer = client.get(url)
    else:
        filled = {key: value.format(**numbers) for key, value in act.posted.items()}
        answer = client.post(url, filled)
    content_of(answer)
    assert told(answer) == act.told[PEOPLE.index(who)]
    if act.posted is None or answer.status_code != 302 or told(answer) == "sign in":
        assert state() == before
    else:
        assert state() != before


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.posted is not None])
def test_nothing_changes_by_looking(cast: Cast, signed_in: SignIn, name: str) -> None:
    before = state()
    url = ACTS[name].path.format(**cast.numbers)
    for who in PEOPLE[1:]:
        person = cast.people[who]
        assert person
        assert signed_in(person).get(url).status_code in (200, 403, 404, 405)
    assert state() == before


@pytest.mark.parametrize("who", PEOPLE)
def test_how_to_reach_people_is_seen_by_both_sides_after_a_yes(
    cast: Cast, signed_in: SignIn, who: str
) -> None:
    """Of all pages that each person may open, those that show an address, or what one side wrote."""
    person = cast.people[who]
    client = signed_in(person) if person else Client()
    secret = {"555-0142", "bob@tongue.example", "We translate ballots.", "Yes, please."}
    pages: dict[str, set[str]] = {}
    for name, act in ACTS.items():
        if act.posted is None:
            content = content_of(client.get(act.path.format(**cast.numbers))).decode()
            pages[name] = {text for text in secret if text in content}
    content = client.get("/record/").content.decode()
    pages["record"] = {text for text in secret if text in content}
    sees = who in ("delegate", "steward", "asker")
    expected = {"accepted": secret, "introduction": {"We translate ballots."}} if sees else {}
    assert {name: seen for name, seen in pages.items() if seen} == expected
