"""A report of contracts with worker co-ops, year by year, as New York City's Local Law 22 of 2015 asks.

The law (Int. 0423-2014, administrative code § 22-901 and following as enacted on 18 March 2015) has the
city tell each year how many contracts worker co-ops were awarded and what they were worth. The report
tells that beside the number and worth of all contracts, and how many worker co-ops bid, so that a
reader sees whether they did not bid or did not win.

A contract or bid of several counts as a co-op's where the first of them, who leads, is one; `with` also
counts those in which a co-op has any part. What is paid is told by who received it.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from interlock.methods.formats.amounts import decimal_text

Kind = Literal["bid", "award", "contract", "payment"]
#: New York City's fiscal year, named by the year in which it ends.
JULY = 7


@dataclass(frozen=True)
class Side:
    """Who bid, was awarded, signed or was paid."""

    id: str
    is_coop: bool


@dataclass(frozen=True)
class Fact:
    """Something that happened on a day, with its amount in minor units; the leading side is first.

    One that `is_synthetic` is made up.
    """

    kind: Kind
    on: date
    amount: int
    currency: str
    decimals: int
    sides: Sequence[Side]
    is_synthetic: bool = False


@dataclass
class Tally:
    """How many, what they were worth, and the same of those that are a worker co-op's.

    With one in it that is made up it `is_synthetic` as a whole.
    """

    number: int = 0
    amount: int = 0
    coops: int = 0
    coops_amount: int = 0
    with_coops: int = 0
    is_synthetic: bool = False
    all_sides: set[str] = field(default_factory=set)
    coop_sides: set[str] = field(default_factory=set)

    def add(self, fact: Fact) -> None:
        leads = bool(fact.sides) and fact.sides[0].is_coop
        self.is_synthetic |= fact.is_synthetic
        self.number += 1
        self.amount += fact.amount
        self.coops += leads
        self.coops_amount += fact.amount if leads else 0
        self.with_coops += any(one.is_coop for one in fact.sides)
        self.all_sides.update(one.id for one in fact.sides)
        self.coop_sides.update(one.id for one in fact.sides if one.is_coop)


@dataclass(frozen=True)
class Year:
    """A fiscal year in one currency: its days and its four tallies."""

    name: int
    first: date
    last: date
    currency: str
    decimals: int
    bids: Tally
    awards: Tally
    contracts: Tally
    payments: Tally

    @property
    def is_synthetic(self) -> bool:
        parts = (self.bids, self.awards, self.contracts, self.payments)
        return any(one.is_synthetic for one in parts)


def fiscal_year(on: date, begins: int = JULY) -> int:
    """The fiscal year of a day: the calendar year in which it ends. `begins` is its first month.

    >>> fiscal_year(date(2027, 6, 30)), fiscal_year(date(2027, 7, 1)), fiscal_year(date(2027, 7, 1), 1)
    (2027, 2028, 2027)
    """
    return on.year + (begins > 1 and on.month >= begins)


def report(facts: Iterable[Fact], *, begins: int = JULY) -> list[Year]:
    """The years in which something happened, the latest first, by currency."""
    found: dict[tuple[int, str, int], dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for fact in facts:
        found[fiscal_year(fact.on, begins), fact.currency, fact.decimals][fact.kind].add(fact)
    years = []
    for (name, currency, decimals), tallies in sorted(
        found.items(), key=lambda one: (-one[0][0], one[0][1])
    ):
        first = date(name - (begins > 1), begins, 1)
        last = date.fromordinal(date(first.year + 1, begins, 1).toordinal() - 1)
        told = (tallies[kind] for kind in ("bid", "award", "contract", "payment"))
        years.append(Year(name, first, last, currency, decimals, *told))
    return years


COLUMNS = (
    *("fiscal_year", "first_day", "last_day", "currency"),
    *("contracts", "contracts_value"),
    *("contracts_to_worker_coops", "contracts_to_worker_coops_value"),
    *("contracts_with_worker_coops", "worker_coops_with_contracts"),
    *("bids", "bids_by_worker_coops", "bidders", "worker_coop_bidders"),
    *("awards", "awards_value", "awards_to_worker_coops", "awards_to_worker_coops_value"),
    *("paid", "paid_to_worker_coops", "synthetic"),
)


def lines(years: Iterable[Year]) -> Iterator[str]:
    """The lines of a CSV file, headings first; amounts in the currency's unit."""
    yield _line(COLUMNS)
    for one in years:
        yield _line(
            [
                *(one.name, one.first.isoformat(), one.last.isoformat(), one.currency),
                *(one.contracts.number, _amount(one, one.contracts.amount)),
                *(one.contracts.coops, _amount(one, one.contracts.coops_amount)),
                *(one.contracts.with_coops, len(one.contracts.coop_sides)),
                *(one.bids.number, one.bids.coops),
                *(len(one.bids.all_sides), len(one.bids.coop_sides)),
                *(one.awards.number, _amount(one, one.awards.amount)),
                *(one.awards.coops, _amount(one, one.awards.coops_amount)),
                _amount(one, one.payments.amount),
                _amount(one, one.payments.coops_amount),
                "true" if one.is_synthetic else "",
            ]
        )


def _amount(year: Year, minor: int) -> str:
    sign = "-" if minor < 0 else ""  # more was taken back than paid
    return sign + decimal_text(abs(minor), unit=10**year.decimals)


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
