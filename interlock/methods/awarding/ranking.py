"""The ranking of offers, by exact fractions; every step of it is a number that can be shown.

For each lot by itself, among the offers that are not excluded:

1. The *evaluated price* is the price; with a discount for preferred bidders, theirs is the price
   times (1 - discount). It is for comparing only: what is paid is the price.
2. *Points for the price* are 10 times the lowest evaluated price over the offer's own (the inverse
   proportional formula, as in the Open Contracting Partnership's guide to evaluation criteria and
   most public tenders).
3. Points for any other criterion are the average of what its panelists gave, who are all that are
   not recused from this offer. Averages over different people may differ because the people do:
   who is recused is told beside them.
4. The *total* is the sum of weight times points over 10, so 100 at most, plus the points for
   preferred bidders where the call gives such.
5. The highest total comes first; of equal ones the lower price; then the lot, drawn from the seed
   that was published before anybody scored: by SHA-256 of seed, lot and offer. Without a seed they
   share their place, and a lot has to be drawn in public.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from interlock.methods.awarding.reasons import AwardingError
from interlock.methods.awarding.sheet import (
    DISCOUNT,
    MOST_POINTS,
    POINTS,
    Criterion,
    Offer,
    Part,
    Result,
    Sheet,
    exact,
    faults_of,
)


@dataclass(frozen=True)
class Points:
    """What one criterion gives an offer: points from 0 to 10, and their share of the hundred.

    `given` are the panelists' own points by name, nothing for the price.
    """

    criterion: str
    weight: int
    points: Fraction
    given: tuple[tuple[str, Fraction], ...] = ()

    @property
    def weighted(self) -> Fraction:
        """Weight times points over 10."""
        return self.weight * self.points / MOST_POINTS


@dataclass(frozen=True)
class Ranked:
    """An offer and how it came to its place.

    `decided_by` says what set it apart from the one before: "total", "price", "draw", or "tie" where
    it shares its place with others until a lot is drawn.
    """

    offer: Offer
    rank: int
    evaluated: Fraction
    points: tuple[Points, ...]
    added: Fraction
    total: Fraction
    decided_by: str


@dataclass(frozen=True)
class Lot:
    """The ranking of one lot: its offers, the best first, and those that were excluded."""

    part: Part
    lowest: Fraction | None
    ranked: tuple[Ranked, ...]
    excluded: tuple[Offer, ...]

    @property
    def is_tied(self) -> bool:
        """Whether the first place is shared until a lot is drawn."""
        return sum(one.rank == 1 for one in self.ranked) > 1


@dataclass(frozen=True)
class Ranking:
    """A ranking of each lot."""

    sheet: Sheet
    lots: tuple[Lot, ...]

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data; exact numbers are texts."""
        return {
            "call": self.sheet.title,
            "currency": self.sheet.currency,
            "synthetic": self.sheet.is_synthetic,
            "lots": [
                {
                    "lot": lot.part.id,
                    "title": lot.part.title,
                    "lowest_evaluated_price": None if lot.lowest is None else exact(lot.lowest),
                    "is_tied": lot.is_tied,
                    "ranking": [_json(one) for one in lot.ranked],
                    "excluded": [
                        {"offer": one.id, "name": one.name, "reason": one.excluded}
                        for one in lot.excluded
                    ],
                }
                for lot in self.lots
            ],
        }


def ranked(sheet: Sheet) -> Ranking:
    """Rank a sheet's offers. Raises AwardingError with all that is missing or wrong in it.

    >>> from interlock.methods.awarding.sheet import Preference, Score
    >>> offers = Offer("coop", "Co-op", Fraction(1000), True), Offer("firm", "Firm", Fraction(950))
    >>> criteria = Criterion("p", "Price", 60, True), Criterion("q", "Plan", 40)
    >>> scores = Score("1", "coop", "q", "Ann", Fraction(8)), Score("1", "firm", "q", "Ann", Fraction(7))
    >>> discount = Preference("discount", Fraction(10))
    >>> sheet = Sheet("Hall", "USD", criteria, (Part("1", "All", None, offers),), ("Ann",), scores,
    ...               preference=discount)
    >>> for one in ranked(sheet).lots[0].ranked:
    ...     print(one.rank, one.offer.id, one.evaluated, one.total)
    1 coop 900 92
    2 firm 950 1612/19
    """
    if faults := faults_of(sheet):
        raise AwardingError(faults)
    return Ranking(sheet, tuple(_lot(sheet, part) for part in sheet.lots))


def results(ranking: Ranking) -> Iterator[Result]:
    """All numbers of a ranking, as the rows of its sheet."""
    for lot in ranking.lots:
        for one in lot.ranked:
            place = lot.part.id, one.offer.id
            yield Result("evaluated", *place, "", one.evaluated)
            for points in one.points:
                yield Result("points", *place, points.criterion, points.points)
            yield Result("added", *place, "", one.added)
            yield Result("total", *place, "", one.total)
            yield Result("rank", *place, "", Fraction(one.rank))


def evaluated(sheet: Sheet, offer: Offer) -> Fraction:
    """The price that an offer is compared by."""
    preference = sheet.preference
    if offer.is_preferred and preference and preference.kind == DISCOUNT:
        return offer.price * (100 - preference.size) / 100
    return offer.price


def _lot(sheet: Sheet, part: Part) -> Lot:
    counted = [one for one in part.offers if not one.excluded]
    lowest = min((evaluated(sheet, one) for one in counted), default=None)
    found = [_before_ranks(sheet, part, one, lowest or Fraction(0)) for one in counted]
    found.sort(key=lambda one: (*_key(one), _drawn(sheet, part, one)))
    return Lot(
        part,
        lowest,
        tuple(_placed(found, bool(sheet.seed))),
        tuple(one for one in part.offers if one.excluded),
    )


def _before_ranks(sheet: Sheet, part: Part, offer: Offer, lowest: Fraction) -> Ranked:
    price = evaluated(sheet, offer)
    points = tuple(
        Points(one.id, one.weight, MOST_POINTS * lowest / price)
        if one.is_price
        else _averaged(sheet, part, offer, one)
        for one in sheet.criteria
    )
    preference = sheet.preference
    gives = offer.is_preferred and preference is not None and preference.kind == POINTS
    added = preference.size if gives and preference else Fraction(0)
    total = added + sum((one.weighted for one in points), Fraction(0))
    return Ranked(offer, 0, price, points, added, total, "")


def _averaged(sheet: Sheet, part: Part, offer: Offer, criterion: Criterion) -> Points:
    given = {
        one.panelist: one.points
        for one in sheet.scores
        if (one.lot, one.offer, one.criterion) == (part.id, offer.id, criterion.id)
    }
    in_order = tuple((name, given[name]) for name in sheet.panelists if name in given)
    average = sum((points for _, points in in_order), Fraction(0)) / len(in_order)
    return Points(criterion.id, criterion.weight, average, in_order)


def _key(one: Ranked) -> tuple[Fraction, Fraction]:
    return -one.total, one.offer.price


def _drawn(sheet: Sheet, part: Part, one: Ranked) -> str:
    """What orders those that are equal in all else: the lot, or where none is drawn, their names."""
    if not sheet.seed:
        return one.offer.id
    text = f"{sheet.seed}\n{part.id}\n{one.offer.id}"
    return hashlib.sha256(text.encode()).hexdigest()


def _placed(found: list[Ranked], is_drawn: bool) -> Iterator[Ranked]:
    """Each with its place and with what decided it."""
    place, before = 1, None
    for _, group in groupby(found, key=_key):
        equal = list(group)
        for step, one in enumerate(equal):
            if len(equal) > 1:
                decided = "draw" if is_drawn else "tie"
            else:
                decided = "price" if before is not None and before.total == one.total else "total"
            rank = place + step if is_drawn else place
            yield Ranked(one.offer, rank, one.evaluated, one.points, one.added, one.total, decided)
        place, before = place + len(equal), equal[-1]


def _json(one: Ranked) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "offer": one.offer.id,
        "name": one.offer.name,
        "price": exact(one.offer.price),
        "is_preferred": one.offer.is_preferred,
        "evaluated_price": exact(one.evaluated),
        "criteria": [
            {
                "criterion": points.criterion,
                "weight": points.weight,
                "given": {name: exact(value) for name, value in points.given},
                "points": exact(points.points),
                "weighted": exact(points.weighted),
            }
            for points in one.points
        ],
        "points_added": exact(one.added),
        "total": exact(one.total),
        "decided_by": one.decided_by,
    }
