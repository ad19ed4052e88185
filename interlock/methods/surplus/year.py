"""A co-op's fiscal year: what its closing follows from, and what keeps it from being closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from interlock.methods.surplus.policy import Policy, faults_of_policy
from interlock.methods.surplus.reasons import Fault, fault


@dataclass(frozen=True)
class Worker:
    """Somebody who worked in the year.

    `hours` are those worked as a member, `hours_before` those of probation or candidacy, which count
    as the labour of non-members, as all hours do of who is no member. `wages` are minor units.
    `left` is the last day, for who left in the year: the hours until then count, and an `is_member`
    who left still gets the share.
    """

    id: str
    hours: Fraction = Fraction(0)
    wages: int = 0
    is_member: bool = True
    hours_before: Fraction = Fraction(0)
    left: date | None = None


@dataclass(frozen=True)
class Year:
    """All that the closing of a year follows from. Amounts are whole minor units.

    `net` is the net income on the tax basis, below 0 for a loss; `nonpatronage` the part of it that
    no labour made, such as interest. `nonmember_hours` and `nonmember_wages` are those of workers
    that are not listed. `number` counts the co-op's fiscal years from 1; a loss may need it. `balances` are what funds
    had before, `accounts` what members had in their accounts; who is missing has 0. `reason` says
    why a policy adopted after `begins` is used all the same.
    """

    policy: Policy
    net: int
    workers: tuple[Worker, ...] = ()
    nonmember_hours: Fraction = Fraction(0)
    nonpatronage: int = 0
    number: int | None = None
    nonmember_wages: int = 0
    begins: date | None = None
    balances: Mapping[str, int] = field(default_factory=dict)
    accounts: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""

    @property
    def is_discretionary(self) -> bool:
        """Whether the policy came after the year had begun: no obligation before the earnings."""
        adopted = self.policy.adopted
        return adopted is not None and self.begins is not None and adopted > self.begins

    @property
    def lacks_reason(self) -> bool:
        """Whether a reason has to be given before this is posted."""
        return self.is_discretionary and not self.reason.strip()


def faults_of(year: Year) -> tuple[Fault, ...]:
    """All that keeps a year from being closed, its policy included; () when nothing does.

    That a reason is missing is none: a draft may be looked at without (`Year.lacks_reason`).
    """
    return (*faults_of_policy(year.policy), *_faults_of_year(year))


def _faults_of_year(year: Year) -> Iterator[Fault]:
    if year.number is None:
        if year.net < 0 and year.policy.losses.collective_years:
            yield fault("year-missing", "number")
    elif year.number < 1:
        yield fault("year-number", "number")
    for place, amount in (
        ("nonmember_hours", year.nonmember_hours),
        ("nonmember_wages", year.nonmember_wages),
    ):
        if amount < 0:
            yield fault("below-zero", place)
    funds = {one.fund for one in year.policy.slices}
    for fund in year.balances:
        if fund not in funds:
            yield fault("unknown-fund", f"balances.{fund}", fund=fund)
    for name, times in Counter(one.id for one in year.workers).items():
        if times > 1:
            yield fault("again", "workers", name=name)
    for index, one in enumerate(year.workers):
        yield from _faults_of_worker(f"workers[{index}]", one, year.begins)


def _faults_of_worker(path: str, one: Worker, begins: date | None) -> Iterator[Fault]:
    if not one.id.strip():
        yield fault("no-name", f"{path}.id")
    for place, amount in (
        ("hours", one.hours),
        ("hours_before", one.hours_before),
        ("wages", one.wages),
    ):
        if amount < 0:
            yield fault("below-zero", f"{path}.{place}")
    if one.left and begins and one.left < begins and one.hours:
        yield fault("left-before", f"{path}.left", name=one.id)
