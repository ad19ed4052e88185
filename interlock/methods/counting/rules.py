"""One door to all rules: an election and a rule's name in, a result out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from interlock.methods.counting import names
from interlock.methods.counting.election import Election
from interlock.methods.counting.equal_shares import equal_shares
from interlock.methods.counting.exact_shares import exact_shares
from interlock.methods.counting.greedy import greedy
from interlock.methods.counting.maximin_support import maximin_support
from interlock.methods.counting.names import why_not_supported
from interlock.methods.counting.optimum import optimum
from interlock.methods.counting.overspending import overspending
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
    votes, then a lot drawn from `lot_seed`. `progress` is told, rising, how many raises of a
    completion are behind it, or how many times maximin support has shared costs anew. Raises
    ValueError, in a sentence, for a rule that is not supported, one named after a limit that the
    election does not have, or an order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> election = Election.from_approvals({"park": 60, "bus": 50}, 100, [["park"], ["bus"]])
    >>> count(election, "greedy").funded
    ('bus',)
    """
    refusal = why_not_supported(rule, election.ballots.kind)
    if refusal is not None:
        raise ValueError(refusal)
    named = names.rule(rule)
    if lacking := _lacking(named, election):
        plain = "greedy/per-cost" if named.per_cost else "greedy"
        raise ValueError(
            f'The rule "{rule}" needs {lacking}. Give them, or count by "{plain}", which leaves '
            "them aside."
        )
    order = tie_order(election, lot_order(election.projects, lot_seed)) if ties is None else ties
    if named.family == "greedy":
        return greedy(election, named, order)
    if named.family == "phragmen":
        return phragmen(election, named, order)
    if named.family == "maximin-support":
        return maximin_support(election, named, order, progress=progress)
    if named.family == "optimum":
        return optimum(election, named, order)
    if named.family == "equalshares-exact":
        return exact_shares(election, named, order, progress=progress)
    if named.family == "equalshares-bos":
        return overspending(election, named, order)
    return equal_shares(election, named, order, progress=progress)


def _lacking(rule: names.Rule, election: Election) -> str:
    """The limits that a rule is named after, where the election has none of them."""
    limits = election.limits
    if rule.needs == "threshold" and not limits.least_points:
        return "a least number of points, and none is given"
    if rule.needs == "exclusive" and not limits.exclusive:
        return "groups of projects that exclude each other, and none are given"
    return ""
