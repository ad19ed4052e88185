"""What a count gives: the funded projects, and a trace from which every reason is told.

The trace doubles as a protocol: `protocol(result)` holds every exact payment as a string, so that
two counts can be compared bit for bit and a third party can add it up with nothing but fractions.
This module imports no numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from interlock.methods.counting.exact import written
from interlock.methods.counting.reasons import Reason

if TYPE_CHECKING:
    from interlock.methods.counting.election import Election

PROTOCOL_FORMAT = "interlock-protocol/1"


@dataclass(frozen=True)
class Round:
    """One project funded.

    `payment` is the most one supporter paid. `full_payers` paid exactly that; `partial_payers` had
    less and gave all of it; `broke` had nothing left (by exact equal shares: less than the payment)
    and gave nothing. Under greedy nobody pays: `payment` is 0
    and all supporters are counted as `full_payers`; under maximin support costs are shared anew
    each round, so they are, too, and `payment` is the most that any voter then carries of all. `effective_votes` is the cost divided by
    `payment` (the votes themselves where nobody pays): equal shares funds the most first. `rate` is
    the price of one point: where ballots give points, `full_payers` paid it for each of theirs, and
    where a vote is a vote it is the `payment`. Rules that have no such price leave it 0.
    """

    project: str
    payment: Fraction
    full_payers: int
    partial_payers: int
    broke: int
    effective_votes: Fraction
    rate: Fraction = Fraction(0)


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


class Outcomes(Sequence[Outcome]):
    """Outcomes that are told when first asked for; equal to the tuple of them."""

    def __init__(self, tell: Callable[[], tuple[Outcome, ...]]) -> None:
        self._tell: Callable[[], tuple[Outcome, ...]] | None = tell
        self._told: tuple[Outcome, ...] = ()

    def told(self) -> tuple[Outcome, ...]:
        """All of them. What they were told from is let go."""
        if self._tell is not None:
            self._told, self._tell = self._tell(), None
        return self._told

    @overload
    def __getitem__(self, place: int) -> Outcome: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Outcome, ...]: ...
    def __getitem__(self, place: int | slice) -> Outcome | tuple[Outcome, ...]:
        return self.told()[place]

    def __len__(self) -> int:
        return len(self.told())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Outcomes):
            return self.told() == other.told()
        return self.told() == other if isinstance(other, tuple) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # as reasons, which hold mappings

    def __repr__(self) -> str:
        return repr(self.told())

    def __reduce__(self) -> tuple[type, tuple[tuple[Outcome, ...]]]:
        return tuple, (self.told(),)


@dataclass(frozen=True)
class Comparison:
    """The outcome of equal shares beside that of greedy, and which of them stands.

    Each voter prefers the outcome that gives them more by the rule's utility (what the funded
    projects they support cost, how many they are, or the points given to them). Greedy's outcome
    stands (`stood` is "greedy", else "equalshares") when strictly more voters prefer it.
    """

    stood: str
    equal_shares: tuple[str, ...]
    greedy: tuple[str, ...]
    prefer_equal_shares: int
    prefer_greedy: int


@dataclass(frozen=True)
class Result:
    """One finished count.

    Amounts are in the election's integers, `unit` of them one currency unit. `votes` is the number
    of ballots counted, empty ones included; `supporters` are the votes of each project; `order` is
    the tie order used; `funded` is in the order of funding. Under equal shares each voter began
    with `initial_endowment` and, after `steps` raises (of `unit`; under `add-opt` each of what it
    takes), ended with `endowment`; under greedy both are None. `rounds` and `ties_met` belong to the last run, the one that stands.
    `bound` is set only by an optimum that is not proven: no choice is worth more than it.
    `comparison` is there when the rule compared two outcomes.
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
    outcomes: Sequence[Outcome]
    bound: Fraction | None = None
    comparison: Comparison | None = None

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from interlock.methods.counting.tables import result_html

        return result_html(self)


def build_result(
    election: Election,
    rule: str,
    order: Sequence[str],
    rounds: Sequence[Round],
    ties: Sequence[Tie],
    reasons: Sequence[Reason] | Callable[[], Sequence[Reason]],
    endowment: Fraction | None = None,
    steps: int = 0,
) -> Result:
    """Put a finished count together; `reasons` run in the order of the election's projects.

    A function that gives the reasons is called when somebody first looks at the outcomes.
    """
    funded = tuple(round.project for round in rounds)
    chosen = set(funded)
    cost = dict(zip(election.projects, election.costs, strict=True))

    def outcomes() -> tuple[Outcome, ...]:
        told = reasons() if callable(reasons) else reasons
        pairs = zip(election.projects, told, strict=True)
        return tuple(Outcome(project, project in chosen, reason) for project, reason in pairs)

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
        outcomes=Outcomes(outcomes) if callable(reasons) else outcomes(),
    )


def protocol(result: Result) -> dict[str, Any]:
    """The whole count as plain JSON data, exact amounts as strings such as "3179/7".

    Two counts of the same ballots by the same rule and tie order give equal protocols on every
    machine.
    """
    told: dict[str, Any] = {
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
    if result.bound is not None:
        told["bound"] = written(result.bound)
    if (compared := result.comparison) is not None:
        told["comparison"] = {
            "stood": compared.stood,
            "equal_shares": list(compared.equal_shares),
            "greedy": list(compared.greedy),
            "prefer_equal_shares": compared.prefer_equal_shares,
            "prefer_greedy": compared.prefer_greedy,
        }
    return told


def _exact(amount: Fraction | None) -> str | None:
    return None if amount is None else written(amount)
