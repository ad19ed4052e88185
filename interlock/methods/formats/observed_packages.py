"""A folder of `interlock observe`, read back: what it holds is what its data package says, or why not.

This module imports no numpy.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlock.methods.formats.packages import PACKAGE

MADE_BY = "interlock observe"
RESULTS = "results.json"
#: The reports that may lie beside it, by language: the page and the PDF.
REPORTS: Mapping[str, tuple[str, str]] = {
    "en": ("report.html", "report.pdf"),
    "es": ("report.es.html", "report.es.pdf"),
}
# A file of ours is never longer: a million areas have less.
LARGEST_FILE = 2**28


class PackageError(ValueError):
    """A folder that cannot be trusted: `place` is the file, the message says what is wrong with it."""

    def __init__(self, place: str, why: str) -> None:
        self.place = place
        super().__init__(f"{place}: {why}")


@dataclass(frozen=True, eq=False)
class ObservedPackage:
    """What was observed, as it was written: `results` in plain data, every file by its path."""

    results: Mapping[str, Any]
    files: Mapping[str, bytes]

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table; none where there is no such table."""
        data = self.files.get(f"tables/{name}.csv", b"")
        return list(csv.DictReader(io.StringIO(data.decode(), newline="")))

    def sha256(self, path: str) -> str:
        """The hash of a file, as hexadecimal."""
        return hashlib.sha256(self.files[path]).hexdigest()


def is_ours(data: bytes) -> bool:
    """Whether these bytes are a `RESULTS` of ours.

    >>> is_ours(b'{"made_by": "interlock observe"}'), is_ours(b"[]"), is_ours(b"\\xff")
    (True, False, False)
    """
    try:
        told = json.loads(data)
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("made_by") == MADE_BY


def opened(files: Mapping[str, bytes]) -> ObservedPackage:
    """The package of these files by their paths: each as its data package says, to the byte.

    Raises PackageError where one is missing, was changed, or is none of ours.
    """
    for name in (RESULTS, PACKAGE):
        if name not in files:
            raise PackageError(
                name, "is not there. Give a folder that `interlock observe` has written."
            )
    if not is_ours(files[RESULTS]):
        raise PackageError(RESULTS, "was not written by `interlock observe`.")
    try:
        resources = json.loads(files[PACKAGE])["resources"]
        said = {str(one["path"]): str(one["hash"]) for one in resources}
    except (ValueError, KeyError, TypeError):
        raise PackageError(PACKAGE, "is no data package of `interlock observe`.") from None
    if RESULTS not in said:
        raise PackageError(PACKAGE, f"says nothing of {RESULTS}. Ask again with this version.")
    for path, hashed in said.items():
        if path not in files:
            raise PackageError(path, f"is not there, though {PACKAGE} names it.")
        held = f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        if held != hashed:
            raise PackageError(
                path,
                f"was changed: it has {held}, and {PACKAGE} says {hashed}. Ask again, or take the "
                "file as it was written.",
            )
    return ObservedPackage(
        json.loads(files[RESULTS]), {path: files[path] for path in (*said, PACKAGE)}
    )


def paths(package: bytes) -> list[str]:
    """The files that a data package names, which lie in its folder or in `tables` there.

    Raises PackageError for any other.
    """
    try:
        named = [str(one["path"]) for one in json.loads(package)["resources"]]
    except (ValueError, KeyError, TypeError):
        raise PackageError(PACKAGE, "is no data package of `interlock observe`.") from None
    for path in named:
        folder, _, name = path.rpartition("/")
        if folder not in ("", "tables") or name in ("", ".", "..") or "\\" in name or "\0" in name:
            raise PackageError(PACKAGE, f"names a file outside its folder: {path!r}.")
    return named
