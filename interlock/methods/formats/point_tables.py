"""A list of points as CSV: latitude and longitude, or the name of a place; each fault with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from interlock.methods.formats.faults import Remark, shown
from interlock.methods.formats.headed import Headed, check, fault, opened, refuse, rows
from interlock.methods.formats.register.rows import Row
from interlock.methods.observatory.points import Points, Towns

ROLES = ("code", "latitude", "longitude", "place", "state")
_MEANINGS: Mapping[str, Sequence[str]] = {
    "code": ("code", "id", "identifier"),
    "latitude": ("latitude", "lat", "y"),
    "longitude": ("longitude", "long", "lon", "lng", "x"),
    "place": ("place", "city", "town", "location", "zip", "zip code"),
    "state": ("state", "region"),
}
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")


@dataclass(frozen=True, eq=False)
class PointTable:
    """A list that was read, and the column that each role was read from."""

    points: Points
    columns: Mapping[str, str]
    notes: tuple[Remark, ...] = ()


def read(data: bytes, towns: Towns, columns: Mapping[str, str] | None = None) -> PointTable:
    """The points of a CSV file in UTF-8. `columns` name the column of a role (`ROLES`).

    A row without coordinates stands where its place is. Raises TableError with line and column of
    every fault.

    >>> from interlock.methods.places.gazetteer import packaged
    >>> towns = Towns(packaged())
    >>> read(b"name,lat,lon\\nA,43.1,-77.6\\n", towns).points.latitude.tolist()
    [43.1]
    >>> read(b"name,lat,lon\\nA,-77.6,43.1\\n", towns)
    Traceback (most recent call last):
    ...
    interlock.methods.formats.headed.TableError: line 2, column 2 (lat): -77.6, 43.1 would be a place the other way round: are latitude and longitude swapped?
    """
    reading = _Reading(opened(data), ROLES, _MEANINGS, (), columns or {})
    return reading.points(towns)


class _Reading(Headed):
    """A list of points being read."""

    def points(self, towns: Towns) -> PointTable:
        self.has_degrees = self.at["latitude"] is not None and self.at["longitude"] is not None
        if not self.has_degrees and self.at["place"] is None:
            every = ", ".join(map(shown, self.table.headings))
            refuse(fault(1, "no-coordinates", columns=every))
        spots, first = list[tuple[float, float]](), dict[str, int]()
        many = 0
        for row in rows(self.table, self.faults):
            many += 1
            code = self.cell(row, "code", may_lack=True)
            if code in first:
                self.wrong(row, "code", "code-again", code=shown(code), first=first[code])
            elif code:
                first[code] = row.line
            spot = self._spot(row, towns)
            if spot is not None:
                spots.append(spot)
        if not many and not self.faults:
            self.faults.append(fault(self.table.line, "table-empty"))
        check(self.faults)
        both = np.array(spots, np.float64)
        return PointTable(Points(both[:, 0], both[:, 1]), self.columns, self.table.notes)

    def _spot(self, row: Row, towns: Towns) -> tuple[float, float] | None:
        if self.has_degrees:
            told = [self.cell(row, role, may_lack=True) for role in ("latitude", "longitude")]
            if any(told) or self.at["place"] is None:
                return self._degrees(row, towns)
        return self._placed(row, towns)

    def _degrees(self, row: Row, towns: Towns) -> tuple[float, float] | None:
        before = len(self.faults)
        north, east = (self._number(row, role) for role in ("latitude", "longitude"))
        if len(self.faults) > before:
            return None
        given = {"latitude": f"{north:g}", "longitude": f"{east:g}"}
        could_swap = abs(east) <= 90 and abs(north) <= 180
        if could_swap and (abs(north) > 90 or self._is_swapped(north, east, towns)):
            self.wrong(row, "latitude", "swapped", **given)
        elif abs(north) > 90:
            self.wrong(row, "latitude", "no-latitude", text=given["latitude"])
        elif abs(east) > 180:
            self.wrong(row, "longitude", "no-longitude", text=given["longitude"])
        elif north == 0 and east == 0:
            self.wrong(row, "latitude", "null-island")
        return north, east

    @staticmethod
    def _is_swapped(north: float, east: float, towns: Towns) -> bool:
        """Whether nothing is known where this is, and something the other way round."""
        return not towns.knows(north, east) and towns.knows(east, north)

    def _number(self, row: Row, role: str) -> float:
        text = self.cell(row, role, may_lack=True)
        if _DEGREES.fullmatch(text):
            return float(text)
        self.wrong(row, role, "no-degrees", text=shown(text))
        return math.nan

    def _placed(self, row: Row, towns: Towns) -> tuple[float, float] | None:
        text = self.cell(row, "place", may_lack=True)
        if not text:
            self.wrong(row, "place", "no-where")
            return None
        found = towns.gazetteer.find(text, state=self.cell(row, "state", may_lack=True))
        states = sorted({place.state for place in found})
        if not found:
            self.wrong(row, "place", "no-such-place", text=shown(text))
        elif len(states) > 1:
            self.wrong(row, "place", "place-unclear", text=shown(text), states=", ".join(states))
        else:
            return found[0].latitude, found[0].longitude
        return None
