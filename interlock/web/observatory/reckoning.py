"""The worker's half of the paradigm page: what policies and awards add up to, each beside chance.

Only the worker imports this; a web process never loads numpy. What is stored is numbers and the states
of the three conditions; the page words them (`paradigms`).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from statistics import fmean
from typing import Any

import numpy as np

from interlock import __version__
from interlock.methods.network import collaboration as together
from interlock.methods.network import graph, policy
from interlock.methods.network.drawing import STANDARD
from interlock.methods.network.measure import Measure
from interlock.methods.plain import plain
from interlock.web.delivery.models import Annulment, Award
from interlock.web.observatory import gathering, queries
from interlock.web.observatory.models import Coding, Policy, Reckoning

log = logging.getLogger(__name__)


def reckon_due(at: datetime, must_stop: Callable[[], bool]) -> bool:
    """Work out the latest reckoning that is due, and say whether there was one.

    It does for all that were requested before it. It waits while `must_stop` says so. What fails is
    kept with its reason, for whoever runs the site.
    """
    due = queries.due().first()
    if due is None or must_stop():
        return False
    try:
        due.outcome, due.done_at = _outcome(), at
    except Exception as error:
        log.exception("reckoning %s failed", due.pk)
        due.failure = str(error) or repr(error)
    due.save(update_fields=["outcome", "done_at", "failure"])
    queries.due().filter(pk__lt=due.pk).delete()
    return True


def request_if_awards_changed(at: datetime) -> bool:
    """Ask for a reckoning where there are other awards than the latest one read."""
    latest = queries.latest()
    before = latest.outcome["awards"] if latest else [0, 0]
    if [Award.objects.count(), Annulment.objects.count()] == before or queries.due().exists():
        return False
    Reckoning.objects.create(requested_at=at)
    return True


def _outcome() -> dict[str, Any]:
    awards = [Award.objects.count(), Annulment.objects.count()]
    coded = [(one, _blind(one)) for one in queries.with_codings(Policy.objects.coded())]
    measures = {one.name: one for one in policy.policies(_policies(coded))}
    middle, sigma = _sigma(coded)
    measures["sigma"] = sigma
    currency, money = _money()
    measures["share-of-money"] = money
    held = policy.paradigm(measures["third-order"], sigma, money)
    return {
        "software": __version__,
        "seed": STANDARD.seed,
        "resamples": STANDARD.resamples,
        "awards": awards,
        "policies": len(coded),
        "middle": middle.isoformat() if middle else None,
        "currency": currency,
        "measures": {name: plain(one) for name, one in measures.items()},
        "holds": {str(condition): answer for condition, answer in held.items()},
    }


def _blind(one: Policy) -> tuple[Coding, Coding]:
    first, second = (each for each in queries.codings_shown(one) if each.is_blind)
    return first, second


def _policies(coded: Iterable[tuple[Policy, tuple[Coding, Coding]]]) -> list[policy.Policy]:
    return [
        policy.Policy(
            str(one.pk),
            _place(one),
            (first.order, second.order),
            (policy.Direction(first.direction), policy.Direction(second.direction)),
        )
        for one, (first, second) in coded
    ]


def _place(one: Policy) -> str:
    """What makes two policies those of one place."""
    if one.institution_id:
        return f"institution/{one.institution_id}"
    return f"{one.country}/{one.area.casefold()}"


def _sigma(
    coded: Sequence[tuple[Policy, tuple[Coding, Coding]]],
) -> tuple[date | None, Measure]:
    """The middle day, and whether places differ less after it than before.

    Each place's number is the mean of its policies: the order, above 0 towards, below 0 away, 0 where
    it leads nowhere or changes nothing; of those only that both coded alike. The middle day is the one
    up to which half of them were adopted.
    """
    numbers: list[tuple[date, str, int]] = []
    for one, (first, second) in coded:
        if (first.order, first.direction) == (second.order, second.direction):
            sign = {"towards": 1, "away": -1}.get(first.direction, 0)
            numbers.append((one.adopted_on, _place(one), sign * first.order))
    days = sorted(day for day, _place_, _number in numbers)
    middle = days[(len(days) - 1) // 2] if days else None
    places = sorted({place for _day, place, _number in numbers})

    def means(after: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
        found = []
        for name in places:
            some = [
                number
                for day, place, number in numbers
                if place == name and middle and (day > middle) == after
            ]
            found.append(fmean(some) if some else np.nan)
        return np.array(found, np.float64)

    return middle, policy.convergence(means(False), means(True))[0]


def _money() -> tuple[str, Measure]:
    """The share of PB's money that co-ops deliver, in the currency of most awards."""
    currency, awards = gathering.awarded()
    network = graph.network(gathering.parties(awards), [])
    found = {one.name: one for one in together.collaboration(network, awards)}
    return currency, found["share-of-money"]
