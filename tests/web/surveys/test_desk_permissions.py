"""Who may open which page of the desk, and press what: everybody, every act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interlock.web.institutions.actions import give_role, register
from interlock.web.institutions.models import Role
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from interlock.web.surveys import researching
from interlock.web.surveys.actions import launch
from interlock.web.surveys.models import (
    Consent,
    Coupon,
    FormVersion,
    Opening,
    ResearcherAccess,
    Study,
)
from tests.staging import staged
from tests.web.institutions.test_permissions import content_of, told
from tests.web.surveys.asked import CORE, Asked, make_asked

SignIn = Callable[[Person], Client]

#: Nobody signed in, an account without a role, a member and a delegate of whoever asks, its two
#: stewards (the second has no leave either), a steward of a worker co-op with leave from before that
#: office, a delegate of the city, and a researcher with leave.
PEOPLE = ("anonymous", "nobody", "member", "delegate", "steward", "official", "city", "researcher")
OWN = ("sign in", 403, 403, 403, 200, 403, 403, 403)
OWN_ACT = ("sign in", 403, 403, 403, 302, 403, 403, 403)
ANYBODY = ("sign in", 200, 200, 200, 200, 200, 200, 200)
#: Asking is refused to officials, and to whoever has leave.
ASK = ("sign in", 302, 302, 302, 302, 422, 422, 422)
#: Single answers: the researcher with leave, and nobody else, whatever they look after.
ROWS = ("sign in", 403, 403, 403, 403, 403, 403, 200)


@dataclass(frozen=True)
class Act:
    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


ACTS = {
    "surveys": Act("/surveys/desk/", ANYBODY),
    "our questions": Act("/surveys/desk/instruments/ties.yaml", (200,) * 8),
    "launch, the page": Act("/surveys/launch/", ("sign in", 302, 302, 302, 200, 200, 302, 302)),
    "launch": Act(
        "/surveys/launch/",
        ("sign in", 302, 302, 302, 302, 422, 302, 302),
        {
            "institution": "{federation}", "contact_0": "c", "ethics_0": "e", "closes_on": "{day}",
        },
    ),
    "desk": Act("{home}", OWN),
    "texts": Act("{home}texts/", OWN),
    "correct": Act(
        "{home}texts/", OWN_ACT,
        {
            "contact_0": "c", "ethics_0": "e", "links_until": "{links}",
            "contacts_until": "{contacts}", "doors": "on",
        },
    ),
    "change": Act(
        "{draft}texts/", OWN_ACT,
        {
            "title_0": "t", "about_0": "a", "consent_0": "- yes", "contact_0": "c", "ethics_0": "e",
            "closes_on": "{day}", "links_until": "{links}", "contacts_until": "{contacts}",
            "anonymity": "chain",
        },
    ),
    "questions": Act("{home}questions/", OWN),
    "version": Act("{home}questions/1/", OWN),
    "questionnaire": Act("{home}questions/1.xlsx", OWN),
    "publish": Act("{draft}questions/1/publish/", OWN_ACT, {}),
    "preview": Act("{home}questions/1/preview/", OWN),
    "open before publishing": Act(
        "{draft}open/", ("sign in", 403, 403, 403, 409, 403, 403, 403), {}
    ),
    "extend": Act("{home}extend/", OWN_ACT, {"closes_on": "{later}"}),
    "close": Act("{home}close/", OWN_ACT, {"sure": "on"}),
    "close, unsure": Act("{home}close/", ("sign in", 403, 403, 403, 409, 403, 403, 403), {}),
    "seeds": Act("{home}seeds/", OWN),
    "make seeds": Act("{home}seeds/", OWN, {"number": "2"}),
    "doubts": Act("{home}doubts/", OWN),
    "researchers": Act("{home}researchers/", OWN),
    "give leave": Act("{home}researchers/{asking}/", OWN_ACT, {"{asking}-until": "{day}"}),
    "decline": Act("{home}researchers/{asking}/", OWN_ACT, {"decline": "1"}),
    "end": Act("{home}researchers/{reading}/", OWN_ACT, {"end": "1"}),
    "research": Act("{public}research/", (200,) * 8),
    "ask": Act("{public}research/", ASK, {"reason": "A thesis"}),
    "answers": Act("{public}research/answers.zip", ROWS, {}),
    "give back": Act(
        "{public}research/end/", ("sign in", 409, 409, 409, 409, 302, 409, 302), {}
    ),
    "research of a draft": Act("{private}research/", (404,) * 8),
}  # fmt: skip


@dataclass
class Cast:
    asked: Asked
    people: dict[str, Person | None]
    told: dict[str, str] = field(default_factory=dict)


@staged
def cast() -> Cast:
    at = timezone.now()
    day = at.date() + timedelta(days=30)
    asked = make_asked(at=at, closes_on=day)
    draft = make_draft(asked)
    people: dict[str, Person | None] = {
        name: Person.objects.by_email(f"{name}@example.org") for name in PEOPLE
    }
    people |= {"anonymous": None, "steward": asked.dora}
    roles = {"member": Role.MEMBER, "delegate": Role.DELEGATE}
    for name, role in roles.items():
        give_role(
            institution=asked.federation, person=must(people, name), role=role, by=asked.dora, at=at
        )
    second = Person.objects.by_email("asks@example.org")
    asking = researching.ask(study=asked.study, reason="A thesis", by=second, at=at)
    leave = {
        name: researching.ask(study=asked.study, reason="A report", by=must(people, name), at=at)
        for name in ("researcher", "official")
    }
    for one in leave.values():
        researching.give(access=one, until=day, by=asked.dora, at=at)
    register(name="Mill", kind="worker_coop", steward=must(people, "official"), at=at)
    city = register(name="City", kind="public_body", steward=asked.bob, at=at)
    give_role(
        institution=city, person=must(people, "city"), role=Role.DELEGATE, by=asked.bob, at=at
    )
    public, private = asked.study.get_absolute_url(), draft.get_absolute_url()
    told = {
        "public": public,
        "private": private,
        "home": f"{public}desk/",
        "draft": f"{private}desk/",
        "federation": str(asked.federation.pk),
        "asking": str(asking.pk),
        "reading": str(leave["researcher"].pk),
        "day": day.isoformat(),
        "later": (day + timedelta(days=5)).isoformat(),
        "links": asked.study.links_until.isoformat(),
        "contacts": (asked.study.contacts_until - timedelta(days=9)).isoformat(),
    }
    return Cast(asked, people, told)


def make_draft(asked: Asked) -> Study:
    at = timezone.now()
    return launch(
        institution=asked.federation,
        contact="c",
        ethics="e",
        closes_on=at.date() + timedelta(days=30),
        by=asked.dora,
        at=at,
    )


def must(people: dict[str, Person | None], name: str) -> Person:
    found = people[name]
    assert found
    return found


def state() -> object:
    """All that an act may change."""
    return (
        list(Study.objects.order_by("pk").values()),
        list(FormVersion.objects.order_by("pk").values()),
        list(Consent.objects.order_by("pk").values()),
        list(ResearcherAccess.objects.order_by("pk").values()),
        Coupon.objects.count(),
        Opening.objects.count(),
        Entry.objects.count(),
    )


def posted(act: Act, told: dict[str, str]) -> dict[str, str]:
    return {key.format(**told): value.format(**told) for key, value in (act.posted or {}).items()}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", ACTS)
def test_everybody_may_do_what_the_table_says(
    cast: Cast, signed_in: SignIn, who: str, name: str
) -> None:
    act, person = ACTS[name], cast.people[who]
    client = signed_in(person) if person else Client()
    url, before = act.path.format(**cast.told), state()
    answer = client.get(url) if act.posted is None else client.post(url, posted(act, cast.told))
    content_of(answer)
    assert told(answer) == act.told[PEOPLE.index(who)]
    may = act.posted is not None and answer.status_code in (200, 302)
    done = may and told(answer) != "sign in" and answer.get("Location") != "/surveys/desk/"
    assert (state() != before) == done


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.posted is not None])
def test_nothing_changes_by_looking(cast: Cast, signed_in: SignIn, name: str) -> None:
    before = state()
    url = ACTS[name].path.format(**cast.told)
    for who in PEOPLE[1:]:
        answer = signed_in(must(cast.people, who)).get(url)
        assert answer.status_code in (200, 302, 403, 404, 405)
    assert state() == before


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_shows_an_answer(cast: Cast, signed_in: SignIn, who: str) -> None:
    """Of all that each person may open, only the researcher's archive has what somebody wrote."""
    asked = cast.asked
    at = timezone.now()
    code = asked.enter(coupon=asked.cards[0].code, at=at).code
    answers = {**CORE, "net_coop": ["4321"], "net_pb": ["4320"], "net_both": ["4319"]}
    asked.core(code, at=at, answers=answers)
    person = cast.people[who]
    client = signed_in(person) if person else Client()
    seen = set()
    for name, act in ACTS.items():
        url = act.path.format(**cast.told)
        answer = client.get(url) if name != "answers" else client.post(url)
        content = content_of(answer)
        if b"4321" in content or answer.get("Content-Type") == "application/zip":
            seen.add(name)
    assert seen == ({"answers"} if who == "researcher" else set())
