"""Lists in, the files of an answer out: what `interlock observe` does, and a site for whoever has none.

Either one table of areas (role `areas`, perhaps `neighbours` too), or two lists of points in the United
States (`pb`, `coops`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from interlock.methods.formats import area_tables, point_tables
from interlock.methods.formats.area_tables import AreaTable
from interlock.methods.formats.headed import TableError
from interlock.methods.formats.observations import Beside, Input, files
from interlock.methods.observatory.areas import Observed, observed
from interlock.methods.observatory.points import Counted, Towns, counted, near
from interlock.methods.places.atlas import united_states
from interlock.methods.places.colocation.maps import Neighbours, neighbours
from interlock.methods.places.gazetteer import packaged

_T = TypeVar("_T")

RESAMPLES = 9_999
STRATA = "20"


@dataclass(frozen=True)
class Given:
    """A file: what it is for, what it is called, and its bytes."""

    role: str
    name: str
    data: bytes


@dataclass(frozen=True)
class Question:
    """What is asked: of which files, by which columns (an option of the command line each), how drawn.

    `strata` are of population, for a naive test: how many, or where they end, with commas between.
    """

    given: tuple[Given, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    strata: str = STRATA
    seed: int = 0
    resamples: int = RESAMPLES
    is_synthetic: bool = False

    def command(self) -> list[str]:
        """The command that gives the same again, without the folders of any machine."""
        told = ["interlock", "observe"]
        for one in self.given:
            told += [f"--{one.role}", one.name]
        told += ["--out", "FOLDER"]
        for name, heading in self.columns.items():
            told += [f"--{name}", heading]
        for name in ("strata", "seed", "resamples"):
            told += [f"--{name}", str(getattr(self, name))]
        return [*told, *(["--synthetic"] if self.is_synthetic else [])]


class GivenError(ValueError):
    """A file that cannot be taken: `given` is the file, `error` has its faults."""

    def __init__(self, given: Given, error: TableError) -> None:
        self.given = given
        self.error = error
        super().__init__(str(error))


@dataclass(frozen=True, eq=False)
class Taken:
    """A question whose files were read: its areas, and the points that they were counted from."""

    question: Question
    table: AreaTable
    around: Neighbours | None = None
    counted: Counted | None = None
    towns: Towns | None = None


@dataclass(frozen=True, eq=False)
class Answered:
    """What was found, and its files by their paths."""

    found: Observed
    beside: Beside | None
    files: Mapping[str, bytes]


def take(question: Question) -> Taken:
    """Read the files. Raises GivenError for one that cannot be taken."""
    by_role = {one.role: one for one in question.given}
    if "areas" in by_role:
        table = _read(
            by_role["areas"], lambda data: area_tables.read(data, _of(question, area_tables.ROLES))
        )
        around = None
        if "neighbours" in by_role:
            around = _read(
                by_role["neighbours"],
                lambda data: area_tables.read_neighbours(data, table.areas.codes),
            )
        return Taken(question, table, around)
    towns = Towns(packaged())
    named = _of(question, point_tables.ROLES)
    pb, coops = (
        _read(by_role[role], lambda data: point_tables.read(data, towns, named))
        for role in ("pb", "coops")
    )
    found = counted(pb.points, coops.points, towns)
    columns = {
        f"{name} {role}": heading
        for name, one in (("pb", pb), ("coops", coops))
        for role, heading in one.columns.items()
    }
    table = AreaTable(found.areas, found.names, None, columns, (*pb.notes, *coops.notes))
    return Taken(question, table, _bordering(found.areas.codes), found, towns)


def _bordering(codes: Sequence[str]) -> Neighbours:
    """Which counties of the United States share a border; of codes the atlas does not know, none."""
    place = {code: at for at, code in enumerate(codes)}
    pairs = [
        (place[one], place[other])
        for one, other in united_states().borders()
        if one in place and other in place
    ]
    return neighbours(np.array(pairs, np.int64).reshape(-1, 2), len(codes))


def _read(given: Given, read: Callable[[bytes], _T]) -> _T:
    try:
        return read(given.data)
    except TableError as error:
        raise GivenError(given, error) from error


def _of(question: Question, roles: Sequence[str]) -> dict[str, str]:
    return {role: question.columns[role] for role in roles if role in question.columns}


def answer(
    taken: Taken,
    *,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
) -> Answered:
    """Ask every test. The answer is the same whoever draws; `progress` is told each test that begins.

    Raises ValueError, in a sentence, for strata, a seed or resamples out of range.
    """
    question, table = taken.question, taken.table
    found = observed(
        table.areas,
        is_yes_no=None if taken.counted is None else False,
        control=table.control,
        around=taken.around,
        strata=_strata(question.strata, table),
        resamples=question.resamples,
        seed=question.seed,
        executor=executor,
        progress=progress,
    )
    beside = None
    if taken.counted is not None and taken.towns is not None:
        drawing = {"resamples": question.resamples, "seed": question.seed}
        close = near(taken.counted, taken.towns, executor=executor, **drawing)
        found = replace(found, answers=(*found.answers, *close.answers))
        beside = Beside(taken.counted, close)
    inputs = [Input.of(one.role, one.name, one.data) for one in question.given]
    made = files(
        found, table, inputs, question.command(), beside, is_synthetic=question.is_synthetic
    )
    return Answered(found, beside, made)


def _strata(text: str, table: AreaTable) -> int | list[int]:
    """So many strata, or each area's by where they end."""
    parts = text.replace(" ", "").split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 12 for part in parts):
        raise ValueError("--strata is a number, or numbers of people with commas between.")
    ends = [int(part) for part in parts]
    if len(ends) > 1:
        if sorted(set(ends)) != ends:
            raise ValueError("--strata end one after the other: give them from low to high.")
        return [sum(end <= people for end in ends) for people in table.areas.population.tolist()]
    if not ends[0]:
        raise ValueError("Strata are 1 or more.")
    return min(ends[0], len(table.areas))
