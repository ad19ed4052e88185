"""Who may do what with calls, bids and scores, and when: every verb by everybody at every stage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.test import Client
from django.utils import timezone

from interlock.web.delivery.actions import bids, calls, evaluating
from interlock.web.delivery.models import (
    Bid,
    Call,
    Custodian,
    Offer,
    Panelist,
    Partner,
    Question,
)
from interlock.web.delivery.rules import bids as rules
from interlock.web.institutions.actions import give_role
from interlock.web.institutions.models import Role
from interlock.web.look.refusals import Refused
from interlock.web.people.models import Person
from tests.web.delivery.calling import CLOSES, LATER, PDF, Fair
from tests.web.delivery.verbs import verbs_of, watched
from tests.world import START, both

#: Of the city: steward, delegate. Of the co-op that bids: steward, delegate, member. Who bids against
#: it, who sits on the panel, and somebody else.
ROLES = ("officer", "clerk", "steward", "delegate", "member", "rival", "panelist", "nobody")
STAGES = ("draft", "open", "closed", "opened", "scored", "ranked", "cancelled")
OFFICER = {"officer"}
BIDDER = {"steward", "delegate"}
EVERYBODY = set(ROLES)


@dataclass
class Scene:
    """A call at some stage, with a sealed bid of the co-op where there is one by then."""

    fair: Fair
    call: Call
    people: dict[str, Person]
    bid: Bid | None
    offer: Offer | None
    question: Question | None

    def ours(self) -> Bid:
        return self.bid or Bid(call=self.call, lead=self.fair.spokes)


@dataclass(frozen=True)
class Verb:
    """Who may, at which stages; and the doing of it."""

    who: set[str]
    when: set[str]
    do: Callable[[Scene, Person], Any]


def _seat(scene: Scene) -> Panelist:
    among = Panelist.objects.select_related("call")
    stored = among.filter(call=scene.call, person=scene.fair.ana).first()
    return stored or Panelist(call=scene.call, person=scene.fair.ana)


def _custodian(scene: Scene) -> Custodian:
    """One that was named, whatever the stage."""
    return Custodian.objects.create(
        call=scene.call, person=scene.fair.ana, name="Ana", given_at=None
    )


def _partner(scene: Scene) -> Partner:
    """The firm, asked to bid together; what was sealed is withdrawn as long as it may be."""
    bid = scene.ours()
    if scene.bid is None:
        bid.save()
    elif rules.why_not_take(scene.call) is None:
        bids.withdraw(bid=bid, by=scene.fair.bob, at=START)
    return Partner.objects.create(bid=bid, institution=scene.fair.firm, asked_at=START)


VERBS = {
    "draft": Verb(OFFICER, set(STAGES), lambda s, by: calls.draft_call(
        delivery=s.fair.delivery, by=by, at=START, title="T", scope="S", closes_at=CLOSES)),
    "change": Verb(OFFICER, {"draft"}, lambda s, by: calls.change_call(call=s.call, by=by, title="T")),
    "discard": Verb(OFFICER, {"draft"}, lambda s, by: calls.discard(call=s.call, by=by)),
    "name custodian": Verb(OFFICER, {"draft"}, lambda s, by: calls.name_custodian(
        call=s.call, person=s.fair.ben, name="B", by=by, at=START)),
    "drop custodian": Verb(OFFICER, {"draft"}, lambda s, by: calls.drop_custodian(
        custodian=_custodian(s), by=by)),
    "take a key": Verb({"panelist"}, {"draft"}, lambda s, by: calls.take_key(
        custodian=_custodian(s), by=by, at=START)),
    "record one elsewhere": Verb({"officer", "clerk"}, set(STAGES), lambda s, by: calls.record_elsewhere(
        issuer=s.fair.city, acting=s.fair.city, by=by, at=START, url="https://city.example/call",
        title=both("T", "T"), scope=both("S", "S"), closes_at=CLOSES, zone="UTC", currency="USD")),
    "publish": Verb(OFFICER, {"draft"}, lambda s, by: calls.publish(call=s.call, by=by, at=START)),
    "ask": Verb(EVERYBODY, {"open"}, lambda s, by: calls.ask(call=s.call, text="?", by=by, at=START)),
    "answer": Verb(OFFICER, {"open"}, lambda s, by: calls.answer(
        question=s.question or Question(call=s.call), answer="!", by=by, at=START)),
    "extend": Verb(OFFICER, {"open"}, lambda s, by: calls.extend(
        call=s.call, closes_at=CLOSES + timedelta(days=1), reason="R", by=by, at=START)),
    "cancel": Verb(OFFICER, {"open", "closed"}, lambda s, by: calls.cancel(
        call=s.call, reason="R", by=by, at=LATER)),
    "begin a bid": Verb(BIDDER, {"open"}, lambda s, by: bids.begin(
        call=s.call, lead=s.fair.spokes, by=by)),
    "save a draft": Verb(BIDDER, {"open"}, lambda s, by: bids.save_draft(bid=s.ours(), by=by, plan="P")),
    "attach": Verb(BIDDER, {"open"}, lambda s, by: bids.attach(
        bid=s.ours(), by=by, name="a.pdf", data=PDF)),
    "ask a partner": Verb(BIDDER, {"open"}, lambda s, by: bids.ask_partner(
        bid=s.ours(), institution=s.fair.firm, by=by, at=START)),
    "agree": Verb({"rival"}, {"open"}, lambda s, by: bids.agree(partner=_partner(s), by=by, at=START)),
    "drop a partner": Verb(BIDDER | {"rival"}, {"open"}, lambda s, by: bids.drop_partner(
        partner=_partner(s), by=by)),
    "detach": Verb(BIDDER, {"open"}, lambda s, by: bids.detach(bid=s.ours(), by=by, ref=uuid4())),
    "seal": Verb({"steward"}, {"open"}, lambda s, by: bids.seal(bid=s.ours(), by=by, at=START)),
    "withdraw": Verb({"steward"}, {"open"}, lambda s, by: bids.withdraw(bid=s.ours(), by=by, at=START)),
    "open": Verb(OFFICER, {"closed"}, lambda s, by: bids.open_bids(call=s.call, by=by, at=LATER)),
    "name a panelist": Verb(OFFICER, {"open", "closed"}, lambda s, by: evaluating.name_panelist(
        call=s.call, person=s.fair.ben, name="B", by=by, at=LATER)),
    "drop a panelist": Verb(OFFICER, {"open", "closed", "opened"}, lambda s, by: evaluating.drop_panelist(
        panelist=_seat(s), by=by, at=LATER)),
    "declare": Verb({"panelist"}, {"opened", "scored"}, lambda s, by: evaluating.declare(
        panelist=_seat(s), by=by, at=LATER, conflicts={})),
    "score": Verb({"panelist"}, {"scored"}, lambda s, by: evaluating.score(
        panelist=_seat(s), offer=s.offer or Offer(), by=by, at=LATER,
        given={s.call.criteria.get(is_price=False): (1, "No.")})),
    "rank": Verb(OFFICER, {"scored"}, lambda s, by: evaluating.rank(call=s.call, by=by, at=LATER)),
    "exclude": Verb(OFFICER, {"opened", "scored"}, lambda s, by: evaluating.exclude(
        offer=s.offer or Offer(bid=s.ours(), lot=s.call.lots.get()), reason="R", by=by, at=LATER)),
    "award to nobody": Verb(OFFICER, {"opened", "scored", "ranked"}, lambda s, by: evaluating.decide_no_award(
        lot=s.call.lots.get(), reason="R", by=by, at=LATER)),
}  # fmt: skip


def scene(fair: Fair, stage: str) -> Scene:
    clerk, member, nobody = (
        Person.objects.by_email(f"{name}@example.org") for name in ("clerk", "member", "nobody")
    )
    give_role(institution=fair.city, person=clerk, role=Role.DELEGATE, by=fair.alice, at=START)
    give_role(institution=fair.spokes, person=member, role=Role.MEMBER, by=fair.bob, at=START)
    people = {
        "officer": fair.alice, "clerk": clerk, "steward": fair.bob, "delegate": fair.dora,
        "member": member, "rival": fair.finn, "panelist": fair.ana, "nobody": nobody,
    }  # fmt: skip
    call = fair.call()
    if stage == "draft":
        return Scene(fair, call, people, None, None, None)
    call = calls.publish(call=call, by=fair.alice, at=START)
    question = calls.ask(call=call, text="?", by=nobody, at=START)
    evaluating.name_panelist(call=call, person=fair.ana, name="Ana", by=fair.alice, at=START)
    bid = fair.sealed(call)
    if stage == "cancelled":
        call = calls.cancel(call=call, reason="R", by=fair.alice, at=START)
    elif stage != "open":
        call = fair.closed(call)
    if stage in ("opened", "scored", "ranked"):
        call = bids.open_bids(call=call, by=fair.alice, at=LATER)
    offer = Offer.objects.filter(lot__call=call).select_related("lot__call", "bid").first()
    if stage in ("scored", "ranked"):
        fair.score_all(call)
    if stage == "ranked":
        evaluating.rank(call=call, by=fair.alice, at=LATER)
    call.refresh_from_db()
    return Scene(fair, call, people, bid, offer, question)


@pytest.mark.parametrize("stage", STAGES)
def test_every_verb_is_for_its_people_at_its_stage(fair: Fair, stage: str) -> None:
    there = scene(fair, stage)
    told, expected = {}, {}
    for name, verb in VERBS.items():
        for role in ROLES:
            told[name, role] = _done(verb, there, there.people[role])
            expected[name, role] = role in verb.who and stage in verb.when
    assert told == expected


def _done(verb: Verb, there: Scene, by: Person) -> bool:
    """Whether it was done; all of it is undone afterwards."""
    try:
        with transaction.atomic():
            verb.do(there, by)
            raise Undone
    except Undone:
        return True
    except (Refused, ObjectDoesNotExist):
        return False
    finally:
        there.call.refresh_from_db()
        if there.bid:
            there.bid.refresh_from_db()


class Undone(Exception):
    """Nothing of what was tried stays."""


def test_every_verb_of_a_call_is_in_the_table(fair: Fair) -> None:
    """So that a new one cannot be forgotten."""
    found = verbs_of(bids, calls, evaluating)
    there = scene(fair, "scored")
    with watched(found) as seen:
        for verb in VERBS.values():
            _done(verb, there, fair.alice)
    assert seen == set(found)


#: What each page answers, by role, while a call is open: anonymous, then as `ROLES`.
SIGN_IN = "sign in"
PAGES = {
    "": (200,) * 9,
    "organise/": (SIGN_IN, 200, *(403,) * 7),
    "edit/": (SIGN_IN, 409, *(403,) * 7),
    "custody/": (SIGN_IN, *(404,) * 8),
    "bid/": (SIGN_IN, 403, 403, 200, 200, 403, 200, 403, 403),
    "bid/{bid}/": (SIGN_IN, 404, 404, 200, 200, 404, 404, 404, 404),
    "bid/{bid}/price/": (SIGN_IN, 404, 404, 200, 200, 404, 404, 404, 404),
    "bid/{bid}/sign/": (SIGN_IN, 404, 404, 200, 200, 404, 404, 404, 404),
    "bid/{bid}/bid.json": (SIGN_IN, 404, 404, 200, 200, 404, 404, 404, 404),
    "scores/": (SIGN_IN, 403, 403, 403, 403, 403, 403, 200, 403),
    "ranking/": (409,) * 9,
    "sheet.csv": (409,) * 9,
}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_its_people(
    fair: Fair, path: str, signed_in: Callable[[Person], Client]
) -> None:
    there = scene(fair, "open")
    Call.objects.update(closes_at=timezone.now() + timedelta(days=9))
    assert there.bid
    address = f"/delivery/calls/{there.call.pk}/" + path.format(bid=there.bid.pk)
    told: list[object] = []
    for role in (None, *ROLES):
        client = signed_in(there.people[role]) if role else Client()
        answer = client.get(address)
        redirected = answer.status_code == 302 and answer["Location"].startswith("/account/")
        told.append(SIGN_IN if redirected else answer.status_code)
    assert tuple(told) == PAGES[path]


def test_a_draft_is_there_for_its_own_people_only(
    fair: Fair, signed_in: Callable[[Person], Client]
) -> None:
    call = fair.call(timezone.now())
    address = f"/delivery/calls/{call.pk}/"
    assert signed_in(fair.alice).get(address).status_code == 200
    assert signed_in(fair.alice).get(f"{address}edit/").status_code == 200
    for path in ("", "edit/", "organise/", "bid/", "scores/"):
        assert signed_in(fair.bob).get(address + path).status_code == 404
    assert Client().get(address).status_code == 404
    assert signed_in(fair.bob).get(f"/delivery/calls/new/{fair.delivery.pk}/").status_code == 403
