"""A recruitment table, checked: who recruited whom, in trees that grow from seeds.

Respondents stand in one order of their own, whatever the order of the rows: seeds by their ids,
then wave after wave, the recruits of each respondent together and by their ids. So all numbers,
those drawn at random included, hang on the table's content alone.

Terms: D. D. Heckathorn, "Respondent-Driven Sampling: A New Approach to the Study of Hidden
Populations", Social Problems 44:2 (1997). A seed has wave 0, and a recruit the wave of the
recruiter plus one. A degree is how many of the population a respondent knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from interlock.methods.referral.reasons import Fault, ForestError, Reason, reason

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

MOST_IDS_TOLD = 5


@dataclass(frozen=True)
class Respondent:
    """One row: who recruited whom ("" for a seed), the degree, and the answers ("" for none).

    `degree` is None where it was not given. `wave` (from 0), `when` (any number that grows with
    time) and `coupons` (how many were issued) are checked where they are given. `line` is told in
    faults.
    """

    id: str
    recruiter: str = ""
    degree: float | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    wave: int | None = None
    when: float | None = None
    coupons: int | None = None
    line: int = 0


@dataclass(frozen=True, eq=False)
class Variable:
    """One answer of all respondents: `codes` are places in `levels`, -1 where there is no answer."""

    name: str
    levels: tuple[str, ...]
    codes: Integers

    @classmethod
    def of(cls, name: str, answers: Sequence[str], levels: Sequence[str] | None = None) -> Variable:
        """From the answers, "" for none; levels in the order given, else by number or by letter.

        Raises ValueError for an answer that is not among the levels given.

        >>> agree = Variable.of("agree", ["10", "9", "", "10"])
        >>> agree.levels, agree.codes.tolist()
        (('9', '10'), [1, 0, -1, 1])
        """
        found = set(answers) - {""}
        if levels is None:
            levels = in_order(found)
        elif other := found - set(levels):
            raise ValueError(f'"{min(other)}" is not a level of {name}.')
        place = {level: number for number, level in enumerate(levels)} | {"": -1}
        codes = np.fromiter((place[answer] for answer in answers), np.int64, len(answers))
        return cls(name, tuple(levels), codes)

    @property
    def known(self) -> Booleans:
        """Who answered."""
        known: Booleans = self.codes >= 0
        return known

    def indicators(self) -> Floats:
        """A column a level: 1 for whoever gave that answer, else 0."""
        columns: Floats = (self.codes[:, None] == np.arange(len(self.levels))).astype(np.float64)
        return columns

    @property
    def numbers(self) -> Floats | None:
        """The answers as numbers, NaN for none; None where an answer is no number."""
        read = [_number(level) for level in self.levels]
        values = [value for value in read if value is not None]
        if not values or len(values) < len(read):
            return None
        return np.array([*values, math.nan])[self.codes]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def in_order(levels: Iterable[str]) -> list[str]:
    """Levels by number where all are numbers, else by letter.

    >>> in_order({"10", "9"}), in_order({"10", "9", "none"})
    (['9', '10'], ['10', '9', 'none'])
    """
    listed = sorted(levels)
    numbers = {level: _number(level) for level in listed}
    if any(value is None for value in numbers.values()):
        return listed
    return sorted(listed, key=lambda level: numbers[level] or 0.0)


@dataclass(frozen=True, eq=False)
class Forest:
    """Respondents in the order of waves; arrays have an entry a respondent.

    `recruiters` are places in that order, -1 for seeds. The recruits of respondent i are the places
    from `first[i]` on, `recruits[i]` of them. `waves` and `trees` (the place of the tree's seed)
    count from 0; `degrees` are above 0, and `filled` says where the median stands in for one not
    given. `arrival` lists the places in the order of time where it is known, else of waves and ids.
    `coupons` are the numbers issued, or None where they are not known of all.
    """

    ids: tuple[str, ...]
    recruiters: Integers
    first: Integers
    recruits: Integers
    waves: Integers
    trees: Integers
    degrees: Floats
    filled: Booleans
    arrival: Integers
    coupons: Integers | None
    variables: Mapping[str, Variable]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def seeds(self) -> int:
        """How many seeds there are: the first places."""
        return int((self.recruiters < 0).sum())

    @property
    def depth(self) -> int:
        """The last wave, seeds being wave 0."""
        return int(self.waves[-1])

    @cached_property
    def starts(self) -> Integers:
        """Where each wave begins, and at last the number of respondents."""
        return np.searchsorted(self.waves, np.arange(self.depth + 2))

    @cached_property
    def weights(self) -> Floats:
        """One by the degree: how many respondents like this the sampling left out (RDS-II)."""
        return 1.0 / self.degrees

    def variable(self, name: str) -> Variable:
        """The answers to one question. Raises ValueError for a name the table has not."""
        if name not in self.variables:
            raise ValueError(
                f"There is no variable {name}. There are: {', '.join(self.variables)}."
            )
        return self.variables[name]

    def notes(self) -> tuple[Reason, ...]:
        """What was done to the table, to be told beside every estimate."""
        filled = int(self.filled.sum())
        return (reason("degrees-filled", respondents=filled),) if filled else ()


def planted(respondents: Iterable[Respondent], *, degrees_by: str | None = None) -> Forest:
    """Check a table of respondents, and give the forest they are.

    A degree that is missing or zero becomes the median of those who gave the same answer to
    `degrees_by` (of all, where that is None or nobody did). The maximum, as in R's RDS, would
    almost drop the person. Raises ForestError with everything that is wrong: ids missing or given
    twice, recruiters that have no row, are the respondent, or go round in a circle, degrees below
    zero or no numbers, waves that are others than the recruiters', recruits that come before their
    recruiters or are more than the coupons, and no degree at all.

    >>> forest = planted([Respondent("b", "a", 2), Respondent("a", "", 4), Respondent("c", "a", None)])
    >>> forest.ids, forest.waves.tolist(), forest.degrees.tolist(), forest.filled.sum()
    (('a', 'b', 'c'), [0, 1, 1], [4.0, 2.0, 3.0], np.int64(1))
    >>> planted([Respondent("a", "b", 4, line=2), Respondent("b", "a", 4, line=3)])
    Traceback (most recent call last):
    interlock.methods.referral.reasons.ForestError: line 2: The recruiters go round in a circle: a, b. One of them must be a seed.
    """
    rows = list(respondents)
    if not rows:
        raise ForestError([Fault(0, "", reason("file-empty"))])
    faults = list[Fault]()
    lines = _lines(rows, faults)
    _check_recruiters(rows, lines, faults)
    if faults:
        raise ForestError(faults)
    order, recruiters, waves, trees = _waves(rows, faults)
    rows = [rows[number] for number in order]
    first, recruits = _recruits(recruiters)
    _check_rows(rows, recruiters, waves, recruits, faults)
    names = list(dict.fromkeys(name for row in rows for name in row.answers))
    variables = {
        name: Variable.of(name, [row.answers.get(name, "") for row in rows]) for name in names
    }
    if degrees_by is not None and degrees_by not in variables:
        raise ValueError(f"There is no variable {degrees_by}. There are: {', '.join(names)}.")
    groups = None if degrees_by is None else variables[degrees_by].codes
    degrees, filled = _degrees(rows, groups, faults)
    if faults:
        raise ForestError(faults)
    return Forest(
        tuple(row.id for row in rows),
        recruiters,
        first,
        recruits,
        waves,
        trees,
        degrees,
        filled,
        _arrival(rows, waves),
        _coupons(rows),
        variables,
    )


def _lines(rows: Sequence[Respondent], faults: list[Fault]) -> dict[str, int]:
    """The line of each id."""
    lines = dict[str, int]()
    for row in rows:
        if not row.id:
            faults.append(Fault(row.line, "", reason("no-id")))
        elif row.id in lines:
            faults.append(Fault(row.line, "", reason("id-again", id=row.id, line=lines[row.id])))
        else:
            lines[row.id] = row.line
    return lines


def _check_recruiters(
    rows: Sequence[Respondent], lines: Mapping[str, int], faults: list[Fault]
) -> None:
    for row in rows:
        if row.recruiter and row.recruiter == row.id:
            faults.append(Fault(row.line, "", reason("own-recruiter", id=row.id)))
        elif row.recruiter and row.recruiter not in lines:
            told = reason("unknown-recruiter", recruiter=row.recruiter)
            faults.append(Fault(row.line, "", told))


def _waves(
    rows: Sequence[Respondent], faults: list[Fault]
) -> tuple[list[int], Integers, Integers, Integers]:
    """The order of the forest, and by it the recruiters' places, the waves and the trees."""
    recruits: dict[str, list[int]] = {}
    for number in sorted(range(len(rows)), key=lambda number: rows[number].id):
        recruits.setdefault(rows[number].recruiter, []).append(number)
    order = list(recruits.get("", []))
    recruiters, waves, trees = [-1] * len(order), [0] * len(order), list(range(len(order)))
    at = 0
    while at < len(order):
        found = recruits.get(rows[order[at]].id, [])
        order += found
        recruiters += [at] * len(found)
        waves += [waves[at] + 1] * len(found)
        trees += [trees[at]] * len(found)
        at += 1
    if len(order) < len(rows):
        faults += _circles(rows, set(range(len(rows))).difference(order))
        raise ForestError(faults)
    arrays = (np.array(one, np.int64) for one in (recruiters, waves, trees))
    return order, next(arrays), next(arrays), next(arrays)


def _circles(rows: Sequence[Respondent], lost: set[int]) -> list[Fault]:
    """A fault a circle; whoever only hangs on one is not told of."""
    place = {rows[number].id: number for number in lost}
    faults, seen = list[Fault](), set[int]()
    for start in sorted(lost):
        path = dict[int, None]()
        at = start
        while at not in path and at not in seen:
            path[at] = None
            at = place[rows[at].recruiter]
        if at in path:
            numbers = list(path)
            circle = sorted(numbers[numbers.index(at) :])
            ids = ", ".join(rows[number].id for number in circle[:MOST_IDS_TOLD])
            told = reason("cycle", ids=ids if len(circle) <= MOST_IDS_TOLD else f"{ids} …")
            faults.append(Fault(rows[circle[0]].line, "", told))
        seen.update(path)
    return faults


def _recruits(recruiters: Integers) -> tuple[Integers, Integers]:
    """Where the recruits of each begin, and how many there are: they stand together."""
    recruits = np.bincount(recruiters[recruiters >= 0], minlength=len(recruiters)).astype(np.int64)
    seeds = int((recruiters < 0).sum())
    return seeds + np.cumsum(recruits) - recruits, recruits


def _check_rows(
    rows: Sequence[Respondent],
    recruiters: Integers,
    waves: Integers,
    recruits: Integers,
    faults: list[Fault],
) -> None:
    for number, row in enumerate(rows):
        if row.degree is not None and not (row.degree >= 0 and math.isfinite(row.degree)):
            told = reason("degree-no-number", text=f"{row.degree:g}")
            faults.append(Fault(row.line, "", told))
        if row.wave is not None and row.wave != waves[number]:
            told = reason("wave-differs", wave=row.wave, found=int(waves[number]))
            faults.append(Fault(row.line, "", told))
        recruiter = rows[recruiters[number]] if recruiters[number] >= 0 else row
        began = recruiter.when
        if row.when is not None and began is not None and row.when < began:
            told = reason("before-recruiter", recruiter=recruiter.id)
            faults.append(Fault(row.line, "", told))
        if row.coupons is not None and row.coupons < recruits[number]:
            told = reason("more-than-coupons", recruits=int(recruits[number]), coupons=row.coupons)
            faults.append(Fault(row.line, "", told))


def _degrees(
    rows: Sequence[Respondent], groups: Integers | None, faults: list[Fault]
) -> tuple[Floats, Booleans]:
    degrees = np.array([row.degree or 0.0 for row in rows])
    filled = ~(degrees > 0)
    if filled.all() and not faults:
        faults.append(Fault(0, "", reason("no-degree")))
    if faults or not filled.any():
        return degrees, filled
    given = degrees.copy()
    for place in np.flatnonzero(filled):
        alike = np.zeros(len(rows), np.bool_)
        if groups is not None and groups[place] >= 0:
            alike = (groups == groups[place]) & ~filled
        degrees[place] = np.median(given[alike if alike.any() else ~filled])
    return degrees, filled


def _arrival(rows: Sequence[Respondent], waves: Integers) -> Integers:
    timed = all(row.when is not None for row in rows)
    ids = [row.id for row in rows]

    def turn(place: int) -> tuple[float, int, str]:
        return (rows[place].when or 0.0) if timed else 0.0, int(waves[place]), ids[place]

    return np.array(sorted(range(len(rows)), key=turn), np.int64)


def _coupons(rows: Sequence[Respondent]) -> Integers | None:
    issued = [row.coupons for row in rows if row.coupons is not None]
    return np.array(issued, np.int64) if len(issued) == len(rows) else None
