"""A network with its needs, offers and awards as one JSON file: all that a profile is measured from.

| key | value |
|---|---|
| `format` | `interlock-network/1` |
| `day` | the day as of which it is told, such as `2026-11-29` |
| `source`, `licence`, `synthetic` | where it is from, in words; under which licence; whether it is made up |
| `institutions` | a list of `id`, `kind` (pb, coop, both, other), `place`, `offers`, `needs`, `aims` (lists of terms) |
| `ties` | a list of `subject`, `object`, `kind`, `since`, `until`, `evidence` (witnessed, reported) |
| `needs`, `offers` | lists of `institution`, `term`, `quantity` |
| `awards` | a list of `buyer`, `deliverer`, `day`, `amount` (minor units), `currency`, `category`, `bidders`, `outcomes` (numbers by name, such as `days-late`) |

Only `institutions` has to be there; of an institution `id` and `kind`, of a tie its two ends.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from interlock import __version__
from interlock.methods.formats.faults import Fault, FormatError, shown
from interlock.methods.formats.strict_json import loads
from interlock.methods.network.collaboration import Award
from interlock.methods.network.drawing import STANDARD, Drawing
from interlock.methods.network.exchange import Listing
from interlock.methods.network.graph import (
    Evidence,
    Institution,
    Kind,
    Network,
    Tie,
    network,
)
from interlock.methods.network.layout import layout
from interlock.methods.network.portrait import portraits
from interlock.methods.network.profile import profile
from interlock.methods.network.reasons import NetworkError
from interlock.methods.plain import plain

FORMAT = "interlock-network/1"
LARGEST_FILE = 2**26
MOST_FAULTS = 50
#: Amounts and quantities are below this.
LARGEST_NUMBER = 10**15

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Records:
    """A network on a day, what its institutions need and offer, and what was awarded among them.

    Amounts of awards are of one currency. `needs` and `offers` may be empty lists.
    """

    network: Network
    day: date | None = None
    needs: tuple[Listing, ...] = ()
    offers: tuple[Listing, ...] = ()
    awards: tuple[Award, ...] = ()
    source: str = ""
    licence: str = ""
    is_synthetic: bool = False


def compose(records: Records) -> dict[str, Any]:
    """The file as plain data, in an order that hangs on the content alone.

    >>> city = Institution("city", Kind.PB, offers=frozenset({"rooms"}))
    >>> told = compose(Records(network([city], []), date(2026, 11, 29)))
    >>> told["institutions"]
    [{'id': 'city', 'kind': 'pb', 'offers': ['rooms']}]
    >>> read(json.dumps(told).encode()).network.institutions == (city,)
    True
    """
    told = {
        "format": FORMAT,
        "day": records.day.isoformat() if records.day else "",
        "source": records.source,
        "licence": records.licence,
        "synthetic": records.is_synthetic,
        "institutions": [_row(one) for one in records.network.institutions],
        "ties": [_row(one, skip={"amount", "currency"}) for one in records.network.ties],
        "needs": sorted(map(_row, records.needs), key=_order),
        "offers": sorted(map(_row, records.offers), key=_order),
        "awards": sorted(map(_row, records.awards), key=_order),
    }
    return {key: value for key, value in told.items() if value not in ("", [], False)}


def _row(one: Any, skip: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a row that say anything."""
    told = dict[str, Any]()
    for name, value in vars(one).items():
        if name in skip or value in ("", None, frozenset()):
            continue
        if isinstance(value, frozenset):
            told[name] = sorted(value)
        elif isinstance(value, Mapping):
            told |= {name: dict(sorted(value.items()))} if value else {}
        else:
            told[name] = value if isinstance(value, int) else str(value)
    return told


def _order(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


def read(data: bytes) -> Records:
    """Read a file. Raises FormatError with every fault and its path.

    >>> read(b'{"institutions": [{"id": "city", "kind": "town"}]}')
    Traceback (most recent call last):
    interlock.methods.formats.faults.FormatError: institutions[0].kind: “town” is none of: pb, coop, both, other.
    """
    whole = loads(data, largest=LARGEST_FILE)
    reading = _Reading()
    found = reading.records(whole)
    if reading.faults:
        raise FormatError(reading.faults[:MOST_FAULTS])
    return found


class _Reading:
    """One file, and what is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, path: str, message: str) -> None:
        self.faults.append(Fault(path, message))

    def records(self, whole: Any) -> Records:
        if not isinstance(whole, dict) or not isinstance(whole.get("institutions"), list):
            self.wrong("institutions", "There is no list of institutions.")
            return Records(network([], []))
        if whole.get("format", FORMAT) != FORMAT:
            self.wrong("format", f"It is not “{FORMAT}”.")
        terms = self.terms
        institutions = self.rows(
            whole, "institutions", Institution, ("id", "kind"),
            id=self.text, kind=self.one_of(Kind), place=self.text,
            offers=terms, needs=terms, aims=terms,
        )  # fmt: skip
        ties = self.rows(
            whole, "ties", Tie, ("subject", "object"),
            subject=self.text, object=self.text, kind=self.text,
            since=self.day, until=self.day, evidence=self.one_of(Evidence),
        )  # fmt: skip
        needs, offers = (
            self.rows(
                whole, name, Listing, ("institution", "term"),
                institution=self.text, term=self.text, quantity=self.number,
            )
            for name in ("needs", "offers")
        )  # fmt: skip
        awards = self.rows(
            whole, "awards", Award, ("buyer", "deliverer", "day"),
            buyer=self.text, deliverer=self.text, day=self.day, amount=self.number,
            currency=self.text, category=self.text, bidders=terms, outcomes=self.numbers,
        )  # fmt: skip
        day = self.day(whole["day"], "day") if whole.get("day") else None
        told = {name: self.text(whole.get(name, ""), name) for name in ("source", "licence")}
        self.known(institutions, needs, offers, awards)
        made = network([], [])
        if not self.faults:
            try:
                made = network(institutions, ties)
            except NetworkError as error:
                for fault in error.faults:
                    self.wrong(fault.about, _NETWORK[fault.code])
        return Records(
            made, day, tuple(needs), tuple(offers), tuple(awards),
            is_synthetic=whole.get("synthetic") is True, **told,
        )  # fmt: skip

    def rows(
        self,
        whole: Mapping[str, Any],
        name: str,
        make: Callable[..., _T],
        needed: Iterable[str],
        /,
        **fields: Callable[[Any, str], Any],
    ) -> list[_T]:
        listed, found = whole.get(name, []), []
        if not isinstance(listed, list):
            self.wrong(name, "It is no list.")
            return []
        for place, row in enumerate(listed):
            path, before = f"{name}[{place}]", len(self.faults)
            if not isinstance(row, dict):
                self.wrong(path, "It is no object.")
                continue
            for key in needed:
                if row.get(key) in (None, ""):
                    self.wrong(f"{path}.{key}", "It is missing.")
            for key in row:
                if key not in fields:
                    self.wrong(f"{path}.{shown(key)}", f"The keys are: {', '.join(fields)}.")
            told = {
                key: one(row[key], f"{path}.{key}") for key, one in fields.items() if key in row
            }
            if len(self.faults) == before:
                found.append(make(**told))
        return found

    def text(self, value: Any, path: str) -> str:
        if not isinstance(value, str):
            self.wrong(path, "It is no text.")
            return ""
        return value

    def terms(self, value: Any, path: str) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.wrong(path, "It is no list of texts.")
            return frozenset()
        return frozenset(value)

    def day(self, value: Any, path: str) -> date | None:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong(path, "It is no day, such as 2026-11-29.")
            return None

    def number(self, value: Any, path: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LARGEST_NUMBER:
            self.wrong(path, f"It is no whole number from 0 to {LARGEST_NUMBER - 1:,}.")
            return 0
        return value

    def numbers(self, value: Any, path: str) -> dict[str, float]:
        if isinstance(value, dict) and all(
            type(one) in (int, float) and abs(one) < LARGEST_NUMBER for one in value.values()
        ):
            return value
        self.wrong(path, "It is no object of numbers.")
        return {}

    def one_of(self, choices: Any) -> Callable[[Any, str], Any]:
        def read(value: Any, path: str) -> Any:
            try:
                return choices(value)
            except ValueError:
                told = f"“{shown(value)}” is none of: {', '.join(choices)}."
                self.wrong(path, told)
                return None

        return read

    def known(
        self,
        institutions: list[Institution],
        needs: list[Listing],
        offers: list[Listing],
        awards: list[Award],
    ) -> None:
        """Whoever needs, offers, buys, delivers or bids is one of the institutions."""
        ids = {one.id for one in institutions}
        for name, listed in (("needs", needs), ("offers", offers)):
            for one in listed:
                if one.institution not in ids:
                    self.wrong(name, f"“{shown(one.institution)}” is no institution of this file.")
        for award in awards:
            for id in sorted({award.buyer, award.deliverer, *award.bidders} - ids):
                self.wrong("awards", f"“{shown(id)}” is no institution of this file.")
        if len({award.currency for award in awards if award.amount is not None}) > 1:
            self.wrong("awards", "The amounts are in several currencies: give those of one.")


#: What is wrong with institutions and ties, in words.
_NETWORK = {
    "no-id": "An institution has no id.",
    "id-again": "Two institutions have this id.",
    "unknown-institution": "A tie is of an institution that is not in this file.",
    "tie-with-itself": "A tie is of an institution with itself.",
    "ends-before-it-begins": "A tie ends before it begins.",
    "amount-below-zero": "An amount is below 0.",
    "amount-without-currency": "An amount has no currency.",
}


def measured(records: Records, drawing: Drawing = STANDARD) -> dict[str, Any]:
    """The profile as plain data: who there is, and the measures of three of the four words.

    `picture` has the institutions that are drawn, each with its place from 0 to 1000, and the pairs of them
    that are tied, by their numbers there. Convergence is of answers and policies, which are not in such a file. Needs and offers are those
    listed; where none are, those that stand with institutions.

    >>> told = measured(Records(network([Institution("city", Kind.PB)], [])), Drawing(resamples=39))
    >>> told["institutions"], [one["name"] for one in told["collaboration"][:1]]
    ({'pb': 1, 'coop': 0, 'both': 0, 'other': 0}, ['joint-projects-a-year'])
    """
    found = profile(
        records.network,
        needs=records.needs or None,
        offers=records.offers or None,
        awards=records.awards,
        drawing=drawing,
    )
    kinds = [one.kind for one in records.network.institutions]
    return {
        "software": __version__,
        "day": records.day.isoformat() if records.day else None,
        "seed": drawing.seed,
        "resamples": drawing.resamples,
        "synthetic": records.is_synthetic,
        "institutions": {str(kind): kinds.count(kind) for kind in Kind},
        "ties": len(records.network.ties),
        "awards": len(records.awards),
        "picture": _picture(records.network),
        "connectivity": plain(found.connectivity.whole),
        "kinds": plain(found.connectivity.kinds),
        "layers": plain(dict(found.connectivity.layers)),
        "witnessed": plain(found.connectivity.witnessed),
        "missing": plain(found.connectivity.missing),
        "complementarity": plain(found.complementarity),
        "collaboration": plain(found.collaboration),
    }


def portrayed(records: Records) -> dict[str, dict[str, Any]]:
    """Each institution of which anything can be measured, alone, as plain data by its id.

    >>> told = portrayed(Records(network([Institution("city", Kind.PB)], [])))
    >>> told
    {}
    """
    found = portraits(
        records.network,
        needs=records.needs or None,
        offers=records.offers or None,
        awards=records.awards,
    )
    told: dict[str, dict[str, Any]] = plain(found)
    return told


def _picture(network: Network) -> dict[str, Any]:
    graph = network.graph
    drawn = layout(graph)
    number = {place: at for at, place in enumerate(drawn.places.tolist())}
    return {
        "institutions": [
            {
                "id": network.ids[place],
                "kind": str(network.institutions[place].kind),
                "x": x,
                "y": y,
                "ties": int(graph.degrees[place]),
            }
            for place, x, y in drawn.to_json()
        ],
        "ties": [
            [number[one], number[other]]
            for one, other in graph.pairs.tolist()
            if one in number and other in number
        ],
        "tied": int((graph.degrees > 0).sum()),
    }
