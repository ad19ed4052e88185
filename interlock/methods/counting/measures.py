"""What a count gives the voters, in numbers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from interlock.methods.counting.election import Election


def voters_reached(election: Election, funded: Iterable[str]) -> int:
    """How many ballots name at least one of these projects.

    >>> election = Election.from_approvals({"park": 1, "bus": 1}, 1, [["park"], ["bus"], []])
    >>> voters_reached(election, ["park"])
    1
    """
    chosen = np.isin(np.array(election.projects, dtype=object), list(funded))
    ballots = election.ballots
    marks = np.concatenate([[0], np.cumsum(chosen[ballots.projects])])
    return int(np.count_nonzero(marks[ballots.offsets[1:]] > marks[ballots.offsets[:-1]]))
