"""Whether an outcome treats groups of voters fairly, with the group that was not, if there is one.

**EJR+ up to one project** (extended justified representation; J. Brill and J. Peters, "Robust and
Verifiable Proportionality Axioms for Multiwinner Voting", EC 2023, who showed that it can be checked
in polynomial time). A group of k of n voters stands for k/n of the budget B. It is wronged when all
of them want one and the same unfunded project c, and even that project and all that any of them
already got would be within what the group stands for:

- by cost, when (cost of the funded projects voter i supports) + cost(c) <= k B / n for each i of
  the group. As this only asks how satisfied the best-off of them is, it is enough to sort the
  supporters of c and to look at each k.
- by cardinality, when for each i the funded projects that i supports, and c, add up to at most B/n,
  each project x counted at min(cost(x) / (its supporters in the group), cost(c) / k), the price at
  which the group would buy it. A smaller group faces higher prices, so whoever is over B/n in a
  group is over it in each part of the group: take out all who are, price again, and what remains
  in the end is the largest group that is wronged, or empty.

Both imply EJR up to one project (Peters, Pierczyński and Skowron, NeurIPS 2021). Equal shares meets
them: until a supporter of an unfunded c is short of cost(c)/k, no project is bought at a higher
price per utility than c would be, so this supporter got as much for the money as the group asks.

**Priceability** (D. Peters and P. Skowron, "Proportionality and the Limits of Welfarism", EC 2020;
for projects with costs, M. Los et al., IJCAI 2022): there are payments that explain the outcome. The
payments of a count by equal shares are such; they are checked, not believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from interlock.methods.counting.accounts import accounts_of
from interlock.methods.counting.election import Election, Indices
from interlock.methods.counting.limits import Field
from interlock.methods.counting.measures import satisfaction
from interlock.methods.counting.result import Result

_LARGEST_INT64 = 2**63 - 1


@dataclass(frozen=True, eq=False)
class Violation:
    """A group that EJR+ up to one project finds wronged.

    All of `members` (voters by number, ascending) support the unfunded `project`. They stand for
    `deserved` of the budget, and none of them got more than `received`: an amount of money by cost,
    a number of projects by cardinality.
    """

    project: str
    cost: int
    members: Indices
    deserved: Fraction
    received: int


@dataclass(frozen=True)
class PriceSystem:
    """The checked payments of a count: a certificate that its outcome is priceable.

    Each voter may spend `share`, and spends at most `most_spent`; `unspent` is what all have left
    together. `faults` has a sentence for each condition that does not hold.
    """

    share: Fraction
    most_spent: Fraction
    unspent: Fraction
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def ejr_plus_violations(
    election: Election, funded: Iterable[str], utility: str = "cost"
) -> tuple[Violation, ...]:
    """The wronged groups, at most one (the largest) for each unfunded project, in their order.

    `funded` are the ids of any outcome; `utility` is "cost" or "cardinality". Projects that the
    election's limits keep out beside these are not considered. Whole numbers and fractions decide.
    Raises ValueError for another utility, or for an id that is not a project.

    >>> ballots = [["park"], ["park"], ["park"], ["bus"]]
    >>> election = Election.from_approvals({"park": 100, "bus": 20}, 100, ballots)
    >>> [(one.project, one.deserved) for one in ejr_plus_violations(election, ["park"])]
    [('bus', Fraction(25, 1))]
    >>> ejr_plus_violations(election, ["bus"])
    ()
    """
    if utility not in ("cost", "cardinality"):
        raise ValueError(f'"{utility}" is not a utility EJR+ is checked for: cost or cardinality.')
    chosen = list(funded)
    each = satisfaction(election, chosen, utility)
    find = _wronged_by_cost if utility == "cost" else _wronged_by_number
    found = list[Violation]()
    for p in _open(election, chosen):
        members = find(election, p, each, set(chosen))
        if len(members):
            deserved = Fraction(len(members) * election.budget, len(election.ballots))
            most = int(each[members].max())
            name, cost = election.projects[p], election.costs[p]
            found.append(Violation(name, cost, members, deserved, most))
    return tuple(found)


def _wronged_by_cost(election: Election, p: int, each: np.ndarray, chosen: set[str]) -> Indices:
    """Sorted by what they got, the k best-off of no more than k B / n - cost, for the largest k."""
    supporters = election.supporters_of(p)
    voters, budget = len(election.ballots), election.budget
    fits = voters * (sum(election.costs) + 1) <= _LARGEST_INT64
    fits = fits and len(supporters) * budget <= _LARGEST_INT64
    kind = np.int64 if fits else object
    order = np.argsort(each[supporters], kind="stable")
    got = each[supporters][order].astype(kind)
    worth = np.arange(1, len(supporters) + 1).astype(kind) * budget
    wronged = np.flatnonzero((got + election.costs[p]) * voters <= worth)
    size = int(wronged[-1]) + 1 if len(wronged) else 0
    members: Indices = np.sort(supporters[order[:size]])
    return members


def _wronged_by_number(election: Election, p: int, each: np.ndarray, chosen: set[str]) -> Indices:
    """The greatest group in which nobody's projects, at the group's prices, come to over B / n."""
    members, voters = election.supporters_of(p), len(election.ballots)
    is_funded = np.array([project in chosen for project in election.projects], np.bool_)
    while len(members) * election.budget >= voters * election.costs[p]:
        over = _over(election, p, members, is_funded)
        if not over.any():
            return members
        members = members[~over]
    return members[:0]


def _over(election: Election, p: int, members: Indices, is_funded: np.ndarray) -> np.ndarray:
    """Who of the group exceeds B / n: floats where they are far from it, fractions where near."""
    ballots, group = election.ballots, len(members)
    lengths = ballots.offsets[1:][members] - ballots.offsets[members]
    rows, marks = np.repeat(np.arange(group), lengths), ballots.marks_of(members)
    kept = is_funded[marks]
    if ballots.weights is not None:
        starts = np.repeat(ballots.offsets[members] - (np.cumsum(lengths) - lengths), lengths)
        kept &= ballots.weights[starts + np.arange(len(marks))] > 0
    rows, marks = rows[kept], marks[kept]
    fans = np.bincount(marks, minlength=len(election.projects)).tolist()
    most = Fraction(election.costs[p], group)
    prices = [
        min(Fraction(cost, many), most) if many else Fraction(0)
        for cost, many in zip(election.costs, fans, strict=True)
    ]
    limit = Fraction(election.budget, len(election.ballots))
    rough = np.array([float(price) for price in prices])
    sums = np.bincount(rows, weights=rough[marks], minlength=group) + float(most)
    # Each price is rounded once and a float sum of m terms that are not negative is within m u of
    # itself (u = 2^-53), so beyond a billionth there is no doubt up to four million terms.
    over: np.ndarray = sums > float(limit)
    for row in np.flatnonzero(abs(sums - float(limit)) <= 1e-9 * float(limit)).tolist():
        exact = sum((prices[x] for x in marks[rows == row].tolist()), most)
        over[row] = exact > limit
    return over


def price_system(election: Election, result: Result) -> PriceSystem:
    """Check that the payments of a count by equal shares explain its outcome.

    The conditions: a voter pays only for projects they support (so the payments are made), and no
    more than the share; each funded project is paid exactly; and the supporters of a project that
    is not funded do not have more than its cost left. Projects that the limits keep out are not
    held to the last. After a completion the shares may be more than budget / ballots: the outcome
    is then explained by shares of that size. What "utilitarian" adds at the end is paid by nobody,
    and is a fault here. Raises ValueError for a result without shares, or of another election.
    """
    accounts = accounts_of(election, result)
    sizes, found = accounts.sizes.tolist(), list[str]()
    paid = {}
    for purchase in accounts.purchases:
        people = accounts.sizes[purchase.accounts].tolist()
        total = sum(n * a for n, a in zip(people, purchase.amounts, strict=True))
        paid[election.projects[purchase.project]] = accounts.amount(total)
    costs = dict(zip(election.projects, election.costs, strict=True))
    for project in result.funded:
        amount = paid.get(project, Fraction(0))
        if amount != costs[project]:
            found.append(f"{project} costs {costs[project]}, and {amount} is paid for it.")
    if any(left < 0 for left in accounts.left):
        found.append("A voter spends more than the share.")
    for p in _open(election, result.funded):
        left = accounts.amount(accounts.left_together(accounts.among(election.supporters_of(p))))
        if left > election.costs[p]:
            name = election.projects[p]
            found.append(f"The supporters of {name} have {left} left; it costs {costs[name]}.")
    spent = accounts.share - min(accounts.left, default=accounts.share)
    unspent = sum(n * left for n, left in zip(sizes, accounts.left, strict=True))
    return PriceSystem(
        accounts.amount(accounts.share),
        accounts.amount(spent),
        accounts.amount(unspent),
        tuple(found),
    )


def still_affordable(election: Election, funded: Iterable[str]) -> tuple[str, ...]:
    """The unfunded projects with a vote that what is left of the budget could still pay for.

    None of them: the outcome is exhaustive. Projects that the limits keep out are left out.

    >>> election = Election.from_approvals({"park": 6, "bus": 4}, 9, [["park"], ["bus"]])
    >>> still_affordable(election, ["bus"]), still_affordable(election, [])
    ((), ('park', 'bus'))
    """
    chosen = set(funded)
    pairs = list(zip(election.projects, election.costs, strict=True))
    left = election.budget - sum(cost for project, cost in pairs if project in chosen)
    return tuple(election.projects[p] for p in _open(election, chosen) if election.costs[p] <= left)


def _open(election: Election, funded: Iterable[str]) -> list[int]:
    """The projects that are not funded and that the limits would allow beside those that are."""
    field, chosen = Field(election), set(funded)
    for p, project in enumerate(election.projects):
        if project in chosen and p in field.inside:
            field.fund(p)
    return [p for p in field.inside if election.projects[p] not in chosen]
