"""Release packages and record packages: what is published, and by whom.

Both are also written piece by piece, so that a process with many projects is never held whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from interlock.methods.formats.ocds.contracting import Contracting
from interlock.methods.formats.ocds.merging import compiled
from interlock.methods.formats.ocds.releases import known, moment, releases

VERSION = "1.1"
_REGISTERED = "https://raw.githubusercontent.com/open-contracting-extensions"
EXTENSIONS = (
    f"{_REGISTERED}/ocds_lots_extension/v1.1.5/extension.json",
    f"{_REGISTERED}/ocds_bid_extension/v1.1.5/extension.json",
    f"{_REGISTERED}/ocds_budget_breakdown_extension/master/extension.json",
    f"{_REGISTERED}/ocds_awardCriteriaBreakdown_extension/master/extension.json",
)


@dataclass(frozen=True)
class Publisher:
    """Who publishes, where this package lies, and when what it holds last changed."""

    name: str
    uri: str
    package: str
    published: datetime


def release_package(publisher: Publisher, processes: Iterable[Contracting]) -> dict[str, Any]:
    """All releases of the processes. The standard wants at least one of them."""
    return {**_about(publisher), "releases": list(_releases(processes))}


def record_package(publisher: Publisher, processes: Iterable[Contracting]) -> dict[str, Any]:
    """A record for each process: its compiled release, and the releases it was compiled from."""
    return {**_about(publisher), "records": list(_records(processes))}


def release_chunks(publisher: Publisher, processes: Iterable[Contracting]) -> Iterator[str]:
    """The text of a release package, a release at a time."""
    return _chunks(_about(publisher), "releases", _releases(processes))


def record_chunks(publisher: Publisher, processes: Iterable[Contracting]) -> Iterator[str]:
    """The text of a record package, a record at a time."""
    return _chunks(_about(publisher), "records", _records(processes))


def _about(publisher: Publisher) -> dict[str, Any]:
    return {
        "uri": publisher.package,
        "version": VERSION,
        "extensions": list(EXTENSIONS),
        "publisher": known({"name": publisher.name, "uri": publisher.uri}),
        "publishedDate": moment(publisher.published),
    }


def _releases(processes: Iterable[Contracting]) -> Iterator[dict[str, Any]]:
    for process in processes:
        yield from releases(process)


def _records(processes: Iterable[Contracting]) -> Iterator[dict[str, Any]]:
    for process in processes:
        found = releases(process)
        yield {"ocid": process.ocid, "releases": found, "compiledRelease": compiled(found)}


def _chunks(about: dict[str, Any], name: str, parts: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield json.dumps(about, ensure_ascii=False)[:-1] + f', "{name}": ['
    before = "\n"
    for part in parts:
        yield before + json.dumps(part, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"
