"""Two lists of points in the United States: counted by county, by distance, by the nearest.

The finding is that of the counties (`areas`), for people are known there. Beside it stand distances
(participatory budgets drawn anew among towns by their people), the colocation quotient both ways, whose
chance is that labels could have fallen anywhere, and the same question by other cuttings of the map.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from interlock.methods.observatory.areas import Answer
from interlock.methods.observatory.reasons import Reason, reason, taken
from interlock.methods.places.colocation.crossk import Curve, exposure, redrawn
from interlock.methods.places.colocation.irls import Booleans, Floats
from interlock.methods.places.colocation.nearby import chords, on_sphere
from interlock.methods.places.colocation.quotient import colocation_quotient, nearest
from interlock.methods.places.colocation.reasons import ColocationError, refused
from interlock.methods.places.colocation.scales import Scale, hexagons, panel
from interlock.methods.places.colocation.table import Areas, areas
from interlock.methods.places.gazetteer import Gazetteer, Place

# A point farther from every town and ZIP code is in no county.
FARTHEST_KM = 50.0
RADII_KM = (5.0, 10.0, 20.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0)
HEXAGONS_KM = (100.0, 200.0)


@dataclass(frozen=True, eq=False)
class Points:
    """Points in degrees."""

    latitude: Floats
    longitude: Floats

    def __len__(self) -> int:
        return len(self.latitude)

    def chosen(self, rows: Booleans) -> Points:
        return Points(self.latitude[rows], self.longitude[rows])


class Towns:
    """The places of a gazetteer on the globe, for what is nearest."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.counties = tuple(gazetteer.each("county"))
        self._number = {place.fips: at for at, place in enumerate(self.counties)}

    def county(self, points: Points) -> NDArray[np.int64]:
        """The number of the county each point is in, by the nearest town or ZIP code; -1 for none."""
        if not len(points):
            return np.zeros(0, np.int64)
        places, tree = self._known
        spots = on_sphere(points.latitude, points.longitude)
        far, near = tree.query(spots)
        found = [self._number.get(places[at].fips, -1) for at in near.tolist()]
        reach = float(chords(np.array([FARTHEST_KM]))[0])
        return np.where(far <= reach, found, -1).astype(np.int64)

    def knows(self, latitude: float, longitude: float) -> bool:
        """Whether any town or ZIP code is near."""
        spot = on_sphere(np.array([latitude]), np.array([longitude]))
        reach = float(chords(np.array([FARTHEST_KM]))[0])
        return bool(self._known[1].query(spot)[0][0] <= reach)

    @cached_property
    def candidates(self) -> tuple[Place, ...]:
        """Towns with people, each person once: no city that holds more than its county's people."""
        people = {place.fips: place.population for place in self.counties}
        return tuple(
            place
            for place in self.gazetteer.each("place")
            if 0 < place.population <= people.get(place.fips, 0)
        )

    @cached_property
    def _known(self) -> tuple[tuple[Place, ...], Any]:
        places = (*self.gazetteer.each("place"), *self.gazetteer.each("zip"))
        return places, cKDTree(_spots(places))


def _columns(places: tuple[Place, ...]) -> tuple[Floats, Floats]:
    return (
        np.array([place.latitude for place in places]),
        np.array([place.longitude for place in places]),
    )


def _spots(places: tuple[Place, ...]) -> Floats:
    return on_sphere(*_columns(places))


@dataclass(frozen=True, eq=False)
class Counted:
    """Two lists counted by county: `pb` and `coops` are the points that lie in one."""

    areas: Areas
    names: tuple[str, ...]
    pb: Points
    coops: Points
    notes: tuple[Reason, ...]


def counted(pb: Points, coops: Points, towns: Towns) -> Counted:
    """Count co-ops by county, and mark those with participatory budgeting."""
    inside = [towns.county(points) for points in (pb, coops)]
    many = len(towns.counties)
    marked, counts = (np.bincount(one[one >= 0], minlength=many) for one in inside)
    found = areas(
        [place.fips for place in towns.counties],
        [place.population for place in towns.counties],
        marked > 0,
        counts,
        regions=[place.state for place in towns.counties],
        unit="county",
        vintage=str(towns.gazetteer.vintage),
    )
    notes = [reason("county-by-town", km=int(FARTHEST_KM))]
    out = [int((one < 0).sum()) for one in inside]
    if any(out):
        notes.insert(0, reason("abroad", pb=out[0], coops=out[1]))
    return Counted(
        found,
        tuple(f"{place.name}, {place.state}" for place in towns.counties),
        pb.chosen(inside[0] >= 0),
        coops.chosen(inside[1] >= 0),
        tuple(notes),
    )


@dataclass(frozen=True, eq=False)
class Near:
    """Points beside points: the curve of pairs by distance or why there is none, quotients, scales."""

    curve: Curve | None
    reason: Reason | None
    answers: tuple[Answer, ...]
    scales: tuple[Scale, ...]
    candidates: int


def near(
    found: Counted,
    towns: Towns,
    *,
    resamples: int,
    seed: int = 0,
    executor: Executor | None = None,
) -> Near:
    """Ask what is asked of points; a question without an answer says why."""
    curve, why = None, None
    drawing: dict[str, Any] = {"resamples": resamples, "seed": seed, "executor": executor}
    try:
        curve = _curve(found, towns, drawing)
    except ColocationError as told:
        why = taken(told.reason)
    pooled = [
        np.concatenate([getattr(found.pb, axis), getattr(found.coops, axis)])
        for axis in ("latitude", "longitude")
    ]
    is_coop = np.arange(len(pooled[0])) >= len(found.pb)
    answers = tuple(
        _quotient(test, pooled, labels, drawing)
        for test, labels in (("quotient-coops", is_coop), ("quotient-pb", ~is_coop))
    )
    return Near(curve, why, answers, _scales(found, towns, drawing), len(towns.candidates))


def _curve(found: Counted, towns: Towns, drawing: dict[str, Any]) -> Curve:
    """Co-ops within reach of participatory budgets, beside budgets drawn among towns by people.

    A budget stands at its nearest town, and a town has one however many are listed there.
    """
    if not len(found.pb) or not len(found.coops):
        raise refused("few-points")
    places = towns.candidates
    here = _columns(places)
    people = np.array([place.population for place in places], np.float64)
    exposed = exposure(
        *here, people, found.coops.latitude, found.coops.longitude, np.array(RADII_KM)
    )
    spots = on_sphere(found.pb.latitude, found.pb.longitude)
    chosen = np.unique(cKDTree(on_sphere(*here)).query(spots)[1])
    return redrawn(exposed, chosen, side="more", **drawing)


def _quotient(test: str, pooled: list[Floats], labels: Booleans, drawing: dict[str, Any]) -> Answer:
    answer = Answer(test, "doubtful")
    if not labels.any() or labels.all():
        return replace(answer, reason=reason("few-points"))
    chance = colocation_quotient(nearest(pooled[0], pooled[1]), labels, **drawing)
    return replace(answer, chance=chance, why=taken(chance.null))


def _scales(found: Counted, towns: Towns, drawing: dict[str, Any]) -> tuple[Scale, ...]:
    """States, hexagons of two sizes, counties."""
    counties, middles = found.areas, _columns(towns.counties)
    states = [counties.region_names[at] for at in counties.regions.tolist()]
    cut = {"state": counties.merged(states, unit="state")}
    for km in reversed(HEXAGONS_KM):
        unit = f"hexagon of {km:.0f} km"
        cut[unit] = counties.merged(hexagons(*middles, km), unit=unit)
    return panel({**cut, "county": counties}, **drawing)
