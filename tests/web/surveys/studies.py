"""Made-up studies with many answers: a chain from `methods.referral.synthetic`, put in as rows.

The verbs would take a minute for some hundreds; what they make is what is made here, and
`test_analysing` compares the two once.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random

from interlock.methods.referral.forest import Respondent as Row
from interlock.methods.referral.synthetic import Shape, population, study
from interlock.web.surveys.models import (
    Answer,
    CameBy,
    Coupon,
    CouponState,
    Respondent,
    Role,
    Study,
)
from tests.web.surveys.asked import START

Answers = Callable[[str, Random], Mapping[str, str]]
NEEDS = ("money", "work", "people", "skills", "voice", "legit", "space", "democ")
GOALS = ("income", "own", "say", "equal", "serve", "green", "local", "care", "change")
TOOLS = ("buy", "fund", "buyout", "advice", "pbmore", "pbdev", "pbcoop", "seats")


def usual(role: str, random: Random) -> Mapping[str, str]:
    """Answers to the essay's questions, in which the two fields differ a little."""

    def some(of: tuple[str, ...], first: int, most: int = 3) -> str:
        leaning = [*of[first:], *of[:first]]
        return " ".join(
            sorted({leaning[min(int(random.expovariate(0.5)), len(of) - 1)] for _ in range(most)})
        )

    def scale(most: int, high: bool) -> str:
        if random.random() < 0.06:
            return "dk"
        return str(min(most, max(1, round(random.gauss(most * (0.72 if high else 0.55), 1.1)))))

    coop = role != Role.PB
    skips = random.random() < 0.3
    told = {
        "coop_role": "member" if coop else "none",
        "pb_role": "voter" if role != Role.COOP else "none",
        "sender": random.choice(("work", "body", "neighbour", "organiser", "list")),
        "place": random.choice(("NY", "NY", "NY", "IL", "IL", "CA", "CA", "MA", "VT", "x", "")),
        "cross_contact": str(random.choice((0, 1, 1, 2, 3, 4))),
        "collab_level": random.choice(("0", "1", "2", "2", "3", "4", "5", "dk")),
        "same_move": scale(5, coop),
        "pp_seen": random.choice(("0", "1", "1", "2", "2", "3", "dk")),
    }
    if skips:
        return told
    return told | {
        "needs": some(NEEDS, 0 if coop else 4),
        "offers": some(NEEDS, 6 if coop else 2),
        "collab_acts": random.choice(("none", "none", "event", "event campaign", "contract")),
        "goals": some(GOALS, 0 if coop else 2),
        "keep_self": scale(5, True),
        "pp_tools": some(TOOLS, 0 if coop else 4),
        "pp_amount": random.choice(("1", "2", "2", "3", "3", "4", "dk")),
        "pp_goal": scale(5, coop),
        "pp_problem": scale(5, not coop),
        "age": random.choice("abcdefx"),
        "gender": random.choice(("woman", "woman", "man", "man", "nonbinary", "x")),
        "comment": random.choice(("", "", "Meet more often.")),
    }


def fill(
    asked: Study,
    respondents: int,
    *,
    opened: int = 0,
    seeds: int = 12,
    answers: Answers = usual,
    shape: Shape | None = None,
    seed: int = 1,
) -> list[Respondent]:
    """So many answers in the chain of a study, and so many by open links."""
    people = population(shape or Shape(), seed=seed)
    rows = study(people, respondents, seeds=seeds, accepts=0.6, seed=seed)
    random = Random(f"{seed} {asked.slug}")
    version, consent = asked.versions.get(), asked.consents.get()
    made = dict[str, Respondent]()
    coupons, replies = list[Coupon](), list[Answer]()
    for row in rows:
        parent = made.get(row.recruiter)
        coupon = Coupon(
            ref=_uuid(random),
            study=asked,
            parent=parent,
            state=CouponState.USED,
            issued_on=START.date(),
            expires_on=START.date() + timedelta(days=30),
        )
        wave = (parent.wave or 0) + 1 if parent else 0
        ref = _uuid(random)
        day = START.date() + timedelta(days=wave)
        made[row.id] = Respondent(
            ref=ref,
            study=asked,
            version=version,
            consent=consent,
            came_by=CameBy.COUPON,
            coupon=coupon,
            tree=parent.tree if parent else ref,
            wave=wave,
            role=row.answers["group"],
            started_on=day,
            finished_on=day,
        )
        coupons.append(coupon)
        replies.append(_answer(made[row.id], _network(row, random), answers, random))
    # Coupons know their parents, and respondents their coupons: first without, then with.
    parents = {coupon.ref: coupon.parent for coupon in coupons}
    for coupon in coupons:
        coupon.parent = None
    Coupon.objects.bulk_create(coupons)
    listed = list(made.values())
    others = [
        Respondent(
            ref=_uuid(random),
            study=asked,
            version=version,
            consent=consent,
            came_by=CameBy.OPEN,
            role=random.choice((Role.COOP, Role.PB)),
            started_on=START.date(),
            finished_on=START.date(),
        )
        for _ in range(opened)
    ]
    Respondent.objects.bulk_create([*listed, *others])
    for coupon in coupons:
        coupon.parent = parents[coupon.ref]
    Coupon.objects.bulk_update(coupons, ["parent"])
    network = {"net_coop": "3", "net_pb": "3", "net_both": "0", "degree": "6"}
    replies += [_answer(one, network, answers, random) for one in others]
    Answer.objects.bulk_create(replies)
    return [*listed, *others]


def _uuid(random: Random) -> uuid.UUID:
    return uuid.UUID(int=random.getrandbits(128), version=4)


def _network(row: Row, random: Random) -> dict[str, str]:
    """How many somebody knows, split between the two fields."""
    degree = int(row.degree or 1)
    across = sum(random.random() < 0.15 for _ in range(degree))
    own = "net_coop" if row.answers["group"] != Role.PB else "net_pb"
    other = "net_pb" if own == "net_coop" else "net_coop"
    return {own: str(degree - across), other: str(across), "net_both": "0", "degree": str(degree)}


def _answer(
    respondent: Respondent, network: Mapping[str, str], answers: Answers, random: Random
) -> Answer:
    is_coop, is_pb = respondent.role != Role.PB, respondent.role != Role.COOP
    roles = {"consent": "yes", "is_coop": str(int(is_coop)), "is_pb": str(int(is_pb))}
    said = answers(respondent.role, random)
    return Answer(ref=_uuid(random), respondent=respondent, document={**roles, **network, **said})
