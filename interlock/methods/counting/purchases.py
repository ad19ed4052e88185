"""One run of equal shares: from equal endowments to the last project its supporters can pay.

Supporter i of a project gave it w_i points (on approval ballots 1). The project is payable when its
supporters together have its cost, and its rate, the price of one point, is then the least q with

    sum over supporters of min(money_i, q w_i) = cost.

The project of the least q / m is bought, m being its cost where supporters count what is spent on
what they like (utility "cost"), else 1: D. Peters, G. Pierczyński and P. Skowron, "Proportional
Participatory Budgeting with Additive Utilities" (NeurIPS 2021).

Floating point steers the search and whole numbers decide. The running error bound of `Run` is
proven beside the code, and whatever lies within it is settled by the exact ledger.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from interlock.methods.counting.election import Election, Integers
from interlock.methods.counting.ledger import Ledger, whole_sum
from interlock.methods.counting.limits import Field, places_of
from interlock.methods.counting.names import Rule
from interlock.methods.counting.reasons import Reason
from interlock.methods.counting.result import Round, Tie

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Voters = npt.NDArray[np.int32] | Places

# Half the distance from 1.0 to the next float: the relative error of one rounding.
UNIT_ROUNDOFF = 2.0**-53

# Covers the few roundings of a bound's own arithmetic.
SLACK = 4 * UNIT_ROUNDOFF

# Voters who are out are left away where at least `FEW` supporters are fewer than `MANY` times that.
FEW, MANY = 256, 0.8

# As many supporters take less time as they are than twice their memory does.
_LARGE = 2**18

# Stands for "almost nothing, but still in": exactly 0.0 means out.
_TRACE_OF_MONEY = 1e-300


class Fans(NamedTuple):
    """The supporters of a project who may still have money, with their points where points count."""

    voters: Voters
    weights: Floats | None = None
    points: Integers | None = None

    def only(self, some: Mask) -> Fans:
        weights = None if self.weights is None else self.weights[some]
        return Fans(self.voters[some], weights, None if self.points is None else self.points[some])

    def total(self, among: Mask | None = None) -> int:
        """Their points together, or those of some of them."""
        if self.points is None:
            return self.voters.size if among is None else int(np.count_nonzero(among))
        return whole_sum(self.points if among is None else self.points[among])


class Market:
    """What all runs of one count share: who supports what, with how many points.

    Floats are in units of `scale`, about the first share, so that no amount is out of their range.
    """

    def __init__(self, election: Election, rule: Rule, ranks: Sequence[int]) -> None:
        self.election = election
        self.ranks = ranks
        voters = len(election.ballots)
        share = Fraction(election.budget, voters) if voters else Fraction(0)
        # With "integral" a share is a whole number of currency units.
        self.first = share // election.unit * Fraction(election.unit) if rule.integral else share
        self.scale = max(share, Fraction(election.unit))
        field = Field(election)
        self.without_a_turn = dict(field.out)
        groups, caps = places_of(election)
        #: The projects that others can take out of the count when they are funded.
        self.limited = {p for places in (*groups, *(under for _cap, under in caps)) for p in places}
        self.entrants = list(field.inside)
        self.free = sorted(
            (p for p in self.entrants if not election.costs[p]), key=ranks.__getitem__
        )
        self.paid = [p for p in self.entrants if election.costs[p]]
        self.utility = rule.utility_of(election.ballots.kind)
        given = election.ballots.weights
        counted = self.utility == "points" and given is not None
        self.fans: dict[int, Fans] = {}
        for p in self.paid:
            points = election.weights_of(p) if counted else None
            weights = None if points is None else points.astype(np.float64)
            supporters = election.supporters_of(p)
            if len(supporters) < _LARGE:
                # Numpy's own kind of index, so that nothing is cast on the way.
                supporters = supporters.astype(np.intp)
            self.fans[p] = Fans(supporters, weights, points)
        #: The points of each mark, for the ledger; a mark of 0 points pays nothing.
        self.marks = given
        if given is not None and not counted:
            self.marks = None if given.all() else (given > 0).astype(np.int64)
        #: The fewest points of any supporter: how fast, at least, payments rise with the rate.
        self.least = {
            p: 1.0 if fans.weights is None else float(fans.weights.min())
            for p, fans in self.fans.items()
        }
        up, down = self.scale.as_integer_ratio()
        # Python divides whole numbers exactly and rounds once.
        self.costs = {p: election.costs[p] * down / up for p in self.paid}
        self.worth = {p: self.costs[p] if self.utility == "cost" else 1.0 for p in self.paid}
        self.starts = {p: self.costs[p] / self.fans[p].total() for p in self.paid}

    def waiting(self, bought: Collection[int] = ()) -> list[tuple[float, int]]:
        """A heap of the others that cost something, by a lower bound on rate / worth at any time."""
        others = (p for p in self.paid if p not in bought)
        heap = [(self.starts[p] / self.worth[p] * (1 - SLACK), p) for p in others]
        heapq.heapify(heap)
        return heap

    def full_rate(self, project: int, fans: Fans) -> Fraction:
        """What decides who is first where these supporters, and no others, pay in full."""
        return self.normal(project, Fraction(self.election.costs[project], fans.total()))

    def endowment(self, steps: int) -> Fraction:
        return self.first + steps * self.election.unit

    def normal(self, project: int, rate: Fraction) -> Fraction:
        """What decides who is first: the rate, or, under "cost", its part of the cost."""
        return rate / self.election.costs[project] if self.utility == "cost" else rate


class Basket:
    """What is funded so far, in order, free projects first, and what can no longer be."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self.field = Field(market.election) if market.limited else None
        self.bought: list[int] = []
        self.gone: set[int] = set()
        self.spent = 0
        for p in market.free:
            if p not in self.gone:
                self.add(p)
        self.free = len(self.bought)

    def add(self, p: int) -> None:
        """Project p is funded: those drop out that it excludes or leaves no room under a cap."""
        self.bought.append(p)
        self.spent += self._market.election.costs[p]
        if self.field is not None:
            self.gone.update(self.field.fund(p))

    @property
    def open(self) -> list[int]:
        """The projects that still take part and are not funded."""
        over = self.gone.union(self.bought)
        return [p for p in self._market.entrants if p not in over]


class Offer(NamedTuple):
    """A project its supporters can pay for, and bounds on its rate.

    `rate` is a float in units of `Market.scale`; the exact rate is within `spread` of it; `low` and
    `high` enclose rate / worth. `held` is what its `fans` have.
    """

    project: int
    rate: float
    spread: float
    low: float
    high: float
    fans: Fans
    held: Floats


class Settlement(NamedTuple):
    """The exact rate of a project now, in amounts of the ledger, and who pays how.

    `partial` are the supporters who give all they have, `out` those left with nothing; `full` are
    the places, among the supporters, of the others.
    """

    rate: Fraction
    full: Mask | None
    payers: int
    partial: Voters
    out: Voters


class Purchase(NamedTuple):
    """One project bought: an upper bound on rate / worth, and how many paid how.

    `payment` is the most one supporter paid where points differ; where they do not, it is the rate.
    """

    project: int
    high: float
    full: int
    partial: int
    payment: Fraction | None


class Run:
    """One pass of equal shares with the share of `steps` raises.

    The float `money` of voters still in is in units of `Market.scale`; `error` bounds how far any of
    it is from the truth. The proof: the share s enters rounded once, off by at most u s with
    u = 2^-53. A payment is the product of a rate, rounded once from its fraction, and of points,
    rounded at most once; with the product's own rounding it is off by at most 3u times the payment
    (and terms in u^2), and no true payment exceeds the true money, at most s. The subtraction rounds
    once more a number of at most s + error. Each round therefore adds less than 5u (s + error), and
    8u s is charged, which suffices while error < s / 2, for 2^47 rounds. Lifting a result below
    `_TRACE_OF_MONEY` up to it cannot move it away from the true amount, which is never negative, by
    more than that.
    """

    def __init__(self, market: Market, steps: int) -> None:
        self.market = market
        self.steps = steps
        self.endowment = market.endowment(steps)
        self.ledger = Ledger(market.election, self.endowment, market.marks)
        share = self.endowment / market.scale
        start = share.numerator / share.denominator
        self.money: Floats = np.full(len(market.election.ballots), start)
        self.error = 0.0 if share == 1 else UNIT_ROUNDOFF * start
        self._charge = 8 * UNIT_ROUNDOFF * start
        self.purchases: list[Purchase] = []
        self.ties: list[Tie] = []
        self.basket = Basket(market)
        # Lower bounds on rate / worth. They only rise, because money only falls.
        self.waiting = market.waiting()
        # Where the search for the rate begins: at most the rate, up to the spread of its offer.
        self.rates = dict(market.starts)
        # Whoever has nothing left never has anything again.
        self.fans = dict(market.fans)

    def out(self) -> dict[int, Reason]:
        """Why projects took no part, or dropped out on the way."""
        field = self.basket.field
        return self.market.without_a_turn if field is None else field.out

    def finish(self) -> Run:
        """Buy until nothing more can be paid."""
        while offers := self.offers():
            self.buy(*self.best(offers))
            self.keep(offers)
        return self

    def offers(self) -> list[Offer]:
        """Offers among which the best is. Only those are priced anew whose bound is low enough."""
        seen = list[Offer]()
        highest = float("inf")
        while self.waiting and self.waiting[0][0] <= highest:
            p = heapq.heappop(self.waiting)[1]
            offer = None if p in self.basket.gone else self.offer(p)
            if offer is not None:
                seen.append(offer)
                highest = min(highest, offer.high)
        return seen

    def keep(self, offers: Sequence[Offer]) -> None:
        """Let the offers that were not taken wait for the next round."""
        last = self.purchases[-1].project if self.purchases else -1
        for one in offers:
            if one.project != last:
                heapq.heappush(self.waiting, (one.low, one.project))

    def offer(self, p: int) -> Offer | None:
        """The float rate of project p, or None when its supporters cannot pay for it."""
        market, fans = self.market, self.fans[p]
        voters, weights, _ = fans
        held, cost, worth = self.money[voters], market.costs[p], market.worth[p]
        if held.size > FEW and np.count_nonzero(held) < MANY * held.size:
            alive = held > 0.0
            fans = self.fans[p] = fans.only(alive)
            voters, weights, _ = fans
            held = held[alive]
        # Each term is within `error`.
        total = float(np.add.reduce(held))
        noise = held.size * self.error + rounding(held.size, total + cost)
        if total < cost - noise:
            return None
        if total <= cost + noise and not self.affordable(p):
            return None
        rate, paid = paid_rate(held, weights, cost, self.rates[p])
        self.rates[p] = rate
        # What all would pay at a rate q, F(q) = sum of min(money, q w), grows at least `least`
        # times as fast as q below the largest money / w, since someone still pays in full. So a
        # rate at which F misses the cost by d is within d / least of the true rate; error / least
        # more if it lies above that largest money / w.
        spread = (abs(paid - cost) + noise + self.error) / market.least[p] * (1 + SLACK)
        low = max(0.0, rate - spread) / worth * (1 - SLACK)
        high = (rate + spread) / worth * (1 + SLACK)
        return Offer(p, rate, spread, low, high, fans, held)

    def affordable(self, p: int) -> bool:
        """Whether the supporters of p can pay its cost, exactly."""
        left = self.ledger.left(self.fans[p].voters)
        return left >= self.market.election.costs[p] * self.ledger.denominator

    def settle(self, offer: Offer) -> Settlement:
        """The exact rate of an offer: voters near the float rate are sorted by exact holdings."""
        fans, held = offer.fans, offer.held
        voters, weights, _ = fans
        cost = self.market.election.costs[offer.project] * self.ledger.denominator
        due: Floats | float = offer.rate if weights is None else offer.rate * weights
        # A payment in full is known up to the spread; its own arithmetic rounds a few times.
        near = (
            self.error
            + offer.spread * (1.0 if weights is None else weights)
            + 8 * UNIT_ROUNDOFF * due
        )
        rich: Mask = held > due + near
        if rich.all():
            return Settlement(Fraction(cost, fans.total()), None, rich.size, voters[:0], voters[:0])
        still_in = held > 0.0
        short: Mask = (held < due - near) & still_in
        between: Mask = still_in & ~rich & ~short
        poor = voters[short]
        rest = cost - self.ledger.left(poor)
        full, partial, out = rich, [poor], [poor]
        payers = fans.total(rich | between)
        if between.any():
            full = rich.copy()
            for money, w, group in by_exact_money(self.ledger, fans, np.flatnonzero(between)):
                if money * payers < rest * w:
                    rest, payers = rest - money * len(group), payers - w * len(group)
                    partial.append(voters[group])
                    out.append(voters[group])
                    continue
                full[group] = True
                if money * payers == rest * w:
                    out.append(voters[group])
        return Settlement(
            Fraction(rest, payers),
            full,
            int(np.count_nonzero(full)),
            _joined(partial),
            _joined(out),
        )

    def best(self, offers: Sequence[Offer]) -> tuple[Offer, Settlement]:
        """The offer of least rate / worth, exactly; among equals the first of the tie order."""
        highest = min(offer.high for offer in offers)
        near = [one for one in offers if one.low <= highest]
        if len(near) == 1:
            return near[0], self.settle(near[0])
        settled = {one.project: (one, self.settle(one)) for one in near}
        normal = {p: self.market.normal(p, one.rate) for p, (_, one) in settled.items()}
        least = min(normal.values())
        level = sorted((p for p in normal if normal[p] == least), key=self.market.ranks.__getitem__)
        if len(level) > 1:
            names = tuple(self.market.election.projects[p] for p in level)
            self.ties.append(Tie(names, names[0]))
        return settled[level[0]]

    def buy(self, offer: Offer, settlement: Settlement) -> None:
        """Let the supporters of a project pay for it."""
        p, full = offer.project, settlement.full
        voters, weights, _ = offer.fans
        scale, rate = self.market.scale, settlement.rate
        # One rounding: the quotient of two whole numbers.
        float_rate = (rate.numerator * scale.denominator) / (
            rate.denominator * self.ledger.denominator * scale.numerator
        )
        payment = None if weights is None else self._payment(offer, settlement)
        self.ledger.record(p, rate, settlement.out)
        left = offer.held - (float_rate if weights is None else float_rate * weights)
        np.maximum(left, _TRACE_OF_MONEY, out=left)
        if full is None:
            self.money[voters] = left
        else:
            self.money[voters[full]] = left[full]
            self.money[settlement.out] = 0.0
        self.error += self._charge
        partial = len(settlement.partial)
        self.purchases.append(Purchase(p, offer.high, settlement.payers, partial, payment))
        self.basket.add(p)

    def rate(self, number: int) -> Fraction:
        """The exact rate of a purchase, in the election's own integers."""
        return self.ledger.amount(self.ledger.rates[number])

    def rounds(self) -> list[Round]:
        """The rounds, free projects first, with their exact rates."""
        election = self.market.election
        told = [
            Round(election.projects[p], Fraction(0), votes, 0, 0, Fraction(votes))
            for p in self.basket.bought[: self.basket.free]
            for votes in [election.votes[p]]
        ]
        for number, one in enumerate(self.purchases):
            p, rate = one.project, self.rate(number)
            broke = election.votes[p] - one.full - one.partial
            payment = rate if one.payment is None else one.payment
            effective = election.costs[p] / payment
            told.append(
                Round(election.projects[p], payment, one.full, one.partial, broke, effective, rate)
            )
        return told

    def _payment(self, offer: Offer, settlement: Settlement) -> Fraction:
        """The most one supporter pays: by points in full, or all of what they have."""
        points, full = offer.fans.points, settlement.full
        assert points is not None
        most = settlement.rate * int((points if full is None else points[full]).max())
        if len(settlement.partial):
            held = self.money[settlement.partial]
            richest = settlement.partial[held >= held.max() - 2 * self.error]
            most = max(most, *(Fraction(money) for money, _ in self.ledger.holdings(richest)))
        return most / self.ledger.denominator


def by_exact_money(ledger: Ledger, fans: Fans, places: Places) -> list[tuple[int, int, Places]]:
    """Supporters by exact money and points, the least money per point first."""
    points = np.ones(len(places), np.int64) if fans.points is None else fans.points[places]
    found = list[tuple[int, int, Places]]()
    for w in np.unique(points).tolist():
        some = places[points == w]
        voters = fans.voters[some]
        for money, group in ledger.holdings(voters):
            found.append((money, w, some[np.isin(voters, group)]))
    return sorted(found, key=lambda one: Fraction(one[0], one[1]))


def _joined(parts: Sequence[Voters]) -> Voters:
    if len(parts) == 1:
        return parts[0]
    return cast("Voters", np.concatenate(parts))


def paid_rate(
    held: Floats, weights: Floats | None, cost: float, start: float
) -> tuple[float, float]:
    """The float rate, rising from `start`, and what all together pay at it; less than the cost
    where that is all they have.

    At each rate, whoever has less gives all and the others share the rest, which raises the rate;
    it settles after two passes on average, without sorting. The last pass is spared where a raise
    leaves nobody behind: what is paid rises in proportion then, and reaches the cost.
    """
    if weights is not None:
        return _rate_by_points(held, weights, cost, start)
    rate, rich = start, int(np.count_nonzero(held >= start))
    while True:
        paid = float(np.add.reduce(np.minimum(held, rate)))
        if not paid < cost:
            return rate, paid
        if not rich:
            return float(held.max()), paid
        raised = rate + (cost - paid) / rich
        if not raised > rate:
            return rate, paid
        still = int(np.count_nonzero(held >= raised))
        if still == rich:
            return raised, cost
        rate, rich = raised, still


def _rate_by_points(
    held: Floats, weights: Floats, cost: float, start: float
) -> tuple[float, float]:
    """As `paid_rate`, where each supporter pays for as many points as they gave."""
    rate = start
    while True:
        due = rate * weights
        paid = float(np.add.reduce(np.minimum(held, due)))
        if not paid < cost:
            return rate, paid
        rich = float(weights[held >= due].sum())
        if not rich:
            return float((held / weights).max()), paid
        raised = rate + (cost - paid) / rich
        if not raised > rate:
            return rate, paid
        rate = raised


def rounding(terms: int, amount: float) -> float:
    """A bound on what rounding does to a float sum of at most `amount`, and to a rate found by it.

    Any float sum of m terms that are not negative is within about m u of itself, with u = 2^-53
    (N. Higham, "Accuracy and Stability of Numerical Algorithms", 4.2), each product of rate and
    points rounds twice, and the cost and the few operations around them once each: 4 (m + 8) u
    covers them twice.
    """
    return 4 * (terms + 8) * UNIT_ROUNDOFF * amount
