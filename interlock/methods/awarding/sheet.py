"""The sheet of a call: everything its ranking follows from, and what keeps it from being ranked.

Its CSV file is `formats.sheets`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from interlock.methods.awarding.reasons import Fault, fault

MOST_POINTS = 10
DISCOUNT, POINTS = "discount", "points"


@dataclass(frozen=True)
class Criterion:
    """What offers are compared by. `weight` is in per cent; the price is compared by arithmetic."""

    id: str
    name: str
    weight: int
    is_price: bool = False


@dataclass(frozen=True)
class Preference:
    """How preferred bidders are preferred: `size` per cent off the price, or so many points more."""

    kind: str
    size: Fraction


@dataclass(frozen=True)
class Offer:
    """What a bidder asks for a lot, in units of the currency; `excluded` says why it does not count."""

    id: str
    name: str
    price: Fraction
    is_preferred: bool = False
    excluded: str = ""


@dataclass(frozen=True)
class Part:
    """A lot, the most it may cost ("" where nobody said), and the offers for it."""

    id: str
    title: str
    budget: Fraction | None
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Score:
    """What a panelist gave an offer for a criterion, from 0 to 10, and why."""

    lot: str
    offer: str
    criterion: str
    panelist: str
    points: Fraction
    sentence: str = ""


@dataclass(frozen=True)
class Recusal:
    """A panelist who does not score this offer, and why."""

    lot: str
    offer: str
    panelist: str
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """A number that the arithmetic gave, or that a file says it gave."""

    what: str
    lot: str
    offer: str
    criterion: str
    value: Fraction


@dataclass(frozen=True)
class Sheet:
    """All that a ranking follows from; `stated` are the results that a file brought along.

    That it `is_synthetic`, made up, changes nothing in the ranking.
    """

    title: str
    currency: str
    criteria: tuple[Criterion, ...]
    lots: tuple[Part, ...]
    panelists: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    preference: Preference | None = None
    seed: str = ""
    stated: tuple[Result, ...] = ()
    is_synthetic: bool = False


def faults_of(sheet: Sheet) -> tuple[Fault, ...]:
    """All that keeps a sheet from being ranked, a missing score included; () when nothing does."""
    return (*_faults_of_criteria(sheet), *_faults_of_offers(sheet), *_faults_of_scores(sheet))


def differences(
    sheet: Sheet, found: Iterable[Result]
) -> tuple[tuple[Result, Fraction | None], ...]:
    """Results that the sheet states and the arithmetic (`found`) does not give, each with what it does.

    A sheet that states nothing differs in nothing. A row that the arithmetic does not know is told
    with None; one that is missing is not told.
    """
    right = {(one.what, one.lot, one.offer, one.criterion): one.value for one in found}
    return tuple(
        (one, right.get((one.what, one.lot, one.offer, one.criterion)))
        for one in sheet.stated
        if right.get((one.what, one.lot, one.offer, one.criterion)) != one.value
    )


def exact(number: Fraction) -> str:
    """A number without loss: decimal where one is exact, else a fraction.

    >>> exact(Fraction(15, 2)), exact(Fraction(20, 3)), exact(Fraction(40))
    ('7.5', '20/3', '40')
    """
    places = 0
    while places < 7 and (number * 10**places).denominator != 1:
        places += 1
    if places == 7:
        return f"{number.numerator}/{number.denominator}"
    whole = f"{abs(number.numerator) * 10**places // number.denominator:0{places + 1}}"
    sign = "-" if number < 0 else ""
    return f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"


def money(number: Fraction) -> str:
    """The same for an amount, with at least the two decimals of most currencies when it has any.

    >>> money(Fraction("450.5")), money(Fraction(450))
    ('450.50', '450')
    """
    text = exact(number)
    return f"{text}0" if re.fullmatch(r"-?\d+\.\d", text) else text


def _again(names: Iterable[tuple[str, ...]]) -> list[Fault]:
    return [
        fault("again", name=" / ".join(name)) for name, times in Counter(names).items() if times > 1
    ]


def _faults_of_criteria(sheet: Sheet) -> list[Fault]:
    found = _again((one.id,) for one in sheet.criteria)
    if not sheet.criteria:
        return [fault("no-criteria")]
    found += [fault("weight", criterion=one.name) for one in sheet.criteria if one.weight <= 0]
    total = sum(one.weight for one in sheet.criteria)
    if total != 100:
        found.append(fault("weights", sum=total))
    if sum(one.is_price for one in sheet.criteria) > 1:
        found.append(fault("two-prices"))
    if preference := sheet.preference:
        most = {DISCOUNT: preference.size < 100, POINTS: preference.size <= 100}
        if preference.size <= 0 or not most.get(preference.kind, False):
            found.append(fault("preference"))
    return found


def _faults_of_offers(sheet: Sheet) -> list[Fault]:
    if not sheet.lots:
        return [fault("no-lots")]
    found = _again((one.id,) for one in sheet.lots)
    for part in sheet.lots:
        found += _again((part.id, one.id) for one in part.offers)
        found += [
            fault("price", offer=one.name, lot=part.title) for one in part.offers if one.price <= 0
        ]
    return found


def _faults_of_scores(sheet: Sheet) -> list[Fault]:
    names = {(part.id, one.id): one.name for part in sheet.lots for one in part.offers}
    recused = {(one.lot, one.offer, one.panelist) for one in sheet.recusals}
    found = _again((one,) for one in sheet.panelists)
    found += _again((one.lot, one.offer, one.panelist) for one in sheet.recusals)
    for recusal in sheet.recusals:
        found += _unknown(recusal.panelist in sheet.panelists, recusal.panelist)
        found += _unknown((recusal.lot, recusal.offer) in names, recusal.offer)
    for score in sheet.scores:
        found += _faults_of_score(sheet, score, names, recused)
    keys = [(one.lot, one.offer, one.criterion, one.panelist) for one in sheet.scores]
    found += _again(keys)
    return found + _missing(sheet, set(keys), recused)


def _faults_of_score(
    sheet: Sheet,
    score: Score,
    names: Mapping[tuple[str, str], str],
    recused: Collection[tuple[str, str, str]],
) -> list[Fault]:
    place = score.lot, score.offer
    offer, who = names.get(place, score.offer), score.panelist
    found = _unknown(place in names, score.offer) + _unknown(who in sheet.panelists, who)
    by_id = {one.id: one for one in sheet.criteria}
    criterion = by_id.get(score.criterion)
    found += _unknown(criterion is not None, score.criterion)
    if criterion and criterion.is_price:
        found.append(fault("price-scored", panelist=who, offer=offer))
    if (*place, who) in recused:
        found.append(fault("recused-scored", panelist=who, offer=offer))
    if not 0 <= score.points <= MOST_POINTS:
        found.append(fault("points", panelist=who, offer=offer, points=exact(score.points)))
    return found


def _missing(
    sheet: Sheet,
    given: Collection[tuple[str, str, str, str]],
    recused: Collection[tuple[str, str, str]],
) -> list[Fault]:
    """What is still to be scored, and offers that nobody is left to score."""
    judged = [one for one in sheet.criteria if not one.is_price]
    found = list[Fault]()
    for part in sheet.lots:
        for offer in part.offers:
            if offer.excluded or not judged:
                continue
            left = [one for one in sheet.panelists if (part.id, offer.id, one) not in recused]
            if not left:
                found.append(fault("nobody", offer=offer.name))
            found += [
                fault("missing", panelist=who, offer=offer.name, criterion=one.name)
                for who in left
                for one in judged
                if (part.id, offer.id, one.id, who) not in given
            ]
    return found


def _unknown(is_known: bool, name: str) -> list[Fault]:
    return [] if is_known else [fault("unknown", name=name)]
