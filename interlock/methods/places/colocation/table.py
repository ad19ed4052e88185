"""Areas: how many people each has, whether it is marked, and how much of something was counted there.

Marked is, say, a county with participatory budgeting; counted are its worker co-ops. Everything that
is asked of areas takes this one value, so that one question can be put to counties, metros and
states alike. Codes mean something only with the boundaries they were drawn in: `vintage` goes along
(the counties of Connecticut before 2022 are not its planning regions after).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlock.methods.places.colocation.irls import Booleans, Floats, Integers
from interlock.methods.places.colocation.reasons import refused


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas in the order given: one value an area in each array.

    `population` are people, 1 or more; `counts` whole numbers from 0; `regions` numbers from 0 (the
    state an area lies in); `covariates` are further columns of a model. Made by `areas`.
    """

    codes: tuple[str, ...]
    population: Integers
    marked: Booleans
    counts: Integers
    regions: Integers
    region_names: tuple[str, ...] = ("",)
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    unit: str = "area"
    vintage: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def people(self) -> int:
        return int(self.population.sum())

    @property
    def events(self) -> int:
        """How much was counted in all areas together."""
        return int(self.counts.sum())

    @property
    def expected(self) -> Floats:
        """What each area would count if the whole were spread by people."""
        return self.events * self.population / self.people

    def counting(self, counts: NDArray[Any]) -> Areas:
        """The same areas with something else counted in them."""
        return replace(self, counts=_whole("counts", counts, self.codes))

    def without(self, place: int) -> Areas:
        """All areas but one."""
        return self._chosen(np.arange(len(self)) != place)

    def _chosen(self, rows: Booleans) -> Areas:
        return replace(
            self,
            codes=tuple(code for code, kept in zip(self.codes, rows, strict=True) if kept),
            population=self.population[rows],
            marked=self.marked[rows],
            counts=self.counts[rows],
            regions=self.regions[rows],
            covariates={name: column[rows] for name, column in self.covariates.items()},
        )

    def merged(self, into: Sequence[str], *, unit: str, vintage: str | None = None) -> Areas:
        """The areas put together by the code that each goes into; an empty code leaves one out.

        People and counts add up, a merged area is marked where any of its parts is, and lies in the
        region of its most populous part. Covariates are means weighted by people.

        >>> parts = areas(["a", "b", "c"], [5, 1, 4], [0, 1, 0], [1, 1, 0])
        >>> whole = parts.merged(["x", "x", "y"], unit="metro")
        >>> whole.codes, whole.population.tolist(), whole.marked.tolist(), whole.counts.tolist()
        (('x', 'y'), [6, 4], [True, False], [2, 0])
        """
        if len(into) != len(self):
            raise refused("wrong-length", column="into")
        rows = np.array([bool(code) for code in into], np.bool_)
        if not rows.any():
            raise refused("no-areas")
        part = self._chosen(rows)
        names, place = np.unique([code for code in into if code], return_inverse=True)
        people = np.bincount(place, part.population)
        largest = np.lexsort((-part.population, place))
        first = largest[np.searchsorted(place[largest], np.arange(len(names)))]
        return replace(
            part,
            codes=tuple(str(name) for name in names),
            population=people.astype(np.int64),
            marked=np.bincount(place, part.marked) > 0,
            counts=np.bincount(place, part.counts).astype(np.int64),
            regions=part.regions[first],
            covariates={
                name: np.bincount(place, column * part.population) / people
                for name, column in part.covariates.items()
            },
            unit=unit,
            vintage=self.vintage if vintage is None else vintage,
        )


def areas(
    codes: Sequence[str],
    population: Sequence[int] | NDArray[Any],
    marked: Sequence[int] | NDArray[Any],
    counts: Sequence[int] | NDArray[Any],
    *,
    regions: Sequence[str] | None = None,
    covariates: Mapping[str, NDArray[Any]] | None = None,
    unit: str = "area",
    vintage: str = "",
) -> Areas:
    """Areas of columns, checked: codes once each, people 1 or more, counts whole numbers from 0.

    Raises ColocationError with the column or the code that is wrong.

    >>> found = areas(["01001", "01003"], [55_869, 223_234], [0, 1], [0, 2], regions=["AL", "AL"])
    >>> found.people, found.events, [round(one, 2) for one in found.expected.tolist()]
    (279103, 2, [0.4, 1.6])
    """
    named = tuple(str(code) for code in codes)
    if not named:
        raise refused("no-areas")
    seen = set[str]()
    for code in named:
        if code in seen:
            raise refused("code-again", code=code)
        seen.add(code)
    people = _whole("population", np.asarray(population), named)
    if (people == 0).any():
        raise refused("no-people", code=named[int(np.argmin(people))])
    if len(marked) != len(named):
        raise refused("wrong-length", column="marked")
    if regions is not None and len(regions) != len(named):
        raise refused("wrong-length", column="regions")
    names, places = np.unique(
        [""] * len(named) if regions is None else regions, return_inverse=True
    )
    return Areas(
        named,
        people,
        np.asarray(marked).astype(np.bool_),
        _whole("counts", np.asarray(counts), named),
        places.astype(np.int64),
        tuple(str(name) for name in names),
        {name: _numbers(name, column, named) for name, column in (covariates or {}).items()},
        unit,
        vintage,
    )


def _numbers(name: str, column: NDArray[Any], codes: tuple[str, ...]) -> Floats:
    found = np.asarray(column, np.float64)
    if found.shape != (len(codes),):
        raise refused("wrong-length", column=name)
    if not np.isfinite(found).all():
        raise refused("not-numbers", column=name)
    return found


def _whole(name: str, column: NDArray[Any], codes: tuple[str, ...]) -> Integers:
    found = _numbers(name, column, codes)
    if (found != np.floor(found)).any():
        raise refused("not-numbers", column=name)
    if (found < 0).any():
        raise refused("below-zero", column=name, code=codes[int(np.argmin(found))])
    return found.astype(np.int64)


def check_two_sides(found: Areas) -> None:
    """Refuse areas none or all of which are marked, or in which nothing was counted."""
    if not found.marked.any():
        raise refused("none-marked")
    if found.marked.all():
        raise refused("all-marked")
    if not found.events:
        raise refused("no-events")
