"""The metropolitan areas of the United States, and which counties each is made of.

    python -m interlock.methods.places.metros FOLDER interlock/methods/places/us_metros_2019.csv

makes the packaged table again from us_cbsa_2019.csv and us_county_to_cbsa_2019.csv (US Census Bureau,
core-based statistical areas as of its population estimates of 2019; public domain). A metropolitan area
has a core of 50,000 people or more; the Bureau's smaller, micropolitan areas are left out. An area is
whole counties, some of several states. Its code and its counties change from edition to edition of the
delineations: a code is always told with `VINTAGE`.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from interlock.methods.places.states import State, state_of

VINTAGE = 2019
SOURCE = "Metropolitan areas: US Census Bureau, 2019 (public domain)."
KIND = "Metropolitan Statistical Area"

_FILE = Path(__file__).with_name("us_metros_2019.csv")


@dataclass(frozen=True)
class Metro:
    """A metropolitan area: its code (CBSA), its name, and the FIPS codes of its counties."""

    code: str
    name: str
    counties: tuple[str, ...]
    vintage: int = VINTAGE

    @property
    def states(self) -> tuple[State, ...]:
        """The states that it is named after, the one of its largest city first."""
        codes = self.name.rpartition(", ")[2].split("-")
        return tuple(state for code in codes if (state := state_of(code)))


@cache
def metros() -> dict[str, Metro]:
    """All 384 by their codes, read once a process.

    >>> abilene = metros()["10180"]
    >>> abilene.name, abilene.counties, abilene.vintage
    ('Abilene, TX', ('48059', '48253', '48441'), 2019)
    """
    rows = csv.DictReader(io.StringIO(_FILE.read_text(encoding="utf-8")))
    return {
        row["cbsa"]: Metro(row["cbsa"], row["name"], tuple(row["counties"].split())) for row in rows
    }


def metro_of(county: str) -> Metro | None:
    """The metropolitan area that a county (FIPS code of 2019) is part of; most counties are of none.

    >>> metro_of("36061").name
    'New York-Newark-Jersey City, NY-NJ-PA'
    >>> metro_of("36003") is None  # Allegany County, NY
    True
    """
    return _by_county().get(county)


@cache
def _by_county() -> dict[str, Metro]:
    return {county: metro for metro in metros().values() for county in metro.counties}


def build(*, areas: bytes, counties: bytes) -> str:
    """The packaged table from the Bureau's two, as CSV; equal tables give equal text.

    `areas` needs the columns cbsa, name and kind, `counties` cbsa and fips.
    """
    of: dict[str, list[str]] = {}
    for row in _rows(counties):
        of.setdefault(row["cbsa"], []).append(row["fips"])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["cbsa", "name", "counties"])
    for row in sorted(_rows(areas), key=lambda row: row["cbsa"]):
        if row["kind"] == KIND:
            writer.writerow([row["cbsa"], row["name"], " ".join(sorted(of[row["cbsa"]]))])
    return text.getvalue()


def _rows(data: bytes) -> Iterable[dict[str, str]]:
    return csv.DictReader(io.StringIO(data.decode("utf-8-sig")))


def main(folder: Path, file: Path) -> None:
    text = build(
        areas=(folder / "us_cbsa_2019.csv").read_bytes(),
        counties=(folder / "us_county_to_cbsa_2019.csv").read_bytes(),
    )
    file.write_text(text, encoding="utf-8")
    print(f"{text.count(chr(10)) - 1} metropolitan areas, {len(text):,} bytes: {file.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
