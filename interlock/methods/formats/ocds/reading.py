"""The sums of a package, read back: what was budgeted, awarded, contracted and paid.

Any package of OCDS 1.1 can be read, not only ours; nothing but the standard's own fields is used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interlock.methods.formats import strict_json
from interlock.methods.formats.faults import Fault, FormatError
from interlock.methods.formats.money import minor_of
from interlock.methods.formats.ocds.merging import compiled

LARGEST = 200 * 2**20


@dataclass(frozen=True)
class Sums:
    """What the processes of one currency add up to, in minor units.

    `awarded` and `contracted` leave out what was cancelled; `paid` is the sum of all transactions,
    those that take one back included, and `paid_to` the same by who received it.
    """

    currency: str
    processes: int
    budgeted: int
    awarded: int
    contracted: int
    paid: int
    paid_to: tuple[tuple[str, int], ...]


def read(data: bytes, *, decimals: int = 2) -> tuple[Sums, ...]:
    """The sums of the JSON text of a package, by currency. Raises FormatError.

    `decimals` are those of the currencies' units: 2 for dollars, 0 for yen.
    """
    return sums(strict_json.loads(data, largest=LARGEST), decimals=decimals)


def sums(package: Any, *, decimals: int = 2) -> tuple[Sums, ...]:
    """The same of a package that was read already. Releases of a release package are merged first."""
    adding = _Adding(decimals)
    for path, release in _compiled(package):
        adding.take(path, release)
    if adding.faults:
        raise FormatError(adding.faults)
    return tuple(adding.sums(one) for one in sorted(adding.currencies))


def _compiled(package: Any) -> list[tuple[str, Mapping[str, Any]]]:
    if not isinstance(package, Mapping):
        raise FormatError([Fault("", "It must be an object: a release package or record package.")])
    if isinstance(records := package.get("records"), list):
        found = []
        for place, record in enumerate(records):
            path = f"records[{place}]"
            release = record.get("compiledRelease") if isinstance(record, Mapping) else None
            if release is None and isinstance(record, Mapping):
                release = _merge(path, record.get("releases"))
            if not isinstance(release, Mapping):
                raise FormatError([Fault(path, "It has no compiled release and no releases.")])
            found.append((path, release))
        return found
    if isinstance(releases := package.get("releases"), list):
        by_process = defaultdict(list)
        for place, one in enumerate(releases):
            if not isinstance(one, Mapping) or not isinstance(one.get("ocid"), str):
                raise FormatError([Fault(f"releases[{place}]", "It is no release with an ocid.")])
            by_process[one["ocid"]].append(one)
        return [(ocid, _merge(ocid, one)) for ocid, one in by_process.items()]
    raise FormatError([Fault("", "It has neither releases nor records.")])


def _merge(path: str, releases: Any) -> Mapping[str, Any]:
    sound = isinstance(releases, Sequence) and releases
    if not sound or not all(
        isinstance(one, Mapping) and isinstance(one.get("date"), str) and one.get("ocid")
        for one in releases
    ):
        raise FormatError([Fault(path, "Its releases must each have an ocid and a date.")])
    return compiled(releases)


class _Adding:
    """Sums as releases are taken one by one, and the faults found on the way."""

    def __init__(self, decimals: int) -> None:
        self._decimals = decimals
        self.faults: list[Fault] = []
        self._sums: dict[tuple[str, str], int] = defaultdict(int)
        self._paid_to: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._processes: dict[str, int] = defaultdict(int)
        self.currencies: set[str] = set()

    def take(self, path: str, release: Mapping[str, Any]) -> None:
        found = set()
        budget = _object(_object(release, "planning"), "budget")
        if "amount" in budget:
            found.add(self._add("budgeted", f"{path}.planning.budget.amount", budget["amount"]))
        for place, award in _objects(release, "awards"):
            if award.get("status") not in ("cancelled", "unsuccessful", "pending"):
                where = f"{path}.awards[{place}].value"
                found.add(self._add("awarded", where, award.get("value")))
        for place, contract in _objects(release, "contracts"):
            where = f"{path}.contracts[{place}]"
            if contract.get("status") not in ("cancelled", "pending"):
                found.add(self._add("contracted", f"{where}.value", contract.get("value")))
            implementation = _object(contract, "implementation")
            for number, paid in _objects(implementation, "transactions"):
                at = f"{where}.implementation.transactions[{number}].value"
                to = str(_object(paid, "payee").get("id", ""))
                found.add(self._add("paid", at, paid.get("value"), to))
        for currency in found - {None}:
            self._processes[str(currency)] += 1

    def _add(self, name: str, path: str, value: Any, payee: str = "") -> str | None:
        if not isinstance(value, Mapping) or value.get("amount") is None:
            return None
        currency = value.get("currency")
        if not isinstance(currency, str):
            self.faults.append(Fault(path, "Its currency is missing."))
            return None
        try:
            amount = minor_of(value["amount"], self._decimals)
        except ValueError as error:
            self.faults.append(Fault(path, str(error)))
            return None
        self.currencies.add(currency)
        self._sums[name, currency] += amount
        if name == "paid":
            self._paid_to[currency][payee] += amount
        return currency

    def sums(self, currency: str) -> Sums:
        return Sums(
            currency,
            processes=self._processes[currency],
            budgeted=self._sums["budgeted", currency],
            awarded=self._sums["awarded", currency],
            contracted=self._sums["contracted", currency],
            paid=self._sums["paid", currency],
            paid_to=tuple(sorted(self._paid_to[currency].items())),
        )


def _object(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = said.get(key)
    return found if isinstance(found, Mapping) else {}


def _objects(said: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    found = said.get(key)
    listed = found if isinstance(found, list) else []
    return [(place, one) for place, one in enumerate(listed) if isinstance(one, Mapping)]
