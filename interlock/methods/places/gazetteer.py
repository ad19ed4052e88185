"""Where a place of the United States is, without asking anybody: towns, ZIP codes, counties.

A gazetteer is one file, built from tables that are given (`build`). One comes with this package
(`packaged`), with the towns, ZIP codes and counties of the United States: docs/decisions/009-gazetteer.md
says from which tables, and `interlock gazetteer build` makes it again. Its entries are lines sorted
by key, and are looked up where they lie: the 58,716 places of those tables take 4 MB, and an answer
takes less than a tenth of a millisecond.

Names are compared without case, accents and points; "Saint" and "St.", "Fort" and "Ft.", "Mount"
and "Mt." are one, and "The Bronx" is found as "Bronx", "New York City" as "New York". One name may
mean many places: all are answered, the most populous first, and choosing is the asker's.

County codes change (Connecticut's counties became planning regions in 2022), so that a place names
its county together with the year whose counties are meant.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import unicodedata
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from interlock.methods.places.distance import box_around, distance_km
from interlock.methods.places.states import state_of

LARGEST = 32_000_000
FORMAT = "interlock gazetteer 1"
PACKAGED = Path(__file__).with_name("us.gazetteer")

# A point is in the county of the nearest ZIP code when that is near, and all others around agree.
# Asked about 6,000 towns whose county is known from its outline: 56 % are answered, 99.2 % of these
# rightly. The nearest ZIP code alone would answer 79 %, 96.3 % of them rightly.
NEAR_KM = 5.0
AROUND = 3.0
BESIDES_KM = 2.0

# What a name may be called besides.
ALIASES = {
    "new york": ("new york city", "NY"),
    "nyc": ("new york city", "NY"),
    "washington dc": ("washington", "DC"),
}

_WORDS = {"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}
_LINE = re.compile(
    rb"[^\t\n]+\t(?:zip|county|place)\t[^\t\n]+\t[A-Z]{2}"
    rb"\t-?[0-9]{1,2}\.[0-9]{4}\t-?[0-9]{1,3}\.[0-9]{4}\t[0-9]{5}\t[0-9]{1,9}\n"
)
_ZIP = re.compile(r"([0-9]{5})(?:-[0-9]{4})?", re.ASCII)


class GazetteerError(ValueError):
    """Tables or a file that no gazetteer can be made of; the message says where and why."""


@dataclass(frozen=True)
class Place:
    """A town, a ZIP code or a county: where its middle is, and in which county.

    `kind` is "place", "zip" or "county"; `fips` is the county's code among the counties of the year
    `vintage`, and `population` is 0 where the tables give none.
    """

    kind: str
    name: str
    state: str
    latitude: float
    longitude: float
    fips: str
    vintage: int
    population: int = 0


class Gazetteer:
    """Places to be found by name. `vintage` is the year of the county codes."""

    def __init__(self, vintage: int, sources: Sequence[str], text: bytes) -> None:
        """`text` is the entries, sorted, a line each. Raises GazetteerError when it is not."""
        self.vintage = vintage
        self.sources = tuple(sources)
        self._text = text
        self._starts = array("L", [0])
        before = b""
        for line in _LINE.finditer(text):
            if line.start() != self._starts[-1] or line[0] < before:
                break
            self._starts.append(line.end())
            before = line[0]
        if self._starts[-1] != len(text):
            raise GazetteerError(f"Entry {len(self._starts):,} is none, or not in its order.")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def find(self, text: str, *, state: str = "") -> tuple[Place, ...]:
        """All places that this may mean, the most populous first; () when there is none.

        `text` is a name ("Rochester"), with its state or without ("Rochester, NY"; the state may
        be given apart), a ZIP code with its add-on or without, or a county ("Monroe County, NY").
        """
        if code := _ZIP.fullmatch(text.strip()):
            return tuple(self._at(f"zip {code[1]}"))
        wanted = state_of(state)
        if state.strip() and wanted is None:
            return ()
        found: dict[Place, None] = {}
        for name, said in _readings(text, wanted.code if wanted else ""):
            for kind in ("place", "county"):
                places = self._at(f"{kind} {key(name)}")
                found |= dict.fromkeys(one for one in places if not said or one.state == said)
        return tuple(
            sorted(found, key=lambda one: (-one.population, one.kind, one.state, one.fips))
        )

    def each(self, kind: str) -> Iterator[Place]:
        """All places of a kind ("place", "zip" or "county"), in the order of their entries."""
        prefix = "fips" if kind == "county" else kind
        place = bisect_left(range(len(self)), f"{prefix} ", key=self._line)
        while place < len(self) and self._line(place).startswith(f"{prefix} "):
            yield self._place(place)
            place += 1

    def county(self, fips: str) -> Place | None:
        """The county with this code."""
        return next(self._at(f"fips {fips}"), None)

    def around(self, latitude: float, longitude: float) -> Place | None:
        """The ZIP code whose county a point is in, as good as surely; None where that is unsure.

        It is the nearest one, when it is within 5 km and every other that is less than three times
        as far and 2 km more is in the same county. Points near a county's border have no answer.
        """
        near = sorted(self._zips_within(latitude, longitude, NEAR_KM * AROUND + BESIDES_KM))
        if not near or near[0][0] > NEAR_KM:
            return None
        nearest = self._place(near[0][1])
        reach = near[0][0] * AROUND + BESIDES_KM
        others = (self._place(number) for km, number in near if km <= reach)
        return nearest if all(other.fips == nearest.fips for other in others) else None

    def _zips_within(
        self, latitude: float, longitude: float, km: float
    ) -> Iterator[tuple[float, int]]:
        """How far each ZIP code within `km` is, and where its entry is."""
        box = box_around(latitude, longitude, km)
        norths, easts, numbers = self._zips
        first, last = bisect_left(norths, box.south), bisect_right(norths, box.north)
        for place in range(first, last):
            if box.holds(norths[place], easts[place]):
                far = distance_km(latitude, longitude, norths[place], easts[place])
                if far <= km:
                    yield far, numbers[place]

    @cached_property
    def _zips(self) -> tuple[array[float], array[float], array[int]]:
        """All ZIP codes by their latitude: latitudes, longitudes, and where their entries are."""
        first = bisect_left(range(len(self)), "zip ", key=self._line)
        last = bisect_left(range(len(self)), "zip!", key=self._line)
        places = ((self._place(number), number) for number in range(first, last))
        rows = sorted((place.latitude, place.longitude, number) for place, number in places)
        norths, easts, numbers = zip(*rows, strict=True) if rows else ((), (), ())
        return array("d", norths), array("d", easts), array("L", numbers)

    @property
    def text(self) -> bytes:
        """The entries, sorted, a line each."""
        return self._text

    def _at(self, wanted: str) -> Iterator[Place]:
        place = bisect_left(range(len(self)), f"{wanted}\t", key=self._line)
        while place < len(self) and self._line(place).startswith(f"{wanted}\t"):
            yield self._place(place)
            place += 1

    def _place(self, number: int) -> Place:
        kind, name, state, latitude, longitude, fips, people = self._line(number).split("\t")[1:]
        here = float(latitude), float(longitude)
        return Place(kind, name, state, *here, fips, self.vintage, int(people))

    def _line(self, number: int) -> str:
        return self._text[self._starts[number] : self._starts[number + 1] - 1].decode()


def key(name: str) -> str:
    """A name as it is compared.

    >>> key("St. Louis"), key("Saint Louis"), key("The Bronx"), key("Cañon City")
    ('st louis', 'st louis', 'bronx', 'canon city')
    """
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", " ", kept.replace("'", "").replace("’", "")).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(_WORDS.get(word, word) for word in words)


def build(
    *, zips: bytes, counties: bytes, places: bytes = b"", vintage: int, sources: Sequence[str]
) -> Gazetteer:
    """A gazetteer from tables (CSV in UTF-8).

    `zips` needs the columns zip, lat, lon, fips; `counties` fips, state, county, lat, lon, and may
    have a population (pop2019, population); `places` name, state, lat, lon, fips, and may have a
    population. A ZIP or a place may name a county that `counties` has not (in a territory).
    `sources` are the sentences that name where the tables are from, kept with it.
    Raises GazetteerError with the line of the first fault.
    """
    lines: list[str] = []
    for row in _rows("counties", counties, ("fips", "state", "county", "lat", "lon")):
        place = _place("county", row, row.text("county"), vintage)
        lines += [
            _written(f"county {key(place.name)}", place),
            _written(f"fips {place.fips}", place),
        ]
    for row in _rows("zips", zips, ("zip", "lat", "lon", "fips")):
        code = row.text("zip")
        if not _ZIP.fullmatch(code) or len(code) != 5:
            raise row.wrong(f'"{code}" is no ZIP code of five digits')
        lines.append(_written(f"zip {code}", _place("zip", row, code, vintage)))
    for row in _rows("places", places, ("name", "state", "lat", "lon", "fips")) if places else ():
        place = _place("place", row, row.text("name"), vintage)
        lines.append(_written(f"place {key(place.name)}", place))
    return Gazetteer(vintage, sources, "".join(f"{line}\n" for line in sorted(lines)).encode())


def save(gazetteer: Gazetteer, path: Path) -> None:
    """Write a gazetteer to a file; the same gazetteer gives the same bytes."""
    about = {"format": FORMAT, "vintage": gazetteer.vintage, "sources": gazetteer.sources}
    head = f"{json.dumps(about)}\n".encode()
    path.write_bytes(gzip.compress(head + gazetteer.text, mtime=0))


def load(path: Path) -> Gazetteer:
    """The gazetteer of a file that `save` wrote. Raises GazetteerError, and OSError."""
    inflate = zlib.decompressobj(wbits=31)
    try:
        data = inflate.decompress(path.read_bytes(), LARGEST)
        if not inflate.eof:
            raise GazetteerError(f"{path.name} is cut off, or holds more than {LARGEST:,} bytes.")
        head, _break, text = data.partition(b"\n")
        about = json.loads(head)
        if about["format"] != FORMAT:
            raise ValueError
        return Gazetteer(int(about["vintage"]), [str(one) for one in about["sources"]], text)
    except GazetteerError:
        raise
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"{path.name} is no gazetteer. Build it again.") from error


@cache
def packaged() -> Gazetteer:
    """The gazetteer of the United States that comes with this package; read once a process.

    Towns (GeoNames, CC BY 4.0), ZIP code areas of 2021 and counties of 2019 (US Census Bureau).
    Whoever shows a place found by it shows its `sources` too.
    """
    return load(PACKAGED)


def _readings(text: str, state: str) -> Iterator[tuple[str, str]]:
    """The names and states that a text may mean, as in "Rochester, NY" and "Rochester NY"."""
    name, comma, after = text.rpartition(",")
    if comma and (found := state_of(after)):
        if not state or state == found.code:
            yield from _named(name, found.code)
        return
    yield from _named(text, state)
    words = text.split()
    for size in (1, 2, 3):
        found = state_of(" ".join(words[-size:])) if not state and len(words) > size else None
        if found:
            yield from _named(" ".join(words[:-size]), found.code)


def _named(name: str, state: str) -> Iterator[tuple[str, str]]:
    yield name, state
    other = ALIASES.get(key(name))
    if other and state in ("", other[1]):
        yield other


@dataclass(frozen=True)
class _Row:
    table: str
    line: int
    cells: Mapping[str, str | None]

    def text(self, column: str) -> str:
        text = " ".join((self.cells.get(column) or "").split())
        if any(not sign.isprintable() for sign in text) or len(text) > 200:
            raise self.wrong(f"the {column} is no name")
        return text

    def degrees(self, column: str, most: float) -> float:
        text = self.text(column)
        if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", text, re.ASCII):
            raise self.wrong(f'the {column} "{text}" is no decimal number')
        if abs(float(text)) > most:
            raise self.wrong(f"the {column} {text} is nowhere on the earth")
        return float(text)

    def wrong(self, reason: str) -> GazetteerError:
        return GazetteerError(f"{self.table}, line {self.line}: {reason}.")


def _rows(table: str, data: bytes, needed: Sequence[str]) -> Iterator[_Row]:
    if len(data) > LARGEST:
        raise GazetteerError(f"{table} has more than {LARGEST:,} bytes.")
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in needed if column not in (rows.fieldnames or ())]
        if missing:
            raise GazetteerError(f'{table} has no column "{missing[0]}".')
        for row in rows:
            yield _Row(table, rows.line_num, row)
    except (UnicodeDecodeError, csv.Error) as error:
        raise GazetteerError(f"{table} is no CSV in UTF-8: {error}.") from error


def _place(kind: str, row: _Row, name: str, vintage: int) -> Place:
    fips = row.text("fips")
    if not re.fullmatch(r"[0-9]{5}", fips, re.ASCII):
        raise row.wrong(f'"{fips}" is no county code of five digits')
    state = state_of(row.text("state") or fips[:2])
    if state is None:
        raise row.wrong("there is no such state")
    people = row.text("population") or row.text("pop2019") or "0"
    if not re.fullmatch(r"[0-9]{1,9}", people, re.ASCII):
        raise row.wrong(f'the population "{people}" is no whole number')
    if not key(name):
        raise row.wrong("there is no name")
    latitude, longitude = row.degrees("lat", 90), row.degrees("lon", 180)
    return Place(kind, name, state.code, latitude, longitude, fips, vintage, int(people))


def _written(at: str, place: Place) -> str:
    here = (f"{place.latitude:.4f}", f"{place.longitude:.4f}")  # eleven metres
    parts = (at, place.kind, place.name, place.state, *here, place.fips, str(place.population))
    return "\t".join(parts)
