"""The closing of a year: surplus and profit, the waterfall of slices, and each member's share.

Whole minor units and fractions only. For a net income N of 0 or more:

1. The *surplus* is what the members' labour made, S = (N - nonpatronage) × members' hours / all hours,
   rounded half up, from 0 to N; the *profit* is the rest, P = N - S.
2. Each slice of the policy takes its part, in order, of what is left of profit and surplus.
3. The members' dividend is divided by patronage with largest remainders (`apportioned`).
4. Of each allocation the cash rate is paid, rounded half up; under Subchapter T at least a fifth of
   each qualified dividend, rounded up (26 USC 1388(c)(1)). The rest is a written notice.

A loss is divided between a collective fund and the members as the policy says. Nothing is lost on the
way: what funds, members and the loss carried forward get is N, always.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from interlock.methods.surplus.apportioning import apportioned, half_up, summed
from interlock.methods.surplus.policy import (
    AMOUNT,
    ANY,
    DIVIDEND,
    EQUAL,
    HOURS,
    MIX,
    NET,
    OF_WAGES,
    PROFIT,
    REMAINDER,
    SUBCHAPTER_T,
    SURPLUS,
    TARGET,
    UNDIVIDED,
    WAGES,
    Slice,
)
from interlock.methods.surplus.reasons import Step, SurplusError
from interlock.methods.surplus.year import Worker, Year, faults_of

FLOOR = 5  # of a qualified dividend at least one part in so many is cash


@dataclass(frozen=True)
class Given:
    """What a slice got, of profit and of surplus, and how."""

    slice: Slice
    from_profit: int
    from_surplus: int
    steps: tuple[Step, ...]

    @property
    def amount(self) -> int:
        """All that it got."""
        return self.from_profit + self.from_surplus


@dataclass(frozen=True)
class Share:
    """What the year means for one member, and how; amounts are minor units.

    `weight` is what the share is measured by, `exact` the share before rounding, `allocation` the
    share, below 0 for a loss, `cash` what of it is paid. Who has no share does not `count`.
    """

    worker: Worker
    counts: bool
    weight: Fraction
    exact: Fraction
    allocation: int
    cash: int
    steps: tuple[Step, ...]

    @property
    def notice(self) -> int:
        """The part of the dividend that is allocated in writing and not paid."""
        return max(0, self.allocation - self.cash)

    @property
    def account(self) -> int:
        """By how much the member account changes."""
        return self.allocation - self.cash


@dataclass(frozen=True)
class Closed:
    """A closed year, with every step of its arithmetic.

    `funds` are the changes of the funds, `carried` what of a loss nobody bears yet (0 or less).
    Their sum with all members' allocations is the net income.
    """

    year: Year
    surplus: int
    profit: int
    opening: tuple[Step, ...]
    given: tuple[Given, ...]
    sharing: tuple[Step, ...]
    members: tuple[Share, ...]
    funds: Mapping[str, int]
    carried: int = 0

    @property
    def pool(self) -> int:
        """What the slices left to members, before it was divided."""
        return sum(one.amount for one in self.given if one.slice.kind == DIVIDEND)

    @property
    def allocated(self) -> int:
        """What members got together, below 0 for a loss."""
        return sum(one.allocation for one in self.members)

    @property
    def collective(self) -> int:
        """What all funds got together, below 0 for a loss."""
        return sum(self.funds.values())

    @property
    def is_discretionary(self) -> bool:
        """Whether the policy was adopted after the year had begun."""
        return self.year.is_discretionary

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in their order, those of members last."""
        found = [*self.opening]
        for given in self.given:
            found += given.steps
        found += self.sharing
        for share in self.members:
            found += share.steps
        return tuple(found)

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data: amounts in minor units, exact numbers as texts."""
        return {
            "policy": self.year.policy.name,
            "net": self.year.net,
            "surplus": self.surplus,
            "profit": self.profit,
            "slices": [
                {
                    "fund": one.slice.fund,
                    "kind": one.slice.kind,
                    "amount": one.amount,
                    "from_profit": one.from_profit,
                    "from_surplus": one.from_surplus,
                    "steps": [step.to_json() for step in one.steps],
                }
                for one in self.given
            ],
            "dividend_pool": self.pool,
            "funds": dict(self.funds),
            "collective_total": self.collective,
            "carried": self.carried,
            "members": {
                one.worker.id: {
                    "counts": one.counts,
                    "weight": str(one.weight),
                    "exact": str(one.exact),
                    "allocation": one.allocation,
                    "cash": one.cash,
                    "notice": one.notice,
                    "steps": [step.to_json() for step in one.steps],
                }
                for one in self.members
            },
            "is_discretionary": self.is_discretionary,
            "lacks_reason": self.year.lacks_reason,
            "steps": [step.to_json() for step in (*self.opening, *self.sharing)],
        }


def close(year: Year) -> Closed:
    """Close a year. Raises SurplusError with all that is wrong in it.

    >>> from interlock.methods.surplus.presets import PRESETS
    >>> workers = Worker("ana", Fraction(2000)), Worker("ben", Fraction(1000))
    >>> closed = close(Year(PRESETS["selc"], 60_000_00, workers, nonmember_hours=Fraction(1000)))
    >>> closed.surplus, closed.profit, dict(closed.funds)
    (4500000, 1500000, {'Collective account': 1500000})
    >>> [(one.worker.id, one.allocation, one.cash, one.notice) for one in closed.members]
    [('ana', 3000000, 1500000, 1500000), ('ben', 1500000, 750000, 750000)]
    """
    if faults := faults_of(year):
        raise SurplusError(faults)
    return _with_loss(year) if year.net < 0 else _with_gain(year)


def _with_gain(year: Year) -> Closed:
    surplus, splitting = _split(year)
    waterfall = _Waterfall(year, surplus)
    given = tuple(map(waterfall.take, year.policy.slices))
    pool = sum(one.amount for one in given if one.slice.kind == DIVIDEND)
    funds, division = waterfall.given, _Division(year, pool)
    sharing = list[Step]()
    if division.weights:
        sharing.append(division.step)
    elif pool:
        fund = year.policy.collective
        funds[fund] = funds.get(fund, 0) + pool
        sharing.append(_step("pool-unclaimed", {"pool": pool}, fund=fund))
    return Closed(
        year,
        surplus,
        year.net - surplus,
        (*_lateness(year), *splitting),
        given,
        tuple(sharing),
        tuple(_paid(year, division, one) for one in year.workers if one.is_member),
        funds,
    )


def _with_loss(year: Year) -> Closed:
    loss, fund = -year.net, year.policy.bearing
    collective, steps = _collective_loss(year)
    borne = loss - collective
    division, sharing = _Division(year, borne), list[Step]()
    if borne and division.weights:
        steps.append(_step("loss-members", {"members": borne}))
        sharing.append(division.step)
    elif borne:
        steps.append(_step("loss-unclaimed", {"members": borne}, fund=fund))
        collective, borne = loss, 0
    members = tuple(_charged(year, division, one) for one in year.workers if one.is_member)
    carried = borne + sum(one.allocation for one in members)
    if carried:
        sharing.append(_step("loss-carried", {"carried": carried}))
    opening = (*_lateness(year), *steps)
    funds = {fund: -collective}
    return Closed(year, 0, 0, opening, (), tuple(sharing), members, funds, -carried)


def _lateness(year: Year) -> Iterator[Step]:
    if year.is_discretionary:
        told = {"adopted": str(year.policy.adopted), "begins": str(year.begins)}
        yield Step("late", {}, told)
        if year.lacks_reason:
            yield Step("late-why")
        else:
            yield Step("late-because", {}, {"reason": year.reason})


# Surplus and profit


def _split(year: Year) -> tuple[int, list[Step]]:
    """The surplus, and how it was found."""
    made, (mine, others) = year.net - year.nonpatronage, _labour(year)
    labour = {"members": mine, "others": others, "all": mine + others}
    if year.policy.split == UNDIVIDED or not mine + others:
        exact, steps = Fraction(made), list[Step]()
    else:
        exact = made * mine / (mine + others)
        steps = [_measured(year, f"labour-{year.policy.split}", {}, labour)]
    raw = half_up(exact)
    told = {"net": year.net, "nonpatronage": year.nonpatronage}
    told |= {"surplus": raw, "profit": year.net - raw}
    if not steps:
        steps.append(_step("split-undivided", told))
    else:
        del labour["others"]
        if exact == raw:
            steps.append(_measured(year, "split-exact", told, labour))
        else:
            steps.append(_measured(year, "split", told | {"exact": exact}, labour))
    held = min(max(raw, 0), year.net)
    if held != raw:
        told = {"net": year.net, "surplus": held, "profit": year.net - held}
        steps.append(_step("surplus-held", told))
    return held, steps


def _measured(
    year: Year, code: str, amounts: Mapping[str, Fraction | int], labour: Mapping[str, Fraction]
) -> Step:
    """A step that tells of labour, which is money where it is measured by wages."""
    if year.policy.split == WAGES:
        return _step(code, {**amounts, **labour})
    return _step(code, amounts, **labour)


def _labour(year: Year) -> tuple[Fraction, Fraction]:
    """What members worked as members, and all other labour: hours, or wages in minor units."""
    members = [one for one in year.workers if one.is_member]
    if year.policy.split == WAGES:
        everything = sum(one.wages for one in year.workers) + year.nonmember_wages
        mine = Fraction(sum(one.wages for one in members))
        return mine, everything - mine
    mine = summed(one.hours for one in members)
    before = summed(one.hours_before for one in year.workers)
    others = summed(one.hours for one in year.workers if not one.is_member)
    return mine, before + others + year.nonmember_hours


# The waterfall


class _Waterfall:
    """What is left of profit and surplus, and what funds were given, slice after slice."""

    def __init__(self, year: Year, surplus: int) -> None:
        self.year = year
        self.profit, self.surplus = year.net - surplus, surplus
        self.had_profit = self.profit > 0
        self.given: dict[str, int] = {}

    def take(self, one: Slice) -> Given:
        steps = list[Step]()
        asked = self._asked(one, steps)
        amount = min(asked, self._most(one, asked, steps))
        if amount > self._left(one):
            amount = self._left(one)
            steps.append(_step("only-left", {"amount": amount}))
        if one.kind == DIVIDEND:
            surplus = 0 if one.source == PROFIT else min(amount, self.surplus)
            profit = amount - surplus
        else:
            profit = 0 if one.source == SURPLUS else min(amount, self.profit)
            surplus = amount - profit
            self.given[one.fund] = self.given.get(one.fund, 0) + amount
        self.profit -= profit
        self.surplus -= surplus
        if amount and one.source == ANY and self.had_profit:
            steps.append(_step("slice-from", {"profit": profit, "surplus": surplus}))
        return Given(one, profit, surplus, tuple(steps))

    def _left(self, one: Slice) -> int:
        profit = 0 if one.source == SURPLUS else self.profit
        surplus = 0 if one.source == PROFIT else self.surplus
        return profit + surplus

    def _asked(self, one: Slice, steps: list[Step]) -> int:
        net, left, percent = self.year.net, self._left(one), one.share * 100
        if one.basis == NET:
            asked = half_up(one.share * net)
            amounts = {"net": net, "asked": asked}
        elif one.basis == REMAINDER:
            asked = half_up(one.share * left)
            amounts = {"left": left, "asked": asked}
        elif one.basis == TARGET:
            target, before = half_up(one.share * net), self.given.get(one.fund, 0)
            asked = max(0, target - before)
            amounts = {"net": net, "target": target, "before": before, "asked": asked}
        else:
            steps.append(_step("slice-rest", {"asked": left}, fund=one.fund))
            return left
        steps.append(_step(f"slice-{one.basis}", amounts, fund=one.fund, percent=percent))
        return asked

    def _most(self, one: Slice, asked: int, steps: list[Step]) -> int:
        """The most that its cap lets a slice have, and the step that tells so where it matters."""
        cap = one.cap
        if cap is None:
            return asked
        if cap.kind == AMOUNT:
            most = cap.amount
            step = _step("cap-amount", {"most": most, "amount": most})
        elif cap.kind == OF_WAGES:
            wages = sum(worker.wages for worker in self.year.workers if worker.is_member)
            most = math.floor(cap.share * wages)
            amounts = {"wages": wages, "most": most, "amount": most}
            step = _step("cap-wages", amounts, percent=cap.share * 100)
        else:
            balance = self.year.balances.get(one.fund, 0) + self.given.get(one.fund, 0)
            most = max(0, cap.amount - balance)
            amounts = {"balance": balance, "full": cap.amount, "amount": most}
            step = _step("cap-balance", amounts)
        if most < asked:
            steps.append(step)
        return most


# Members


class _Division:
    """A pool, or a loss, divided among the members who have a share in it."""

    def __init__(self, year: Year, pool: int) -> None:
        self.patronage, self.pool = year.policy.patronage, pool
        least = self.patronage.least_hours
        able = [one for one in year.workers if one.is_member and one.hours >= least]
        self.hours = summed(one.hours for one in able)
        self.wages = sum(one.wages for one in able)
        self.by = self._measure()
        measured = {one.id: self._weight(one) for one in able}
        self.weights = {name: weight for name, weight in measured.items() if weight}
        self.all = summed(self.weights.values())
        each = pool / self.all if self.weights else Fraction(0)
        self.exact = {name: each * weight for name, weight in self.weights.items()}
        self.whole = apportioned(pool, self.weights)
        up = [share % 1 for name, share in self.exact.items() if self.whole[name] > share]
        # What rounding down left over, and the smallest part cut off that got a unit of it.
        self.over, self.last = Fraction(len(up)), min(up, default=Fraction(0))

    def _measure(self) -> str:
        """A mix of which one part is nothing is the other part alone."""
        by, share = self.patronage.by, self.patronage.hours_share
        if by == MIX and (share == 1 or (share and not self.wages)):
            return HOURS
        if by == MIX and (share == 0 or not self.hours):
            return WAGES
        return by

    def _weight(self, one: Worker) -> Fraction:
        if self.by == EQUAL:
            return Fraction(1)
        if self.by == HOURS:
            return one.hours
        if self.by == WAGES:
            return Fraction(one.wages)
        share = self.patronage.hours_share
        return share * one.hours / self.hours + (1 - share) * one.wages / self.wages

    @property
    def step(self) -> Step:
        """How shares are measured, and all weights together."""
        if self.by == MIX:
            return _step("weights-mix", {"wages": self.wages}, hours=self.hours, **self._percents)
        if self.by == WAGES:
            return _step("weights-wages", {"all": self.all})
        return _step(f"weights-{self.by}", {}, all=self.all)

    def steps(self, one: Worker) -> Iterator[Step]:
        """From the pool to the whole units that a member who has a share gets of it."""
        yield self._share(one)
        exact, got = self.exact[one.id], self.whole[one.id]
        if exact != got:
            code = "rounded-up" if got > exact else "rounded-down"
            yield _step(code, {"allocation": got}, over=self.over, last=self.last, rest=exact % 1)

    def _share(self, one: Worker) -> Step:
        weight = self.weights[one.id]
        amounts = {"pool": Fraction(self.pool), "exact": self.exact[one.id]}
        if self.by == MIX:
            wages = {"wages": Fraction(one.wages), "all_wages": Fraction(self.wages)}
            hours = {"hours": one.hours, "all_hours": self.hours}
            return _step("share-mix", amounts | wages, **hours, **self._percents)
        if self.by == WAGES:
            return _step("share-wages", amounts | {"weight": weight, "all": self.all})
        return _step(f"share-{self.by}", amounts, weight=weight, all=self.all)

    @property
    def _percents(self) -> dict[str, Fraction]:
        share = self.patronage.hours_share * 100
        return {"hours_percent": share, "wages_percent": 100 - share}


def _paid(year: Year, division: _Division, one: Worker) -> Share:
    """A member's dividend."""
    if one.id not in division.weights:
        return _without(year, one)
    steps = [*_leaving(one), *division.steps(one)]
    allocation = division.whole[one.id]
    cash = _cash(year, allocation, steps)
    if allocation > cash:
        if year.policy.regime != SUBCHAPTER_T:
            code = "notice-plain"
        else:
            code = "notice-qualified" if year.policy.is_qualified else "notice-nonqualified"
        steps.append(_step(code, {"notice": allocation - cash}))
    weight, exact = division.weights[one.id], division.exact[one.id]
    return Share(one, True, weight, exact, allocation, cash, tuple(steps))


def _cash(year: Year, allocation: int, steps: list[Step]) -> int:
    policy = year.policy
    if not allocation:
        return 0
    if allocation <= policy.all_in_cash:
        steps.append(_step("cash-small", {"limit": policy.all_in_cash, "cash": allocation}))
        return allocation
    cash = half_up(allocation * policy.cash_rate)
    amounts = {"allocation": allocation, "cash": cash}
    steps.append(_step("cash-rate", amounts, percent=policy.cash_rate * 100))
    floor = -(-allocation // FLOOR) if policy.has_floor else 0
    if floor > cash:
        cash = floor
        steps.append(_step("cash-floor", {"allocation": allocation, "cash": cash}))
    return cash


def _charged(year: Year, division: _Division, one: Worker) -> Share:
    """A member's part of a loss."""
    if one.id not in division.weights:
        return _without(year, one)
    loss = division.whole[one.id]
    steps = [*_leaving(one), *division.steps(one)] if division.pool else []
    balance = max(0, year.accounts.get(one.id, 0))
    if not year.policy.losses.below_zero and loss > balance:
        amounts = {"balance": balance, "loss": balance, "carried": loss - balance}
        steps.append(_step("loss-stopped", amounts))
        loss = balance
    elif loss:
        steps.append(_step("loss-of-member", {"loss": loss}))
    weight, exact = division.weights[one.id], -division.exact[one.id]
    return Share(one, True, weight, exact, -loss, 0, tuple(steps))


def _collective_loss(year: Year) -> tuple[int, list[Step]]:
    """What of a loss a fund bears, and why."""
    loss, policy, terms = -year.net, year.policy, year.policy.losses
    steps = [_step("loss", {"loss": loss})]
    if year.number is not None and year.number <= terms.collective_years:
        number, years = Fraction(year.number), Fraction(terms.collective_years)
        steps.append(_step("loss-early", {}, number=number, years=years))
        return loss, steps
    collective = half_up(loss * terms.collective_share)
    amounts, percent = {"collective": collective}, terms.collective_share * 100
    steps.append(_step("loss-share", amounts, fund=policy.bearing, percent=percent))
    balance = max(0, year.balances.get(policy.bearing, 0))
    if terms.up_to_balance and collective > balance:
        collective = balance
        steps.append(_step("loss-balance", {"balance": balance, "collective": collective}))
    return collective, steps


def _without(year: Year, one: Worker) -> Share:
    """A member without a share, and why."""
    least = year.policy.patronage.least_hours
    if one.hours < least:
        step = _step("too-few-hours", {}, hours=one.hours, least=least)
    else:
        step = _step("no-patronage", {})
    return Share(one, False, Fraction(0), Fraction(0), 0, 0, (*_leaving(one), step))


def _leaving(one: Worker) -> Iterator[Step]:
    if one.left:
        yield Step("left", {}, {"left": str(one.left)})


def _step(code: str, amounts: Mapping[str, Fraction | int], **facts: Fraction | str) -> Step:
    exact = {
        name: amount if isinstance(amount, Fraction) else Fraction(amount)
        for name, amount in amounts.items()
    }
    return Step(code, exact, facts)
