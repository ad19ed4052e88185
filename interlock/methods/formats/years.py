"""A co-op's fiscal year as a JSON file, for `surplus` to close; and files of worked examples.

A year is an object. Amounts are whole minor units (cents), shares and rates numbers from 0 to 1, and
all numbers are read as exactly as they are written.

| key | value |
|---|---|
| `net` or `loss` | net income on the tax basis (a loss is below 0), or a loss as a number above it |
| `hours` | an object: each member's hours as a member |
| `wages` | an object: each member's wages |
| `workers` | in place of both a list: `id`, `hours`, `hours_before`, `wages`, `member` (true), `left` |
| `nonmember_hours`, `nonmember_wages` | those of workers that are not listed |
| `nonpatronage` | the part of the net income that no labour made |
| `fiscal_year_no` | the number of the fiscal year, the co-op's first is 1 |
| `begins`, `reason` | the year's first day; why a policy adopted later is used |
| `balances`, `accounts` | objects: what each fund and each member account had before |
| `policy` | the name of a preset, or an object, below |
| `collective_min`, `cash_rate`, `qualified`, `min_hours` | in place of a policy: SELC's form with these |
| `weights` | in place of all but `net`: an object; all of `net` is divided by it |

A policy has `name`, `slices`, and optionally `adopted`, `cash_rate`, `all_in_cash`, `qualified`, `regime`
(T, K, none), `split` (hours, wages, undivided), `patronage` (`by`: hours, wages, equal, mix;
`hours_share`; `least_hours`) and `losses` (`collective_years`, `collective_share`, `fund`,
`up_to_balance`, `below_zero`). With `preset` it takes what it does not say from that preset. A slice has
`fund`, `kind`, `basis` (net, remainder, target, rest), `share`, `source` (profit, surplus, any) and
`cap` (`kind`: amount, wages, balance; `amount`; `share`).

A worked example is an object of `name`, `rule`, `input` (a year) and `expected`; a file of them has them
in the list `vectors`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from interlock.methods.formats.faults import shown
from interlock.methods.formats.strict_json import loads
from interlock.methods.surplus.closing import Closed
from interlock.methods.surplus.policy import (
    ANY,
    DIVIDEND,
    NET,
    REMAINDER,
    TARGET,
    Cap,
    Losses,
    Patronage,
    Policy,
    Slice,
)
from interlock.methods.surplus.presets import PRESETS, simple
from interlock.methods.surplus.reasons import Fault, SurplusError, fault
from interlock.methods.surplus.year import Worker, Year, faults_of

LARGEST_FILE = 2**22
#: An amount or a number is below 10 to this power, and has at most so many decimals.
MOST_DIGITS = 15

_SIMPLE = ("collective_min", "cash_rate", "qualified", "min_hours")
_YEAR = (
    "net",
    "loss",
    "hours",
    "wages",
    "workers",
    "nonmember_hours",
    "nonmember_wages",
    "nonpatronage",
    "fiscal_year_no",
    "begins",
    "reason",
    "balances",
    "accounts",
    "policy",
    "weights",
    *_SIMPLE,
)
_POLICY = (
    "preset",
    "name",
    "adopted",
    "slices",
    "patronage",
    "cash_rate",
    "all_in_cash",
    "qualified",
    "regime",
    "losses",
    "split",
)
_SLICE = ("fund", "kind", "basis", "share", "source", "cap")
_WORKER = ("id", "hours", "hours_before", "wages", "member", "left")
_EXAMPLE = ("name", "rule", "note", "input", "expected")


Path = tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """A year of a file, and the numbers that the file says it closes with (None: it says none).

    `stated` has each number by its path, such as ("members", "ana", "cash").
    """

    name: str
    year: Year
    stated: Mapping[Path, int] | None = None
    is_by_weights: bool = False

    def is_of_member(self, path: Path) -> bool:
        """Whether the number at a path is a member's."""
        return self.is_by_weights or path[0] == "members"


@dataclass(frozen=True)
class Difference:
    """A number that a file states, or the arithmetic gives, and not the other (None: nothing)."""

    path: str
    stated: int | None
    found: int | None


def read(data: bytes) -> tuple[Example, ...]:
    """The years of a file. Raises SurplusError with every fault and its path, or FormatError.

    >>> (one,) = read(b'{"net": 1000, "hours": {"ana": 10.5}, "policy": "selc"}')
    >>> one.year.workers[0].hours, one.year.policy.name
    (Fraction(21, 2), 'SELC')
    """
    reading = _Reading()
    found = tuple(reading.examples(loads(data, largest=LARGEST_FILE, is_exact=True)))
    if reading.faults:
        raise SurplusError(reading.faults)
    return found


def differences(one: Example, closed: Closed) -> tuple[Difference, ...]:
    """Where what a file states differs from what its year closes with.

    A number that it does not state is not missed; a member is, where it states others.
    """
    if one.stated is None:
        return ()
    right = _numbers(one, closed)
    told = {path[:2] for path in one.stated if one.is_of_member(path)}
    missed = [path for path in right if one.is_of_member(path) and path[:2] not in told]
    paths = [*one.stated, *(missed if told else ())]
    return tuple(
        Difference(".".join(path), one.stated.get(path), right.get(path))
        for path in paths
        if one.stated.get(path) != right.get(path)
    )


def _numbers(one: Example, closed: Closed) -> dict[Path, int]:
    """The numbers of a closed year under the paths of the examples."""
    counted = [share for share in closed.members if share.counts]
    if one.is_by_weights:
        return {(share.worker.id,): share.allocation for share in counted}
    found: dict[Path, int]
    if closed.year.net < 0:
        found = {("collective",): -closed.collective, ("carried",): -closed.carried}
        found |= {("members", share.worker.id): -share.allocation for share in counted}
        return found
    kept = [given for given in closed.given if given.slice.kind != DIVIDEND]
    found = {
        ("surplus",): closed.surplus,
        ("profit",): closed.profit,
        ("collective_from_profit",): sum(given.from_profit for given in kept),
        ("collective_from_surplus",): sum(given.from_surplus for given in kept),
        ("collective_total",): closed.collective,
        ("dividend_pool",): closed.pool,
    }
    for share in counted:
        place = "members", share.worker.id
        found[*place, "allocation"] = share.allocation
        found[*place, "cash"] = share.cash
        found[*place, "notice"] = share.notice
    return found


class _Reading:
    """Values of JSON made into years; each fault with its path."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def examples(self, value: Any) -> Iterator[Example]:
        if not isinstance(value, dict):
            self._fault("no-object", "")
        elif "vectors" in value:
            self._known("", value, ("vectors", "unit", "note"))
            for index, one in enumerate(self._list("vectors", value["vectors"])):
                yield from self._example(f"vectors[{index}]", one)
        elif "input" in value:
            yield from self._example("", value)
        else:
            yield from self._year("", value, Example("", _NOTHING))

    def _example(self, path: str, value: Any) -> Iterator[Example]:
        self._known(path, given := self._object(path, value), _EXAMPLE)
        if "input" not in given:
            self._fault("missing", path, key="input")
            return
        name = self._text(_join(path, "name"), given.get("name", ""))
        stated = None
        if "expected" in given:
            stated = dict(self._stated(_join(path, "expected"), given["expected"], ()))
        place = _join(path, "input")
        yield from self._year(
            place, self._object(place, given["input"]), Example(name, _NOTHING, stated)
        )

    def _stated(self, path: str, value: Any, names: Path) -> Iterator[tuple[Path, int]]:
        if isinstance(value, dict) and len(names) < 3:
            for key, inner in value.items():
                yield from self._stated(_join(path, key), inner, (*names, key))
        elif names:
            yield names, self._amount(path, value)
        else:
            self._fault("no-object", path)

    # A year

    def _year(self, path: str, value: dict[str, Any], one: Example) -> Iterator[Example]:
        before = len(self.faults)
        self._known(path, value, _YEAR)
        is_by_weights = "weights" in value
        for key in _YEAR:
            if is_by_weights and key in value and key not in ("net", "weights"):
                self._not_both(path, "weights", key)
        year = Year(
            self._policy_of(path, value, is_by_weights),
            self._net(path, value),
            tuple(self._workers(path, value)),
            self._number_in(path, value, "nonmember_hours"),
            self._amount_in(path, value, "nonpatronage"),
            self._whole_in(path, value, "fiscal_year_no"),
            self._amount_in(path, value, "nonmember_wages"),
            self._date_in(path, value, "begins"),
            self._amounts(path, value, "balances"),
            self._amounts(path, value, "accounts"),
            self._text(_join(path, "reason"), value.get("reason", "")),
        )
        if len(self.faults) == before:
            self.faults += (_placed(fault, path, value, year) for fault in faults_of(year))
        yield replace(one, year=year, is_by_weights=is_by_weights)

    def _net(self, path: str, value: dict[str, Any]) -> int:
        if "loss" not in value:
            if "net" not in value:
                self._fault("missing", path, key="net")
            return self._amount_in(path, value, "net")
        if "net" in value:
            self._not_both(path, "net", "loss")
        loss = self._amount_in(path, value, "loss")
        if loss < 0:
            self._fault("below-zero", _join(path, "loss"))
        return -loss

    def _workers(self, path: str, value: dict[str, Any]) -> Iterator[Worker]:
        if "workers" not in value:
            place = "weights" if "weights" in value else "hours"
            hours = self._object(_join(path, place), value.get(place, {}))
            wages = self._amounts(path, value, "wages")
            for name in dict.fromkeys((*hours, *wages)):
                worked = self._number(_join(path, f"{place}.{name}"), hours.get(name, 0))
                yield Worker(name, worked, wages.get(name, 0))
            return
        for key in ("hours", "wages"):
            if key in value:
                self._not_both(path, "workers", key)
        for index, one in enumerate(self._list(_join(path, "workers"), value["workers"])):
            place = _join(path, f"workers[{index}]")
            self._known(place, given := self._object(place, one), _WORKER)
            if "id" not in given:
                self._fault("missing", place, key="id")
            yield Worker(
                self._text(f"{place}.id", given.get("id", "")),
                self._number_in(place, given, "hours"),
                self._amount_in(place, given, "wages"),
                self._choice(f"{place}.member", given.get("member", True)),
                self._number_in(place, given, "hours_before"),
                self._date_in(place, given, "left"),
            )

    # A policy

    def _policy_of(self, path: str, value: dict[str, Any], is_by_weights: bool) -> Policy:
        if is_by_weights:
            return simple(Fraction(0))
        given = {key: value[key] for key in _SIMPLE if key in value}
        if "policy" not in value:
            usual = simple()
            return simple(
                self._number_in(path, given, "collective_min", usual.slices[1].share),
                self._number_in(path, given, "cash_rate", usual.cash_rate),
                self._choice(_join(path, "qualified"), given.get("qualified", True)),
                self._number_in(path, given, "min_hours"),
            )
        for key in given:
            self._not_both(path, "policy", key)
        place = _join(path, "policy")
        if isinstance(value["policy"], str):
            return self._preset(place, value["policy"])
        return self._policy(place, self._object(place, value["policy"]))

    def _preset(self, path: str, name: Any) -> Policy:
        if self._text(path, name) not in PRESETS:
            self._fault("unknown-word", path, word=str(name), known=", ".join(PRESETS))
        return PRESETS.get(str(name), PRESETS["selc"])

    def _policy(self, path: str, given: dict[str, Any]) -> Policy:
        self._known(path, given, _POLICY)
        usual = PRESETS["selc"]
        if "preset" in given:
            usual = self._preset(_join(path, "preset"), given["preset"])
        elif "slices" not in given:
            self._fault("missing", path, key="slices")
        slices = usual.slices
        if "slices" in given:
            listed = self._list(_join(path, "slices"), given["slices"])
            slices = tuple(
                self._slice(_join(path, f"slices[{index}]"), one)
                for index, one in enumerate(listed)
            )
        return Policy(
            self._text(_join(path, "name"), given.get("name", usual.name)),
            slices,
            self._patronage(_join(path, "patronage"), given.get("patronage", {}), usual.patronage),
            self._number_in(path, given, "cash_rate", usual.cash_rate),
            self._amount_in(path, given, "all_in_cash", usual.all_in_cash),
            self._choice(_join(path, "qualified"), given.get("qualified", usual.is_qualified)),
            self._text(_join(path, "regime"), given.get("regime", usual.regime)),
            self._losses(_join(path, "losses"), given.get("losses", {}), usual.losses),
            self._text(_join(path, "split"), given.get("split", usual.split)),
            self._date_in(path, given, "adopted") or usual.adopted,
        )

    def _patronage(self, path: str, value: Any, usual: Patronage) -> Patronage:
        self._known(path, given := self._object(path, value), _names(Patronage))
        return Patronage(
            self._text(_join(path, "by"), given.get("by", usual.by)),
            self._number_in(path, given, "hours_share", usual.hours_share),
            self._number_in(path, given, "least_hours", usual.least_hours),
        )

    def _losses(self, path: str, value: Any, usual: Losses) -> Losses:
        self._known(path, given := self._object(path, value), _names(Losses))
        years = self._whole_in(path, given, "collective_years")
        return Losses(
            usual.collective_years if years is None else years,
            self._number_in(path, given, "collective_share", usual.collective_share),
            self._text(_join(path, "fund"), given.get("fund", usual.fund)),
            self._choice(
                _join(path, "up_to_balance"), given.get("up_to_balance", usual.up_to_balance)
            ),
            self._choice(_join(path, "below_zero"), given.get("below_zero", usual.below_zero)),
        )

    def _slice(self, path: str, value: Any) -> Slice:
        self._known(path, given := self._object(path, value), _SLICE)
        for key in ("fund", "kind", "basis"):
            if key not in given:
                self._fault("missing", path, key=key)
        if "share" not in given and given.get("basis") in (NET, REMAINDER, TARGET):
            self._fault("missing", path, key="share")
        cap = None
        if given.get("cap") is not None:
            self._known(
                f"{path}.cap", limit := self._object(f"{path}.cap", given["cap"]), _names(Cap)
            )
            cap = Cap(
                self._text(f"{path}.cap.kind", limit.get("kind", "")),
                self._amount_in(f"{path}.cap", limit, "amount"),
                self._number_in(f"{path}.cap", limit, "share"),
            )
        return Slice(
            self._text(f"{path}.fund", given.get("fund", "")),
            self._text(f"{path}.kind", given.get("kind", "")),
            self._text(f"{path}.basis", given.get("basis", "")),
            self._number_in(path, given, "share"),
            self._text(f"{path}.source", given.get("source", ANY)),
            cap,
        )

    # Values

    def _fault(self, code: str, path: str, **facts: str) -> None:
        self.faults.append(fault(code, path, **facts))

    def _not_both(self, path: str, one: str, other: str) -> None:
        self._fault("not-both", path, one=one, other=other)

    def _known(self, path: str, value: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in value:
            if key not in known:
                self._fault("unknown-key", path, key=shown(key), known=", ".join(known))

    def _object(self, path: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._fault("no-object", path)
            return {}
        return value

    def _list(self, path: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            self._fault("no-list", path)
            return []
        return value

    def _text(self, path: str, value: Any) -> str:
        if not isinstance(value, str):
            self._fault("no-text", path, found=_written(value))
            return ""
        return value

    def _choice(self, path: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self._fault("no-choice", path, found=_written(value))
        return value is True

    def _date_in(self, path: str, value: dict[str, Any], key: str) -> date | None:
        text = value.get(key)
        if text is None:
            return None
        try:
            if isinstance(text, str) and len(text) == len("2026-12-31"):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self._fault("no-date", _join(path, key), found=_written(text))
        return None

    def _number_in(
        self, path: str, value: dict[str, Any], key: str, usual: Fraction = Fraction(0)
    ) -> Fraction:
        return self._number(_join(path, key), value[key]) if key in value else usual

    def _amount_in(self, path: str, value: dict[str, Any], key: str, usual: int = 0) -> int:
        return self._amount(_join(path, key), value[key]) if key in value else usual

    def _whole_in(self, path: str, value: dict[str, Any], key: str) -> int | None:
        if key not in value:
            return None
        return self._whole(_join(path, key), value[key], "no-whole")

    def _amounts(self, path: str, value: dict[str, Any], key: str) -> dict[str, int]:
        place = _join(path, key)
        given = self._object(place, value.get(key, {}))
        return {name: self._amount(_join(place, name), one) for name, one in given.items()}

    def _amount(self, path: str, value: Any) -> int:
        return self._whole(path, value, "no-amount")

    def _whole(self, path: str, value: Any, code: str) -> int:
        number = self._number(path, value)
        if number.denominator != 1:
            self._fault(code, path, found=_written(value))
        return int(number)

    def _number(self, path: str, value: Any) -> Fraction:
        """A number as it was written; one that is beyond any year is never worked out."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
            self._fault("no-number", path, found=_written(value))
            return Fraction(0)
        if isinstance(value, Decimal):
            exponent = value.as_tuple().exponent
            is_far = value.adjusted() >= MOST_DIGITS or int(exponent) < -MOST_DIGITS
        else:
            is_far = abs(value) >= 10**MOST_DIGITS
        if is_far:
            self._fault("too-much", path, found=_written(value))
            return Fraction(0)
        return Fraction(value)


_NOTHING = Year(PRESETS["selc"], 0)


def _names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


def _join(path: str, key: str) -> str:
    return f"{path}.{shown(key)}" if path else shown(key)


def _written(value: Any) -> str:
    """A value as it stands in the file, cut short by the fault."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else "[…]"
    return json.dumps(value, ensure_ascii=False)


def _placed(one: Fault, path: str, value: dict[str, Any], year: Year) -> Fault:
    """A fault of a year at the path that the file has it at."""
    place, policy = one.path, "policy" in value
    if found := re.fullmatch(r"workers\[(\d+)\]\.(\w+)", place):
        if "workers" not in value:
            name, what = year.workers[int(found[1])].id, found[2]
            what = "weights" if "weights" in value else "hours" if what == "id" else what
            place = _join(what, name)
    elif place == "number":
        place = "fiscal_year_no"
    elif not policy and place.startswith("policy."):
        short = place.removeprefix("policy.")
        place = {"slices[1].share": "collective_min", "patronage.least_hours": "min_hours"}.get(
            short, short
        )
    return replace(one, path=f"{path}.{place}" if path else place)
