"""The two rounds of the federation's survey before the one that is open: enough answers to estimate from.

They are planted, so that you see whether the measures find it: on what they think of each other the two
fields stood apart in the first round and stand nearer in the second, and in what they want they are of one
culture. Rounds begin, close and are worked out by the verbs; answers are put in as rows, since by the
verbs so many would take longer than the rest of the town.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from i18nfield.strings import LazyI18nString

from interlock.web.institutions.models import Institution
from interlock.web.people.models import Person
from interlock.web.surveys import actions
from interlock.web.surveys.analysing import analyse_due
from interlock.web.surveys.models import (
    Answer,
    CameBy,
    Coupon,
    CouponState,
    Respondent,
    Role,
    Study,
)

DAY = timedelta(days=1)
ANSWERS, SEEDS = 120, 12
#: How many people each hands the survey on to, of three coupons.
HANDS_ON = (0, 1, 1, 2, 2, 3)
GOALS = ("own", "say", "local", "income", "equal", "serve", "green", "care", "change")
TOOLS = ("buy", "pbmore", "pbcoop", "seats", "fund", "buyout", "advice", "pbdev")
#: When each round began and closed, days before today, and how far from the middle of a scale each field stands.
ROUNDS = (
    ("First round", "Primera edición", 170, 120, 1.3),
    ("Second round", "Segunda edición", 85, 26, 0.3),
)


def make(
    federation: Institution, by: Person, texts: Mapping[str, LazyI18nString], *, at: datetime
) -> Study:
    """Both, each with its results published; the later one. `texts` are contact and ethics."""
    random, before = Random(2026), None
    for en, es, began, closed, apart in ROUNDS:
        opened_at, closed_at = at - began * DAY, at - closed * DAY
        before = actions.launch(
            institution=federation,
            title=LazyI18nString(
                {
                    "en": f"{en}: worker co-ops and participatory budgeting",
                    "es": f"{es}: cooperativas de trabajo y presupuesto participativo",
                }
            ),
            **texts,
            doors=False,
            follows=before,
            closes_on=closed_at.date(),
            # Its chains are whole when the worker comes to it.
            links_until=(at + 10 * DAY).date(),
            by=by,
            at=opened_at,
        )
        actions.publish_version(version=before.versions.get(), by=by, at=opened_at)
        before = actions.open_study(study=before, by=by, at=opened_at)
        _answers(before, apart, opened_at, random)
        before = actions.close_study(study=before, by=by, at=closed_at)
        analysis = actions.request_analysis(study=before, by=by, at=closed_at)
        analyse_due(closed_at + DAY, lambda: False)
        analysis.refresh_from_db()
        actions.publish_analysis(analysis=analysis, by=by, at=closed_at + DAY)
    assert before
    return before


def _answers(study: Study, apart: float, opened_at: datetime, random: Random) -> None:
    """Chains from hand to hand, mostly within one's own field."""
    version, consent = study.versions.get(), study.consents.get()
    waiting: list[Respondent | None] = [None] * SEEDS
    coupons, made, answers = list[Coupon](), list[Respondent](), list[Answer]()
    while waiting and len(made) < ANSWERS:
        parent = waiting.pop(0)
        wave = (parent.wave or 0) + 1 if parent else 0
        day = (opened_at + (1 + 5 * wave) * DAY).date()
        ref = uuid.UUID(int=random.getrandbits(128), version=4)
        coupon = Coupon(
            study=study, state=CouponState.USED, issued_on=day, expires_on=day + 30 * DAY
        )
        one = Respondent(
            ref=ref, study=study, version=version, consent=consent, came_by=CameBy.COUPON,
            coupon=coupon, tree=parent.tree if parent else ref, wave=wave,
            role=_role(parent.role if parent else "", random), started_on=day, finished_on=day,
        )  # fmt: skip
        coupons.append(coupon)
        made.append(one)
        answers.append(Answer(respondent=one, document=_said(one.role, apart, random)))
        waiting += [one] * random.choice(HANDS_ON)
        if parent:
            coupon.parent = parent
    # Coupons know their parents, and respondents their coupons: first without, then with.
    parents = {one.ref: one.parent for one in coupons}
    for coupon in coupons:
        coupon.parent = None
    Coupon.objects.bulk_create(coupons)
    Respondent.objects.bulk_create(made)
    for coupon in coupons:
        coupon.parent = parents[coupon.ref]
    Coupon.objects.bulk_update(coupons, ["parent"])
    Answer.objects.bulk_create(answers)


def _role(before: str, random: Random) -> str:
    if before and random.random() < 0.6:
        return before
    return random.choices((Role.COOP, Role.PB, Role.BOTH), (5, 4, 2))[0].value


def _said(role: str, apart: float, random: Random) -> dict[str, str]:
    """What somebody of a field answered."""
    side = {Role.COOP: 1, Role.PB: -1}.get(Role(role), 0)

    def scale(middle: float, low: int = 1, high: int = 5) -> str:
        return str(min(high, max(low, round(random.gauss(middle, 0.8)))))

    def some(of: tuple[str, ...]) -> str:
        first = of[:3] if random.random() < 0.8 else tuple(random.sample(of, 3))
        return " ".join(sorted(first))

    known = random.randrange(2, 20)
    across = random.randrange(0, 3)
    nets = (known, across) if side >= 0 else (across, known)
    return {
        "consent": "yes",
        "coop_role": "none" if side < 0 else "member",
        "pb_role": "none" if side > 0 else "voter",
        "is_coop": str(int(side >= 0)),
        "is_pb": str(int(side <= 0)),
        "net_coop": str(nets[0]),
        "net_pb": str(nets[1]),
        "net_both": "0",
        "degree": str(known + across),
        "sender": random.choice(("work", "body", "neighbour", "organiser")),
        "cross_contact": scale(1.5, 0, 4),
        "collab_level": scale(2, 0, 5),
        "same_move": scale(3.2 + side * apart),
        "keep_self": scale(3.6 - side * apart),
        "pp_seen": scale(1.2, 0, 3),
        "pp_amount": scale(3, 0, 4),
        "pp_goal": scale(3.5 + side * apart),
        "pp_problem": scale(3.4 - side * apart),
        "goals": some(GOALS),
        "pp_tools": some(TOOLS),
        "needs": some(("money", "voice", "people", "work", "skills")),
        "offers": some(("skills", "democ", "space", "legit", "voice")),
        "collab_acts": random.choice(("none", "event", "event campaign", "contract")),
    }
