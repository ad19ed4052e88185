"""`interlock map`: the boundaries of a country, checked, reduced, and placed where the map finds them."""

import argparse
import json
import os
import re
import sys
from pathlib import Path

from interlock.commands.site import make_ready
from interlock.methods.formats.faults import FormatError
from interlock.methods.formats.geojson import LARGEST_FILE, read_boundaries

SUMMARY = "Place a country's boundaries (GeoJSON) for the map of institutions."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.geojson", help="its areas, in degrees")
    parser.add_argument(
        "--country", required=True, metavar="XX", help="its two letters in ISO 3166-1, such as ES"
    )
    parser.add_argument(
        "--source", default="", help="where the boundaries are from and their licence, for the page"
    )
    parser.add_argument("--dry-run", action="store_true", help="check the file, place nothing")


def run(arguments: argparse.Namespace) -> int:
    country = arguments.country.upper()
    if not re.fullmatch("[A-Z]{2}", country) or country == "US":
        told = (
            "The United States come with the package." if country == "US" else "Give two letters."
        )
        print(f"--country {arguments.country}: {told}", file=sys.stderr)
        return 2
    try:
        if arguments.file.stat().st_size > LARGEST_FILE:
            print(
                f"{arguments.file}: more than {LARGEST_FILE:,} bytes. Simplify the boundaries first.",
                file=sys.stderr,
            )
            return 2
        boundaries = read_boundaries(arguments.file.read_bytes())
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except FormatError as error:
        for fault in error.faults:
            print(f"{arguments.file}: {fault}", file=sys.stderr)
        return 2
    for note in boundaries.notes:
        print(f"Note: {note}", file=sys.stderr)
    make_ready()
    from interlock.web.explore.boundaries import file_of, reduced

    text = json.dumps(reduced(boundaries, arguments.source), ensure_ascii=False)
    west, south, east, north = boundaries.bounds
    print(
        f"areas: {len(boundaries.areas):,}, from {south:.2f}, {west:.2f} to {north:.2f}, {east:.2f}, "
        f"{len(text.encode()):,} bytes"
    )
    if not arguments.dry_run:
        path = file_of(country)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)  # a page that reads meanwhile reads one or the other, whole
        print(f"Placed at {path}. The map shows it at once.")
    return 0
