"""Equal shares with bounded overspending (BOS): what falls a little short is bought all the same.

G. Papasotiropoulos, S. Z. Pishbin, O. Skibski, P. Skowron and T. Wąs, "Method of Equal Shares with
Bounded Overspending" (arXiv 2409.15005). Equal shares passes over a project whose supporters have
almost its cost. Here they may buy it with less: a project is bought at the rate r to the part a (from
0 to 1) when

    sum over supporters of min(money_i, a r w_i) = a cost,

as if only that part of it were bought, at the rate a r of the part. That is better the less the rate
and the larger the part: the project and the part of the least r / a (per cost, where supporters
count what is spent on what they like) come first. Then the whole project is bought at the rate r:
every supporter pays min(money_i, r w_i), which is less than the cost where a < 1. What is lacking
comes out of the budget, of which the shares are only a picture, and so a project must also fit into
what is left of that.

Of x = a r only few values can be the best: with F(x) the sum above, a = F(x) / cost and

    r / a = x / a^2 = x cost^2 / F(x)^2,

F is a line A + B x between two values at which somebody has just spent all, and there x / F(x)^2
rises until B x = A and falls from then on. So the least is at such a value, or where F reaches the
cost.

Floats steer and fractions decide: see `_Run`.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Election
from interlock.methods.counting.ledger import Ledger
from interlock.methods.counting.limits import Field
from interlock.methods.counting.names import Rule
from interlock.methods.counting.purchases import Fans, Market, by_exact_money
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Result, Round, Tie, build_result
from interlock.methods.counting.ties import tie_ranks

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Half the distance from 1.0 to the next float: the relative error of one rounding.
_UNIT_ROUNDOFF = 2.0**-53

# Covers the few roundings of a bound's own arithmetic, as a part of what is bounded.
_SLACK = 16 * _UNIT_ROUNDOFF

# Stands for "almost nothing, but still in": exactly 0.0 means out.
_TRACE_OF_MONEY = 1e-300


def overspending(election: Election, rule: Rule, order: Sequence[str]) -> Result:
    """Count by equal shares with bounded overspending, each voter starting with budget / ballots.

    Free projects with a vote are funded first. A project that costs more than what is left of the
    budget is passed over; of equally good buys the first of `order` is bought, and of equally good
    parts of it the largest. It ends when no project is left that fits and has a supporter with
    money. Raises ValueError for an order that is not one of exactly these projects.

    >>> from interlock.methods.counting.election import Election
    >>> from interlock.methods.counting.names import rule
    >>> ballots = [["park", "bus"], ["park", "bus"], ["park"], ["trees"]]
    >>> election = Election.from_approvals({"park": 60, "bus": 40, "trees": 30}, 100, ballots)
    >>> overspending(election, rule("equalshares-bos"), ["trees", "bus", "park"]).funded
    ('park', 'trees')
    """
    run = _Run(Market(election, rule, tie_ranks(election, order))).finish()
    rounds = [run.rounds[p] for p in run.bought]
    return build_result(election, rule.name, order, rounds, run.ties, run.reasons, run.market.first)


class _Offer(NamedTuple):
    """A project and the ways to buy it, by float.

    `fans` are its supporters with money, and `held` what they have. At the x of each of them, in
    their order, what is least for the best is no less than `lows`; the same for `whole`, the x at
    which the cost is reached, known up to `doubt`, is `low_of_whole`. `low` and `high` enclose the
    best of all ways.
    """

    project: int
    fans: Fans
    held: Floats
    lows: Floats
    whole: float
    doubt: float
    low_of_whole: float
    low: float
    high: float


class _Buy(NamedTuple):
    """One exact way to buy a project, `part` of it at `rate` for all of it."""

    value: Fraction
    part: Fraction
    rate: Fraction


class _Run:
    """One count.

    The float `money` of voters still in is in units of `Market.scale`, and `error` bounds how far
    any of it is from the truth. The proof: a payment is the product of a rate and of points, each
    rounded once; with the product's own rounding it is off by at most 3u times the payment, with u
    = 2^-53, and a payment in full is at most the share s. The difference is rounded once more.
    That is less than 5u s, and 8u s is charged.
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        self.field = Field(market.election)
        self.ledger = Ledger(market.election, market.first, market.marks)
        start = float(market.first / market.scale)
        self.money: Floats = np.full(len(market.election.ballots), start)
        self.error = _UNIT_ROUNDOFF * start
        self._charge = 8 * _UNIT_ROUNDOFF * start
        self.left = market.election.budget
        self.bought: list[int] = []
        self.rounds: dict[int, Round] = {}
        self.why: dict[int, Reason] = {}
        self.ties: list[Tie] = []
        for p in market.free:
            if p in self.field.inside:
                votes, name = market.election.votes[p], market.election.projects[p]
                row = Round(name, Fraction(0), votes, 0, 0, Fraction(votes))
                self._fund(p, row, Reason("funded-free", votes))
        # Lower bounds of what is least for the best. They only rise, because money only falls.
        self.waiting = [(0.0, p) for p in market.paid if p in self.field.inside]
        heapq.heapify(self.waiting)
        # Whoever has nothing left never has anything again.
        self.fans = dict(market.fans)

    def finish(self) -> _Run:
        """Buy until nothing more can be bought."""
        while offers := self._offers():
            chosen, buy = self._best(offers)
            self._buy(chosen, buy)
            for one in offers:
                if one is not chosen:
                    heapq.heappush(self.waiting, (one.low, one.project))
        return self

    def _offers(self) -> list[_Offer]:
        """Offers among which the best is; only those are made whose bound is low enough."""
        seen, highest = list[_Offer](), float("inf")
        while self.waiting and self.waiting[0][0] <= highest:
            p = heapq.heappop(self.waiting)[1]
            if p in self.field.inside and (offer := self._offer(p)):
                seen.append(offer)
                highest = min(highest, offer.high)
        return seen

    def _offer(self, p: int) -> _Offer | None:
        """The ways to buy project p, or None when it does not fit or nobody has money for it."""
        if self.market.election.costs[p] > self.left:
            return None
        fans = self.fans[p]
        held = self.money[fans.voters]
        still_in = held > 0.0
        if not still_in.all():
            fans = self.fans[p] = fans.only(still_in)
            held = held[still_in]
        return self._by_float(p, fans, held) if len(held) else None

    def _by_float(self, p: int, fans: Fans, held: Floats) -> _Offer:
        """The offer of a project by float.

        A voter's x, their money over their points, is known up to the error of the money over the
        points. A sum of N payments at x is known up to N such errors of money, what the error of x
        makes of all points, and its own roundings, fewer than 2 N + 8. Where F reaches the cost its
        slope is at least the fewest points of anybody. Values of x beyond that are none of the
        best, and do no harm.
        """
        weights = np.ones(len(held)) if fans.weights is None else fans.weights
        cost, worth, number = self.market.costs[p], self.market.worth[p], len(held)
        each = held / weights
        order = np.argsort(each)
        sums, points = np.cumsum(held[order]), np.cumsum(weights[order])
        before, payers = sums - held[order], points[-1] - points + weights[order]
        paid = np.empty(number)
        paid[order] = before + each[order] * payers
        off = self.error / weights + _SLACK * each
        spread = number * self.error + off * points[-1]
        spread += (2 * number + 8) * _UNIT_ROUNDOFF * (paid + spread + sums[-1])
        lows = _least(np.maximum(each - off, 0.0), paid + spread, cost, worth) * (1 - _SLACK)
        highs = _least(each + off, paid - spread, cost, worth) * (1 + _SLACK)
        whole, doubt, low, high = 0.0, 0.0, float("inf"), float(highs.min())
        if (reaches := (paid + spread)[order] >= cost).any():
            place = int(reaches.argmax())
            whole = max(0.0, float((cost - before[place]) / payers[place]))
            doubt = float(spread.max() + _SLACK * cost) / self.market.least[p] + _SLACK * whole
            low = max(0.0, whole - doubt) / worth * (1 - _SLACK)
            if sums[-1] - spread.max() > cost:
                high = min(high, (whole + doubt) / worth * (1 + _SLACK))
        least = min(float(lows.min()), low)
        return _Offer(p, fans, held, lows, whole, doubt, low, least, high)

    def _best(self, offers: Sequence[_Offer]) -> tuple[_Offer, _Buy]:
        """The offer and the way that are best, exactly; among equals the first of the tie order."""
        highest = min(one.high for one in offers)
        buys = {one.project: self._settle(one, highest) for one in offers if one.low <= highest}
        found = {p: buy for p, buy in buys.items() if buy is not None}
        least = min(buy.value for buy in found.values())
        level = sorted(
            (p for p, buy in found.items() if buy.value == least), key=self.market.ranks.__getitem__
        )
        if len(level) > 1:
            names = tuple(self.market.election.projects[p] for p in level)
            self.ties.append(Tie(names, names[0]))
        return next(one for one in offers if one.project == level[0]), found[level[0]]

    def _settle(self, offer: _Offer, highest: float) -> _Buy | None:
        """The best way to buy a project, exactly; None when all of its ways are worse than that."""
        cost, denominator = self.market.election.costs[offer.project], self.ledger.denominator
        near = np.flatnonzero(offer.lows <= highest)
        values = {
            Fraction(money, points * denominator)
            for money, points, _places in by_exact_money(self.ledger, offer.fans, near)
        }
        if offer.low_of_whole <= highest and (whole := self._whole(offer)) is not None:
            values.add(whole)
        found = list[_Buy]()
        for x in values:
            if (part := self._collected(offer, x) / cost) <= 1:
                value = self.market.normal(offer.project, x / part**2)
                found.append(_Buy(value, part, x / part))
        return min(found, key=lambda buy: (buy.value, -buy.part), default=None)

    def _whole(self, offer: _Offer) -> Fraction | None:
        """The least rate at which the supporters pay the cost, exactly; None when they cannot."""
        fans, held = offer.fans, offer.held
        cost = self.market.election.costs[offer.project] * self.ledger.denominator
        if self.ledger.left(fans.voters) < cost:
            return None
        weights = 1.0 if fans.weights is None else fans.weights
        due = offer.whole * weights
        near = self.error + offer.doubt * weights + _SLACK * (due + self.error)
        poor = held < due - near
        between = ~poor & (held <= due + near)
        rest, payers = cost - self.ledger.left(fans.voters[poor]), fans.total(~poor)
        for money, points, places in by_exact_money(self.ledger, fans, np.flatnonzero(between)):
            if money * payers < rest * points:
                rest, payers = rest - money * len(places), payers - points * len(places)
        return Fraction(rest, payers * self.ledger.denominator)

    def _collected(self, offer: _Offer, rate: Fraction) -> Fraction:
        """What the supporters pay together at this rate, exactly."""
        poor, _level = self._short(offer, rate)
        spent = self.ledger.amount(self.ledger.left(offer.fans.voters[poor]))
        return spent + rate * offer.fans.total(~poor)

    def _short(self, offer: _Offer, rate: Fraction) -> tuple[Mask, Mask]:
        """Who has less than they would pay at this rate, and who has exactly that."""
        fans, held = offer.fans, offer.held
        due = float(rate / self.market.scale) * (1.0 if fans.weights is None else fans.weights)
        near = self.error + _SLACK * (due + self.error)
        poor = held < due - near
        level = np.zeros(len(held), np.bool_)
        between = np.flatnonzero(~poor & (held <= due + near))
        for money, points, places in by_exact_money(self.ledger, fans, between):
            asked = rate * points * self.ledger.denominator
            poor[places], level[places] = money < asked, money == asked
        return poor, level

    def _buy(self, offer: _Offer, buy: _Buy) -> None:
        """Let the supporters of a project pay at its rate, and the budget the rest."""
        p, fans = offer.project, offer.fans
        votes, cost = self.market.election.votes[p], self.market.election.costs[p]
        poor, level = self._short(offer, buy.rate)
        payment, paid = self._payment(offer, buy.rate, poor), self._collected(offer, buy.rate)
        self.ledger.record(p, buy.rate * self.ledger.denominator, fans.voters[poor | level])
        rate = float(buy.rate / self.market.scale)
        left = offer.held - rate * (1.0 if fans.weights is None else fans.weights)
        left = np.maximum(left, _TRACE_OF_MONEY)
        left[poor | level] = 0.0
        self.money[fans.voters] = left
        self.error += self._charge
        partial = int(np.count_nonzero(poor))
        full, broke = len(poor) - partial, votes - len(poor)
        name, share = self.market.election.projects[p], self.market.first
        amounts = {"payment": payment, "share": share}
        if buy.part < 1:
            amounts |= {"paid": paid, "cost": Fraction(cost)}
        kind = "funded-by-overspending" if buy.part < 1 else "funded-by-shares"
        row = Round(name, payment, full, partial, broke, cost / payment, buy.rate)
        self._fund(p, row, Reason(kind, votes, amounts))

    def _payment(self, offer: _Offer, rate: Fraction, poor: Mask) -> Fraction:
        """The most one supporter pays: by points in full, or all of what they have."""
        fans, most = offer.fans, Fraction(0)
        if not poor.all():
            most = rate * (1 if fans.points is None else int(fans.points[~poor].max()))
        if poor.any():
            voters, held = fans.voters[poor], offer.held[poor]
            richest = voters[held >= held.max() - 3 * self.error]
            amounts = (self.ledger.amount(money) for money, _ in self.ledger.holdings(richest))
            most = max(most, *amounts)
        return most

    def _fund(self, p: int, row: Round, reason: Reason) -> None:
        self.rounds[p], self.why[p] = row, reason
        self.bought.append(p)
        self.left -= self.market.election.costs[p]
        self.field.fund(p)

    def reasons(self) -> list[Reason]:
        """Why each project was funded or not."""
        election = self.market.election
        fewest = min((election.votes[p] for p in self.bought), default=len(election.ballots))
        told = self.why | self.field.out
        for p in self.field.inside:
            votes, amounts = election.votes[p], {"cost": Fraction(election.costs[p])}
            if election.costs[p] > self.left:
                amounts["left"] = Fraction(self.left)
                told[p] = Reason("beyond-what-is-left", votes, amounts)
            else:
                told[p] = Reason("shares-used-up", votes, amounts, outvoted=votes > fewest)
        return [told[p] for p in range(len(election.projects))]


def _least(rates: Floats, paid: Floats, cost: float, worth: float) -> Floats:
    """What is least for the best, for these x and what is paid at them: at most the cost counts."""
    part = np.clip(paid / cost, 0.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        least: Floats = np.where(part > 0.0, rates / part**2 / worth, np.inf)
    return least
