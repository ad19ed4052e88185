"""The Method of Equal Shares, exactly, for approval ballots with cost utilities.

D. Peters, G. Pierczyński and P. Skowron, "Proportional Participatory Budgeting with Additive
Utilities" (NeurIPS 2021). Every voter gets the same share of the budget. A project can be bought
when its supporters together can pay for it; they pay equally, and who has less gives all of it.
The project whose largest payment is the smallest part of its cost is bought first, again and
again.

`equalshares/add1` is the completion real cities use (Wieliczka 2023, Świecie 2023, Assen 2024): all
shares grow by one currency unit at a time until the next step would overspend the budget.

Floating point steers the search and whole numbers decide. The running error bound of `_Run` is
proven beside the code, and whatever lies within it is settled by the exact ledger.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Election, Indices
from interlock.methods.counting.ledger import Ledger
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import (
    Result,
    Round,
    Tie,
    build_result,
    reason_without_a_turn,
)
from interlock.methods.counting.ties import tie_ranks

Floats = npt.NDArray[np.float64]

# Half the distance from 1.0 to the next float: the relative error of one rounding.
_UNIT_ROUNDOFF = 2.0**-53

# Stands for "almost nothing, but still in": exactly 0.0 means out.
_TRACE_OF_MONEY = 1e-300

# A backstop for elections whose amounts are out of all proportion to their currency unit.
MOST_STEPS = 1_000_000


def equal_shares(election: Election, order: Sequence[str]) -> Result:
    """Count by equal shares, each voter starting with exactly budget / ballots.

    Free projects with a vote are funded first and cost nobody anything; projects dearer than the
    budget or without a vote take no part; equal projects go by `order`. Raises ValueError for an
    order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 25}, 100, ballots)
    >>> result = equal_shares(election, ["trees", "bus", "park"])
    >>> result.funded, result.rounds[0].payment
    (('park', 'trees'), Fraction(20, 1))
    """
    ranks = tie_ranks(election, order)
    return _told(_run(election, ranks, 0), "equalshares", order, steps=0)


def equal_shares_add1(
    election: Election,
    order: Sequence[str],
    *,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Count by equal shares, raising every share by one currency unit until money would run out.

    Starts as `equal_shares`. Each step gives every voter `election.unit` more than before (money
    that only guides the count) and counts again from the beginning. It ends when the next step
    would fund more than the budget pays for, or when every project that takes part is funded, as
    then no further money can change anything; the last outcome within the budget stands. Since
    all projects are funded once a share exceeds the sum of their costs, it always ends.
    `progress` is called with the number of each step begun. Raises ValueError after a million
    steps.
    """
    ranks = tie_ranks(election, order)
    kept, steps = _run(election, ranks, 0), 0
    everything = sum(1 for reason in kept.without_a_turn if reason is None)
    while len(kept.rounds) < everything:
        if steps == MOST_STEPS:
            raise ValueError(
                f"The count is not finished after {MOST_STEPS:,} steps of one currency unit. "
                "Check that the budget and the costs are in the right unit."
            )
        if progress is not None:
            progress(steps + 1)
        following = _run(election, ranks, steps + 1)
        if following.spent > election.budget:
            break
        kept, steps = following, steps + 1
    return _told(kept, "equalshares/add1", order, steps)


@dataclass(frozen=True)
class _Offer:
    """A project its supporters can pay for, and bounds on its price.

    `price` is a float in shares; the exact price is within `spread` of it; `low` and `high` enclose
    price / cost exactly.
    """

    project: int
    price: float
    spread: float
    low: float
    high: float


@dataclass(frozen=True)
class _Settlement:
    """The exact price of a project now, in amounts of the ledger, and who pays how."""

    price: Fraction
    full: Indices
    partial: Indices
    out: Indices


class _Run:
    """One pass of equal shares, from equal endowments to the last project that can be paid.

    The float `money` of voters still in is in shares (everyone starts with 1.0). `error` bounds how
    far any of it is from the truth. The proof: it starts at 0. A price enters as the quotient of
    two whole numbers, rounded once, and is at most 1, so it is off by at most u = 2^-53; the
    subtraction rounds once more a number of at most 1. Each round therefore adds at most
    2u(1 + error), and 4u is charged. Lifting a result below `_TRACE_OF_MONEY` up to it cannot
    move it away from the true amount, which is never negative, by more than that.
    """

    def __init__(self, election: Election, ranks: Sequence[int], steps: int) -> None:
        voters = len(election.ballots)
        self.election = election
        self.ranks = ranks
        total = election.budget + steps * election.unit * voters
        self.endowment = Fraction(total, voters) if voters else Fraction(0)
        self.ledger = Ledger(election, self.endowment)
        self.money: Floats = np.ones(voters)
        self.error = 0.0
        self.without_a_turn = [
            reason_without_a_turn(election, p) for p in range(len(election.projects))
        ]
        entrants = [p for p, reason in enumerate(self.without_a_turn) if reason is None]
        self.free = [p for p in entrants if election.costs[p] == 0]
        self.bought: list[int] = []
        self.rounds: list[Round] = []
        self.ties: list[Tie] = []
        # Costs in shares, each rounded once: Python divides whole numbers exactly.
        self.costs = {p: election.costs[p] * voters / total for p in entrants if election.costs[p]}
        # Lower bounds on price / cost. They only rise, because money only falls.
        self.waiting = [((1 - 4 * _UNIT_ROUNDOFF) / election.votes[p], p) for p in self.costs]
        self.prices = {p: cost / election.votes[p] for p, cost in self.costs.items()}
        heapq.heapify(self.waiting)

    @property
    def spent(self) -> int:
        return sum(self.election.costs[p] for p in self.bought)

    def offer(self, p: int) -> _Offer | None:
        """The float price of project p, or None when its supporters cannot pay for it."""
        money, cost = self.money[self.election.supporters_of(p)], self.costs[p]
        total = float(money.sum())
        # Any float sum of m terms that are not negative is within about m u of itself (N. Higham,
        # "Accuracy and Stability of Numerical Algorithms", 4.2), each term is within `error`, and
        # the cost and the few operations below round once each: 4 (m + 8) u covers them twice.
        size = money.size
        noise = size * self.error + 4 * (size + 8) * _UNIT_ROUNDOFF * (total + cost)
        if total < cost - noise:
            return None
        if total <= cost + noise and not self.affordable(p):
            return None
        price, paid = _price(money, cost, self.prices[p], total)
        self.prices[p] = price
        # What all would pay at a price p, F(p) = sum of min(money, p), grows at least as fast as p
        # below the largest holding, since someone still pays in full. So a price at which F misses
        # the cost by d is within d of the true price; `error` more if it lies above that holding.
        spread = abs(paid - cost) + noise + self.error
        slack = 4 * _UNIT_ROUNDOFF
        low = max(0.0, price - spread) / cost * (1 - slack)
        return _Offer(p, price, spread, low, (price + spread) / cost * (1 + slack))

    def affordable(self, p: int) -> bool:
        """Whether the supporters of p can pay its cost, exactly."""
        left = self.ledger.left(self.election.supporters_of(p))
        return left >= self.election.costs[p] * self.ledger.denominator

    def settle(self, offer: _Offer) -> _Settlement:
        """The exact price of an offer: voters near the float price are sorted by exact holdings."""
        voters = self.election.supporters_of(offer.project)
        money = self.money[voters]
        near = offer.spread + self.error
        poor = voters[(money > 0) & (money < offer.price - near)]
        rich = voters[money > offer.price + near]
        between = voters[(money > 0) & (abs(money - offer.price) <= near)]
        cost = self.election.costs[offer.project] * self.ledger.denominator
        rest, payers = cost - self.ledger.left(poor), len(rich) + len(between)
        full, partial, out = [rich], [poor], [poor]
        for held, group in self.ledger.holdings(between):
            if held * payers < rest:
                rest, payers = rest - held * len(group), payers - len(group)
                partial.append(group)
                out.append(group)
            else:
                full.append(group)
                if held * payers == rest:
                    out.append(group)
        return _Settlement(
            Fraction(rest, payers),
            np.concatenate(full),
            np.concatenate(partial),
            np.concatenate(out),
        )

    def offers(self) -> list[_Offer]:
        """Offers among which the best is, by re-pricing only those whose bound is low enough."""
        seen, highest = list[_Offer](), float("inf")
        while self.waiting and self.waiting[0][0] <= highest:
            offer = self.offer(heapq.heappop(self.waiting)[1])
            if offer is not None:
                seen.append(offer)
                highest = min(highest, offer.high)
        return seen

    def best(self, offers: Sequence[_Offer]) -> tuple[int, _Settlement]:
        """The offer of least price per cost, exactly; among equals the first of the tie order."""
        highest = min(offer.high for offer in offers)
        settled = {one.project: self.settle(one) for one in offers if one.low <= highest}
        if len(settled) == 1:
            return next(iter(settled.items()))
        rate = {p: one.price / self.election.costs[p] for p, one in settled.items()}
        least = min(rate.values())
        level = sorted((p for p in rate if rate[p] == least), key=lambda p: self.ranks[p])
        if len(level) > 1:
            names = tuple(self.election.projects[p] for p in level)
            self.ties.append(Tie(names, names[0]))
        return level[0], settled[level[0]]

    def buy(self, p: int, settlement: _Settlement) -> None:
        """Let the supporters of p pay for it."""
        price, full = settlement.price, settlement.full
        cost = self.election.costs[p]
        amount = price / self.ledger.denominator
        float_price = price.numerator / (price.denominator * self.ledger.share)
        self.ledger.record(p, price, settlement.out)
        self.money[full] = np.maximum(self.money[full] - float_price, _TRACE_OF_MONEY)
        self.money[settlement.out] = 0.0
        self.error += 4 * _UNIT_ROUNDOFF
        self.bought.append(p)
        partial = len(settlement.partial)
        broke = self.election.votes[p] - len(full) - partial
        self.rounds.append(
            Round(self.election.projects[p], amount, len(full), partial, broke, cost / amount)
        )


def _price(money: Floats, cost: float, start: float, total: float) -> tuple[float, float]:
    """The float price, rising from `start`, and what all together pay at it.

    At each price, whoever has less gives all and the others share the rest, which raises the price;
    it settles after two passes on average, without sorting.
    """
    price = start
    while True:
        poor = money < price
        rich = money.size - int(np.count_nonzero(poor))
        if rich == 0:
            return float(money.max()), total
        given = float(money[poor].sum()) if rich < money.size else 0.0
        raised = (cost - given) / rich
        if not raised > price:
            return price, given + rich * price
        price = raised


def _run(election: Election, ranks: Sequence[int], steps: int) -> _Run:
    run = _Run(election, ranks, steps)
    for p in sorted(run.free, key=lambda p: ranks[p]):
        votes = election.votes[p]
        run.bought.append(p)
        free = Round(election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes))
        run.rounds.append(free)
    while offers := run.offers():
        p, settlement = run.best(offers)
        run.buy(p, settlement)
        for offer in offers:
            if offer.project != p:
                heapq.heappush(run.waiting, (offer.low, offer.project))
    return run


def _told(run: _Run, rule: str, order: Sequence[str], steps: int) -> Result:
    """The result of a finished run, with a reason for every project."""
    election, chosen = run.election, dict(zip(run.bought, run.rounds, strict=True))
    fewest = min((election.votes[p] for p in run.bought), default=0)
    reasons = [
        reason
        or (_why_funded(run, p, chosen[p]) if p in chosen else _why_not_funded(run, p, fewest))
        for p, reason in enumerate(run.without_a_turn)
    ]
    return build_result(election, rule, order, run.rounds, run.ties, reasons, run.endowment, steps)


def _why_funded(run: _Run, p: int, round: Round) -> Reason:
    votes = run.election.votes[p]
    if run.election.costs[p] == 0:
        return Reason("funded-free", votes)
    return Reason("funded-by-shares", votes, {"payment": round.payment, "share": run.endowment})


def _why_not_funded(run: _Run, p: int, fewest: int) -> Reason:
    """Its turn is over with the first round after which its supporters could not pay for it."""
    votes, cost = run.election.votes[p], run.election.costs[p]
    supporters, ledger = run.election.supporters_of(p), run.ledger

    def too_little(rounds: int) -> bool:
        return ledger.left(supporters, rounds) < cost * ledger.denominator

    turn = bisect_left(range(len(ledger.prices)), True, key=too_little)
    left = ledger.amount(ledger.left(supporters, turn))
    kind = "shares-spent" if turn else "shares-too-small"
    amounts = {"left": left, "cost": Fraction(cost)}
    return Reason(kind, votes, amounts, outvoted=bool(run.bought) and votes > fewest)
