"""The floor of a count, and CPU seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from interlock.methods.counting import Election


def touch(election: Election) -> float:
    """The floor: what each project's supporters have, added up."""
    money = np.ones(len(election.ballots))
    return sum(float(money[election.supporters_of(p)].sum()) for p in range(len(election.projects)))


def least(what: Callable[[], object], times: int = 5) -> float:
    """CPU seconds of the quickest of some runs."""
    taken = list[float]()
    for _ in range(times):
        began = time.process_time()
        what()
        taken.append(time.process_time() - began)
    return max(min(taken), 1e-6)
