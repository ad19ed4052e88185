"""Data packages of our own making: tables and documents, what describes them, and how to cite them.

The same numbers give the same bytes: numbers have ten figures, there is no date, and of the machine
nothing but the version. In JSON and in tables INF stands for no end. A package follows Data Package (v1,
specs.frictionlessdata.io), the citation CFF 1.2.0.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from interlock import __version__
from interlock.methods.formats.formulas import guarded

PACKAGE = "datapackage.json"
CITATION = "CITATION.cff"
#: A column: its name, its type (a Table Schema's), what it tells.
Field = tuple[str, str, str]
#: The column more that tables of made-up data have.
SYNTHETIC: Field = ("synthetic", "boolean", "True: made-up data, which says nothing of any place")
_FIGURES = 10
_MOMENT = (1980, 1, 1, 0, 0, 0)
#: What a text says of itself where it is one.
MADE_UP = "Made-up data, which says nothing of any place."


def number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return float(f"{value:.{_FIGURES}g}")


def table_file(fields: Iterable[Field], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow([field for field, _, _ in fields])
    for row in rows:
        written.writerow([_cell(cell) for cell in row])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        value = number(value)
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)


def json_file(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def table_resource(
    name: str, path: str, title: str, data: bytes, fields: Iterable[Field]
) -> dict[str, Any]:
    """What a package says of a table at `path`."""
    return {
        "name": name.replace("_", "-"),
        "path": path,
        "profile": "tabular-data-resource",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_held(data),
        "schema": {
            "fields": [
                {"name": field, "type": kind, "description": what} for field, kind, what in fields
            ],
            "missingValues": [""],
        },
    }


def document_resource(
    name: str,
    path: str,
    title: str,
    data: bytes,
    form: tuple[str, str] = ("json", "application/json"),
) -> dict[str, Any]:
    """What a package says of a document at `path`; `form` is its format and media type."""
    return {
        "name": name,
        "path": path,
        "profile": "data-resource",
        "title": title,
        "format": form[0],
        "mediatype": form[1],
        "encoding": "utf-8",
        **_held(data),
    }


def package(
    name: str,
    title: str,
    description: str,
    resources: Sequence[dict[str, Any]],
    sources: Sequence[str],
    *,
    is_synthetic: bool,
) -> dict[str, Any]:
    """The package of these resources; `sources` are where their numbers are from, a title each."""
    return {
        "profile": "data-package",
        "name": name,
        "title": f"{MADE_UP} {title}" if is_synthetic else title,
        "description": description,
        "version": __version__,
        "synthetic": is_synthetic,
        "sources": [{"title": one} for one in sources],
        "resources": list(resources),
    }


def archive(files: Mapping[str, bytes]) -> bytes:
    """The files in one zip archive, all of one moment, so that equal files are equal bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        for path, data in files.items():
            written.writestr(zipfile.ZipInfo(path, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _held(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}


def citation(*, is_synthetic: bool) -> str:
    """How to cite results, and what made them."""
    return (
        "cff-version: 1.2.0\n"
        "message: >-\n"
        + (f"  {MADE_UP}\n" if is_synthetic else "")
        + "  If you use these results, cite the lists they were made of (datapackage.json names them)\n"
        "  and the software that made them.\n"
        "type: software\n"
        "title: Interlock\n"
        f"version: {__version__}\n"
        "authors:\n"
        "  - name: The makers of Interlock\n"
    )
