"""Who may do what with the register of policies: everybody, every act, in each stage, page and API."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Role
from interlock.web.observatory.models import Coding, Policy, State, Version
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.web.observatory.coded import Readers, coded, confirmed, proposed
from tests.world import START, World, entrust

SignIn = Callable[[Person], Client]

#: Bob entered it. Alice looks after a city that nobody trusts. Of a trusted federation: a member, a
#: delegate, the delegate who coded first (Cleo), another steward, and the one who confirmed it (Kim).
PEOPLE = ("anonymous", "bob", "alice", "member", "delegate", "cleo", "steward", "kim")
SIGN_IN = "sign in"
EVERYBODY = (200,) * 8
OWN = (404, 200, 404, 404, 404, 404, 200, 200)


@dataclass(frozen=True)
class Act:
    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


WRITTEN = {
    "title": "Ordinance 15", "area": "Rosewater", "country": "US", "adopted_on": "2024-05-01",
    "passage": "Another.", "source": "https://rosewater.example/15", "note": "The text",
}  # fmt: skip
CODED = {"text_version": "1", "order": "2", "direction": "towards", "reason": "May bid"}
WHY = {"reason": "Twice"}

ANYWHERE = {
    "home": Act("/observatory/", EVERYBODY),
    "paradigm": Act("/observatory/paradigm/", EVERYBODY),
    "potential": Act("/observatory/potential/", EVERYBODY),
    "potential table": Act("/observatory/potential.csv", EVERYBODY),
    "list": Act("/observatory/policies/", EVERYBODY),
    "table": Act("/observatory/policies.csv", EVERYBODY),
    "document": Act("/observatory/policies.json", EVERYBODY),
    "codebook": Act("/observatory/policies/codebook/", EVERYBODY),
    "API list": Act("/api/policies", EVERYBODY),
    "new": Act("/observatory/policies/new/", (SIGN_IN, *(200,) * 7)),
    "propose": Act("/observatory/policies/new/", (SIGN_IN, *(302,) * 7), WRITTEN),
}
ONE = "/observatory/policies/{number}/"
STAGES: dict[str, dict[str, Act]] = {
    "proposed": {
        "page": Act(ONE, OWN),
        "API": Act("/api/policies/{number}", (404,) * 8),
        "edit": Act(f"{ONE}edit/", (SIGN_IN, 200, 404, 404, 404, 404, 200, 200)),
        "correct": Act(f"{ONE}edit/", (SIGN_IN, 302, 404, 404, 404, 404, 302, 302), WRITTEN),
        "confirm": Act(f"{ONE}confirm/", (SIGN_IN, 403, 404, 404, 404, 404, 302, 302), {}),
        "withdraw": Act(f"{ONE}withdraw/", (SIGN_IN, 302, 404, 404, 404, 404, 302, 302), WHY),
        "code": Act(f"{ONE}code/", (SIGN_IN, 403, 404, 404, 404, 404, 403, 403)),
        "code it": Act(f"{ONE}code/", (SIGN_IN, 403, 404, 404, 404, 404, 403, 403), CODED),
    },
    "to code": {
        "page": Act(ONE, EVERYBODY),
        "API": Act("/api/policies/{number}", EVERYBODY),
        "edit": Act(f"{ONE}edit/", (SIGN_IN, 403, 403, 403, 403, 403, 200, 200)),
        "correct": Act(f"{ONE}edit/", (SIGN_IN, 403, 403, 403, 403, 403, 302, 302), WRITTEN),
        "confirm": Act(f"{ONE}confirm/", (SIGN_IN, *(403,) * 7), {}),
        "withdraw": Act(f"{ONE}withdraw/", (SIGN_IN, 403, 403, 403, 403, 403, 302, 302), WHY),
        "code": Act(f"{ONE}code/", (SIGN_IN, 403, 403, 403, 200, 403, 200, 200)),
        "code it": Act(f"{ONE}code/", (SIGN_IN, 403, 403, 403, 302, 403, 302, 302), CODED),
    },
    "apart": {
        "page": Act(ONE, EVERYBODY),
        "correct": Act(f"{ONE}edit/", (SIGN_IN, 403, 403, 403, 403, 403, 422, 422), WRITTEN),
        "withdraw": Act(f"{ONE}withdraw/", (SIGN_IN, 403, 403, 403, 403, 403, 302, 302), WHY),
        "settle": Act(f"{ONE}code/", (SIGN_IN, 403, 403, 403, 302, 403, 302, 302), CODED),
    },
    "alike": {
        "code it": Act(f"{ONE}code/", (SIGN_IN, *(403,) * 7), CODED),
        "correct": Act(f"{ONE}edit/", (SIGN_IN, 403, 403, 403, 403, 403, 422, 422), WRITTEN),
    },
    "withdrawn": {
        "page": Act(ONE, EVERYBODY),
        "API": Act("/api/policies/{number}", EVERYBODY),
        "correct": Act(f"{ONE}edit/", (SIGN_IN, *(403,) * 7), WRITTEN),
        "withdraw": Act(f"{ONE}withdraw/", (SIGN_IN, *(403,) * 7), WHY),
        "code it": Act(f"{ONE}code/", (SIGN_IN, *(403,) * 7), CODED),
    },
}


def staged(people: Readers, stage: str) -> Policy:
    if stage == "proposed":
        return proposed(people)
    if stage == "to code":
        return coded(people, (1, "towards"))
    if stage == "withdrawn":
        policy = confirmed(people)
        Policy.objects.filter(pk=policy.pk).update(
            state=State.WITHDRAWN, withdrawn_at=START, withdrawn_because="Twice"
        )
        return policy
    second = (1, "towards") if stage == "alike" else (2, "away")
    return coded(people, (1, "towards"), second)


@pytest.fixture
def everybody(world: World, people: Readers) -> dict[str, Person | None]:
    other = Person.objects.by_email("other@example.org")
    entrust(other, "Another federation")
    found: dict[str, Person | None] = {
        "anonymous": None, "bob": people.bob, "alice": world.alice, "cleo": people.cleo,
        "steward": other, "kim": people.kim,
    }  # fmt: skip
    for role in (Role.MEMBER, Role.DELEGATE):
        person = Person.objects.by_email(f"{role}@federation.example")
        give_role(institution=people.federation, person=person, role=role, by=people.kim, at=START)
        found[role.value] = person
    return found


def told(answer: HttpResponseBase) -> object:
    to_sign_in = answer.status_code == 302 and "/account/sign-in/" in answer["Location"]
    return SIGN_IN if to_sign_in else answer.status_code


def state() -> object:
    kinds = (Policy, Version, Coding)
    rows = [list(kind.objects.order_by("pk").values()) for kind in kinds]
    return rows, Entry.objects.count()


def row(
    everybody: dict[str, Person | None], signed_in: SignIn, act: Act, number: int
) -> tuple[object, ...]:
    """What each is answered; and that it changed something where it was done, and only there."""
    found = []
    for who in PEOPLE:
        person = everybody[who]
        client = signed_in(person) if person else Client()
        url, before = act.path.format(number=number), state()
        with transaction.atomic():
            answer = client.get(url) if act.posted is None else client.post(url, act.posted)
            done = act.posted is not None and told(answer) == 302
            assert (state() != before) == done, who
            transaction.set_rollback(True)
        found.append(told(answer))
    return tuple(found)


@pytest.mark.parametrize("name", ANYWHERE)
def test_page_is_open_to_whom_the_table_says(
    everybody: dict[str, Person | None], signed_in: SignIn, name: str
) -> None:
    assert row(everybody, signed_in, ANYWHERE[name], 0) == ANYWHERE[name].told


@pytest.mark.parametrize(
    ("stage", "name"), [(stage, name) for stage, acts in STAGES.items() for name in acts]
)
def test_policy_is_open_to_whom_the_table_says(
    everybody: dict[str, Person | None],
    people: Readers,
    signed_in: SignIn,
    stage: str,
    name: str,
) -> None:
    policy = staged(people, stage)
    assert row(everybody, signed_in, STAGES[stage][name], policy.pk) == STAGES[stage][name].told


def test_first_coding_is_told_nowhere(
    everybody: dict[str, Person | None], people: Readers, signed_in: SignIn
) -> None:
    """Not on the pages, in the files, through the API, on the desk or in the public record."""
    policy = coded(people, (3, "away"))
    words = b"cleo@example.org says so"
    for who in PEOPLE:
        person = everybody[who]
        client = signed_in(person) if person else Client()
        for path in (
            f"/observatory/policies/{policy.pk}/", f"/observatory/policies/{policy.pk}/code/",
            "/observatory/policies/", "/observatory/policies/?order=3", "/observatory/paradigm/",
            "/observatory/policies.csv", "/observatory/policies.json", "/api/policies",
            f"/api/policies/{policy.pk}", "/desk/", "/record/",
        ):  # fmt: skip
            told = client.get(path).content
            own = who == "cleo" and path == f"/observatory/policies/{policy.pk}/"
            assert (words in told) == own, (who, path)
    listed = Client().get("/observatory/policies/?order=3").content
    assert b"No policy matches all of this" in listed
