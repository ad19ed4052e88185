"""Bylaws and rules as plain data, for a file or a database, and back with each fault at its place.

An object has a name for each field; what is left out is as the field's default. Shares are texts such
as "3/4". `passing` says its `kind`: `threshold`, `unanimity` or `objections`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from fractions import Fraction
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from interlock.methods.deciding.bylaws import Bylaws
from interlock.methods.deciding.reasons import DecidingError, Fault, fault
from interlock.methods.deciding.rule import Objections, Rule, Threshold, Unanimity

PASSING: Mapping[str, type] = {
    "threshold": Threshold,
    "unanimity": Unanimity,
    "objections": Objections,
}
_KINDS = {made: kind for kind, made in PASSING.items()}
_SHARE = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?")

Kind = TypeVar("Kind", Bylaws, Rule)


def to_json(value: Bylaws | Rule) -> dict[str, Any]:
    """Bylaws or a rule as plain data, every field written out.

    >>> to_json(Rule(Threshold(Fraction(3, 4), "cast")))["passing"]
    {'kind': 'threshold', 'share': '3/4', 'base': 'cast', 'is_strict': False}
    """
    made: dict[str, Any] = _plain(value)
    return made


def from_json(data: object, kind: type[Kind]) -> Kind:
    """Bylaws or a rule from plain data. Raises DecidingError with all faults and their places.

    >>> from_json({"passing": {"kind": "unanimity", "base": "present", "less": "1"}}, Rule)
    Traceback (most recent call last):
    interlock.methods.deciding.reasons.DecidingError: passing.less: This should be a whole number.
    """
    faults: list[Fault] = []
    made = _made(kind, data, "", faults)
    if faults:
        raise DecidingError(faults)
    assert isinstance(made, kind)
    return made


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        told = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        kind = _KINDS.get(type(value))
        return told if kind is None else {"kind": kind, **told}
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _made(kind: Any, data: object, place: str, faults: list[Fault]) -> Any:
    """The value of this type, or None and a fault more."""
    if kind in _LEAVES:
        is_right, code, made = _LEAVES[kind]
        return made(data) if is_right(data) else _wrong(faults, place, fault(code))
    if isinstance(kind, UnionType):
        return _one_of(get_args(kind), data, place, faults)
    if get_origin(kind) is Mapping:
        return _mapping(get_args(kind)[1], data, place, faults)
    if get_origin(kind) is tuple:
        if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
            return _wrong(faults, place, fault("no-list"))
        return tuple(data)
    return _object(kind, data, place, faults)


_LEAVES: Mapping[Any, tuple[Callable[[Any], bool], str, Callable[[Any], Any]]] = {
    bool: (lambda data: isinstance(data, bool), "no-answer", bool),
    int: (lambda data: isinstance(data, int) and not isinstance(data, bool), "no-number", int),
    str: (lambda data: isinstance(data, str), "no-text", str),
    Fraction: (
        lambda data: isinstance(data, str) and bool(_SHARE.fullmatch(data)),
        "no-share",
        Fraction,
    ),
}


def _one_of(kinds: tuple[Any, ...], data: object, place: str, faults: list[Fault]) -> Any:
    if type(None) in kinds:
        [kind] = [one for one in kinds if one is not type(None)]
        return None if data is None else _made(kind, data, place, faults)
    if not isinstance(data, Mapping):
        return _wrong(faults, place, fault("no-object"))
    name = data.get("kind")
    if not isinstance(name, str) or name not in PASSING:
        wrong = fault("choice", value=str(name), choices=tuple(PASSING))
        return _wrong(faults, _within(place, "kind"), wrong)
    rest = {key: one for key, one in data.items() if key != "kind"}
    return _object(PASSING[name], rest, place, faults)


def _mapping(kind: Any, data: object, place: str, faults: list[Fault]) -> Any:
    if not isinstance(data, Mapping):
        return _wrong(faults, place, fault("no-object"))
    return {name: _made(kind, one, _within(place, name), faults) for name, one in data.items()}


def _object(kind: Any, data: object, place: str, faults: list[Fault]) -> Any:
    if not isinstance(data, Mapping):
        return _wrong(faults, place, fault("no-object"))
    known, types, before = (
        {one.name: one for one in fields(kind)},
        get_type_hints(kind),
        len(faults),
    )
    for name in data:
        if name not in known:
            _wrong(faults, place, fault("unknown", name=str(name)))
    for name, one in known.items():
        if name not in data and _is_needed(one):
            _wrong(faults, place, fault("missing", name=name))
    given = {
        name: _made(types[name], data[name], _within(place, name), faults)
        for name in known
        if name in data
    }
    if len(faults) > before:
        return None
    try:
        return kind(**given)
    except DecidingError as wrong:
        faults += [Fault(one.code, one.facts, place) for one in wrong.faults]
        return None


def _is_needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _within(place: str, name: object) -> str:
    return f"{place}.{name}" if place else str(name)


def _wrong(faults: list[Fault], place: str, one: Fault) -> None:
    faults.append(Fault(one.code, one.facts, place))
