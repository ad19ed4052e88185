"""Exact Equal Shares: who pays for a project pays exactly as much as everybody else who does.

S. Kraiczy, I. Robinson and E. Elkind, "Streamlining Equal Shares" (arXiv 2502.11797). Equal shares
lets whoever has less give all of it; here a supporter who cannot pay what the others pay gives
nothing, and keeps it.

k supporters can pay for a project when each of them has cost / k. A larger group asks less of each,
so the largest group that can pay is what counts: nobody else has as much as it asks of each, or the
group were larger. The best buy is the project with the most payers for its cost (utility
"cardinality") or the most payers (utility "cost").

What somebody has paid does not depend on the share they began with. So while shares rise the same
purchases are made, until exactly one amount at which something changes, and the completion
`add-opt` goes from one such amount to the next. **Theorem.** Let a run with the share e buy c_1, ...,
c_R. For each round r (and R + 1, after the last) and each project p that still takes part in it, let

    d = least over k of (cost(p) / k - what the k-th richest supporter of p has before round r)

over the k at which p would be bought before c_r (for c_r itself: more than did pay; after the last
round: any). With D the least of all d, a run with any share from e to below e + D makes the same
purchases with the same payers, and one with e + D does not. Proof: let the runs be the same before
round r. Everybody has as much more as the share is, so c_r's payers can pay. With less than D more,
no project has the k supporters with which it would come before c_r, and c_r no larger group; with D
more, one has in the first round that reaches D. A larger group or another project is another
purchase. Which projects a limit takes out depends only on what was bought.

Floats steer and fractions decide: see `_Run`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from interlock.methods.counting import raises
from interlock.methods.counting.election import Election
from interlock.methods.counting.ledger import Voters
from interlock.methods.counting.limits import Field
from interlock.methods.counting.names import Rule
from interlock.methods.counting.purchases import Market
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Result, Round, Tie, build_result
from interlock.methods.counting.ties import tie_ranks

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Half the distance from 1.0 to the next float: the relative error of one rounding.
_UNIT_ROUNDOFF = 2.0**-53

# Covers the few roundings of a comparison's own arithmetic, as a part of what is compared.
_SLACK = 8 * _UNIT_ROUNDOFF

# How many rounds one word of a voter's history holds.
_WORD = 64


def exact_shares(
    election: Election,
    rule: Rule,
    order: Sequence[str],
    *,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Count by Exact Equal Shares, each voter starting with exactly budget / ballots.

    Free projects with a vote are funded first; of projects that are equally good buys the first of
    `order` is bought. With the completion "add-opt" all shares are raised by the least amount that
    changes anything, again and again, until the next outcome would cost more than the budget or no
    project is left that takes part and is not funded; the last outcome within the budget stands.
    With "add-opt-skip" they are raised by the least amount at which a project that is not funded
    would be bought, until no such project is left, and of the outcomes within the budget the first
    of those that spend the most stands. `progress` is told how many raises are behind the count.
    Raises ValueError for an order that is not one of exactly these projects, and when a million
    raises are not enough.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> exact_shares(election, rule("equalshares-exact"), ["trees", "bus", "park"]).funded
    ('park', 'trees')
    """
    market = Market(election, rule, tie_ranks(election, order))
    run, steps = _completed(market, rule.completion, progress)
    reasons = partial(_reasons, run)
    result = build_result(
        election, rule.name, order, run.rounds(), run.ties, reasons, run.share, steps
    )
    return replace(result, initial_endowment=market.first)


def _completed(
    market: Market, completion: str, progress: Callable[[int], None] | None
) -> tuple[_Run, int]:
    """The run that stands and the number of raises before it."""
    run = _Run(market, market.first).finish()
    stands, standing, steps = run, 0, 0
    while completion and run.field.inside:
        if steps == raises.MOST_STEPS:
            raise raises.too_long()
        if progress is not None:
            progress(steps + 1)
        skipped = run.bought if completion == "add-opt-skip" else ()
        run = _Run(market, run.share + next_raise(run, skipped)).finish()
        steps += 1
        over = run.spent > market.election.budget
        if over and completion == "add-opt":
            break
        if not over and (completion == "add-opt" or run.spent > stands.spent):
            stands, standing = run, steps
    return stands, standing


class _Purchase(NamedTuple):
    """One project bought: everybody of `payers` paid `price`."""

    project: int
    payers: Voters
    price: Fraction


class _Purses:
    """What the voters have left, by float and exactly.

    The float `money` is in units of `Market.scale`, and `error` bounds how far any of it is from
    the truth. The proof: the share s enters rounded once, off by at most u s with u = 2^-53. A price
    is rounded once from its fraction and never more than the money of its payer, so it is off by
    at most u s, and the difference is rounded once more: less than 3u s a round, and 4u s is
    charged. `history` has a bit for each round a voter paid in, from which follows what they have
    exactly.
    """

    def __init__(self, market: Market, share: Fraction) -> None:
        self.market, self.share = market, share
        start = _float(share, market.scale)
        self.money: Floats = np.full(len(market.election.ballots), start)
        self.error = _UNIT_ROUNDOFF * start
        self._charge = 4 * _UNIT_ROUNDOFF * start
        self.history: list[npt.NDArray[np.uint64]] = []
        self.prices: list[Fraction] = []

    def pay(self, payers: Voters, price: Fraction) -> None:
        word, bit = divmod(len(self.prices), _WORD)
        if not bit:
            self.history.append(np.zeros(len(self.money), np.uint64))
        self.history[word][payers] |= np.uint64(1 << bit)
        self.prices.append(price)
        self.money[payers] -= _float(price, self.market.scale)
        self.error += self._charge

    def exactly(self, voters: Voters) -> list[tuple[Fraction, Mask]]:
        """These voters by what each has left, the most first."""
        if not self.history:
            return [(self.share, np.ones(len(voters), np.bool_))]
        rows = np.stack([word[voters] for word in self.history], axis=1)
        found, group = np.unique(rows, axis=0, return_inverse=True)
        told = [(self._left(row), group.ravel() == g) for g, row in enumerate(found.tolist())]
        return sorted(told, key=lambda one: one[0], reverse=True)

    def with_at_least(self, voters: Voters, held: Floats, price: Fraction) -> Mask:
        """Which of these voters, whose floats are `held`, have this price."""
        due = _float(price, self.market.scale)
        near = self.error + _SLACK * (due + self.error)
        enough: Mask = held > due + near
        doubtful = np.flatnonzero((held >= due - near) & ~enough)
        if len(doubtful):
            for left, group in self.exactly(voters[doubtful]):
                enough[doubtful[group]] = left >= price
        return enough

    def of_rank(self, voters: Voters, held: Floats, rank: int, about: float) -> Fraction:
        """What the voter has who comes `rank`-th by money, `about` being the float of that.

        A float of rank k is within the error of the amount of rank k, so those who may have this
        amount are within twice the error, and those beyond have more or less for certain.
        """
        reach = 3 * self.error
        near = np.flatnonzero((held >= about - reach) & (held <= about + reach))
        above = int(np.count_nonzero(held > about + reach))
        for left, group in self.exactly(voters[near]):
            above += int(np.count_nonzero(group))
            if above >= rank:
                return left
        raise AssertionError("somebody has this rank")

    def _left(self, row: Sequence[int]) -> Fraction:
        paid = (
            self.prices[word * _WORD + bit]
            for word, bits in enumerate(row)
            for bit in range(bits.bit_length())
            if bits >> bit & 1
        )
        return self.share - sum(paid)


class _Run:
    """One pass of exact equal shares with one share."""

    def __init__(self, market: Market, share: Fraction) -> None:
        self.market, self.share = market, share
        self.field = Field(market.election)
        self.purses = _Purses(market, share)
        self.free: list[int] = []
        self.purchases: list[_Purchase] = []
        self.ties: list[Tie] = []
        for p in market.free:
            if p in self.field.inside:
                self.field.fund(p)
                self.free.append(p)
        # The most who can pay for each. They only get fewer, because money only falls.
        self.most = {p: market.election.votes[p] for p in market.paid}
        self.waiting = [
            (self.value(p, self.most[p]), market.ranks[p], p)
            for p in market.paid
            if p in self.field.inside
        ]
        heapq.heapify(self.waiting)

    @property
    def bought(self) -> list[int]:
        return self.free + [one.project for one in self.purchases]

    @property
    def spent(self) -> int:
        return sum(self.market.election.costs[one.project] for one in self.purchases)

    def value(self, p: int, payers: int) -> Fraction:
        """What decides who is first, the least: the price, or under "cost" its part of the cost."""
        return self.market.normal(p, Fraction(self.market.election.costs[p], payers))

    def finish(self) -> _Run:
        """Buy until nothing more can be paid."""
        while level := self._level():
            p, payers = level[0]
            if len(level) > 1:
                names = tuple(self.market.election.projects[one] for one, _payers in level)
                self.ties.append(Tie(names, names[0]))
            price = Fraction(self.market.election.costs[p], len(payers))
            self.purses.pay(payers, price)
            self.purchases.append(_Purchase(p, payers, price))
            self.field.fund(p)
        return self

    def _level(self) -> list[tuple[int, Voters]]:
        """The best buys and who would pay for them, by the tie order; all but one wait on."""
        level, least = list[tuple[int, Voters]](), None
        while self.waiting and least in (None, self.waiting[0][0]):
            bound, rank, p = heapq.heappop(self.waiting)
            if p not in self.field.inside:
                continue
            payers = self._payers(p)
            if not len(payers):
                continue
            value = self.value(p, len(payers))
            if value == bound:
                least = value
                level.append((p, payers))
            else:
                heapq.heappush(self.waiting, (value, rank, p))
        for p, payers in level[1:]:
            heapq.heappush(self.waiting, (self.value(p, len(payers)), self.market.ranks[p], p))
        return level

    def _payers(self, p: int) -> Voters:
        """The largest group of supporters who can pay equal parts of the cost, or nobody.

        How many can pay a k-th part falls no slower than k, so from an upper bound on the size one
        goes down to how many can pay, until as many as needed can.
        """
        voters, cost = self.market.fans[p].voters, self.market.election.costs[p]
        held, size = self.purses.money[voters], self.most[p]
        payers = np.zeros(len(voters), np.bool_)
        while size:
            payers = self.purses.with_at_least(voters, held, Fraction(cost, size))
            if (able := int(np.count_nonzero(payers))) == size:
                break
            size = able
        self.most[p] = size
        return voters[payers] if size else voters[:0]

    def rounds(self) -> list[Round]:
        """The rounds, free projects first."""
        election, told = self.market.election, list[Round]()
        for p in self.free:
            votes = election.votes[p]
            told.append(Round(election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes)))
        for p, payers, price in self.purchases:
            size, name = len(payers), election.projects[p]
            others = election.votes[p] - size
            told.append(Round(name, price, size, 0, others, Fraction(size), price))
        return told


def next_raise(run: _Run, skipped: Collection[int]) -> Fraction:
    """The least amount more for everybody that changes what a finished run bought or who paid.

    Projects in `skipped` are not asked whether it would be they that change it. Raises ValueError
    when no project is asked that still takes part.
    """
    market = run.market
    election, purses, field = market.election, _Purses(market, run.share), Field(market.election)
    for p in run.free:
        field.fund(p)
    # How many of each project's supporters could at most pay, with the least raise known so far.
    # They get fewer from round to round, as do those who are needed to come first.
    most = {p: election.votes[p] for p in market.paid if p not in skipped}
    least: Fraction | None = None
    for chosen in [*run.purchases, None]:
        for p in [p for p in field.inside if p in most]:
            needed = 1 if chosen is None else _needed(market, p, chosen)
            if needed > most[p]:
                continue
            voters = market.fans[p].voters
            held = purses.money[voters]
            if least is not None:
                most[p] = _could_pay(purses, p, held, most[p], needed, least)
            if needed <= most[p]:
                raise_, _payers = _lacking(purses, p, held, needed, most[p])
                least = raise_ if least is None else min(least, raise_)
        if chosen is not None:
            purses.pay(chosen.payers, chosen.price)
            field.fund(chosen.project)
    if least is None:
        raise ValueError("No raise changes anything: no project is left.")
    return least


def _needed(market: Market, p: int, chosen: _Purchase) -> int:
    """How many payers project p needs to come before a purchase."""
    c, costs = chosen.project, market.election.costs
    price, other = (1, 1) if market.utility == "cost" else (costs[p], costs[c])
    size, rest = divmod(price * len(chosen.payers), other)
    return size if not rest and market.ranks[p] < market.ranks[c] else size + 1


def _could_pay(
    purses: _Purses, p: int, held: Floats, most: int, needed: int, more: Fraction
) -> int:
    """At most how many could pay for p equally if all had so much more, or fewer than needed."""
    cost, extra = purses.market.costs[p], _float(more, purses.market.scale)
    size = most
    while size >= needed:
        due = cost / size
        near = purses.error + _SLACK * (due + extra + purses.error)
        able = int(np.count_nonzero(held >= due - extra - near))
        if able >= size:
            return size
        size = able
    return size


def _lacking(purses: _Purses, p: int, held: Floats, fewest: int, most: int) -> tuple[Fraction, int]:
    """The least that all lack for a group of one of these sizes to pay for p, and its size.

    Of sizes that lack the same it is the largest.
    """
    voters, cost = purses.market.fans[p].voters, purses.market.election.costs[p]
    sizes = np.arange(fewest, most + 1)
    richest = np.sort(held)[::-1][fewest - 1 : most]
    due = purses.market.costs[p] / sizes
    lacking, near = due - richest, purses.error + _SLACK * (due + richest + purses.error)
    found = list[tuple[Fraction, int]]()
    for place in np.flatnonzero(lacking - near <= (lacking + near).min()).tolist():
        size = fewest + place
        left = purses.of_rank(voters, held, size, float(richest[place]))
        found.append((Fraction(cost, size) - left, -size))
    least, size = min(found)
    return least, -size


def _reasons(run: _Run) -> list[Reason]:
    election, bought = run.market.election, run.bought
    payments = {one.project: one for one in run.purchases}
    # Nobody is outvoted where nothing is funded.
    fewest = min((election.votes[p] for p in bought), default=len(election.ballots))
    told = list[Reason]()
    for p, votes in enumerate(election.votes):
        if p in run.field.out:
            told.append(run.field.out[p])
        elif p in payments:
            amounts = {"payment": payments[p].price, "share": run.share}
            payers = {"payers": len(payments[p].payers)}
            told.append(Reason("funded-by-equal-payments", votes, amounts, facts=payers))
        elif p in bought:
            told.append(Reason("funded-free", votes))
        else:
            told.append(_why_not_funded(run, p, fewest))
    return told


def _why_not_funded(run: _Run, p: int, fewest: int) -> Reason:
    election, purses = run.market.election, run.purses
    votes, cost = election.votes[p], Fraction(election.costs[p])
    if votes * run.share < cost:
        amounts = {"left": votes * run.share, "cost": cost}
        return Reason("shares-too-small", votes, amounts, outvoted=votes > fewest)
    held = purses.money[run.market.fans[p].voters]
    lacking, payers = _lacking(purses, p, held, 1, votes)
    amounts = {"lacking": lacking, "cost": cost}
    return Reason(
        "no-equal-payments", votes, amounts, outvoted=votes > fewest, facts={"payers": payers}
    )


def _float(amount: Fraction, scale: Fraction) -> float:
    """An amount in units of the scale: Python divides whole numbers exactly, and rounds once."""
    up, down = amount.as_integer_ratio()
    many, few = scale.as_integer_ratio()
    return (up * few) / (down * many)
