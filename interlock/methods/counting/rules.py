"""One door to all rules: an election and a rule's name in, a result out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interlock.methods.counting import names
from interlock.methods.counting.election import Election
from interlock.methods.counting.equal_shares import equal_shares
from interlock.methods.counting.greedy import greedy
from interlock.methods.counting.names import why_not_supported
from interlock.methods.counting.optimum import optimum
from interlock.methods.counting.phragmen import phragmen
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
    """Count an election by the rule of that name (see `names`).

    `ties` is an order of all project ids; without it, ties go to the least cost, then the most
    votes, then a lot drawn from `lot_seed`. `progress` is told how many raises of
    `equalshares/add1` are behind it, rising. Raises ValueError, in a sentence, for a rule that is not supported or an
    order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> election = Election.from_approvals({"park": 60, "bus": 50}, 100, [["park"], ["bus"]])
    >>> count(election, "greedy").funded
    ('bus',)
    """
    refusal = why_not_supported(rule, election.ballots.kind)
    if refusal is not None:
        raise ValueError(refusal)
    named = names.rule(rule)
    if named.needs == "threshold" and not election.limits.least_points:
        raise ValueError(f'The rule "{rule}" needs a least number of points, and none is given.')
    order = tie_order(election, lot_order(election.projects, lot_seed)) if ties is None else ties
    if named.family == "greedy":
        return greedy(election, named, order)
    if named.family == "phragmen":
        return phragmen(election, named, order)
    if named.family == "optimum":
        return optimum(election, named, order)
    return equal_shares(election, named, order, progress=progress)
