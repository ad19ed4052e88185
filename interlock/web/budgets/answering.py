"""The worker's half of “what if”: count a published area's ballots again, under other terms.

Only the worker imports this; a web process never loads numpy.
"""

import logging
import time
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from math import lcm
from typing import Any

from interlock.methods.counting.election import Election
from interlock.methods.counting.measures import compare, voters_reached
from interlock.methods.counting.rules import count
from interlock.methods.counting.simulation import changed, in_parts
from interlock.methods.formats import pabulib
from interlock.web.budgets import queries
from interlock.web.budgets.models import WhatIf
from interlock.web.look.amounts import precision

# An answer is kept that long; asking again costs a count.
KEPT = timedelta(days=30)
# In seconds. A real vote that is due waits no longer than this for a what-if.
LONGEST = 20

log = logging.getLogger(__name__)


def answer_what_if(at: datetime) -> bool:
    """Answer the question that has waited longest, if there is one, and say whether there was.

    One at a time, so that a vote that closes never waits for more than one. A count that takes too
    long, or fails, is given up: what is kept then is for whoever runs the site.
    """
    asked = queries.unanswered().select_related("area__process", "area__count").first()
    if asked is None:
        return False
    try:
        asked.answer = _answer(asked)
    except Exception as error:
        log.exception("a what-if of %s failed", asked.area.process.slug)
        asked.failure = str(error) or repr(error)
    asked.save(update_fields=["answer", "failure"])
    WhatIf.objects.filter(asked_at__lt=at - KEPT).delete()
    return True


def _answer(asked: WhatIf) -> dict[str, Any]:
    process, area = asked.area.process, asked.area
    election = election_of(str(queries.bundle_path(process)), process.fingerprint, area.ref)
    cents = 10 ** precision(process.currency)
    election = in_parts(election, lcm(election.unit, cents))
    scale = election.unit // cents
    result = count(
        changed(
            election,
            budget=asked.budget * scale,
            costs={ref: cost * scale for ref, cost in asked.costs.items()},
        ),
        asked.rule,
        lot_seed=queries.lot_seed(process, area),
        progress=_watched(asked),
    )
    decided = area.count.result["protocol"]["funded"]
    beside = compare(election, result.funded, decided, "cardinality")
    return {
        "funded": list(result.funded),
        "spent": result.spent // scale,
        "reached": voters_reached(election, result.funded),
        "better": beside.better,
        "worse": beside.worse,
        "votes": result.votes,
    }


def _watched(asked: WhatIf) -> Callable[[int], None]:
    """Write down every second how far a count is. Raises TimeoutError when it takes too long."""
    began = last = time.monotonic()

    def tell(step: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began > LONGEST:
            raise TimeoutError(f"given up after {LONGEST} seconds, at step {step}")
        if now - last >= 1:
            last = now
            WhatIf.objects.filter(pk=asked.pk).update(step=step)

    return tell


@lru_cache(maxsize=4)
def election_of(path: str, _fingerprint: str, area: str) -> Election:
    """The ballots of an area as they lie in the bundle, kept for the next question."""
    with zipfile.ZipFile(path) as archive:
        return pabulib.read(archive.read(f"{area}.pb")).election()
