"""The worker's second pass over a count: how far each unfunded project was from being funded.

Only the worker imports this; a web process never loads numpy. It counts again and again, so it
begins after the result is stored, takes one project at a time, and stops for whatever else is due.
"""

import logging
import math
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial

from interlock.methods.counting import explanation
from interlock.methods.counting.election import Election
from interlock.methods.counting.explanation import lower_cost, more_votes
from interlock.methods.counting.result import Result
from interlock.methods.counting.rules import count
from interlock.web.budgets import queries
from interlock.web.budgets.answering import election_of
from interlock.web.budgets.models import Margin
from interlock.web.look.amounts import precision

# In seconds, for each of a project's two questions. One that takes longer stays unanswered.
LONGEST = 60
# In seconds: how often a search asks whether something else is due.
LOOK_UP = 0.2

log = logging.getLogger(__name__)


class GiveWay(Exception):
    """Something else is due: the project waits, and is begun anew."""


def is_urgent(at: datetime) -> bool:
    """Whether a vote is to be closed or counted, or somebody waits for an answer."""
    return (
        queries.due_to_close(at).exists()
        or queries.waiting_for_count().exists()
        or queries.unanswered().exists()
    )


def work_out_margin(at: datetime, must_stop: Callable[[], bool]) -> bool:
    """Work out how far one unfunded project was; say whether one waited for it.

    Of the newest count first. When `must_stop` says so, the project is left as it was: a vote that
    closes waits for the recount under way, never for the whole search.
    """
    margin = queries.waiting_margins().first()
    if margin is None:
        return False
    try:
        _work_out(margin, must_stop)
    except GiveWay:
        return True
    except Exception:
        # The page then shows nothing; the reason is for whoever runs the site.
        log.exception("a margin in %s failed", margin.project.area.process.slug)
    margin.worked_out_at = at
    margin.save(update_fields=["votes", "cost", "worked_out_at"])
    return True


def _work_out(margin: Margin, must_stop: Callable[[], bool]) -> None:
    area, ref = margin.project.area, margin.project.ref
    process = area.process
    path, seed = str(queries.bundle_path(process)), queries.lot_seed(process, area)
    election, result = _counted(path, process.fingerprint, area.ref, area.count.rule, seed)
    if election.ballots.kind == "approval":
        # `interlock explain` draws by this seed, too, and so finds the same number in the file.
        drawn = partial(more_votes, election, result, ref, lot_seed=area.count.input_sha256)
        margin.votes = _found(drawn, must_stop)
    cost = _found(partial(lower_cost, election, result, ref), must_stop)
    # Free of charge is no cost to name: the reason of the count says that nothing was left.
    if cost:
        margin.cost = cost * 10 ** precision(process.currency) // election.unit


def _found(search: Callable[..., explanation.Margin], must_stop: Callable[[], bool]) -> int | None:
    """What a search finds; None if it finds nothing, or takes too long. Raises GiveWay."""
    began, asked = time.monotonic(), -math.inf

    def tell(_recounts: int) -> None:
        nonlocal asked
        now = time.monotonic()
        if now - began > LONGEST:
            raise TimeoutError
        if now - asked >= LOOK_UP:
            asked = now
            if must_stop():
                raise GiveWay

    try:
        needed: int | None = search(progress=tell).needed
    except TimeoutError:
        return None
    return needed


@lru_cache(maxsize=1)
def _counted(
    path: str, fingerprint: str, area: str, rule: str, lot_seed: str
) -> tuple[Election, Result]:
    """The ballots of an area and their count, kept for its next project."""
    election = election_of(path, fingerprint, area)
    return election, count(election, rule, lot_seed=lot_seed)
