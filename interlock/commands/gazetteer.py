"""`interlock gazetteer find TEXT`, `interlock gazetteer build`: places of the United States."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from interlock.methods.places import gazetteer

SUMMARY = "Find a place of the United States offline, or make the packaged gazetteer again."

COUNTIES = (
    "Counties: US Census Bureau, Population Estimates and Cartographic Boundaries, 2019 "
    "(public domain)."
)
ZIPS = "ZIP code areas: US Census Bureau, Gazetteer Files, 2021 (public domain)."
TOWNS = (
    "Towns: GeoNames (geonames.org), licence CC BY 4.0 (creativecommons.org/licenses/by/4.0); "
    "changed: fewer columns, rounded coordinates, county codes added."
)
SOURCES = (COUNTIES, ZIPS, TOWNS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="ACT", required=True)
    find = acts.add_parser("find", help="find a town, a ZIP code or a county")
    find.add_argument("text", help='such as "Rochester, NY", 10451 or "Bronx County"')
    find.add_argument("--json", action="store_true", help="print what is found as JSON")
    make = acts.add_parser("build", help="make a gazetteer from tables")
    make.add_argument("--counties", type=Path, required=True, metavar="FILE.csv")
    make.add_argument("--zips", type=Path, required=True, metavar="FILE.csv")
    make.add_argument("--places", type=Path, required=True, metavar="FILE.csv")
    make.add_argument("--vintage", type=int, default=2019, help="the year of the county codes")
    make.add_argument(
        "--to",
        type=Path,
        default=gazetteer.PACKAGED,
        metavar="FILE",
        help="where to write it (default: the one in the package)",
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        return find(arguments) if arguments.act == "find" else build(arguments)
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
    except gazetteer.GazetteerError as error:
        print(error, file=sys.stderr)
    return 2


def find(arguments: argparse.Namespace) -> int:
    places = gazetteer.packaged()
    found = places.find(arguments.text)
    if arguments.json:
        answer = {"places": [asdict(place) for place in found], "sources": places.sources}
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for place in found:
            print(
                f"{place.name}, {place.state} ({place.kind}): {place.latitude:.4f}, "
                f"{place.longitude:.4f}; county {place.fips} of {place.vintage}"
            )
    if not found:
        print(
            f"The gazetteer has no “{arguments.text}”. Give a town with its state, a ZIP code or "
            "a county.",
            file=sys.stderr,
        )
    return 0 if found else 1


def build(arguments: argparse.Namespace) -> int:
    made = gazetteer.build(
        zips=arguments.zips.read_bytes(),
        counties=arguments.counties.read_bytes(),
        places=arguments.places.read_bytes(),
        vintage=arguments.vintage,
        sources=SOURCES,
    )
    gazetteer.save(made, arguments.to)
    print(f"{len(made):,} entries, {arguments.to.stat().st_size:,} bytes: {arguments.to.name}")
    return 0
