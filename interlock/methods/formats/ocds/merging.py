"""Releases merged by the standard's rules (https://standard.open-contracting.org/1.1/en/schema/merging/).

Later values take the place of earlier ones. Lists of objects that have ids are merged by these;
other lists, and those that the schema says are taken whole, are replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

#: What belongs to one release, and not to what it says of the process.
OF_THE_RELEASE = frozenset({"id", "date", "tag"})
#: `wholeListMerge` in the schemas of the standard and of the extensions that are used.
TAKEN_WHOLE = frozenset({"additionalIdentifiers", "criteria", "numbers"})


def merged(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """What two objects say together.

    >>> merged({"a": 1, "list": [{"id": "x", "n": 1}]}, {"list": [{"id": "x", "n": 2}, {"id": "y"}]})
    {'a': 1, 'list': [{'id': 'x', 'n': 2}, {'id': 'y'}]}
    """
    found = dict(earlier)
    for key, value in later.items():
        before = found.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            found[key] = merged(before, value)
        elif key not in TAKEN_WHOLE and _by_id(value) and _by_id(before):
            found[key] = _lists(before, value)
        else:
            found[key] = deepcopy(value)
    return found


def compiled(releases: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The compiled release of all releases of one process, in the order of their dates."""
    ordered = sorted(releases, key=lambda one: one["date"])
    found: dict[str, Any] = {}
    for release in ordered:
        said = {key: value for key, value in release.items() if key not in OF_THE_RELEASE}
        found = merged(found, said)
    last = ordered[-1]["date"]
    return {"id": f"{found['ocid']}-{last}", "date": last, "tag": ["compiled"], **found}


def _by_id(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, Mapping) and "id" in one for one in value
    )


def _lists(before: Any, value: Any) -> list[Any]:
    found = {one["id"]: one for one in before}
    for one in value:
        found[one["id"]] = merged(found.get(one["id"], {}), one)
    return list(found.values())
