"""Why this project and not that one: who paid for what, and how far a project was from being funded.

Payments are replayed exactly from the result. Margins ("with 40 more votes it would have been
funded") are found by counting again, never by a formula: equal shares is not monotone, so that more
votes for a project may, in rare cases, harm it, and no formula tells where. The three kinds of
question are those of pabumeasures (https://github.com/pabulib): a lower cost, more votes, and what
the supporters spent on instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from interlock.methods.counting import names
from interlock.methods.counting.accounts import accounts_of
from interlock.methods.counting.election import Ballots, Election, Integers
from interlock.methods.counting.limits import Field
from interlock.methods.counting.result import Result
from interlock.methods.counting.rules import count

MOST_RECOUNTS = 100
GUARD = 3


@dataclass(frozen=True)
class Spending:
    """What some voters spent on one funded project: how many of them paid, and how much together."""

    project: str
    voters: int
    amount: Fraction


@dataclass(frozen=True)
class Supporters:
    """Where the shares of a project's supporters went.

    `shares` is what all `voters` had in the beginning; `spent` what they paid for other projects,
    in the order of funding; `left` what they have at the end. The parts add up to the whole.
    """

    project: str
    cost: int
    voters: int
    shares: Fraction
    spent: tuple[Spending, ...]
    left: Fraction


@dataclass(frozen=True)
class Margin:
    """How far an unfunded project was from being funded, found by counting again.

    `needed` is the number of votes to add, or the cost, at which a recount funds it; None when no
    recount did. A recount of each of the `unfunded_beside` did not fund it: the nearest values on
    the other side (one vote fewer, a cost of one more, ...). `recounts` is how many counts it took.
    """

    project: str
    needed: int | None
    unfunded_beside: tuple[int, ...]
    recounts: int


class Explanation:
    """The payments behind a count by equal shares, asked project by project or voter by voter.

    Raises ValueError when the rule gives no shares, or the result is of another election.

    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> told = Explanation(election, count(election, "equalshares"))
    >>> bus = told.supporters_of_unfunded("bus")
    >>> [(one.project, one.voters, str(one.amount)) for one in bus.spent], str(bus.left)
    ([('park', 2, '40')], '10')
    >>> told.bought_by(3)
    (Spending(project='trees', voters=1, amount=Fraction(25, 1)),)
    >>> told.effective_support("bus"), told.effective_support("park")
    (Fraction(2, 3), Fraction(5, 4))
    """

    def __init__(self, election: Election, result: Result) -> None:
        self._election, self._result = election, result
        self._accounts = accounts_of(election, result)
        self._place = {project: p for p, project in enumerate(election.projects)}

    def supporters_of_unfunded(self, project: str) -> Supporters:
        """What the supporters of an unfunded project spent on instead, and what they have left.

        Raises ValueError for a funded project, and for an id that is none.
        """
        p, accounts = self._known(project), self._accounts
        if project in self._result.funded:
            raise ValueError(f"{project} is funded: its supporters paid for it.")
        voters = self._election.supporters_of(p)
        many, spent = accounts.among(voters), list[Spending]()
        for purchase in accounts.purchases:
            theirs = many[purchase.accounts].tolist()
            paid = sum(n * a for n, a in zip(theirs, purchase.amounts, strict=True) if n)
            if payers := sum(theirs):
                name = self._election.projects[purchase.project]
                spent.append(Spending(name, payers, accounts.amount(paid)))
        left = accounts.amount(accounts.left_together(many))
        shares = accounts.amount(accounts.share * len(voters))
        cost = self._election.costs[p]
        return Supporters(project, cost, len(voters), shares, tuple(spent), left)

    def bought_by(self, voter: int) -> tuple[Spending, ...]:
        """What the share of one voter (by number, from 0) bought, in the order of funding.

        Raises ValueError for a number that is no ballot's.
        """
        if not 0 <= voter < len(self._election.ballots):
            raise ValueError(f"There is no ballot number {voter}.")
        accounts, bought = self._accounts, list[Spending]()
        mine = int(accounts.account_of[voter])
        for purchase in accounts.purchases:
            for at in np.flatnonzero(purchase.accounts == mine).tolist():
                name = self._election.projects[purchase.project]
                bought.append(Spending(name, 1, accounts.amount(purchase.amounts[at])))
        return tuple(bought)

    def left_of(self, voter: int) -> Fraction:
        """What one voter (by number, from 0) has left at the end."""
        return self._accounts.amount(self._accounts.left[int(self._accounts.account_of[voter])])

    def effective_support(self, project: str) -> Fraction:
        """The largest part of its cost that its supporters would ever have paid; 1 is 100 %.

        In a count without this project, and with the same shares, it is asked at each purchase what
        the supporters would pay at the price (for one unit of satisfaction) that is being paid, and
        at the end what they have left. Below 1 that is not enough, then or later; from 1 on it would
        be funded, up to ties. Cities print it in percent, as pabutools does. Raises ValueError for
        an id that is not a project, for one that takes no part, and under variants of equal shares
        by which money alone does not decide.
        """
        p = self._known(project)
        if self._rule.family != "equalshares":
            raise ValueError(f'Under the rule "{self._result.rule}" support has no such measure.')
        if not self._election.costs[p] or project not in self._takes_part:
            raise ValueError(f"{project} is free or takes no part, so its support has no measure.")
        if project not in self._result.funded:
            return self._support_of(p)
        without, result = self._without(p)
        return Explanation(without, result)._support_of(p, self._election.costs[p])

    @cached_property
    def _takes_part(self) -> set[str]:
        inside = Field(self._election).inside
        return {self._election.projects[p] for p in inside}

    @property
    def _rule(self) -> names.Rule:
        return names.rule(self._result.rule)

    @property
    def _utility(self) -> str:
        return self._rule.utility_of(self._election.ballots.kind)

    def _without(self, p: int) -> tuple[Election, Result]:
        """The count by plain shares of the same size in which project p, and no other, is left out."""
        election, result = self._election, self._result
        assert result.endowment is not None
        budget = int(result.endowment * len(election.ballots))
        costs = [
            cost if project in self._takes_part and place != p else budget + 1
            for place, (project, cost) in enumerate(
                zip(election.projects, election.costs, strict=True)
            )
        ]
        without = replace(election, costs=tuple(costs), budget=budget)
        return without, count(without, f"equalshares/{self._utility}", result.order)

    @cached_property
    def _purses(self) -> tuple[list[list[int]], list[Fraction]]:
        """What each account holds before each purchase, and at the end; the prices being paid."""
        accounts, now = self._accounts, [self._accounts.share] * len(self._accounts.sizes)
        held, prices = [list(now)], list[Fraction]()
        for purchase in accounts.purchases:
            pairs = zip(purchase.accounts.tolist(), purchase.amounts, strict=True)
            for account, amount in pairs:
                now[account] -= amount
            held.append(list(now))
            cost = self._election.costs[purchase.project] if self._utility == "cost" else 1
            prices.append(purchase.round.rate / cost)
        return held, prices

    def _support_of(self, p: int, cost: int | None = None) -> Fraction:
        """The effective support of a project that was not bought, exactly."""
        accounts, voters = self._accounts, self._election.supporters_of(p)
        cost = self._election.costs[p] if cost is None else cost
        weights = self._election.weights_of(p) if self._utility == "points" else None
        points = np.ones(len(voters), np.int64) if weights is None else weights
        # Voters of one account may give an unpaid project different points.
        rows = np.stack([accounts.account_of[voters].astype(np.int64), points], axis=1)
        groups, many = np.unique(rows, axis=0, return_counts=True)
        known = [(a, w, n) for (a, w), n in zip(groups.tolist(), many.tolist(), strict=True)]
        held, prices = self._purses
        best = sum(n * held[-1][a] for a, _, n in known)
        for purses, price in zip(held, prices, strict=False):
            asked = price * (cost if self._utility == "cost" else 1) * accounts.denominator
            whole, part = asked.numerator, asked.denominator
            paid = sum(n * min(purses[a] * part, w * whole) for a, w, n in known)
            best = max(best, Fraction(paid, part))
        return Fraction(best) / (accounts.denominator * cost)

    def _known(self, project: str) -> int:
        if project not in self._place:
            raise ValueError(f'"{project}" is not a project of this election.')
        return self._place[project]


def more_votes(
    election: Election,
    result: Result,
    project: str,
    *,
    lot_seed: str = "",
    progress: Callable[[int], None] | None = None,
    most_recounts: int = MOST_RECOUNTS,
) -> Margin:
    """How many more of the people who voted would have had to tick this project, too.

    The votes are added to ballots that do not name it, all else on them unchanged, in an order by
    lot: by the SHA-256 of `lot_seed`, a newline and the ballot's number. So this is what chance
    supporters would have done, neither the friendliest nor the unfriendliest ones; another seed may
    give another number. Limits on the length of a ballot are not minded.

    The numbers 1, 2, 4, 8, ... are tried until one funds the project, then the gap below is halved,
    and at last the `GUARD` numbers below the one found are tried, one by one; a smaller one that
    funds it takes its place, and is guarded in turn. With an odd count a number still smaller may
    exist: what is said is that `needed` funds it, and that none of `unfunded_beside` does. The rule,
    the budget and the tie order are those of the result; shares stay as they are, because nobody
    is added. `progress` is told the number of each recount; at `most_recounts` the search ends with
    the least number that is known to fund the project, or None. Raises ValueError for a funded
    project, one that is unknown, and ballots that are not approval ballots.

    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> more_votes(election, count(election, "equalshares"), "bus")
    Margin(project='bus', needed=1, unfunded_beside=(), recounts=1)
    """
    p = _place(election, result, project)
    if election.ballots.kind != "approval":
        raise ValueError(f'Votes cannot be added to "{election.ballots.kind}" ballots.')
    others = np.setdiff1d(np.arange(len(election.ballots)), election.supporters_of(p))
    by_lot = sorted(
        others.tolist(), key=lambda voter: hashlib.sha256(f"{lot_seed}\n{voter}".encode()).digest()
    )
    queue = np.array(by_lot, np.int64)

    def variant(votes: int) -> Election:
        return replace(election, ballots=_with_votes(election.ballots, p, queue[:votes]))

    return _search(result, project, variant, 1, len(queue), progress, most_recounts)


def lower_cost(
    election: Election,
    result: Result,
    project: str,
    *,
    progress: Callable[[int], None] | None = None,
    most_recounts: int = MOST_RECOUNTS,
) -> Margin:
    """At which lower cost the project would have been funded with the votes it has.

    Reductions of 1, 2, 4, 8, ... (in the election's integers) are tried, and the gap is halved, as
    for `more_votes`: `needed` is a cost at which a recount funds the project, and at none of the
    `unfunded_beside`, the next higher costs, does one. The rule, the budget and the tie order are
    those of the result. Raises ValueError for a funded project and one that is unknown.

    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> lower_cost(election, count(election, "equalshares"), "bus").needed
    10
    """
    p = _place(election, result, project)
    cost = election.costs[p]

    def variant(less: int) -> Election:
        costs = [*election.costs[:p], cost - less, *election.costs[p + 1 :]]
        return replace(election, costs=tuple(costs))

    found = _search(result, project, variant, 1, cost, progress, most_recounts)
    needed = None if found.needed is None else cost - found.needed
    return replace(
        found, needed=needed, unfunded_beside=tuple(cost - less for less in found.unfunded_beside)
    )


def _search(
    result: Result,
    project: str,
    variant: Callable[[int], Election],
    least: int,
    most: int,
    progress: Callable[[int], None] | None,
    most_recounts: int,
) -> Margin:
    """Double, halve and guard, as told at `more_votes`; `least - 1` is the election as it is."""
    known: dict[int, bool] = {least - 1: False}

    def funds(value: int) -> bool:
        if value not in known:
            if progress is not None:
                progress(len(known))
            again = count(variant(value), result.rule, result.order)
            known[value] = project in again.funded
        return known[value]

    def may_go_on() -> bool:
        return len(known) <= most_recounts

    def margin(needed: int | None) -> Margin:
        beside, value = list[int](), most if needed is None else needed - 1
        while value >= least and known.get(value) is False and len(beside) < GUARD:
            beside.append(value)
            value -= 1
        return Margin(project, needed, tuple(beside), len(known) - 1)

    below, high = least - 1, least
    while high <= most and may_go_on() and not funds(high):
        below, high = high, min(high * 2, most) if high < most else most + 1
    if not known.get(high, False):
        return margin(None)
    while high - below > 1 and may_go_on():
        middle = (below + high) // 2
        below, high = (below, middle) if funds(middle) else (middle, high)
    guarded = high - 1
    while guarded >= max(least, high - GUARD) and may_go_on():
        high = guarded if funds(guarded) else high
        guarded -= 1
    return margin(high)


def _with_votes(ballots: Ballots, p: int, voters: Integers) -> Ballots:
    """The ballots with project p added at the end of each of these."""
    extra = np.zeros(len(ballots) + 1, np.int64)
    extra[voters + 1] = 1
    added = np.cumsum(extra)
    offsets = ballots.offsets + added
    marks = np.full(int(offsets[-1]), p, np.int32)
    lengths = np.diff(ballots.offsets)
    places = np.arange(len(ballots.projects)) + np.repeat(added[:-1], lengths)
    marks[places] = ballots.projects
    return Ballots(ballots.kind, offsets, marks)


def _place(election: Election, result: Result, project: str) -> int:
    if project not in election.projects:
        raise ValueError(f'"{project}" is not a project of this election.')
    if project in result.funded:
        raise ValueError(f"{project} is funded already.")
    return election.projects.index(project)
