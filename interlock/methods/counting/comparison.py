"""One election counted by several rules, side by side, as data.

What a city asks before it chooses a rule, and what its residents ask after: which projects would
another rule have funded, and how many of us would it have reached? A rule that cannot count these
ballots has a column, too, which says why. This module decides nothing about how the table looks:
`tables` writes it as text and HTML, `drawing` as SVG.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from interlock.methods.counting.election import Election
from interlock.methods.counting.exact import written
from interlock.methods.counting.fairness import ejr_plus_violations
from interlock.methods.counting.measures import average_satisfaction, gini, voters_reached
from interlock.methods.counting.names import SUPPORTED
from interlock.methods.counting.result import Result
from interlock.methods.counting.rules import count

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True)
class Measures:
    """What one outcome gives the voters.

    `funded` projects cost `spent` together, in the election's integers. `reached` ballots support
    at least one of them. A voter's satisfaction is what the funded projects they support cost
    together: `average` is its mean over all ballots, `gini` how unequal it is (0 all the same).
    `wronged` counts the unfunded projects whose supporters deserve them by EJR+ up to one project.
    """

    funded: int
    spent: int
    reached: int
    average: Fraction
    gini: Fraction
    wronged: int


@dataclass(frozen=True)
class Column:
    """One rule of the table: its count and the measures of it, or why it cannot count here."""

    rule: str
    result: Result | None = None
    measures: Measures | None = None
    refusal: str = ""


@dataclass(frozen=True)
class SideBySide:
    """One election by several rules. Projects, costs and supporters run in the election's order.

    Amounts are in the election's integers, `unit` of them one currency unit; `votes` is the number
    of ballots.
    """

    projects: tuple[str, ...]
    costs: tuple[int, ...]
    supporters: tuple[int, ...]
    budget: int
    unit: int
    votes: int
    columns: tuple[Column, ...]

    @property
    def counted(self) -> tuple[Column, ...]:
        """The columns of the rules that could count."""
        return tuple(column for column in self.columns if column.result is not None)

    def funded_by(self, project: str) -> tuple[str, ...]:
        """The rules that fund this project, in the order of the columns."""
        return tuple(
            column.rule
            for column in self.columns
            if column.result is not None and project in column.result.funded
        )

    def by_agreement(self) -> tuple[str, ...]:
        """All projects for reading: those most rules fund first, then those with most votes."""
        votes = dict(zip(self.projects, self.supporters, strict=True))
        times = {project: len(self.funded_by(project)) for project in self.projects}
        return tuple(sorted(self.projects, key=lambda p: (-times[p], -votes[p])))

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The table as numpy arrays: `cost` and `votes` by project, and `funded`, whose rows are
        projects and whose columns are the rules that could count, in the order of `counted`.
        """
        import numpy as np

        table = [[p in _funded(column) for column in self.counted] for p in self.projects]
        shape = (len(self.projects), len(self.counted))
        funded: npt.NDArray[np.bool_] = np.array(table, np.bool_).reshape(shape)
        return {
            "project": np.array(self.projects),
            "cost": np.array(self.costs),
            "votes": np.array(self.supporters),
            "rule": np.array([column.rule for column in self.counted]),
            "funded": funded,
        }

    def frame(self) -> Any:
        """A pandas table: a row a project, with its cost, its votes and a column a rule.

        Raises ModuleNotFoundError, in a sentence, where pandas is not installed.
        """
        from interlock.methods.counting.tables import framed

        columns: dict[str, Sequence[Any]] = {"cost": self.costs, "votes": self.supporters}
        for column in self.counted:
            columns[column.rule] = [p in _funded(column) for p in self.projects]
        return framed("project", self.projects, columns)

    def to_json(self, amount: Callable[[int], Any] = str) -> dict[str, Any]:
        """Plain data; `amount` writes whole amounts (as text unless told otherwise)."""
        return {
            "budget": amount(self.budget),
            "votes": self.votes,
            "rules": [_column_to_json(column, amount) for column in self.columns],
            "projects": [
                {
                    "id": project,
                    "cost": amount(cost),
                    "votes": votes,
                    "funded_by": list(self.funded_by(project)),
                }
                for project, cost, votes in zip(
                    self.projects, self.costs, self.supporters, strict=True
                )
            ],
        }

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from interlock.methods.counting.tables import comparison_html

        return comparison_html(self)


def side_by_side(
    election: Election,
    rules: Iterable[str] = SUPPORTED,
    ties: Sequence[str] | None = None,
    *,
    lot_seed: str = "",
    progress: Callable[[str], None] | None = None,
) -> SideBySide:
    """Count an election by each of these rules; `ties` and `lot_seed` are those of `count`.

    `progress` is told the name of each rule before it counts. A rule that `count` refuses becomes a
    column with its refusal. Raises ValueError for a rule named twice, and for an order of ties that
    is not one of exactly these projects.

    >>> ballots = [["park", "bus"], ["park"], ["bus"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 50, "trees": 20}, 80, ballots)
    >>> table = side_by_side(election, ["greedy", "equalshares", "borda"])
    >>> [column.result.funded for column in table.counted]
    [('bus', 'trees'), ('trees',)]
    >>> table.columns[2].refusal[:36]
    'The rule "borda" is not supported. C'
    """
    from interlock.methods.counting.ties import tie_ranks

    names = list(rules)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f'The rule "{twice}" is named twice. Name each once.')
    if ties is not None:
        tie_ranks(election, ties)  # wrong for one rule is wrong for all
    columns = []
    for name in names:
        if progress is not None:
            progress(name)
        columns.append(_column(election, name, ties, lot_seed))
    return SideBySide(
        election.projects,
        election.costs,
        election.votes,
        election.budget,
        election.unit,
        len(election.ballots),
        tuple(columns),
    )


def measures_of(election: Election, funded: Sequence[str]) -> Measures:
    """What an outcome gives the voters; `funded` are project ids, whoever chose them."""
    cost: Mapping[str, int] = dict(zip(election.projects, election.costs, strict=True))
    return Measures(
        funded=len(funded),
        spent=sum(cost[project] for project in funded),
        reached=voters_reached(election, funded),
        average=average_satisfaction(election, funded),
        gini=gini(election, funded),
        wronged=len(ejr_plus_violations(election, funded)),
    )


def _column(election: Election, name: str, ties: Sequence[str] | None, lot_seed: str) -> Column:
    try:
        result = count(election, name, ties, lot_seed=lot_seed)
    except ValueError as error:
        return Column(name, refusal=str(error))
    return Column(name, result, measures_of(election, result.funded))


def _funded(column: Column) -> frozenset[str]:
    return frozenset() if column.result is None else frozenset(column.result.funded)


def _column_to_json(column: Column, amount: Callable[[int], Any]) -> dict[str, Any]:
    result, found = column.result, column.measures
    if result is None or found is None:
        return {"rule": column.rule, "refusal": column.refusal}
    return {
        "rule": column.rule,
        "funded": list(result.funded),
        "spent": amount(found.spent),
        "voters_reached": found.reached,
        "average_satisfaction": written(found.average / result.unit),
        "gini": written(found.gini),
        "ejr_plus_violations": found.wronged,
    }
