"""Who may do what with a joint proposal: everybody, every act, in each of its stages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Role
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.ties.models import Tie
from interlock.web.ways import actions
from interlock.web.ways.models import Message, Party, Proposal, Signature, State, Step, Version
from tests.staging import staged
from tests.web.ways.stages import Sides, agreed, new_mill, written
from tests.world import START, World

SignIn = Callable[[Person], Client]

#: Of the mill, a party: member, delegate, steward. The oven is invited, the bay left or declined.
PEOPLE = (
    "anonymous", "bob", "member", "delegate", "steward", "city", "invited", "declined", "other",
)  # fmt: skip
EVERYBODY = (200,) * 9
SIGN_IN = "sign in"
#: A page of a draft that its readers see; what its parties alone see and do.
READ = (SIGN_IN, 404, 404, 200, 200, 200, 200, 404, 404)
OWN = (SIGN_IN, 404, 404, 200, 200, 200, 403, 404, 404)
DO = (SIGN_IN, 404, 404, 302, 302, 302, 403, 404, 404)
#: The same of an agreed one, which everybody reads.
PARTIES = (SIGN_IN, 403, 403, 200, 200, 200, 403, 403, 403)
PARTIES_DO = (SIGN_IN, 403, 403, 302, 302, 302, 403, 403, 403)
REFUSED = (SIGN_IN, 403, 403, 409, 409, 409, 403, 403, 403)


@dataclass(frozen=True)
class Act:
    """A page, or what one posts to it; `{…}` are numbers of the town below."""

    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


TEXT = {
    "base": "{version}", "voids": "", "title_0": "Rolls", "section-TOTAL_FORMS": "1",
    "section-INITIAL_FORMS": "1", "section-0-key": "s1", "section-0-heading_0": "What",
    "section-0-text_0": "Rolls",
}  # fmt: skip
SIGNED = {"version": "{version}", "read": "{read}", "sure": "on"}
SAID = {"message-text": "Secret words"}

DRAFT = {
    "list": Act("", EVERYBODY),
    "new": Act("new/", (SIGN_IN, 403, 403, *(200,) * 6)),
    "begin": Act("new/", (SIGN_IN, 403, 403, *(302,) * 6), {"title_0": "New"}),
    "page": Act("{number}/", READ),
    "text": Act("{number}/text.md", READ),
    "write": Act("{number}/write/", OWN),
    "write it": Act("{number}/write/", DO, TEXT),
    "versions": Act("{number}/versions/", OWN),
    "version": Act("{number}/versions/2/", OWN),
    "invite": Act("{number}/invite/", OWN),
    "invite another": Act("{number}/invite/", DO, {"institution": "bay-2"}),
    "take back": Act("{number}/take-back/{party}/", DO, {}),
    "say": Act("{number}/say/", DO, SAID),
    "accept": Act(
        "{number}/answer/{party}/", (SIGN_IN, 404, 404, 403, 403, 403, 302, 404, 404), {}
    ),
    "decline": Act(
        "{number}/answer/{party}/",
        (SIGN_IN, 404, 404, 403, 403, 403, 302, 404, 404),
        {"decline": "1"},
    ),
    # It cannot be signed while the oven has not answered.
    "sign": Act("{number}/sign/", (SIGN_IN, 404, 404, 409, 409, 409, 403, 404, 404), SIGNED),
    "leave": Act("{number}/leave/", OWN),
    "leave it": Act("{number}/leave/", DO, {"reason": "No"}),
    "move": Act("{number}/move/", (SIGN_IN, 404, 404, 409, 409, 409, 403, 404, 404)),
}
AGREED = {
    "page": Act("{number}/", EVERYBODY),
    "text": Act("{number}/text.md", EVERYBODY),
    "write": Act("{number}/write/", REFUSED),
    "write it": Act("{number}/write/", REFUSED, TEXT),
    "versions": Act("{number}/versions/", PARTIES),
    "version": Act("{number}/versions/2/", PARTIES),
    "invite another": Act(
        "{number}/invite/",
        (SIGN_IN, 403, 403, 422, 422, 422, 403, 403, 403),
        {"institution": "bay-2"},
    ),
    "say": Act("{number}/say/", PARTIES_DO, SAID),
    "accept": Act("{number}/answer/{party}/", (SIGN_IN, *(403,) * 8), {}),
    "sign": Act("{number}/sign/", REFUSED, SIGNED),
    "leave": Act("{number}/leave/", PARTIES),
    "withdraw": Act("{number}/leave/", PARTIES_DO, {"reason": "No"}),
    "move": Act("{number}/move/", PARTIES),
    "say what became": Act(
        "{number}/move/", PARTIES_DO, {"state": State.DONE, "sentence": "It stands."}
    ),
}


@dataclass(frozen=True)
class Town:
    people: dict[str, Person | None]
    sides: Sides
    numbers: dict[str, object]


def peopled(world: World, sides: Sides) -> dict[str, Person | None]:
    people: dict[str, Person | None] = {
        "anonymous": None, "bob": world.bob, "steward": sides.mia, "city": world.alice,
        "other": world.carol,
    }  # fmt: skip
    for role in (Role.MEMBER, Role.DELEGATE):
        person = Person.objects.by_email(f"{role}@mill.example")
        give_role(institution=sides.mill, person=person, role=role, by=sides.mia, at=START)
        people[role.value] = person
    return people


@staged
def draft(world: World) -> Town:
    sides = written(world)
    people = peopled(world, sides)
    bay, people["declined"] = new_mill("Bay")
    asked = sides.invite(bay)
    assert people["declined"]
    actions.decline(party=asked, by=people["declined"], at=START)
    oven, people["invited"] = new_mill("Oven")
    new_mill("Bay 2")
    return _numbered(people, sides, sides.invite(oven))


@staged
def signed(world: World) -> Town:
    sides = agreed(world)
    people = peopled(world, sides)
    _oven, people["invited"] = new_mill("Oven")
    _bay, people["declined"] = new_mill("Bay")
    new_mill("Bay 2")
    return _numbered(people, sides, sides.party(sides.mill))


def _numbered(people: dict[str, Person | None], sides: Sides, party: Party) -> Town:
    text = sides.latest()
    actions.say(
        proposal=sides.proposal, acting=sides.city, by=sides.alice, at=START, text="First words"
    )
    told = {
        "number": sides.number, "party": party.pk, "version": text.number, "read": text.fingerprint,
    }  # fmt: skip
    return Town(people, sides, told)


def told(answer: HttpResponseBase) -> object:
    to_sign_in = answer.status_code == 302 and "/account/sign-in/" in answer["Location"]
    return SIGN_IN if to_sign_in else answer.status_code


def state() -> object:
    """All that an act may change."""
    kinds = (Proposal, Party, Version, Signature, Message, Step, Tie)
    rows = [list(kind.objects.order_by("pk").values()) for kind in kinds]  # type: ignore[attr-defined]
    return rows, Entry.objects.count()


def row(town: Town, signed_in: SignIn, act: Act) -> tuple[object, ...]:
    """What each person is answered; and that it changed something where it was done, only there."""
    found = []
    for who in PEOPLE:
        person = town.people[who]
        client = signed_in(person) if person else Client()
        url = "/ways/proposals/" + act.path.format(**town.numbers)
        before = state()
        with transaction.atomic():
            if act.posted is None:
                answer = client.get(url)
            else:
                filled = {name: value.format(**town.numbers) for name, value in act.posted.items()}
                answer = client.post(url, filled)
            done = act.posted is not None and told(answer) == 302
            assert (state() != before) == done, who
            transaction.set_rollback(True)
        found.append(told(answer))
    return tuple(found)


@pytest.mark.parametrize("name", DRAFT)
def test_draft_is_open_to_whom_the_table_says(draft: Town, signed_in: SignIn, name: str) -> None:
    assert row(draft, signed_in, DRAFT[name]) == DRAFT[name].told


@pytest.mark.parametrize("name", AGREED)
def test_agreed_proposal_is_open_to_whom_the_table_says(
    signed: Town, signed_in: SignIn, name: str
) -> None:
    assert row(signed, signed_in, AGREED[name]) == AGREED[name].told


def seen(town: Town, signed_in: SignIn, secrets: list[str]) -> dict[str, set[str]]:
    """Which of these words stand on any page that each person may open."""
    home = "/ways/proposals/{number}/".format(**town.numbers)
    pages = [
        "/ways/", "/ways/fair-bids/", "/ways/proposals/", home, f"{home}text.md", f"{home}versions/",
        f"{home}versions/3/", f"{home}write/", f"{home}invite/", f"{home}leave/", f"{home}move/",
        "/record/", "/institutions/mill/", "/institutions/city-of-riverbend/",
        "/api/joint-proposals", f"/api/joint-proposals/{town.numbers['number']}", "/desk/",
    ]  # fmt: skip
    found = {}
    for who, person in town.people.items():
        client = signed_in(person) if person else Client()
        told = "".join(client.get(page).content.decode() for page in pages)
        found[who] = {secret for secret in secrets if secret in told}
    return found


SECRETS = ["Bread", "We buy bread.", "First words"]


def each(who: Iterable[str], words: Iterable[str]) -> dict[str, set[str]]:
    return {name: set(words) for name in who}


def test_draft_and_messages_are_seen_only_by_whom_they_are_for(
    draft: Town, signed_in: SignIn
) -> None:
    parties = each(("delegate", "steward", "city"), SECRETS)
    invited = each(("invited",), SECRETS[:2])
    assert seen(draft, signed_in, SECRETS) == {**each(PEOPLE, ()), **parties, **invited}


def test_agreed_text_is_public_and_messages_never(signed: Town, signed_in: SignIn) -> None:
    parties = each(("delegate", "steward", "city"), SECRETS)
    assert seen(signed, signed_in, SECRETS) == {**each(PEOPLE, SECRETS[:2]), **parties}


def test_people_are_named_only_to_their_own(signed: Town, signed_in: SignIn) -> None:
    """Who wrote or signed is told by institution; the person only to those of the same one."""
    names = [str(signed.sides.alice), str(signed.sides.mia)]
    own = {"city": {names[0]}, "steward": {names[1]}, "delegate": {names[1]}}
    assert seen(signed, signed_in, names) == {**each(PEOPLE, ()), **own}
