"""`interlock report FOLDER`: what `interlock observe` has found, as a page and as a PDF for reading."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.commands import reading
from interlock.commands.site import set_up_drawing
from interlock.methods.formats.observed_packages import (
    LARGEST_FILE,
    REPORTS,
    RESULTS,
    PackageError,
    opened,
    paths,
)
from interlock.methods.formats.packages import PACKAGE

if TYPE_CHECKING:
    from interlock.methods.formats.observed_packages import ObservedPackage

SUMMARY = "Write the report of an observation, for reading: HTML and PDF."
_INSTALL = "Install it: pip install 'interlock[web,pdf]'."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help="one that `interlock observe` has written"
    )
    parser.add_argument(
        "--language", default="en", choices=list(REPORTS), help="en or es (default: en)"
    )


def run(arguments: argparse.Namespace) -> int:
    return reading.told(arguments.folder, lambda: _tell(arguments.folder, arguments.language))


def _tell(folder: Path, language: str) -> int:
    if not is_drawable():
        raise ValueError(f"This verb needs what the site is made of. {_INSTALL}")
    package = _read(folder)
    html, pdf = REPORTS[language]
    page = drawn(package, language)
    from interlock.web.observatory import reporting

    paper, why_not = reporting.pdf(package, language)
    reading.written(folder / html, page)
    if paper is None:
        (folder / pdf).unlink(missing_ok=True)
        print(f"Written: {html}")
        why = (
            "WeasyPrint or Pango is not here (pip install 'interlock[pdf]'; docs/operating.md says more)"
            if why_not == "missing"
            else "the press failed this time"
        )
        print(
            f"Note: no PDF was made: {why}. Open {html} in a browser and choose Print, then Save as PDF.",
            file=sys.stderr,
        )
        return 0
    reading.written(folder / pdf, paper)
    print(f"Written: {html}, {pdf}")
    return 0


def _read(folder: Path) -> ObservedPackage:
    """The package in a folder, each file as it was written."""
    files: dict[str, bytes] = {}
    for name in (RESULTS, PACKAGE):
        if (folder / name).is_file():
            files[name] = _bytes(folder, name)
    if PACKAGE in files:
        for name in paths(files[PACKAGE]):
            if name not in files and (folder / name).is_file():
                files[name] = _bytes(folder, name)
    return opened(files)


def _bytes(folder: Path, name: str) -> bytes:
    if (folder / name).stat().st_size > LARGEST_FILE:
        raise PackageError(name, f"is longer than {LARGEST_FILE:,} bytes.")
    return (folder / name).read_bytes()


def is_drawable() -> bool:
    """Whether what draws reports is installed."""
    return find_spec("django") is not None and find_spec("babel") is not None


def drawn(package: ObservedPackage, language: str) -> bytes:
    """The page, where it can be drawn."""
    set_up_drawing(language)
    from interlock.web.observatory import reporting

    return reporting.html(package, language).encode()
