"""Who paid how much for what: the payments of a count, replayed exactly from its result.

A result says for each round what one point cost; each supporter then paid that price for each of
their points, or all they had left (by exact equal shares: the price, or nothing). Voters whose marks on the paid projects are the same paid the
same in every round, so they share one account: a city has some ten thousand accounts, not a number
for each voter and project. All amounts are whole numbers over one common denominator, known from
the start, because the prices are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from interlock.methods.counting.election import Election, Indices, Integers
from interlock.methods.counting.names import rule
from interlock.methods.counting.result import Result, Round


@dataclass(frozen=True)
class Purchase:
    """One paid round: `amounts[i]` is what each voter of account `accounts[i]` paid.

    `project` is an index into the election's projects. Accounts without money are left out.
    """

    project: int
    round: Round
    accounts: Indices
    amounts: tuple[int, ...]


@dataclass(frozen=True)
class Accounts:
    """All payments of a count; amounts are whole numbers over `denominator`.

    Each voter began with `share`; voter v has account `account_of[v]`, which `sizes` voters have in
    common; `left` is what each voter of an account has at the end.
    """

    denominator: int
    share: int
    purchases: tuple[Purchase, ...]
    account_of: Indices
    sizes: Integers
    left: tuple[int, ...]

    def amount(self, number: int) -> Fraction:
        """An amount of these accounts in the election's own integers."""
        return Fraction(number, self.denominator)

    def among(self, voters: Indices) -> Integers:
        """How many of these voters have each account."""
        return np.bincount(self.account_of[voters], minlength=len(self.sizes))

    def left_together(self, many: Integers) -> int:
        """What so many voters of each account have left at the end, together."""
        held = np.flatnonzero(many)
        return sum(
            n * self.left[a] for a, n in zip(held.tolist(), many[held].tolist(), strict=True)
        )


def accounts_of(election: Election, result: Result) -> Accounts:
    """Replay the payments of a count by equal shares.

    Raises ValueError when the rule gives no shares, or the result is of another election.

    >>> from interlock.methods.counting.rules import count
    >>> election = Election.from_approvals({"park": 9, "bus": 5}, 18, [["park"], ["park", "bus"]])
    >>> accounts = accounts_of(election, count(election, "equalshares"))
    >>> [(one.project, accounts.amount(one.amounts[0])) for one in accounts.purchases]
    [(0, Fraction(9, 2))]
    """
    refusal = why_not_accounts(election, result)
    if refusal is not None or result.endowment is None:
        raise ValueError(refusal)
    place = {project: p for p, project in enumerate(election.projects)}
    paid = [(place[one.project], one) for one in result.rounds if one.payment]
    named = rule(result.rule)
    by_points = named.utility_of(election.ballots.kind) == "points"
    all_or_nothing = named.family == "equalshares-exact"
    marks = [(p, election.weights_of(p) if by_points else None) for p, _ in paid]
    account_of, first = _grouped(election, marks)
    rates = [one.rate for _, one in paid]
    denominator = lcm(result.endowment.denominator, *(rate.denominator for rate in rates))
    share = int(result.endowment * denominator)
    purses = [share] * len(first)
    account_at = np.full(len(election.ballots), -1, np.int32)
    account_at[first] = np.arange(len(first), dtype=np.int32)
    purchases = []
    for (p, one), (_, weights), rate in zip(paid, marks, rates, strict=True):
        known = account_at[election.supporters_of(p)]
        points = np.ones(len(known), np.int64) if weights is None else weights
        price = int(rate * denominator)
        accounts, amounts = list[int](), list[int]()
        pairs = zip(known[known >= 0].tolist(), points[known >= 0].tolist(), strict=True)
        for account, weight in pairs:
            if purses[account] >= (price if all_or_nothing else 1):
                accounts.append(account)
                amounts.append(min(purses[account], price * weight))
                purses[account] -= amounts[-1]
        purchases.append(Purchase(p, one, np.array(accounts, np.int32), tuple(amounts)))
    sizes = np.bincount(account_of, minlength=len(first))
    return Accounts(denominator, share, tuple(purchases), account_of, sizes, tuple(purses))


def why_not_accounts(election: Election, result: Result) -> str | None:
    """Say why there are no payments to replay, or None when there are."""
    if result.endowment is None:
        return f'Under the rule "{result.rule}" voters get no shares, so nobody pays.'
    same = (election.projects, election.costs) == (result.projects, result.costs)
    if not same or (len(election.ballots), election.votes) != (result.votes, result.supporters):
        return "The result is not one of this election: projects, costs or votes differ."
    return None


def _grouped(
    election: Election, marks: Sequence[tuple[int, Integers | None]]
) -> tuple[Indices, Integers]:
    """The account of each voter, by equal marks on these projects, and its first voter."""
    voters = len(election.ballots)
    if not voters:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    if all(weights is None for _, weights in marks):
        rows = np.zeros((voters, len(marks) // 8 + 1), np.uint8)
        for place, (p, _) in enumerate(marks):
            rows[election.supporters_of(p), place // 8] |= np.uint8(1 << place % 8)
    else:
        points = np.zeros((voters, len(marks)), np.int64)
        for place, (p, weights) in enumerate(marks):
            points[election.supporters_of(p), place] = 1 if weights is None else weights
        rows = points.view(np.uint8)
    # Rows as plain bytes: numpy sorts them whole.
    whole = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, account = np.unique(whole, return_index=True, return_inverse=True)
    return account.ravel().astype(np.int32), first
