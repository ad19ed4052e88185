"""`interlock ranking SHEET.csv`: rank the offers of a call again, from its published sheet.

Where the sheet says what the arithmetic gave, each of its numbers is held against this one: exit
code 1 when any differs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from interlock import __version__
from interlock.commands import reading
from interlock.methods.awarding import Lot, Ranked, Ranking, Result, differences, ranked, results
from interlock.methods.awarding.sheet import exact, money
from interlock.methods.counting.tables import printable
from interlock.methods.formats import sheets

SUMMARY = "Rank the offers of a call again from its published sheet, step by step."

_DECIDED = {
    "price": "as many points as the one before, decided by the lower price",
    "draw": "equal in points and price, decided by the lot drawn from the published seed",
    "tie": "equal in points and price: to be decided by a lot, drawn in public",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="SHEET.csv", help="the sheet of a call")
    reading.add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.file, lambda: _tell(arguments))


def _tell(arguments: argparse.Namespace) -> int:
    found = ranked(sheets.read(arguments.file.read_bytes()))
    wrong = differences(found.sheet, results(found))
    if arguments.json:
        told = found.to_json() | {"differences": [_json(*one) for one in wrong]}
        print(json.dumps(told | {"version": __version__}, ensure_ascii=False, indent=2))
    else:
        print(*map(printable, _lines(found, wrong)), sep="\n")
    return 1 if wrong else 0


def _lines(found: Ranking, wrong: tuple[tuple[Result, Fraction | None], ...]) -> Iterator[str]:
    yield found.sheet.title
    if found.sheet.is_synthetic:
        yield "Made up: this call was not held in the world."
    for lot in found.lots:
        yield from _lot(found, lot)
    yield ""
    for one, right in wrong:
        place = ", ".join(name for name in (one.what, one.lot, one.offer, one.criterion) if name)
        instead = "nothing" if right is None else exact(right)
        yield f"The sheet says {exact(one.value)} ({place}); the arithmetic gives {instead}."
    if found.sheet.stated and not wrong:
        yield f"All {len(found.sheet.stated)} results that the sheet states are right."
    yield f"Ranked by interlock {__version__}"


def _lot(found: Ranking, lot: Lot) -> Iterator[str]:
    yield ""
    yield f"{lot.part.id}: {lot.part.title}"
    if not lot.ranked:
        yield "  No offer to rank."
    for one in lot.ranked:
        yield from _offer(found, lot, one)
    for offer in lot.excluded:
        yield f"  –  {offer.name}: excluded. {offer.excluded}"


def _offer(found: Ranking, lot: Lot, one: Ranked) -> Iterator[str]:
    currency = found.sheet.currency
    yield f"  {one.rank}. {one.offer.name}: {_points(one.total)} points, {_price(one.offer.price, currency)}"
    if one.decided_by in _DECIDED:
        yield f"     {_DECIDED[one.decided_by]}"
    if one.evaluated != one.offer.price:
        yield f"     evaluated at {_price(one.evaluated, currency)} for the preference"
    names = {criterion.id: criterion for criterion in found.sheet.criteria}
    for points in one.points:
        criterion = names[points.criterion]
        if criterion.is_price and lot.lowest is not None:
            how = f"10 × {money(lot.lowest)} / {money(one.evaluated)} = {_points(points.points)}"
        else:
            given = " + ".join(exact(value) for _, value in points.given)
            how = f"({given}) / {len(points.given)} = {_points(points.points)}"
        share = f"{how}; × {points.weight} / 10 = {_points(points.weighted)}"
        yield f"     {criterion.name}: {share}"
    if one.added:
        yield f"     for the preference: + {_points(one.added)}"


def _price(price: Fraction, currency: str) -> str:
    return f"{money(price)} {currency}".strip()


def _points(points: Fraction) -> str:
    """Rounded to two decimals for reading; what decides is exact."""
    text = f"{float(points):.2f}"
    return text if Fraction(text) == points else f"{text}…"


def _json(one: Result, right: Fraction | None) -> dict[str, str | None]:
    return {
        "what": one.what,
        "lot": one.lot,
        "offer": one.offer,
        "criterion": one.criterion,
        "stated": exact(one.value),
        "found": None if right is None else exact(right),
    }
