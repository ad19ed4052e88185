"""One door to all rules: an election and a rule's name in, a result out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interlock.methods.counting.election import Election
from interlock.methods.counting.equal_shares import equal_shares, equal_shares_add1
from interlock.methods.counting.greedy import greedy
from interlock.methods.counting.names import why_not_supported
from interlock.methods.counting.result import Result
from interlock.methods.counting.ties import lot_order, tie_order


def count(
    election: Election,
    rule: str,
    ties: Sequence[str] | None = None,
    *,
    lot_seed: str = "",
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Count an election by one of `names.SUPPORTED`.

    `ties` is an order of all project ids; without it, ties go to the least cost, then the most
    votes, then a lot drawn from `lot_seed`. `progress` is told the number of each raise of
    `equalshares/add1`. Raises ValueError, in a sentence, for a rule that is not supported or an
    order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> election = Election.from_approvals({"park": 60, "bus": 50}, 100, [["park"], ["bus"]])
    >>> count(election, "greedy").funded
    ('bus',)
    """
    refusal = why_not_supported(rule, election.ballots.kind)
    if refusal is not None:
        raise ValueError(refusal)
    order = tie_order(election, lot_order(election.projects, lot_seed)) if ties is None else ties
    if rule == "equalshares":
        return equal_shares(election, order)
    if rule == "equalshares/add1":
        return equal_shares_add1(election, order, progress=progress)
    return greedy(election, order, skip=rule == "greedy")
