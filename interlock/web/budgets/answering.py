"""The worker's half of “what if”: count a published area's ballots again, under other terms.

Only the worker imports this; a web process never loads numpy.
"""

import logging
import time
import zipfile
from datetime import datetime, timedelta
from functools import lru_cache, partial
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

log = logging.getLogger(__name__)


def answer_what_ifs() -> int:
    """Answer every question that waits, the oldest first, and say how many were answered."""
    done = 0
    for asked in WhatIf.objects.filter(answer__isnull=True, failure="").select_related(
        "area__process", "area__count"
    ):
        try:
            asked.answer = _answer(asked)
            asked.save(update_fields=["answer"])
            done += 1
        except Exception as error:
            log.exception("a what-if of %s failed", asked.area.process.slug)
            asked.failure = str(error) or repr(error)
            asked.save(update_fields=["failure"])
    return done


def forget_what_ifs(at: datetime) -> int:
    """Drop answers that are older than `KEPT`."""
    dropped, _tables = WhatIf.objects.filter(asked_at__lt=at - KEPT).delete()
    return dropped


def _answer(asked: WhatIf) -> dict[str, Any]:
    process, area = asked.area.process, asked.area
    election = _election(str(queries.bundle_path(process)), process.fingerprint, area.ref)
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
        progress=partial(_tell, asked, [time.monotonic()]),
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


def _tell(asked: WhatIf, last: list[float], step: int) -> None:
    """Write down how far a long count is, at most once a second."""
    if time.monotonic() - last[0] >= 1:
        last[0] = time.monotonic()
        WhatIf.objects.filter(pk=asked.pk).update(step=step)


@lru_cache(maxsize=4)
def _election(path: str, _fingerprint: str, area: str) -> Election:
    """The ballots of an area as they lie in the bundle, kept for the next question."""
    with zipfile.ZipFile(path) as archive:
        return pabulib.read(archive.read(f"{area}.pb")).election()
