"""The codebook: what each order and direction means, with made-up examples. It is published as it stands.

A coding keeps the `EDITION` it was made by. Whoever changes a sentence here raises it, and adds the
new text's fingerprint to `FINGERPRINTS`; earlier editions are in the history of this file.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from interlock.web.observatory.models import Direction, Order

EDITION = 1
#: SHA-256 of each edition's English text, the first 16 digits.
FINGERPRINTS = {1: "836b8aad3d31715b"}


@dataclass(frozen=True)
class Meaning:
    """One code: what it is called, when it is given, and a made-up example."""

    code: int | str
    label: str | Promise
    when: str | Promise
    example: str | Promise


ORDERS: Sequence[Meaning] = (
    Meaning(
        Order.SETTING,
        Order.SETTING.label,
        _(
            "A number, a date or a limit of something that is there already changes. What it is for and "
            "how it works stay as they were."
        ),
        _("Rosewater raises the pot of its participatory budget from $500,000 to $800,000."),
    ),
    Meaning(
        Order.INSTRUMENT,
        Order.INSTRUMENT.label,
        _(
            "A new means is brought in, or one goes: a rule, a programme, an office, a kind of contract. "
            "What it is for stays as it was."
        ),
        _(
            "Rosewater keeps its goal of cheap repairs, and lets worker co-ops bid for what residents "
            "fund by a call of their own."
        ),
    ),
    Meaning(
        Order.GOALS,
        Order.GOALS.label,
        _(
            "What policy is for changes, or how the problem is seen. The passage itself says so; that one "
            "may conclude it is not enough."
        ),
        _(
            "The charter of Rosewater now says that public money shall be decided by residents and spent "
            "with workplaces that their workers own, “because both are one democracy”."
        ),
    ),
    Meaning(
        Order.NONE,
        Order.NONE.label,
        _(
            "The passage announces, praises or reports, and changes no setting, no instrument and no goal."
        ),
        _("The mayor of Rosewater thanks the city’s co-ops for ten good years."),
    ),
)

DIRECTIONS: Sequence[Meaning] = (
    Meaning(
        Direction.TOWARDS,
        Direction.TOWARDS.label,
        _(
            "It makes it likelier or easier that participatory budgeting and worker co-ops have to do with "
            "each other: money, work, people or rules go from one to the other."
        ),
        _(
            "Projects that residents fund may be awarded to worker co-ops without a call up to $50,000."
        ),
    ),
    Meaning(
        Direction.AWAY,
        Direction.AWAY.label,
        _("It makes that rarer or harder: it cuts, forbids, or puts something else in its place."),
        _(
            "Bidders for funded projects must show $5 million of turnover, which no co-op of the town has."
        ),
    ),
    Meaning(
        Direction.NEITHER,
        Direction.NEITHER.label,
        _(
            "It is about one of the two, or about both, without a bearing on what passes between them."
        ),
        _("The vote on the participatory budget lasts three weeks instead of two."),
    ),
)

RULES: Sequence[str | Promise] = (
    _("Code the passage as it stands on the page, not what you know of the place besides."),
    _("If two orders fit, give the higher one that the passage itself says."),
    _("Order and direction are two questions: a change of goals may well lead away."),
    _("Say in a sentence which words of the passage decided it."),
    _(
        "Talk to nobody about it before both codings are in. If you took part in the policy, leave it."
    ),
)


def fingerprint() -> str:
    """Of the text as it stands, in English."""
    with override("en"):
        told = [
            [str(one.code), str(one.label), str(one.when), str(one.example)]
            for one in (*ORDERS, *DIRECTIONS)
        ]
        text = json.dumps([told, [str(one) for one in RULES]], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
