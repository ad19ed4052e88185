"""What a count gives: the funded projects, and a trace from which every reason is told.

The trace doubles as a protocol: `protocol(result)` holds every exact payment as a string, so that
two counts can be compared bit for bit and a third party can add it up with nothing but fractions.
This module imports no numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from interlock.methods.counting.exact import written
from interlock.methods.counting.reasons import Reason

if TYPE_CHECKING:
    from interlock.methods.counting.election import Election

PROTOCOL_FORMAT = "interlock-protocol/1"


@dataclass(frozen=True)
class Round:
    """One project funded.

    `payment` is the most one supporter paid. `full_payers` paid exactly that; `partial_payers` had
    less and gave all of it; `broke` had nothing left. Under greedy nobody pays: `payment` is 0
    and all supporters are counted as `full_payers`. `effective_votes` is the cost divided by
    `payment` (the votes themselves where nobody pays): equal shares funds the most first.
    """

    project: str
    payment: Fraction
    full_payers: int
    partial_payers: int
    broke: int
    effective_votes: Fraction


@dataclass(frozen=True)
class Tie:
    """Projects that were exactly level for the next place, and the one the tie order chose."""

    projects: tuple[str, ...]
    chosen: str


@dataclass(frozen=True)
class Outcome:
    """What became of one project, and why."""

    project: str
    funded: bool
    reason: Reason


@dataclass(frozen=True)
class Result:
    """One finished count.

    Amounts are in the election's integers, `unit` of them one currency unit. `votes` is the number
    of ballots counted, empty ones included; `supporters` are the votes of each project; `order` is
    the tie order used; `funded` is in the order of funding. Under equal shares each voter began
    with `initial_endowment` and, after `steps` raises of `unit`, ended with `endowment`; under
    greedy both are None. `rounds` and `ties_met` belong to the last run, the one that stands.
    """

    rule: str
    projects: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    unit: int
    votes: int
    supporters: tuple[int, ...]
    order: tuple[str, ...]
    funded: tuple[str, ...]
    spent: int
    initial_endowment: Fraction | None
    endowment: Fraction | None
    steps: int
    rounds: tuple[Round, ...]
    ties_met: tuple[Tie, ...]
    outcomes: tuple[Outcome, ...]


def build_result(
    election: Election,
    rule: str,
    order: Sequence[str],
    rounds: Sequence[Round],
    ties: Sequence[Tie],
    reasons: Sequence[Reason],
    endowment: Fraction | None = None,
    steps: int = 0,
) -> Result:
    """Put a finished count together; `reasons` run in the order of the election's projects."""
    funded = tuple(round.project for round in rounds)
    chosen = set(funded)
    cost = dict(zip(election.projects, election.costs, strict=True))
    pairs = zip(election.projects, reasons, strict=True)
    return Result(
        rule=rule,
        projects=election.projects,
        costs=election.costs,
        budget=election.budget,
        unit=election.unit,
        votes=len(election.ballots),
        supporters=election.votes,
        order=tuple(order),
        funded=funded,
        spent=sum(cost[project] for project in funded),
        initial_endowment=None if endowment is None else endowment - steps * election.unit,
        endowment=endowment,
        steps=steps,
        rounds=tuple(rounds),
        ties_met=tuple(ties),
        outcomes=tuple(Outcome(project, project in chosen, reason) for project, reason in pairs),
    )


def reason_without_a_turn(election: Election, project: int) -> Reason | None:
    """Why a project is left out before anything is counted, by any rule; None when it takes part.

    A project dearer than the whole budget (a withdrawn one is often given as 999999999) and a
    project without a vote can never be funded.
    """
    voters, cost = election.votes[project], election.costs[project]
    if cost > election.budget:
        kind = "over-budget" if voters else "over-budget-without-votes"
        amounts = {"cost": Fraction(cost), "budget": Fraction(election.budget)}
        return Reason(kind, voters, amounts)
    return None if voters else Reason("no-votes", 0)


def protocol(result: Result) -> dict[str, Any]:
    """The whole count as plain JSON data, exact amounts as strings such as "3179/7".

    Two counts of the same ballots by the same rule and tie order give equal protocols on every
    machine.
    """
    return {
        "format": PROTOCOL_FORMAT,
        "rule": result.rule,
        "budget": str(result.budget),
        "unit": str(result.unit),
        "votes": result.votes,
        "order": list(result.order),
        "funded": list(result.funded),
        "spent": str(result.spent),
        "initial_endowment": _exact(result.initial_endowment),
        "endowment": _exact(result.endowment),
        "steps": result.steps,
        "rounds": [
            {
                "project": round.project,
                "payment": written(round.payment),
                "full_payers": round.full_payers,
                "partial_payers": round.partial_payers,
                "broke": round.broke,
                "effective_votes": written(round.effective_votes),
            }
            for round in result.rounds
        ],
        "ties_met": [
            {"projects": list(tie.projects), "chosen": tie.chosen} for tie in result.ties_met
        ],
        "projects": [
            {
                "project": outcome.project,
                "cost": str(cost),
                "supporters": supporters,
                "funded": outcome.funded,
                "reason": outcome.reason.to_json(),
            }
            for outcome, cost, supporters in zip(
                result.outcomes, result.costs, result.supporters, strict=True
            )
        ],
    }


def _exact(amount: Fraction | None) -> str | None:
    return None if amount is None else written(amount)
