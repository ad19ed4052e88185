"""Who may do what with a delivery: everybody, every page and act, at each stage of its money."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from interlock.web.delivery import models
from interlock.web.delivery.actions import (
    agreeing,
    awarding,
    finishing,
    paying,
    stories,
    sums,
)
from interlock.web.delivery.models import PaymentKind
from interlock.web.delivery.urls import MONEY, STORIES
from interlock.web.people.models import Person
from interlock.web.record.models import Entry
from tests.web.delivery.chain import DAY, Chain, called
from tests.web.delivery.verbs import verbs_of, watched

SignIn = Callable[[Person], Client]
SIGN_IN = "sign in"

#: The officer; of the Mill, which delivers, the delegate and the steward; a bidder that got nothing;
#: the steward of another city; somebody with an account.
PEOPLE = ("anonymous", "bob", "officer", "delegate", "steward", "rival", "other city")
EVERYBODY = (200,) * 7
OFFICER = (SIGN_IN, 403, 200, 403, 403, 403, 403)
OFFICER_DO = (SIGN_IN, 403, 302, 403, 403, 403, 403)
#: Those who deliver; those and the officer.
PARTNER = (SIGN_IN, 403, 403, 200, 200, 403, 403)
PARTNER_DO = (SIGN_IN, 403, 403, 302, 302, 403, 403)
STEWARD = (SIGN_IN, 404, 404, 404, 200, 404, 404)
STEWARD_DO = (SIGN_IN, 404, 404, 404, 302, 404, 404)
SIDES = (SIGN_IN, 403, 200, 200, 200, 403, 403)
SIDES_DO = (SIGN_IN, 403, 302, 302, 302, 403, 403)


@dataclass(frozen=True)
class Act:
    """A page, or what one posts to it; `{…}` are numbers of the stage."""

    path: str
    told: tuple[object, ...]
    posted: dict[str, str] | None = None


@dataclass
class Stage:
    chain: Chain
    numbers: dict[str, object] = field(default_factory=dict)


HOME = "{slug}/3/"
REASON = {"reason_0": "So", "reason_1": "Así"}
TERMS = {
    "advance": "0", "retainage": "0", "part-TOTAL_FORMS": "1", "part-INITIAL_FORMS": "0",
    "part-0-title_0": "All", "part-0-due_on": "2027-12-01", "part-0-amount": "40,000", **REASON,
}  # fmt: skip
DAY_OF = {"paid_on": "2026-01-01", "received_on": "2026-01-01"}

FUNDED = {
    "list": Act("", EVERYBODY),
    "process": Act("{slug}/", EVERYBODY),
    "record": Act("{slug}/record/", (SIGN_IN, 403, 302, 403, 403, 403, 403), {}),
    "page": Act(HOME, EVERYBODY),
    "follow": Act(f"{HOME}follow/", (SIGN_IN, *(302,) * 6), {}),
    "unfollow": Act(f"{HOME}follow/", (SIGN_IN, *(302,) * 6), {"stop": "1"}),
    "news": Act(f"{HOME}news/", OFFICER),
    "tell": Act(f"{HOME}news/", OFFICER_DO, {"text_0": "Hello"}),
    "plan": Act(f"{HOME}plan/", OFFICER),
    "plan it": Act(f"{HOME}plan/", OFFICER_DO, {"plan_0": "So", "due_on": "2027-12-01"}),
    "delay": Act(f"{HOME}delay/", OFFICER),
    "stuck": Act(f"{HOME}stuck/", OFFICER_DO, REASON),
    "resume": Act(f"{HOME}resume/", (SIGN_IN, 403, 422, 403, 403, 403, 403), {"text_0": ""}),
    "done": Act(f"{HOME}done/", (SIGN_IN, 403, 422, 403, 403, 403, 403), {"text_0": ""}),
    "give up": Act(f"{HOME}give-up/", OFFICER_DO, REASON),
    "give back": Act(f"{HOME}give-back/", OFFICER_DO, {"amount": "100"}),
    "no such act": Act(f"{HOME}nothing/", (SIGN_IN, *(404,) * 6)),
    "award": Act(f"{HOME}award/", OFFICER),
    "award it": Act(
        f"{HOME}award/",
        OFFICER_DO,
        {
            "kind": "direct", "value": "100", "suppliers": "mill", "reasons_0": "So",
            "standstill_days": "10",
        },
    ),
    "award own": Act(
        f"{HOME}award/",
        OFFICER_DO,
        {"kind": "own", "value": "100", "reasons_0": "So", "standstill_days": "0"},
    ),
}  # fmt: skip
STUCK = {
    "resume": Act(f"{HOME}resume/", OFFICER_DO, {"text_0": ""}),
    "stuck again": Act(f"{HOME}stuck/", (SIGN_IN, 403, 422, 403, 403, 403, 403), REASON),
    "delay it": Act(f"{HOME}delay/", OFFICER_DO, {"due_on": "2028-01-01", **REASON}),
}
RANKED = {
    "offer": Act("offers/{offer}/award/", OFFICER),
    "award offer": Act("offers/{offer}/award/", OFFICER_DO, {"reasons_0": "So"}),
}
AWARDED = {
    "notice": Act("awards/{award}/", EVERYBODY),
    "tell": Act(f"{HOME}news/", SIDES_DO, {"text_0": "Hello"}),
    # Who has the award does not complain of it; who bid may, and nobody else.
    "complain": Act("awards/{award}/complain/", (SIGN_IN, 403, 403, 403, 403, 200, 403)),
    "complaint": Act(
        "awards/{award}/complain/", (SIGN_IN, 403, 403, 403, 403, 302, 403), {"text": "So"}
    ),
    "annul": Act("awards/{award}/annul/", OFFICER),
    "annul it": Act("awards/{award}/annul/", OFFICER_DO, REASON),
    "draft": Act("awards/{award}/draft/", SIDES),
    "draft it": Act("awards/{award}/draft/", SIDES_DO, TERMS),
}
COMPLAINED = {
    "page": Act("awards/{award}/complaints/{complaint}/", OFFICER),
    "answer": Act(
        "awards/{award}/complaints/{complaint}/", OFFICER_DO, {"answer_0": "So", "is_upheld": "0"}
    ),
    "uphold": Act(
        "awards/{award}/complaints/{complaint}/", OFFICER_DO, {"answer_0": "So", "is_upheld": "1"}
    ),
    "complain again": Act("awards/{award}/complain/", (SIGN_IN, *(403,) * 6), {"text": "So"}),
}
DRAFTED = {
    "agreement": Act("agreements/{agreement}/", EVERYBODY),
    "versions": Act("agreements/{agreement}/versions/", EVERYBODY),
    # Who may bind a side signs; the delegate of the Mill may not.
    "sign": Act(
        "agreements/{agreement}/versions/{version}/sign/",
        (SIGN_IN, 403, 302, 403, 302, 403, 403),
        {},
    ),
    "drop": Act("agreements/{agreement}/versions/{version}/drop/", SIDES_DO, {}),
    "report": Act("agreements/{agreement}/report/M1/", (SIGN_IN, 403, 403, 409, 409, 403, 403)),
    "end": Act("agreements/{agreement}/end/", (SIGN_IN, 403, 422, 403, 403, 403, 403), REASON),
    "plan payment": Act(
        "agreements/{agreement}/payments/", (SIGN_IN, 403, 409, 409, 409, 403, 403)
    ),
}
SIGNED = {
    "agreement": Act("agreements/{agreement}/", EVERYBODY),
    "change": Act("awards/{award}/draft/", SIDES),
    "change it": Act("awards/{award}/draft/", SIDES_DO, TERMS),
    "report": Act("agreements/{agreement}/report/M1/", PARTNER),
    "report it": Act("agreements/{agreement}/report/M1/", PARTNER_DO, {"text_0": "Done"}),
    "plan payment": Act("agreements/{agreement}/payments/", SIDES),
    "plan it": Act(
        "agreements/{agreement}/payments/", SIDES_DO, {"what": "advance", "amount": "100"}
    ),
    "end": Act("agreements/{agreement}/end/", OFFICER),
    "end it": Act("agreements/{agreement}/end/", OFFICER_DO, REASON),
    "release": Act("agreements/{agreement}/release/", (SIGN_IN, 403, 409, 403, 403, 403, 403), {}),
    "annul": Act("awards/{award}/annul/", (SIGN_IN, 403, 422, 403, 403, 403, 403), REASON),
}
REPORTED = {
    "answer": Act("reports/{report}/", OFFICER),
    "accept": Act("reports/{report}/", OFFICER_DO, {"outcome": "met"}),
    "part": Act(
        "reports/{report}/",
        OFFICER_DO,
        {"outcome": "partiallyMet", "amount": "10", "reason_0": "So"},
    ),
    "reject": Act("reports/{report}/", OFFICER_DO, {"outcome": "notMet", "reason_0": "So"}),
    "report again": Act(
        "agreements/{agreement}/report/M1/",
        (SIGN_IN, 403, 403, 422, 422, 403, 403),
        {"text_0": "Done"},
    ),
}
ACCEPTED = {
    "release": Act("agreements/{agreement}/release/", OFFICER_DO, {}),
    "done": Act(f"{HOME}done/", OFFICER_DO, {"text_0": ""}),
    "end": Act("agreements/{agreement}/end/", (SIGN_IN, 403, 422, 403, 403, 403, 403), REASON),
}
PLANNED = {
    "payment": Act("payments/{payment}/", EVERYBODY),
    "invoice": Act("payments/{payment}/invoice/", PARTNER),
    "invoice it": Act("payments/{payment}/invoice/", PARTNER_DO, {"number": "7"}),
    "approve": Act("payments/{payment}/approve/", (SIGN_IN, *(403,) * 6), {}),
    "reverse": Act("payments/{payment}/reverse/", OFFICER_DO, {"reason": "So"}),
}
INVOICED = {
    "approve": Act("payments/{payment}/approve/", OFFICER_DO, {}),
    "invoice again": Act("payments/{payment}/invoice/", (SIGN_IN, *(403,) * 6), {}),
    "pay": Act("payments/{payment}/pay/", (SIGN_IN, *(403,) * 6), DAY_OF),
}
APPROVED = {
    "page": Act("payments/{payment}/pay/", OFFICER),
    "pay": Act("payments/{payment}/pay/", OFFICER_DO, DAY_OF),
    "confirm": Act("payments/{payment}/confirm/", (SIGN_IN, *(403,) * 6), {}),
    "reverse": Act("payments/{payment}/reverse/", OFFICER),
    "take back": Act("payments/{payment}/reverse/", OFFICER_DO, {"reason": "So"}),
}
PAID = {
    "page": Act("payments/{payment}/confirm/", PARTNER),
    "confirm": Act("payments/{payment}/confirm/", PARTNER_DO, {"amount": "100", **DAY_OF}),
    "pay again": Act("payments/{payment}/pay/", (SIGN_IN, *(403,) * 6), DAY_OF),
    # What stayed with the people of a co-op is its stewards' to say.
    "kept": Act("sums/kept/mill/{year}/USD/", STEWARD),
    "say it": Act("sums/kept/mill/{year}/USD/", STEWARD_DO, {"wages": "1"}),
}

STAGES: dict[str, dict[str, Act]] = {
    "funded": FUNDED, "stuck": STUCK, "ranked": RANKED, "awarded": AWARDED,
    "complained": COMPLAINED, "drafted": DRAFTED, "signed": SIGNED, "reported": REPORTED,
    "accepted": ACCEPTED, "planned": PLANNED, "invoiced": INVOICED, "approved": APPROVED,
    "paid": PAID,
}  # fmt: skip


def staged(chain: Chain, name: str) -> Stage:
    """The chain, gone on until this stage; its times are so that what comes next may come today."""
    now = timezone.now()
    stage = Stage(chain, {"slug": chain.world.process.slug, "year": now.year})
    if name == "funded":
        return stage
    if name == "stuck":
        said: dict[str, Any] = {"delivery": chain.delivery, "by": chain.alice, "at": now}
        stories.plan(plan="So", due_on=date(2027, 12, 1), **said)
        stories.stop(reason="So", **said)
        return stage
    offers = called(chain, 4_000_000, 4_500_000)
    stage.numbers["offer"] = offers[0].pk
    if name == "ranked":
        return stage
    award = awarding.award(offer=offers[0], reasons="So", by=chain.alice, at=now)
    stage.numbers["award"] = award.pk
    if name == "awarded":
        return stage
    if name == "complained":
        stage.numbers["complaint"] = awarding.complain(
            award=award, institution=chain.firm, text="So", by=chain.fred, at=now
        ).pk
        return stage
    return _agreed(stage, name)


def _agreed(stage: Stage, name: str) -> Stage:
    """The same with an agreement, of an award whose days for complaints are over."""
    chain, now = stage.chain, timezone.now()
    awarding.annul(
        award=models.Award.objects.get(pk=stage.numbers["award"]), reason="So", by=chain.alice,
        at=now,
    )  # fmt: skip
    models.NoAward.objects.create(lot=models.Lot.objects.get(), reason="Directly", at=now)
    award = chain.award(4_000_000, at=now - 2 * DAY, standstill_days=0)
    terms = chain.terms(1_500_000, 2_500_000, advance=500_000, retainage=500)
    version = chain.draft(award, terms, now)
    stage.numbers |= {
        "award": award.pk, "version": version.pk, "agreement": version.agreement_id,
    }  # fmt: skip
    if name == "drafted":
        return stage
    agreement = chain.sign(version, now)
    if name == "reported":
        stage.numbers["report"] = chain.report(agreement, at=now).pk
    if name == "accepted":
        for code in ("M1", "M2"):
            chain.accept(agreement, code, at=now)
    if name in ("signed", "reported", "accepted"):
        return stage
    payment = paying.plan_payment(
        agreement=agreement, kind=PaymentKind.ADVANCE, amount=500_000, payee=chain.mill,
        by=chain.alice, at=now,
    )  # fmt: skip
    stage.numbers["payment"] = payment.pk
    steps: dict[str, Callable[[], Any]] = {
        "invoiced": lambda: paying.invoice(payment=payment, by=chain.mia, at=now),
        "approved": lambda: paying.approve(payment=payment, by=chain.alice, at=now),
        "paid": lambda: paying.pay(payment=payment, paid_on=now.date(), by=chain.alice, at=now),
    }
    for step, do in steps.items():
        if name == "planned":
            break
        do()
        if step == name:
            break
    return stage


def told(answer: HttpResponseBase) -> object:
    to_sign_in = answer.status_code == 302 and "/account/sign-in/" in answer["Location"]
    return SIGN_IN if to_sign_in else answer.status_code


def rows() -> object:
    """All that an act may change."""
    kinds = (
        models.Delivery, models.Award, models.Annulment, models.Complaint, models.Agreement,
        models.Version, models.Milestone, models.Report, models.Acceptance, models.Payment,
        models.Receipt, models.Posting, models.Step, models.Follow, models.Kept,
    )  # fmt: skip
    return [list(kind.objects.order_by("pk").values()) for kind in kinds], Entry.objects.count()


def everybody(chain: Chain) -> dict[str, Person]:
    """Who has an account, by what they are here."""
    return {
        "bob": chain.world.bob, "officer": chain.alice, "delegate": chain.dan, "steward": chain.mia,
        "rival": chain.fred, "other city": chain.world.carol,
    }  # fmt: skip


#: What may be done though it changes nothing that is not so already.
IDLE = {"record", "unfollow"}


@pytest.mark.parametrize("name", STAGES)
def test_everybody_is_answered_as_they_should_be(
    chain: Chain, signed_in: SignIn, name: str
) -> None:
    stage = staged(chain, name)
    people = everybody(chain)
    found, wanted = {}, {}
    for called_so, act in STAGES[name].items():
        answers = []
        for who in PEOPLE:
            client = signed_in(people[who]) if who in people else Client()
            url = "/delivery/" + act.path.format(**stage.numbers)
            before = rows()
            with transaction.atomic():
                answer = client.get(url) if act.posted is None else client.post(url, act.posted)
                done = act.posted is not None and told(answer) == 302
                if called_so not in IDLE:
                    assert (rows() != before) == done, (called_so, who)
                transaction.set_rollback(True)
            answers.append(told(answer))
        found[called_so], wanted[called_so] = tuple(answers), act.told
    assert found == wanted


def test_every_page_of_the_money_is_in_the_table() -> None:
    """So that a new one cannot be forgotten."""
    names = ("offer", "award", "complaint", "version", "agreement", "report", "payment")
    numbers = {"slug": "riverbend", "year": 2026, **dict.fromkeys(names, 1)}
    paths = {act.path.format(**numbers) for acts in STAGES.values() for act in acts.values()}
    found = {resolve(f"/delivery/{path}").url_name for path in paths}
    assert found == {"say_kept", *(one.name for one in (*MONEY, *STORIES))}


def test_every_verb_of_the_money_is_in_the_table(chain: Chain, signed_in: SignIn) -> None:
    """Each is done by somebody at some stage; so that a new one cannot be forgotten."""
    found = verbs_of(agreeing, awarding, finishing, paying, stories, sums)
    done = set()
    for name, acts in STAGES.items():
        with transaction.atomic():
            stage = staged(chain, name)
            people = everybody(chain)
            for act in acts.values():
                who = next((one for one in PEOPLE if act.told[PEOPLE.index(one)] == 302), None)
                if act.posted is None or who is None:
                    continue
                client = signed_in(people[who])
                with transaction.atomic(), watched(found) as seen:
                    client.post("/delivery/" + act.path.format(**stage.numbers), act.posted)
                    transaction.set_rollback(True)
                done |= seen
            transaction.set_rollback(True)
    assert done == set(found)


def test_who_is_paid_is_shown_no_approval(chain: Chain, signed_in: SignIn) -> None:
    """What one may not do is not offered."""
    agreement = chain.agree(1_000, advance=500)
    page = chain.invoice(agreement, 500, kind=PaymentKind.ADVANCE).get_absolute_url()
    offered = [
        b"Approve it" in signed_in(one).get(page).content for one in (chain.alice, chain.mia)
    ]
    assert offered == [True, False]
